"""Opening a graph, whatever it is kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.store import directory, files
from kg.store.addresses import is_url
from kg.store.graph import Graph
from kg.store.places import place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["from_lines", "open_graph"]


def open_graph(graph: str | Path) -> Graph:
    """Open the graph that a directory, an RDF file or a SPARQL endpoint holds, for reading.

    Raises GraphError if there is none, if it is damaged, or if it is not ours. An endpoint is not asked before a
    question is; one whose answer is no SPARQL result is a GraphError then.
    """
    if is_url(graph):
        from kg.store.remote import Endpoint  # noqa: PLC0415 - only who asks a server waits for the client to load

        return Graph(Endpoint(str(graph)))
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
