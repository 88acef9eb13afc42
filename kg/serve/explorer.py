"""The pages for people: search, entities, papers, and the papers behind a number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kg.serve import lists, parts
from kg.serve.addresses import iri_of
from kg.serve.entity_page import entity
from kg.serve.paper_page import paper
from kg.serve.replies import BAD, STATUS, Refusal, page
from kg.serve.worker import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.datastructures import QueryParams
    from starlette.requests import Request
    from starlette.responses import Response

    from kg.serve.pool import Pool
    from kg.serve.worker import Answer

    Template = Callable[[Any], str]

__all__ = ["VIEWS", "Explorer"]

_FOUND: Final = 30
_PAGE: Final = 20
_ENTITIES: Final = 8
_LONGEST: Final = 300
#: Of a dataset so many papers, for their numbers must be there soon; the API has all.
_RECENT: Final = 40
#: The views of pages by the begin of a path.
VIEWS: Final[Mapping[str, str]] = {
    "method/": "entity_page",
    "dataset/": "entity_page",
    "task/": "entity_page",
    "metric/": "entity_page",
    "paper/": "paper",
}


class Explorer:
    """Pages made of views, which a process computes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def home(self, _: Request) -> Response:
        """The first page."""
        return await self._shown(lists.home, Call("home", {}))

    async def search(self, request: Request) -> Response:
        """What a search finds: the page that needs no script."""
        asked = request.query_params.get("q", "")[:_LONGEST]
        return await self._shown(lists.found, Call("search", {"q": asked, "limit": _FOUND}))

    async def papers(self, request: Request) -> Response:
        """The papers that name all of some entities."""
        try:
            arguments = _chosen(request.query_params)
        except Refusal as refusal:
            return page(lists.failed(refusal.status, str(refusal)), refusal.status, scripts=True)
        return await self._shown(lists.papers, Call("papers", arguments))

    async def about(self, path: str, iri: str) -> Response | None:
        """The page of an entity or a paper; None if the graph knows none by this IRI."""
        view = next((name for begin, name in VIEWS.items() if path.startswith(begin)), None)
        if view is None:
            return None
        answer = await self._pool.ask(Call(view, {"iri": iri}))
        if answer.outcome in {"missing", "wrong"}:  # or no IRI after all
            return None
        return _page(paper if view == "paper" else entity, answer)

    async def grid(self, request: Request) -> Response:
        """Two kinds of entities against each other, as a page, of which others show a part."""
        return await self._part(parts.grid, request, lambda iri: Call("grid", {"iri": iri}))

    async def board(self, request: Request) -> Response:
        """The numbers reported on a dataset, likewise."""
        return await self._part(
            parts.board, request, lambda iri: Call("leaderboard", {"dataset": iri, "limit": 20, "newest": _RECENT})
        )

    async def _part(self, template: Template, request: Request, call: Callable[[str], Call]) -> Response:
        try:
            iri = iri_of(request.query_params.get("of", ""))
        except Refusal as refusal:
            return page(lists.failed(refusal.status, str(refusal)), refusal.status, scripts=True)
        return await self._shown(template, call(iri))

    async def _shown(self, template: Template, call: Call) -> Response:
        return _page(template, await self._pool.ask(call))


def _page(template: Template, answer: Answer) -> Response:
    """Fill a template with an answer, or say why there is none."""
    if answer.outcome != "answer":
        status = STATUS[answer.outcome]
        return page(lists.failed(status, answer.body.decode()), status, scripts=True)
    return page(template(json.loads(answer.body)), scripts=True)


def _chosen(values: QueryParams) -> dict[str, Any]:
    iris = [iri_of(each) for each in values.getlist("of")]
    if len(iris) > _ENTITIES:
        raise Refusal(BAD, f"a page is about {_ENTITIES} entities at most")
    year, offset = _whole(values.get("year")), _whole(values.get("offset")) or 0
    return {"iri": iris, "offset": offset, "limit": _PAGE, "year": year}


def _whole(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 8):  # noqa: PLR2004 - digits of a number of papers
        raise Refusal(BAD, f"{text[:40]!r} is no number")
    return int(text)
