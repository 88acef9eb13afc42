"""Queries of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.responses import Response

from kg.serve import pages
from kg.serve.description import description
from kg.serve.negotiation import GRAPH_TYPES, HTML, ROW_TYPES, media_type, wanted
from kg.serve.replies import BAD, FORBIDDEN, GONE, TOO_LARGE, UNSUPPORTED, Refusal, page, replied, unacceptable
from kg.serve.worker import Question

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.limits import Limits
    from kg.serve.pool import Pool
    from kg.serve.worker import Answer

__all__ = ["Endpoint"]

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_ADDRESS: Final = re.compile(r"https?://[\w.\[\]:-]+/[\w/.-]*", re.ASCII)
_FIELDS: Final = 100
_DATASET: Final = ("default-graph-uri", "named-graph-uri")


class Endpoint:
    """The endpoint: it reads requests, and a pool answers."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool, self._limits = pool, limits

    async def get(self, request: Request) -> Response:
        """Answer the query in the address; without one, say what this service is. Raises Refusal."""
        values = _values(request.url.query.encode("ascii", "replace"))
        if not values:
            return self._described(request)
        return await self._answered(request, _query(values))

    async def post(self, request: Request) -> Response:
        """Answer the query in a form, or in the body. Raises Refusal."""
        kind = media_type(request.headers.get("content-type"))
        if kind == _UPDATE:
            raise Refusal(FORBIDDEN, "this graph is only read: it takes no updates")
        if kind not in (_FORM, _QUERY):
            raise Refusal(UNSUPPORTED, f"{kind[:80] or 'no media type'}: send {_FORM} or {_QUERY}")
        body = await self._body(request)
        values = _values(request.url.query.encode("ascii", "replace"))
        values += [("query", _text(body))] if kind == _QUERY else _values(body)
        return await self._answered(request, _query(values))

    async def _body(self, request: Request) -> bytes:
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > self._limits.request:
                raise Refusal(TOO_LARGE, f"the request is larger than {self._limits.request} bytes")
            parts.append(part)
        return b"".join(parts)

    async def _answered(self, request: Request, query: str) -> Response:
        request.state.query = query
        accept = request.headers.get("accept")
        rows, triples = wanted(accept, ROW_TYPES), wanted(accept, GRAPH_TYPES)
        if rows is None and triples is None:
            raise unacceptable((*ROW_TYPES, *GRAPH_TYPES))
        question = Question(query, rows and ROW_TYPES[rows], triples and GRAPH_TYPES[triples])
        return replied(await self._asked(request, question), {"rows": rows, "triples": triples})

    async def _asked(self, request: Request, question: Question) -> Answer:
        """The answer; a query that nobody waits for any more is stopped."""
        asking, leaving = asyncio.create_task(self._pool.ask(question)), asyncio.create_task(_left(request))
        try:
            await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise Refusal(GONE, "the client hung up")
            return asking.result()
        finally:
            asking.cancel()
            leaving.cancel()

    def _described(self, request: Request) -> Response:
        chosen = wanted(request.headers.get("accept"), (*GRAPH_TYPES, HTML))
        if chosen is None:
            raise unacceptable((*GRAPH_TYPES, HTML))
        if chosen == HTML:
            return page(pages.question())
        address = str(request.url.replace(query="", fragment=""))
        if not _ADDRESS.fullmatch(address):
            raise Refusal(BAD, "the Host header is no host")
        body = description(address, GRAPH_TYPES[chosen])
        return Response(body, media_type=chosen, headers={"Vary": "Accept"})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _values(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_text(text), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as error:
        raise Refusal(BAD, "the request is not in UTF-8") from error
    except ValueError as error:
        raise Refusal(BAD, f"the request has more than {_FIELDS} parameters") from error


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(BAD, f"the request is not in UTF-8 (byte {error.start})") from error


def _query(values: list[tuple[str, str]]) -> str:
    """The one query of a request. Raises Refusal."""
    names = [name for name, _ in values]
    if "update" in names:
        raise Refusal(FORBIDDEN, "this graph is only read: it takes no updates")
    if names.count("query") != 1:
        raise Refusal(BAD, f"a request has one query, and this has {names.count('query')}")
    if found := next((name for name in names if name in _DATASET), None):
        raise Refusal(BAD, f"{found}: there is one graph here, the default graph: ask without that parameter")
    return dict(values)["query"]
