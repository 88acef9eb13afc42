"""arXiv's metadata as JSON Lines, as Kaggle distributes them: one paper a line, its text wrapped as for a mail."""

from __future__ import annotations

import re
from email.utils import parsedate
from typing import TYPE_CHECKING, Final

from kg.model import Source
from kg.sources import documents
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.values import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_snapshot", "read", "unwrapped"]

_PARAGRAPH: Final = re.compile(r"\n(?=[ \t])")
_KNOWN: Final = {"id", "title", "categories"}
_SIGNS: Final = {"authors_parsed", "update_date", "versions", "journal-ref", "submitter"}


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file, line by line; the first version of each dates it."""
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        return paper(_record(row), known, Source(sha256, "arxiv", line, count))

    return documents.papers(path, become)


def is_snapshot(text: str) -> bool:
    """Whether a text, or its beginning, is made of arXiv's own records.

    >>> is_snapshot('{"id": "0704.0001", "title": "A", "categories": "cs.LG", "versions": []}')
    True
    """
    row = documents.first(text)
    return row is not None and row.keys() >= _KNOWN and bool(row.keys() & _SIGNS)


def unwrapped(text: str) -> str:
    r"""A text without the line ends that only wrap it; a line that is indented begins a paragraph.

    >>> unwrapped("  We prove\nit.\n  We use it.\n")
    'We prove it.\nWe use it.'
    """
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPH.split(text))
    return "\n".join(filter(None, paragraphs))


def _record(row: Mapping[str, object]) -> dict[str, object]:
    title, abstract = row.get("title"), row.get("abstract")
    identifier = row.get("id")
    if not isinstance(identifier, str) or not identifier.strip():
        raise UnreadableError("no id")
    versions = listed(row, "versions")
    return {
        "title": " ".join(title.split()) if isinstance(title, str) else title,
        "abstract": unwrapped(abstract) if isinstance(abstract, str) and "versions" in row else abstract,
        "authors": _authors(row.get("authors_parsed")) or row.get("authors"),
        "published": _day(versions[0].get("created") if versions else None) or row.get("published"),
        "date": row.get("update_date"),
        "venue": row.get("journal-ref"),
        "url": f"https://arxiv.org/abs/{identifier.strip()}",
        "doi": row.get("doi"),
        "arxiv": identifier,
    }


def _authors(parsed: object) -> list[str]:
    """Names in the order of speech, of lists of family name, given name and suffix."""
    if parsed is None:
        return []
    if not isinstance(parsed, list) or not all(isinstance(name, list) for name in parsed):
        raise UnreadableError("the authors_parsed are not a list of lists")
    parts = [[part.strip() for part in name[:3] if isinstance(part, str)] for name in parsed]
    names = (" ".join(filter(None, (*name[1:2], *name[:1], *name[2:]))) for name in parts)
    return [name for name in names if name]


def _day(created: object) -> str | None:
    """The day of a date as mails write it: "Mon, 2 Apr 2007 19:18:42 GMT"."""
    found = parsedate(created) if isinstance(created, str) else None
    return f"{found[0]:04}-{found[1]:02}-{found[2]:02}" if found else None
