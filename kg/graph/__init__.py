"""Papers, claims and results become RDF: N-Triples lines, one triple each.

The same readings give the same lines. Lines may repeat; the store sorts them and drops the repeats. They are
text, for speed: nothing here builds a graph in memory.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg import ontology
from kg.graph.claims import bare, claim, plain, quoted, result, sentences, usual
from kg.graph.entities import changed, described, records, used
from kg.graph.lines import a, about
from kg.graph.papers import listing, of_people, paper
from kg.graph.sources import SourceCount, build, source
from kg.terms import literal, node
from kg.vocab import names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.model import Entity, Listing, Reading

__all__ = [
    "SourceCount",
    "counters",
    "extractors",
    "of_corpus",
    "of_paper",
    "of_people",
    "records",
    "triples",
    "used",
    "usual",
]


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
    extractor = usual(extractors(reading) for reading in readings)
    for reading in readings:
        yield from of_paper(reading, min_confidence, extractor)
        yield from of_people(reading.paper)
    curated = ontology.vocabulary() if vocabulary is None else vocabulary
    yield from of_corpus(
        sources=sources,
        options=options,
        vocabulary=ontology.digest() if vocabulary is None else None,
        listings=dict.fromkeys(
            (reading.paper.source.listing, reading.paper.source.sha256)
            for reading in readings
            if reading.paper.source.listing
        ),
        usual_extractor=extractor,
        extractors={name for reading in readings for name in (*extractors(reading), *counters(reading))},
        named=dict.fromkeys(name for reading in readings for name in used(reading)),
        entities={entity for reading in readings for entity in records(reading)},
        curated=curated if corrected is None else corrected,
        replaced=replaced or {},
        notes=notes or {},
    )


def of_paper(reading: Reading, min_confidence: float, extractor: str | None) -> Iterator[str]:
    """Write what is said of one paper and by it, and nothing that another paper says too.

    `extractor` is the usual one, which goes without saying.
    """
    quotes = quoted(reading)
    yield from paper(reading.paper)
    yield from plain(reading, min_confidence)
    yield from sentences(quotes)
    for item in reading.claims:
        yield from claim(item, reading.paper, quotes, extractor)
    for number in reading.results:
        yield from result(number, reading.paper)


def of_corpus(
    *,
    sources: Sequence[SourceCount],
    options: str,
    vocabulary: str | None,
    listings: Iterable[tuple[Listing, str]],
    usual_extractor: str | None,
    extractors: Iterable[str],
    named: Collection[str],
    entities: Iterable[Entity],
    curated: Iterable[Entity],
    replaced: Mapping[str, str],
    notes: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """Write what is not of one paper alone: the build, its sources, their pages, the extractors, the entities.

    `vocabulary` is its digest, `listings` are pages with the digests of their files, `named` the IRIs of the entities
    that papers speak of, and `entities` what is known of any.
    """
    yield from build(sources, options, vocabulary, usual_extractor)
    for count in sources:
        yield from source(count)
    for page, sha256 in listings:
        yield from listing(page, sha256)
    for name in sorted({*extractors, *([usual_extractor] if usual_extractor else [])}):
        yield from about(node("extractor", name), a(names.PROV.SoftwareAgent), (names.RDFS.label, literal(name)))
    yield from described(sorted(named), entities, curated)
    yield from changed(sorted(named), replaced, notes)


def extractors(reading: Reading) -> Counter[str]:
    """Count the extractors of the claims that have a node of their own."""
    return Counter(item.extractor for item in reading.claims if not bare(item))


def counters(reading: Reading) -> set[str]:
    """Give the extractors of the results."""
    return {number.extractor for number in reading.results}
