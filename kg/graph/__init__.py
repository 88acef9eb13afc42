"""Papers, claims and results become RDF: N-Triples lines, one triple each.

The same readings give the same lines. Lines may repeat; the store sorts them and drops the repeats. They are
text, for speed: nothing here builds a graph in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import ontology
from kg.graph.claims import bare, claim, plain, quoted, result, sentences, usual
from kg.graph.entities import changed, described, records, used
from kg.graph.lines import a, about
from kg.graph.papers import listing, paper
from kg.graph.sources import SourceCount, build, source
from kg.terms import literal, node
from kg.vocab import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.model import Entity, Listing, Reading

__all__ = ["SourceCount", "triples"]


def triples(
    readings: Iterable[Reading],
    *,
    sources: Sequence[SourceCount],
    options: str,
    min_confidence: float,
    vocabulary: Iterable[Entity] | None = None,
    corrected: Iterable[Entity] | None = None,
    replaced: Mapping[str, str] | None = None,
    notes: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[str]:
    """Write all that was read as N-Triples lines, without their newline.

    A claim is asserted as a plain triple if it is positive and its confidence, to three decimals, reaches
    `min_confidence`; every claim is described, one that only mentions by the sentences that name the entity.
    `vocabulary` gives the broader entities of those that are used;
    it is the curated one unless given. `corrected` is the curated one after corrections, `replaced` says which
    entities became others by them, and `notes` why an entity is as it is.

    Raises GraphError if the IRI of an entity, or one that it links to, is not an IRI.
    """
    readings = list(readings)
    extractor = usual(readings)
    yield from build(sources, options, ontology.digest() if vocabulary is None else None, extractor)
    for count in sources:
        yield from source(count)
    entities: dict[Entity, None] = {}
    named: dict[str, None] = {}
    extractors: dict[str, None] = dict.fromkeys([extractor] if extractor else [])
    pages: dict[tuple[Listing, str], None] = {}
    for reading in readings:
        yield from paper(reading.paper)
        yield from _said(reading, min_confidence, extractor)
        entities |= dict.fromkeys(records(reading))
        named |= dict.fromkeys(used(reading))
        extractors |= dict.fromkeys(item.extractor for item in reading.claims if not bare(item))
        extractors |= dict.fromkeys(number.extractor for number in reading.results)
        if reading.paper.source.listing:
            pages[reading.paper.source.listing, reading.paper.source.sha256] = None
    for page, sha256 in pages:
        yield from listing(page, sha256)
    for name in extractors:
        yield from about(node("extractor", name), a(names.PROV.SoftwareAgent), (names.RDFS.label, literal(name)))
    curated = ontology.vocabulary() if vocabulary is None else vocabulary
    yield from described(named, entities, curated if corrected is None else corrected)
    yield from changed(named, replaced or {}, notes or {})


def _said(reading: Reading, min_confidence: float, extractor: str | None) -> Iterator[str]:
    quotes = quoted(reading)
    yield from plain(reading, min_confidence)
    yield from sentences(quotes)
    for item in reading.claims:
        yield from claim(item, reading.paper, quotes, extractor)
    for number in reading.results:
        yield from result(number, reading.paper)
