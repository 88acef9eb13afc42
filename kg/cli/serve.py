"""`kg serve`: a graph over HTTP."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from typing import Any, Final

import click

from kg.cli.console import QUIET, is_verbose, say, visible
from kg.cli.options import Command, graph_argument
from kg.errors import ServeError
from kg.extras import install
from kg.serve import Limits

__all__ = ["serve"]

_MB: Final = 1 << 20
_USUAL: Final = Limits()
_SHORTEST: Final = 16


@click.command(cls=Command)
@graph_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 is any free one."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    default=_USUAL.seconds,
    show_default=True,
    help="Seconds after which a query is stopped.",
)
@click.option(
    "--queries",
    type=click.IntRange(1, 256),
    default=_USUAL.queries,
    show_default=True,
    help="How many queries run at a time, each in a process.",
)
@click.option(
    "--pages",
    type=click.IntRange(1, 64),
    default=_USUAL.pages,
    show_default=True,
    help="How many processes make pages; each holds the counts of the graph.",
)
@click.option(
    "--waiting",
    type=click.IntRange(min=0),
    default=_USUAL.waiting,
    show_default=True,
    help="How many queries wait for their turn; more are refused.",
)
@click.option(
    "--max-answer",
    type=click.IntRange(1, 1024),
    default=_USUAL.answer // _MB,
    show_default=True,
    help="The largest answer, in MB.",
)
@click.option(
    "--max-request",
    type=click.IntRange(min=1),
    default=_USUAL.request // 1024,
    show_default=True,
    help="The largest request, in KB.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=16),
    default=_USUAL.memory // _MB,
    show_default=True,
    help="What a query may use of memory, in MB.",
)
@click.option(
    "--writable",
    is_flag=True,
    help="Take SPARQL updates from who shows the token that KG_TOKEN holds.",
)
def serve(
    *,
    graph: str,
    host: str,
    port: int,
    timeout: float,
    queries: int,
    pages: int,
    waiting: int,
    max_answer: int,
    max_request: int,
    memory: int,
    writable: bool,
) -> None:
    r"""Serve a graph: an explorer, a SPARQL endpoint, linked data and an API.

    Each request is told on standard error as one JSON object; --verbose adds the query. Stop with Ctrl-C.

    \b
    Example:
      kg serve papers.kg
      kg serve papers.kg --port 8080 --timeout 10 --queries 4
    """
    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        raise ServeError(f"kg serve needs two more libraries: {install('serve')}")
    from kg.serve.server import serve as run  # noqa: PLC0415 - the libraries of an extra

    limits = Limits(
        seconds=timeout,
        answer=max_answer * _MB,
        request=max_request * 1024,
        memory=memory * _MB,
        queries=queries,
        pages=pages,
        waiting=waiting,
    )
    token = _token() if writable else None
    quiet, verbose = bool(click.get_current_context().meta.get(QUIET)), is_verbose()

    def log(facts: dict[str, Any]) -> None:
        if not quiet:
            told = {name: value for name, value in facts.items() if verbose or name != "query"}
            click.echo(json.dumps(told), err=True)

    run(
        graph,
        host=host,
        port=port,
        limits=limits,
        ready=lambda address: say(f"Serving {visible(graph)} at {address} (stop with Ctrl-C)"),
        reading=lambda: say(f"Reading names and counts of {visible(graph)}: once, some minutes for a large graph …"),
        log=log,
        token=token,
    )


def _token() -> str:
    """The secret that a client must show to change the graph. Raises ServeError."""
    token = os.environ.get("KG_TOKEN", "")
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise ServeError(
            f"--writable needs a secret in KG_TOKEN, of at least {_SHORTEST} letters, digits and signs: "
            "export KG_TOKEN=$(openssl rand -hex 16)"
        )
    return token
