"""A graph in a directory: `store/` with Oxigraph's files, `kg.json` that says whose it is.

A new store is made in `store.new/` and takes the place of the old one by
two renames, so that a crash leaves one of the two whole: a store that was renamed away and not replaced is in
`store.old/`, and is read from there. What else a build must know of the store stands in it too, as files beside
Oxigraph's, and so changes in the same moment.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = [
    "CORPUS",
    "LOCK",
    "VERSION",
    "beside",
    "change",
    "changed",
    "locked",
    "mark",
    "open_store",
    "patch",
    "put_beside",
    "rebuild",
    "recover",
    "replace",
]

#: The layout of the directory; a kg that does not know it must not touch it.
VERSION: Final = 2

#: Beside Oxigraph's files, the triples that are of no paper alone, as packed N-Triples.
CORPUS: Final = "kg-corpus.nt.gz"

_MARKER, LOCK = "kg.json", ".lock"
_STORE, _NEW, _OLD, _LINES = "store", "store.new", "store.old", "store.new.nt"
_CHANGED: Final = "changed"
_TRIES, _PAUSE = 5, 0.05


def open_store(directory: Path) -> ox.Store:
    """Open the store of a graph for reading; many may read at once. Raises GraphError."""
    if not directory.exists():
        raise GraphError(f"{directory}: no such graph: make one with kg build")
    _belongs(directory)
    for _ in range(_TRIES):  # a writer may be between its two renames
        for name in (_STORE, _OLD):
            if (directory / name / "CURRENT").exists():
                try:
                    return ox.Store.read_only(str(directory / name))
                except FileNotFoundError:
                    continue
                except (OSError, RuntimeError) as error:
                    reason = " ".join(str(error).split())
                    raise GraphError(f"{directory}: the store is damaged: build it again ({reason})") from error
        time.sleep(_PAUSE)
    raise GraphError(f"{directory} holds no graph yet: the build did not end; run kg build again")


def mark(directory: Path, *, fresh: bool) -> None:
    """Make a directory ours, so that a graph can be kept in it.

    Raises GraphError if it holds something else, or cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / _MARKER).exists():
        if {file.name for file in directory.iterdir()} - {LOCK, f".{_MARKER}"}:
            raise GraphError(f"{directory} is not empty and not a kg graph: name a new directory")
        _own(directory)
    elif not fresh:
        _belongs(directory)


def _own(directory: Path) -> None:
    """Say that the directory has our layout."""
    waiting = directory / f".{_MARKER}"
    waiting.write_text(json.dumps({"store": VERSION}) + "\n", "utf-8")
    waiting.replace(directory / _MARKER)


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold a lock file, as the only writer; gives its descriptor. Raises GraphError if another holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise GraphError(f"{path.parent}: another kg is writing here: wait until that has ended") from error
        yield lock
    finally:
        os.close(lock)


def replace(directory: Path, lines: Iterable[str]) -> int:
    """Put a store with these lines in the place of the one that is there; gives the number of triples."""
    with locked(directory / LOCK):
        recover(directory)
        source = directory / _LINES
        try:
            with source.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
            store = ox.Store(str(directory / _NEW))
            store.bulk_load(path=str(source), format=ox.RdfFormat.N_TRIPLES)
            store.flush()
            store.optimize()
            count = len(store)
        finally:
            source.unlink(missing_ok=True)
        del store
        swap(directory, {})
    return count


def rebuild(
    directory: Path,
    lines: IO[bytes],
    beside: Mapping[str, Callable[[], bytes]],
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Put a store with these lines, which are ours and correct, in the place of the one that is there.

    `beside` are files that belong to it, asked for once it is written. Its files are sorted into one another, after
    which a store of millions of triples is read five times as fast; that is Oxigraph's work, and `meanwhile` is done.
    The lock of the directory must be held. Raises OSError.
    """
    with _cleared(directory):
        store = ox.Store(str(directory / _NEW))
        store.bulk_load(input=lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        store.flush()
        with ThreadPoolExecutor(1) as thread:
            sorting = thread.submit(store.optimize)
            meanwhile()
            sorting.result()
        del store, sorting
        swap(directory, {name: content() for name, content in beside.items()})


def patch(directory: Path, gone: IO[bytes], new: IO[bytes], beside: Mapping[str, Callable[[], bytes]]) -> None:
    """Put a store without some lines and with some more in the place of the one that is there.

    It shares the files that did not change, which Oxigraph never writes again: readers keep what they have open.
    Otherwise like `rebuild`.
    """
    with _cleared(directory):
        store = _copy(directory, without=beside)
        for quad in ox.parse(input=gone, format=ox.RdfFormat.N_TRIPLES, lenient=True):
            store.remove(quad)
        store.bulk_load(input=new, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        store.flush()
        del store
        swap(directory, {name: content() for name, content in beside.items()})


def change(directory: Path, changes: Callable[[ox.Store], None]) -> None:
    """Put a changed copy of the store in its place, marked so that the next build writes it anew.

    Raises GraphError if there is none or another kg is writing, OSError, and what `changes` raises.
    """
    open_store(directory)
    with locked(directory / LOCK), _cleared(directory):
        store = _copy(directory, without={_CHANGED})
        changes(store)
        store.flush()
        del store
        swap(directory, {_CHANGED: b""})


def changed(directory: Path) -> bool:
    """Whether the store holds something else than its last build wrote."""
    return beside(directory, _CHANGED) is not None


def _copy(directory: Path, *, without: Collection[str]) -> ox.Store:
    """Open a copy of the store for writing; some of the files beside it stay behind."""
    (directory / _NEW).mkdir()
    for path in (directory / _STORE).iterdir():
        if path.suffix == ".sst":
            _link(path, directory / _NEW / path.name)
        elif path.name not in {"LOCK", "LOG", *without}:
            shutil.copyfile(path, directory / _NEW / path.name)
    return ox.Store(str(directory / _NEW))


@contextmanager
def _cleared(directory: Path) -> Iterator[None]:
    """Clear away what earlier builds left, and what this one leaves if the disk is full."""
    recover(directory)
    try:
        yield
    except RuntimeError as error:
        shutil.rmtree(directory / _NEW, ignore_errors=True)
        raise OSError(" ".join(str(error).split())) from error
    except BaseException:
        shutil.rmtree(directory / _NEW, ignore_errors=True)
        raise


def beside(directory: Path, name: str) -> bytes | None:
    """A file that belongs to the store; None if there is none."""
    for place in (_STORE, _OLD):
        if (directory / place / "CURRENT").exists():
            path = directory / place / name
            return path.read_bytes() if path.exists() else None
    return None


def put_beside(directory: Path, name: str, content: bytes) -> None:
    """Replace a file that belongs to the store."""
    waiting = directory / _STORE / f".{name}"
    waiting.write_bytes(content)
    _sync(waiting)
    waiting.replace(directory / _STORE / name)


def swap(directory: Path, beside: Mapping[str, bytes]) -> None:
    """Put the new store in the place of the old one, once it is whole on the disk."""
    for name, content in beside.items():
        (directory / _NEW / name).write_bytes(content)
    for path in (*(directory / _NEW).iterdir(), directory / _NEW):
        _sync(path)
    if (directory / _STORE).exists():
        (directory / _STORE).rename(directory / _OLD)
    (directory / _NEW).rename(directory / _STORE)
    if _version(directory) != VERSION:  # --fresh over what another version made
        _own(directory)
    _sync(directory)
    shutil.rmtree(directory / _OLD, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, target)


def recover(directory: Path) -> None:
    """Clear away what a crash left, keeping the store that was whole."""
    shutil.rmtree(directory / _NEW, ignore_errors=True)
    if not (directory / _OLD).exists():
        return
    if (directory / _STORE).exists():
        shutil.rmtree(directory / _OLD)
    else:
        (directory / _OLD).rename(directory / _STORE)


def _belongs(directory: Path) -> None:
    version = _version(directory)
    if version is None:
        raise GraphError(f"{directory} is not a kg graph: it holds no kg.json; make one with kg build")
    if version != VERSION:
        raise GraphError(
            f"{directory} has store format {version}, and this kg knows format {VERSION}: "
            "use the kg that made it, or build it again with --fresh"
        )


def _version(directory: Path) -> object:
    """Read the version that the marker names; None without a marker."""
    try:
        return json.loads((directory / _MARKER).read_text("utf-8"))["store"]
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return "unknown"
