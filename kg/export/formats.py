"""The forms that a graph is exported in, by name: one file that is written bit by bit, or a directory of files."""

from __future__ import annotations

import gzip
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.export.bibtex import bibtex
from kg.export.kept import lines
from kg.export.neo4j import neo4j
from kg.export.network_json import cytoscape, vosviewer
from kg.export.network_xml import gexf, graphml
from kg.export.networks import network
from kg.export.parquet import parquet
from kg.export.sheets import csv
from kg.model import KINDS
from kg.report.bodies import MovedError
from kg.store.dump import DUMPS, dump

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from kg.export.networks import Network, View
    from kg.store import Graph

__all__ = ["DIRECTORIES", "FORMATS", "NETWORKS", "Shape", "export", "form_of"]

NETWORKS: Final[Mapping[str, Callable[[Network], Iterator[str]]]] = {
    "graphml": graphml,
    "gexf": gexf,
    "cytoscape": cytoscape,
    "vosviewer": vosviewer,
}
#: Written into a directory.
DIRECTORIES: Final[Mapping[str, Callable[[Graph, Path, Collection[str] | None], Mapping[str, int]]]] = {
    "parquet": parquet,
    "csv": csv,
    "neo4j": neo4j,
}
FORMATS: Final = (*DUMPS, *NETWORKS, *DIRECTORIES, "bibtex")
_SUFFIXES: Final[Mapping[str, str]] = {
    ".ttl": "turtle", ".nt": "n-triples", ".nq": "n-quads", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "rdfxml",
    ".graphml": "graphml", ".gexf": "gexf", ".cyjs": "cytoscape", ".bib": "bibtex",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """How a network is drawn from a graph; only for NETWORKS. See `kg.export.networks.network`."""

    view: View = "cooccurrence"
    kinds: tuple[str, ...] = KINDS
    top: int | None = None
    min_papers: int = 0


def form_of(place: Path) -> str | None:
    """Tell the format that a file's name promises, or None.

    >>> form_of(Path("nanr.ttl.gz")), form_of(Path("nanr.json"))
    ('turtle', None)
    """
    name = place.name.lower().removesuffix(".gz")
    return _SUFFIXES.get(Path(name).suffix)


def export(
    graph: Graph,
    form: str,
    place: Path | IO[bytes],
    *,
    papers: Collection[str] | None = None,
    shape: Shape | None = None,
) -> str:
    """Write a graph in a form of FORMATS, and tell what was written.

    `place` is a file, which is packed if its name ends in .gz, or a stream; for DIRECTORIES a directory. It appears
    whole or not at all, and the same graph gives the same bytes. `papers` are the IRIs of those that are written, with
    what they say; RDF is always whole. Raises QueryError for a form that there is not or that cannot do what is asked,
    GraphError, and OSError.
    """
    if form not in FORMATS:
        raise QueryError(f"no format {form!r}: choose one of {', '.join(FORMATS)}")
    if form in DIRECTORIES:
        if not isinstance(place, Path):
            raise QueryError(f"{form} is several files: name a directory for them")
        counts = DIRECTORIES[form](graph, place, papers)
        return ", ".join(f"{count} {name.partition('.')[0]}" for name, count in counts.items())
    if form in DUMPS and papers is not None:
        raise QueryError(f"{form} is the whole graph: for a part of it, ask a CONSTRUCT query")
    with _opened(place) as out:
        if form in DUMPS:
            return f"{_dumped(graph, out, form)} triples"
        if form == "bibtex":
            return f"{_written(out, bibtex(graph, papers))} papers"
        options = shape or Shape()
        drawn = network(
            graph,
            view=options.view,
            kinds=options.kinds,
            papers=papers,
            top=options.top,
            min_papers=options.min_papers,
        )
        _written(out, NETWORKS[form](drawn))
        silent = sum(not node.papers for node in drawn.nodes)
        return f"{len(drawn.nodes)} nodes" + (f" ({silent} of them entities that no paper asserts)" if silent else "")


def _dumped(graph: Graph, out: IO[bytes], form: str) -> int:
    """Write what a build kept, which is all read before anything is written, or else what the store gives."""
    try:
        return dump(graph, out, form, kept=lines(graph))
    except MovedError:
        return dump(graph, out, form)


def _written(out: IO[bytes], parts: Iterator[str]) -> int:
    count = 0
    for part in parts:
        out.write(part.encode("utf-8", "replace"))
        count += 1
    return count


@contextmanager
def _opened(place: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a stream to write to; a file takes the place of an older one once it is whole."""
    if not isinstance(place, Path):
        yield place
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        with waiting.open("wb") as file:
            if place.suffix.lower() == ".gz":
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                    yield packed  # type: ignore[misc]  # it is written to, no more
            else:
                yield file
        waiting.replace(place)
    finally:
        waiting.unlink(missing_ok=True)
