"""What the names of all papers stand for, decided from what each paper names on its own.

No text is needed for it: `Names` is all that is kept of a paper. What is decided is what `kg/claims/corpus.py` decides
when it has all papers at hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, Self

from kg.claims.corpus import alone
from kg.ground.corrected import Corrected
from kg.ground.declared import names as declared_names
from kg.ground.entities import unify
from kg.ground.evidence import evidence
from kg.ground.reasons import reasons
from kg.model import Join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.ground.corrections import Correction
    from kg.ground.evidence import Evidence
    from kg.model import Entity, Kind, Mention, Paper, Reading

__all__ = ["Decided", "Names", "names", "noted"]


class Names(NamedTuple):
    """The entities of a paper and what it calls them.

    `seen` are the kind and the words of each name, with the number of its entity, in the order of the text;
    `declared` are what the source calls the entities that it declares, with their numbers. `stated` says that a person
    annotated the paper. `joins` are the numbers of entities with names that are theirs by what the paper says, and why.
    """

    entities: tuple[Entity, ...]
    seen: tuple[tuple[Kind, str, int], ...]
    declared: tuple[tuple[str, int], ...]
    stated: bool
    joins: tuple[tuple[int, str, str], ...]


def noted(why: Mapping[str, str], *others: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """All notes, by IRI."""
    notes: dict[str, list[str]] = defaultdict(list, {iri: [note] for iri, note in why.items()})
    for iri, more in (pair for each in others for pair in each.items()):
        notes[iri] += more
    return notes


def names(paper: Paper, found: Sequence[Mention]) -> tuple[Names, list[tuple[int, int]]]:
    """What a paper names, given its mentions; and the mentions, by number, with those of `Names.seen` that they are."""
    reading, declared = alone(paper, found)
    numbers = {entity: number for number, entity in enumerate(dict.fromkeys([*_entities(reading), *declared]))}
    rows = [(mention.kind, mention.surface, numbers[entity]) for mention, entity in reading.linked]
    seen = {row: number for number, row in enumerate(dict.fromkeys(rows))}
    called = zip(declared_names(paper), declared, strict=True)
    by_iri = {entity.iri: number for entity, number in numbers.items()}
    told = Names(
        tuple(numbers),
        tuple(seen),
        tuple((name.name, numbers[entity]) for name, entity in called),
        paper.annotation is not None,
        tuple((by_iri[join.iri], join.name, join.reason) for join in reading.joins),
    )
    places = {id(mention): number for number, mention in enumerate(found)}
    linked = zip(reading.linked, rows, strict=True)
    return told, [(places[id(mention)], seen[row]) for (mention, _), row in linked if id(mention) in places]


def _entities(reading: Reading) -> Iterator[Entity]:
    yield from (entity for _, entity in reading.linked)
    yield from (claim.entity for claim in reading.claims)
    for result in reading.results:
        yield from filter(None, (result.metric, result.dataset, result.method, result.backbone, result.task))


class Decided:
    """What entities are over a corpus, after corrections. `papers` are gone through several times.

    `notes` say, by IRI, why an entity is what it is; `replaced` gives the IRI of what an entity has become.
    """

    def __init__(self, papers: Sequence[Names], corrections: Sequence[Correction]) -> None:
        united = unify(each.entities for each in papers)
        told = evidence(
            ([united[entity.iri] for entity in each.entities], each.seen) for each in papers if not each.stated
        )
        self._united, self._told = united, told
        self.corrected = corrected = Corrected(corrections, self._seen(papers) if corrections else ())
        now = {entity.iri: corrected.entity(told.entity(entity)) for entity in united.values()}
        why = reasons(Counter(join for each in papers for join in self._joins(each)), now)
        self.notes = noted(why, told.notes, corrected.notes)
        replaced = {iri: corrected.replaced.get(entity.iri, entity.iri) for iri, entity in told.final.items()}
        self.replaced: Mapping[str, str] = replaced | corrected.replaced

    @classmethod
    def of(cls, united: Mapping[str, Entity], told: Evidence, notes: Mapping[str, Sequence[str]]) -> Self:
        """The same where it is known already, and nothing is corrected."""
        found = cls.__new__(cls)
        found._united, found._told, found.corrected = united, told, Corrected((), ())  # noqa: SLF001 - it is its own
        found.notes, found.replaced = notes, {iri: entity.iri for iri, entity in told.final.items()}
        return found

    def entity(self, entity: Entity, surface: str, *, stated: bool = False) -> Entity | None:
        """What an entity of a paper is, where the paper has this name for it; None if nothing is called so."""
        now = self._united[entity.iri]
        return self.corrected.entity(now if stated else self._told.entity(now), surface)

    def declared(self, names: Names) -> tuple[Entity | None, ...]:
        """The entities that the source of a paper declares; None is one that is none any more."""
        return tuple(self.corrected.entity(self._united[names.entities[at].iri], name) for name, at in names.declared)

    def _joins(self, names: Names) -> Iterator[Join]:
        for at, name, reason in names.joins:
            yield Join(self._united[names.entities[at].iri].iri, name, reason)

    def _seen(self, papers: Sequence[Names]) -> Iterator[tuple[Entity, str]]:
        """Every entity with each name that a text or a source has for it."""
        for each in papers:
            now = [self._united[entity.iri] for entity in each.entities]
            declared = {at for _, at in each.declared} - {at for _, _, at in each.seen}
            lit = now if each.stated else list(map(self._told.entity, now))
            yield from ((lit[at], surface) for _, surface, at in each.seen)
            yield from ((entity, "") for at, entity in enumerate(lit) if at not in declared)
            yield from ((now[at], name) for name, at in each.declared)
