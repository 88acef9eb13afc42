"""What papers say of the entities that share a name, counted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Self

from kg.ground.entities import Home, home_of
from kg.model import KINDS
from kg.ontology import vocabulary
from kg.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Entity

__all__ = ["CLAIMED", "MEASURED", "NAMED", "SEEN", "STATED", "Tally", "UncountedError", "home", "known"]

_KINDS: Final = {kind.lower(): number for number, kind in enumerate(KINDS)}
_JSON: Final = json.JSONEncoder(separators=(",", ":"))

#: Places in the counts of an IRI: the papers that have it, whose text has it, whose source or annotation has it, those
#: that claim something of it, and those that measure it.
NAMED, SEEN, STATED, CLAIMED, MEASURED = range(5)


@dataclass(slots=True)
class Tally:
    """Labels, other names, IRIs and records, with the number of papers that have each; and the papers that see any.

    `before` are the entities by IRI as they were when changes began.
    """

    kind: int
    labels: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    iris: dict[str, list[int]] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    seen: int = 0
    linked: int = 0
    before: Mapping[str, Entity] | None = None

    @classmethod
    def read(cls, kind: int, said: bytes) -> Self:
        """Read what `written` gave."""
        return cls(kind, *json.loads(said))

    def written(self) -> bytes:
        """All of it but `before`, without what is none."""
        iris = {iri: counts for iri, counts in self.iris.items() if any(counts)}
        rows = [_some(self.labels), _some(self.aliases), iris, _some(self.records), self.seen, self.linked]
        return _JSON.encode(rows).encode("ascii")

    def begin(self) -> None:
        """Remember how it is."""
        self.before = self._now()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is counted."""
        return not any(map(any, self.iris.values())) and not any(self.records.values())

    @property
    def label(self) -> str | None:
        """The label that most papers prefer."""
        labels = _some(self.labels)
        return min(labels, key=lambda name: (-labels[name], name), default=None)

    def count(self, iri: str, place: int, number: int) -> tuple[bool, bool]:
        """Count papers that have an IRI so; tells whether any had it before, and whether any has it now."""
        counts = self.iris.get(iri)
        if counts is None:
            counts = self.iris[iri] = [0] * 5
        before = counts[place]
        counts[place] += number
        return before > 0, counts[place] > 0

    def is_named(self, iri: str) -> bool:
        """Whether a claim or a result is about an IRI."""
        counts = self.iris.get(iri)
        return counts is not None and counts[CLAIMED] + counts[MEASURED] > 0

    def entity(self, iri: str) -> Entity | None:
        """The entity of an IRI; None if no paper has it."""
        counts = self.iris.get(iri)
        if counts is None or not counts[NAMED]:
            return None
        return Home(KINDS[self.kind], _some(self.labels), {*_some(self.aliases)}).entity(iri, known(iri))

    def changed(self) -> dict[str, set[str] | None]:
        """The IRIs of which the entity is another now: other names that came or went, None for more."""
        found: dict[str, set[str] | None] = {}
        before, now = self.before or {}, self._now()
        for iri in before.keys() | now.keys():
            old, new = before.get(iri), now.get(iri)
            if old is None or new is None or old.label != new.label:
                found[iri] = None
            elif old != new:
                found[iri] = {*old.aliases} ^ {*new.aliases}
        return found

    def _now(self) -> dict[str, Entity]:
        every = {iri: self.entity(iri) for iri in self.iris}
        return {iri: entity for iri, entity in every.items() if entity is not None}


@cache
def _known() -> Mapping[str, Entity]:
    return {entity.iri: entity for entity in vocabulary()}


def known(iri: str) -> Entity | None:
    """The entity of the vocabulary of an IRI."""
    return _known().get(iri)


class UncountedError(Exception):
    """Something is otherwise than counts can be kept of: all is decided anew."""


def home(iri: str) -> tuple[str, int]:
    """Under which name and kind an IRI is counted."""
    kind, _, name = home_of(iri).removeprefix(BASE).rpartition("/")
    if kind not in _KINDS:
        raise UncountedError(iri)
    return name, _KINDS[kind]


def _some(counts: dict[str, int]) -> dict[str, int]:
    return counts if all(counts.values()) else {name: number for name, number in counts.items() if number}
