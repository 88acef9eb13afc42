"""Fisher's exact test, one-sided for enrichment, in logarithms: right also where p is far below what a float holds.

Point probabilities are by the saddle-point expansion of C. Loader, Fast and accurate computation of binomial
probabilities, 2000, which loses no digits to the difference of large log-gammas.
"""

from __future__ import annotations

from math import log, pi
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

__all__ = ["PACKED", "log_p_enriched", "log_p_most"]

_SMALL: Final = 16
_ENOUGH: Final = 1e-17
#: Three counts below this fit into 64 bits.
PACKED: Final = 2_000_000
_HALF_LOG_2PI: Final = 0.5 * log(2 * pi)


def log_p_enriched(both: ArrayLike, a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give ln P(X ≥ both) for X hypergeometric: a of n papers have the one, and b are drawn that have the other.

    Fisher, The logic of inductive inference, 1935. The tail that has fewer terms above the mode is summed; a sum that
    starts below the mode is taken from 1.
    """
    both, a, b = np.broadcast_arrays(*(np.asarray(each, dtype=np.int64) for each in (both, a, b)))
    # many cells have the same counts: each is computed once
    base = int(n) + 1
    if base < PACKED:
        keys, back = np.unique((both.ravel() * base + a.ravel()) * base + b.ravel(), return_inverse=True)
        k, r, c = keys // (base * base), keys // base % base, keys % base
    else:
        k, r, c, back = both.ravel(), a.ravel(), b.ravel(), np.arange(both.size)
    result = np.zeros(k.size)
    upper = k * (n + 2.0) > (r + 1.0) * (c + 1.0)
    lowest = np.maximum(0, r + c - n)
    possible = k <= np.minimum(r, c)
    result[~possible] = -np.inf
    up = upper & possible
    result[up] = _log_sum_up(k[up], r[up], c[up], n)
    down = ~upper & possible & (k > lowest)
    # P(X ≥ k) = 1 - P(X ≤ k - 1): of r papers with the one, those without the other are counted upwards
    lower = _log_sum_up(r[down] - (k[down] - 1), r[down], n - c[down], n)
    result[down] = np.log(-np.expm1(np.minimum(lower, 0.0)))
    return np.minimum(result, 0.0)[back.ravel()].reshape(both.shape)


def log_p_most(a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give the least ln p that two margins allow: that of as many papers with both as there can be."""
    return log_p_enriched(np.minimum(a, b), a, b, n)


def _log_sum_up(k: Whole, r: Whole, c: Whole, n: int) -> Numbers:
    """Sum the point probabilities from k upwards, by the ratio of neighbours."""
    total, term = np.ones(k.size), np.ones(k.size)
    at, places = k.astype(np.float64), np.arange(k.size)
    rr, cc = r.astype(np.float64), c.astype(np.float64)
    while places.size:
        x = at[places]
        step = (rr[places] - x) * (cc[places] - x) / ((x + 1) * (n - rr[places] - cc[places] + x + 1))
        term[places] *= step
        total[places] += term[places]
        at[places] += 1
        places = places[term[places] > _ENOUGH * total[places]]
    return _log_point(k, r, c, n) + np.log(total)


def _log_point(k: Whole, r: Whole, c: Whole, n: int | Whole) -> Numbers:
    """Give ln P(X = k) for k that are possible, as three binomials of the same p = c/n."""
    share = c / n
    return _log_binomial(k, r, share) + _log_binomial(c - k, n - r, share) - _log_binomial(c, np.full_like(c, n), share)


def _log_binomial(x: Whole, n: Whole, p: Numbers) -> Numbers:
    k, m, q = x.astype(np.float64), n.astype(np.float64), 1 - p
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (
            _stirling(m) - _stirling(k) - _stirling(m - k) - _deviance(k, m * p) - _deviance(m - k, m * q)
            - _HALF_LOG_2PI - 0.5 * (np.log(k) + np.log1p(-k / m))
        )  # fmt: skip
        none = np.where(m == 0, 0.0, m * np.log1p(-p))
        every = np.where(m == 0, 0.0, m * np.log(p))
    return np.where(k == 0, none, np.where(k == m, every, inner))


def _deviance(x: Numbers, mean: Numbers) -> Numbers:
    """Give x·ln(x/mean) + mean - x, by its series where x is near the mean."""
    found = mean - x
    some = x > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        found[some] += x[some] * np.log(x[some] / mean[some])
    near = np.abs(x - mean) < 0.1 * (x + mean)
    x, mean = x[near], mean[near]
    v = (x - mean) / (x + mean)
    total, power, square = (x - mean) * v, 2 * x * v, v * v
    for j in range(1, 12):
        power *= square
        total += power / (2 * j + 1)
    found[near] = total
    return found


def _stirling(n: Numbers) -> Numbers:
    """Give ln n! minus Stirling's formula: a table for small n, else the series."""
    found = _TABLE[np.clip(n, 0, _SMALL - 1).astype(np.int64)]
    large = n >= _SMALL
    m = n[large]
    s = 1 / (m * m)
    found[large] = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * 691 / 360360))))) / m
    return found


def _table() -> Numbers:
    values, factorial = [0.0], 1
    for n in range(1, _SMALL):
        factorial *= n
        values.append(log(factorial) - (n + 0.5) * log(n) + n - _HALF_LOG_2PI)
    return np.array(values)


_TABLE: Final = _table()
