"""Records of bibliographic formats become papers: each says its line and its values by our names, or its fault."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Rejected, Source
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper

__all__ = ["LARGEST", "Record", "papers"]

LARGEST: Final = 1 << 20
"""Bytes that one record may have."""

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in a file: the line that it begins on, its text, its values; a fault if it is no paper.

    The values have the names of `columns.NAMES`.
    """

    line: int
    raw: str
    values: Mapping[str, object] = field(default_factory=dict)
    fault: str | None = None


def papers(path: Path, sha256: str, form: str, records: Iterable[Record]) -> Iterator[Paper | Rejected]:
    """The papers that records become, one by one; those that are none are rejected.

    Raises `SourceError` where there is no record at all.
    """
    columns = Columns(path, {})
    count = 0
    for count, record in enumerate(records, start=1):
        try:
            yield _paper(record, columns, Source(sha256, form, record.line, count))
        except UnreadableError as error:
            yield Rejected(str(path), record.line, str(error), _SURROGATES.sub("\ufffd", record.raw[:RAW]))
    if not count:
        raise SourceError(f"{path}: no records: check how it was saved")


def _paper(record: Record, columns: Columns, source: Source) -> Paper:
    if record.fault is not None:
        raise UnreadableError(record.fault)
    return paper({"title": None, **record.values}, columns, source)
