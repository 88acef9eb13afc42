"""Which papers a report is about: the filters, in words and as a mask, and which of them left none."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import QueryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.report.matrices import Matrices

__all__ = ["Filters", "Selection", "partial_year", "select"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Years from and to, both included, either of them open; venues as they are written in the graph."""

    first: int | None = None
    last: int | None = None
    venues: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What is asked of a paper, one filter a string, as on the command line."""
        years = f"{self.first or ''}:{self.last or ''}"
        return (*([f"--years {years}"] if years != ":" else []), *(f"--venue {venue}" for venue in self.venues))

    @property
    def aside(self) -> str:
        """The filters in brackets behind a space, or nothing."""
        return f" ({', '.join(self.words)})" if self.words else ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The papers that pass; `emptied` says which filter left none, if one did."""

    mask: NDArray[np.bool_]
    emptied: str | None = None


def select(matrices: Matrices, filters: Filters) -> Selection:
    """Apply filters. Raises QueryError for a venue that no paper has, and for years that end before they begin."""
    first, last = filters.first, filters.last
    if first is not None and last is not None and first > last:
        raise QueryError(f"the years {first} to {last} end before they begin: write {last}:{first}")
    mask = np.ones(len(matrices.papers), dtype=np.bool_)
    if not mask.size:
        return Selection(mask, "the graph holds no papers")
    if filters.first is not None or filters.last is not None:
        known = matrices.years > 0
        mask &= known & (matrices.years >= (first or 0)) & (matrices.years <= (last or 9999))
        if not mask.any():
            years = matrices.years[known]
            span = f"its papers are of {years.min()} to {years.max()}" if years.size else "no paper has a year"
            return Selection(mask, f"{Filters(first, last).words[0]} left no paper: {span}")
    if filters.venues:
        mask &= np.isin(matrices.venue, [_venue(matrices, name) for name in filters.venues])
        if not mask.any():
            return Selection(mask, f"{' '.join(Filters(venues=filters.venues).words)} left no paper of those years")
    return Selection(mask)


def partial_year(matrices: Matrices, as_of: int | None) -> int | None:
    """Give the year from which on counts are incomplete: that in which the papers were gathered.

    Unless told, that is the year of the newest paper: no clock is asked.
    """
    newest = int(matrices.years.max()) if matrices.years.size else 0
    return as_of or newest or None


def _venue(matrices: Matrices, name: str) -> int:
    names = list(matrices.venues)
    for rule in (str, str.casefold):
        for place, known in enumerate(names):
            if rule(known) == rule(name):
                return place
    folded = {known.casefold(): known for known in names}
    near = get_close_matches(name.casefold(), sorted(folded), n=3, cutoff=0.3) or sorted(folded)[:3]
    hint = f"try {', '.join(folded[each] for each in near)}" if near else "no paper of this graph has a venue"
    raise QueryError(f"no venue is called {name[:60]!r}: {hint}")
