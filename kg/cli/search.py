"""`kg search`: entities and papers by name or words."""

from __future__ import annotations

from dataclasses import asdict

import click

from kg.cli.console import lines, say, table, waiting, write_json
from kg.cli.options import Command, Form, graph_argument
from kg.queries.index import index
from kg.queries.search import search as find
from kg.report import cache, neighbours
from kg.store import open_graph

__all__ = ["search"]


@click.command(cls=Command)
@graph_argument
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="So many of each at most.")
@click.option("-o", "--output", type=Form(["table", "json"]), default="table", show_default=True)
def search(*, graph: str, text: str, limit: int, output: str) -> None:
    r"""Find entities and papers by name, or by words of it.

    The last word may be the begin of one. The index is made from the store once, and kept beside it.

    \b
    Example:
      kg search papers.kg hotpot
      kg search papers.kg "residual network" --limit 5
    """
    opened = open_graph(graph)
    with waiting("Reading the names"):
        names = index(opened, lambda: neighbours.listed(cache.load(opened)))
    found = find(names, text, limit=limit)
    if output == "json":
        write_json(asdict(found), indent=1)
        return
    if found.entities:
        rows = [(hit.label, hit.kind, str(hit.papers), hit.iri) for hit in found.entities]
        table(("Entity", "Kind", "Papers", "IRI"), rows, numbers=[2])
    if found.papers:
        if found.entities:
            lines("")
        table(("Paper", "Year", "IRI"), [(hit.title, str(hit.year or ""), hit.iri) for hit in found.papers])
    if not (found.entities or found.papers):
        say("Nothing is called so, and no title has these words.")
