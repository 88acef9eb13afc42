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
    found = hashlib.blake2b(digest_size=_SIZE)
    for part in parts:
        found.update(part.encode("utf-8", "surrogatepass"))
        found.update(b"\0")
    return found.hexdigest()


class Plan:
    """Papers in their order, with what they name and the keys of it; and what is decided over all of them.

    `entities` are those that papers name, by what they are now. `idle` are corrections that named no paper.
    """

    def __init__(
        self, papers: Sequence[Paper], names: Sequence[Names], keys: Sequence[str], corrections: Sequence[Correction]
    ) -> None:
        self.papers = papers
        self.decided = Decided(names, corrections)
        self.entities: dict[int, Entity] = {}
        self._names, self._keys = names, keys
        self._entering = Entering()
        self._signs: dict[Entity | None, bytes] = {None: _NONE}
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
        entities, declared, stated = self._entities(self._names[at])
        rows: Iterable[Entity | None] = (*entities, None, *declared) if stated is None else stated.values()
        for entity in rows:
            found.update(self._sign(entity))
        for each in self._of_papers[at]:
            action, predicate, entity = self._decision(each)
            found.update(f"{action} {predicate} {entity!r}".encode("utf-8", "surrogatepass"))
        return found.hexdigest()

    def _sign(self, entity: Entity | None) -> bytes:
        found = self._signs.get(entity)
        if found is None:
            found = self._signs[entity] = hashlib.blake2b(
                repr(entity).encode("utf-8", "surrogatepass"), digest_size=_SIZE
            ).digest()
        return found

    def _entities(
        self, names: Names
    ) -> tuple[tuple[Entity | None, ...], tuple[Entity | None, ...], dict[tuple[str, str], Entity | None] | None]:
        """What the names of a paper stand for, and what its source declares, as far as that enters."""
        if names.stated:
            return (), (), self._stated(names)
        now = [self.decided.entity(names.entities[at], surface) for _, surface, at in names.seen]
        declared = self.decided.declared(names)
        self.entities.update((id(entity), entity) for entity in (*now, *declared) if entity is not None)
        kinds = (entity and entity.kind for entity in now)
        ends = [tails(surface) for (_, surface, _), kind in zip(names.seen, kinds, strict=True) if kind == "Metric"]
        entities = tuple(self._entered(entity, ends) for entity in now)
        return entities, tuple(self._entered(entity, ends) for entity in declared), None

    def _entered(self, entity: Entity | None, ends: Sequence[Tails]) -> Entity | None:
        if entity is None:
            return None
        return self._entering.named(entity, ends) if entity.kind == "Metric" else self._entering.bare(entity)

    def _stated(self, names: Names) -> dict[tuple[str, str], Entity | None]:
        pairs = [(entity, "") for entity in names.entities]
        pairs += [(names.entities[at], surface) for _, surface, at in names.seen]
        found = {(entity.iri, surface): self.decided.entity(entity, surface, stated=True) for entity, surface in pairs}
        self.entities.update((id(entity), entity) for entity in found.values() if entity is not None)
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
