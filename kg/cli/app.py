"""The commands, by name, and what happens when one of them fails."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import traceback
from typing import TYPE_CHECKING, Final

import click

import kg
from kg.cli.console import is_verbose, say, visible
from kg.cli.options import Group
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMMANDS", "cli"]

#: Where each command is and what it does: `kg --help` need not load them all.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "build": ("kg.cli.build", "Read papers and write their knowledge graph."),
    "extract": ("kg.cli.build", "Read papers and print what they say, as JSON Lines."),
    "fetch": ("kg.cli.fetch", "Download listings of papers into a file that kg build reads."),
    "query": ("kg.cli.query", "Ask a graph with SPARQL, or with a named query."),
    "report": ("kg.cli.report", "Count what a graph says, with the papers behind each number."),
    "search": ("kg.cli.search", "Find entities and papers by name, or by words of it."),
    "show": ("kg.cli.show", "Show what a graph says of one entity, with quotes."),
    "stats": ("kg.cli.show", "Count what is in a graph."),
    "render": ("kg.cli.render", "Draw a graph as one interactive page."),
    "serve": ("kg.cli.serve", "Serve a graph: an explorer, a SPARQL endpoint, linked data and an API."),
    "export": ("kg.cli.export", "Write a graph in a form that other programs read."),
    "mcp": ("kg.cli.mcp", "Give a graph to an LLM agent, as tools of the Model Context Protocol."),
    "push": ("kg.cli.push", "Copy a graph to a SPARQL server."),
    "fix": ("kg.cli.fix", "Correct a graph, for all its later builds."),
    "review": ("kg.cli.review", "Walk through what is least certain in a graph, and decide."),
    "validate": ("kg.cli.validate", "Check a graph against its SHACL shapes."),
    "vocabulary": ("kg.cli.vocabulary", "Look after the curated vocabulary."),
    "train": ("kg.cli.train", "Train a model on annotated papers."),
    "evaluate": ("kg.cli.evaluate", "Score the extraction against annotated papers."),
}

_INTERRUPTED: Final = 130
_EXPECTED: Final = (click.ClickException, click.exceptions.Exit, click.Abort)


class Commands(Group):
    """The commands of `kg`, each loaded when it is asked for; their errors become one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; whatever goes wrong ends in one line and an exit code."""
        try:
            return super().invoke(ctx)
        except _EXPECTED:
            raise
        except KgError as error:
            raise click.ClickException(visible(str(error))) from error
        except BrokenPipeError:  # the reader of our answer has seen enough
            _close_output()
            ctx.exit(0)
        except KeyboardInterrupt:
            say("Interrupted")
            ctx.exit(_INTERRUPTED)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(visible(f"{place}{error.strerror or error}")) from error
        except Exception as error:  # nobody should have to read a traceback
            raise click.ClickException(_bug(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(kg.__version__, prog_name="kg")
def cli() -> None:
    r"""Turn listings of machine-learning papers into a knowledge graph that quotes its sources.

    GRAPH names a graph everywhere: a directory, or an RDF file (.ttl .nt .nq .trig .jsonld, also .gz); to ask one,
    the URL of a SPARQL endpoint as well.

    \b
    Example:
      kg build papers.txt --graph papers.kg
      kg query papers.kg "SELECT ?title { ?paper a fabio:ResearchPaper ; dcterms:title ?title }"
      kg report cooccurrence papers.kg --rows dataset --columns method
    """
    logging.getLogger("rdflib").setLevel(logging.WARNING if is_verbose() else logging.CRITICAL)


def _bug(error: Exception) -> str:
    if is_verbose():
        click.echo(visible(traceback.format_exc(), keep="\n"), err=True, nl=False)
        return f"{type(error).__name__}: this is a bug: please report it with the lines above"
    return visible(f"{type(error).__name__}: {error}: this is a bug: run again with --verbose")


def _close_output() -> None:
    """Let the interpreter's last flush go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
