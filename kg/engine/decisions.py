"""What is decided over all papers, from their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.claims.decided import noted
from kg.engine.ledger import text
from kg.engine.tally import SEEN, Tally, home, known
from kg.ground.evidence import DEFINED, Evidence, Sightings, weighed
from kg.ground.reasons import reasons
from kg.model import KINDS, Entity, Join

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.engine.ledger import Ledger
    from kg.model import Kind

__all__ = ["Decisions", "decide", "united"]

_SHORT = """
SELECT kind, name, iri, n FROM short WHERE (kind, name) IN
(SELECT kind, name FROM short GROUP BY kind, name HAVING count(*) > 1 AND sum(n) > ?)
"""
_SEVERAL = """
SELECT name, kind, said FROM tally WHERE seen > 0 AND name IN
(SELECT name FROM tally WHERE seen > 0 GROUP BY name HAVING count(*) > 1)
"""
_JOINED = """
SELECT iri, joined.name, reason, n, joined.kind, label FROM joined LEFT JOIN tally
ON tally.name = home AND tally.kind = joined.kind
"""


class Decisions(NamedTuple):
    """What names become, and why, by IRI."""

    told: Evidence
    notes: Mapping[str, Sequence[str]]


def decide(ledger: Ledger) -> Decisions:
    """Decide what the counts tell, which are all written."""
    told = _evidence(ledger)
    joins: dict[Join, int] = {}
    entities: dict[str, Entity] = {}
    for where, name, reason, number, kind, label in ledger.rows(_JOINED):
        iri = text(where)
        joins[Join(iri, text(name), text(reason))] = number
        if iri not in entities:
            entities[iri] = told.final.get(iri) or known(iri) or Entity(iri, KINDS[kind], text(label))
    return Decisions(told, noted(reasons(joins, entities), told.notes))


def _evidence(ledger: Ledger) -> Evidence:
    short: dict[tuple[Kind, str], dict[str, int]] = {}
    for kind, name, iri, number in ledger.rows(_SHORT, DEFINED):
        short.setdefault((KINDS[kind], text(name)), {})[text(iri)] = number
    entities = united(ledger, (iri for each in short.values() for iri in each))
    homes, named = {}, {}
    for name, kind, said in ledger.rows(_SEVERAL):
        tally, key = Tally.read(kind, said), (KINDS[kind], text(name))
        named[key] = tally.seen
        for iri, counts in tally.iris.items():
            if counts[SEEN] and (entity := tally.entity(iri)):
                homes[iri], entities[iri] = key, entity
    return weighed(Sightings(entities, homes, named, short))


def united(ledger: Ledger, iris: Iterable[str]) -> dict[str, Entity]:
    """The entities of IRIs, as far as any paper has them, whatever they become."""
    places = {iri: home(iri) for iri in iris}
    tallies = ledger.glance(places.values())
    found = ((iri, tallies[at].entity(iri)) for iri, at in places.items() if at in tallies)
    return {iri: entity for iri, entity in found if entity is not None}
