"""The entities that papers name, with their names, links and broader entities."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from kg.graph.lines import a, about, words
from kg.model import KINDS
from kg.terms import iri, literal
from kg.vocab import KG, names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.model import Entity, Reading

__all__ = ["changed", "described", "records", "used"]

_KINDS: Final = {kind: f"<{names.RDF.type}> <{KG[kind]}>" for kind in KINDS}
_LABEL: Final = f"<{names.SKOS.prefLabel}>"


def records(reading: Reading) -> Iterator[Entity]:
    """Give every entity that a reading knows; what it says of one may be needed elsewhere."""
    yield from (entity for _, entity in reading.linked)
    yield from _said(reading)


def used(reading: Reading) -> Iterator[str]:
    """Give the IRI of every entity that a claim or a result is about."""
    yield from (claim.subject for claim in reading.claims if claim.subject)
    yield from (entity.iri for entity in _said(reading))


def _said(reading: Reading) -> Iterator[Entity]:
    yield from (claim.entity for claim in reading.claims)
    for result in reading.results:
        yield from filter(None, (result.metric, result.dataset, result.method, result.backbone, result.task))


def described(named: Iterable[str], known: Iterable[Entity], curated: Iterable[Entity]) -> Iterator[str]:
    """Describe the entities of these IRIs and all that are broader.

    Where the records of one entity differ, the curated one, else the first in order, gives the preferred name; the
    other names are alternatives.
    """
    records: dict[str, list[Entity]] = {}
    for entity in known:
        records.setdefault(entity.iri, []).append(entity)
    found: dict[str, list[Entity]] = {}
    rest = (sorted(same, key=repr) if len(same) > 1 else same for same in records.values())
    for entity in chain(curated, chain.from_iterable(rest)):
        found.setdefault(entity.iri, []).append(entity)
    waiting, done = list(named), set()
    while waiting:
        name = waiting.pop()
        if name in found and name not in done:
            done.add(name)
            yield from _entity(found[name])
            waiting.extend(broader for entity in found[name] for broader in _broader(entity))


def changed(named: Collection[str], replaced: Mapping[str, str], notes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say of those of these IRIs that were corrected why, and which IRIs they replace."""
    known = frozenset(named)
    for name in named:
        if name in notes:
            yield from about(iri(name), *((names.SKOS.changeNote, literal(note)) for note in notes[name]))
    for old, new in replaced.items():
        if new in known:
            yield from about(iri(old), (names.DCTERMS.isReplacedBy, iri(new)))


def _entity(same: Sequence[Entity]) -> Iterator[str]:
    first = same[0]
    if len(same) == 1 and not (first.aliases or first.links or first.broader or first.variant_of):
        subject = iri(first.iri)  # most are known by one name alone
        yield f"{subject} {_KINDS[first.kind]} ."
        yield f"{subject} {_LABEL} {literal(first.label)} ."
        return
    aliases = {name for entity in same for name in (entity.label, *entity.aliases)} - {first.label}
    yield from about(
        iri(first.iri),
        a(KG[first.kind]),
        (names.SKOS.prefLabel, literal(first.label)),
        *((names.SKOS.altLabel, words(alias)) for alias in sorted(aliases)),
        *((names.SKOS.broader, iri(broader)) for entity in same for broader in _broader(entity)),
        *((names.SKOS[link], iri(address)) for entity in same for link, address in entity.links),
    )


def _broader(entity: Entity) -> tuple[str, ...]:
    return (*entity.broader, entity.variant_of) if entity.variant_of else entity.broader
