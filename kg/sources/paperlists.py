"""Paperlists, as papercopilot publishes them: a JSON array for each conference and year, every value a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.model import Source
from kg.sources import documents
from kg.sources.columns import Columns, paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_paperlist", "read"]

_YEAR: Final = re.compile(r"\byear\s*=\s*[{\"]?\s*(\d{4})")
_VENUE: Final = re.compile(r"\b(?:booktitle|journal)\s*=\s*\{([^{}\n]{1,300})\}")
_SIGNS: Final = {"status", "track", "gs_citation", "site", "bibtex"}
_LONGEST: Final = 20_000  # characters of a BibTeX entry that are looked at


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a list, rejected and withdrawn ones too; year and venue are those of the BibTeX entry."""
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        return paper(_record(row), known, Source(sha256, "paperlists", line, count))

    return documents.papers(path, become)


def is_paperlist(text: str) -> bool:
    """Whether a text, or its beginning, is such a list.

    >>> is_paperlist('[{"title": "A", "author": "B;C", "status": "Reject", "site": ""}]')
    True
    """
    row = documents.first(text)
    return row is not None and row.keys() >= {"title", "author"} and len(row.keys() & _SIGNS) > 1


def _record(row: Mapping[str, object]) -> dict[str, object]:
    bibtex = row.get("bibtex")
    entry = bibtex[:_LONGEST] if isinstance(bibtex, str) else ""
    year, venue = _YEAR.search(entry), _VENUE.search(entry)
    author, github = row.get("author"), row.get("github")
    site = row.get("site") or row.get("openreview") or row.get("url")
    return {
        "title": row.get("title"),
        "abstract": row.get("abstract"),
        "authors": [name for name in map(str.strip, author.split(";")) if name] if isinstance(author, str) else author,
        "keywords": row.get("keywords"),
        "published": row.get("date") or row.get("year") or (year[1] if year else None),
        "venue": row.get("venue") or (venue[1] if venue else None),
        "url": site,
        "pdf": row.get("pdf"),
        "doi": row.get("doi"),
        "arxiv": row.get("arxiv"),
        "id": None if isinstance(site, str) and "openreview.net/" in site else row.get("id"),
        "repository": github.split(";")[0].strip() if isinstance(github, str) else github,
    }
