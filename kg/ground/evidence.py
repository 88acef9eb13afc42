"""What all papers together tell of names: what a bare acronym stands for, and of which kind a name is.

Nothing here depends on the order of papers, and what the vocabulary has stays as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.tokens import compact, shape
from kg.ground.entities import mint
from kg.ground.known import is_curated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.ground.entities import Linked
    from kg.model import Entity, Kind

__all__ = ["Evidence", "Sighted", "Sightings", "evidence", "shortened", "sighted", "weighed"]

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
Sighted = tuple[Sequence["Entity"], Sequence[tuple["Kind", str, int]]]
"""The entities of a paper, and the names that its text has for them: kind, words, number of the entity."""


class Evidence(NamedTuple):
    """What entities become, by their IRI; why, by the IRI of what they have become or of what is kept apart."""

    final: Mapping[str, Entity]
    notes: Mapping[str, Sequence[str]]

    def entity(self, entity: Entity, surface: str = "") -> Entity:  # noqa: ARG002 - as corrections are asked
        """What an entity is in the light of the corpus."""
        return self.final.get(entity.iri, entity)


def sighted(linked: Linked) -> Sighted:
    """What the mentions of a paper tell over a corpus."""
    return [entity for _, entity in linked], [(m.kind, m.surface, at) for at, (m, _) in enumerate(linked)]


class Sightings(NamedTuple):
    """What is counted over papers: the entities, by IRI, with what they are called without what is only spelling.

    `named` counts the papers that name something so, `short` those that have an acronym for an entity.
    """

    known: dict[str, Entity]
    homes: dict[str, Key]
    named: Mapping[Key, int]
    short: Mapping[Key, Mapping[str, int]]


def evidence(papers: Iterable[Sighted]) -> Evidence:
    """Weigh what the mentions of each paper stand for in that paper alone.

    A bare acronym that no vocabulary has is what most papers that define it mean by it; if they do not agree it stays
    an entity of its own, and a note tells what it may be. A name that is found as a dataset or metric in some papers
    and as another kind in others is of the kind that the vocabulary has, or nearly all of them; between task and
    method each paper decides (guidelines T4).
    """
    return weighed(_counted(papers))


def _counted(papers: Iterable[Sighted]) -> Sightings:
    homes: dict[str, Key] = {}
    named = Counter[Key]()
    known: dict[str, Entity] = {}
    short: dict[Key, Counter[str]] = defaultdict(Counter)
    for entities, seen in papers:
        found = {entities[at].iri: entities[at] for _, _, at in seen}
        for iri, entity in found.items():
            if iri not in homes:
                known[iri] = entity
                homes[iri] = entity.kind, _name(entity)
        named.update({homes[iri] for iri in found})
        for key, iri in shortened(entities, seen):
            short[key][iri] += 1
    return Sightings(known, homes, named, short)


def shortened(entities: Sequence[Entity], seen: Iterable[tuple[Kind, str, int]]) -> set[tuple[Key, str]]:
    """The acronyms that a paper has for its entities, each with the IRI of one."""
    return {((kind, name.removesuffix("s")), entities[at].iri) for kind, name, at in seen if _is_acronym(name)}


def weighed(seen: Sightings) -> Evidence:
    """The same as `evidence`, of what was counted."""
    known, homes, named, short = seen
    senses: dict[Key, Counter[str]] = defaultdict(Counter)
    bare: dict[Key, str] = {}
    for key, counts in short.items():
        for iri, count in counts.items():
            if compact(key[1]) == compact(known[iri].label):
                bare[key] = min(iri, bare.get(key, iri))
            elif " " in known[iri].label:
                senses[key][iri] += count
    several = _several(named)
    shared = sorted((is_curated(iri), iri, key) for iri, key in homes.items() if key[1] in several)
    first = {key: iri for _, iri, key in shared}  # the vocabulary's before others
    final: dict[str, Entity] = {}
    notes: dict[str, list[str]] = defaultdict(list)
    for key, iri in sorted(bare.items()):
        if not is_curated(iri):
            _decide(known[iri], senses.get(key, Counter()), known, final, notes)
    for name, papers in sorted(several.items()):
        _settle(papers, {kind: known[first[kind, name]] for kind in papers}, final, notes)
    return Evidence({iri: final.get(entity.iri, entity) for iri, entity in final.items()}, notes)


def _name(entity: Entity) -> str:
    """What two spellings of a name share, over all kinds: how the IRIs of entities end that no vocabulary has."""
    minted = mint(entity.kind, entity.label) if is_curated(entity.iri) else entity.iri
    return minted.rpartition("/")[2]


def _several(named: Mapping[Key, int]) -> dict[str, Counter[Kind]]:
    """The names that are of several kinds, with the number of papers that have each of them so."""
    kinds: dict[str, Counter[Kind]] = defaultdict(Counter)
    for (kind, name), count in named.items():
        kinds[name][kind] = count
    return {name: counts for name, counts in kinds.items() if len(counts) > 1}


@lru_cache(1 << 19)
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
