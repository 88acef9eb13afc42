"""Tables as Zotero exports them: CSV with its names of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import Source
from kg.sources import table
from kg.sources.columns import Columns, UnreadableError, paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_library", "read"]

_SIGNS: Final = ('"Item Type"', '"Publication Year"', '"Abstract Note"')
_NO_PAPERS: Final = frozenset({"annotation", "attachment", "note"})


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The items of a library; attachments and notes are no papers."""
    known, names = Columns(path, {}), Columns(path, {"title": "Title"})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        return paper(_record(row), known, Source(sha256, "zotero", line, count))

    return table.records(path, names, become)


def is_library(text: str) -> bool:
    """Whether a text, or its beginning, is such a table.

    >>> is_library('"Key","Item Type","Publication Year","Author","Title","Abstract Note"')
    True
    """
    line = text.lstrip().split("\n", 1)[0]
    return all(sign in line or sign.strip('"') in line.split(",") for sign in _SIGNS)


def _record(row: Mapping[str, object]) -> dict[str, object]:
    kind = str(row.get("Item Type") or "")
    if kind in _NO_PAPERS:
        raise UnreadableError(f"an item of type {kind}, and no paper")
    tags = ";".join(str(row.get(name) or "") for name in ("Manual Tags", "Automatic Tags"))
    authors = str(row.get("Author") or "")
    return {
        "title": row.get("Title"),
        "abstract": row.get("Abstract Note"),
        "authors": [name for name in map(str.strip, authors.split(";")) if name],
        "published": row.get("Date"),
        "year": row.get("Publication Year"),
        "venue": row.get("Publication Title") or row.get("Proceedings Title") or row.get("Conference Name"),
        "url": row.get("Url"),
        "doi": row.get("DOI"),
        "keywords": list(dict.fromkeys(tag for tag in map(str.strip, tags.split(";")) if tag)),
        "id": row.get("Key"),
    }
