"""How strongly two things appear together: measures over the four counts of a pair, as arrays.

In all of them `both` is the number of papers with both, `a` and `b` those with each, and `n` all that were counted.
None looks at a paper; docs/reports.md has the same formulas with what they are good for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

__all__ = ["association", "cosine", "expected", "g2", "inclusion", "jaccard", "lift", "npmi", "pmi"]


def expected(a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give the papers with both if the two were independent: a·b/n.

    >>> float(expected(20, 30, 100))
    6.0
    """
    return _real(a) * _real(b) / n


def association(both: ArrayLike, a: ArrayLike, b: ArrayLike) -> Numbers:
    """Give the association strength, both/(a·b): the probabilistic affinity index up to the factor n.

    van Eck and Waltman, How to normalize cooccurrence data?, JASIST 60(8), 2009, equation 6.
    """
    return _real(both) / (_real(a) * _real(b))


def lift(both: ArrayLike, a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give observed by expected, n·both/(a·b): 1 if independent. Brin, Motwani and Silverstein, SIGMOD 1997."""
    return n * association(both, a, b)


def jaccard(both: ArrayLike, a: ArrayLike, b: ArrayLike) -> Numbers:
    """Give the papers with both by those with either: both/(a+b-both). Jaccard, 1901."""
    return _real(both) / (_real(a) + _real(b) - _real(both))


def cosine(both: ArrayLike, a: ArrayLike, b: ArrayLike) -> Numbers:
    """Give Salton's cosine of the two columns of the matrix: both/√(a·b). Salton and McGill, 1983."""
    return _real(both) / np.sqrt(_real(a) * _real(b))


def inclusion(both: ArrayLike, a: ArrayLike, b: ArrayLike) -> Numbers:
    """Give the share of the rarer one's papers that name the other: both/min(a, b). Also called Simpson's overlap."""
    return _real(both) / np.minimum(_real(a), _real(b))


def pmi(both: ArrayLike, a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give the pointwise mutual information in bits, log2 of the lift. Church and Hanks, 1990.

    Counts are of papers, and not of words in a window. It is minus infinity where no paper has both.
    """
    with np.errstate(divide="ignore"):
        return np.log2(lift(both, a, b, n))


def npmi(both: ArrayLike, a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give PMI by its greatest value, -log2(both/n): from -1, never together, over 0 to 1, only together.

    Bouma, Normalized (pointwise) mutual information in collocation extraction, GSCL 2009. It is 1 where all papers
    have both.
    """
    joint = _real(both) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        value = pmi(both, a, b, n) / -np.log2(joint)
    return np.where(joint == 0, -1.0, np.where(joint == 1, 1.0, value))


def g2(both: ArrayLike, a: ArrayLike, b: ArrayLike, n: int) -> Numbers:
    """Give the log-likelihood ratio 2·Σ O·ln(O/E) over the four cells, negative where fewer are together than expected.

    Dunning, Accurate methods for the statistics of surprise and coincidence, Computational Linguistics 19(1), 1993.
    """
    both, a, b = _real(both), _real(a), _real(b)
    cells = (
        (both, a * b),
        (a - both, a * (n - b)),
        (b - both, (n - a) * b),
        (n - a - b + both, (n - a) * (n - b)),
    )
    total = sum((_x_log_ratio(seen, chance / n) for seen, chance in cells), np.zeros(np.broadcast(both, a, b).shape))
    return np.sign(both - a * b / n) * 2 * np.maximum(total, 0.0)


def _x_log_ratio(seen: Numbers, chance: Numbers) -> Numbers:
    """Give x·ln(x/y), which is 0 where x is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seen > 0, seen * np.log(seen / chance), 0.0)


def _real(counts: ArrayLike) -> Numbers:
    return np.asarray(counts, dtype=np.float64)
