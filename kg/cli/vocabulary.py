"""`kg vocabulary`: the curated names themselves."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.console import lines, waiting
from kg.cli.options import Command, Group
from kg.learn.lint import check as lint
from kg.ontology import folder as ours

__all__ = ["vocabulary"]


@click.group(cls=Group)
def vocabulary() -> None:
    r"""Look after the curated vocabulary.

    \b
    Example:
      kg vocabulary check
    """


@vocabulary.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.pass_context
def check(context: click.Context, *, folder: Path | None) -> None:
    r"""Look for names that contradict each other.

    FOLDER has datasets.ttl, methods.ttl, metrics.ttl and tasks.ttl, with ambiguous.tsv and decisions.tsv
    beside them if there are any; without it, the vocabulary that kg uses is checked. Ends with 1 if there
    is a problem; each is printed on a line.

    \b
    Example:
      kg vocabulary check
      kg vocabulary check ontologies
    """
    with waiting("checking"):
        verdict = lint(folder or ours())
    lines(*verdict.problems)
    if verdict.problems:
        context.exit(1)
    lines(f"no problems in {verdict.entities:,} entities")
