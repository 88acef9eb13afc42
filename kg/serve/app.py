"""The web application: paths, the log, and the processes behind it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg import __version__
from kg.serve.api import Api
from kg.serve.explorer import Explorer
from kg.serve.linked import LinkedData
from kg.serve.operations import OPERATIONS
from kg.serve.replies import Refusal, refused
from kg.serve.sparql import Endpoint
from kg.serve.static import static

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.serve.limits import Limits
    from kg.serve.pool import Pool
    from kg.serve.sparql import Writing

__all__ = ["application"]

_SHOWN: Final = 300


def application(
    queries: Pool,
    pages: Pool,
    limits: Limits,
    log: Callable[[dict[str, Any]], None],
    writing: Writing | None = None,
) -> Starlette:
    """The application that serves a graph. Linked data has a pool of its own: long queries do not hold it up."""
    endpoint, linked = Endpoint(queries, limits, writing), LinkedData(pages)
    explorer, api = Explorer(pages), Api(pages, queries)

    return Starlette(
        routes=[
            Route("/", explorer.home),
            Route("/search", explorer.search),
            Route("/papers", explorer.papers),
            Route("/part/grid", explorer.grid),
            Route("/part/board", explorer.board),
            Route("/part/statements", linked.statements),
            Route("/health", _health),
            Route("/static/{name}", static),
            Route("/api", api.shown),
            Route("/api/openapi.json", api.described),
            *(Route(each.path, api.handler(each)) for each in OPERATIONS),
            Route("/api/{path:path}", api.unknown),
            Route("/sparql", endpoint.get, methods=["GET"]),
            Route("/sparql", endpoint.post, methods=["POST"]),
            Route("/{path:path}", linked.get),
        ],
        middleware=[
            Middleware(_Logged, log=log),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=["Link", "Retry-After"],
            ),
        ],
        exception_handlers={Refusal: _refused},
    )


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(error)


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok", "version": __version__}, headers={"Cache-Control": "no-store"})


class _Logged:
    """Tells of each request: when, method, path, status, milliseconds, bytes, and the query where there is one."""

    def __init__(self, app: ASGIApp, log: Callable[[dict[str, Any]], None]) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, size = time.perf_counter(), 500, 0
        scope.setdefault("state", {})
        wrong: dict[str, str] = {}

        async def sent(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            wrong["error"] = f"{type(error).__name__}: {error}"[:_SHOWN]
            raise
        finally:
            self._log(
                {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "method": scope["method"],
                    "path": scope["path"][:_SHOWN],
                    "status": status,
                    "ms": round(1000 * (time.perf_counter() - begun), 1),
                    "bytes": size,
                    **wrong,
                    **({"query": scope["state"]["query"]} if "query" in scope["state"] else {}),
                }
            )
