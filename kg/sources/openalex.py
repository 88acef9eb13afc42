"""Works of OpenAlex: JSON Lines of its snapshot, or answers of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import Source
from kg.sources import documents
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.identifiers import from_address
from kg.sources.values import listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_works", "read"]

_SIGNS: Final = {"abstract_inverted_index", "authorships", "primary_location", "publication_year"}
_SCHEMES: Final = ("arxiv", "openreview", "acl", "pmlr")


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The works of a file; the abstract is put together again from the words and their places."""
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        return paper(_record(row), known, Source(sha256, "openalex", line, count))

    return documents.papers(path, become, "results")


def is_works(text: str) -> bool:
    """Whether a text, or its beginning, is made of works.

    >>> is_works('{"meta": {}, "results": [{"id": "https://openalex.org/W1", "authorships": []}]}')
    True
    """
    row = documents.first(text, "results")
    if row is None or not row.keys() & _SIGNS:
        return False
    return str(row.get("id")).startswith("https://openalex.org/W")


def _record(row: Mapping[str, object]) -> dict[str, object]:
    places = [place for name in ("primary_location", "best_oa_location") if isinstance(place := row.get(name), dict)]
    places += listed(row, "locations")
    addresses = [
        address for place in places for name in ("landing_page_url", "pdf_url") if (address := text(place, name))
    ]
    found = dict(reversed([pair for address in addresses for pair in from_address(address)]))
    pdfs = (text(place, "pdf_url") for place in places)
    return {
        "title": row.get("title") or row.get("display_name"),
        "abstract": _abstract(row.get("abstract_inverted_index")),
        "authors": [
            name
            for each in listed(row, "authorships")
            if (name := text(each, "author", "display_name") or text(each, "raw_author_name"))
        ],
        "published": row.get("publication_date") or row.get("publication_year"),
        "venue": next((name for place in places if (name := text(place, "source", "display_name"))), None),
        "url": next(iter(addresses), None) or row.get("id"),
        "pdf": next(filter(None, pdfs), None),
        "doi": row.get("doi"),
        "keywords": [name for each in listed(row, "keywords") if (name := text(each, "display_name"))],
        "id": text(row, "id").rsplit("/", 1)[-1],
        **{scheme: found.get(scheme) for scheme in _SCHEMES},
    }


def _abstract(index: object) -> str:
    """The text of an index that says at which places each word stands.

    >>> _abstract({"deep": [1, 3], "We": [0], "and": [2]})
    'We deep and deep'
    """
    if index is None:
        return ""
    if not isinstance(index, dict) or not all(isinstance(places, list) for places in index.values()):
        raise UnreadableError("the abstract_inverted_index is not an object of lists")
    words = [(place, word) for word, places in index.items() for place in places]
    if not all(type(place) is int for place, _ in words):
        raise UnreadableError("the abstract_inverted_index has a place that is no number")
    return " ".join(word for _, word in sorted(words))
