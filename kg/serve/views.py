"""What pages and the API tell, as plain values for JSON; computed in the processes that hold the graph."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from kg.model import KINDS
from kg.queries import NAMED
from kg.queries.index import Index, index
from kg.queries.search import search as find
from kg.report import cache, cooccurrence, neighbours
from kg.serve import entity_views
from kg.serve.entity_views import places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.store import Graph

__all__ = ["VIEWS", "prepare"]

_ENTRIES: Final = 8
_indices: Final[WeakKeyDictionary[Graph, Index]] = WeakKeyDictionary()
_counts: Final[WeakKeyDictionary[Graph, dict[str, Any]]] = WeakKeyDictionary()

Json = dict[str, Any]


def prepare(graph: Graph) -> None:
    """Read and count what the views of pages need, so that no visitor waits for it: a page of each kind is made."""
    _index(graph)
    matrices = cache.load(graph)
    for kind in KINDS:
        for most in neighbours.strongest(matrices, kind, 1):
            entity_views.entity_page(graph, most.iri)


def home(graph: Graph) -> Json:
    """What the graph holds, and where one may begin."""
    matrices = cache.load(graph)
    years = matrices.years[matrices.years > 0]
    newest = int(years.max()) if years.size else None
    return {
        "papers": len(matrices.papers),
        "entities": {kind: int((matrices.kinds == at).sum()) for at, kind in enumerate(KINDS)},
        "newest": newest,
        "newest_papers": int((years == newest).sum()) if newest else 0,
        "first": int(years.min()) if years.size else None,
        "most": {kind: places(neighbours.strongest(matrices, kind, _ENTRIES)) for kind in KINDS},
    }


def search(graph: Graph, q: str, limit: int = 10) -> Json:
    """Entities and papers by name or words."""
    return asdict(find(_index(graph), q, limit=limit))


def together(  # noqa: PLR0917 - the parameters of its address
    graph: Graph,
    rows: str = "dataset",
    columns: str = "method",
    limit: int = 50,
    sort: str = "papers",
    min_papers: int = 1,
) -> Json:
    """Pairs of entities that the same papers name. Raises QueryError for a kind or a measure."""
    report = cooccurrence(
        graph,
        rows=rows.capitalize(),
        columns=columns.capitalize(),
        top=limit,
        sort=sort,
        min_papers=min_papers,
        quotes=False,
    )
    keys = ("a", "b", "a_iri", "b_iri", "count", "count_a", "count_b", "expected", "npmi", "p", "q")
    return {
        "rows": report.rows,
        "columns": report.columns,
        "papers": report.papers,
        "found": report.meta.found,
        "tested": report.meta.tested,
        "pairs": [{key: getattr(pair, key) for key in keys} for pair in report.pairs],
    }


def stats(graph: Graph) -> Json:
    """What is in the graph, counted."""
    from kg.queries.stats import stats as count  # noqa: PLC0415 - it loads what reads papers, which is slow

    if graph not in _counts:
        _counts[graph] = asdict(count(graph))
    return _counts[graph]


def queries(graph: Graph) -> Json:  # noqa: ARG001 - the same for all graphs
    """The named queries."""
    return {
        "queries": [
            {
                "name": name,
                "question": query.question,
                "sparql": query.sparql,
                "parameters": [{"name": each.name, "default": each.default} for each in query.parameters],
            }
            for name, query in NAMED.items()
        ]
    }


def _index(graph: Graph) -> Index:
    if graph not in _indices:
        _indices[graph] = index(graph, lambda: neighbours.listed(cache.load(graph)))
    return _indices[graph]


VIEWS: Final[Mapping[str, Callable[..., Json]]] = {
    "home": home,
    "search": search,
    "entity": entity_views.entity,
    "papers": entity_views.papers,
    "beside": entity_views.beside,
    "entity_page": entity_views.entity_page,
    "grid": entity_views.grid,
    "paper": entity_views.paper,
    "leaderboard": entity_views.leaderboard,
    "together": together,
    "stats": stats,
    "queries": queries,
}
