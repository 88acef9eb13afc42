"""Which entities of a large picture are tied: pairs that papers name together more often than by chance.

All is counted on the arrays of the reports, so that what a line says is what `kg report cooccurrence` says of the
pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from kg.report import measures
from kg.report.exact import log_p_enriched
from kg.report.families import LEVEL, benjamini_hochberg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["MEASURES", "Ties", "strongest", "ties"]

#: What the strength of a line may be.
MEASURES: Final = ("cosine", "association", "npmi", "g2", "jaccard", "papers")
#: A pair is tested where each of the two is in that many papers, and both together in more than one.
MARGIN: Final = 5
FEW: Final = 3
LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of places, `a` before `b`, with the papers that name both and the measure that was asked for.

    `cosine` is Salton's, whatever the measure; `significant` are those whose q is below 5%.
    """

    a: Whole
    b: Whole
    papers: Whole
    value: Numbers
    cosine: Numbers
    significant: Flags

    def only(self, kept: Flags | Whole) -> Ties:
        """Keep some of them."""
        return Ties(*(getattr(self, name)[kept] for name in self.__slots__))


def ties(named: sparse.csr_array, margins: Whole, papers: int, measure: str, sides: NDArray[np.int8] | None) -> Ties:
    """Measure all pairs of columns that a paper names together.

    `named` is papers × entities, `margins` are the papers of each entity among the `papers` that were counted. With
    `sides`, a number for each column, only pairs across sides count. q is of Benjamini and Hochberg over all pairs
    whose margins allow a test.
    """
    cells = sparse.coo_array(sparse.triu(named.T @ named, 1))
    a, b = (np.asarray(place, dtype=np.int64) for place in cells.coords)
    both = np.asarray(cells.data, dtype=np.int64)
    if sides is not None:
        across = sides[a] != sides[b]
        a, b, both = a[across], b[across], both[across]
    order = np.lexsort((b, a))
    a, b, both = a[order], b[order], both[order]
    n = max(papers, 1)
    of_a, of_b = margins[a], margins[b]
    tested = (of_a >= MARGIN) & (of_b >= MARGIN) & (both > 1)
    log_p = log_p_enriched(both[tested], of_a[tested], of_b[tested], n)
    significant = np.zeros(a.size, dtype=np.bool_)
    significant[tested] = benjamini_hochberg(log_p, _tests(margins, sides)) < LEVEL
    return Ties(a, b, both, _value(measure, both, of_a, of_b, n), measures.cosine(both, of_a, of_b), significant)


def strongest(found: Ties, entities: int) -> Ties:
    """Keep a line that is among the strongest FEW of either end, so that there are at most so many per entity.

    Only significant ones count, but for the first LEAST of an entity: it shall not float where papers tie it.
    """
    ends = np.concatenate([found.a, found.b])
    others = np.concatenate([found.b, found.a])
    line = np.tile(np.arange(found.a.size), 2)
    order = np.lexsort((others, -found.papers[line], -found.value[line], ~found.significant[line], ends))
    first = np.searchsorted(ends[order], np.arange(entities))
    rank = np.arange(order.size) - first[ends[order]]
    picked = (rank < FEW) & (found.significant[line[order]] | (rank < LEAST))
    return found.only(np.unique(line[order][picked]))


def _tests(margins: Whole, sides: NDArray[np.int8] | None) -> int:
    large = margins >= MARGIN
    if sides is None:
        count = int(large.sum())
        return count * (count - 1) // 2
    sizes = np.bincount(sides[large]).astype(np.int64)
    return int((sizes.sum() ** 2 - (sizes**2).sum()) // 2)


def _value(measure: str, both: Whole, a: Whole, b: Whole, n: int) -> Numbers:
    match measure:
        case "association":
            return measures.association(both, a, b)
        case "npmi":
            return measures.npmi(both, a, b, n)
        case "g2":
            return measures.g2(both, a, b, n)
        case "jaccard":
            return measures.jaccard(both, a, b)
        case "papers":
            return both.astype(np.float64)
        case _:
            return measures.cosine(both, a, b)
