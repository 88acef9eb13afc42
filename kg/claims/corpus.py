"""The papers of a corpus together: one entity for all names of it, corrections, and then claims and results."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from kg.claims.corrected import accept_or_reject, named_anew
from kg.claims.relations import claims
from kg.claims.results import results
from kg.claims.stated import stated
from kg.extract.texts import text_of
from kg.ground.corrected import Corrected
from kg.ground.entities import declared, ground, unify
from kg.ground.evidence import evidence
from kg.model import FIELDS, Entity, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.ground.corrections import Correction
    from kg.ground.entities import Linked
    from kg.ground.evidence import Evidence
    from kg.model import Mention, Paper, Predicate

__all__ = ["Corpus", "Named", "Placed", "alone", "read", "reading"]

Named = tuple[Reading, tuple[Entity, ...]]
"""A reading in which claims may still be lacking, and the tasks that its source declares."""

Placed = tuple["Paper", "Linked", tuple[Entity, ...]]
"""A paper with what its mentions stand for and the tasks that its source declares: what claims are drawn from."""


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
    return Reading(paper, linked=ground(found)), declared(paper)


def reading(paper: Paper, linked: Linked, tasks: tuple[Entity, ...]) -> Reading:
    """All that a paper says, given what its mentions stand for and the tasks that its source declares."""
    texts = tuple(text_of(paper, field) for field in FIELDS)
    said = claims(paper, texts, linked, tasks)
    return Reading(paper, texts, linked, said, results(paper, texts, linked, said))


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
    united = list(_united(list(alone)))
    told = evidence(each.linked for each, _ in united if each.paper.annotation is None)
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
    notes = {
        iri: [*told.notes.get(iri, ()), *corrected.notes.get(iri, ())] for iri in {**told.notes, **corrected.notes}
    }
    replaced = {iri: corrected.replaced.get(entity.iri, entity.iri) for iri, entity in told.final.items()}
    idle += [correction for left in of_claims.values() for correction in left]
    return Corpus(readings, corrected, notes, replaced | corrected.replaced, idle)


def _united(alone: Sequence[Named]) -> Iterator[Named]:
    """The same with what all papers together call an entity."""
    final = unify([*_entities(reading), *tasks] for reading, tasks in alone)
    for reading, tasks in alone:
        yield named_anew(reading, lambda entity, _: final[entity.iri]), tuple(final[task.iri] for task in tasks)


def _in_its_light(each: Named, told: Evidence) -> Named:
    """The same with what the whole corpus tells of its names; what an annotator states stays."""
    reading, tasks = each
    return each if reading.paper.annotation is not None else (named_anew(reading, told.entity), tasks)


def _seen(united: Iterable[Named]) -> Iterator[tuple[Entity, str]]:
    """Every entity with each name that a text or a source has for it."""
    for reading, tasks in united:
        yield from ((entity, mention.surface) for mention, entity in reading.linked)
        yield from ((entity, "") for entity in _entities(reading))
        yield from zip(tasks, _task_names(reading.paper), strict=True)


def _entities(reading: Reading) -> Iterator[Entity]:
    yield from (entity for _, entity in reading.linked)
    yield from (claim.entity for claim in reading.claims)
    for result in reading.results:
        yield from filter(None, (result.metric, result.dataset, result.method, result.backbone, result.task))


def _task_names(paper: Paper) -> list[str]:
    return [] if paper.annotation is not None else list(filter(str.strip, dict.fromkeys(paper.declared.tasks)))


def _placed(each: Named, corrected: Corrected) -> Placed:
    """A paper's mentions and declared tasks after the corrections of entities."""
    before, tasks = each
    now = map(corrected.entity, tasks, _task_names(before.paper))
    kept = tuple(task for task in now if task is not None and task.kind == "Task")
    return before.paper, corrected.linked(before.linked), kept


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
