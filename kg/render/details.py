"""What a large page tells beside its picture: names, links, papers of each year, and the newest quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kg.model import PREDICATES
from kg.render import rows
from kg.render.links import links
from kg.render.texts import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

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
    """Give columns in the order of the entities.

    A quote is [predicates as bits, paper, text, start, end of the name], `predicates` their names from the lowest bit.
    """
    iris = [drawn.matrices.entities[place] for place in drawn.entities.tolist()]
    labels = [line(drawn.matrices.labels[place]) for place in drawn.entities.tolist()]
    aliases = rows.names(graph, iris, "altLabel")
    addresses = links(graph, iris)
    names = {iri: [label, *aliases.get(iri, [])] for iri, label in zip(iris[:quoted], labels, strict=False)}
    return {
        "aliases": [
            [name for name in aliases.get(iri, []) if name != label][:ALIASES]
            for iri, label in zip(iris, labels, strict=True)
        ],
        "links": [addresses.get(iri, []) for iri in iris],
        "years": _years(drawn),
        "predicates": list(PREDICATES),
        "said": drawn.said.tolist(),
        **_quotes(graph, drawn, names),
    }


def _years(drawn: Overview) -> list[list[int]]:
    """Give the first year of each entity and the papers of that and all following years up to its last."""
    columns = drawn.columns
    found: list[list[int]] = []
    for column in range(drawn.entities.size):
        of = drawn.matrices.years[columns.indices[columns.indptr[column] : columns.indptr[column + 1]]].astype(np.int64)
        of = of[of > 0]
        found.append([int(of.min()), *np.bincount(of - of.min()).tolist()] if of.size else [])
    return found


def _quotes(graph: Graph, drawn: Overview, names: Mapping[str, Sequence[str]]) -> dict[str, object]:
    matrices = drawn.matrices
    newest = [_newest(drawn, column) for column in range(len(names))]
    wanted = np.unique(np.concatenate([*newest, np.zeros(0, dtype=np.int64)]))
    places = drawn.entities[: len(names)].tolist()
    about = rows.papers(graph, matrices, wanted.tolist())
    said = rows.statements(graph, about, names)
    number = {paper: at for at, paper in enumerate(wanted.tolist())}
    bits = _bits(drawn, wanted, places)
    told = []
    for iri, place, papers in zip(names, places, newest, strict=True):
        of = [
            _quote(bits[paper, place], number[paper], sentence)
            for paper in papers.tolist()
            for sentence in _said(said.get((matrices.papers[paper], iri), ()), bits[paper, place])
        ]
        told.append(of)
    return {"quotes": told, "papers": [[paper.title, paper.year or 0, paper.url or ""] for paper in about.values()]}


def _said(statements: Iterable[Statement], bits: int) -> list[Statement]:
    """Choose the sentences of what the graph states, one for each, the weightiest first."""
    stated = (each for each in statements if each.quote and not each.negated)
    ranked = sorted((PREDICATES.index(each.predicate), each.quote or "", each) for each in stated
                    if bits >> PREDICATES.index(each.predicate) & 1)  # fmt: skip
    first: dict[str, Statement] = {}
    for _, quote, each in ranked:
        first.setdefault(quote, each)
    return list(first.values())[:SENTENCES]


def _newest(drawn: Overview, column: int) -> NDArray[np.int64]:
    columns = drawn.columns
    of = columns.indices[columns.indptr[column] : columns.indptr[column + 1]].astype(np.int64)
    return np.asarray(of[np.lexsort((of, -drawn.matrices.years[of].astype(np.int64)))[:PAPERS]])


def _bits(drawn: Overview, papers: NDArray[np.int64], entities: Sequence[int]) -> dict[tuple[int, int], int]:
    """Give what these papers say of these entities, a bit for each of PREDICATES."""
    matrices = drawn.matrices
    at = np.flatnonzero(np.isin(matrices.link_paper, papers) & np.isin(matrices.link_entity, entities))
    columns = (matrices.link_paper[at], matrices.link_entity[at], matrices.link_said[at])
    return {(paper, entity): bits for paper, entity, bits in zip(*(column.tolist() for column in columns), strict=True)}


def _quote(bits: int, paper: int, said: Statement) -> list[object]:
    """Cut a sentence to a sane length around the name in it."""
    text, (start, end) = said.quote or "", said.marks[0] if said.marks else (0, 0)
    first = 0 if end <= LONGEST else max(0, start - LONGEST // 4)
    last = min(len(text), first + LONGEST)
    before, after = "…" * (first > 0), "…" * (last < len(text))
    shift = len(before) - first
    return [bits, paper, before + text[first:last] + after, start + shift, min(end, last) + shift]
