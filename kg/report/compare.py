"""Two entities side by side: their papers, their years, and what is named beside them."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from kg.model import KINDS
from kg.report import measures
from kg.report.exact import log_p_enriched
from kg.report.formats import rounded
from kg.report.parts import find, opened
from kg.report.rows import ref
from kg.report.sheets import Column, Sheet
from kg.report.trends import line

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kg.report.sheets import Cell
    from kg.store import Graph

__all__ = ["compare"]

_TITLES = 5


def _chance(log_p: float) -> str:
    """Write p of ln p, which may be too small to be a float."""
    p = exp(log_p)
    return f"p = {rounded(p)}" if p else f"p = 10^{log_p / log(10):.0f}"


def compare(
    graph: Graph | str | Path,
    a: str,
    b: str,
    *,
    kind: str | None = None,
    years: tuple[int | None, int | None] = (None, None),
    venues: Collection[str] = (),
    top: int | None = 20,
    as_of: int | None = None,
) -> Sheet:
    """Compare two entities by what is named in their papers.

    Each neighbour has the papers of A and of B that name it, and their shares; the neighbours are those with most
    papers of either. Papers that name both A and B count on both sides; they are in `meta["shared"]`. Lift and p of A
    with B are over all papers that pass. Raises QueryError for a name that there is not.
    """
    source = opened(graph, years, venues, as_of)
    left, right = (find(source, name, kind) for name in (a, b))
    of_a, of_b = left.papers & source.mask, right.papers & source.mask
    both, n = int((of_a & of_b).sum()), int(source.mask.sum())
    count_a, count_b = int(of_a.sum()), int(of_b.sum())
    rows: list[tuple[Cell, ...]] = []
    for each in KINDS:
        side = source.matrices.side(each)
        with_a, with_b = (np.asarray(side.matrix[np.flatnonzero(of)].sum(axis=0)) for of in (of_a, of_b))
        for place in np.flatnonzero(with_a + with_b).tolist():
            if side.iri(place) not in {left.iri, right.iri}:
                here, there = int(with_a[place]), int(with_b[place])
                shares = here / max(count_a, 1), there / max(count_b, 1)
                rows.append((side.label(place), each, here, shares[0], there, shares[1], shares[0] - shares[1]))
    rows.sort(key=lambda row: (-int(str(row[2])) - int(str(row[4])), str(row[0]).casefold(), str(row[1])))
    shared = sorted(np.flatnonzero(of_a & of_b).tolist(), key=lambda at: (-int(source.matrices.years[at]), at))
    cited = [ref(source.matrices, at) for at in shared]
    says = [*source.says, f"{left.label}: {count_a} papers. {right.label}: {count_b}. Both: {both}"]
    if both and n:
        lift, p = float(measures.lift(both, count_a, count_b, n)), float(log_p_enriched(both, count_a, count_b, n))
        says[-1] += f", {rounded(lift)} times what chance would give ({_chance(p)})."
        more = f" and {both - _TITLES} older ones" if both > _TITLES else ""
        says.append(f"Of both: {'; '.join(each.title for each in cited[:_TITLES])}{more}")
    says[-1] += "."
    return Sheet(
        title=f"{left.label} and {right.label}",
        columns=(
            Column("name", "Named beside"),
            Column("kind", "Kind"),
            Column("papers_a", left.label, number=True),
            Column("share_a", "Share", number=True, share=True),
            Column("papers_b", right.label, number=True),
            Column("share_b", "Share", number=True, share=True),
            Column("difference", "Difference", number=True, share=True),
        ),
        rows=tuple(rows[:top]),
        meta={
            "kind": "compare",
            **source.meta,
            "a": {"label": left.label, "kind": left.kind, "iri": left.iri, "papers": count_a},
            "b": {"label": right.label, "kind": right.kind, "iri": right.iri, "papers": count_b},
            "shared": [{"iri": each.iri, "title": each.title, "year": each.year} for each in cited],
        },
        says=tuple(says),
        lines=(line(source, left), line(source, right)),
        unit="share of all papers of the year",
        partial=source.partial,
    )
