"""The API: JSON at the paths of kg.serve.operations, their description, and a page about them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import JSONResponse, Response

from kg.serve.addresses import iri_of
from kg.serve.markup import framed
from kg.serve.operations import OPERATIONS, openapi
from kg.serve.replies import BAD, NOT_FOUND, RETRY, STATUS, Refusal, page
from kg.serve.worker import Call

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from kg.serve.operations import Operation, Value
    from kg.serve.pool import Pool
    from kg.serve.worker import Answer

__all__ = ["Api"]

_LONGEST: Final = 2000
_MANY: Final = 8


class Api:
    """Short answers come from the process behind pages, long ones from those behind queries."""

    def __init__(self, pages: Pool, queries: Pool) -> None:
        self._pages, self._queries = pages, queries

    def handler(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """What answers a route."""

        async def answered(request: Request) -> Response:
            try:
                arguments = _arguments(operation, request.query_params)
            except Refusal as refusal:
                return _error(refusal.status, str(refusal))
            pool = self._queries if operation.long else self._pages
            answer = await pool.ask(Call(operation.view, arguments))
            return _replied(answer)

        return answered

    async def described(self, _: Request) -> Response:
        """The OpenAPI description."""
        return JSONResponse(openapi())

    async def unknown(self, _: Request) -> Response:
        """What any other path under /api gets."""
        return _error(NOT_FOUND, "there is no such route: /api lists them")

    async def shown(self, _: Request) -> Response:
        """The page about the API."""
        return page(framed("API", _page()))


def _arguments(operation: Operation, given: QueryParams) -> dict[str, Any]:
    """Read and check the parameters of a request. Raises Refusal."""
    known = {value.name: value for value in operation.values}
    for name in given:
        if name not in known:
            raise Refusal(BAD, f"no parameter {name[:40]!r}: there are {', '.join(known) or 'none'}")
    found: dict[str, Any] = {}
    for name, value in known.items():
        texts = given.getlist(name)
        if len(texts) > (_MANY if value.type == "iris" else 1):
            raise Refusal(BAD, f"{name} is given too often")
        if value.type == "iris":
            found[name] = [iri_of(each) for each in texts]
        elif texts and texts[0]:
            found[name] = _read(value, texts[0])
        elif value.needed:
            raise Refusal(BAD, f"{name} is missing: {value.says.lower()}")
        elif value.default is not None:
            found[name] = value.default
    return found


def _read(value: Value, text: str) -> str | int:
    if len(text) > _LONGEST:
        raise Refusal(BAD, f"{value.name} is longer than {_LONGEST} characters")
    if value.type == "iri":
        return iri_of(text)
    if value.choices and text.lower() not in value.choices:
        raise Refusal(BAD, f"{value.name} is {text[:40]!r}: it may be {', '.join(value.choices)}")
    if value.type == "string":
        return text.lower() if value.choices else text
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and value.least <= int(text) <= value.most):  # noqa: PLR2004 - digits of a billion
        raise Refusal(BAD, f"{value.name} is {text[:40]!r}: it may be a number from {value.least} to {value.most}")
    return int(text)


def _replied(answer: Answer) -> Response:
    if answer.outcome == "answer":
        return Response(answer.body, media_type="application/json", headers={"Cache-Control": "no-cache"})
    return _error(STATUS[answer.outcome], answer.body.decode(), retry=answer.outcome == "busy")


def _error(status: int, line: str, *, retry: bool = False) -> Response:
    plain = " ".join(line.encode("utf-8", "replace").decode().split())
    return JSONResponse({"error": plain}, status, headers={"Retry-After": RETRY} if retry else {})


def _page() -> str:
    about = (
        "<p>JSON for programs: read only, from any origin. <a href='/api/openapi.json'>OpenAPI 3.1</a> describes it. "
        'An error is <code>{"error": "one line"}</code> with its status.</p>'
    )
    parts = [about]
    for operation in OPERATIONS:
        rows = "".join(
            f"<dt><code>{escape(value.name)}</code></dt><dd>{escape(value.says)}{_facts(value)}</dd>"
            for value in operation.values
        )
        example = f"<p><a href='{escape(operation.example)}'>{escape(operation.example)}</a></p>"
        parts.append(
            f"<section><h2><code>{operation.path}</code></h2><p>{escape(operation.says)}</p>"
            f"{f'<dl class=facts>{rows}</dl>' if rows else ''}{example if operation.example else ''}</section>"
        )
    return "".join(parts)


def _facts(value: Value) -> str:
    facts = ["needed"] if value.needed else []
    facts += [f"one of {', '.join(value.choices)}"] if value.choices else []
    facts += [f"{value.least} to {value.most}"] if value.type == "integer" else []
    facts += [f"{value.default} unless given"] if value.default is not None else []
    return f" <span class='soft'>{escape('; '.join(facts))}</span>" if facts else ""
