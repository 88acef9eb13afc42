"""What goes back: an answer, a page, or one line of what was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.serve.worker import Answer

__all__ = [
    "BAD",
    "FORBIDDEN",
    "GONE",
    "NOT_FOUND",
    "RETRY",
    "STATUS",
    "TOO_LARGE",
    "UNAUTHORIZED",
    "UNSUPPORTED",
    "Refusal",
    "done",
    "page",
    "refused",
    "replied",
    "unacceptable",
]

BAD, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ACCEPTABLE, TOO_LARGE, UNSUPPORTED = 400, 401, 403, 404, 406, 413, 415
#: For the log alone, as nginx writes it: the client hung up.
GONE: Final = 499
#: The protocol has 500 for a query that is refused; 503 and 504 would make clients ask the same again at once.
STATUS: Final = {
    "wrong": BAD,
    "unacceptable": NOT_ACCEPTABLE,
    "stopped": 500,
    "broken": 500,
    "busy": 503,
    "missing": 404,
}
RETRY: Final = "5"  # seconds
_TRIPLES: Final = frozenset({"turtle", "n-triples", "json-ld", "rdfxml"})
_PAGE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}

_SCRIPTS: Final = "script-src 'self'; connect-src 'self'"


class Refusal(Exception):  # noqa: N818 - an answer, within this room
    """A request that is not served: the status, and one line."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def refused(refusal: Refusal) -> Response:
    """The answer to a request that is not served."""
    headers = {UNAUTHORIZED: {"WWW-Authenticate": "Bearer"}, STATUS["busy"]: {"Retry-After": RETRY}}
    return _line(str(refusal), refusal.status, headers.get(refusal.status))


def done() -> Response:
    """The answer to an update that was applied."""
    return Response(status_code=204)


def unacceptable(types: Iterable[str]) -> Refusal:
    """The refusal of an Accept that names nothing that is here."""
    return Refusal(
        NOT_ACCEPTABLE, f"nothing here has a type that Accept names: ask for {', '.join(dict.fromkeys(types))}"
    )


def replied(answer: Answer, types: Mapping[str, str | None], headers: Mapping[str, str] | None = None) -> Response:
    """The answer of a process, or why there is none; `types` are the media types of rows and of triples."""
    if answer.outcome != "answer":
        retry = {"Retry-After": RETRY} if answer.outcome == "busy" else {}
        return _line(answer.body.decode(), STATUS[answer.outcome], retry)
    kind = types["triples" if answer.format in _TRIPLES else "rows"]
    return Response(answer.body, media_type=kind, headers={"Vary": "Accept", **(headers or {})})


def page(text: str, status: int = 200, *, scripts: bool = False) -> Response:
    """A page that loads nothing but our style, and runs nothing but, if told so, our scripts."""
    headers = dict(_PAGE)
    if scripts:
        headers["Content-Security-Policy"] += f"; {_SCRIPTS}"
    return Response(text.encode("utf-8", "replace"), status, media_type="text/html", headers=headers)


def _line(text: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return PlainTextResponse(f"{line}\n", status, headers={"Vary": "Accept", **(headers or {})})
