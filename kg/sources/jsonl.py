"""JSON Lines: one object a line, its keys being the columns."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Rejected, Source
from kg.sources import files
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper

__all__ = ["first", "is_records", "read", "records"]

_OPENING: Final = re.compile(r'\{[ \t]*"')
_TRIED: Final = 100


def read(path: Path, sha256: str, columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file, line by line; a line that is none is rejected, and the rest is read on."""
    known = Columns(path, columns)
    return records(path, known, lambda row, number, count: paper(row, known, Source(sha256, "jsonl", number, count)))


def first(text: str) -> dict[str, object] | None:
    """The first object that stands on one line of a text, or of its beginning."""
    lines = map(_tried, text.lstrip().split("\n", _TRIED)[:_TRIED])
    return next((value for value in lines if isinstance(value, dict)), None)


def is_records(text: str) -> bool:
    """Whether a text, or its beginning, is made of JSON objects, one a line.

    >>> is_records('{"title": "A"}'), is_records('{"title": "cut'), is_records("{"), is_records('["A"]')
    (True, True, False, False)
    """
    lines = text.lstrip().split("\n", _TRIED)[:_TRIED]
    if lines[0].startswith("[") and _tried(lines[0]) is None:
        return False  # an array that goes on below
    return _OPENING.match(lines[0]) is not None or any(isinstance(_tried(line), dict) for line in lines)


def records(
    path: Path, columns: Columns, become: Callable[[Mapping[str, object], int, int], Paper]
) -> Iterator[Paper | Rejected]:
    """What the objects of a file become, given their line and their number; UnreadableError rejects one."""
    count = 0
    for number, line in files.lines(path):
        raw = (line or b"").rstrip(b"\r\n")
        if line is not None and not raw.strip():
            continue
        count += 1
        try:
            yield become(_parsed(raw if line is not None else None), number, count)
        except UnreadableError as error:
            yield Rejected(str(path), number, str(error), raw[: 4 * RAW].decode("utf-8", "replace")[:RAW])
    if not count:
        raise SourceError(f"{path}: no records: check how it was saved")
    columns.check()


def _parsed(line: bytes | None) -> dict[str, object]:
    if line is None:
        raise UnreadableError(f"a line of more than {files.LONGEST >> 20} MiB")
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"byte 0x{line[error.start]:02x} at column {error.start + 1} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg} (column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError("not JSON that can be read: a number too long, or nested too deep") from error
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object")
    return value


def _tried(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
