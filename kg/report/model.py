"""What a report of pairs is: the pairs with their measures, and what it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from kg.report.frames import Frame
    from kg.report.rows import PaperRef

__all__ = ["CORRECTIONS", "MEASURES", "NOTE", "Correction", "Extraction", "Meta", "Pair", "Report"]

NOTE: Final = "Titles and abstracts only: absence means nothing."

Correction = Literal["benjamini-hochberg", "benjamini-yekutieli", "tarone"]
CORRECTIONS: Final = ("benjamini-hochberg", "benjamini-yekutieli", "tarone")

#: What pairs may be sorted by; p and q upwards, all others downwards.
MEASURES: Final = (
    *("papers", "expected", "association", "jaccard", "cosine", "inclusion", "lift", "pmi", "npmi", "g2", "p", "q"),
    *("odds", "p_within", "q_within"),
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the claims counted are worth, in per cent, on so many annotated papers: how often right, how often found."""

    confidence: float
    precision: float
    recall: float
    papers: int


class Pair(NamedTuple):
    """Two things and the papers that name both, newest first.

    `count` is the number of these papers, also where not all are listed; `count_a` and `count_b` are the papers, among
    the N of the report, that name each. The measures are those of `kg.report.measures`; `p` is Fisher's, one-sided for
    enrichment, and `log10_p` is right where p is 0 as a number. `q` is p corrected for the family of tests, and None
    for a pair that is not tested: a margin is too small, or one paper alone names both. `odds` and what follows are
    there if asked for within strata.
    """

    a: str
    b: str
    a_iri: str
    b_iri: str
    papers: tuple[PaperRef, ...]
    count: int  # type: ignore[assignment]  # hides that of tuples, which no one needs of a pair
    count_a: int
    count_b: int
    expected: float | None = None
    association: float | None = None
    jaccard: float | None = None
    cosine: float | None = None
    inclusion: float | None = None
    lift: float | None = None
    pmi: float | None = None
    npmi: float | None = None
    g2: float | None = None
    p: float | None = None
    log10_p: float | None = None
    q: float | None = None
    odds: float | None = None
    odds_low: float | None = None
    odds_high: float | None = None
    p_within: float | None = None
    q_within: float | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What a report was made of.

    `rule` says which papers were counted, `found` is the number of pairs before `top` cut them, `newest` the year of
    the newest paper counted, `builds` the versions and options that made the graph. `tested` is the number of tests of
    the family, `significant` how many pairs it calls at 5%; `extraction` is what claims such as these are worth, where
    that was measured; `partial` is the year from which on counts are incomplete; `emptied` the filter that left none;
    `listed` how many papers of a pair are listed at most, the newest.
    """

    rule: str
    predicates: tuple[tuple[str, tuple[str, ...]], ...]
    around: str | None
    min_papers: int
    top: int | None
    found: int
    newest: int | None
    builds: tuple[str, ...]
    note: str = NOTE
    graph: str | None = None
    graph_papers: int = 0
    filters: tuple[str, ...] = ()
    universe: str = "both"
    sort: str = "papers"
    min_margin: int = 5
    correction: str = "benjamini-hochberg"
    tested: int = 0
    significant: int = 0
    within: tuple[str, ...] = ()
    strata: int = 0
    newest_date: str | None = None
    partial: int | None = None
    extraction: Extraction | None = None
    emptied: str | None = None
    listed: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The pairs of two kinds; `papers` is N, the number of papers that `meta.rule` describes."""

    rows: str
    columns: str
    papers: int
    pairs: tuple[Pair, ...]
    meta: Meta

    def to_pandas(self) -> Frame:
        """Give a pandas DataFrame with a row a pair; pandas must be installed."""
        from kg.report.frames import pairs_frame  # noqa: PLC0415 - only who asks for one needs it

        return pairs_frame(self, "pandas")

    def to_polars(self) -> Frame:
        """Give a Polars DataFrame with a row a pair; Polars must be installed."""
        from kg.report.frames import pairs_frame  # noqa: PLC0415 - as above

        return pairs_frame(self, "polars")

    def _repr_html_(self) -> str:
        """Give the picture that a notebook shows: the heat map."""
        from kg.report.html import fragment  # noqa: PLC0415 - as above

        return fragment(self)
