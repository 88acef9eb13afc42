"""Papers of Semantic Scholar: answers of its API, and JSON Lines of its datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import Source
from kg.sources import documents
from kg.sources.columns import Columns, paper
from kg.sources.values import within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_papers", "read"]

_OURS: Final = {"doi": "DOI", "arxiv": "ArXiv", "acl": "ACL"}


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file; its own number of a paper, or else of its corpus, is the key."""
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        return paper(_record(row), known, Source(sha256, "semantic-scholar", line, count))

    return documents.papers(path, become, "data")


def is_papers(text: str) -> bool:
    """Whether a text, or its beginning, is made of such papers.

    >>> is_papers('{"total": 1, "data": [{"paperId": "6", "title": "A"}]}'), is_papers('{"corpusid": 7}')
    (True, True)
    """
    row = documents.first(text, "data")
    return row is not None and bool(row.keys() & {"paperId", "corpusid"})


def _record(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "title": row.get("title"),
        "abstract": row.get("abstract"),
        "authors": row.get("authors"),
        "published": row.get("publicationDate") or row.get("publicationdate"),
        "year": row.get("year"),
        "venue": within(row, "publicationVenue", "name") or row.get("venue") or within(row, "journal", "name"),
        "url": row.get("url"),
        "pdf": within(row, "openAccessPdf", "url"),
        "id": row.get("paperId") or row.get("corpusid"),
        **{ours: _external(row, theirs) for ours, theirs in _OURS.items()},
    }


def _external(row: Mapping[str, object], name: str) -> object:
    return within(row, "externalIds", name) or within(row, "externalids", name)
