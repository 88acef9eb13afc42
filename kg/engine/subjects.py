"""The triples of entities that counts tell, for some of the entities."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import TYPE_CHECKING

from kg.engine.chunks import entity_of
from kg.engine.tally import SEEN, STATED, Tally, home
from kg.graph.entities import changed, described
from kg.ontology import vocabulary
from kg.terms import iri as written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.engine.decisions import Decisions
    from kg.engine.ledger import Ledger
    from kg.model import Entity

__all__ = ["broad", "lines_before", "lines_now"]


def broad(ledger: Ledger) -> set[str]:
    """The IRIs of all entities that have a broader one, and of those: which are told depends on the others."""
    found = {entity.iri for entity in vocabulary()}
    for kind, said in ledger.rows("SELECT kind, said FROM tally WHERE linked"):
        for entity in _records(Tally.read(kind, said)):
            found |= {entity.iri, *entity.broader, *filter(None, (entity.variant_of,))}
    return found


def lines_now(ledger: Ledger, iris: set[str], decisions: Decisions) -> set[str]:
    """What is told of entities, of which there must be all that `broad` gives."""
    final = decisions.told.final
    replaced = {iri: final[iri].iri for iri in iris if iri in final}
    targets = {entity.iri for entity in final.values()}
    places = {iri: home(iri) for iri in {*iris, *replaced.values()}}
    tallies = ledger.glance(places.values())
    named = {iri for iri, at in places.items() if at in tallies and tallies[at].is_named(iri)}
    entities = [
        entity
        for at in {places[iri] for iri in iris}
        if at in tallies
        for entity in _entities(tallies[at], final, targets)
        if entity.iri in iris
    ]
    return {
        *described(sorted(named & iris), set(entities), vocabulary()),
        *changed(sorted(named & iris), {}, decisions.notes),
        *changed(sorted(named), replaced, {}),
    }


def _entities(tally: Tally, final: Mapping[str, Entity], targets: set[str]) -> Iterator[Entity]:
    """What is known of each IRI, as papers name it now."""
    for iri, counts in tally.iris.items():
        if (counts[SEEN] and iri not in final) or counts[STATED] or iri in targets:
            entity = tally.entity(iri)
            if entity is not None:
                yield entity
    yield from _records(tally)


def _records(tally: Tally) -> Iterator[Entity]:
    return (entity_of(json.loads(record), {}) for record, number in tally.records.items() if number)


def lines_before(lines: Sequence[bytes], iris: Iterable[str]) -> Iterator[bytes]:
    """Those of sorted lines that have one of these IRIs as their subject."""
    for iri in iris:
        start = f"{written(iri)} ".encode()
        at = bisect_left(lines, start)
        while at < len(lines) and lines[at].startswith(start):
            yield lines[at]
            at += 1
