"""What the word GRAPH on the command line names: a directory, an RDF file, or the address of a SPARQL endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import GraphError
from kg.store.addresses import is_url, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RDF", "place", "rdf_format"]

#: The suffixes of RDF files; each may be followed by .gz.
RDF: Final[Mapping[str, ox.RdfFormat]] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def rdf_format(path: Path) -> ox.RdfFormat | None:
    """Tell the format that a file's name promises, or None.

    >>> rdf_format(Path("x.ttl.gz")), rdf_format(Path("x.kg"))
    (<RdfFormat Turtle>, None)
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return RDF.get(suffixes[-1]) if suffixes else None


def place(graph: str | Path) -> tuple[Path, ox.RdfFormat | None]:
    """Tell the path of a graph, and its format if it is an RDF file; a directory has none.

    Raises GraphError for a URL, which is read and not built, and for a name that is neither.
    """
    if is_url(graph):
        where = shown(str(graph))
        raise GraphError(f"{where}: a graph on a server is only read: build into a directory, then use kg push")
    if not str(graph) or "\0" in str(graph):
        raise GraphError(f"{str(graph)!r} is no path: name a directory or an RDF file")
    path = Path(graph)
    try:
        exists, is_directory = path.exists(), path.is_dir()
    except OSError as error:
        raise GraphError(f"{path} cannot be read: {error.strerror}") from error
    if is_directory:
        return path, None
    found = rdf_format(path)
    if found is None and path.suffix not in ("", ".kg"):
        raise GraphError(
            f"{path}: a graph is a directory (a name without a suffix, or .kg) "
            f"or an RDF file ({' '.join(RDF)}, each also with .gz)"
        )
    if found is None and exists:
        raise GraphError(f"{path} is a file, not a graph: name a directory, or an RDF file ({' '.join(RDF)})")
    return path, found
