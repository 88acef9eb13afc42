"""Opening a graph, whatever it is kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.store import directory, files
from kg.store.graph import Graph
from kg.store.places import place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["from_lines", "open_graph"]


def open_graph(graph: str | Path) -> Graph:
    """Open the graph that a directory or an RDF file holds, for reading.

    Raises GraphError if there is none, if it is damaged, or if it is not ours.
    """
    path, form = place(graph)
    if form is not None:
        return Graph(files.load(path, form))
    try:
        return Graph(directory.open_store(path), directory=path)
    except OSError as error:
        raise GraphError(f"{path} cannot be read: {error.strerror or error}") from error


def from_lines(lines: Iterable[str]) -> Graph:
    """Make a graph in memory of N-Triples lines. Raises GraphError with the number of a line that is none."""
    return Graph(files.read_lines(lines))
