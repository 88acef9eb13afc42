"""The graph as a network: nodes and edges with the years in which papers say so, counted on the matrices of reports."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS, PREDICATES
from kg.report import cache

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from kg.report.matrices import Matrices, Said
    from kg.store import Graph

    Places = NDArray[np.int64]

__all__ = ["VIEWS", "Edge", "Network", "Node", "View", "network"]

View = Literal["cooccurrence", "statements"]
VIEWS: Final[tuple[View, ...]] = get_args(View)

#: Papers by year; papers whose year is not known are counted under 0.
Years = tuple[tuple[int, int], ...]
_ROWS: Final = 1000


class Node(NamedTuple):
    """An entity or a paper: `papers` is how many papers name the entity, and 1 for a paper."""

    iri: str
    label: str
    kind: str
    papers: int
    years: Years


class Edge(NamedTuple):
    """Two nodes by their places, and how many papers say so; `predicate` only between a paper and what it names."""

    a: int
    b: int
    predicate: str | None
    papers: int
    years: Years


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes in the order of their IRIs, and the arrays that the edges are made of: one row for each edge and year.

    With the view "statements" edges are directed, and two nodes may have several.
    """

    view: View
    nodes: tuple[Node, ...]
    _a: Places
    _b: Places
    _what: Places
    _year: Places
    _papers: Places

    @property
    def directed(self) -> bool:
        """Whether an edge leads from its first node to its second."""
        return self.view == "statements"

    def edges(self) -> Iterator[Edge]:
        """Make the edges, in the order of their nodes and predicates."""
        for start in range(0, self._a.size, _ROWS * _ROWS):
            yield from self._part(start, min(start + _ROWS * _ROWS, self._a.size))

    def _part(self, start: int, end: int) -> Iterator[Edge]:
        arrays = (self._a, self._b, self._what, self._year, self._papers)
        if start:  # an edge whose years began in the part before is told there
            while start < end and all(array[start] == array[start - 1] for array in arrays[:3]):
                start += 1
        while end < self._a.size and all(array[end] == array[end - 1] for array in arrays[:3]):
            end += 1
        rows = zip(*(array[start:end].tolist() for array in arrays), strict=True)
        for (a, b, what), some in groupby(rows, key=lambda row: row[:3]):
            years = tuple((year, papers) for *_, year, papers in some)
            yield Edge(a, b, PREDICATES[what] if what >= 0 else None, sum(papers for _, papers in years), years)


def network(
    graph: Graph,
    *,
    view: View = "cooccurrence",
    kinds: Collection[str] = KINDS,
    papers: Collection[str] | None = None,
    top: int | None = None,
    min_papers: int = 0,
) -> Network:
    """Count who names what: entities that papers name together, or papers with the entities that they speak of.

    `papers` are the IRIs of those counted, all unless given. Of the entities those of some `kinds` are kept that
    `min_papers` papers name, and of them the `top` that most papers name. Raises QueryError for a view or a kind that
    there is not.
    """
    if view not in VIEWS:
        raise QueryError(f"no network {view!r}: choose one of {', '.join(VIEWS)}")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise QueryError(f"no kind {unknown[0]!r}: choose one of {', '.join(KINDS)}")
    matrices = cache.load(graph)
    mask = _mask(matrices, papers)
    kept = np.isin(matrices.kinds, [KINDS.index(kind) for kind in kinds])
    links = np.flatnonzero(mask[matrices.link_paper] & kept[matrices.link_entity])
    counts = np.bincount(matrices.link_entity[links], minlength=len(matrices.entities))
    entities = _chosen(matrices, kept, counts, min_papers, top, every=papers is None)
    place = np.full(len(matrices.entities), -1, dtype=np.int64)
    place[entities] = np.arange(entities.size)
    links = links[place[matrices.link_entity[links]] >= 0]
    said = (matrices.link_paper[links].astype(np.int64), place[matrices.link_entity[links]])
    nodes = _entities(matrices, entities, *said)
    if view == "cooccurrence":
        return Network(view, nodes, *_together(matrices, *said))
    shown = np.flatnonzero(mask)
    return Network(
        view,
        (*nodes, *_papers(matrices, shown)),
        *_stated(matrices, *said, matrices.link_said[links], shown, len(nodes)),
    )


def _mask(matrices: Matrices, papers: Collection[str] | None) -> NDArray[np.bool_]:
    if papers is None:
        return np.ones(len(matrices.papers), dtype=np.bool_)
    wanted = frozenset(papers)
    return np.fromiter((iri in wanted for iri in matrices.papers), dtype=np.bool_, count=len(matrices.papers))


def _chosen(
    matrices: Matrices, kept: NDArray[np.bool_], counts: Places, min_papers: int, top: int | None, *, every: bool
) -> Places:
    """Give the places of entities, in the order of their IRIs; one that no paper names only if all papers count."""
    least = min_papers if every else max(1, min_papers)
    found = np.flatnonzero(kept & (counts >= least))
    iris = [matrices.entities[at] for at in found.tolist()]
    order = sorted(range(len(iris)), key=lambda at: (-int(counts[found[at]]), iris[at]))[:top]
    return found[sorted(order, key=iris.__getitem__)].astype(np.int64)


def _entities(matrices: Matrices, entities: Places, paper: Places, entity: Places) -> tuple[Node, ...]:
    years: dict[int, list[tuple[int, int]]] = {}
    keys, counts = np.unique(entity * 10_000 + matrices.years[paper], return_counts=True)
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        years.setdefault(key // 10_000, []).append((key % 10_000, count))
    return tuple(
        Node(
            matrices.entities[at],
            matrices.labels[at],
            KINDS[int(matrices.kinds[at])],
            sum(count for _, count in years.get(number, ())),
            tuple(years.get(number, ())),
        )
        for number, at in enumerate(entities.tolist())
    )


def _papers(matrices: Matrices, shown: Places) -> Iterator[Node]:
    for at in shown.tolist():
        yield Node(matrices.papers[at], matrices.titles[at], "Paper", 1, ((int(matrices.years[at]), 1),))


def _together(matrices: Matrices, paper: Places, entity: Places) -> tuple[Places, ...]:
    """Count pairs of entities by year: every two of each paper's."""
    order = np.lexsort((entity, paper))
    paper, entity = paper[order], entity[order]
    starts = np.flatnonzero(np.r_[True, paper[1:] != paper[:-1]]) if paper.size else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, paper.size])
    a, b, year = [], [], []
    for size in np.unique(sizes[sizes > 1]).tolist():  # papers with as many entities at once
        rows = starts[sizes == size][:, None] + np.arange(size)
        left, right = np.triu_indices(size, 1)
        a.append(entity[rows[:, left]].ravel())
        b.append(entity[rows[:, right]].ravel())
        year.append(np.repeat(matrices.years[paper[rows[:, 0]]].astype(np.int64), left.size))
    none = np.zeros(0, dtype=np.int64)
    width = int(entity.max()) + 1 if entity.size else 1
    key = (np.concatenate([none, *a]) * width + np.concatenate([none, *b])) * 10_000 + np.concatenate([none, *year])
    keys, counts = np.unique(key, return_counts=True)
    pair, when = keys // 10_000, keys % 10_000
    return pair // width, pair % width, np.full(keys.size, -1, dtype=np.int64), when, counts.astype(np.int64)


def _stated(  # noqa: PLR0917 - what is said, by whom, and how they are numbered
    matrices: Matrices, paper: Places, entity: Places, said: NDArray[Said], shown: Places, first: int
) -> tuple[Places, ...]:
    """Give an edge for each predicate of each paper and entity."""
    number = np.full(len(matrices.papers), -1, dtype=np.int64)
    number[shown] = np.arange(first, first + shown.size)
    parts = [(np.flatnonzero(said >> bit & 1), bit) for bit in range(len(PREDICATES))]
    at = np.concatenate([part for part, _ in parts])
    what = np.concatenate([np.full(part.size, bit, dtype=np.int64) for part, bit in parts])
    order = np.lexsort((what, entity[at], paper[at]))
    at, what = at[order], what[order]
    year = matrices.years[paper[at]].astype(np.int64)
    return number[paper[at]], entity[at], what, year, np.ones(at.size, dtype=np.int64)
