"""What a graph directory remembers of its last build, in the same moment as its store."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Final

from kg.errors import GraphError
from kg.store import directory as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.store.cache import Cache

__all__ = ["State", "commit", "load"]

_STATE, _CORPUS = "kg-state.json.gz", "kg-corpus.nt.gz"
_LEVEL: Final = 1
_BUFFER: Final = 1 << 20
_LARGE: Final = 0.2  # the share of changed triples from which on all are loaded anew


@dataclass(frozen=True, slots=True)
class State:
    """The last build: what it was made of, the sources, counts, the papers by signature, the number of triples."""

    inputs: str = ""
    sources: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    extractor: str | None = None


def load(directory: Path) -> State | None:
    """What the last build left; None before the first. Raises GraphError where it is damaged."""
    content = store.beside(directory, _STATE)
    try:
        return None if content is None else State(**json.loads(gzip.decompress(content)))
    except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
        raise GraphError(f"{directory}: what earlier builds kept is damaged: build again with --fresh") from error


def commit(directory: Path, before: State | None, now: State, new: set[bytes], blocks: Cache) -> None:
    """Bring the store to the triples of these papers, and some that are of no paper alone, all at once.

    A store that has them already is left alone. Raises OSError.
    """
    files = {_STATE: _packed(json.dumps(asdict(now)).encode("ascii")), _CORPUS: _packed(_joined(new))}
    whole = len(new) + _count(now.blocks, blocks)
    packed = _unpacked(store.beside(directory, _CORPUS))
    if (
        before is None
        or packed is None
        or store.changed(directory)
        or not all(block in blocks for block in before.blocks)
    ):
        store.rebuild(directory, _stream(new, now.blocks, blocks), files)
        return
    old = set(packed.splitlines())
    gone, come = sorted({*before.blocks} - {*now.blocks}), sorted({*now.blocks} - {*before.blocks})
    changed = len(old ^ new) + _count(gone, blocks) + _count(come, blocks)
    if not changed:
        store.put_beside(directory, _STATE, files[_STATE])
    elif changed < _LARGE * whole:
        store.patch(directory, _stream(old - new, gone, blocks), _stream(new - old, come, blocks), files)
    else:
        store.rebuild(directory, _stream(new, now.blocks, blocks), files)


def _count(some: Iterable[str], blocks: Cache) -> int:
    return sum(blocks.facts(block).lines for block in some)


def _stream(lines: Iterable[bytes], some: Sequence[str], blocks: Cache) -> IO[bytes]:
    """Lines, and those of blocks, one after the other."""
    pieces = chain((_joined(lines),), (zlib.decompress(blocks.body(block)) for block in some))
    return io.BufferedReader(_Pieces(pieces), _BUFFER)


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in sorted(lines))


def _unpacked(content: bytes | None) -> bytes | None:
    """What was packed; None if that is damaged, for then all is written anew."""
    try:
        return None if content is None else gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return None


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, _LEVEL, mtime=0)


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file that is read from its beginning to its end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        target = memoryview(buffer)
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(target), len(self._rest))
        target[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
