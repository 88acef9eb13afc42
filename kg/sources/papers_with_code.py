"""The dump papers-with-abstracts.json of Papers with Code: papers with the tasks and methods that it gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import DeclaredClaim, Source
from kg.sources import documents
from kg.sources.columns import Columns, paper
from kg.sources.values import listed, name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["also", "is_papers", "read"]

_SIGNS: Final = {"paper_url", "title", "abstract"}


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of the dump. A method that it gives to a paper is one that the paper uses."""
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        found = paper(_record(row), known, Source(sha256, "pwc-papers", line, count))
        methods = [(name(each, "name"), name(each, "full_name")) for each in listed(row, "methods")]
        claims = (DeclaredClaim("uses", "Method", short, sha256, also(short, full)) for short, full in methods if short)
        return replace(found, declared=replace(found.declared, claims=tuple(dict.fromkeys(claims))))

    return documents.papers(path, become)


def is_papers(start: str) -> bool:
    """Whether a text, or its beginning, is this dump.

    >>> is_papers('[{"paper_url": "https://paperswithcode.com/paper/a", "title": "A", "abstract": "B"}]')
    True
    """
    row = documents.first(start)
    return row is not None and row.keys() >= _SIGNS


def also(first: str, *others: str) -> tuple[str, ...]:
    """The names beside the first one, each once.

    >>> also("BERT", "BERT", "", "Bidirectional Encoder")
    ('Bidirectional Encoder',)
    """
    return tuple(dict.fromkeys(other for other in others if other and other != first))


def _record(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "title": row.get("title"),
        "abstract": row.get("abstract"),
        "authors": row.get("authors"),
        "published": row.get("date"),
        "venue": row.get("proceeding"),
        "url": row.get("url_abs"),
        "pdf": row.get("url_pdf"),
        "pwc": row.get("paper_url"),
        "arxiv": row.get("arxiv_id"),
        "openreview": row.get("openreview_id"),
        "tasks": row.get("tasks"),
    }
