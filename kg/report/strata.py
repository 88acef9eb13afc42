"""Two things within years or venues: the Mantel-Haenszel analysis of many 2 × 2 tables of one pair.

Methods and datasets come and go together; a pair that is only of its time has a common odds ratio near 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.special import log_ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["Within", "mantel_haenszel"]

_Z: Final = 1.959963984540054


class Within(NamedTuple):
    """The common odds ratio of each pair with its 95% interval, and ln p, one-sided for enrichment.

    The odds ratio is infinite where no stratum holds a paper against it; there is no interval then.
    """

    odds: Numbers
    low: Numbers
    high: Numbers
    log_p: Numbers


def mantel_haenszel(both: Numbers, a: Numbers, b: Numbers, n: Numbers) -> Within:
    """Analyse pairs × strata: papers with both, with each, and all (one row, or one a pair).

    Odds ratio Σ(both·neither/n) / Σ(only a·only b/n) and test, without continuity correction, of Mantel and Haenszel,
    JNCI 22, 1959; interval of Robins, Breslow and Greenland, Biometrics 42, 1986. Strata without a paper say nothing.
    """
    n = np.broadcast_to(np.asarray(n, dtype=np.float64), both.shape)
    size = np.maximum(n, 1.0)
    only_a, only_b, neither = a - both, b - both, n - a - b + both
    for_it, against = both * neither / size, only_a * only_b / size
    r, s = for_it.sum(axis=-1), against.sum(axis=-1)
    agree, differ = (both + neither) / size, (only_a + only_b) / size
    variance = a * (n - a) * b * (n - b) / (size**2 * np.maximum(n - 1, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where((r > 0) | (s > 0), r / s, np.nan)
        spread = np.sqrt(
            (agree * for_it).sum(axis=-1) / (2 * r**2)
            + (agree * against + differ * for_it).sum(axis=-1) / (2 * r * s)
            + (differ * against).sum(axis=-1) / (2 * s**2)
        )
        low, high = odds * np.exp(-_Z * spread), odds * np.exp(_Z * spread)
        z = (both - a * b / size).sum(axis=-1) / np.sqrt(variance.sum(axis=-1))
    known = np.isfinite(spread)
    log_p = np.where(np.isfinite(z), log_ndtr(-np.where(np.isfinite(z), z, 0.0)), 0.0)
    return Within(odds, np.where(known, low, np.nan), np.where(known, high, np.nan), log_p)
