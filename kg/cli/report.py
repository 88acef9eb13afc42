"""`kg report`: what a graph says, counted."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli.board import board_lines
from kg.cli.console import WIDTH, lines, raw, say, table, waiting, warn
from kg.cli.options import KIND, Form, Group, graph_argument, kind_of
from kg.cli.report_options import SIDE, filters, said
from kg.report import CORRECTIONS, FORMATS, MEASURES, PICTURES, SHEET_FORMATS, as_strings, draw_heat, draw_lines, footer
from kg.report import compare as put_beside
from kg.report import cooccurrence as count
from kg.report import coverage as find_gaps
from kg.report import leaderboard as list_numbers
from kg.report import novelty as find_new
from kg.report import table as as_table
from kg.report import trends as count_years

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.report import PaperRef, Report, Sheet

__all__ = ["report"]

_OUTPUTS: Final = ("table", *(name for name in FORMATS if name != "text"), *PICTURES)
_SHEETS: Final = ("table", *SHEET_FORMATS)
_SHOWN: Final = 50
_LISTED: Final = 12
_BAR: Final = 8
#: What a narrow terminal does without, the first one first.
_SPARE: Final = ("G²", "Expected", "", "NPMI")
# What a page or a picture can hold; data hold all.
_SHOWN_BY: Final = {"table": _SHOWN, "markdown": _SHOWN, "latex": _SHOWN, "html": 500} | dict.fromkeys(PICTURES, 500)


@click.group(cls=Group)
def report() -> None:
    r"""Count what a graph says, with the papers behind each number.

    \b
    Example:
      kg report cooccurrence papers.kg --rows dataset --columns method
    """


@report.command()
@graph_argument
@click.option("--rows", type=SIDE, default="dataset", show_default=True, help="The kind of the one thing.")
@click.option("--columns", type=SIDE, default="method", show_default=True, help="The kind of the other.")
@click.option(
    "--predicate", "predicates", metavar="KIND=PREDICATE,...", multiple=True, callback=said,
    help="Count a kind only where the paper says this of it, such as dataset=evaluatesOn.",
)  # fmt: skip
@filters
@click.option(
    "--universe", type=click.Choice(["both", "all"]), default="both", show_default=True,
    help="N: the papers that name both kinds, or all.",
)  # fmt: skip
@click.option("--top", type=click.IntRange(min=1), help="Keep that many: 50 in a table, 500 in a page, all in data.")
@click.option("--min-papers", type=click.IntRange(min=1), default=1, show_default=True, help="Leave out rarer pairs.")
@click.option("--around", metavar="NAME", help="Only the pairs of one entity.")
@click.option("--sort", type=click.Choice(MEASURES), default="papers", show_default=True, help="The order of pairs.")
@click.option(
    "--min-margin", type=click.IntRange(min=1), default=5, show_default=True,
    help="Test the pairs whose two things are each in that many papers.",
)  # fmt: skip
@click.option(
    "--correction", type=click.Choice(CORRECTIONS), default=CORRECTIONS[0], show_default=True,
    help="How q is made of p over all pairs that are tested.",
)  # fmt: skip
@click.option("--within", metavar="year,venue", default="", help="Compare within years, venues or both as well.")
@click.option(
    "--papers", is_flag=True, help="List all papers behind each pair, with their sentences; a page lists the newest 12."
)
@click.option("-o", "--output", type=Form(_OUTPUTS), default="table", show_default=True)
def cooccurrence(
    *, graph: str, rows: str, columns: str, top: int | None, within: str, papers: bool, output: str, **options: Any
) -> None:
    r"""Count the papers that name things of two kinds together.

    JSON holds all papers of every pair with their sentences anyway, and the other data all papers.

    \b
    Example:
      kg report cooccurrence papers.kg --rows dataset --columns method --papers
      kg report cooccurrence papers.kg --predicate dataset=evaluatesOn --predicate method=proposes,uses --sort q
      kg report cooccurrence papers.kg --rows task --columns metric --within year --output html > page.html
    """
    with waiting("counting"):
        found = count(
            graph,
            rows=kind_of(rows),
            columns=kind_of(columns),
            top=top or _SHOWN_BY.get(output),
            within=tuple(filter(None, within.split(","))),
            quotes=output in {"html", "json"} or (papers and output == "table"),
            listed=_LISTED if output == "html" and not papers else None,
            **options,
        )
        made = _made(found, output)
    if found.meta.emptied:
        warn(f"nothing is left: {found.meta.emptied}")
    if made is not None:
        raw(made)
        say(footer(found))
        return
    _table(found)
    if papers:
        lines("", *_behind(found))
    lines("", footer(found))


@report.command()
@graph_argument
@click.argument("names", nargs=-1)
@click.option("--kind", type=KIND, help="The kind that is counted, or that the names are of.")
@filters
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Without names: that many.")
@click.option("-o", "--output", type=Form([*_SHEETS, *PICTURES]), default="table", show_default=True)
def trends(*, graph: str, names: Sequence[str], kind: str | None, output: str, **options: Any) -> None:
    r"""Count papers by year: of each name, or of the commonest of a kind.

    \b
    Example:
      kg report trends papers.kg CIFAR-10 ImageNet
      kg report trends papers.kg --kind method --top 6 --output svg > methods.svg
    """
    _sheet(count_years(graph, names=names, kind=kind_of(kind) if kind else None, **options), output)


@report.command()
@graph_argument
@click.option("--kind", type=KIND, default="method", show_default=True, help="What may be new.")
@filters
@click.option("--top", type=click.IntRange(min=1), default=50, show_default=True, help="Keep the most taken up.")
@click.option("--summary", is_flag=True, help="Count what is new by year, instead of listing it.")
@click.option("-o", "--output", type=Form([*_SHEETS, *PICTURES]), default="table", show_default=True)
def novelty(*, graph: str, kind: str, output: str, **options: Any) -> None:
    r"""List what papers introduced, and how it was taken up.

    \b
    Example:
      kg report novelty papers.kg --kind dataset --years 2018:
      kg report novelty papers.kg --kind method --summary
    """
    _sheet(find_new(graph, kind=kind_of(kind), **options), output)


@report.command()
@graph_argument
@click.argument("dataset")
@click.option("--metric", metavar="NAME", help="Only numbers of this metric.")
@filters
@click.option("--top", type=click.IntRange(min=1), default=100, show_default=True, help="Keep the best, by metric.")
@click.option("-o", "--output", type=Form(_SHEETS), default="table", show_default=True)
def leaderboard(*, graph: str, dataset: str, output: str, **options: Any) -> None:
    r"""List the numbers that papers report on a dataset.

    It is a leaderboard only where the graph holds rows of tables that a source declares, which are marked. Conditions
    of numbers from abstracts differ, so they are no ranking.

    \b
    Example:
      kg report leaderboard papers.kg CIFAR-10
      kg report leaderboard papers.kg ImageNet --metric accuracy --output csv
    """
    found = list_numbers(graph, dataset, **options)
    width = shutil.get_terminal_size(WIDTH).columns
    if output == "table" and found.rows:
        lines(*board_lines(found, width), "", found.footer)
    else:
        _sheet(found, output)


@report.command()
@graph_argument
@click.argument("a")
@click.argument("b")
@click.option("--kind", type=KIND, help="The kind of the two, where a name is of several.")
@filters
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="Neighbours to show.")
@click.option("-o", "--output", type=Form([*_SHEETS, *PICTURES]), default="table", show_default=True)
def compare(*, graph: str, a: str, b: str, kind: str | None, output: str, **options: Any) -> None:
    r"""Put two entities side by side: papers, years, neighbours.

    \b
    Example:
      kg report compare papers.kg CIFAR-10 ImageNet
    """
    _sheet(put_beside(graph, a, b, kind=kind_of(kind) if kind else None, **options), output)


@report.command()
@graph_argument
@click.option(
    "--what", type=click.Choice(["tasks", "datasets", "venues"]), default="tasks", show_default=True,
    help="Tasks without a dataset, datasets of one paper, or kinds by venue.",
)  # fmt: skip
@filters
@click.option("--top", type=click.IntRange(min=1), default=50, show_default=True, help="Keep that many.")
@click.option("-o", "--output", type=Form(_SHEETS), default="table", show_default=True)
def coverage(*, graph: str, output: str, **options: Any) -> None:
    r"""Find what the graph knows little of.

    \b
    Example:
      kg report coverage papers.kg --what tasks
      kg report coverage papers.kg --what venues --output csv
    """
    _sheet(find_gaps(graph, **options), output)


def _made(found: Report, output: str) -> bytes | None:
    if output == "table":
        return None
    if output in PICTURES:
        return draw_heat(found, output)
    return FORMATS[output](found).encode("utf-8", "backslashreplace")


def _sheet(found: Sheet, output: str) -> None:
    if output in PICTURES:
        raw(draw_lines(found, output))
        say(found.footer)
    elif output != "table":
        raw(SHEET_FORMATS[output](found).encode("utf-8", "backslashreplace"))
        say(found.footer)
    else:
        header, rows = as_strings(found)
        table(header, rows, numbers=[at for at, column in enumerate(found.columns) if column.number])
        lines("", found.footer)


def _table(found: Report) -> None:
    header, rows = as_table(found)
    header, rows = header[:-1], [row[:-1] for row in rows]
    numbers = list(range(2, len(header)))
    if found.meta.tested:
        most = max((pair.count for pair in found.pairs), default=1)
        header = (*header[:3], "", *header[3:])
        rows = [(*row[:3], _bar(pair.count / most), *row[3:]) for row, pair in zip(rows, found.pairs, strict=True)]
        numbers = [2, *range(4, len(header))]
    spare = [header.index(name) for name in _SPARE if name in header]
    table(header, rows, numbers=numbers, spare=spare)


def _bar(share: float) -> str:
    """Draw a bar of up to eight blocks.

    >>> _bar(1.0), _bar(0.3)
    ('████████', '██▍')
    """
    eighths = max(round(share * _BAR * 8), 1)
    return "█" * (eighths // 8) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[eighths % 8]


def _behind(found: Report) -> Iterator[str]:
    for pair in found.pairs:
        yield f"{pair.a} + {pair.b}"
        for paper in pair.papers:
            yield f"  {_cited(paper)}"
            yield from (f"    “{quote}”" for quote in paper.quotes)


def _cited(paper: PaperRef) -> str:
    year = f" ({paper.year})" if paper.year else ""
    return f"{paper.title}{year} {paper.url or ''}".rstrip()
