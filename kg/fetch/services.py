"""The services: where they are, how often they may be asked, and how their answers come in pages."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import FetchError
from kg.sources.arxiv_atom import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.fetch.client import Client
    from kg.fetch.query import Query

__all__ = ["SERVICES", "Page", "Service"]


class Page(NamedTuple):
    """Records, where the next page begins (None behind the last one), and how many there are if the service says."""

    records: list[dict[str, Any]]
    following: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its address, the seconds that it wants between two questions, and what can be asked by.

    `page` asks for the page at a place, the first one at "". A service without it gives whole files: `file` names one.
    """

    url: str
    interval: float
    by: frozenset[str]
    page: Callable[[Client, str, Query, str], Page] | None = None
    file: Callable[[Query], str] | None = None
    headers: Callable[[], Mapping[str, str]] = dict

    def check(self, query: Query) -> None:
        """Raise `FetchError` where the service cannot be asked so."""
        given = {name for name in ("words", "venue", "since", "until") if getattr(query, name)}
        named = {"words": "--query", "venue": "--venue", "since": "--from", "until": "--until"}
        if wrong := sorted(named[name] for name in given - self.by):
            can = ", ".join(sorted(named[name] for name in self.by))
            raise FetchError(f"{query.service} cannot be asked by {', '.join(wrong)}: use {can}")
        if not given:
            can = " or ".join(sorted(named[name] for name in self.by))
            raise FetchError(f"nothing is asked of {query.service}: say what with {can}")
        if query.limit is not None and self.page is None:
            raise FetchError(f"{query.service} gives whole files: leave out --limit")


_ARXIV_PAGE: Final = 200
_OPENREVIEW_PAGE: Final = 1000
_OPENALEX_PAGE: Final = 200
_FIELDS: Final = "externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,authors,openAccessPdf"


def _arxiv(client: Client, url: str, query: Query, place: str) -> Page:
    """Pages of the API, in the order of submission; an empty page before the end is an old failure of it."""
    start = int(place or 0)
    parts = [f"({query.words})"] if query.words else []
    if query.since or query.until:
        days = (query.since or "1991-01-01").replace("-", ""), (query.until or "2999-12-31").replace("-", "")
        parts.append(f"submittedDate:[{days[0]}0000 TO {days[1]}2359]")
    parameters = {
        "search_query": " AND ".join(parts),
        "start": str(start),
        "max_results": str(_ARXIV_PAGE),
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }

    def whole(body: bytes) -> tuple[list[dict[str, Any]], int]:
        records, total = answer(body)
        if not records and start < total:
            raise ValueError("an empty page")
        return records, total

    records, total = whole(client.get(url, parameters, whole))
    end = start + len(records)
    return Page(records, str(end) if records and end < total else None, total)


def _openreview(client: Client, url: str, query: Query, place: str) -> Page:
    """All submissions to a venue, by the identifiers of their notes; those that were rejected are among them."""
    venue = query.venue or ""
    parameters = {
        "invitation": venue if "/-/" in venue else f"{venue}/-/Submission",
        "sort": "id",
        "limit": str(_OPENREVIEW_PAGE),
        **({"after": place} if place else {}),
    }
    told = _object(client.get(url, parameters, _object))
    notes = _records(told, "notes")
    last = notes[-1].get("id") if len(notes) >= _OPENREVIEW_PAGE else None
    return Page(notes, last if isinstance(last, str) and last != place else None, _count(told.get("count")))


def _openalex(client: Client, url: str, query: Query, place: str) -> Page:
    filters = {
        "from_publication_date": query.since,
        "to_publication_date": query.until,
        "primary_location.source.id": query.venue,
    }
    key = os.environ.get("OPENALEX_API_KEY")
    parameters = {
        **({"search": query.words} if query.words else {}),
        "filter": ",".join(f"{name}:{value}" for name, value in filters.items() if value),
        "per-page": str(_OPENALEX_PAGE),
        "cursor": place or "*",
        **({"api_key": key} if key else {}),
    }
    told = _object(client.get(url, {name: value for name, value in parameters.items() if value}, _object))
    works, meta = _records(told, "results"), told.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    following = meta.get("next_cursor")
    return Page(works, following if works and isinstance(following, str) else None, _count(meta.get("count")))


def _semantic_scholar(client: Client, url: str, query: Query, place: str) -> Page:
    days = f"{query.since or ''}:{query.until or ''}"
    parameters = {
        "query": query.words or "",
        "fields": _FIELDS,
        **({"venue": query.venue} if query.venue else {}),
        **({"publicationDateOrYear": days} if days != ":" else {}),
        **({"token": place} if place else {}),
    }
    told = _object(client.get(url, parameters, _object))
    papers, token = _records(told, "data"), told.get("token")
    return Page(papers, token if papers and isinstance(token, str) else None, _count(told.get("total")))


def _object(body: bytes) -> dict[str, Any]:
    """An answer as JSON; a ValueError where it is none, so that it is asked for again."""
    try:
        told = json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(told, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - a damaged answer, not a bug
    return told


def _records(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = told.get(name)
    if not isinstance(found, list):
        raise FetchError(f"the answer has no {name}: the service has changed, or refuses in words: {str(told)[:200]}")
    return [each for each in found if isinstance(each, dict)]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _key(name: str, header: str) -> Callable[[], Mapping[str, str]]:
    return lambda: {header: key} if (key := os.environ.get(name)) else {}


SERVICES: Final[Mapping[str, Service]] = {
    "acl": Service(
        url="https://raw.githubusercontent.com/acl-org/acl-anthology/master/data/xml",
        interval=1.0,
        by=frozenset({"venue"}),
        file=lambda query: f"{query.venue}.xml",
    ),
    "arxiv": Service(
        url="https://export.arxiv.org/api/query",
        interval=3.0,
        by=frozenset({"words", "since", "until"}),
        page=_arxiv,
    ),
    "openalex": Service(
        url="https://api.openalex.org/works",
        interval=0.11,
        by=frozenset({"words", "venue", "since", "until"}),
        page=_openalex,
    ),
    "openreview": Service(
        url="https://api2.openreview.net/notes", interval=1.0, by=frozenset({"venue"}), page=_openreview
    ),
    "semantic-scholar": Service(
        url="https://api.semanticscholar.org/graph/v1/paper/search/bulk",
        interval=1.1,
        by=frozenset({"words", "venue", "since", "until"}),
        page=_semantic_scholar,
        headers=_key("S2_API_KEY", "x-api-key"),
    ),
}
