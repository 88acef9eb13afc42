"""What of an entity enters into what is said of it, so that a paper need not be read again when the rest changes.

The other names of an entity grow with the corpus; claims and results depend on few of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kg.extract.tokens import compact
from kg.model import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SPEEDS", "Entering", "tails"]

#: What `kg/claims/results.py` takes for the name of a speed where no mention is.
SPEEDS: Final = ("faster", "quicker")

Tails = frozenset[tuple[int, str]]
"""Ends of names: how many characters they have, and what they are without what is only spelling."""


@lru_cache(1 << 16)
def tails(surface: str) -> Tails:
    """The ends of a name, in all lengths."""
    return frozenset((size, compact(surface[-size:])) for size in range(1, len(surface) + 1))


class Entering:
    """Entities of one corpus, in which an IRI stands for one entity, without what does not enter.

    IRI, kind and label do; of the other names, those of a metric with which a metric's name in the paper ends, for
    `kg/claims/results.py` takes what stands before them for a variant ("median" of "median accuracy").
    """

    def __init__(self) -> None:
        self._bare: dict[str, Entity] = {}
        self._ends: dict[str, dict[tuple[int, str], list[str]]] = {}

    def bare(self, entity: Entity) -> Entity:
        """The entity without any other name."""
        found = self._bare.get(entity.iri)
        if found is None:
            found = self._bare[entity.iri] = Entity(entity.iri, entity.kind, entity.label)
        return found

    def named(self, entity: Entity, ends: Iterable[Tails]) -> Entity:
        """The entity with those of its other names that are such ends."""
        if entity.kind != "Metric" or not entity.aliases:
            return self.bare(entity)
        known = self._ends.get(entity.iri)
        if known is None:
            known = self._ends[entity.iri] = {}
            for alias in entity.aliases:
                known.setdefault((len(alias), compact(alias)), []).append(alias)
        every = (end for some in (*ends, *map(tails, SPEEDS)) for end in some)
        kept = {alias for end in every if end in known for alias in known[end]}
        if not kept:
            return self.bare(entity)
        return Entity(entity.iri, entity.kind, entity.label, tuple(name for name in entity.aliases if name in kept))
