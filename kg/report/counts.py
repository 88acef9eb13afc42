"""Counting pairs: which cells of the matrix of two sides papers fill, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from kg.report.families import Margins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kg.report.matrices import Matrices

    Whole = NDArray[np.int64]

__all__ = ["Counts", "count", "strata", "written_out"]


@dataclass(frozen=True, slots=True)
class Counts:
    """The cells that some paper fills, by the places of their row and column, and the papers in each.

    `left` and `right` are the matrices of the `papers` that were counted, `margin_a` and `margin_b` their column sums.
    A side against itself has each cell once, its row before its column.
    """

    papers: Whole
    left: sparse.csr_array
    right: sparse.csr_array
    same: bool
    i: Whole
    j: Whole
    both: Whole
    margin_a: Whole
    margin_b: Whole

    @property
    def n(self) -> int:
        """The number of papers that were counted."""
        return int(self.papers.size)

    def family(self, least: int) -> Margins:
        """Give the margins of the cells, filled or not, whose row and column are each in so many papers."""
        return Margins(self.margin_a[self.margin_a >= least], self.margin_b[self.margin_b >= least], self.same)


def count(
    left: sparse.csr_array, right: sparse.csr_array, mask: NDArray[np.bool_], *, same: bool, all_: bool
) -> Counts:
    """Count the papers of a mask: all of them, or those that name both sides (two things, if they are the same)."""
    if not all_:
        here, there = left.sum(axis=1), right.sum(axis=1)
        mask = mask & ((here >= 2) if same else (here >= 1) & (there >= 1))  # noqa: PLR2004 - a pair is two
    papers = np.flatnonzero(mask)
    a, b = left[papers], right[papers]
    cells = sparse.coo_array(a.T @ b)
    i, j = (np.asarray(place, dtype=np.int64) for place in cells.coords)
    both = np.asarray(cells.data, dtype=np.int64)
    if same:
        kept = i < j
        i, j, both = i[kept], j[kept], both[kept]
    order = np.lexsort((j, i))
    margins = (np.asarray(each.sum(axis=0), dtype=np.int64) for each in (a, b))
    return Counts(papers, a, b, same, i[order], j[order], both[order], *margins)


def written_out(left: sparse.csr_array, right: sparse.csr_array) -> tuple[Whole, Whole, Whole]:
    """Give each paper with each of its pairs: paper, row and column."""
    paper = np.repeat(np.arange(left.shape[0]), np.diff(left.indptr))
    times = np.diff(right.indptr)[paper].astype(np.int64)
    ends = np.cumsum(times)
    within = np.arange(int(ends[-1]) if ends.size else 0) - np.repeat(ends - times, times)
    column = right.indices[np.repeat(right.indptr[paper], times) + within]
    return np.repeat(paper, times), np.repeat(left.indices.astype(np.int64), times), column.astype(np.int64)


def strata(matrices: Matrices, counts: Counts, within: Sequence[str]) -> tuple[Whole, int]:
    """Number the strata of the papers that were counted, by year, venue or both; a paper without is in none (-1)."""
    columns: Mapping[str, NDArray[np.integer]] = {
        "year": np.where(matrices.years > 0, matrices.years, -1).astype(np.int64),
        "venue": matrices.venue.astype(np.int64),
    }
    chosen = np.stack([columns[name][counts.papers] for name in within])
    known = (chosen >= 0).all(axis=0)
    number = np.full(counts.n, -1, dtype=np.int64)
    if known.any():
        number[known] = np.unique(chosen[:, known], axis=1, return_inverse=True)[1].ravel()
    return number, int(number.max()) + 1 if number.size else 0
