"""What pages and the API tell of an entity or a paper, as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError
from kg.model import KINDS
from kg.queries import explore
from kg.report import cache, neighbours
from kg.report.leaderboard import board
from kg.report.parts import Source
from kg.report.selection import Filters, partial_year, select
from kg.serve.sayings import said
from kg.serve.worker import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.report.matrices import Matrices
    from kg.report.neighbours import Place, Whole
    from kg.store import Graph

    Json = dict[str, Any]

__all__ = ["beside", "entity", "entity_page", "grid", "leaderboard", "paper", "papers", "places"]

#: The kinds of the rows and the columns of the grid on the page of an entity, and those for all other kinds.
_GRIDS: Final[Mapping[str, tuple[str, str]]] = {
    "Dataset": ("Method", "Task"),
    "Task": ("Method", "Dataset"),
}
_GRID: Final = ("Task", "Dataset")


def entity(graph: Graph, iri: str) -> Json:
    """An entity: its names, links, and papers by year. Raises Missing."""
    matrices = cache.load(graph)

    def label(other: str) -> str | None:
        found = neighbours.place_of(matrices, other)
        return found.label if found else None

    named = explore.names(graph, iri, label)
    if named is None:
        raise Missing(f"no entity has the IRI {iri[:200]}")
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
    asked = [neighbours.place_of(matrices, each) for each in iri]
    for each, place in zip(iri, asked, strict=True):
        if place is None:
            raise Missing(f"no entity has the IRI {each[:200]}")
    known = [place for place in asked if place is not None]
    found = neighbours.papers_with(matrices, [place.at for place in known], year)
    shown = found[offset : offset + limit]
    iris = [matrices.papers[int(at)] for at in shown]
    says = said(graph, shown.tolist(), list(iri)) if iri else {}
    return {
        "entities": places(known),
        "year": year,
        "total": int(found.size),
        "offset": offset,
        "limit": limit,
        "papers": [
            {**_paper(matrices, int(at)), "says": [asdict(each) for each in says.get(name, ())]}
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


def entity_page(graph: Graph, iri: str) -> Json:
    """What the page of an entity shows at once. Raises Missing."""
    about = entity(graph, iri)
    known = neighbours.place_of(cache.load(graph), iri) is not None
    about["said"] = papers(graph, [iri], limit=10) if known else None
    about["beside"] = beside(graph, iri)["neighbours"] if known else []
    about["kinds"] = _GRIDS.get(about["kind"], _GRID) if known else None
    return about


def grid(graph: Graph, iri: str) -> Json:
    """Two kinds of entities against each other, in the papers that name an entity. Raises Missing."""
    matrices = cache.load(graph)
    place = neighbours.place_of(matrices, iri)
    if place is None:
        raise Missing(f"no entity has the IRI {iri[:200]}")
    kinds = _GRIDS.get(place.kind, _GRID)
    found = neighbours.grid(matrices, _papers_of(matrices, place), *kinds)
    return {
        "entity": _place(place),
        "kinds": kinds,
        "rows": places(found.rows),
        "columns": places(found.columns),
        "cells": [list(row) for row in found.cells],
    }


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


def _papers_of(matrices: Matrices, place: Place | None) -> Whole:
    return neighbours.papers_with(matrices, [place.at]) if place else neighbours.papers_with(matrices, [])[:0]


def _paper(matrices: Matrices, at: int) -> Json:
    return {
        "iri": matrices.papers[at],
        "title": matrices.titles[at],
        "year": int(matrices.years[at]) or None,
        "venue": matrices.venues[int(matrices.venue[at])] if matrices.venue[at] >= 0 else None,
        "url": matrices.urls[at] or None,
    }


def places(found: Sequence[Place]) -> list[Json]:
    """Entities as JSON has them."""
    return [_place(each) for each in found]


def _place(place: Place) -> Json:
    return {"iri": place.iri, "kind": place.kind, "label": place.label, "papers": place.papers}
