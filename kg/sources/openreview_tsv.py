"""Lists of OpenReview submissions as tables with tabs: paper_id, title, link, keywords, abstract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Rejected, Source
from kg.sources import files
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper

__all__ = ["is_list", "read"]

_COLUMNS: Final = {"title": "title", "openreview": "paper_id", "url": "link"}


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The submissions of a table, line by line. A quote is a sign of the text like others: nothing is quoted."""
    known = Columns(path, _COLUMNS)
    count = 0
    with files.opened(path) as file:
        names = _cells(next(file, b"").removeprefix(files.BOM.encode()))
        known.resolved(tuple(names))
        known.check()
        for number, line in enumerate(file, start=2):
            if not line.strip():
                continue
            count += 1
            try:
                yield paper(_record(names, line), known, Source(sha256, "openreview-tsv", number, count))
            except UnreadableError as error:
                yield Rejected(str(path), number, str(error), line.decode("utf-8", "replace").rstrip("\r\n")[:RAW])
    if not count:
        raise SourceError(f"{path}: no rows below the column names: check how it was saved")


def is_list(text: str) -> bool:
    r"""Whether a text, or its beginning, is such a table.

    >>> is_list("paper_id\ttitle\tlink\tkeywords\tabstract\n"), is_list("id\ttitle\n")
    (True, False)
    """
    return set(_COLUMNS.values()) <= set(text.split("\n", 1)[0].rstrip("\r").split("\t"))


def _cells(line: bytes) -> list[str]:
    return line.decode("utf-8", "surrogateescape").rstrip("\r\n").split("\t")


def _record(names: list[str], line: bytes) -> dict[str, object]:
    cells = _cells(line)
    if len(cells) != len(names):
        raise UnreadableError(f"{len(cells)} cells where the first line names {len(names)} columns")
    return dict(zip(names, cells, strict=True))
