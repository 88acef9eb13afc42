"""The dumps datasets.json and methods.json of Papers with Code: names, and the paper that introduced what they name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import Declared, DeclaredClaim, Source
from kg.sources import documents
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.papers_with_code import also
from kg.sources.values import name, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Kind, Paper, Rejected

__all__ = ["is_datasets", "is_methods", "read_datasets", "read_methods"]

_SITE: Final = "https://paperswithcode.com"


def read_datasets(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """A paper with nothing but a title for each dataset that names the paper that proposes it; others are rejected."""
    return _read(path, sha256, "Dataset", "pwc-datasets")


def read_methods(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The same for methods, of which some name only the title and the address of their source."""
    return _read(path, sha256, "Method", "pwc-methods")


def is_datasets(start: str) -> bool:
    """Whether a text, or its beginning, is the dump of datasets.

    >>> is_datasets('[{"name": "MNIST", "paper": null, "homepage": ""}]')
    True
    """
    row = documents.first(start)
    return row is not None and row.keys() >= {"name", "paper", "homepage"}


def is_methods(start: str) -> bool:
    """Whether a text, or its beginning, is the dump of methods.

    >>> is_methods('[{"name": "Adam", "paper": null, "collections": []}]')
    True
    """
    row = documents.first(start)
    return row is not None and row.keys() >= {"name", "paper"} and bool(row.keys() & {"collections", "source_title"})


def _read(path: Path, sha256: str, kind: Kind, form: str) -> Iterator[Paper | Rejected]:
    known = Columns(path, {})

    def become(row: Mapping[str, object], line: int, count: int) -> Paper:
        short = name(row, "name")
        if not short:
            raise UnreadableError("no name")
        title = text(row, "paper", "title") or text(row, "source_title")
        if not title:
            raise UnreadableError(f"names no paper that introduces it: {short[:80]!r} cannot be said of any")
        address = text(row, "paper", "url") or text(row, "source_url")
        stub = {"title": title, "url": f"{_SITE}{address}" if address.startswith("/") else address}
        claim = DeclaredClaim("proposes", kind, short, sha256, also(short, name(row, "full_name")))
        return replace(paper(stub, known, Source(sha256, form, line, count)), declared=Declared(claims=(claim,)))

    return documents.papers(path, become)
