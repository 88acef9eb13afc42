"""What all papers together tell of names: what a bare acronym stands for, and of which kind a name is.

Nothing here depends on the order of papers, and what the vocabulary has stays as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.tokens import compact, shape
from kg.ground.known import is_curated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.ground.entities import Linked
    from kg.model import Entity, Kind

__all__ = ["Evidence", "evidence"]

#: An acronym stands for one thing if at least so many papers define it, and this share of them alike.
DEFINED: Final = 3
SENSE_SHARE: Final = 0.8

#: A name is of one kind if at least so many papers have it so, and this share of all that name it.
TYPED: Final = 5
KIND_SHARE: Final = 0.85

_CAPITALS = 2
_SENSES_TOLD = 3
_BOTH = frozenset(("Task", "Method"))

Key = tuple["Kind", str]


class Evidence(NamedTuple):
    """What entities become, by their IRI; why, by the IRI of what they have become or of what is kept apart."""

    final: Mapping[str, Entity]
    notes: Mapping[str, Sequence[str]]

    def entity(self, entity: Entity, surface: str = "") -> Entity:  # noqa: ARG002 - as corrections are asked
        """What an entity is in the light of the corpus."""
        return self.final.get(entity.iri, entity)


def evidence(papers: Iterable[Linked]) -> Evidence:
    """Weigh what the mentions of each paper stand for in that paper alone.

    A bare acronym that no vocabulary has is what most papers that define it mean by it; if they do not agree it stays
    an entity of its own, and a note tells what it may be. A name that is found as a dataset or metric in some papers
    and as another kind in others is of the kind that the vocabulary has, or nearly all of them; between task and
    method each paper decides (guidelines T4).
    """
    senses: dict[Key, Counter[str]] = defaultdict(Counter)
    kinds: dict[str, Counter[Kind]] = defaultdict(Counter)
    known: dict[str, Entity] = {}
    bare: dict[Key, str] = {}
    homes: dict[Key, Entity] = {}
    for linked in papers:
        found = {entity.iri: entity for _, entity in linked}
        known |= found
        here = {(entity.kind, compact(entity.label)): entity for entity in found.values()}
        homes |= here
        for kind, name in here:
            kinds[name][kind] += 1
        for key, iri in {((m.kind, m.surface.removesuffix("s")), e.iri) for m, e in linked if _is_acronym(m.surface)}:
            if compact(key[1]) == compact(known[iri].label):
                bare[key] = iri
            elif " " in known[iri].label:
                senses[key][iri] += 1
    final: dict[str, Entity] = {}
    notes: dict[str, list[str]] = defaultdict(list)
    for key, iri in sorted(bare.items()):
        if not is_curated(iri):
            _decide(known[iri], senses.get(key, Counter()), known, final, notes)
    for name, counts in sorted(kinds.items()):
        _settle(counts, {kind: homes[kind, name] for kind in counts}, final, notes)
    return Evidence({iri: final.get(entity.iri, entity) for iri, entity in final.items()}, notes)


@lru_cache(1 << 16)
def _is_acronym(surface: str) -> bool:
    return " " not in surface and shape(surface) == "name" and sum(map(str.isupper, surface)) >= _CAPITALS


def _decide(
    acronym: Entity,
    senses: Counter[str],
    known: Mapping[str, Entity],
    final: dict[str, Entity],
    notes: dict[str, list[str]],
) -> None:
    """Take an acronym for what most papers define it to be, or note that they do not agree."""
    total = senses.total()
    if total < DEFINED:
        return
    ranked = sorted(senses.items(), key=lambda pair: (-pair[1], pair[0]))
    best, count = ranked[0]
    if count >= SENSE_SHARE * total:
        final[acronym.iri] = known[best]
        notes[best].append(f"{acronym.label!r} is taken for it: so do {count} of the {total} papers that define it")
    else:
        told = ", ".join(f"{known[iri].label} ({number})" for iri, number in ranked[:_SENSES_TOLD])
        notes[acronym.iri].append(f"kept apart: the {total} papers that define it mean {told}")


def _settle(
    counts: Counter[Kind], of_kind: Mapping[Kind, Entity], final: dict[str, Entity], notes: dict[str, list[str]]
) -> None:
    """Make a name one kind if nearly all papers have it so."""
    _prefer_curated(of_kind, final, notes)
    kind, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    if count < TYPED or count < KIND_SHARE * counts.total():
        return
    target = final.get(of_kind[kind].iri, of_kind[kind])
    for other, entity in sorted(of_kind.items()):
        if other != kind and not is_curated(entity.iri) and {kind, other} != _BOTH and entity.iri not in final:
            final[entity.iri] = target
            notes[target.iri].append(
                f"a {kind.lower()} also where it reads like a {other.lower()}: so in {count} of {counts.total()} papers"
            )


def _prefer_curated(of_kind: Mapping[Kind, Entity], final: dict[str, Entity], notes: dict[str, list[str]]) -> None:
    """Give a name that the vocabulary has under another kind, and under that alone, that kind."""
    known = [entity for entity in of_kind.values() if is_curated(entity.iri)]
    for other, entity in sorted(of_kind.items()):
        alike = len(known) == 1 and known[0].label.casefold() == entity.label.casefold()
        if alike and entity not in known and {known[0].kind, other} != _BOTH:
            final[entity.iri] = known[0]
            notes[known[0].iri].append(
                f"a {known[0].kind.lower()} also where it reads like a {other.lower()}: the vocabulary has it so"
            )
