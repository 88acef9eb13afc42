"""The objects of an array within a JSON document of any size, one by one, with their lines."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.sources import files

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["items"]

_CHUNK: Final = 1 << 16
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DIGITS: Final = 400  # of a number that is worth reading
_DECODER: Final = json.JSONDecoder(strict=False, parse_int=lambda text: int(text) if len(text) < _DIGITS else text)


def items(path: Path, name: str | None = None) -> Iterator[tuple[int, str, object]]:
    """Each item of the first array of that name, or of the array that is the document: its line, its text, its value.

    Bytes that are not UTF-8 become lone surrogates. Raises `SourceError` where the document is broken, ends too
    early or has no such array; the items before have been given by then.
    """
    opening = re.compile(r"\ufeff?\s*\[" if name is None else rf'"{re.escape(name)}"\s*:\s*\[')
    with files.opened(path) as file:
        window = _Window(path, file)
        while (found := (opening.match if name is None else opening.search)(window.text)) is None:
            if len(window.text) > files.LONGEST or not window.more():
                which = f" {name!r}" if name else ""
                raise SourceError(f"{path}: no array{which} in this JSON: check how it was saved")
        window.skip(found.end())
        while (sign := window.sign()) != "]":
            if sign == ",":
                window.skip(1)
            else:
                yield window.value()
        while file.read1(_CHUNK):  # so that damage behind the array is told too
            pass


class _Window:
    """The part of a document that is looked at; what stands before `_at` is done with."""

    def __init__(self, path: Path, file: io.BufferedReader) -> None:
        self._path, self._file = path, file
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._line, self._at, self._ended = 1, 0, False
        self.text = ""

    def more(self) -> bool:
        """Whether there was more to read; as much again as is undone, so that trying anew stays cheap."""
        undone = self.text[self._at :]
        data = b"" if self._ended else self._file.read1(max(_CHUNK, len(undone)))
        self._ended = not data
        self.text, self._at = undone + self._decoder.decode(data, final=self._ended), 0
        return not self._ended

    def skip(self, count: int) -> None:
        """Be done with some characters."""
        self._line += self.text.count("\n", self._at, self._at + count)
        self._at += count

    def sign(self) -> str:
        """The next sign that is no blank."""
        while True:
            found = _SPACE.match(self.text, self._at)
            self.skip(found.end() - self._at if found else 0)
            if self._at < len(self.text):
                return self.text[self._at]
            if not self.more():
                raise self._fault("ends before its array does")

    def value(self) -> tuple[int, str, object]:
        """The value that begins here, with its line and its text."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self._at)
            except json.JSONDecodeError as error:
                end, fault = None, error.msg
            except (ValueError, RecursionError) as error:
                raise self._fault("is nested too deep") from error
            if end is not None and (end < len(self.text) or self._ended):
                line, raw = self._line, self.text[self._at : end]
                self.skip(len(raw))
                return line, raw, value
            if len(self.text) - self._at > files.LONGEST:
                raise self._fault(f"has a value of more than {files.LONGEST >> 20} MiB, or is broken")
            if not self.more() and end is None:
                raise self._fault(f"is broken here, or ends too early ({fault})")

    def _fault(self, why: str) -> SourceError:
        return SourceError(f"{self._path}: line {self._line}: the JSON {why}: get it anew (what came before is kept)")
