"""`kg push`: a graph copied to a SPARQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.console import say, watched
from kg.cli.options import Command, graph_argument

if TYPE_CHECKING:
    from typing import Literal

__all__ = ["push"]


@click.command(cls=Command)
@graph_argument
@click.option("--to", "to", metavar="URL", required=True, help="Where the server takes graphs or updates.")
@click.option(
    "--method",
    type=click.Choice(["gsp", "update"]),
    help="Graph Store Protocol or SPARQL Update; by the end of the URL unless given.",
)
@click.option("--graph-name", metavar="IRI", help="The named graph to fill; the default graph unless given.")
@click.option("--fresh", is_flag=True, help="Start over, and replace what the server has in that graph.")
def push(*, graph: str, to: str, method: Literal["gsp", "update"] | None, graph_name: str | None, fresh: bool) -> None:
    r"""Copy a graph to a SPARQL server.

    It is sent in batches; if that ends early, the same command goes on. Credentials come from the environment:
    KG_USER and KG_PASSWORD, or KG_TOKEN.

    \b
    Example:
      kg push papers.kg --to http://localhost:7878/store
      kg push papers.kg --to http://localhost:8890/sparql-graph-crud-auth --graph-name https://example.org/papers
    """
    from kg.store.push import push as prepare  # noqa: PLC0415 - only who talks to a server waits for the client to load

    copy = prepare(graph, to, method=method, name=graph_name, fresh=fresh)
    before = copy.sent
    if before and before < copy.triples:
        say(f"{before} of {copy.triples} triples were sent before: going on")
    for _ in watched(copy, "pushing"):
        pass
    if copy.sent == before and before:
        say(f"{copy.triples} triples are there already: add --fresh to send them again")
    else:
        say(f"{copy.triples} triples copied to {to}")
