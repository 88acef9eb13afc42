"""The entries of a BibTeX file, one by one: what one of them breaks is broken for it alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.scanner import PybtexSyntaxError

from kg.sources import files
from kg.sources.records import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Entry", "entries", "is_entry"]

_COMMAND: Final = re.compile(r"@\s*[A-Za-z]+\s*[{(]")
_START: Final = re.compile(rb"[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]")
_ENTRY: Final = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(][ \t]*[^\s,={}\"]+[ \t]*,", re.MULTILINE)
_COMMANDS: Final = {"string", "preamble", "comment"}
_LONGEST: Final = 500  # letters of a @string: longer ones, put into one another, would fill the memory
_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in its file: its line, its text, its type and key, its fields; or what is wrong with it.

    The names of types and fields are in lower case, the values as they are written, with what @string says put in.
    """

    line: int
    raw: str
    type: str = ""
    key: str = ""
    fields: Mapping[str, str] | None = None
    fault: str | None = None


class _Strings(dict[str, str]):
    """What @string defines, in any case; a name that nothing defines stands for itself."""

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value[:_LONGEST])

    def __getitem__(self, name: str) -> str:
        return self.get(name.lower(), name)


def is_entry(text: str) -> bool:
    """Whether a text, or its beginning, has a BibTeX entry on a line of its own.

    >>> is_entry("@article{key,"), is_entry("mail me @ home (now), please"), is_entry("@string{a = 1}")
    (True, False, False)
    """
    return any(found[1].lower() not in _COMMANDS for found in _ENTRY.finditer(text))


def entries(path: Path, types: frozenset[str] | None = None) -> Iterator[Entry]:
    """Each entry of a file; @string is put in, @preamble, @comment and what stands between entries is left out.

    With `types` only the lines that begin with an entry of such a type are looked at.
    """
    strings = _Strings(month_names)
    for line, data in _blocks(path):
        start = _START.match(data or b"")
        if types is not None and (start is None or start[1].decode().lower() not in {*types, "string"}):
            continue
        if data is None:
            yield Entry(line, "", fault=f"an entry of more than {LARGEST >> 20} MiB")
            continue
        text = data.decode("utf-8", "surrogateescape")
        if found := _NOT_UTF8.search(text):
            where = line + text.count("\n", 0, found.start())
            raw = data.decode("utf-8", "replace")
            yield Entry(line, raw, fault=f"byte 0x{ord(found[0]) - 0xDC00:02x} is not UTF-8 (line {where})")
        else:
            yield from _parsed(text, line, strings)


def _blocks(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Pieces of a file that begin where an entry does, at a line of its own; None for one that is too large."""
    start, lines, size = 0, list[bytes](), 0
    for number, line in files.lines(path):
        if line is not None and _START.match(line):
            if start:
                yield start, b"".join(lines) if size <= LARGEST else None
            start, lines, size = number, [], 0
        size += LARGEST + 1 if line is None else len(line)
        if start and line is not None and size <= LARGEST:
            lines.append(line)
    if start:
        yield start, b"".join(lines) if size <= LARGEST else None


def _parsed(text: str, line: int, strings: _Strings) -> Iterator[Entry]:
    faults = list[PybtexSyntaxError]()

    def note(error: PybtexSyntaxError) -> None:
        if _COMMAND.match(text, parser.command_start):  # and not an "@" in what stands between entries
            faults.append(error)

    parser = LowLevelParser(text, macros=strings, handle_error=note)
    for command, (*key, body) in parser:
        begins = line + text.count("\n", 0, parser.command_start)
        if faults:
            yield Entry(begins, text[parser.command_start :], fault=_why(faults[0], line))
            faults.clear()
        elif command.lower() not in _COMMANDS:
            fields = dict[str, str]()
            for name, parts in body:
                fields.setdefault(name.lower(), "".join(parts))
            yield Entry(begins, text[parser.command_start : parser.pos], command.lower(), key[0], fields)
        elif command.lower() == "string" and sum(map(len, body)) > _LONGEST:
            yield Entry(begins, text[parser.command_start :], fault=f"a @string of more than {_LONGEST} letters")


def _why(error: PybtexSyntaxError, line: int) -> str:
    return f"not BibTeX: {' '.join(str(error.args[0]).split())} (line {line + error.lineno - 1})"
