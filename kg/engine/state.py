"""What a graph directory remembers of its last build, in the same moment as its store."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Final

from kg.engine.memory import give_back
from kg.errors import GraphError
from kg.store import directory as store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.store.cache import Cache

__all__ = ["State", "amend", "commit", "corpus_lines", "load"]

_STATE: Final = "kg-state.json.gz"
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


def commit(
    directory: Path,
    before: State | None,
    now: State,
    new: set[bytes],
    blocks: Cache,
    *,
    meanwhile: Callable[[], object],
) -> None:
    """Bring the store to the triples of these papers, and some that are of no paper alone, all at once.

    A store that has them already is left alone. The set of lines is empty afterwards: loading the store needs the
    memory. `meanwhile` is done in any case before the store takes its place: Oxigraph has work of its own then.
    Raises OSError.
    """
    state = _packed(json.dumps(asdict(now)).encode("ascii"))
    old = _lines_before(directory, before, blocks)
    if before is None or old is None:
        lines = _joined(sorted(new))
        new.clear()
        _load(directory, lines, now, state, blocks, meanwhile)
        return
    more, same, less = sorted(new.difference(old)), list[bytes](), list[bytes]()
    for line in old:
        (same if line in new else less).append(line)
    gone, come = sorted({*before.blocks} - {*now.blocks}), sorted({*now.blocks} - {*before.blocks})
    whole = len(new) + _count(now.blocks, blocks)
    changed = len(more) + len(less) + _count(gone, blocks) + _count(come, blocks)
    if not changed:
        meanwhile()
        store.put_beside(directory, _STATE, state)
        return
    lines = _joined(sorted(chain(same, more)))
    del old, same
    new.clear()
    if changed < _LARGE * whole:
        meanwhile()
        with _beside(state, lines) as files:
            store.patch(directory, _stream(_joined(less), gone, blocks), _stream(_joined(more), come, blocks), files)
    else:
        _load(directory, lines, now, state, blocks, meanwhile)


def corpus_lines(directory: Path) -> list[bytes] | None:
    """The triples of the last build that are of no paper alone, sorted; None where they are damaged."""
    packed = _unpacked(store.beside(directory, store.CORPUS))
    return None if packed is None else packed.splitlines()


def amend(
    directory: Path, before: State, now: State, corpus: tuple[Iterable[bytes], set[bytes], set[bytes]], blocks: Cache
) -> None:
    """Bring the store to other papers, and to other triples that are of no paper alone.

    `corpus` are those of the last build, those that go, and those that come. Raises OSError.
    """
    same, less, more = corpus
    state = _packed(json.dumps(asdict(now)).encode("ascii"))
    lines = [line for line in same if line not in less]
    lines += more
    lines.sort()
    gone, come = sorted({*before.blocks} - {*now.blocks}), sorted({*now.blocks} - {*before.blocks})
    if not (less or more or gone or come):
        store.put_beside(directory, _STATE, state)
        return
    with _beside(state, _joined(lines)) as files:
        old, new = (_stream(_joined(sorted(some)), ids, blocks) for some, ids in ((less, gone), (more, come)))
        store.patch(directory, old, new, files)


def _load(  # noqa: PLR0917 - what a store is made of
    directory: Path, lines: bytes, now: State, state: bytes, blocks: Cache, meanwhile: Callable[[], object]
) -> None:
    give_back()
    with _beside(state, lines) as files:
        store.rebuild(directory, _stream(lines, now.blocks, blocks), files, meanwhile)


@contextmanager
def _beside(state: bytes, lines: bytes) -> Iterator[dict[str, Callable[[], bytes]]]:
    """The files beside a store, of which one is packed while that is written: zlib leaves Python to others."""
    with ThreadPoolExecutor(1) as thread:
        yield {_STATE: lambda: state, store.CORPUS: thread.submit(_packed, lines).result}


def _lines_before(directory: Path, before: State | None, blocks: Cache) -> list[bytes] | None:
    """The triples of the last build that are of no paper alone; None where all must be written anew."""
    if before is None or store.changed(directory) or not all(block in blocks for block in before.blocks):
        return None
    return corpus_lines(directory)


def _count(some: Iterable[str], blocks: Cache) -> int:
    return sum(blocks.facts(block).lines for block in some)


def _stream(lines: bytes, some: Sequence[str], blocks: Cache) -> IO[bytes]:
    """Lines, and those of blocks, one after the other."""
    pieces = chain((lines,), (zlib.decompress(blocks.body(block)) for block in some))
    return io.BufferedReader(_Pieces(pieces), _BUFFER)


def _joined(lines: Sequence[bytes]) -> bytes:
    return b"\n".join((*lines, b"")) if lines else b""


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
