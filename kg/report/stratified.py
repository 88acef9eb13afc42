"""The pairs of a report within years or venues: their four counts in every stratum, analysed in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from kg.report.conditional import log_p_conditional
from kg.report.counts import written_out
from kg.report.strata import Within, mantel_haenszel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.report.counts import Counts

    Whole = NDArray[np.int64]
    Numbers = NDArray[np.float64]

__all__ = ["stratified"]

_SLICE: Final = 1_000_000


def stratified(counts: Counts, chosen: Whole, number: Whole, strata: int) -> Within:
    """Analyse the chosen cells of a matrix; `number` is the stratum of each paper, -1 for none.

    The odds ratio is that of Mantel and Haenszel, and p that of the exact test.
    """
    width = max(strata, 1)
    member = _members(number, width)
    size = np.asarray(member.sum(axis=0), dtype=np.float64)
    (rows, i), (columns, j) = (
        _margins(each, at[chosen], member) for each, at in ((counts.left, counts.i), (counts.right, counts.j))
    )
    both = _both(counts, counts.i[chosen] * counts.right.shape[1] + counts.j[chosen], number, width)
    # pairs that are in as few strata go together: only strata that have papers of both things say anything
    order = np.argsort(np.minimum((rows > 0).sum(axis=1)[i], (columns > 0).sum(axis=1)[j]), kind="stable")
    step = max(_SLICE // width, 1)
    parts = []
    for start in range(0, max(chosen.size, 1), step):
        at = order[start : start + step]
        a, b = rows[i[at]], columns[j[at]]
        parts.append(_analysed(np.asarray(both[at].todense(), dtype=np.float64), a, b, size))
    found = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Within(*(_back(column, order) for column in found))


def _analysed(both: Numbers, a: Numbers, b: Numbers, size: Numbers) -> Within:
    """Analyse pairs × strata, without the strata in which one of the two is in no paper: they add nothing."""
    pair, stratum = np.nonzero((a > 0) & (b > 0))
    times = np.bincount(pair, minlength=both.shape[0])
    place = np.arange(pair.size) - np.repeat(np.cumsum(times) - times, times)
    shape = both.shape[0], max(int(times.max(initial=0)), 1)
    dense = []
    for values in (both, a, b, np.broadcast_to(size, both.shape)):
        kept = np.zeros(shape)
        kept[pair, place] = values[pair, stratum]
        dense.append(kept)
    return mantel_haenszel(*dense)._replace(log_p=log_p_conditional(*dense))


def _back(values: Numbers, order: Whole) -> Numbers:
    placed = np.empty_like(values)
    placed[order] = values
    return placed


def _members(number: Whole, width: int) -> sparse.csr_array:
    known = np.flatnonzero(number >= 0)
    ones = np.ones(known.size, dtype=np.int64)
    return sparse.csr_array((ones, (known, number[known])), shape=(number.size, width))


def _margins(matrix: sparse.csr_array, places: Whole, member: sparse.csr_array) -> tuple[Numbers, Whole]:
    """Count the papers of some columns in each stratum; gives one row a column, and the row of each place."""
    wanted, row = np.unique(places, return_inverse=True)
    return np.asarray((matrix.tocsc()[:, wanted].T @ member).todense(), dtype=np.float64), row.ravel()


def _both(counts: Counts, cells: Whole, number: Whole, width: int) -> sparse.csr_array:
    """Count the papers of each cell in each stratum."""
    order = np.argsort(cells)
    known = cells[order]
    paper, i, j = written_out(counts.left, counts.right)
    inside = number[paper] >= 0
    key, stratum = (i * counts.right.shape[1] + j)[inside], number[paper[inside]]
    place = np.minimum(np.searchsorted(known, key), max(known.size - 1, 0))
    hit = known[place] == key if known.size else np.zeros(key.size, dtype=np.bool_)
    at, papers = np.unique(order[place[hit]] * width + stratum[hit], return_counts=True)
    return sparse.csr_array((papers, (at // width, at % width)), shape=(cells.size, width))
