"""Packed files (gzip, bzip2, xz, zstd) as streams of what is in them, of any size in little memory."""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from typing import TYPE_CHECKING, Any, Final

from kg.errors import SourceError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["opened"]

_CHUNK: Final = 1 << 16
_MEMORY: Final = 1 << 28
"""Bytes that an unpacker may use; what the tools write at their highest usual levels takes less."""


class _Gzip:
    """A member of a gzip file, with the face that the other unpackers have."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._unpacker.decompress(self._unpacker.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def needs_input(self) -> bool:
        return not self._unpacker.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data


_UNPACKERS: Final[Mapping[bytes, tuple[str, Callable[[], Any]]]] = {
    b"\x1f\x8b": ("gzip", _Gzip),
    b"BZh": ("bzip2", bz2.BZ2Decompressor),
    b"\xfd7zXZ\0": ("xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)),
    b"\x28\xb5\x2f\xfd": ("zstd", zstd.ZstdDecompressor),
}
"""What packed files begin with. Their files may also be several such, one behind the other."""

_FAULTS: Final = (OSError, ValueError, zlib.error, lzma.LZMAError, zstd.ZstdError)


class _Unpacked(io.RawIOBase):
    """What is in a packed file. Reading raises `SourceError` where it is damaged or ends too early."""

    def __init__(self, path: Path, file: io.BufferedReader, name: str, unpacker: Callable[[], Any]) -> None:
        self._path, self._file, self._name, self._new = path, file, name, unpacker
        self._unpacker = unpacker()
        self._pending = b""
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            found = self._next(len(buffer))
        except _FAULTS as error:
            raise self._damaged("is damaged") from error
        buffer[: len(found)] = found
        self._count += len(found)
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _next(self, size: int) -> bytes:
        while True:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data.lstrip(b"\0")  # zeros are padding, as tapes want it
                while not rest and (more := self._file.read(_CHUNK)):
                    rest = more.lstrip(b"\0")
                if not rest:
                    return b""
                self._unpacker, self._pending = self._new(), rest
            if self._unpacker.needs_input and not self._pending:
                self._pending = self._file.read(_CHUNK)
                if not self._pending:
                    raise self._damaged("ends too early")
            data, self._pending = self._pending, b""
            if found := self._unpacker.decompress(data, size):
                return bytes(found)

    def _damaged(self, why: str) -> SourceError:
        done = f"after {self._count} unpacked bytes"
        return SourceError(f"{self._path}: the {self._name} file {why}, {done}: get it anew (what came before is kept)")


def opened(path: Path) -> io.BufferedReader:
    """A file to read bytes from; one that is packed, by its first bytes, as what is in it.

    Reading raises `SourceError` where a packed file is damaged, ends too early, or needs too much memory.
    """
    file = path.open("rb")
    start = file.peek(max(map(len, _UNPACKERS)))
    for magic, (name, unpacker) in _UNPACKERS.items():
        if start.startswith(magic):
            return io.BufferedReader(_Unpacked(path, file, name, unpacker), _CHUNK)
    return file
