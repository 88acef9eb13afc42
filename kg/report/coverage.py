"""What the graph knows little of: tasks without a dataset, datasets of one paper, kinds by venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS
from kg.report.parts import opened
from kg.report.rows import ref
from kg.report.sheets import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kg.report.parts import Source
    from kg.report.rows import PaperRef
    from kg.report.sheets import Cell
    from kg.store import Graph

    Rows = list[tuple[tuple[Cell, ...], tuple[PaperRef, ...]]]

__all__ = ["WHAT", "coverage"]

WHAT = ("tasks", "datasets", "venues")
_CITED = 20


def coverage(
    graph: Graph | str | Path,
    *,
    what: str = "tasks",
    years: tuple[int | None, int | None] = (None, None),
    venues: Collection[str] = (),
    top: int | None = 50,
    as_of: int | None = None,
) -> Sheet:
    """Find gaps: `tasks` none of whose papers names a dataset, `datasets` that one paper alone names, or venues.

    A gap is one of titles and abstracts: the papers themselves may well name a dataset. Raises QueryError for
    something else, or a venue that there is not.
    """
    if what not in WHAT:
        raise QueryError(f"no coverage of {what!r}: try one of {', '.join(WHAT)}")
    source = opened(graph, years, venues, as_of)
    title, columns, found, shown = {"tasks": _tasks, "datasets": _datasets, "venues": _venues}[what](source, top)
    cut = what == "tasks" and any(int(str(row[1])) > len(papers) for row, papers in shown)
    return Sheet(
        title=title,
        columns=columns,
        rows=tuple(row for row, _ in shown),
        meta={"kind": "coverage", "what": what, **source.meta, "found": found},
        says=(
            *source.says,
            f"{len(shown)} of {found} {what}.",
            *([f"Of each task the newest {_CITED} papers are listed."] if cut else []),
        ),
        partial=source.partial,
        behind=tuple(papers for _, papers in shown) if what != "venues" else (),
    )


def _tasks(source: Source, top: int | None) -> tuple[str, tuple[Column, ...], int, Rows]:
    chosen = np.flatnonzero(source.mask)
    side = source.matrices.side("Task")
    tasks = side.matrix[chosen].tocsc()
    named = np.asarray(source.matrices.side("Dataset").matrix[chosen].sum(axis=1)) > 0
    papers, with_dataset = np.asarray(tasks.sum(axis=0)), np.asarray(tasks.T @ named.astype(np.int64))
    places = np.flatnonzero((papers > 0) & (with_dataset == 0))
    rows: Rows = []
    for place in places[np.lexsort((places, -papers[places]))][:top].tolist():
        at = chosen[tasks.indices[tasks.indptr[place] : tasks.indptr[place + 1]]]
        years = source.matrices.years[at]
        newest = int(years.max()) or None
        cells: tuple[Cell, ...] = (side.label(place), int(papers[place]), newest)
        rows.append((cells, _cited(source, at.tolist())))
    columns = (Column("task", "Task"), Column("papers", "Papers", number=True), Column("newest", "Newest", number=True))
    return "Tasks without a dataset", columns, int(places.size), rows


def _datasets(source: Source, top: int | None) -> tuple[str, tuple[Column, ...], int, Rows]:
    chosen = np.flatnonzero(source.mask)
    side = source.matrices.side("Dataset")
    datasets = side.matrix[chosen].tocsc()
    places = np.flatnonzero(np.diff(datasets.indptr) == 1)
    papers = chosen[datasets.indices[datasets.indptr[places]]]
    rows: Rows = []
    for at in np.lexsort((places, -source.matrices.years[papers].astype(np.int64)))[:top].tolist():
        cited = ref(source.matrices, int(papers[at]))
        rows.append(((side.label(int(places[at])), cited.title, cited.year), (cited,)))
    columns = (Column("dataset", "Dataset"), Column("paper", "Paper"), Column("year", "Year", number=True))
    return "Datasets that one paper names", columns, int(places.size), rows


def _venues(source: Source, top: int | None) -> tuple[str, tuple[Column, ...], int, Rows]:
    venue = source.matrices.venue
    named = [np.asarray(source.matrices.side(kind).matrix.sum(axis=1)) > 0 for kind in KINDS]
    rows: Rows = []
    for place in np.unique(venue[source.mask & (venue >= 0)]).tolist():
        here = source.mask & (venue == place)
        papers = int(here.sum())
        shares = (int((here & each).sum()) / papers for each in named)
        rows.append(((source.matrices.venues[place], papers, *shares), ()))
    rows.sort(key=lambda row: -int(str(row[0][1])))
    kinds = (Column(kind.lower(), f"Name a {kind.lower()}", number=True, share=True) for kind in KINDS)
    columns = (Column("venue", "Venue"), Column("papers", "Papers", number=True), *kinds)
    return "Kinds by venue", columns, len(rows), rows[:top]


def _cited(source: Source, papers: list[int]) -> tuple[PaperRef, ...]:
    newest = sorted(papers, key=lambda at: (-int(source.matrices.years[at]), at))
    return tuple(ref(source.matrices, at) for at in newest[:_CITED])
