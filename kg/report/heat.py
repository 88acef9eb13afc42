"""The pairs of a report as a matrix to look at: the commonest of both sides, with what is alike side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.report.families import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.report.model import Pair, Report

__all__ = ["MOST", "Heat", "heat", "significant"]

MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Heat:
    """Labels in their order, and for each cell the place of its pair in the report; -1 where no paper names both."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]


def heat(report: Report, most: int = MOST) -> Heat:
    """Arrange the pairs of a report: at most so many rows and columns, those with most papers in the pairs shown.

    Rows and columns are in the order of the leaves of an average-linkage tree over the cosine of log(1 + papers)
    (Bar-Joseph et al., Fast optimal leaf ordering, Bioinformatics 17, 2001); years stay in theirs.
    """
    same = report.rows == report.columns
    keys = [((pair.a_iri, pair.a), (pair.b_iri, pair.b)) for pair in report.pairs]
    left: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for (a, b), pair in zip(keys, report.pairs, strict=True):
        left[a] += pair.count
        (left if same else right)[b] += pair.count
    rows = [key for key, _ in left.most_common(most)]
    columns = rows if same else [key for key, _ in right.most_common(most)]
    row_at, column_at = ({key: at for at, key in enumerate(keys)} for keys in (rows, columns))
    cells = np.full((len(rows), len(columns)), -1)
    for number, (a, b) in enumerate(keys):
        if a in row_at and b in column_at:
            cells[row_at[a], column_at[b]] = number
        if same and a in row_at and b in row_at:
            cells[row_at[b], row_at[a]] = number
    papers = np.log1p(np.array([[report.pairs[at].count if at >= 0 else 0 for at in row] for row in cells.tolist()]))
    down = _order(papers, rows, years=report.rows == "Year")
    across = down if same else _order(papers.T, columns, years=report.columns == "Year")
    return Heat(
        tuple(rows[at][1] for at in down),
        tuple(columns[at][1] for at in across),
        tuple(tuple(int(cells[i, j]) for j in across) for i in down),
    )


def significant(pair: Pair) -> bool:
    """Tell whether a pair is called at 5%: within strata, if that was asked."""
    q = pair.q if pair.odds is None and pair.q_within is None else pair.q_within
    return q is not None and q < LEVEL


def _order(papers: NDArray[np.float64], keys: list[tuple[str, str]], *, years: bool) -> list[int]:
    if years:
        return sorted(range(len(keys)), key=lambda at: keys[at][1])
    if len(keys) <= 2:  # noqa: PLR2004 - nothing to arrange
        return list(range(len(keys)))
    from scipy.cluster import hierarchy  # noqa: PLC0415 - slow to load, and only pictures need it

    unit = papers / np.maximum(np.linalg.norm(papers, axis=1, keepdims=True), 1e-12)
    tree = hierarchy.linkage(unit, method="average", optimal_ordering=True)
    return [int(at) for at in hierarchy.leaves_list(tree)]
