"""The pairs of a report within years or venues: their four counts in every stratum, analysed in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from kg.report.conditional import log_p_conditional
from kg.report.strata import Within, mantel_haenszel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.report.counts import Counts

__all__ = ["stratified"]

_SLICE: Final = 4_000_000


def stratified(counts: Counts, chosen: NDArray[np.int64], number: NDArray[np.int64], strata: int) -> Within:
    """Analyse the chosen cells of a matrix; `number` is the stratum of each paper, -1 for none.

    The odds ratio is that of Mantel and Haenszel, and p that of the exact test.
    """
    width = max(strata, 1)
    member = _members(number, width)
    rows, columns = (np.asarray((each.T @ member).todense(), dtype=np.float64) for each in (counts.left, counts.right))
    size = np.asarray(member.sum(axis=0), dtype=np.float64)
    cells = counts.i[chosen] * counts.right.shape[1] + counts.j[chosen]
    both = _both(counts, cells, number, width)
    step = max(_SLICE // width, 1)
    parts = []
    for start in range(0, max(chosen.size, 1), step):
        piece = slice(start, start + step)
        a, b = rows[counts.i[chosen[piece]]], columns[counts.j[chosen[piece]]]
        here = np.asarray(both[piece].todense(), dtype=np.float64)
        parts.append(mantel_haenszel(here, a, b, size)._replace(log_p=log_p_conditional(here, a, b, size)))
    return Within(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _members(number: NDArray[np.int64], width: int) -> sparse.csr_array:
    known = np.flatnonzero(number >= 0)
    ones = np.ones(known.size, dtype=np.int64)
    return sparse.csr_array((ones, (known, number[known])), shape=(number.size, width))


def _both(counts: Counts, cells: NDArray[np.int64], number: NDArray[np.int64], width: int) -> sparse.csr_array:
    """Count the papers of each cell in each stratum: one product of matrices a stratum."""
    order = np.argsort(cells)
    known = cells[order]
    at, stratum, papers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for each in range(width if cells.size else 0):
        inside = np.flatnonzero(number == each)
        found = sparse.coo_array(counts.left[inside].T @ counts.right[inside])
        i, j = (np.asarray(place, dtype=np.int64) for place in found.coords)
        key = i * counts.right.shape[1] + j
        place = np.minimum(np.searchsorted(known, key), known.size - 1)
        hit = known[place] == key
        at.append(order[place[hit]])
        stratum.append(np.full(int(hit.sum()), each))
        papers.append(np.asarray(found.data, dtype=np.int64)[hit])
    data = (np.concatenate(papers), (np.concatenate(at), np.concatenate(stratum)))
    return sparse.csr_array(data, shape=(cells.size, width))
