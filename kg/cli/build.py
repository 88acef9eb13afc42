"""`kg build` and `kg extract`: from files of papers to a graph, or to records."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

import click

from kg import pipeline, sources
from kg.asserted import LEAST
from kg.cli.console import complain, progress, say, warn, watched, write_json
from kg.cli.options import SOURCES, Command, files, pairs
from kg.engine.work import Engine
from kg.export.records import record
from kg.extract import DEFAULT, MODELS
from kg.model import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.engine.watch import Summary
    from kg.model import Paper

__all__ = ["build", "extract"]

_Command = TypeVar("_Command", bound="Callable[..., Any]")
_SHOWN: Final = 20


def source_options(command: _Command, *, required: bool = True) -> _Command:
    """Add the files to read, and how to read them."""
    for option in (
        click.option(
            "--map",
            "columns",
            metavar="NAME=COLUMN",
            callback=pairs,
            help="Where the columns of a CSV or JSON Lines file have other names: title=Title,abstract=Summary.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(["auto", *sources.FORMATS]),
            default="auto",
            show_default=True,
            help="What the files are; auto looks into each.",
        ),
        click.argument("paths", metavar="SOURCE...", nargs=-1, required=required, type=SOURCES),
    ):
        command = option(command)
    return command


def reading_options(command: _Command) -> _Command:
    """Add how the texts are read."""
    for option in (
        click.option(
            "--jobs",
            type=click.IntRange(min=1),
            default=os.cpu_count() or 1,
            help="How many processes read many papers at once; all processors unless set.",
        ),
        click.option(
            "--model",
            type=click.Choice(MODELS),
            default=DEFAULT,
            show_default=True,
            help="What finds the names: the accurate model is slower, and needs the extra of that name.",
        ),
    ):
        command = option(command)
    return command


@click.command(cls=Command)
@partial(source_options, required=False)
@reading_options
@click.option(
    "--engine",
    type=click.Choice(get_args(Engine)),
    default="local",
    show_default=True,
    help="Who reads the papers: processes of this machine, or the workers of a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The cluster of this Dask scheduler, such as tcp://HOST:8786; without it --jobs workers on this machine.",
)
@click.option(
    "--graph", required=True, metavar="GRAPH", shell_complete=files, help="The directory or RDF file to write."
)
@click.option("--fresh", is_flag=True, help="Forget what the graph held before.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=LEAST,
    show_default=True,
    help="Assert a plain triple from this confidence on; less certain claims are kept as claims.",
)
@click.option(
    "--corrections",
    metavar="FILE",
    type=SOURCES,
    help="Apply the corrections of this file too, as kg fix writes them; a directory keeps a copy.",
)
@click.option(
    "--remove",
    metavar="SOURCE",
    multiple=True,
    type=SOURCES,
    help="Take a file out that was read before, with all that only it said: its name, or its digest in kg stats.",
)
@click.pass_context
def build(
    context: click.Context,
    *,
    paths: Sequence[Path],
    form: str,
    columns: Mapping[str, str],
    graph: str,
    fresh: bool,
    min_confidence: float,
    model: str,
    jobs: int,
    engine: Engine,
    scheduler: str | None,
    corrections: Path | None,
    remove: Sequence[Path],
) -> None:
    r"""Read papers and write their knowledge graph.

    A SOURCE is a file, packed (gzip, bzip2, xz, zstd) or not, a directory, whose files are all read, or a pattern in
    quotes. Records that cannot be read are reported with file and line; all others are kept. A graph knows a file by
    what is in it: the same file again changes nothing, and a changed one is another file until --remove takes the old
    one out. Without a SOURCE a directory is built anew from the papers that it keeps, with the corrections that kg fix
    wrote since.

    \b
    Example:
      kg build examples/paper-group-nanr-96.txt --graph nanr.kg
      kg build papers.csv --map title=Title,abstract=Summary --graph papers.ttl
      kg build anthology/xml "dumps/*.jsonl.gz" --graph all.kg
      kg build --graph nanr.kg
      kg build new.jsonl --remove old.jsonl --graph papers.kg
      kg build papers.jsonl --graph all.kg --engine dask --scheduler tcp://10.0.0.1:8786
    """
    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler is the address of a Dask scheduler: add --engine dask")
    files = _files(paths)
    with progress() as watch:
        summary = pipeline.build(
            files,
            graph,
            format=form,
            columns=columns or None,
            fresh=fresh,
            min_confidence=min_confidence,
            model=model,
            jobs=jobs,
            engine=engine,
            scheduler=scheduler,
            corrections=corrections,
            remove=remove,
            watch=watch,
        )
    for unused in summary.idle:
        warn(f"{unused.where}: there was nothing to {unused.action}: {unused.name}")
    failed = _tell_of(summary.rejects)
    if summary.accepted:
        say(f"{'nothing new: ' if summary.unchanged else ''}{_told(summary, graph)}")
    if failed or _none(summary.accepted, summary.rejects):
        context.exit(1)


@click.command(cls=Command)
@source_options
@reading_options
@click.pass_context
def extract(
    context: click.Context, *, paths: Sequence[Path], form: str, columns: Mapping[str, str], model: str, jobs: int
) -> None:
    r"""Read papers and print what they say, as JSON Lines.

    One object a paper: its metadata, mentions with offsets, claims and results with their sentences.

    \b
    Example:
      kg extract examples/paper-group-nanr-96.txt > papers.jsonl
    """
    rejects: list[Rejected] = []
    accepted = 0
    found = pipeline.papers(_files(paths), format=form, columns=columns or None)
    papers = _accepted(watched(found, "reading papers", beside_data=True), rejects)
    for reading in pipeline.extract(papers, model=model, jobs=jobs):
        accepted += 1
        write_json(record(reading))
    failed = _tell_of(rejects)
    if accepted:
        say(f"{_count(accepted, 'paper')} read, {len(rejects)} rejected")
    if failed or _none(accepted, rejects):
        context.exit(1)


def _files(names: Sequence[Path]) -> Sequence[Path]:
    """Give the files that the names stand for; says which files in directories are passed over."""
    found = sources.expand(names)
    if found.skipped:
        shown = ", ".join(map(str, found.skipped[:_SHOWN]))
        more = f" and {len(found.skipped) - _SHOWN} more" if len(found.skipped) > _SHOWN else ""
        say(f"{_count(len(found.skipped), 'file')} passed over, hidden or about the others: {shown}{more}")
    return found.paths


def _accepted(found: Iterable[Paper | Rejected], rejects: list[Rejected]) -> Iterator[Paper]:
    """Yield the papers, and put what is none aside."""
    for item in found:
        if isinstance(item, Rejected):
            rejects.append(item)
        else:
            yield item


def _tell_of(rejects: Sequence[Rejected]) -> bool:
    """Name what could not be read; tells whether a whole file was among it."""
    files = [reject for reject in rejects if not reject.line]
    records = [reject for reject in rejects if reject.line]
    for reject in files:
        complain(f"{reject.source}: {reject.reason}")
    for reject in records[:_SHOWN]:
        warn(f"{reject.source}:{reject.line}: {reject.reason}")
    if len(records) > _SHOWN:
        warn(f"and {len(records) - _SHOWN} more")
    return bool(files)


def _none(accepted: int, rejects: Sequence[Rejected]) -> bool:
    """Say so if there was nothing but records that are no papers."""
    if accepted:
        return False
    complain(f"none of {_count(len(rejects), 'record')} could be read as a paper")
    return True


def _told(summary: Summary, graph: str) -> str:
    papers = (
        f"{_count(summary.read, 'paper')} read, {summary.accepted} accepted, "
        f"{summary.merged} merged, {summary.rejected} rejected"
    )
    found = (
        _count(summary.mentions, "mention"),
        _count(summary.claims, "claim"),
        _count(summary.results, "result"),
        _count(summary.entities, "entity", "entities"),
        _count(summary.triples, "triple"),
    )
    return f"{papers}; {', '.join(found)} in {graph}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"
