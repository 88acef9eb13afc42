"""The exact test of a pair within strata: whether more papers have both than independence allows.

The test of Mantel and Haenszel leans on the normal distribution, and calls pairs that two or three papers name together
far too sure. Given the margins of each stratum, the papers with both are a sum of hypergeometric numbers, whose
distribution can be written out.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from kg.report.exact import PACKED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

__all__ = ["log_p_conditional"]


def log_p_conditional(both: Numbers, a: Numbers, b: Numbers, n: Numbers) -> Numbers:
    """Give ln P(Σ X_k ≥ Σ both_k) for each pair, over strata in columns; `n` is one row, or one a pair.

    Gart, Point and interval estimation of the common odds ratio in the combination of 2 × 2 tables with fixed
    marginals, Biometrika 57, 1970. Only positive terms are added, so that small p keep their digits, down to 1e-300.
    """
    wanted = both.sum(axis=-1).astype(np.int64)
    whole = [np.broadcast_to(each, both.shape).astype(np.int64) for each in (a, b, n)]
    result = np.zeros(wanted.size)
    # pairs that need as many papers go together: the state is how many are still missing
    for least, most in ((1, 4), (5, 16), (17, 64), (65, 256), (257, 1 << 40)):
        chosen = np.flatnonzero((wanted >= least) & (wanted <= most))
        if chosen.size:
            result[chosen] = _walk(wanted[chosen], *(each[chosen] for each in whole))
    return result


def _walk(wanted: Whole, a: Whole, b: Whole, n: Whole) -> Numbers:
    """Go through the strata; the chance of each number of papers still missing, 0 being enough."""
    width = int(wanted.max())
    missing = np.zeros((wanted.size, width + 1))
    missing[np.arange(wanted.size), wanted] = 1.0
    for k in range(a.shape[1]):
        active = np.flatnonzero((a[:, k] > 0) & (b[:, k] > 0))
        if active.size:
            missing[active] = _step(missing[active], a[active, k], b[active, k], n[active, k])
    with np.errstate(divide="ignore"):
        return np.minimum(np.log(missing[:, 0]), 0.0)


def _step(missing: Numbers, a: Whole, b: Whole, n: Whole) -> Numbers:
    points = _points(a, b, n)
    tails = points[:, ::-1].cumsum(axis=1)[:, ::-1]
    width, most = missing.shape[1] - 1, points.shape[1] - 1
    after = np.zeros_like(missing)
    after[:, 0] = missing[:, 0]
    reach = min(width, most)
    after[:, 0] += (missing[:, 1 : reach + 1] * tails[:, 1 : reach + 1]).sum(axis=1)
    for found in range(min(most, width - 1) + 1):
        after[:, 1 : width + 1 - found] += missing[:, 1 + found :] * points[:, found, None]
    return after


def _points(a: Whole, b: Whole, n: Whole) -> Numbers:
    """Give P(X = x) for each pair in rows and each x in columns."""
    base = int(n.max()) + 1
    key = (n * base + a) * base + b if base < PACKED else np.arange(n.size)
    _, one, back = np.unique(key, return_index=True, return_inverse=True)
    r, c, of = a[one], b[one], n[one]
    most = np.minimum(r, c)
    x = np.arange(int(most.max()) + 1)[None, :]
    fits = (x <= most[:, None]) & (x >= (r + c - of)[:, None])
    row, column = np.nonzero(fits)
    points: Numbers = np.zeros(fits.shape)
    r, c, of = r[row], c[row], of[row]
    f = _log_factorials(int(n.max()).bit_length())
    ways = f[r] - f[column] - f[r - column] + f[of - r] - f[c - column] - f[of - r - c + column]
    points[row, column] = np.exp(ways - (f[of] - f[c] - f[of - c]))
    return np.asarray(points[back.ravel()])


@cache
def _log_factorials(bits: int) -> Numbers:
    """Give ln k! for k of so many bits: of 10,000 papers, a chance made of these has ten right digits and more."""
    return np.asarray(gammaln(np.arange(1, (1 << bits) + 1, dtype=np.float64)))
