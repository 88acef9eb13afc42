"""The matrices of a graph, kept in the directory of the graph as `reports.npz` until its store changes."""

from __future__ import annotations

import contextlib
import secrets
import zipfile
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np

from kg.report.matrices import Matrices, read
from kg.report.strings import Strings
from kg.store import Graph, stamp

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE", "keep", "load"]

FILE: Final = "reports.npz"
#: Another number for another content of the file.
_LAYOUT: Final = "1"
#: What was given for a graph that is open still, and the stamp of its store then.
_given: Final[WeakKeyDictionary[Graph, tuple[str | None, Matrices]]] = WeakKeyDictionary()


def load(graph: Graph) -> Matrices:
    """Give the matrices of a graph: those that are kept, if its store is still the same, else read and kept anew.

    A graph that is not in a directory, or in one that cannot be written to, is read once for as long as it is open.
    """
    now = stamp(graph.directory) if graph.directory else None
    if graph in _given and _given[graph][0] == now and (now or not graph.directory):
        return _given[graph][1]
    found = _loaded(graph, graph.directory, now)
    _given[graph] = now, found
    return found


def _loaded(graph: Graph, directory: Path | None, now: str | None) -> Matrices:
    if directory is None or now is None:
        return read(graph)
    key = f"{_LAYOUT} {now}"
    kept = _kept(directory / FILE, key)
    if kept is None:
        kept = read(graph)
        if f"{_LAYOUT} {stamp(directory)}" == key:
            with contextlib.suppress(OSError):
                _keep(directory / FILE, key, kept)
    return kept


def keep(directory: Path, matrices: Matrices) -> None:
    """Keep the matrices of a graph whose store was just written. Raises OSError."""
    key = stamp(directory)
    if key is not None:
        _keep(directory / FILE, f"{_LAYOUT} {key}", matrices)


def _kept(path: Path, key: str) -> Matrices | None:
    """Read the file; None if it is of another store, or no such file, or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if str(arrays["key"]) != key:
                return None
            return Matrices(**{field.name: _value(arrays, field.name) for field in fields(Matrices)})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _value(arrays: Any, name: str) -> Any:
    return Strings(arrays[name], arrays[f"{name}_ends"]) if f"{name}_ends" in arrays else arrays[name]


def _keep(path: Path, key: str, matrices: Matrices) -> None:
    arrays: dict[str, Any] = {"key": np.array(key)}
    for field in fields(Matrices):
        value = getattr(matrices, field.name)
        arrays |= (
            {field.name: value.data, f"{field.name}_ends": value.ends}
            if isinstance(value, Strings)
            else {field.name: value}
        )
    made = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with made.open("xb") as file:
            np.savez(file, **arrays)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
