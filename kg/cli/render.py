"""`kg render`: a graph as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli.console import say, waiting, warn
from kg.cli.options import KIND, Command, graph_argument, kind_of
from kg.cli.report_options import years
from kg.model import KINDS
from kg.render import MEASURES, html, network, overview, overview_html
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store import Graph

__all__ = ["render"]

#: The largest view that pyvis draws unless told otherwise.
_SMALL: Final = 500


def _two_kinds(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Read dataset,method."""
    kinds = tuple(kind_of(part.strip()) for part in value.split(",")) if value is not None else ()
    if value is not None and (len(set(kinds)) != 2 or not set(kinds) <= set(KINDS)):  # noqa: PLR2004 - two sides
        raise click.BadParameter(f"{value!r} is not two kinds such as dataset,method")
    return kinds


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
@click.option("--task", metavar="NAME", help="Only papers that address this task.")
@click.option("--years", metavar="FROM:TO", callback=years, help="Only papers of these years, both included.")
@click.option(
    "--bipartite", "sides", metavar="KIND,KIND", callback=_two_kinds, help="Only these two kinds, and lines between."
)
@click.option(
    "--measure", type=click.Choice(MEASURES), help="Choose lines by this association.  [cosine, in large pictures]"
)
@click.option(
    "--engine", type=click.Choice(["pyvis", "sigma"]), help=f"What draws: pyvis up to {_SMALL} entities, sigma beyond."
)
def render(
    *,
    graph: str,
    output: Path,
    top: int,
    kinds: Sequence[str],
    sides: tuple[str, ...],
    measure: str | None,
    engine: str | None,
    **options: Any,
) -> None:
    r"""Draw a graph as one interactive page.

    The page is one file and opens without a connection.

    \b
    Example:
      kg render papers.kg -o papers.html
      kg render papers.kg -o cifar.html --focus CIFAR-10 --kind method --kind dataset
      kg render papers.kg -o all.html --top 20000
    """
    if kinds and sides:
        raise click.UsageError("--kind and --bipartite exclude each other")
    options |= {"kinds": sides or [kind_of(kind) for kind in kinds] or KINDS, "bipartite": bool(sides), "top": top}
    chosen = engine or ("sigma" if top > _SMALL else "pyvis")
    with waiting("drawing"):
        draw = _small if chosen == "pyvis" else _large
        page, drawn, of, papers = draw(open_graph(graph), options | ({"measure": measure} if measure else {}))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page, "utf-8", newline="\n")
    if not drawn:
        warn("nothing to draw: allow more kinds, or entities that fewer papers name")
    say(f"{drawn} of {of} entities that {papers} papers assert drawn in {output}")


def _small(graph: Graph, options: dict[str, Any]) -> tuple[str, int, int, int]:
    """Give the page and, for the summary, the entities drawn, all of them, and the papers."""
    drawn = network(graph, **options)
    return html(drawn), len(drawn.nodes), drawn.entities, drawn.papers


def _large(graph: Graph, options: dict[str, Any]) -> tuple[str, int, int, int]:
    drawn = overview(graph, **options)
    return overview_html(graph, drawn), drawn.entities.size, drawn.of, drawn.counted
