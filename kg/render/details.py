"""What a large page tells beside its picture: names, links, papers of each year, and the newest quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kg.render import rows

if TYPE_CHECKING:
    from kg.render.overview import Overview
    from kg.render.rows import Statement
    from kg.store import Graph

__all__ = ["QUOTED", "details"]

#: That many of the entities in most papers are quoted, each from its newest papers.
QUOTED: Final = 2500
PAPERS: Final = 3
SENTENCES: Final = 2
LONGEST: Final = 360
ALIASES: Final = 8


def details(graph: Graph, drawn: Overview, *, quoted: int = QUOTED) -> dict[str, object]:
    """Give columns in the order of the entities; a quote is [predicate, paper, text, start, end of the name]."""
    iris = [drawn.matrices.entities[place] for place in drawn.entities.tolist()]
    labels = [drawn.matrices.labels[place] for place in drawn.entities.tolist()]
    aliases = rows.names(graph, iris, "altLabel")
    links = rows.links(graph, iris)
    return {
        "aliases": [
            [name for name in aliases.get(iri, []) if name != label][:ALIASES]
            for iri, label in zip(iris, labels, strict=True)
        ],
        "links": [links.get(iri, []) for iri in iris],
        "years": _years(drawn),
        **_quotes(graph, drawn, iris[:quoted]),
    }


def _years(drawn: Overview) -> list[list[int]]:
    """Give the first year of each entity and the papers of that and all following years up to its last."""
    years = drawn.matrices.years
    columns = drawn.papers.tocsc()
    found: list[list[int]] = []
    for column in range(drawn.entities.size):
        of = years[columns.indices[columns.indptr[column] : columns.indptr[column + 1]]].astype(np.int64)
        of = of[of > 0]
        found.append([int(of.min()), *np.bincount(of - of.min()).tolist()] if of.size else [])
    return found


def _quotes(graph: Graph, drawn: Overview, iris: list[str]) -> dict[str, object]:
    columns = drawn.papers.tocsc()
    newest: list[list[str]] = []
    for column in range(len(iris)):
        of = columns.indices[columns.indptr[column] : columns.indptr[column + 1]]
        order = np.lexsort((of, -drawn.matrices.years[of].astype(np.int64)))[:PAPERS]
        newest.append([drawn.matrices.papers[int(paper)] for paper in of[order]])
    papers = rows.papers(graph, sorted({paper for of in newest for paper in of}))
    said = rows.statements(graph, papers)
    number = {iri: place for place, iri in enumerate(papers)}
    quotes = [
        [
            _quote(one, number[paper])
            for paper in of
            for one in [one for one in said.get((paper, iri), ()) if one.quote and not one.negated][:SENTENCES]
        ]
        for iri, of in zip(iris, newest, strict=True)
    ]
    told = [[paper.title, paper.year or 0, paper.url or ""] for paper in papers.values()]
    return {"quotes": quotes, "papers": told}


def _quote(one: Statement, paper: int) -> list[object]:
    """Cut a sentence to a sane length around the name in it."""
    text = one.quote or ""
    start, end = one.marks[0] if one.marks else (0, 0)
    first = 0 if end <= LONGEST else max(0, start - LONGEST // 4)
    last = min(len(text), first + LONGEST)
    before, after = "…" * (first > 0), "…" * (last < len(text))
    shift = len(before) - first
    return [one.predicate, paper, before + text[first:last] + after, start + shift, min(end, last) + shift]
