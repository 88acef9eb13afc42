"""Parquet: the columns have the names of our tables; row groups are read a batch at a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from kg.errors import SourceError
from kg.extras import install
from kg.model import Rejected, Source
from kg.sources.columns import Columns, UnreadableError, paper, shown
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper

__all__ = ["is_parquet", "read"]

_MAGIC: Final = b"PAR1"
_ROWS: Final = 256  # of a batch: abstracts may be long


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read(path: Path, sha256: str, columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file, row by row. Raises `SourceError` where the extra is missing or the file is damaged."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise SourceError(f"{path}: is Parquet: {install('parquet')} to read it") from error
    known = Columns(path, columns)
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            names = tuple(file.schema_arrow.names)
            used = known.resolved(names)
            known.check()
            if not used["title"]:
                why = f"no column for the title: the columns are {shown(names)}"
                raise SourceError(f"{path}: {why}: say which with --map title=NAME")
            wanted = list(dict.fromkeys(name for found in used.values() for name in found))
            for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
                for row in range(batch.num_rows):
                    number += 1
                    try:
                        cells = {name: _value(batch.column(name)[row]) for name in batch.schema.names}
                        yield paper(cells, known, Source(sha256, "parquet", number, number))
                    except UnreadableError as error:
                        yield Rejected(str(path), number, str(error), _raw(batch, row))
    except (pa.ArrowException, OSError) as error:
        why = " ".join(str(error).split())[:200]
        if not number:
            raise SourceError(f"{path}: is no Parquet that can be read ({why}): check how it was saved") from error
        yield Rejected(str(path), number + 1, f"damaged from this row on ({why}): the rest of the file is not read")
        return
    if not number:
        raise SourceError(f"{path}: no rows: check how it was saved")


def _value(cell: Any) -> object:
    try:
        value = cell.as_py()
    except (ValueError, OverflowError) as error:  # text that is not UTF-8, a date that no calendar has
        raise UnreadableError("a value that cannot be read: not UTF-8, or a date that no calendar has") from error
    return value.isoformat() if isinstance(value, dt.date) else value


def _raw(batch: Any, row: int) -> str:
    return str(batch.slice(row, 1).to_pydict())[:RAW] if _is_sound(batch, row) else ""


def _is_sound(batch: Any, row: int) -> bool:
    try:
        batch.slice(row, 1).to_pydict()
    except (ValueError, OverflowError):
        return False
    return True
