"""ML Anthology: a JSON document with the papers of one venue and year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.sources import json_array, records
from kg.sources.columns import UnreadableError
from kg.sources.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_volume", "read"]

_OURS: Final = {
    "id": "bibtex_key",
    "title": "title",
    "abstract": "abstract",
    "published": "year",
    "venue": "venue",
    "url": "venue_url",
    "pdf": "pdf_url",
    "doi": "doi",
}
_PWC: Final = re.compile(r"https?://(?:www\.)?paperswithcode\.com/")


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a volume; what is none is rejected, and the rest is read on."""
    found = (_record(*item) for item in json_array.items(path, "papers"))
    return records.papers(path, sha256, "mlanthology", found)


def is_volume(text: str) -> bool:
    """Whether a text, or its beginning, is an object with a list of papers that have a BibTeX key.

    >>> is_volume('{"venue": "iclr", "papers": [{"bibtex_key": "a"'), is_volume('{"papers": ["a"]}')
    (True, False)
    """
    return text.lstrip().startswith("{") and re.search(r'"papers"\s*:\s*\[\s*\{\s*"bibtex_key"', text) is not None


def _record(line: int, raw: str, item: object) -> Record:
    if not isinstance(item, dict):
        return Record(line, raw, fault="not an object")
    try:
        authors = _authors(item.get("authors"))
    except UnreadableError as error:
        return Record(line, raw, fault=str(error))
    values = {ours: item.get(theirs) for ours, theirs in _OURS.items()}
    code = item.get("code_url")
    is_page = isinstance(code, str) and _PWC.match(code) is not None
    return Record(
        line,
        raw,
        {
            **values,
            "authors": authors,
            "pwc" if is_page else "repository": code,
            "openreview": item.get("source_id") if item.get("source") == "openreview" else item.get("openreview_url"),
        },
    )


def _authors(value: object) -> list[str]:
    """The names, given name first; an author may also be a text."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableError("the authors are not a list")
    return [_name(author) for author in value]


def _name(author: object) -> str:
    parts = [author.get("given"), author.get("family")] if isinstance(author, dict) else [author]
    named = [part for part in parts if isinstance(part, str) and part.strip()]
    if not named or any(part and not isinstance(part, str) for part in parts):
        raise UnreadableError("the authors are not all names")
    return " ".join(part.strip() for part in named)
