"""What papers introduced, and how it was taken up afterwards."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS, plural
from kg.report.parts import opened
from kg.report.rows import ref
from kg.report.selection import Filters, select
from kg.report.sheets import Column, Line, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy import sparse

    from kg.report.matrices import Matrices, Side
    from kg.report.parts import Source
    from kg.report.sheets import Cell
    from kg.store import Graph

    Whole = NDArray[np.int64]

__all__ = ["novelty"]

_SOON = 3
_PROPOSES = ("proposes",)
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


@dataclass(frozen=True, slots=True)
class _New:
    """What was introduced, an entity a row: its place, by which paper and when, and how many others named it.

    `since` are papers of that year or later, `soon` those of them within three years, `before` those of earlier ones.
    """

    place: Whole
    first: Whole
    year: Whole
    since: Whole
    soon: Whole
    before: Whole

    def chosen(self, at: NDArray[np.integer] | NDArray[np.bool_]) -> _New:
        """Give some rows."""
        return _New(*(getattr(self, each.name)[at] for each in fields(self)))


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
    side = source.matrices.side(kind)
    found = _introduced(source, kind, side)
    found = found.chosen(chosen.mask[found.first])
    says = [*source.says, f"{found.place.size} {plural(kind).lower()} introduced{filters.aside}."]
    if chosen.emptied:
        says.append(f"Nothing is left: {chosen.emptied}.")
    meta = {"kind": "novelty", **source.meta, "filters": list(filters.words)}
    title = f"{plural(kind)} introduced"
    if summary:
        return _by_year(source, chosen.mask, found, title, meta, says)
    shown = found.chosen(np.lexsort((found.place, -found.year, -found.since))[:top])
    proposed, named = (of.matrix.tocsc() for of in (source.matrices.side(kind, _PROPOSES), side))
    proposing = [_dated(source.matrices, _column(proposed, place)) for place in shown.place.tolist()]
    return Sheet(
        title=title,
        columns=_LISTED,
        rows=tuple(
            _listed(side.label(place), source, shown.chosen(np.array([at])), papers, _column(named, place))
            for at, (place, papers) in enumerate(zip(shown.place.tolist(), proposing, strict=True))
        ),
        meta=meta,
        says=(*says, f"{shown.place.size} of them listed."),
        partial=source.partial,
        behind=tuple(tuple(ref(source.matrices, paper) for paper in papers) for papers in proposing),
    )


def _introduced(source: Source, kind: str, side: Side) -> _New:
    """Find the first paper of each entity that some paper of a known year proposes, and count the others."""
    matrices = source.matrices
    years = matrices.years.astype(np.int64)
    paper, place = _links(matrices.side(kind, _PROPOSES))
    dated = years[paper] > 0
    paper, place = paper[dated], place[dated]
    year = np.full(side.matrix.shape[1], np.iinfo(np.int64).max)
    np.minimum.at(year, place, years[paper])
    earliest = years[paper] == year[place]
    paper, place = paper[earliest], place[earliest]
    order = np.lexsort((paper, place))
    paper, place = paper[order], place[order]
    at, start, times = np.unique(place, return_index=True, return_counts=True)
    first = np.full(year.size, -1)
    first[at] = paper[start]
    for number in np.flatnonzero(times > 1).tolist():  # of one year: by date
        rivals = paper[start[number] : start[number] + times[number]]
        first[at[number]] = _dated(matrices, rivals)[0]
    other, named = _links(side)
    counted = (first[named] >= 0) & (years[other] > 0) & (other != first[named])
    other, named = other[counted], named[counted]
    age = years[other] - year[named]
    since, soon, before = (
        np.bincount(named[which], minlength=year.size)[at] for which in (age >= 0, (age >= 0) & (age <= _SOON), age < 0)
    )
    return _New(at, first[at], year[at], since, soon, before)


def _links(side: Side) -> tuple[Whole, Whole]:
    """Give the papers and the places of a matrix's ones."""
    rows, columns = side.matrix.tocoo().coords
    return np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)


def _column(matrix: sparse.csc_array, place: int) -> Whole:
    return np.asarray(matrix.indices[matrix.indptr[place] : matrix.indptr[place + 1]], dtype=np.int64)


def _dated(matrices: Matrices, papers: Whole) -> list[int]:
    """Give those of these papers whose year is known, by date and then IRI."""
    known = papers[matrices.years[papers] > 0].tolist()
    return sorted(known, key=lambda paper: (int(matrices.years[paper]), matrices.dates[paper], paper))


def _listed(label: str, source: Source, new: _New, proposing: Sequence[int], named: Whole) -> tuple[Cell, ...]:
    matrices = source.matrices
    first, year = int(new.first[0]), int(new.year[0])
    ages = matrices.years[named[(named != first) & (matrices.years[named] > 0)]].astype(np.int64) - year
    ages = ages[ages >= 0]
    peak = int(np.bincount(ages).argmax()) + year if ages.size else None
    half = float(np.median(ages)) if ages.size else None
    counts = int(new.since[0]), int(new.soon[0]) if year + _SOON <= _last(source) else None
    return label, matrices.titles[first], year, len(proposing), *counts, peak, half, int(new.before[0])


def _last(source: Source) -> int:
    """Give the last year of which all papers are there."""
    return (source.partial or 10_000) - 1


def _by_year(  # noqa: PLR0917 - the parts of the report
    source: Source,
    chosen: NDArray[np.bool_],
    found: _New,
    title: str,
    meta: dict[str, object],
    says: list[str],
) -> Sheet:
    known = source.matrices.years[chosen & (source.matrices.years > 0)].astype(np.int64)
    rows: list[tuple[Cell, ...]] = []
    last = _last(source)
    for year in range(int(known.min()), int(known.max()) + 1) if known.size else ():
        here = found.year == year
        papers, new, taken = int((known == year).sum()), int(here.sum()), int((found.since[here] > 0).sum())
        soon = int((found.soon[here] > 0).sum()) if year + _SOON <= last else None
        share = taken / new if new else None
        rows.append((year, papers, new, new / papers if papers else None, taken, share, soon, year <= last))
    years = tuple(int(str(row[0])) for row in rows)
    lines = (
        Line("introduced", years, tuple(float(str(row[2])) for row in rows)),
        Line("taken up by another paper", years, tuple(float(str(row[4])) for row in rows)),
    )
    return Sheet(title, _SUMMARY, tuple(rows), meta, tuple(says), lines, title.lower(), source.partial)
