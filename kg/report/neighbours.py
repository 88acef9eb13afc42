"""One entity among the others: its papers, its years, what is named beside it more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from kg.errors import QueryError
from kg.model import KINDS
from kg.report import measures
from kg.report.exact import log_p_enriched
from kg.report.families import LEVEL, benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.report.matrices import Matrices

    Whole = NDArray[np.int64]

__all__ = [
    "ORDERS",
    "Beside",
    "Grid",
    "Place",
    "grid",
    "listed",
    "neighbours",
    "papers_with",
    "place_of",
    "strongest",
    "years_of",
]

#: What neighbours may be ordered by.
ORDERS: Final = ("association", "papers", "npmi", "jaccard", "cosine", "lift")
_FLOOR: Final = 5
_MOST: Final = 50
_CANDIDATES: Final = 40


@dataclass(frozen=True, slots=True)
class Place:
    """An entity of the matrices: its number, IRI, kind and label, and how many papers name it."""

    at: int
    iri: str
    kind: str
    label: str
    papers: int


@dataclass(frozen=True, slots=True)
class Beside:
    """An entity that papers name together with another one, in `shared` papers.

    `q` is the false discovery rate at which it is called, None if one paper alone names both or an entity is in fewer
    than five; `value` is the measure asked for.
    """

    entity: Place
    shared: int
    value: float
    q: float | None

    @property
    def significant(self) -> bool:
        """Tell whether the pair is called at 5%."""
        return self.q is not None and self.q < LEVEL


@dataclass(frozen=True, slots=True)
class Grid:
    """Entities by entities, and in how many papers of those counted both are named."""

    rows: tuple[Place, ...]
    columns: tuple[Place, ...]
    cells: tuple[tuple[int, ...], ...]


class _Margins:
    """What all questions about the same matrices share."""

    def __init__(self, matrices: Matrices) -> None:
        self.all = np.bincount(matrices.link_entity, minlength=len(matrices.entities))
        self.kind_of_link = matrices.kinds[matrices.link_entity]
        self.naming = np.zeros((len(KINDS), len(matrices.papers)), dtype=np.int32)
        for kind in range(len(KINDS)):
            found = matrices.link_paper[self.kind_of_link == kind]
            self.naming[kind] = np.bincount(found, minlength=len(matrices.papers))
        self.order = np.argsort(matrices.link_entity, kind="stable")
        self.ends = np.cumsum(self.all)
        self.iris = {iri: at for at, iri in enumerate(matrices.entities)}
        self.first = np.searchsorted(matrices.kinds, np.arange(len(KINDS) + 1))
        self._matrices = matrices
        self._met: dict[tuple[int, int], tuple[NDArray[np.bool_], Whole]] = {}

    def met(self, own: int, other: int) -> tuple[NDArray[np.bool_], Whole]:
        """Tell in which papers two kinds can meet, and how many of these name each entity of the second."""
        if (own, other) not in self._met:
            here = self.naming[own] >= 2 if own == other else (self.naming[own] >= 1) & (self.naming[other] >= 1)  # noqa: PLR2004
            chosen = (self.kind_of_link == other) & here[self._matrices.link_paper]
            first, end = self.first[other : other + 2]
            named = np.bincount(self._matrices.link_entity[chosen] - first, minlength=int(end - first))
            self._met[own, other] = here, named
        return self._met[own, other]


_held: list[tuple[Matrices, _Margins]] = []


def _margins(matrices: Matrices) -> _Margins:
    if not _held or _held[0][0] is not matrices:
        _held[:] = [(matrices, _Margins(matrices))]
    return _held[0][1]


def place_of(matrices: Matrices, iri: str) -> Place | None:
    """Find an entity by its IRI."""
    at = _margins(matrices).iris.get(iri)
    return None if at is None else _place(matrices, at)


def _place(matrices: Matrices, at: int) -> Place:
    return Place(
        at,
        matrices.entities[at],
        KINDS[int(matrices.kinds[at])],
        matrices.labels[at],
        int(_margins(matrices).all[at]),
    )


def listed(matrices: Matrices) -> tuple[list[tuple[str, str, str, int]], list[tuple[str, str, int | None]]]:
    """Give IRI, kind, label and papers of each entity, and IRI, title and year of each paper."""
    kinds = [KINDS[kind] for kind in matrices.kinds.tolist()]
    entities = zip(matrices.entities, kinds, matrices.labels, _margins(matrices).all.tolist(), strict=True)
    years = [year or None for year in matrices.years.tolist()]
    return list(entities), list(zip(matrices.papers, matrices.titles, years, strict=True))


def strongest(matrices: Matrices, kind: str, top: int) -> tuple[Place, ...]:
    """Give the entities of a kind that most papers name."""
    counts = np.where(matrices.kinds == KINDS.index(kind), _margins(matrices).all, 0)
    return tuple(_place(matrices, at) for at in _most(counts, top))


def papers_with(matrices: Matrices, entities: Sequence[int], year: int | None = None) -> Whole:
    """Give the places of the papers that name all of some entities, newest first, then by title."""
    held = _margins(matrices)
    each = [matrices.link_paper[held.order[held.ends[at] - held.all[at] : held.ends[at]]] for at in entities]
    found = np.sort(each[0]).astype(np.int64) if each else np.arange(len(matrices.papers), dtype=np.int64)
    for more in each[1:]:
        found = found[np.isin(found, more)]
    if year is not None:
        found = found[matrices.years[found] == year]
    return found[np.argsort(-matrices.years[found].astype(np.int64), kind="stable")]


def years_of(matrices: Matrices, papers: Whole) -> list[tuple[int, int, int]]:
    """Count papers by year, without gaps: the year, how many of these, and how many the graph has."""
    known = matrices.years[papers]
    known = known[known > 0].astype(np.int64)
    if not known.size:
        return []
    first, last = int(known.min()), int(matrices.years.max())
    these = np.bincount(known - first, minlength=last - first + 1).tolist()
    later = matrices.years[matrices.years >= first].astype(np.int64)
    whole = np.bincount(later - first, minlength=last - first + 1).tolist()
    return [(first + at, these[at], whole[at]) for at in range(last - first + 1)]


def neighbours(
    matrices: Matrices, entity: int, *, measure: str = "association", kind: str | None = None, top: int = 30
) -> tuple[Beside, ...]:
    """List what papers name beside an entity: first what is called at 5%, then by a measure.

    As in a report of co-occurrence, N of a pair are the papers that name both kinds (two of it, where it is one), and
    p is Fisher's, one-sided. The family of tests are all entities of that kind in five papers or more, seen beside
    this one or not (Benjamini and Hochberg, 1995). Raises QueryError for a measure that there is not.
    """
    if measure not in ORDERS:
        raise QueryError(f"no measure {measure[:40]!r}: choose one of {', '.join(ORDERS)}")
    here = np.zeros(len(matrices.papers), dtype=np.bool_)
    here[papers_with(matrices, [entity])] = True
    shared = np.bincount(matrices.link_entity[here[matrices.link_paper]], minlength=len(matrices.entities))
    shared[entity] = 0
    found: list[Beside] = []
    for number in [KINDS.index(kind)] if kind else range(len(KINDS)):
        found += _of_kind(matrices, here, shared, entity, number, measure, top)
    found.sort(key=lambda each: (not each.significant, -each.value, -each.shared, each.entity.at))
    return tuple(found[:top])


def _of_kind(  # noqa: PLR0917 - one kind of the question above
    matrices: Matrices, here: NDArray[np.bool_], shared: Whole, entity: int, number: int, measure: str, top: int
) -> list[Beside]:
    held, own = _margins(matrices), int(matrices.kinds[entity])
    universe, margins = held.met(own, number)
    first, end = (int(place) for place in held.first[number : number + 2])
    n, a = int(universe.sum()), int((universe & here).sum())
    at = np.flatnonzero(shared[first:end])
    if not at.size:
        return []
    seen, b = shared[first:end][at], margins[at]
    q = np.full(at.size, np.nan)
    tested = (b >= _FLOOR) & (seen > 1) & (a >= _FLOOR)
    if tested.any():
        # it is not tested against itself
        tests = int((margins >= _FLOOR).sum()) - int(own == number and margins[entity - first] >= _FLOOR)
        log_p = log_p_enriched(seen[tested], np.full(int(tested.sum()), a), b[tested], n)
        q[tested] = benjamini_hochberg(log_p, tests)
    value = _measured(measure, seen, a, b, n)
    # of what is not called, what most papers name is worth more than what one paper happens to name
    rank = np.lexsort((-seen, -value, ~(q < LEVEL)))[: max(_MOST, top)]
    return [
        Beside(
            _place(matrices, first + int(at[k])),
            int(seen[k]),
            round(float(value[k]), 9),
            None if np.isnan(q[k]) else float(q[k]),
        )
        for k in rank.tolist()
    ]


def _measured(measure: str, both: Whole, a: int, b: Whole, n: int) -> NDArray[np.float64]:
    if measure == "papers":
        return both.astype(np.float64)
    if measure == "association":
        return measures.association(both, a, b)
    if measure == "npmi":
        return measures.npmi(both, a, b, n)
    if measure == "lift":
        return measures.lift(both, a, b, n)
    return (measures.jaccard if measure == "jaccard" else measures.cosine)(both, a, b)


def grid(matrices: Matrices, papers: Whole, rows: str, columns: str, *, most: int = 12) -> Grid:
    """Count which entities of two kinds are named in the same ones of these papers.

    Of the commonest of each kind those are shown that are most often beside one of the other.
    """
    here = np.zeros(len(matrices.papers), dtype=np.bool_)
    here[papers] = True
    chosen = here[matrices.link_paper]
    paper, entity = matrices.link_paper[chosen].astype(np.int64), matrices.link_entity[chosen].astype(np.int64)
    counts = np.bincount(entity, minlength=len(matrices.entities))
    down, across = (
        _most(np.where(matrices.kinds == KINDS.index(kind), counts, 0), _CANDIDATES) for kind in (rows, columns)
    )
    cells = np.asarray((_columns(paper, entity, down).T @ _columns(paper, entity, across)).todense(), dtype=np.int64)
    cells[np.array(down, dtype=np.int64)[:, None] == np.array(across, dtype=np.int64)] = 0
    kept = _most(cells.sum(axis=1), most)
    beside = _most(cells[kept].sum(axis=0), most)
    return Grid(
        tuple(_place(matrices, down[at]) for at in kept),
        tuple(_place(matrices, across[at]) for at in beside),
        tuple(tuple(int(cells[i, j]) for j in beside) for i in kept),
    )


def _columns(paper: Whole, entity: Whole, wanted: Sequence[int]) -> sparse.csr_array:
    """Give papers × these entities."""
    order = np.argsort(wanted)
    sorted_ = np.array(wanted, dtype=np.int64)[order]
    at = np.searchsorted(sorted_, entity)
    known = np.flatnonzero(at < sorted_.size)
    known = known[sorted_[at[known]] == entity[known]]
    ones = np.ones(known.size, dtype=np.int64)
    shape = (int(paper.max(initial=-1)) + 1, len(wanted))
    return sparse.csr_array((ones, (paper[known], order[at[known]])), shape=shape)


def _most(counts: Whole, top: int) -> list[int]:
    """Give the places of the largest counts, none of them 0; of equal ones the first in the alphabet."""
    known = np.flatnonzero(counts)
    return [int(at) for at in known[np.argsort(-counts[known], kind="stable")][:top]]
