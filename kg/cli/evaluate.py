"""`kg evaluate`: how good the extraction is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from kg import pipeline
from kg.cli.build import reading_options
from kg.cli.console import lines, say, table, warn, watched, write_json
from kg.cli.options import Command
from kg.export.records import record
from kg.learn.annotated import read
from kg.learn.evaluate import paired, score
from kg.learn.mistakes import mistakes
from kg.learn.mistakes_page import html
from kg.learn.scores import MEASURES
from kg.model import Declared, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.learn.evaluate import Pair
    from kg.learn.scores import Agreement, Score, Scores
    from kg.model import Paper

__all__ = ["evaluate"]


@click.command(cls=Command)
@click.argument("gold", type=click.Path(path_type=Path))
@click.option(
    "--predicted",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Score these records, as kg extract prints them, and not what is extracted now.",
)
@click.option(
    "--mentions",
    type=click.Choice(["model", "gold"]),
    default="model",
    show_default=True,
    help="Whose mentions the entities, claims and results are made of: gold scores what comes after them alone.",
)
@reading_options
@click.option(
    "--errors",
    metavar="FILE.html",
    type=click.Path(path_type=Path),
    help="Write a page that lists each miss and false alarm with its sentence.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(
    *,
    gold: Path,
    predicted: Path | None,
    mentions: Literal["model", "gold"],
    errors: Path | None,
    as_json: bool,
    model: str,
    jobs: int,
) -> None:
    r"""Score the extraction against annotated papers.

    GOLD has one JSON object a line: title, abstract, mentions, entities, results. Its titles and
    abstracts are read by the extraction, without what a page declares beside them (score that with
    --predicted); what the annotators call optional counts neither way.

    \b
    Example:
      kg evaluate gold.jsonl
      kg evaluate gold.jsonl --mentions gold
      kg evaluate gold.jsonl --errors errors.html
      kg extract papers.txt > predicted.jsonl && kg evaluate gold.jsonl --predicted predicted.jsonl
    """
    if predicted and mentions == "gold":
        raise click.UsageError("--predicted is scored as it is: leave out --mentions.")
    pairs = paired(gold, read(predicted) if predicted else _extracted(gold, model, jobs, mentions))
    scores = score(pairs)
    if errors:
        _write_page(errors, gold, pairs)
    if as_json:
        write_json(scores.as_dict())
        return
    lines(f"{scores.found} of {scores.papers} papers found", "")
    rows = [row for measure in MEASURES for row in _rows(measure, scores)]
    table(("measure", "of", "precision", "recall", "F1", "gold", "predicted"), rows, numbers=range(2, 7))


def _extracted(gold: Path, model: str, jobs: int, mentions: Literal["model", "gold"]) -> Iterator[dict[str, Any]]:
    papers = watched(_papers(gold, "annotated" if mentions == "gold" else "jsonl"), "extracting")
    for reading in pipeline.extract(papers, model=model, jobs=jobs, mentions=mentions):
        yield record(reading)


def _papers(gold: Path, form: str) -> Iterator[Paper]:
    for item in pipeline.papers([gold], format=form):
        if isinstance(item, Rejected):
            warn(f"{item.source}:{item.line}: {item.reason}")
        else:
            yield replace(item, declared=Declared()) if item.annotation else item


def _write_page(page: Path, gold: Path, pairs: Sequence[Pair]) -> None:
    found = list(mistakes(pairs))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(html(found, name=gold.name, papers=len(pairs)), "utf-8", newline="\n")
    say(f"{len(found)} mistakes listed in {page}")


def _rows(measure: str, scores: Scores) -> Iterator[tuple[str, ...]]:
    groups: dict[str, Score | Agreement] = getattr(scores, measure)
    for group in sorted(groups, key=lambda group: (group == "all", group)):
        found = groups[group]
        shares = (f"{share:.2f}" for share in (found.precision, found.recall, found.f1))
        yield measure, group, *shares, str(found.gold), str(found.predicted)
