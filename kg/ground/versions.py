"""Which records with one title are versions of one paper, by their authors and years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from kg.sources.people import family, is_anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.model import Paper

__all__ = ["Facts", "Sets", "chains", "facts_of", "signed"]

_GAP: Final = 1  # years between two records of one paper
_LONG: Final = 6  # the same, between a conference paper and its journal version


class Sets:
    """Disjoint sets of the numbers below a bound."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, item: int) -> int:
        """The number that stands for the set of a number."""
        while self._parents[item] != item:
            self._parents[item] = item = self._parents[self._parents[item]]
        return item

    def join(self, items: Sequence[int]) -> int:
        """Make one of the sets of these numbers; gives the number that stands for it."""
        first = self.root(items[0])
        for item in items:
            self._parents[self.root(item)] = first
        return first

    def groups(self) -> list[list[int]]:
        """The sets."""
        found = defaultdict[int, list[int]](list)
        for item in range(len(self._parents)):
            found[self.root(item)].append(item)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of records that are one paper: family names of first authors and of all, the years from and to."""

    first: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None

    def __add__(self, other: Facts) -> Facts:
        years = [year for known in (self.years, other.years) if known for year in known]
        return Facts(self.first | other.first, self.names | other.names, (min(years), max(years)) if years else None)

    def shares(self, other: Facts) -> bool:
        """Whether half of the fewer authors are the same."""
        fewer = min(len(self.names), len(other.names))
        return fewer > 0 and 2 * len(self.names & other.names) >= fewer


def facts_of(record: Paper) -> Facts:
    """What one record tells."""
    signed = record.authors if not is_anonymous(record.authors[:1]) else ()
    names = [name for name in map(family, signed) if name]
    first = frozenset({family(signed[0])} - {""}) if signed else frozenset()
    return Facts(first, frozenset(names), (record.year, record.year) if record.year is not None else None)


def chains(groups: Mapping[int, Facts]) -> Iterator[list[int]]:
    """The groups that are one paper, given that their titles are equal.

    Each circle of authors has papers of its own. A group without authors goes to the circle whose years are nearest;
    of a circle's groups, those are one paper that no long gap parts.
    """
    circles = _circles(groups)
    if len(circles) < 2:  # noqa: PLR2004 nobody to conflict with
        yield from _unbroken(list(groups), groups)
        return
    authors = _calendar(groups, circles)
    for member, facts in groups.items():
        if not facts.names:
            circles.setdefault(_nearest(facts, authors), []).append(member)
    for members in circles.values():
        yield from _unbroken(members, groups)


def signed(groups: Mapping[int, Facts]) -> Iterator[list[int]]:
    """The groups that are one paper, given that their titles are equal and tell little: those of one circle."""
    for members in _circles(groups).values():
        yield from _unbroken(members, groups)


def _circles(groups: Mapping[int, Facts]) -> dict[str, list[int]]:
    """The groups with authors, those of which two are by the same in one circle, by the first name of each."""
    signed = [member for member, facts in groups.items() if facts.names]
    sets = Sets(len(signed))
    for one, other in combinations(range(len(signed)), 2):
        left, right = groups[signed[one]], groups[signed[other]]
        if left.shares(right) or not left.first.isdisjoint(right.first):
            sets.join([one, other])
    found = {}
    for circle in sets.groups():
        members = [signed[number] for number in circle]
        found[min("\0".join(sorted(groups[member].names)) for member in members)] = members
    return found


def _calendar(groups: Mapping[int, Facts], by_name: Mapping[str, Sequence[int]]) -> dict[int | None, str]:
    """The first author of each year, and of no year; of several the first in the alphabet."""
    found = dict[int | None, str]()
    for name in sorted(by_name, reverse=True):
        for years in (groups[member].years for member in by_name[name]):
            found.update(dict.fromkeys(range(years[0], years[1] + 1) if years else (None,), name))
    return found


def _nearest(facts: Facts, authors: Mapping[int | None, str]) -> str:
    """The author to whom a group without one goes; none if no year is near."""
    if facts.years is None:
        years = [year for year in authors if year is not None]
        return authors[min(years)] if years else authors.get(None, "")
    first, last = facts.years
    for near in (range(first, last + 1), (first - 1, last + 1), (None,)):
        names = [authors[year] for year in near if year in authors]
        if names:
            return min(names)
    return ""


def _unbroken(members: Sequence[int], groups: Mapping[int, Facts]) -> Iterator[list[int]]:
    """Groups of one circle, parted where more than a year lies between, or more than six if the authors are the same.

    Those without a year go to the earliest.
    """
    chain = [member for member in members if groups[member].years is None]
    known = sum((groups[member] for member in chain), Facts())
    for (first, _), _, member in sorted(
        (years, sorted(groups[member].names), member) for member in members if (years := groups[member].years)
    ):
        gap = _LONG if known.shares(groups[member]) else _GAP
        if known.years is not None and first > known.years[1] + gap:
            yield chain
            chain, known = [], Facts()
        chain.append(member)
        known += groups[member]
    if chain:
        yield chain
