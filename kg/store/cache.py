"""A file of results that took long to compute, by the digest of all that they depend on.

It only grows: results come in frames, each with its length and a checksum, so that what a crash has torn off at the end
is found, and all before it is kept. A frame has a header, which says whose results it holds, and a body.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     with Cache.open(Path(folder) / "x.cache") as cache:
...         cache.add({"key": {"size": 3}}, {"key": b"..."})
...     with Cache.open(Path(folder) / "x.cache") as again:
...         print("key" in again, again.facts("key"), again.body("key"))
True {'size': 3} b'...'
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from dataclasses import dataclass, field
from itertools import accumulate
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

__all__ = ["Cache"]

_MAGIC: Final = b"kg-cache-1\n"
_HEAD: Final = struct.Struct("<III")  # bytes of the header, bytes of the body, checksum of both
_LEVEL: Final = 1
_WASTE: Final = 2  # the file may be so many times as large as what is used


class _Place(NamedTuple):
    """Where the body of a result is, and what is said of it."""

    offset: int
    length: int
    facts: Any


def _as_it_is(facts: Any) -> Any:
    return facts


@dataclass(slots=True)
class Cache:
    """Results by key: facts, which are in memory as `_read` makes them, and a body, which stays in the file."""

    path: Path
    _file: IO[bytes]
    _read: Callable[[Any], Any]
    _places: dict[str, _Place] = field(default_factory=dict)
    _end: int = 0
    _headers: int = 0

    @classmethod
    def open(cls, path: Path, read: Callable[[Any], Any] = _as_it_is) -> Self:
        """Open a file, which need not exist; a torn end is cut off. `read` is given facts of JSON. Raises OSError."""
        if not path.exists() or path.stat().st_size < len(_MAGIC):
            path.write_bytes(_MAGIC)
        cache = cls(path, path.open("r+b"), read)
        cache._scan()
        return cache

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def facts(self, key: str) -> Any:
        """What is said of a result."""
        return self._places[key].facts

    def place(self, key: str) -> tuple[int, int]:
        """Where in the file the body of a result begins, and how long it is."""
        place = self._places[key]
        return place.offset, place.length

    def body(self, key: str) -> bytes:
        """The body of a result."""
        place = self._places[key]
        self._file.seek(place.offset)
        return self._file.read(place.length)

    def add(self, facts: Mapping[str, Any], bodies: Mapping[str, bytes]) -> None:
        """Append results, all in one frame; a key that is there already gets the new one. Raises OSError."""
        header = zlib.compress(_json([[key, len(bodies[key]), told] for key, told in facts.items()]), _LEVEL)
        body = b"".join(bodies[key] for key in facts)
        frame = _HEAD.pack(len(header), len(body), zlib.crc32(body, zlib.crc32(header))) + header + body
        self._file.seek(self._end)
        try:
            self._file.write(frame)
            self._file.flush()
        except OSError:
            self._cut()
            raise
        at = self._end + _HEAD.size + len(header)
        self._headers += _HEAD.size + len(header)
        for key, told in facts.items():
            self._places[key] = _Place(at, len(bodies[key]), self._read(told))
            at += len(bodies[key])
        self._end = at

    def keep(self, keys: Collection[str]) -> None:
        """Forget all results but these where most of the file is others'. Raises OSError."""
        used = {key: self._places[key] for key in keys if key in self._places}
        share = len(used) / max(len(self._places), 1)
        size = sum(place.length for place in used.values()) + share * self._headers
        if self._end <= len(_MAGIC) + _WASTE * size:
            return
        waiting = self.path.with_name(f".{self.path.name}")
        try:
            self._copy(waiting, used)
        except OSError:
            waiting.unlink(missing_ok=True)
            raise
        self._file.close()
        waiting.replace(self.path)
        self._file = self.path.open("r+b")
        self._places.clear()
        self._scan()

    def _copy(self, target: Path, used: Mapping[str, _Place]) -> None:
        target.write_bytes(_MAGIC)
        with Cache.open(target) as other:
            for rows, at in self._frames(len(_MAGIC)):
                starts = accumulate((length for _, length, _ in rows), initial=at)
                here = {
                    key: told
                    for (key, _, told), start in zip(rows, starts, strict=False)
                    if key in used and used[key].offset == start
                }
                if here:
                    other.add(here, {key: self.body(key) for key in here})
            other.sync()

    def sync(self) -> None:
        """Wait until the disk has all. Raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _scan(self) -> None:
        """Find what the file holds."""
        self._file.seek(0)
        if self._file.read(len(_MAGIC)) != _MAGIC:
            self._end = 0
            self._cut()
            self._file.write(_MAGIC)
        self._end = len(_MAGIC)
        self._headers = 0
        for rows, at in self._frames(self._end):
            offset = at
            for key, length, told in rows:
                self._places[key] = _Place(offset, length, self._read(told))
                offset += length
            self._end = offset
        self._cut()

    def _frames(self, start: int) -> Iterator[tuple[list[tuple[str, int, Any]], int]]:
        """The headers of whole frames, with the offsets of their bodies."""
        self._file.seek(start)
        while len(head := self._file.read(_HEAD.size)) == _HEAD.size:
            sizes = _HEAD.unpack(head)
            header, body = self._file.read(sizes[0]), self._file.read(sizes[1])
            if len(body) < sizes[1] or zlib.crc32(body, zlib.crc32(header)) != sizes[2]:
                return
            after = self._file.tell()
            self._headers += _HEAD.size + len(header)
            yield json.loads(zlib.decompress(header)), after - len(body)
            self._file.seek(after)

    def _cut(self) -> None:
        self._file.truncate(self._end)
        self._file.seek(self._end)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
