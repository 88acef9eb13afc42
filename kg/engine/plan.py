"""What is drawn from each paper, known by a signature of all that enters, so that nothing is drawn twice."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, cast

from kg.claims.decided import Decided
from kg.claims.entering import Entering, Tails, tails
from kg.engine.chunks import Undrawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.claims.decided import Names
    from kg.engine.chunks import Decision
    from kg.ground.corrections import Correction
    from kg.model import Entity, Paper, Predicate
    from kg.store.cache import Cache

__all__ = ["Plan", "key"]

_SIZE = 16
_NONE = b"\0"


def key(*parts: str) -> str:
    """Stand for texts and their order; thirty-two hexadecimal digits."""
    return _digest("".join([f"{part}\0" for part in parts])).hex()


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


class Plan:
    """Papers in their order, with what they name and the keys of it; and what is decided over all of them.

    `decided` is that where it is known already. `idle` are corrections that named no paper.
    """

    def __init__(
        self,
        papers: Sequence[Paper],
        names: Sequence[Names],
        keys: Sequence[str],
        corrections: Sequence[Correction],
        decided: Decided | None = None,
    ) -> None:
        self.papers = papers
        self.decided = decided or Decided(names, corrections)
        self._names, self._keys = names, keys
        self._entering = Entering()
        self._now: dict[str | tuple[str, str], Entity | None] = {}
        self._told: dict[int, Entity] = {}
        self._plain: dict[str, bytes] = {}
        self._signs: dict[str | tuple[str, tuple[str, ...]] | Entity, bytes] = {}
        self._of_papers = list(self._by_paper(corrections))

    def signatures(self, *options: str) -> list[str]:
        """What stands for all that enters into what each paper says, given what else it depends on."""
        base = key(*options).encode()
        return [self._signature(base, at) for at in range(len(self.papers))]

    def decisions(self, at: int) -> list[Correction]:
        """The corrections of what a paper claims."""
        return self._of_papers[at]

    def undrawn(self, at: int, marks: Cache, links: Cache, found: str) -> Undrawn:
        """All that is needed to draw a paper, the mentions of which have the key `found`."""
        names = self._names[at]
        entities, declared, stated = self._entities(names)
        return Undrawn(
            self.papers[at],
            marks.body(found),
            links.body(self._keys[at]),
            entities,
            declared,
            stated,
            tuple(self._decision(each) for each in self._of_papers[at]),
        )

    def _signature(self, base: bytes, at: int) -> str:
        found = hashlib.blake2b(base, digest_size=_SIZE)
        found.update(self._keys[at].encode())
        found.update(repr(self.papers[at]).encode("utf-8", "surrogatepass"))
        found.update(b"".join(self._signed(self._names[at])))
        for each in self._of_papers[at]:
            action, predicate, entity = self._decision(each)
            found.update(f"{action} {predicate} {entity!r}".encode("utf-8", "surrogatepass"))
        return found.hexdigest()

    def _signed(self, names: Names) -> Iterable[bytes]:
        """What stands for each of `_entities`, in their order."""
        if not (names.stated or names.declared or self.decided.corrected.corrects):
            return (*self._signed_at_once(names), _NONE)
        entities, declared, stated = self._entities(names)
        if stated is not None:
            return [self._sign(entity, entity) if entity else _NONE for entity in stated.values()]
        return map(self._sign_of_entered, (*entities, None, *declared))

    def _signed_at_once(self, names: Names) -> list[bytes]:
        """The same for what texts alone name, where an IRI is one entity; that of a metric is not one thing."""
        iris = [names.entities[at].iri for _, _, at in names.seen]
        known = list(map(self._plain.get, iris))
        metrics: list[tuple[int, Entity]] = []
        for number, (iri, sign, (_, surface, at)) in enumerate(zip(iris, known, names.seen, strict=True)):
            if sign is None:
                entity = cast("Entity", self._seen(names.entities[at], surface))
                if entity.kind == "Metric":
                    metrics.append((number, entity))
                else:
                    known[number] = self._plain[iri] = self._sign_of_entered(self._entering.bare(entity))
        ends = [tails(names.seen[number][1]) for number, _ in metrics]
        for number, entity in metrics:
            known[number] = self._sign_of_entered(self._entering.named(entity, ends))
        return cast("list[bytes]", known)

    def _sign_of_entered(self, entity: Entity | None) -> bytes:
        """What stands for an entity of which IRI and other names tell all."""
        if entity is None:
            return _NONE
        if entity.aliases:
            return self._sign((entity.iri, entity.aliases), entity)
        return self._sign(entity.iri, entity)

    def _sign(self, key: str | tuple[str, tuple[str, ...]] | Entity, entity: Entity) -> bytes:
        found = self._signs.get(key)
        if found is None:
            found = self._signs[key] = _digest(repr(entity))
        return found

    def entities(self) -> set[Entity]:
        """Those that papers name, by what they are now; known once the signatures are."""
        return {entity for entity in (*self._now.values(), *self._told.values()) if entity is not None}

    def _entities(
        self, names: Names
    ) -> tuple[tuple[Entity | None, ...], tuple[Entity | None, ...], dict[tuple[str, str], Entity | None] | None]:
        """What the names of a paper stand for, and what its source declares, as far as that enters."""
        if names.stated:
            return (), (), self._stated(names)
        now = [self._seen(names.entities[at], surface) for _, surface, at in names.seen]
        declared = self.decided.declared(names) if names.declared else ()
        self._told.update((id(entity), entity) for entity in declared if entity is not None)
        kinds = (entity and entity.kind for entity in now)
        ends = [tails(surface) for (_, surface, _), kind in zip(names.seen, kinds, strict=True) if kind == "Metric"]
        entities = tuple(self._entered(entity, ends) for entity in now)
        return entities, tuple(self._entered(entity, ends) for entity in declared), None

    def _seen(self, entity: Entity, surface: str) -> Entity | None:
        """What an entity of a paper is now: the same under each name, unless corrections tell names apart."""
        key = (entity.iri, surface) if self.decided.corrected.corrects else entity.iri
        if key not in self._now:
            self._now[key] = self.decided.entity(entity, surface)
        return self._now[key]

    def _entered(self, entity: Entity | None, ends: Sequence[Tails]) -> Entity | None:
        if entity is None:
            return None
        return self._entering.named(entity, ends) if entity.kind == "Metric" else self._entering.bare(entity)

    def _stated(self, names: Names) -> dict[tuple[str, str], Entity | None]:
        pairs = [(entity, "") for entity in names.entities]
        pairs += [(names.entities[at], surface) for _, surface, at in names.seen]
        found = {(entity.iri, surface): self.decided.entity(entity, surface, stated=True) for entity, surface in pairs}
        self._told.update((id(entity), entity) for entity in found.values() if entity is not None)
        return found

    def _decision(self, each: Correction) -> Decision:
        return each.action, cast("Predicate", each.predicate), self.decided.corrected.named(each.kind, each.name)

    def _by_paper(self, corrections: Sequence[Correction]) -> Iterator[list[Correction]]:
        """The corrections of the claims of each paper, which is called by any of its identifiers."""
        named: dict[str, list[Correction]] = defaultdict(list)
        for each in corrections:
            if each.is_of_claim:
                named[each.paper].append(each)
        for paper in self.papers:
            called = dict.fromkeys((paper.id, *map(":".join, paper.ids))) if named else ()
            yield [each for name in called for each in named.pop(name, ())]
        self.idle = [each for left in named.values() for each in left]
