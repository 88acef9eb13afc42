"""The matrices of a graph, kept in the directory of the graph as `reports.npz` until its store changes."""

from __future__ import annotations

import contextlib
import secrets
import zipfile
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from kg.model import KINDS, PREDICATES
from kg.report.bodies import FILE as WHERE
from kg.report.bodies import Bodies
from kg.report.matrices import Matrices, read
from kg.report.strings import Strings
from kg.store import Graph, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["FILE", "Kept", "bodies", "keep", "kept", "load"]

FILE: Final = "reports.npz"
#: Another number for another content of the file, in which kinds and predicates are numbers.
_LAYOUT: Final = " ".join(("2", *KINDS, *PREDICATES))
_PLACES: Final = "places"


class Kept(NamedTuple):
    """The matrices of a graph, and where the triples of its papers are, if that is known."""

    matrices: Matrices
    bodies: Bodies | None = None


#: What was given for a graph that is open still, and the stamp of its store then.
_given: Final[WeakKeyDictionary[Graph, tuple[str | None, Kept]]] = WeakKeyDictionary()


def load(graph: Graph) -> Matrices:
    """Give the matrices of a graph: those that are kept, if its store is still the same, else read and kept anew.

    A graph that is not in a directory, or in one that cannot be written to, is read once for as long as it is open.
    """
    return _load(graph).matrices


def bodies(graph: Graph) -> Bodies | None:
    """Give where the triples of each paper are; None if no build kept that for the store as it is."""
    return _load(graph).bodies


def _load(graph: Graph) -> Kept:
    now = stamp(graph.directory) if graph.directory else None
    if graph in _given and _given[graph][0] == now and (now or not graph.directory):
        return _given[graph][1]
    found = _loaded(graph, graph.directory, now)
    _given[graph] = now, found
    return found


def _loaded(graph: Graph, directory: Path | None, now: str | None) -> Kept:
    if directory is None or now is None:
        return Kept(read(graph))
    key = f"{_LAYOUT} {now}"
    found = _kept(directory / FILE, key)
    if found is None:
        found = Kept(read(graph))
        if f"{_LAYOUT} {stamp(directory)}" == key:
            with contextlib.suppress(OSError):
                _keep(directory / FILE, key, found.matrices)
    return found


def keep(directory: Path, matrices: Matrices, places: Sequence[tuple[int, int]] | None = None) -> None:
    """Keep the matrices of a graph whose store was just written. Raises OSError.

    `places` say where the triples of each paper begin in the file of `Bodies`, and how long they are.
    """
    key = stamp(directory)
    if key is not None:
        rows = None if places is None else np.array(places, dtype=np.int64).reshape(-1, 2).T
        _keep(directory / FILE, f"{_LAYOUT} {key}", matrices, rows)


def kept(directory: Path) -> Matrices | None:
    """Give the matrices that are kept; None if there are none for the store as it is."""
    now = stamp(directory)
    found = None if now is None else _kept(directory / FILE, f"{_LAYOUT} {now}")
    return found.matrices if found else None


def _kept(path: Path, key: str) -> Kept | None:
    """Read the file; None if it is of another store, or no such file, or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if str(arrays["key"]) != key:
                return None
            matrices = Matrices(**{field.name: _value(arrays, field.name) for field in fields(Matrices)})
            if _PLACES not in arrays:
                return Kept(matrices)
            return Kept(matrices, Bodies(path.parent / WHERE, *arrays[_PLACES]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _value(arrays: Any, name: str) -> Any:
    return Strings(arrays[name], arrays[f"{name}_ends"]) if f"{name}_ends" in arrays else arrays[name]


def _keep(path: Path, key: str, matrices: Matrices, places: NDArray[np.int64] | None = None) -> None:
    arrays: dict[str, Any] = {"key": np.array(key)}
    if places is not None:
        arrays[_PLACES] = places
    for field in fields(Matrices):
        value = getattr(matrices, field.name)
        arrays |= (
            {field.name: value.data, f"{field.name}_ends": value.ends}
            if isinstance(value, Strings)
            else {field.name: value}
        )
    waiting = path.with_name(f".{path.name}.{secrets.token_hex(8)}")  # two reports may keep at the same time
    try:
        with waiting.open("xb") as file:
            np.savez(file, **arrays)
        waiting.replace(path)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
