"""What the reports over years and entities share: the papers chosen, an entity found, an interval, what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS
from kg.report import cache, names
from kg.report import rows as ask
from kg.report.selection import Filters, partial_year, select
from kg.store import Graph, open_graph

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.report.matrices import Matrices, Side

    Numbers = NDArray[np.float64]

__all__ = ["Source", "Thing", "find", "opened", "wilson"]

_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Source:
    """A graph, its matrices, and the papers that pass the filters."""

    graph: Graph
    matrices: Matrices
    mask: NDArray[np.bool_]
    partial: int | None
    meta: dict[str, object]
    says: tuple[str, ...]

    @property
    def years(self) -> list[int]:
        """The years of the papers chosen, without gaps."""
        found = self.matrices.years[self.mask & (self.matrices.years > 0)]
        return list(range(int(found.min()), int(found.max()) + 1)) if found.size else []

    def by_year(self, papers: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count papers in each of these years."""
        years = self.years
        if not years:
            return np.zeros(0, dtype=np.int64)
        chosen = self.matrices.years[papers & self.mask & (self.matrices.years > 0)]
        return np.bincount(chosen.astype(np.int64) - years[0], minlength=len(years))


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity: its kind, label, IRI, and the papers that name it."""

    kind: str
    label: str
    iri: str
    papers: NDArray[np.bool_]


def opened(
    graph: Graph | str | Path,
    years: tuple[int | None, int | None],
    venues: Collection[str],
    as_of: int | None,
    *,
    results: bool = False,
) -> Source:
    """Open a graph and choose papers, of which claims are counted, or `results`.

    Raises QueryError for a venue that there is not.
    """
    store = graph if isinstance(graph, Graph) else open_graph(graph)
    matrices = cache.load(store)
    filters = Filters(*years, tuple(venues))
    chosen = select(matrices, filters)
    partial = partial_year(matrices, as_of)
    extraction = ask.extraction(store, results=results)
    number = int(chosen.mask.sum())
    says = [f"{number} of {len(matrices.papers)} papers{filters.aside}."]
    if chosen.emptied:
        says.append(f"Nothing is left: {chosen.emptied}.")
    if partial:
        says.append(f"{partial} is not complete.")
    if extraction:
        such = "numbers of abstracts" if results else "claims"
        says.append(
            f"Of {such} such as these {extraction.precision:.0f}% are right and {extraction.recall:.0f}% of what "
            "papers say is found."
        )
    meta: dict[str, object] = {
        "graph": None if isinstance(graph, Graph) else str(graph),
        "builds": list(ask.builds(store)),
        "filters": list(filters.words),
        "papers": number,
        "graph_papers": len(matrices.papers),
        "newest": ask.newest(matrices, np.flatnonzero(chosen.mask)),
        "emptied": chosen.emptied,
        "extraction": None
        if extraction is None
        else {"precision": extraction.precision, "recall": extraction.recall, "papers": extraction.papers},
    }
    return Source(store, matrices, chosen.mask, partial, meta, tuple(says))


def find(source: Source, name: str, kind: str | None = None) -> Thing:
    """Find an entity by name. Raises QueryError if there is none, or one in each of several kinds."""
    found: list[Thing] = []
    sides: list[tuple[str, Side]] = [(each, source.matrices.side(each)) for each in ([kind] if kind else KINDS)]
    hits = names.places(source.graph, [side for _, side in sides], name)
    for (each, side), here in zip(sides, hits, strict=True):
        for place in here.tolist():
            papers = np.zeros(len(source.matrices.papers), dtype=np.bool_)
            column = side.matrix.tocsc()
            papers[column.indices[column.indptr[place] : column.indptr[place + 1]]] = True
            found.append(Thing(each, side.label(place), side.iri(place), papers))
    if not found:
        near = names.nearest([side for _, side in sides], name)
        raise QueryError(
            f"no {kind or 'entity'} is called {name[:60]!r}" + (f": try {', '.join(near)}" if near else "")
        )
    if len(found) > 1:
        kinds = [thing.kind for thing in found]
        raise QueryError(f"{name[:60]!r} is a {' and a '.join(kinds)}: say --kind {' or --kind '.join(kinds).lower()}")
    return found[0]


def wilson(hits: NDArray[np.int64], of: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Give the 95% interval of shares. Wilson, Probable inference, JASA 22, 1927; from 0 to 1 where there are none."""
    n = np.maximum(of, 1).astype(np.float64)
    share = hits / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n)) / (1 + _Z**2 / n)
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
    return np.where(of > 0, np.where(hits == 0, 0.0, low), 0.0), np.where(of > 0, np.where(hits == of, 1.0, high), 1.0)
