"""Which things are named in the same papers, how much more often than by chance, and in which papers.

The matrices are read from the store once and kept beside it; all counting is done on them, so that two kinds of ten
thousand entities cost one product of sparse matrices and not a hundred million questions.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS
from kg.report import cache, checks, measures, names
from kg.report import rows as ask
from kg.report.behind import behind
from kg.report.counts import count, strata
from kg.report.exact import log_p_enriched
from kg.report.families import LEVEL, benjamini_hochberg, benjamini_yekutieli, tarone
from kg.report.model import Meta, Pair, Report
from kg.report.quotes import quotes as quotes_of
from kg.report.selection import Filters, partial_year, select
from kg.report.stratified import stratified
from kg.store import Graph, open_graph

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.report.counts import Counts
    from kg.report.families import Margins
    from kg.report.matrices import Matrices, Side
    from kg.report.model import Correction

    Numbers = NDArray[np.float64]

__all__ = ["cooccurrence"]

_UPWARDS: Final = frozenset({"p", "q", "p_within", "q_within"})
#: The measures of a pair, in their order.
_MEASURED: Final = tuple(name for name, value in Pair._field_defaults.items() if value is None)


def cooccurrence(
    graph: Graph | str | Path,
    *,
    rows: str = "Dataset",
    columns: str = "Method",
    predicates: Mapping[str, Collection[str]] | None = None,
    years: tuple[int | None, int | None] = (None, None),
    venues: Collection[str] = (),
    universe: str = "both",
    min_papers: int = 1,
    min_margin: int = 5,
    correction: Correction = "benjamini-hochberg",
    within: Collection[str] = (),
    sort: str = "papers",
    top: int | None = None,
    around: str | None = None,
    as_of: int | None = None,
    quotes: bool = True,
    listed: int | None = None,
) -> Report:
    """Count the papers that name a thing of one kind together with one of the other, and measure what that means.

    `rows` and `columns` are kinds of entity, "Venue" or "Year". A paper names an entity if an asserted claim says
    anything of it. `predicates` narrows that for a kind: `{"Dataset": ["evaluatesOn"]}` counts a dataset only where a
    paper evaluates on it. `years` (from and to, included) and `venues` choose papers. N is the number of papers that
    pass and name both kinds, so that a paper that could not hold a pair does not make pairs look rarer; with `universe`
    "all" it is all that pass. A kind against itself counts each pair once.

    The family of tests is fixed by what was counted alone: all cells whose row and column are each in `min_margin`
    papers, those that no paper fills too. A pair that one paper alone names is among them and never called: its q is
    None. `correction` turns p into q over this family. `within` ("year", "venue" or both) adds the Mantel-Haenszel
    analysis over the strata.

    `around` keeps the pairs of one entity, given by IRI or label; `min_papers`, then `sort` and `top` choose pairs.
    None of the four changes N, a margin, or the family. `as_of` is the year in which the papers were gathered, from
    which on counts are incomplete: that of the newest paper unless given. Without `quotes` the papers come without
    their sentences, which is quicker; `listed` gives each pair only so many of its papers, the newest.

    Raises QueryError for a kind, predicate, venue, measure or entity that does not exist.
    """
    said = {kind: tuple(sorted(set(given))) for kind, given in sorted((predicates or {}).items())}
    checks.check(rows, columns, said, min_papers, top, listed)
    checks.check_choices(universe, correction, tuple(within), sort, min_margin)
    opened = graph if isinstance(graph, Graph) else open_graph(graph)
    matrices = cache.load(opened)
    filters = Filters(*years, tuple(venues))
    chosen = select(matrices, filters)
    left, right = (matrices.side(kind, said.get(kind, ())) for kind in (rows, columns))
    counts = count(left.matrix, right.matrix, chosen.mask, same=rows == columns, all_=universe == "all")
    family = counts.family(min_margin)
    table = _measured(counts, family, min_margin, correction)
    strata_in = tuple(each for each in checks.STRATA if each in within)
    width = _within(matrices, counts, family, table, strata_in, correction) if strata_in else 0
    kept, centre, found = _chosen(counts, table, (left, right), around, min_papers, sort, opened)
    shown = kept[:top]
    i, j = counts.i[shown], counts.j[shown]
    (names_a, iris_a), (names_b, iris_b) = left.named(i), right.named(j)
    found_in = behind(matrices, counts, i, j, listed)
    with _many():
        papers = found_in.each()
    if quotes and papers:
        ids = list(zip(iris_a, iris_b, strict=True))
        entities = [*np.unique(left.first + i).tolist(), *np.unique(right.first + j).tolist()]
        spoken = quotes_of(opened, matrices, found_in.places_of_each(), ids, (rows, columns), said, entities)
        papers = [ask.quoted(each, spoken, pair) for each, pair in zip(papers, ids, strict=True)]
    meta = Meta(
        rule=checks.rule(rows, columns, universe),
        predicates=tuple(said.items()),
        around=centre,
        min_papers=min_papers,
        top=top,
        found=found,
        newest=ask.newest(matrices, counts.papers),
        builds=ask.builds(opened),
        graph=None if isinstance(graph, Graph) else str(graph),
        graph_papers=len(matrices.papers),
        filters=filters.words,
        universe=universe,
        sort=sort,
        min_margin=min_margin,
        correction=correction,
        tested=family.cells,
        significant=int((table["q_within" if strata_in else "q"] < LEVEL).sum()),
        within=strata_in,
        strata=width,
        newest_date=ask.newest_date(matrices, counts.papers),
        partial=partial_year(matrices, as_of),
        extraction=ask.extraction(opened, _counted(rows, columns, said)),
        listed=listed,
        emptied=chosen.emptied or (None if counts.n else checks.empty(left, right, rows, columns, said, chosen.mask)),
    )
    numbers = (counts.both[shown], counts.margin_a[i], counts.margin_b[j])
    with _many():
        made = zip(
            *(names_a, names_b, iris_a, iris_b, papers),
            *(each.tolist() for each in numbers),
            *(_values(table, name, shown) for name in _MEASURED),
            strict=True,
        )
        return Report(rows, columns, counts.n, tuple(map(Pair._make, made)), meta)


@contextmanager
def _many() -> Iterator[None]:
    """Make many objects at once, without looking for cycles among them on the way."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _counted(rows: str, columns: str, said: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The predicates that a report counts; none stands for all."""
    sides = [said.get(kind, ()) for kind in (rows, columns) if kind in KINDS]
    return frozenset().union(*sides) if all(sides) else frozenset()


def _measured(counts: Counts, family: Margins, least: int, correction: str) -> dict[str, Numbers]:
    """Measure every cell that a paper fills."""
    both, n = counts.both, max(counts.n, 1)
    a, b = counts.margin_a[counts.i], counts.margin_b[counts.j]
    log_p = log_p_enriched(both, a, b, n)
    tested = (a >= least) & (b >= least) & (both > 1)
    q = np.full(both.size, np.nan)
    q[tested] = _corrected(log_p[tested], family, counts.n, correction)
    with np.errstate(under="ignore"):
        p = np.exp(log_p)
    return {
        "expected": measures.expected(a, b, n),
        "association": measures.association(both, a, b),
        "jaccard": measures.jaccard(both, a, b),
        "cosine": measures.cosine(both, a, b),
        "inclusion": measures.inclusion(both, a, b),
        "lift": measures.lift(both, a, b, n),
        "pmi": measures.pmi(both, a, b, n),
        "npmi": measures.npmi(both, a, b, n),
        "g2": measures.g2(both, a, b, n),
        "p": p,
        "log10_p": log_p / np.log(10),
        "q": q,
    }


def _corrected(log_p: Numbers, family: Margins, papers: int, correction: str) -> Numbers:
    if correction == "tarone":
        return tarone(log_p, family, papers)[0]
    step = benjamini_hochberg if correction == "benjamini-hochberg" else benjamini_yekutieli
    return step(log_p, family.cells)


def _within(  # noqa: PLR0917 - what a report has computed so far
    matrices: Matrices,
    counts: Counts,
    family: Margins,
    table: dict[str, Numbers],
    within: Sequence[str],
    correction: str,
) -> int:
    """Add the analysis over strata for the cells that are tested; gives the number of strata."""
    number, width = strata(matrices, counts, within)
    tested = np.flatnonzero(~np.isnan(table["q"]))
    found = stratified(counts, tested, number, width)
    columns = {
        "odds": found.odds,
        "odds_low": found.low,
        "odds_high": found.high,
        "p_within": np.exp(found.log_p),
        "q_within": _corrected(found.log_p, family, counts.n, correction),
    }
    for name, values in columns.items():
        table[name] = np.full(counts.both.size, np.nan)
        table[name][tested] = values
    return width


def _chosen(  # noqa: PLR0917 - as above
    counts: Counts,
    table: Mapping[str, Numbers],
    sides: tuple[Side, Side],
    around: str | None,
    min_papers: int,
    sort: str,
    graph: Graph,
) -> tuple[NDArray[np.int64], str | None, int]:
    """Give the places of the pairs in their order, the name they are around, and their number."""
    kept, centre = counts.both >= min_papers, None
    if around is not None:
        centre, rows, columns = names.find(graph, sides, around, same=counts.same)
        kept &= np.isin(counts.i, rows) | np.isin(counts.j, columns)
    places = np.flatnonzero(kept)
    value = counts.both.astype(np.float64) if sort == "papers" else table[_column(sort, table)]
    if sort == "p":
        value = table["log10_p"]
    by = np.where(np.isnan(value), np.inf, value if sort in _UPWARDS else -value)[places]
    order = np.lexsort((counts.j[places], counts.i[places], -counts.both[places], by))
    return places[order], centre, int(places.size)


def _column(sort: str, table: Mapping[str, Numbers]) -> str:
    if sort not in table:
        raise QueryError(f"{sort} is a measure within strata: add --within year, venue or both")
    return sort


def _values(table: Mapping[str, Numbers], name: str, shown: NDArray[np.int64]) -> list[float | None]:
    """Give a measure of some cells; None where there is no number."""
    if name not in table:
        return [None] * shown.size
    return [None if value != value else value for value in table[name][shown].tolist()]  # noqa: PLR0124 - NaN is not itself
