"""`kg report`: what a graph says, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from kg.cli.console import lines, raw, say, table, waiting
from kg.cli.options import KIND, Group, graph_argument, kind_of
from kg.report import FORMATS, footer
from kg.report import cooccurrence as count
from kg.report import table as as_table
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.report import PaperRef, Report

__all__ = ["report"]

_OUTPUTS: Final = ("table", *(name for name in FORMATS if name != "text"))
_COUNTS: Final = slice(0, 5)


@click.group(cls=Group)
def report() -> None:
    r"""Count what a graph says, with the papers behind each number.

    \b
    Example:
      kg report cooccurrence papers.kg --rows dataset --columns method
    """


@report.command()
@graph_argument
@click.option("--rows", type=KIND, default="dataset", show_default=True, help="The kind of the one entity.")
@click.option("--columns", type=KIND, default="method", show_default=True, help="The kind of the other.")
@click.option("--top", type=click.IntRange(min=1), help="Keep the most frequent pairs.")
@click.option("--min-papers", type=click.IntRange(min=1), default=1, show_default=True, help="Leave out rarer pairs.")
@click.option("--around", metavar="NAME", help="Only the pairs of one entity.")
@click.option("--papers", is_flag=True, help="List the papers behind each pair, with their sentences.")
@click.option("-o", "--output", type=click.Choice(_OUTPUTS), default="table", show_default=True)
def cooccurrence(
    *,
    graph: str,
    rows: str,
    columns: str,
    top: int | None,
    min_papers: int,
    around: str | None,
    papers: bool,
    output: str,
) -> None:
    r"""Count the papers that name entities of two kinds together.

    The other outputs hold the papers of every pair anyway.

    \b
    Example:
      kg report cooccurrence papers.kg --rows dataset --columns method --papers
      kg report cooccurrence papers.kg --rows task --columns metric --output csv
    """
    with waiting("counting"):
        found = count(
            open_graph(graph),
            rows=kind_of(rows),
            columns=kind_of(columns),
            top=top,
            min_papers=min_papers,
            around=around,
            quotes=papers or output != "table",
        )
    if output != "table":
        raw(FORMATS[output](found).encode("utf-8", "backslashreplace"))
        say(footer(found))
        return
    _table(found)
    if papers:
        lines("", *_behind(found))
    lines("", footer(found))


def _table(found: Report) -> None:
    header, rows = as_table(found)
    table(header[_COUNTS], [row[_COUNTS] for row in rows], numbers=range(2, 5))


def _behind(found: Report) -> Iterator[str]:
    for pair in found.pairs:
        yield f"{pair.a} + {pair.b}"
        for paper in pair.papers:
            yield f"  {_cited(paper)}"
            yield from (f"    “{quote}”" for quote in paper.quotes)


def _cited(paper: PaperRef) -> str:
    year = f" ({paper.year})" if paper.year else ""
    return f"{paper.title}{year} {paper.url or ''}".rstrip()
