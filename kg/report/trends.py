"""How many papers name something, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS
from kg.report.parts import Thing, find, opened, wilson
from kg.report.sheets import Column, Line, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from kg.report.parts import Source
    from kg.report.sheets import Cell
    from kg.store import Graph

__all__ = ["line", "trends"]

_COLUMNS = (
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("year", "Year", number=True),
    Column("papers", "Papers", number=True),
    Column("of", "Of", number=True),
    Column("share", "Share", number=True, share=True),
    Column("low", "95% from", number=True, share=True),
    Column("high", "to", number=True, share=True),
    Column("growth", "Growth", number=True, share=True),
    Column("first_seen", "First seen", number=True),
    Column("complete", "Complete"),
)


def trends(
    graph: Graph | str | Path,
    names: Sequence[str] = (),
    *,
    kind: str | None = None,
    years: tuple[int | None, int | None] = (None, None),
    venues: Collection[str] = (),
    top: int = 10,
    as_of: int | None = None,
) -> Sheet:
    """Count the papers of each year that name each of these entities.

    Without names they are the `top` commonest of a kind, and without a kind the kinds themselves: papers that
    name any method, any dataset ... The share is of all papers of that year that pass the filters, with the 95%
    interval of Wilson (1927); growth is the share by that of the year before, less 1; first seen is the first year of
    any paper of the selection. Rows begin with the first year in which any of the names is seen; a year without papers
    has no share. Papers without a year are left out. Raises QueryError for what does not exist.
    """
    source = opened(graph, years, venues, as_of)
    things = list(_things(source, names, kind, top))
    known = source.mask & (source.matrices.years > 0)
    total = source.by_year(known)
    named = [source.by_year(thing.papers) for thing in things]
    begins = int(np.argmax(np.sum(named, axis=0) > 0)) if named else 0
    rows: list[tuple[Cell, ...]] = []
    for thing, counts in zip(things, named, strict=True):
        low, high = wilson(counts, total)
        share = counts / np.maximum(total, 1)
        first = next((year for year, count in zip(source.years, counts, strict=True) if count), None)
        for at, year in enumerate(source.years[begins:], begins):
            growth = float(share[at] / share[at - 1] - 1) if at and share[at - 1] > 0 else None
            shares = (float(share[at]), float(low[at]), float(high[at])) if total[at] else (None, None, None)
            numbers = (int(counts[at]), int(total[at]), *shares)
            rows.append((thing.label, thing.kind, year, *numbers, growth, first, not _partial(source, year)))
    undated = int((source.mask & ~known).sum())
    return Sheet(
        title="Papers by year: " + ", ".join(thing.label for thing in things[:4]) + (" ..." if len(things) > 4 else ""),  # noqa: PLR2004
        columns=_COLUMNS,
        rows=tuple(rows),
        meta={"kind": "trends", **source.meta},
        says=(*source.says, *([f"{undated} papers have no year and are left out."] if undated else [])),
        lines=tuple(line(source, thing) for thing in things),
        unit="share of all papers of the year",
        partial=source.partial,
    )


def line(source: Source, thing: Thing) -> Line:
    """Give the shares of an entity over the years, with their band."""
    total, counts = source.by_year(source.mask), source.by_year(thing.papers)
    low, high = wilson(counts, total)
    seen = [at for at in range(len(source.years)) if total[at]]
    bands = (tuple(float(band[at]) for at in seen) for band in (low, high))
    return Line(
        thing.label, tuple(source.years[at] for at in seen), tuple(float(counts[at] / total[at]) for at in seen), *bands
    )


def _things(source: Source, names: Sequence[str], kind: str | None, top: int) -> Iterator[Thing]:
    if kind is not None and kind not in KINDS:
        raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    if names:
        yield from (find(source, name, kind) for name in names)
        return
    if kind is None:
        for each in KINDS:
            yield Thing(each, f"any {each.lower()}", "", np.asarray(source.matrices.side(each).matrix.sum(axis=1)) > 0)
        return
    side = source.matrices.side(kind)
    papers = np.asarray(side.matrix[np.flatnonzero(source.mask)].sum(axis=0))
    columns = side.matrix.tocsc()
    for place in np.argsort(-papers, kind="stable")[:top].tolist():
        named = np.zeros(source.mask.size, dtype=np.bool_)
        named[columns.indices[columns.indptr[place] : columns.indptr[place + 1]]] = True
        if papers[place]:
            yield Thing(kind, side.label(place), side.iri(place), named)


def _partial(source: Source, year: int) -> bool:
    return source.partial is not None and year >= source.partial
