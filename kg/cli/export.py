"""`kg export`: a graph in the forms that other programs read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.console import say, waiting
from kg.cli.options import KIND, Command, graph_argument, kind_of
from kg.cli.report_options import years
from kg.export import formats
from kg.export.networks import VIEWS
from kg.model import KINDS, PREDICATES
from kg.queries.listed import Selection, listed
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.export.networks import View

__all__ = ["export"]


@click.command(cls=Command)
@graph_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(formats.FORMATS),
    help="What to write; by the suffix of --output unless given.",
)
@click.option(
    "-o",
    "--output",
    metavar="PLACE",
    type=click.Path(path_type=Path),
    help="The file to write, or the directory for parquet, csv and neo4j; standard output unless given.",
)
@click.option("--entity", "entities", metavar="NAME", multiple=True, help="Only papers that speak of all of these.")
@click.option(
    "--predicate",
    "predicates",
    type=click.Choice(PREDICATES),
    multiple=True,
    help="What they say of them: any of these.",
)
@click.option("--venue", "venues", metavar="NAME", multiple=True, help="Only papers of these venues.")
@click.option("--years", metavar="FROM:TO", callback=years, help="Only papers of these years, both included.")
@click.option("--text", metavar="WORDS", default="", help="Only papers with these words in title or abstract.")
@click.option(
    "--network",
    "view",
    type=click.Choice(VIEWS),
    help="What a network is of: entities named together, or what papers say.  [cooccurrence]",
)
@click.option("--kind", "kinds", type=KIND, multiple=True, help="For a network: only this kind; may be given again.")
@click.option("--top", type=click.IntRange(min=1), help="For a network: only the entities that most papers name.")
@click.option("--min-papers", type=click.IntRange(min=1), help="For a network: leave out rarer entities.")
def export(
    *,
    graph: str,
    form: str | None,
    output: Path | None,
    view: View | None,
    kinds: Sequence[str],
    top: int | None,
    min_papers: int | None,
    **asked: Any,
) -> None:
    r"""Write a graph in a form that other programs read.

    RDF: turtle, n-triples, n-quads, trig, json-ld, rdfxml. Networks: graphml, gexf, cytoscape, vosviewer. Tables:
    parquet, csv, neo4j. References: bibtex. All but RDF take a selection of papers.

    \b
    Example:
      kg export papers.kg -o papers.nt.gz
      kg export papers.kg --format parquet -o tables
      kg export papers.kg -o papers.gexf --top 500 --years 2015:
      kg export papers.kg -o cifar.bib --entity CIFAR-10 --predicate evaluatesOn
    """
    chosen = form or (formats.form_of(output) if output else None)
    if chosen is None:
        unknown = f"{output.name} is no name of any form. " if output else ""
        raise click.UsageError(f"{unknown}Say what to write: give --format, one of {', '.join(formats.FORMATS)}.")
    if chosen not in formats.NETWORKS and (view or kinds or top or min_papers):
        raise click.UsageError(f"--network, --kind, --top and --min-papers are for networks, and {chosen} is none.")
    if output is None and chosen in formats.DIRECTORIES:
        raise click.UsageError(f"{chosen} is several files: name a directory for them with --output.")
    shape = formats.Shape(view or "cooccurrence", tuple(map(kind_of, kinds)) or KINDS, top, min_papers or 0)
    selection = Selection(text=asked.pop("text"), **{key: tuple(value) for key, value in asked.items()})
    with waiting("exporting"):
        opened = open_graph(graph)
        papers = [paper.iri for paper in listed(opened, selection)] if selection else None
        told = formats.export(opened, chosen, output or sys.stdout.buffer, papers=papers, shape=shape)
    chosen_papers = f" of {len(papers)} papers" if papers is not None and chosen != "bibtex" else ""
    say(f"{told}{chosen_papers} written" + (f" to {output}" if output else ""))
