"""Queries and updates of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import asyncio
import hmac
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.responses import Response

from kg.serve.description import description
from kg.serve.editor import editor
from kg.serve.negotiation import GRAPH_TYPES, HTML, ROW_TYPES, media_type, wanted
from kg.serve.replies import (
    BAD,
    FORBIDDEN,
    GONE,
    TOO_LARGE,
    UNAUTHORIZED,
    UNSUPPORTED,
    Refusal,
    done,
    replied,
    unacceptable,
)
from kg.serve.worker import Question, Update
from kg.store import Dataset

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.limits import Limits
    from kg.serve.pool import Pool
    from kg.serve.worker import Answer

__all__ = ["Endpoint", "Writing"]

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_ADDRESS: Final = re.compile(r"https?://[\w.\[\]:-]+/[\w/.-]*", re.ASCII)
_FIELDS: Final = 100
_USING: Final = ("using-graph-uri", "using-named-graph-uri")
_BEARER: Final = "bearer "


class Writing(NamedTuple):
    """The one process that changes the graph, and the token that a client must show."""

    pool: Pool
    token: str


class Endpoint:
    """The endpoint: it reads requests, and a pool answers; without `writing` the graph is only read."""

    def __init__(self, pool: Pool, limits: Limits, writing: Writing | None = None) -> None:
        self._pool, self._limits, self._writing = pool, limits, writing

    async def get(self, request: Request) -> Response:
        """Answer the query in the address; without one, say what this service is. Raises Refusal."""
        values = _values(request.url.query.encode("ascii", "replace"))
        if not values:
            return self._described(request)
        if any(name == "update" for name, _ in values):
            raise Refusal(BAD, "an update comes by POST")
        return await self._answered(request, values)

    async def post(self, request: Request) -> Response:
        """Answer the query, or apply the update, in a form or in the body. Raises Refusal."""
        kind = media_type(request.headers.get("content-type"))
        if kind == _UPDATE:
            self._writer(request)  # before the body is read
        elif kind not in (_FORM, _QUERY):
            raise Refusal(UNSUPPORTED, f"{kind[:80] or 'no media type'}: send {_FORM} or {_QUERY}")
        body = await self._body(request)
        values = _values(request.url.query.encode("ascii", "replace"))
        if kind == _FORM:
            values += _values(body)
        else:
            values.append(("query" if kind == _QUERY else "update", _text(body)))
        if any(name == "update" for name, _ in values):
            return await self._updated(request, values)
        return await self._answered(request, values)

    def _writer(self, request: Request) -> Pool:
        """The pool that applies the updates of who may. Raises Refusal."""
        if self._writing is None:
            raise Refusal(FORBIDDEN, "this graph is only read: it takes no updates")
        shown = request.headers.get("authorization", "")
        token = shown[len(_BEARER) :].strip() if shown.lower().startswith(_BEARER) else ""
        if not hmac.compare_digest(token.encode(), self._writing.token.encode()):
            raise Refusal(UNAUTHORIZED, "an update needs the token of this server: Authorization: Bearer …")
        return self._writing.pool

    async def _updated(self, request: Request, values: list[tuple[str, str]]) -> Response:
        pool = self._writer(request)
        text = _one(values, "update")
        if found := next((name for name, _ in values if name in _USING), None):
            raise Refusal(BAD, f"{found}: say USING in the update")
        request.state.query = text
        answer = await pool.ask(Update(text))
        return done() if answer.outcome == "answer" else replied(answer, {})

    async def _body(self, request: Request) -> bytes:
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > self._limits.request:
                raise Refusal(TOO_LARGE, f"the request is larger than {self._limits.request} bytes")
            parts.append(part)
        return b"".join(parts)

    async def _answered(self, request: Request, values: list[tuple[str, str]]) -> Response:
        query = request.state.query = _one(values, "query")
        accept = request.headers.get("accept")
        rows, triples = wanted(accept, ROW_TYPES), wanted(accept, GRAPH_TYPES)
        if rows is None and triples is None:
            raise unacceptable((*ROW_TYPES, *GRAPH_TYPES))
        question = Question(query, rows and ROW_TYPES[rows], triples and GRAPH_TYPES[triples], _dataset(values))
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
            return editor()
        address = str(request.url.replace(query="", fragment=""))
        if not _ADDRESS.fullmatch(address):
            raise Refusal(BAD, "the Host header is no host")
        body = description(address, GRAPH_TYPES[chosen], writable=self._writing is not None)
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


def _one(values: list[tuple[str, str]], name: str) -> str:
    """The one query, or update, of a request. Raises Refusal."""
    found = [value for each, value in values if each in ("query", "update")]
    if len(found) != 1:
        raise Refusal(BAD, f"a request has one {name}, and this has {len(found)}")
    return found[0]


def _dataset(values: list[tuple[str, str]]) -> Dataset | None:
    """The graphs that a request names; None if it leaves that to the query."""
    default, named = (
        tuple(value for each, value in values if each == name) for name in ("default-graph-uri", "named-graph-uri")
    )
    return Dataset(default, named) if default or named else None
