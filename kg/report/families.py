"""Many tests at once: what a p-value is worth in a family of them, most of which were never seen.

A family is all cells of a matrix whose margins are large enough. Those that no paper fills have p = 1 for enrichment,
and need not be written out: their number is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kg.report.exact import log_p_most

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["LEVEL", "Margins", "benjamini_hochberg", "benjamini_yekutieli", "tarone"]

#: The level at which a pair is called significant.
LEVEL: Final = 0.05
_EULER: Final = 0.57721566490153286
_SUMMED: Final = 1_000_000


class Margins(NamedTuple):
    """The margins of a family: how many entities of each side are named by so many papers.

    `same` is a kind against itself, whose cells are pairs without order.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    same: bool

    @property
    def cells(self) -> int:
        """The number of tests."""
        rows, columns = int(self.rows.size), int(self.columns.size)
        return rows * (rows - 1) // 2 if self.same else rows * columns


def benjamini_hochberg(log_p: Numbers, tests: int) -> Numbers:
    """Give q-values, the least false discovery rates at which each is called; the tests not given have p = 1.

    Benjamini and Hochberg, Controlling the false discovery rate, JRSS B 57(1), 1995: q of the k-th smallest p is the
    minimum over j ≥ k of p_j·tests/j.
    """
    return _stepped(log_p, float(tests))


def benjamini_yekutieli(log_p: Numbers, tests: int) -> Numbers:
    """Give q-values that hold under any dependence of the tests: Benjamini-Hochberg's times Σ 1/i, at most 1.

    Benjamini and Yekutieli, The control of the false discovery rate in multiple testing under dependency, Annals of
    Statistics 29(4), 2001.
    """
    return _stepped(log_p, tests * _harmonic(tests))


def tarone(log_p: Numbers, margins: Margins, papers: int) -> tuple[Numbers, int]:
    """Give p-values corrected for the cells that could be significant at all, and the number of these.

    Tarone, A modified Bonferroni method for discrete data, Biometrics 46(2), 1990: K is the least number such that at
    most K cells can reach LEVEL/K; p·K is the corrected p of those, and 1 that of the others. It bounds the chance of
    one false discovery, and not their share.
    """
    rows, row_times = np.unique(margins.rows, return_counts=True)
    columns, column_times = np.unique(margins.columns, return_counts=True)
    least = log_p_most(rows[:, None], columns[None, :], papers)
    times = row_times[:, None] * column_times[None, :]
    if margins.same:
        times = np.triu(times, 1) + np.diag(row_times * (row_times - 1) // 2)
    order = np.argsort(least.ravel(), kind="stable")
    reach, number = least.ravel()[order], np.cumsum(times.ravel()[order])
    factor = _testable(reach, number)
    corrected = np.minimum(log_p + np.log(max(factor, 1)), 0.0)
    return np.exp(corrected), factor


def _testable(reach: Numbers, number: NDArray[np.int64]) -> int:
    """Find the least K with #{cells whose least p ≤ LEVEL/K} ≤ K."""

    def reaching(k: int) -> int:
        place = int(np.searchsorted(reach, np.log(LEVEL / k) + 1e-12, side="right"))
        return int(number[place - 1]) if place else 0

    low, high = 1, max(int(number[-1]) if number.size else 1, 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reaching(middle) <= middle else (middle + 1, high)
    return low


def _stepped(log_p: Numbers, factor: float) -> Numbers:
    order = np.argsort(log_p, kind="stable")
    ranks = np.arange(1, log_p.size + 1)
    steps = log_p[order] + np.log(max(factor, 1.0)) - np.log(ranks)
    stepped = np.minimum.accumulate(steps[::-1])[::-1]
    result = np.empty(log_p.size)
    result[order] = np.exp(np.minimum(stepped, 0.0))
    return result


def _harmonic(n: int) -> float:
    """Give Σ 1/i up to n; for large n by its asymptotic series, which is exact to the last digit there."""
    if n <= _SUMMED:
        return float(np.sum(1.0 / np.arange(1, n + 1)[::-1]))
    return float(np.log(n) + _EULER + 1 / (2 * n) - 1 / (12 * n * n))
