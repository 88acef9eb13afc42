"""The dump links-between-papers-and-code.json of Papers with Code: one repository of one paper a record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import Declared, Source
from kg.sources import documents
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.values import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_links", "read"]

_SIGNS: Final = {"paper_title", "repo_url"}


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """A paper with nothing but a title for each link, to be one with the paper that another source tells more of.

    An official repository is the paper's own, and its framework the paper's; the others stand beside it.
    """
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        address, framework, official = text(row, "repo_url"), text(row, "framework"), row.get("is_official") or False
        if not address:
            raise UnreadableError("no repo_url")
        if not isinstance(official, bool):
            raise UnreadableError("the is_official is not true or false")
        named = framework if framework.casefold() not in ("", "none") else None
        own = Declared(repository=address, framework=named) if official else Declared(repositories=(address,))
        return replace(paper(_record(row), known, Source(sha256, "pwc-links", line, count)), declared=own)

    return documents.papers(path, become)


def is_links(start: str) -> bool:
    """Whether a text, or its beginning, is this dump.

    >>> is_links('[{"paper_url": "https://paperswithcode.com/paper/a", "paper_title": "A", "repo_url": "https://x.org/r"}]')
    True
    """
    row = documents.first(start)
    return row is not None and row.keys() >= _SIGNS


def _record(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "title": row.get("paper_title"),
        "url": row.get("paper_url_abs"),
        "pdf": row.get("paper_url_pdf"),
        "pwc": row.get("paper_url"),
        "arxiv": row.get("paper_arxiv_id"),
    }
