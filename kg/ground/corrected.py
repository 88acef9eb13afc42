"""Corrections applied to the entities of a corpus."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from kg.extract.tokens import compact
from kg.ground.entities import mint
from kg.ground.known import curated
from kg.model import Entity
from kg.ontology import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.ground.corrections import Correction
    from kg.ground.entities import Linked
    from kg.model import Kind, Mention

__all__ = ["Corrected"]


class Corrected:
    """What the entities of a corpus are after corrections, which are applied in their order.

    A name that an entity prefers stands for that entity. One that is only another name of it stands, where names are
    rejected or split off, for the places at which a text has that name. `seen` are the entities of the corpus, each
    with a name that a text or a source has for it.
    """

    def __init__(self, corrections: Sequence[Correction], seen: Iterable[tuple[Entity, str]]) -> None:
        self._records: dict[str, Entity] = {}
        self._names: dict[str, set[str]] = defaultdict(set)
        for entity, surface in seen if corrections else ():
            self._records[entity.iri] = entity
            self._names[entity.iri].add(compact(surface))
        self._whole: dict[str, str | None] = {iri: iri for iri in self._records}
        self._parts: dict[tuple[str, str], str | None] = {}
        self._homes: dict[tuple[Kind, str], dict[str, None]] = defaultdict(dict)
        for entity in sorted(self._records.values()):
            self._know(entity)
        self._gone: set[str] = set()
        self._changed: set[str] = set()
        self.notes: dict[str, list[str]] = defaultdict(list)
        self.replaced: dict[str, str] = {}
        self.idle: list[Correction] = [each for each in corrections if not each.is_of_claim and not self._apply(each)]

    def entity(self, entity: Entity, surface: str = "") -> Entity | None:
        """What an entity of the corpus is now, where a text has this name for it; None if that was rejected."""
        if not self.corrects:
            return entity
        now = self._parts.get((entity.iri, compact(surface)), self._whole.get(entity.iri, entity.iri))
        return None if now is None else self._records.get(now, entity)

    @property
    def corrects(self) -> bool:
        """Whether there are corrections: then what a text calls an entity may decide what it is."""
        return bool(self._whole)

    def linked(self, linked: Linked) -> Linked:
        """Mentions with what their entities are now; those of rejected names are left out."""
        return tuple(self._linked(linked))

    def named(self, kind: str, name: str) -> Entity:
        """The entity that a name of a kind stands for: one of the corpus, of the vocabulary, or a new one."""
        wanted = cast("Kind", kind)
        return self._find(wanted, name) or curated(wanted, name) or Entity(mint(wanted, name), wanted, name)

    def vocabulary(self) -> list[Entity]:
        """The curated entities as they are now."""
        return [
            replace(entity, broader=tuple(dict.fromkeys(self._broader(entity))))
            for known in vocabulary()
            if known.iri not in self._gone
            for entity in [self._records[known.iri] if known.iri in self._changed else known]
        ]

    def _broader(self, entity: Entity) -> Iterator[str]:
        for iri in entity.broader:
            now = self.replaced.get(iri, iri)
            if now != entity.iri and now not in self._gone:
                yield now

    def _linked(self, linked: Linked) -> Iterator[tuple[Mention, Entity]]:
        for mention, entity in linked:
            now = self.entity(entity, mention.surface)
            if now is not None:
                yield (mention if now.kind == mention.kind else replace(mention, kind=now.kind)), now

    def _apply(self, each: Correction) -> bool:
        """Apply a correction; tells whether it found what it names."""
        kind = cast("Kind", each.kind)
        if each.action == "reject":
            return self._reject(kind, each.name)
        if each.action == "split":
            return self._split(kind, each)
        found = self._find(kind, each.name)
        if found is None:
            return False
        if each.action == "rename":
            self._rename(found, each)
            return True
        if each.action == "retype":
            other = cast("Kind", each.other)
            target, told = self.named(other, found.label), f"of kind {other} and not {kind} by correction"
        else:
            target, told = self.named(kind, each.other), f"{found.label!r} merged into it by correction"
        if target.iri != found.iri:
            self._unite(found, target)
            self.notes[target.iri] += [*self.notes.pop(found.iri, []), f"{told}: {each.reason}"]
        return True

    def _unite(self, found: Entity, target: Entity) -> None:
        """Put an entity's names and places under another one."""
        aliases = {target.label, *target.aliases, found.label, *found.aliases}
        links = target.links if target.kind != found.kind else (*target.links, *found.links)
        self._put(replace(target, aliases=_others(aliases, target.label), links=tuple(dict.fromkeys(links))))
        self._move(found.iri, target.iri)
        self.replaced = {iri: target.iri if now == found.iri else now for iri, now in self.replaced.items()}
        if found.iri in self._whole:
            self.replaced[found.iri] = target.iri

    def _rename(self, found: Entity, each: Correction) -> None:
        self._put(replace(found, label=each.other, aliases=_others({found.label, *found.aliases}, each.other)))
        self.notes[found.iri].append(f"renamed from {found.label!r} by correction: {each.reason}")

    def _split(self, kind: Kind, each: Correction) -> bool:
        key, home = compact(each.name), self._find(kind, each.other)
        if home is None or key == compact(home.label):
            return False
        places = list(self._places(home.iri, key))
        if not places and key not in map(compact, home.aliases):
            return False
        self._put(replace(home, aliases=tuple(name for name in home.aliases if compact(name) != key)))
        known = curated(kind, each.name)
        own = known if known and known.iri != home.iri else Entity(mint(kind, each.name), kind, each.name)
        if places:
            self._put(self._records.get(own.iri, own))
            self._parts.update(dict.fromkeys(places, own.iri))
            self.notes[own.iri].append(f"split from {home.label!r} by correction: {each.reason}")
        self.notes[home.iri].append(f"{each.name!r} split from it by correction: {each.reason}")
        return True

    def _reject(self, kind: Kind, name: str) -> bool:
        found, key = self._find(kind, name), compact(name)
        if found is not None and compact(found.label) == key:
            self._move(found.iri, None)
            return True
        places = [(iri, key) for iri in self._whole if key in self._names[iri] and self._kind(iri, key) == kind]
        for iri in list(self._homes.get((kind, key), ())):
            if entity := self._records.get(iri):
                self._put(replace(entity, aliases=tuple(each for each in entity.aliases if compact(each) != key)))
        self._parts.update(dict.fromkeys(places))
        return bool(places)

    def _kind(self, iri: str, key: str) -> Kind | None:
        """Of which kind an entity of the corpus is now, where a text has this name for it."""
        now = self._parts.get((iri, key), self._whole[iri])
        return None if now is None else self._records[now].kind

    def _places(self, iri: str, key: str) -> Iterator[tuple[str, str]]:
        """Where texts have a name for what is now the entity: as its IRI before all corrections, and the name."""
        for before, now in self._whole.items():
            if key in self._names[before] and self._parts.get((before, key), now) == iri:
                yield before, key

    def _move(self, iri: str, target: str | None) -> None:
        self._whole = {before: target if now == iri else now for before, now in self._whole.items()}
        self._parts = {place: target if now == iri else now for place, now in self._parts.items()}
        del self._records[iri]
        self._gone.add(iri)

    def _put(self, entity: Entity) -> None:
        self._records[entity.iri] = entity
        self._changed.add(entity.iri)
        self._gone.discard(entity.iri)
        self._know(entity)

    def _know(self, entity: Entity) -> None:
        for name in (entity.label, *entity.aliases):
            self._homes[entity.kind, compact(name)][entity.iri] = None

    def _find(self, kind: Kind, name: str) -> Entity | None:
        """The entity that prefers a name, else the first that has it."""
        key = compact(name)
        found = [self._records[iri] for iri in self._homes.get((kind, key), ()) if iri in self._records]
        bearing = [entity for entity in found if key in map(compact, (entity.label, *entity.aliases))]
        return min(bearing, key=lambda entity: (compact(entity.label) != key, entity.iri), default=None)


def _others(names: set[str], label: str) -> tuple[str, ...]:
    """The names beside a label, each in one spelling."""
    kept: dict[str, str] = {}
    for name in sorted(names):
        if compact(name) != compact(label):
            kept.setdefault(compact(name), name)
    return tuple(sorted(kept.values()))
