"""What may be asked of a report of pairs, and how it is put in words: which papers count, and why none do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kg.errors import QueryError
from kg.model import KINDS, PREDICATES, plural
from kg.report.matrices import SIDES
from kg.report.model import CORRECTIONS, MEASURES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.report.matrices import Side

__all__ = ["STRATA", "check", "check_choices", "empty", "rule"]

STRATA: Final = ("year", "venue")


def rule(rows: str, columns: str, universe: str) -> str:
    """Say which papers are counted."""
    if universe == "all":
        return "papers, whether or not they name both kinds"
    if rows == columns:
        return f"papers that name at least two {plural(rows).lower()}"
    return f"papers that name at least one {rows.lower()} and one {columns.lower()}"


def empty(  # noqa: PLR0917 - what was asked, and what was left
    left: Side,
    right: Side,
    rows: str,
    columns: str,
    predicates: Mapping[str, Sequence[str]],
    mask: NDArray[np.bool_],
) -> str:
    """Say which side it is that no paper names."""
    for side, kind in ((left, rows), (right, columns)):
        if not side.matrix[np.flatnonzero(mask)].nnz:
            by = f" with --predicate {kind.lower()}={','.join(predicates[kind])}" if kind in predicates else ""
            return f"none of the {int(mask.sum())} papers that pass names a {kind.lower()}{by}"
    both = f"two {plural(rows).lower()}" if rows == columns else f"a {rows.lower()} and a {columns.lower()} together"
    return f"none of the {int(mask.sum())} papers that pass names {both}"


def check(
    rows: str,
    columns: str,
    predicates: Mapping[str, Collection[str]],
    min_papers: int,
    *most: int | None,
) -> None:
    """Check kinds, predicates and limits. Raises QueryError."""
    for kind in (rows, columns):
        if kind not in SIDES:
            raise QueryError(f"no kind {kind!r}: try one of {', '.join(SIDES)}")
    for kind in predicates:
        if kind not in KINDS:
            raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    for predicate in sorted({name for given in predicates.values() for name in given}):
        if predicate not in PREDICATES:
            raise QueryError(f"no predicate {predicate!r}: try one of {', '.join(PREDICATES)}")
    if rows == columns and rows not in KINDS:
        raise QueryError(f"a paper has one {rows.lower()}: name another kind for the rows or the columns")
    if min_papers < 1 or any(each is not None and each < 1 for each in most):
        raise QueryError("the least number of papers and the number of pairs start at 1")


def check_choices(universe: str, correction: str, within: Sequence[str], sort: str, min_margin: int) -> None:
    """Check what is one of a few. Raises QueryError."""
    for value, choices, what in (
        (universe, ("both", "all"), "universe"),
        (correction, CORRECTIONS, "correction"),
        (sort, MEASURES, "measure"),
        *((each, STRATA, "strata") for each in within),
    ):
        if value not in choices:
            raise QueryError(f"no {what} {value!r}: try one of {', '.join(choices)}")
    if min_margin < 1:
        raise QueryError("the least margin starts at 1")
