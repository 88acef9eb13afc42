"""The papers behind each pair, in the order in which reports list them: newest first, then by title and IRI."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.report.counts import written_out
from kg.report.rows import PaperRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kg.report.counts import Counts
    from kg.report.matrices import Matrices

    Whole = NDArray[np.int64]

__all__ = ["Behind", "behind"]


class Behind(NamedTuple):
    """The papers of some pairs: `refs` and `places` have each paper once, as listed, `at` those of pair after pair.

    `ends` says where in `at` those of each pair end.
    """

    refs: Sequence[PaperRef]
    places: Whole
    at: Whole
    ends: Whole

    def each(self) -> list[tuple[PaperRef, ...]]:
        """Give the papers of each pair."""
        every, start, found = [self.refs[at] for at in self.at.tolist()], 0, []
        for end in self.ends.tolist():
            found.append(tuple(every[start:end]))
            start = end
        return found

    def places_of_each(self) -> list[Whole]:
        """Give the papers of each pair by their places in the matrices."""
        return np.split(self.places[self.at], self.ends[:-1]) if self.ends.size else []


def behind(matrices: Matrices, counts: Counts, i: Whole, j: Whole, listed: int | None = None) -> Behind:
    """Find the papers of pairs, given by row and column and each pair once; of each pair `listed` at most."""
    pair, papers = _members(counts, i, j)
    places, back = np.unique(papers, return_inverse=True)
    titles, years = matrices.titles.at(places), matrices.years[places].tolist()
    order = np.array(sorted(range(places.size), key=lambda at: (-years[at], titles[at], at)), dtype=np.int64)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    width = max(order.size, 1)
    both = pair * width + rank[back.ravel()]
    both.sort()
    number = np.bincount(both // width, minlength=i.size)
    if listed is not None:
        starts = np.cumsum(number) - number
        both = both[np.arange(both.size) - np.repeat(starts, number) < listed]
        number = np.minimum(number, listed)
    iris, urls = (column.at(places) for column in (matrices.papers, matrices.urls))
    refs = [PaperRef(iris[at], titles[at], years[at] or None, urls[at] or None) for at in order.tolist()]
    return Behind(refs, places[order], both % width, np.cumsum(number))


def _members(counts: Counts, i: Whole, j: Whole) -> tuple[Whole, Whole]:
    """Give each pair, by its number, with each of its papers."""
    rows, columns = np.unique(i), np.unique(j)
    paper, row, column = written_out(counts.left[:, rows], counts.right[:, columns])
    width = counts.right.shape[1]
    cells = i * width + j
    order = np.argsort(cells)
    known, key = cells[order], rows[row] * width + columns[column]
    place = np.minimum(np.searchsorted(known, key), max(known.size - 1, 0))
    hit = known[place] == key if known.size else np.zeros(key.size, dtype=np.bool_)
    return order[place[hit]], counts.papers[paper[hit]]
