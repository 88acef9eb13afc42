"""What papers introduced, and how it was taken up afterwards."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS
from kg.report.parts import opened
from kg.report.rows import ref
from kg.report.selection import Filters, select
from kg.report.sheets import Column, Line, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.report.parts import Source
    from kg.report.sheets import Cell
    from kg.store import Graph

__all__ = ["novelty"]

_SOON = 3
_LISTED = (
    Column("name", "Name"),
    Column("introduced_in", "Introduced in"),
    Column("year", "Year", number=True),
    Column("proposed_by", "Proposed by", number=True),
    Column("papers_since", "Papers since", number=True),
    Column("within_3", "In 3 years", number=True),
    Column("peak", "Peak", number=True),
    Column("half_life", "Half-life", number=True),
    Column("named_before", "Named before", number=True),
)
_SUMMARY = (
    Column("year", "Year", number=True),
    Column("papers", "Papers", number=True),
    Column("introduced", "Introduced", number=True),
    Column("per_paper", "Per paper", number=True),
    Column("taken_up", "Taken up", number=True),
    Column("taken_up_share", "Share", number=True, share=True),
    Column("taken_up_in_3", "In 3 years", number=True),
    Column("complete", "Complete"),
)


class _New(NamedTuple):
    place: int
    year: int
    first: int
    proposing: NDArray[np.int64]
    since: NDArray[np.int64]
    before: int


def novelty(
    graph: Graph | str | Path,
    *,
    kind: str = "Method",
    years: tuple[int | None, int | None] = (None, None),
    venues: Collection[str] = (),
    top: int | None = 50,
    summary: bool = False,
    as_of: int | None = None,
) -> Sheet:
    """List what was introduced, most taken up first, or count it by year.

    An entity is introduced by the first paper that proposes it, by date and then IRI; `years` and `venues` choose these
    papers, uptake is counted in all. Papers since are the other papers that name it in that year or later; half-life is
    the median age of these, in years; the peak is the year with most. Named before is the number of papers that name it
    in earlier years: where there are many, it was known before, or two things have one name. Ages are cut off by the
    newest paper, so that young things look short-lived. Raises QueryError for a kind or a venue that does not exist.
    """
    if kind not in KINDS:
        raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    source = opened(graph, (None, None), (), as_of)
    filters = Filters(*years, tuple(venues))
    chosen = select(source.matrices, filters)
    found = list(_introduced(source, kind, chosen.mask))
    says = [*source.says, f"{len(found)} {kind.lower()}s introduced{filters.aside}."]
    if chosen.emptied:
        says.append(f"Nothing is left: {chosen.emptied}.")
    meta = {"kind": "novelty", **source.meta, "filters": list(filters.words)}
    title = f"{kind}s introduced"
    if summary:
        return _by_year(source, chosen.mask, found, title, meta, says)
    side = source.matrices.side(kind)
    found.sort(key=lambda new: (-new.since.size, -new.year, new.place))
    shown = found[:top]
    return Sheet(
        title=title,
        columns=_LISTED,
        rows=tuple(_listed(side.label(new.place), source, new) for new in shown),
        meta=meta,
        says=(*says, f"{len(shown)} of them listed."),
        partial=source.partial,
        behind=tuple(tuple(ref(source.matrices, int(paper)) for paper in new.proposing) for new in shown),
    )


def _introduced(source: Source, kind: str, chosen: NDArray[np.bool_]) -> Iterator[_New]:
    matrices = source.matrices
    proposed = matrices.side(kind, ("proposes",)).matrix.tocsc()
    named = matrices.side(kind).matrix.tocsc()
    years, passes = matrices.years.tolist(), chosen.tolist()
    starts, ends = proposed.indptr[:-1].tolist(), proposed.indptr[1:].tolist()
    for place in np.flatnonzero(np.diff(proposed.indptr)).tolist():
        papers = [paper for paper in proposed.indices[starts[place] : ends[place]].tolist() if years[paper]]
        if len(papers) > 1:
            papers.sort(key=lambda paper: (years[paper], matrices.dates[paper], paper))
        if papers and passes[papers[0]]:
            first, year = papers[0], years[papers[0]]
            others = named.indices[named.indptr[place] : named.indptr[place + 1]].tolist()
            ages = [years[other] - year for other in others if years[other] and other != first]
            since = np.array([age for age in ages if age >= 0], dtype=np.int64)
            yield _New(place, year, first, np.array(papers), since, len(ages) - since.size)


def _listed(label: str, source: Source, new: _New) -> tuple[Cell, ...]:
    ages = new.since
    peak = int(np.bincount(ages).argmax()) + new.year if ages.size else None
    half = float(np.median(ages)) if ages.size else None
    within = int((ages <= _SOON).sum())
    title = source.matrices.titles[new.first]
    return label, title, new.year, int(new.proposing.size), int(ages.size), within, peak, half, new.before


def _by_year(  # noqa: PLR0917 - the parts of the report
    source: Source,
    chosen: NDArray[np.bool_],
    found: list[_New],
    title: str,
    meta: dict[str, object],
    says: list[str],
) -> Sheet:
    known = source.matrices.years[chosen & (source.matrices.years > 0)].astype(np.int64)
    rows: list[tuple[Cell, ...]] = []
    last = (source.partial or 10_000) - 1
    by_year: dict[int, list[_New]] = defaultdict(list)
    for each in found:
        by_year[each.year].append(each)
    for year in range(int(known.min()), int(known.max()) + 1) if known.size else ():
        new = by_year[year]
        papers, taken = int((known == year).sum()), sum(each.since.size > 0 for each in new)
        soon = sum(bool((each.since <= _SOON).any()) for each in new) if year + _SOON <= last else None
        share = taken / len(new) if new else None
        rows.append((year, papers, len(new), len(new) / papers if papers else None, taken, share, soon, year <= last))
    years = tuple(int(str(row[0])) for row in rows)
    lines = (
        Line("introduced", years, tuple(float(str(row[2])) for row in rows)),
        Line("taken up by another paper", years, tuple(float(str(row[4])) for row in rows)),
    )
    return Sheet(title, _SUMMARY, tuple(rows), meta, tuple(says), lines, title.lower(), source.partial)
