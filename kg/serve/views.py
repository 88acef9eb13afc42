"""What pages and the API tell, as plain values for JSON; computed in the processes that hold the graph."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from kg.errors import QueryError
from kg.model import KINDS
from kg.queries import NAMED, explore
from kg.queries.index import Index, index
from kg.queries.sayings import said_of
from kg.queries.search import search as find
from kg.report import cache, cooccurrence, neighbours
from kg.report.leaderboard import board
from kg.report.parts import Source
from kg.report.selection import Filters, partial_year, select
from kg.serve.worker import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg.report.matrices import Matrices
    from kg.report.neighbours import Place, Whole
    from kg.store import Graph

__all__ = ["VIEWS", "prepare"]

#: The kinds of the rows and the columns of the grid on the page of an entity.
_GRIDS: Final[Mapping[str, tuple[str, str]]] = {
    "Dataset": ("Method", "Task"),
    "Method": ("Task", "Dataset"),
    "Task": ("Method", "Dataset"),
    "Metric": ("Task", "Dataset"),
}
_ENTRIES: Final = 8
#: The page of a dataset shows the numbers of so many papers, for it must be there at once; the API has all.
_RECENT: Final = 40
_indices: Final[WeakKeyDictionary[Graph, Index]] = WeakKeyDictionary()
_counts: Final[WeakKeyDictionary[Graph, dict[str, Any]]] = WeakKeyDictionary()

Json = dict[str, Any]


def prepare(graph: Graph) -> None:
    """Read what the views of pages need, so that no visitor waits for it."""
    _index(graph)
    matrices = cache.load(graph)
    neighbours.strongest(matrices, KINDS[0], 1)


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
        "most": {kind: _places(neighbours.strongest(matrices, kind, _ENTRIES)) for kind in KINDS},
    }


def search(graph: Graph, q: str, limit: int = 10) -> Json:
    """Entities and papers by name or words."""
    return asdict(find(_index(graph), q, limit=limit))


def entity(graph: Graph, iri: str) -> Json:
    """An entity: its names, links, and papers by year. Raises Missing."""
    named = explore.names(graph, iri)
    if named is None:
        raise Missing(f"no entity has the IRI {iri[:200]}")
    matrices = cache.load(graph)
    place = neighbours.place_of(matrices, iri)
    papers = _papers_of(matrices, place)
    return {
        **asdict(named),
        "papers": int(papers.size),
        "years": [
            {"year": year, "papers": these, "of": of} for year, these, of in neighbours.years_of(matrices, papers)
        ],
        "incomplete": partial_year(matrices, None),
    }


def papers(graph: Graph, iri: Sequence[str], offset: int = 0, limit: int = 20, year: int | None = None) -> Json:
    """Papers that name all of some entities, newest first, with what they say of them. Raises Missing."""
    matrices = cache.load(graph)
    places = [neighbours.place_of(matrices, each) for each in iri]
    for each, place in zip(iri, places, strict=True):
        if place is None:
            raise Missing(f"no entity has the IRI {each[:200]}")
    known = [place for place in places if place is not None]
    found = neighbours.papers_with(matrices, [place.at for place in known], year)
    shown = found[offset : offset + limit]
    iris = [matrices.papers[int(at)] for at in shown]
    said = said_of(graph, iris, list(iri)) if iri else {}
    return {
        "entities": _places(known),
        "year": year,
        "total": int(found.size),
        "offset": offset,
        "limit": limit,
        "papers": [
            {**_paper(matrices, int(at)), "says": [asdict(each) for each in said.get(name, ())]}
            for at, name in zip(shown.tolist(), iris, strict=True)
        ],
    }


def beside(graph: Graph, iri: str, measure: str = "association", kind: str | None = None, limit: int = 30) -> Json:
    """What papers name together with an entity. Raises Missing, and QueryError for a measure or kind."""
    matrices = cache.load(graph)
    place = neighbours.place_of(matrices, iri)
    if place is None:
        raise Missing(f"no entity has the IRI {iri[:200]}")
    if kind is not None and kind.capitalize() not in KINDS:
        raise QueryError(f"no kind {kind[:40]!r}: choose one of {', '.join(KINDS)}")
    found = neighbours.neighbours(
        matrices, place.at, measure=measure, kind=kind.capitalize() if kind else None, top=limit
    )
    return {
        "entity": _place(place),
        "measure": measure,
        "neighbours": [
            {
                **_place(each.entity),
                "shared": each.shared,
                "value": each.value,
                "q": each.q,
                "significant": each.significant,
            }
            for each in found
        ],
    }


def entity_page(graph: Graph, iri: str, offset: int = 0, year: int | None = None) -> Json:
    """All that the page of an entity shows. Raises Missing."""
    about = entity(graph, iri)
    matrices = cache.load(graph)
    place = neighbours.place_of(matrices, iri)
    about["said"] = papers(graph, [iri], offset, 10, year) if place else None
    about["beside"] = beside(graph, iri)["neighbours"] if place else []
    about["grid"] = _grid(matrices, place)
    about["board"] = leaderboard(graph, iri, limit=20, newest=_RECENT) if about["kind"] == "Dataset" else None
    return about


def paper(graph: Graph, iri: str) -> Json:
    """A paper: what its source and its text say. Raises Missing."""
    found = explore.paper(graph, iri)
    if found is None:
        raise Missing(f"no paper has the IRI {iri[:200]}")
    return {**asdict(found), "results": list(explore.results(graph, iri))}


def leaderboard(graph: Graph, dataset: str, limit: int = 100, newest: int | None = None) -> Json:
    """The numbers that papers report on a dataset: all, or so many that name it last. Raises Missing."""
    matrices = cache.load(graph)
    place = neighbours.place_of(matrices, dataset)
    if place is None or place.kind != "Dataset":
        raise Missing(f"no dataset has the IRI {dataset[:200]}")
    everything = Source(graph, matrices, select(matrices, Filters()).mask, None, {}, ())
    named = neighbours.papers_with(matrices, [place.at])[:newest].tolist() if newest else []
    papers = [matrices.papers[at] for at in named] if newest and place.papers > newest else None
    sheet = board(everything, place.iri, place.label, top=limit, papers=papers)
    names = [column.key for column in sheet.columns]
    return {
        "dataset": _place(place),
        "says": list(sheet.says),
        "papers": None if papers is None else len(papers),
        "rows": [
            {**dict(zip(names, row, strict=True)), "paper_iri": behind[0].iri if behind else None}
            for row, behind in zip(sheet.rows, sheet.behind, strict=True)
        ],
    }


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
        _indices[graph] = index(graph)
    return _indices[graph]


def _papers_of(matrices: Matrices, place: Place | None) -> Whole:
    return neighbours.papers_with(matrices, [place.at]) if place else neighbours.papers_with(matrices, [])[:0]


def _grid(matrices: Matrices, place: Place | None) -> Json | None:
    if place is None:
        return None
    kinds = _GRIDS[place.kind]
    found = neighbours.grid(matrices, _papers_of(matrices, place), *kinds)
    return {
        "kinds": kinds,
        "rows": _places(found.rows),
        "columns": _places(found.columns),
        "cells": [list(row) for row in found.cells],
    }


def _paper(matrices: Matrices, at: int) -> Json:
    return {
        "iri": matrices.papers[at],
        "title": matrices.titles[at],
        "year": int(matrices.years[at]) or None,
        "venue": matrices.venues[int(matrices.venue[at])] if matrices.venue[at] >= 0 else None,
        "url": matrices.urls[at] or None,
    }


def _places(found: Sequence[Place]) -> list[Json]:
    return [_place(each) for each in found]


def _place(place: Place) -> Json:
    return {"iri": place.iri, "kind": place.kind, "label": place.label, "papers": place.papers}


VIEWS: Final[Mapping[str, Callable[..., Json]]] = {
    "home": home,
    "search": search,
    "entity": entity,
    "papers": papers,
    "beside": beside,
    "entity_page": entity_page,
    "paper": paper,
    "leaderboard": leaderboard,
    "together": together,
    "stats": stats,
    "queries": queries,
}
