"""Stretches of a text that are marked, so that none overlaps another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Mark", "marks"]


class Mark(NamedTuple):
    """A stretch of a text, from `start` up to `end`, that names an entity of a kind."""

    start: int
    end: int
    entity: str
    kind: str


def marks(found: Iterable[Mark]) -> tuple[Mark, ...]:
    """Give the stretches in the order of the text; of those that overlap the longest.

    >>> [each.entity for each in marks([Mark(0, 3, "a", "Task"), Mark(0, 9, "b", "Task"), Mark(10, 12, "c", "Task")])]
    ['b', 'c']
    """
    kept: list[Mark] = []
    for each in sorted(set(found), key=lambda mark: (mark.start - mark.end, mark)):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(sorted(kept))
