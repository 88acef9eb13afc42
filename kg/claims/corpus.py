"""The papers of a corpus together: one entity for all names of it, corrections, and then claims and results."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from kg.claims.corrected import accept_or_reject, named_anew
from kg.claims.declared import results as declared_results
from kg.claims.relations import claims
from kg.claims.results import results
from kg.claims.stated import stated
from kg.extract.texts import text_of
from kg.ground.corrected import Corrected
from kg.ground.declared import names
from kg.ground.entities import declared, joins, unify
from kg.ground.evidence import evidence, sighted
from kg.ground.reasons import reasons
from kg.model import FIELDS, Entity, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.ground.corrections import Correction
    from kg.ground.entities import Linked
    from kg.ground.evidence import Evidence
    from kg.model import Mention, Paper, Predicate

__all__ = ["Corpus", "Named", "Placed", "alone", "read", "reading"]

Named = tuple[Reading, tuple[Entity, ...]]
"""A reading in which claims may still be lacking, and the entities that its source declares."""

Placed = tuple["Paper", "Linked", tuple[Entity | None, ...]]
"""A paper with what its mentions stand for and the entities that its source declares: what claims are drawn from.

One of these that is no entity any more is None.
"""


class Corpus(NamedTuple):
    """What all papers say, what their entities are after corrections, and the corrections that found nothing.

    `notes` say, by IRI, why an entity is what it is: by the evidence of the corpus, or by correction; `replaced` gives
    the IRI of what an entity has become by either.
    """

    readings: list[Reading]
    corrected: Corrected
    notes: Mapping[str, Sequence[str]]
    replaced: Mapping[str, str]
    idle: list[Correction]


def alone(paper: Paper, found: Sequence[Mention]) -> Named:
    """A paper by itself: all that its annotation says, or which entities its text and its source name."""
    if paper.annotation is not None:
        return stated(paper), ()
    linked, why = joins(found)
    return Reading(paper, linked=linked, joins=why), declared(paper)


def reading(paper: Paper, linked: Linked, declared: tuple[Entity | None, ...]) -> Reading:
    """All that a paper says, given what its mentions stand for and the entities that its source declares."""
    texts = tuple(text_of(paper, field) for field in FIELDS)
    said = claims(paper, texts, linked, declared)
    numbers = (*results(paper, texts, linked, said), *declared_results(paper, declared))
    return Reading(paper, texts, linked, said, numbers)


def _draw(placed: Iterable[Placed]) -> Iterator[Reading]:
    return (reading(*each) for each in placed)


def read(
    alone: Iterable[Named],
    corrections: Sequence[Correction],
    draw: Callable[[Iterable[Placed]], Iterator[Reading]] = _draw,
) -> Corpus:
    """What all papers together call an entity is one, corrections are applied, and claims and results are drawn.

    `draw` gives the `reading` of each paper in their order; several processes may share that.
    """
    alone = list(alone)
    final = unify(list(dict.fromkeys([*_entities(reading), *tasks])) for reading, tasks in alone)
    united = list(_united(alone, final))
    told = evidence(sighted(each.linked) for each, _ in united if each.paper.annotation is None)
    united = [_in_its_light(each, told) for each in united]
    corrected = Corrected(corrections, _seen(united))
    of_claims: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        if correction.is_of_claim:
            of_claims[correction.paper].append(correction)
    drawn = draw(_placed(each, corrected) for each in united if each[0].paper.annotation is None)
    readings, idle = [], list(corrected.idle)
    for each, _ in united:
        stated_anew = each.paper.annotation is not None
        said = named_anew(each, corrected.entity) if stated_anew else next(drawn)
        names = dict.fromkeys((said.paper.id, *map(":".join, said.paper.ids)))
        found, unused = _corrected(said, corrected, [c for name in names for c in of_claims.pop(name, ())])
        readings.append(found)
        idle += unused
    now = {entity.iri: corrected.entity(told.entity(entity)) for entity in final.values()}
    why = reasons(Counter(join for each, _ in united for join in each.joins), now)
    notes: dict[str, list[str]] = defaultdict(list, {iri: [note] for iri, note in why.items()})
    for iri, more in (*told.notes.items(), *corrected.notes.items()):
        notes[iri] += more
    replaced = {iri: corrected.replaced.get(entity.iri, entity.iri) for iri, entity in told.final.items()}
    idle += [correction for left in of_claims.values() for correction in left]
    return Corpus(readings, corrected, notes, replaced | corrected.replaced, idle)


def _united(alone: Iterable[Named], final: Mapping[str, Entity]) -> Iterator[Named]:
    """The same with what all papers together call an entity."""
    for reading, tasks in alone:
        now = named_anew(reading, lambda entity, _: final[entity.iri])
        joins = tuple(replace(join, iri=final[join.iri].iri) for join in reading.joins)
        yield replace(now, joins=joins), tuple(final[task.iri] for task in tasks)


def _in_its_light(each: Named, told: Evidence) -> Named:
    """The same with what the whole corpus tells of its names; what an annotator states stays."""
    reading, tasks = each
    return each if reading.paper.annotation is not None else (named_anew(reading, told.entity), tasks)


def _seen(united: Iterable[Named]) -> Iterator[tuple[Entity, str]]:
    """Every entity with each name that a text or a source has for it."""
    for reading, tasks in united:
        yield from ((entity, mention.surface) for mention, entity in reading.linked)
        yield from ((entity, "") for entity in _entities(reading))
        yield from ((task, name.name) for task, name in zip(tasks, names(reading.paper), strict=True))


def _entities(reading: Reading) -> Iterator[Entity]:
    yield from (entity for _, entity in reading.linked)
    yield from (claim.entity for claim in reading.claims)
    for result in reading.results:
        yield from filter(None, (result.metric, result.dataset, result.method, result.backbone, result.task))


def _placed(each: Named, corrected: Corrected) -> Placed:
    """A paper's mentions and declared entities after the corrections of entities."""
    before, declared = each
    now = map(corrected.entity, declared, (name.name for name in names(before.paper)))
    return before.paper, corrected.linked(before.linked), tuple(now)


def _corrected(
    said: Reading, corrected: Corrected, of_claims: Sequence[Correction]
) -> tuple[Reading, list[Correction]]:
    """What a paper says after the corrections of its claims; and those that found nothing to correct."""
    idle = []
    for correction in of_claims:
        entity = corrected.named(correction.kind, correction.name)
        after = accept_or_reject(said, correction.action, cast("Predicate", correction.predicate), entity)
        if after == said:
            idle.append(correction)
        said = after
    return said, idle
