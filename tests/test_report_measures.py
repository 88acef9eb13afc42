"""The measures against scipy, statsmodels, whole-number arithmetic, and tables of the papers that they come from."""

from __future__ import annotations

from math import comb, log, log2, log10, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.report import measures
from kg.report.conditional import log_p_conditional
from kg.report.exact import log_p_enriched, log_p_most
from kg.report.families import LEVEL, Margins, benjamini_hochberg, benjamini_yekutieli, tarone
from kg.report.strata import mantel_haenszel

if TYPE_CHECKING:
    from numpy.typing import NDArray

stats = pytest.importorskip("scipy.stats", reason="scipy's own measures are what ours are compared with")


@st.composite
def tables(draw: st.DrawFn, most: int = 400) -> tuple[int, int, int, int]:
    """Papers with both, with each, and all, that can be."""
    n = draw(st.integers(2, most))
    a, b = draw(st.integers(1, n - 1)), draw(st.integers(1, n - 1))
    return draw(st.integers(max(0, a + b - n), min(a, b))), a, b, n


def grid(both: int, a: int, b: int, n: int) -> NDArray[np.int64]:
    return np.array([[both, a - both], [b - both, n - a - b + both]])


@given(tables())
def test_g2_is_scipys(table: tuple[int, int, int, int]) -> None:
    both, a, b, n = table
    wanted = stats.chi2_contingency(grid(*table), correction=False, lambda_="log-likelihood").statistic
    assert abs(measures.g2(both, a, b, n)) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    assert np.sign(measures.g2(both, a, b, n)) in {0, np.sign(both * n - a * b)}


@given(tables())
def test_fisher_is_scipys(table: tuple[int, int, int, int]) -> None:
    both, a, b, n = table
    wanted = stats.fisher_exact(grid(*table), alternative="greater").pvalue
    assert float(np.exp(log_p_enriched(both, a, b, n))) == pytest.approx(wanted, rel=1e-9)


def exact(both: int, a: int, b: int, n: int) -> float:
    """The decimal logarithm of p by whole numbers of any size."""
    term = ways = comb(a, both) * comb(n - a, b - both)
    for k in range(both, min(a, b)):
        term = term * (a - k) * (b - k) // ((k + 1) * (n - a - b + k + 1))
        ways += term
    shift = max(ways.bit_length() - 1000, 0)
    above, below = ways >> shift, comb(n, b)
    cut = max(below.bit_length() - 1000, 0)
    return log10(above) - log10(below >> cut) + (shift - cut) * log10(2)


@pytest.mark.parametrize(
    ("both", "a", "b", "n"),
    [
        (900, 1000, 950, 5000),
        (3000, 3000, 3000, 6000),
        (400, 9000, 8000, 150_000),
        (481, 9000, 8000, 150_000),
        (2000, 9000, 8000, 150_000),
        (5, 5, 5, 150_000),
        (7, 5000, 10, 150_000),
        (0, 10, 10, 100),
        (98, 99, 99, 100),
        (99, 99, 99, 99),
    ],
)
def test_fisher_far_below_what_a_float_holds(both: int, a: int, b: int, n: int) -> None:
    found = float(log_p_enriched(both, a, b, n)) / log(10)
    assert found == pytest.approx(exact(both, a, b, n), rel=1e-9, abs=1e-9)


def test_fisher_of_many_cells_at_once_is_that_of_each() -> None:
    both, a, b = np.array([[3, 8, 3], [1, 2, 6]]), np.array([[9], [7]]), np.array([[9, 8, 40]])
    each = [[float(log_p_enriched(k, a[i, 0], b[0, j], 60)) for j, k in enumerate(row)] for i, row in enumerate(both)]
    assert log_p_enriched(both, a, b, 60) == pytest.approx(np.array(each), rel=1e-14)


@given(tables())
def test_measures_by_their_definitions(table: tuple[int, int, int, int]) -> None:
    both, a, b, n = table
    chance = a * b / n
    assert measures.expected(a, b, n) == pytest.approx(stats.contingency.expected_freq(grid(*table))[0, 0], rel=1e-12)
    assert measures.lift(both, a, b, n) == pytest.approx(both / chance, rel=1e-12)
    assert measures.association(both, a, b) * n == pytest.approx(both / chance, rel=1e-12)
    assert measures.jaccard(both, a, b) == pytest.approx(both / (a + b - both), rel=1e-12)
    assert measures.cosine(both, a, b) == pytest.approx(both / sqrt(a * b), rel=1e-12)
    assert measures.inclusion(both, a, b) == pytest.approx(max(both / a, both / b), rel=1e-12)
    if both:
        assert measures.pmi(both, a, b, n) == pytest.approx(log2(both / chance), rel=1e-9, abs=1e-9)
    assert -1 <= measures.npmi(both, a, b, n) <= 1 + 1e-12


@pytest.mark.parametrize(
    ("both", "a", "b", "value"),
    [(0, 5, 5, -1.0), (4, 20, 20, 0.0), (7, 7, 7, 1.0), (100, 100, 100, 1.0)],
)
def test_npmi_has_the_landmarks_of_its_paper(both: int, a: int, b: int, value: float) -> None:
    """Never together -1, independent 0, only together 1 (Bouma 2009, section 3)."""
    assert measures.npmi(both, a, b, 100) == pytest.approx(value, abs=1e-12)


#: k(AB), k(A ~B), k(~A B), k(~A ~B), and -2 log λ, from table 2 of Dunning 1993 (bigrams of 31,777 words).
DUNNING = [
    (110, 2442, 111, 29114, 270.72),
    (29, 13, 123, 31612, 263.90),
    (31, 23, 139, 31584, 256.84),
    (10, 0, 3, 31764, 167.23),
]


@pytest.mark.parametrize(("both", "only_a", "only_b", "neither", "value"), DUNNING)
def test_g2_is_that_of_dunnings_table(both: int, only_a: int, only_b: int, neither: int, value: float) -> None:
    n = both + only_a + only_b + neither
    assert measures.g2(both, both + only_a, both + only_b, n) == pytest.approx(value, abs=0.01)


# Families of tests.


@given(st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=40), st.integers(0, 60))
def test_q_values_are_those_of_statsmodels_with_the_unseen_written_out(seen: list[float], unseen: int) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = np.array([*seen, *([1.0] * unseen)])
    for ours, method in ((benjamini_hochberg, "fdr_bh"), (benjamini_yekutieli, "fdr_by")):
        wanted = multitest.multipletests(p, method=method)[1][: len(seen)]
        assert ours(np.log(np.array(seen)), p.size) == pytest.approx(wanted, rel=1e-9)


def test_q_values_of_millions_of_tests() -> None:
    log_p = np.array([-800.0, -40.0, -3.0])
    q = benjamini_hochberg(log_p, 10_000_000)
    assert q[0] == pytest.approx(0.0, abs=1e-300)
    assert q[1] == pytest.approx(np.exp(-40.0) * 10_000_000 / 2)
    assert q[2] == 1.0
    ratio = benjamini_yekutieli(log_p, 10_000_000)[1] / q[1]
    assert ratio == pytest.approx(float(np.sum(1 / np.arange(10_000_000, 0, -1))), rel=1e-12)


@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=6),
    st.lists(st.integers(1, 12), min_size=1, max_size=6),
    st.booleans(),
)
def test_tarone_by_trying_every_k(rows: list[int], columns: list[int], same: bool) -> None:  # noqa: FBT001 - drawn
    n = 40
    margins = Margins(np.array(rows), np.array(rows if same else columns), same)
    pairs = [(a, b) for i, a in enumerate(rows) for j, b in enumerate(rows if same else columns) if not same or i < j]
    least = [float(np.exp(log_p_most(a, b, n))) for a, b in pairs]
    wanted = next(k for k in range(1, 1000) if sum(p <= LEVEL / k * (1 + 1e-12) for p in least) <= k)
    corrected, factor = tarone(np.log(np.array([0.001, 0.5])), margins, n)
    assert (margins.cells, factor) == (len(pairs), wanted)
    assert corrected == pytest.approx([min(0.001 * wanted, 1), min(0.5 * wanted, 1)])


# Within strata.


@given(st.lists(tables(60), min_size=2, max_size=5))
def test_mantel_haenszel_is_that_of_statsmodels(strata: list[tuple[int, int, int, int]]) -> None:
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
    both, a, b, n = (np.array([[table[i] for table in strata]], dtype=float) for i in range(4))
    found = mantel_haenszel(both, a, b, n[0])
    with np.errstate(all="ignore"):
        wanted = contingency.StratifiedTable([grid(*table).astype(float) for table in strata])
        odds, interval = wanted.oddsratio_pooled, wanted.oddsratio_pooled_confint()
        test = wanted.test_null_odds(correction=False)
    if np.isfinite(odds) and odds > 0:
        assert found.odds[0] == pytest.approx(odds, rel=1e-9)
        assert (found.low[0], found.high[0]) == pytest.approx(interval, rel=1e-6)
    if np.isfinite(test.statistic):
        two_sided = 2 * min(np.exp(found.log_p[0]), -np.expm1(found.log_p[0]))
        assert two_sided == pytest.approx(test.pvalue, rel=1e-9, abs=1e-12)


@given(st.lists(tables(30), min_size=1, max_size=4))
def test_the_exact_test_within_strata_is_the_sum_of_hypergeometric_numbers(
    strata: list[tuple[int, int, int, int]],
) -> None:
    both, a, b, n = (np.array([[table[i] for table in strata]], dtype=float) for i in range(4))
    whole = np.ones(1)
    for _, row, column, size in strata:
        whole = np.convolve(whole, stats.hypergeom(size, row, column).pmf(np.arange(size + 1)))
    wanted = min(float(whole[int(both.sum()) :].sum()), 1.0)
    assert float(np.exp(log_p_conditional(both, a, b, n[0])[0])) == pytest.approx(wanted, rel=1e-9)


def test_the_exact_test_of_one_stratum_is_fishers() -> None:
    both, a, b = (np.array([[x], [x + 30.0]]) for x in (40.0, 90.0, 100.0))
    found = log_p_conditional(both, a, b, np.array([5000.0]))
    assert found == pytest.approx(log_p_enriched(both[:, 0], a[:, 0], b[:, 0], 5000), rel=1e-9)


def test_strata_without_papers_say_nothing() -> None:
    both, a, b = (np.array([[x, 0.0]]) for x in (3.0, 5.0, 6.0))
    with_empty = mantel_haenszel(both, a, b, np.array([20.0, 0.0]))
    alone = mantel_haenszel(both[:, :1], a[:, :1], b[:, :1], np.array([20.0]))
    assert [float(x[0]) for x in with_empty] == pytest.approx([float(x[0]) for x in alone])
