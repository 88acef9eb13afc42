"""JSON of many records: an array, the answers of an API that hold one, or objects one a line; read as a stream."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import SourceError
from kg.model import Rejected
from kg.sources import files, jsonl
from kg.sources.columns import Columns, UnreadableError
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from kg.model import Paper

__all__ = ["Found", "first", "objects", "papers"]

_CHUNK: Final = 1 << 18
_LONGEST: Final = 1 << 26  # characters of a record: what is longer is a quote that was never closed
_CUT: Final = 12  # characters before the end, within which an error may be that the text goes on
_DIGITS: Final = 300
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder(parse_int=lambda text: int(text) if len(text) <= _DIGITS else float(text))


@dataclass(frozen=True, slots=True)
class Found:
    """An object of a file: its line, its number from 1, and how it begins."""

    value: Mapping[str, object]
    line: int
    number: int
    raw: str


def first(text: str, *within: str) -> dict[str, object] | None:
    """The first record of a text, or as many of its members as its beginning has; one that is cut is None.

    `within` are the members that an answer may hold its records in.

    >>> first('[{"a": 1, "b": [2, 3'), first('{"meta": {}, "results": [{"a": 1}]}', "results"), first("a,b")
    ({'a': 1, 'b': None}, {'a': 1}, None)
    """
    start = text.lstrip()
    if start.startswith("["):
        start = start[1:].lstrip()
    if not start.startswith("{"):
        return None
    found, inner = _members(start, within)
    return found if inner is None else first(inner)


def objects(path: Path, *within: str) -> Iterator[Found | Rejected]:
    """The objects of a file in its order; a value that is none, and what cannot be parsed, is rejected.

    What comes behind a place that is not JSON cannot be read: that place is the last one rejected.
    """
    number = 0
    with files.opened(path) as file:
        text = _Text(file)
        for value, line, raw in _values(text, within):
            number += 1
            if isinstance(value, UnreadableError):
                why = f"{value}: the rest of the file, from record {number} on, is not read"
                yield Rejected(str(path), line, why, raw)
            elif isinstance(value, dict):
                yield Found(value, line, number, raw)
            else:
                yield Rejected(str(path), line, "not a JSON object", raw)
    if not number:
        raise SourceError(f"{path}: no records: check how it was saved")


def papers(
    path: Path, become: Callable[[Mapping[str, object], int, int], Paper], *within: str
) -> Iterator[Paper | Rejected]:
    """What the objects of a file become, given their line and their number; UnreadableError rejects one."""
    start = files.head(path).lstrip()
    if _is_one_a_line(start) and not _is_wrapped(start, within):
        yield from jsonl.records(path, Columns(path, {}), become)
        return
    for found in objects(path, *within):
        if isinstance(found, Rejected):
            yield found
            continue
        try:
            yield become(found.value, found.line, found.number)
        except UnreadableError as error:
            yield Rejected(str(path), found.line, str(error), found.raw)


def _is_one_a_line(text: str) -> bool:
    r"""Whether a text that begins with an object goes on with others, and the object does not go on itself.

    >>> _is_one_a_line('{"a": 1}\n{"b"'), _is_one_a_line('{"a": 1,\n "b": 2}'), _is_one_a_line('[{"a": 1}]')
    (True, False, False)
    """
    return text.startswith("{") and not text.split("\n", 1)[0].rstrip().endswith((",", "{", "["))


def _is_wrapped(text: str, within: tuple[str, ...]) -> bool:
    return bool(within) and text.startswith("{") and _members(text, within)[1] is not None


_Value = tuple[object, int, str]
"""A value, its line, and how it begins."""


class _Text:
    """The characters of a file, of which only those of the value at hand are held."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def peek(self) -> str:
        """The next character that is no blank; none at the end."""
        while True:
            self._pass(_end_of_blank(self._text, self._at))
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Leave a character behind."""
        self._at += 1

    def value(self) -> _Value:
        """The JSON value that begins here, its line and its beginning. Raises `UnreadableError` where there is none."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _CUT or error.msg.startswith("Unterminated string")
                if not (cut and self._more()):
                    line = self.line + self._text.count("\n", self._at, error.pos)
                    raise UnreadableError(f"not JSON: {error.msg} (line {line})") from error
            except (ValueError, RecursionError) as error:
                raise UnreadableError("not JSON that can be read: nested too deep") from error
            else:
                if end < len(self._text) or not self._more():
                    line, raw = self.line, self.raw(end)
                    self._pass(end)
                    return value, line, raw

    def raw(self, end: int | None = None) -> str:
        """How the text goes on, for a person to see."""
        text = self._text[self._at : end][:RAW]
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    def _pass(self, end: int) -> None:
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def _more(self) -> bool:
        """Read as much again as is held; whether there was more."""
        held = self._text[self._at :]
        if self._ended or len(held) > _LONGEST:
            return False
        block = self._file.read(max(_CHUNK, len(held)))
        self._ended = not block
        self._text, self._at = held + self._decoder.decode(block, final=self._ended), 0
        return len(self._text) > len(held) or not self._ended


def _values(text: _Text, within: tuple[str, ...]) -> Iterator[_Value]:
    """The records with their lines and beginnings; an `UnreadableError` in place of the last if that is none."""
    try:
        while sign := text.peek():
            if sign == "[":
                yield from _array(text)
            elif sign == "{" and within:
                yield from _answer(text, within)
            else:
                yield text.value()
    except UnreadableError as error:
        yield error, text.line, text.raw()


def _array(text: _Text) -> Iterator[_Value]:
    text.skip()
    while (sign := text.peek()) != "]":
        if not sign:
            raise UnreadableError("not JSON: the file ends within the list")
        yield text.value()
        _comma(text, "]")
    text.skip()


def _answer(text: _Text, within: tuple[str, ...]) -> Iterator[_Value]:
    """The records in an answer; the answer itself, as no object, where it holds none."""
    line, raw, held = text.line, text.raw(), False
    text.skip()
    while (sign := text.peek()) != "}":
        if sign != '"':
            raise UnreadableError("not JSON: a member has no name, or the file ends within an answer")
        name, _, _ = text.value()
        if text.peek() != ":":
            raise UnreadableError("not JSON: a member has no value")
        text.skip()
        if text.peek() == "[" and name in within:
            held = True
            yield from _array(text)
        else:
            text.value()
        _comma(text, "}")
    text.skip()
    if not held:
        yield None, line, raw


def _comma(text: _Text, end: str) -> None:
    sign = text.peek()
    if sign == ",":
        text.skip()
        if text.peek() == end:
            raise UnreadableError("not JSON: nothing stands behind a comma")
    elif sign != end:
        raise UnreadableError("not JSON: a comma is missing, or the file ends here")


def _members(text: str, within: tuple[str, ...]) -> tuple[dict[str, object], str | None]:
    """The members of an object that a text begins with, and the text from its records on if it is an answer."""
    found: dict[str, object] = {}
    at = 1
    try:
        while True:
            at = _end_of_blank(text, at)
            if text[at] == ",":
                at = _end_of_blank(text, at + 1)
            name, at = _name(text, at)
            if name is None:
                return found, None
            at = _end_of_blank(text, at)
            if name in within and text[at] == "[":
                return found, text[at:]
            found[name] = None
            found[name], at = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError, IndexError):
        return found, None


def _name(text: str, at: int) -> tuple[str | None, int]:
    """The name of a member, and where the text goes on behind its colon; None at the end of the object."""
    if text[at] != '"':
        return None, at
    name: Any
    name, at = _DECODER.raw_decode(text, at)
    at = _end_of_blank(text, at)
    return (name, at + 1) if text[at] == ":" else (None, at)


def _end_of_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
