"""Listening on an address until told to stop."""

from __future__ import annotations

import logging
import signal
import socket
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from threading import Timer
from typing import TYPE_CHECKING, Any

import uvicorn

from kg.errors import GraphError, ServeError
from kg.queries.index import is_kept
from kg.serve.ahead import read_ahead
from kg.serve.app import application
from kg.serve.pool import Pool
from kg.serve.sparql import Writing
from kg.store.addresses import is_url, shown
from kg.store.places import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.serve.limits import Limits

__all__ = ["serve"]

_BACKLOG = 128
_READERS = 128
#: Seconds of silence.
_WHILE = 5.0


def serve(
    graph: str,
    *,
    host: str,
    port: int,
    limits: Limits,
    ready: Callable[[str], None],
    reading: Callable[[], None],
    log: Callable[[dict[str, Any]], None],
    token: str | None = None,
) -> None:
    """Serve a graph until SIGTERM or SIGINT; requests that run then may end within `limits.stopping` seconds.

    With a `token`, who shows it may change the graph. `ready` is told the address, `log` each request, and `reading` is
    called where names and counts must be read from the store first, and that takes a while. Raises GraphError if there
    is no such graph, and ServeError if the address cannot be had.
    """
    if is_url(graph):
        raise GraphError(f"{shown(graph)}: a graph on a server is served already: ask it there")
    if token is not None and place(graph)[1] is not None:
        raise GraphError(f"{graph}: an RDF file is only read: build into a directory to change it")
    with _bound(host, port) as listener, ExitStack() as pools:

        def started(pool: Pool) -> Pool:
            pools.enter_context(closing(pool)).start()
            return pool

        read_ahead(graph)
        with _told(graph, reading):
            pages = started(_pages(graph, limits))
        queries = started(Pool(graph, limits.queries, limits))
        writing = Writing(started(Pool(graph, 1, limits)), token) if token is not None else None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stopping)  # uvicorn raises the signal again once it has stopped
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # the log tells what was wrong
        config = uvicorn.Config(
            application(queries, pages, limits, log, writing),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=limits.stopping,
        )
        _Server(config, lambda: ready(_address(listener))).run(sockets=[listener])


def _pages(graph: str, limits: Limits) -> Pool:
    """The processes behind pages: short work, for which many may wait."""
    return Pool(graph, limits.pages, replace(limits, waiting=max(limits.waiting, _READERS)), prepared=True)


@contextmanager
def _told(graph: str, reading: Callable[[], None]) -> Iterator[None]:
    """Tell, after a while, that something goes on, if it is more than the opening of files."""
    path, form = place(graph)
    timer = Timer(_WHILE, reading)
    if path.is_file() if form else path.is_dir() and not is_kept(path):
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def _stopping(number: int, frame: object) -> None:
    """Do nothing: the server ends by itself."""


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except BaseException:
            listener.close()
            raise
    except UnicodeError as error:
        raise ServeError(f"{host[:80]!r} is no host: try --host 127.0.0.1") from error
    except OSError as error:
        reason = " ".join(str(error.strerror or error).split()).lower()
        raise ServeError(f"{host}, port {port}: {reason}: try another --port, or --host 127.0.0.1") from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
