"""`kg render`: a graph as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.console import say, waiting, warn
from kg.cli.options import KIND, Command, graph_argument, kind_of
from kg.model import KINDS
from kg.render import html, network
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["render"]


@click.command(cls=Command)
@graph_argument
@click.option(
    "-o", "--output", metavar="FILE.html", type=click.Path(path_type=Path), required=True, help="The page to write."
)
@click.option("--top", type=click.IntRange(min=1), default=150, show_default=True, help="Draw that many entities.")
@click.option("--kind", "kinds", type=KIND, multiple=True, help="Draw only this kind; may be given again.")
@click.option("--focus", metavar="NAME", help="Draw what is near this entity.")
@click.option("--depth", type=click.IntRange(min=1), default=1, show_default=True, help="How far from the focus to go.")
@click.option(
    "--min-papers", type=click.IntRange(min=1), default=1, show_default=True, help="Leave out rarer entities."
)
def render(
    *,
    graph: str,
    output: Path,
    top: int,
    kinds: Sequence[str],
    focus: str | None,
    depth: int,
    min_papers: int,
) -> None:
    r"""Draw a graph as one interactive page.

    The page is one file and opens without a connection.

    \b
    Example:
      kg render papers.kg -o papers.html
      kg render papers.kg -o cifar.html --focus CIFAR-10 --kind method --kind dataset
    """
    with waiting("drawing"):
        chosen = [kind_of(kind) for kind in kinds] or KINDS
        drawn = network(open_graph(graph), top=top, kinds=chosen, focus=focus, depth=depth, min_papers=min_papers)
        page = html(drawn)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page, "utf-8", newline="\n")
    if not drawn.nodes:
        warn("nothing to draw: allow more kinds, or entities that fewer papers name")
    say(f"{len(drawn.nodes)} of {drawn.entities} entities of {drawn.papers} papers drawn in {output}")
