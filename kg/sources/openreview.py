"""Notes of OpenReview's API, version 2 (a value is an object that holds it) or 1 (a value is itself)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import Source
from kg.sources import documents
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.values import date_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_notes", "read"]

_SITE: Final = "https://openreview.net"
_DATES: Final = ("pdate", "odate", "cdate", "tcdate")


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The submissions among the notes, rejected and withdrawn ones too; a reply to one is no paper."""
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        return paper(_record(row), known, Source(sha256, "openreview", line, count))

    return documents.papers(path, become, "notes")


def is_notes(text: str) -> bool:
    """Whether a text, or its beginning, is made of notes.

    >>> is_notes('{"notes": [{"id": "a", "forum": "a", "content": {}}], "count": 1}')
    True
    """
    row = documents.first(text, "notes")
    return row is not None and row.keys() >= {"id", "content"} and bool(row.keys() & {"forum", "invitation"})


def _record(row: Mapping[str, object]) -> dict[str, object]:
    identifier, forum = row.get("id"), row.get("forum")
    if not isinstance(identifier, str) or not identifier.strip():
        raise UnreadableError("no id")
    if row.get("replyto") or (forum and forum != identifier):
        raise UnreadableError("a reply in a forum, and no paper")
    content = row.get("content")
    if not isinstance(content, dict):
        raise UnreadableError("the content is not an object")
    said = {
        name: value["value"] if isinstance(value, dict) and "value" in value else value
        for name, value in content.items()
    }
    pdf = said.get("pdf")
    return {
        "title": said.get("title"),
        "abstract": said.get("abstract"),
        "authors": _authors(said.get("authors")),
        "keywords": said.get("keywords"),
        "published": next(filter(None, (date_of(row, name) for name in _DATES)), None),
        "venue": said.get("venue"),
        "url": f"{_SITE}/forum?id={identifier.strip()}",
        "pdf": f"{_SITE}{pdf}" if isinstance(pdf, str) and pdf.startswith("/") else pdf,
        "repository": said.get("code"),
        "openreview": identifier,
    }


def _authors(value: object) -> object:
    """The names where a note has them in objects, else what it has."""
    if not isinstance(value, list):
        return value
    return [item.get("fullname", item.get("name")) if isinstance(item, dict) else item for item in value]
