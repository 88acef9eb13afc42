"""A file of results that took long to compute, by the digest of all that they depend on.

It only grows: results come in frames, each with its length and a checksum, so that what a crash has torn off at the end
is found, and all before it is kept. A frame says whose results it holds, then what is said of them, which is read when
it is asked for, and has their bodies at its end.

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
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

__all__ = ["Cache"]

_MAGIC: Final = b"kg-cache-2\n"
_HEAD: Final = struct.Struct("<IIII")  # bytes of the keys, of the facts, of the bodies, checksum of all
_LEVEL: Final = 1
_WASTE: Final = 2  # the file may be so many times as large as what is used


class _Place(NamedTuple):
    """Where the body of a result is, and where the facts of its frame are."""

    offset: int
    length: int
    told: _Told


class _Told(NamedTuple):
    """Where the facts of a frame are, and whose they are, in their order."""

    offset: int
    length: int
    keys: Sequence[str]


def _as_it_is(facts: Any, same: dict[Any, Any]) -> Any:  # noqa: ARG001 - the form of such functions
    return facts


@dataclass(slots=True)
class Cache:
    """Results by key: facts, which are in memory as `_read` makes them once asked for, and a body, which is not."""

    path: Path
    _file: IO[bytes]
    _read: Callable[[Any, dict[Any, Any]], Any]
    _same: dict[Any, Any]
    _places: dict[str, _Place] = field(default_factory=dict)
    _facts: dict[str, Any] = field(default_factory=dict)
    _end: int = 0
    _headers: int = 0

    @classmethod
    def open(
        cls,
        path: Path,
        read: Callable[[Any, dict[Any, Any]], Any] = _as_it_is,
        same: dict[Any, Any] | None = None,
    ) -> Self:
        """Open a file, which need not exist; a torn end is cut off.

        `read` is given facts of JSON, and `same`, in which it remembers values of which it gives only one. Raises
        OSError.
        """
        if not path.exists() or path.stat().st_size < len(_MAGIC):
            path.write_bytes(_MAGIC)
        cache = cls(path, path.open("r+b"), read, {} if same is None else same)
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

    def __len__(self) -> int:
        return len(self._places)

    def facts(self, key: str) -> Any:
        """What is said of a result."""
        if key not in self._facts:
            self._tell(self._places[key].told)
        return self._facts[key]

    def forget(self) -> None:
        """Keep no facts in memory: they are read again once they are asked for."""
        self._facts.clear()
        self._same.clear()

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
        keys = list(facts)
        index = zlib.compress(_json([[key, len(bodies[key])] for key in keys]), _LEVEL)
        told = zlib.compress(_json(list(facts.values())), _LEVEL)
        body = b"".join(bodies[key] for key in keys)
        frame = _framed(index, told, body)
        self._file.seek(self._end)
        try:
            self._file.write(frame)
            self._file.flush()
        except OSError:
            self._cut()
            raise
        self._place(self._end + _HEAD.size + len(index), len(told), [(key, len(bodies[key])) for key in keys])
        self._facts.update((key, self._read(each, self._same)) for key, each in facts.items())
        self._end += len(frame)

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
        self._facts = {key: told for key, told in self._facts.items() if key in self._places}

    def _copy(self, target: Path, used: Mapping[str, _Place]) -> None:
        target.write_bytes(_MAGIC)
        with Cache.open(target) as other:
            for _, told, rows in self._frames(len(_MAGIC)):
                here = {}
                for (key, _), each in zip(rows, self._loaded(told), strict=True):
                    if key in used and used[key].told.offset == told.offset:
                        here[key] = each
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
        for end, told, rows in self._frames(self._end):
            self._place(told.offset, told.length, rows)
            self._end = end
        self._cut()

    def _place(self, offset: int, length: int, rows: Sequence[tuple[str, int]]) -> None:
        """Know where the results of a frame are, whose facts are here."""
        told = _Told(offset, length, [key for key, _ in rows])
        at = offset + length
        self._headers += length
        for key, size in rows:
            self._places[key] = _Place(at, size, told)
            self._facts.pop(key, None)
            at += size

    def _tell(self, told: _Told) -> None:
        """Read what is said of the results of a frame, but for those that a later one has too."""
        for key, each in zip(told.keys, self._loaded(told), strict=True):
            if self._places[key].told.offset == told.offset:
                self._facts[key] = self._read(each, self._same)

    def _loaded(self, told: _Told) -> list[Any]:
        self._file.seek(told.offset)
        found: list[Any] = json.loads(zlib.decompress(self._file.read(told.length)))
        return found

    def _frames(self, start: int) -> Iterator[tuple[int, _Told, list[tuple[str, int]]]]:
        """Whole frames: where each ends, where its facts are, its keys with the lengths of their bodies."""
        self._file.seek(start)
        while len(head := self._file.read(_HEAD.size)) == _HEAD.size:
            *sizes, checksum = _HEAD.unpack(head)
            index, told, body = (self._file.read(size) for size in sizes)
            if len(body) < sizes[-1] or zlib.crc32(body, zlib.crc32(told, zlib.crc32(index))) != checksum:
                return
            after = self._file.tell()
            rows = [(key, size) for key, size in json.loads(zlib.decompress(index))]
            yield after, _Told(after - len(body) - len(told), len(told), [key for key, _ in rows]), rows
            self._file.seek(after)

    def _cut(self) -> None:
        self._file.truncate(self._end)
        self._file.seek(self._end)


def _framed(index: bytes, told: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(told, zlib.crc32(index)))
    return _HEAD.pack(len(index), len(told), len(body), checksum) + index + told + body


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
