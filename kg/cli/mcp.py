"""`kg mcp`: a graph as tools for an LLM agent."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

import click

from kg.cli.console import say, visible
from kg.cli.options import Command, graph_argument
from kg.errors import ServeError
from kg.extras import install
from kg.serve import Limits
from kg.store import open_graph

__all__ = ["mcp"]

_MB: Final = 1 << 20
_USUAL: Final = Limits()


@click.command(cls=Command)
@graph_argument
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    default=_USUAL.seconds,
    show_default=True,
    help="Seconds after which a question is stopped.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=16),
    default=_USUAL.memory // _MB,
    show_default=True,
    help="What a question may use of memory, in MB.",
)
def mcp(*, graph: str, timeout: float, memory: int) -> None:
    r"""Give a graph to an LLM agent, as tools of the Model Context Protocol.

    A program starts this and speaks with it over standard input and output; it ends with them. The graph is only read.

    \b
    Example:
      kg mcp papers.kg
      claude mcp add papers -- kg mcp /path/of/papers.kg
    """
    if find_spec("mcp") is None:
        raise ServeError(f"kg mcp needs one more library: {install('mcp')}")
    open_graph(graph)  # what is wrong is said before a word of the protocol
    from kg.agent.server import serve  # noqa: PLC0415 - the library of an extra

    say(f"Serving {visible(graph)} over standard input and output")
    serve(graph, Limits(seconds=timeout, memory=memory * _MB, answer=_MB))
