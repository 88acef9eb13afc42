"""CSV with a row of column names, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Rejected, Source
from kg.sources import files
from kg.sources.columns import Columns, UnreadableError, paper, shown
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper

__all__ = ["is_table", "read", "records"]

_SEPARATORS: Final = ",;\t"
_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f]")


def read(path: Path, sha256: str, columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a table, row by row; a row that is none is rejected, and the rest is read on."""
    known = Columns(path, columns)
    return records(path, known, lambda row, number, count: paper(row, known, Source(sha256, "csv", number, count)))


def is_table(text: str) -> bool:
    r"""Whether a text, or its beginning, has a row of column names: a title among them, or a row alike below.

    >>> is_table("title,year\nA,2020\n"), is_table("Well, no title\nto, see\n"), is_table("a,b\n1,2\n")
    (True, False, True)
    """
    rows = _reader(io.StringIO(text.lstrip("\r\n"), newline=""), _separator(text), strict=False)
    names, first = [*islice(rows, 2), [], []][:2]
    if any(map(_CONTROL.search, names)):
        return False
    titled = any(name.strip().lower() == "title" for name in names)
    sound = all(name and not name[0].isspace() for name in names) and len(set(names)) == len(names)
    return titled or (sound and len(names) == len(first) > 1)


def _separator(text: str) -> str:
    """The separator that the first line has most of."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(_SEPARATORS, key=first.count)


def _reader(lines: Iterable[str], separator: str, *, strict: bool = True) -> Iterator[list[str]]:
    csv.field_size_limit(files.LONGEST)  # an abstract may be longer than the 128 KiB that csv allows at first
    return csv.reader(lines, delimiter=separator, strict=strict)


class _Lines:
    """The lines of a file; keeps those that the row at hand is made of."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.taken = list[str]()
        self.count = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        self.count += 1
        return line

    def give_back(self) -> None:
        """Let all but the first of the lines taken come again."""
        self._lines = chain(self.taken[1:], self._lines)
        self.count -= len(self.taken) - 1
        del self.taken[1:]

    def raw(self) -> str:
        """The row as it stands, for a person to see."""
        text = "".join(self.taken).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return text.rstrip("\r\n")[:RAW]


def records(
    path: Path, columns: Columns, become: Callable[[Mapping[str, object], int, int], Paper]
) -> Iterator[Paper | Rejected]:
    """What the rows of a table become, given their line and their number; UnreadableError rejects one."""
    with io.TextIOWrapper(files.opened(path), "utf-8-sig", errors="surrogateescape", newline="") as file:
        first = file.readline(files.LONGEST)
        lines = _Lines(chain([first], iter(partial(file.readline, files.LONGEST), "")))
        separator = _separator(first)
        rows = _reader(lines, separator)
        names = _names(path, rows, columns)
        count = 0
        while True:
            number, lines.taken = lines.count + 1, []
            try:
                row = next(rows, None)
                if row is None:
                    break
                if any(row):
                    count += 1
                    yield become(_record(names, row, number), number, count)
            except UnreadableError as error:
                yield Rejected(str(path), number, str(error), lines.raw())
            except csv.Error as error:  # such as a quote never closed: the lines that it took are read again
                count += 1
                lines.give_back()
                rows = _reader(lines, separator)
                yield Rejected(str(path), number, _why(error), lines.raw())
    if not count:
        raise SourceError(f"{path}: no rows below the column names: check how it was saved")


def _why(error: csv.Error) -> str:
    return "not CSV: a quote is never closed" if "end of data" in str(error) else f"not CSV: {error}"


def _names(path: Path, rows: Iterator[list[str]], columns: Columns) -> tuple[str, ...]:
    """The names of the columns; a `SourceError` where they cannot serve."""
    try:
        names = tuple(next((row for row in rows if any(row)), []))
    except csv.Error as error:
        raise SourceError(f"{path}: line 1: {error}: check the column names") from error
    if any(map(_NOT_UTF8.search, names)):
        raise SourceError(f"{path}: line 1: the column names are not UTF-8: save the file as UTF-8")
    used = columns.resolved(names)
    columns.check()
    if not used["title"]:
        why = f"line 1: no column for the title: the columns are {shown(names)}"
        raise SourceError(f"{path}: {why}: say which with --map title=NAME")
    twice = next((name for found in used.values() for name in found if names.count(name) > 1), None)
    if twice is not None:
        raise SourceError(f"{path}: line 1: two columns are named {twice!r}: rename one")
    return names


def _record(names: tuple[str, ...], row: list[str], number: int) -> dict[str, object]:
    if len(row) > len(names):
        raise UnreadableError(f"{len(row)} cells where the first line names {len(names)} columns")
    for name, cell in zip(names, row, strict=False):
        if found := _NOT_UTF8.search(cell):
            line = number + cell.count("\n", 0, found.start())
            raise UnreadableError(f"byte 0x{ord(found[0]) - 0xDC00:02x} in {name!r} is not UTF-8 (line {line})")
    return dict(zip_longest(names, row, fillvalue=""))
