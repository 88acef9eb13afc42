"""What a paper adds to the counts of a ledger, or takes from them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from hashlib import blake2b
from typing import TYPE_CHECKING

from kg.engine.chunks import row_of
from kg.engine.ledger import counted
from kg.engine.tally import CLAIMED, MEASURED, NAMED, SEEN, STATED, UncountedError, home
from kg.ground.evidence import shortened
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.claims.decided import Names
    from kg.engine.chunks import Facts
    from kg.engine.ledger import Ledger
    from kg.model import Paper

__all__ = ["count_facts", "count_names", "naming", "pages", "person", "sign"]

_TOTALS = ("lines", "mentions", "claims", "results")


def sign(*parts: str) -> int:
    """A number for texts; two may share one, which only costs time."""
    name = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def naming(names: Names) -> set[int]:
    """Signs by which a paper is found when what it names changes: its IRIs, and what its text calls metrics."""
    found = {sign(entity.iri) for entity in names.entities}
    return found | {sign("Metric", surface) for surface in _metrics(names)}


def _metrics(names: Names) -> Iterator[str]:
    return (surface for _, surface, at in names.seen if names.entities[at].kind == "Metric")


def pages(papers: Iterable[Paper]) -> Counter[tuple[bytes]]:
    """Count papers by the page that lists them, and those that are annotated."""
    found = Counter[tuple[bytes]]()
    for paper in papers:
        if paper.source.listing is not None:
            page = json.dumps([asdict(paper.source.listing), paper.source.sha256])
            found[counted(f"listing {page}"),] += 1
        if paper.annotation is not None:
            found[b"annotated",] += 1
    return found


def count_names(ledger: Ledger, names: Names, number: int) -> None:
    """Count a paper that has these names; a `number` of -1 is one less."""
    for entity in names.entities:
        tally = ledger.of(entity.iri)
        if KINDS[tally.kind] != entity.kind:
            raise UncountedError(entity.iri)
        tally.labels[entity.label] = tally.labels.get(entity.label, 0) + number
        for alias in entity.aliases:
            tally.aliases[alias] = tally.aliases.get(alias, 0) + number
        tally.count(entity.iri, NAMED, number)
    for at in {*range(len(names.entities))} if names.stated else {at for _, at in names.declared}:
        ledger.of(names.entities[at].iri).count(names.entities[at].iri, STATED, number)
    for at, name, reason in names.joins:
        iri = names.entities[at].iri
        where, kind = home(iri)
        key = (counted(where), kind, counted(iri), counted(name), counted(reason))
        ledger.counts["joined"][key] += number
    if not names.stated:
        _count_seen(ledger, names, number)


def _count_seen(ledger: Ledger, names: Names, number: int) -> None:
    """Count what the text of a paper has names for."""
    iris = {names.entities[at].iri for _, _, at in names.seen}
    for iri in iris:
        ledger.of(iri).count(iri, SEEN, number)
    for tally in {id(tally): tally for tally in map(ledger.of, iris)}.values():
        tally.seen += number
    for (kind, name), iri in shortened(names.entities, names.seen):
        ledger.counts["short"][KINDS.index(kind), counted(name), counted(iri)] += number
    for surface in {*_metrics(names)}:
        ledger.counts["surface"][counted(surface),] += number


def count_facts(ledger: Ledger, facts: Facts, number: int) -> None:
    """Count what a paper says."""
    total = ledger.counts["total"]
    for name in _TOTALS:
        total[counted(name),] += number * getattr(facts, name)
    for name, many in facts.extractors.items():
        total[counted(f"extractor {name}"),] += number * many
    for name in facts.counters:
        total[counted(f"counter {name}"),] += number
    for iri in facts.claimed:
        before, now = ledger.of(iri).count(iri, CLAIMED, number)
        total[b"entities",] += now - before
    for iri in facts.measured:
        ledger.of(iri).count(iri, MEASURED, number)
    for entity in facts.records:
        tally = ledger.of(entity.iri)
        record = json.dumps(row_of(entity))
        tally.records[record] = tally.records.get(record, 0) + number
        if entity.broader or entity.variant_of:
            tally.linked += number
    for line in facts.people:
        ledger.counts["person"][person(line),] += number


def person(line: str) -> bytes:
    """The key of a triple about people."""
    return blake2b(line.encode("utf-8", "surrogatepass"), digest_size=16).digest()
