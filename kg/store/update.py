"""Changing a graph by SPARQL Update: the store with the changes takes the place of the old one, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import GraphError, QueryError
from kg.store import directory
from kg.store.places import place
from kg.store.syntax import guard_update
from kg.store.write import unwritable
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

__all__ = ["update"]

_ORDINARY: Final = "a graph in a directory can be changed, and an RDF file is written whole"


def update(graph: str | Path, sparql: str) -> None:
    """Apply an update to the graph in a directory, all of it or nothing. Readers keep what they have open.

    The next `kg build` writes what its papers say, and forgets updates: corrections that last are those of `kg fix`.
    Raises QueryError for an update that is wrong or would use the network, GraphError if the graph cannot be written.
    """
    path, form = place(graph)
    if form is not None:
        raise GraphError(f"{path}: {_ORDINARY}")
    text = sparql.removeprefix("\ufeff")
    guard_update(text)

    def apply(store: ox.Store) -> None:
        try:
            store.update(text, prefixes=dict(PREFIXES))
        except SyntaxError as error:
            raise QueryError(f"update: {' '.join(str(error).split())}") from error

    try:
        directory.change(path, apply)
    except OSError as error:
        raise unwritable(path, error) from error
