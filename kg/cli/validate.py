"""`kg validate`: whether a graph keeps its promises."""

from __future__ import annotations

import click

from kg.cli.console import lines, waiting
from kg.cli.options import Command, graph_argument
from kg.store import open_graph
from kg.validate import validate as check

__all__ = ["validate"]


@click.command(cls=Command)
@graph_argument
@click.pass_context
def validate(context: click.Context, *, graph: str) -> None:
    r"""Check a graph against its SHACL shapes.

    Ends with 1 if the graph breaks a rule; each broken rule is printed on a line.

    \b
    Example:
      kg validate papers.kg
    """
    with waiting("checking") as say:
        verdict = check(
            open_graph(graph), watch=lambda papers: say(f"checking: {papers} papers, or as much else, are done")
        )
    lines(*verdict.messages)
    if not verdict.conforms:
        context.exit(1)
    lines(f"{graph} conforms")
