"""The paper as its source gives it, its authors, and the page that lists it."""

from __future__ import annotations

from dataclasses import astuple
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.graph.lines import a, about, address, count, words
from kg.graph.sources import source_iri
from kg.terms import digest, flag, issued, literal, node, slug, whole
from kg.vocab import FABIO, KG, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Listing, Paper

__all__ = ["OFFSET_UNIT", "listing", "of_people", "paper", "paper_iri"]

OFFSET_UNIT = "unicode code points, 0-based, end-exclusive"

#: Addresses of a paper, by role, that are said by other properties than schema:url.
ELSEWHERE = {"pdf": KG.pdf, "pwc": KG.paperswithcode}


def paper_iri(name: str) -> str:
    """Give the IRI of a paper, by its id.

    >>> paper_iri("openreview:HklkeR4KPB")
    '<https://w3id.org/ml-kg/paper/openreview:HklkeR4KPB>'
    """
    return node("paper", name)


def paper(record: Paper) -> Iterator[str]:
    """Say all that the source says of a paper; title and abstract verbatim, "Anonymous" no person."""
    source, declared = record.source, record.declared
    date = issued(record.published) if record.published else None
    identifiers = dict.fromkeys((record.id, *map(":".join, record.ids)))
    yield from about(
        paper_iri(record.id),
        a(FABIO.ResearchPaper),
        (names.DCTERMS.title, literal(record.title)),
        (names.DCTERMS.abstract, words(record.abstract)),
        *((KG.otherTitle, literal(title)) for title in _others(record.title, 0, record)),
        *((KG.otherAbstract, literal(abstract)) for abstract in _others(record.abstract, 1, record)),
        *((names.DCTERMS.identifier, literal(name)) for name in identifiers),
        (names.DCTERMS.issued, date),
        (KG.year, whole(int(date[1:5])) if date and "^^" in date else None),
        (KG.authorNames, words("; ".join(record.authors))),
        (KG.authorsAnonymous, flag(on=record.anonymous)),
        *((names.DCTERMS.creator, person) for person in _people(record).values()),
        (KG.venue, words(record.venue)),
        *((ELSEWHERE.get(role, names.SDO.url), address(url)) for role, url in record.urls),
        *((KG.repository, address(other)) for other in (declared.repository, *declared.repositories)),
        (KG.framework, words(declared.framework)),
        *((KG.declaredTask, words(task)) for task in declared.tasks),
        *((KG.keyword, words(keyword)) for keyword in declared.keywords),
        (names.DCTERMS.source, source_iri(source.sha256)),
        (names.DCTERMS.isPartOf, _listing_iri(source.listing, source.sha256) if source.listing else None),
        (KG.position, whole(source.position) if source.position else None),
    )


def _others(own: str, at: int, record: Paper) -> list[str]:
    return list(dict.fromkeys(version[at] for version in record.versions if version[at].strip() and version[at] != own))


def of_people(record: Paper) -> Iterator[str]:
    """Say what the authors of a paper are called, which other papers say too."""
    for name, person in _people(record).items():
        yield from about(person, (names.FOAF.name, literal(name)))


def _people(record: Paper) -> dict[str, str]:
    return {} if record.anonymous else {name: _person(name) for name in record.authors}


@lru_cache(1 << 14)
def _person(name: str) -> str:
    return node("person", slug(name))


def listing(page: Listing, sha256: str) -> Iterator[str]:
    """Say what a page that lists papers says of itself."""
    yield from about(
        _listing_iri(page, sha256),
        a(KG.Listing),
        (names.RDFS.label, literal(page.group)),
        (KG.groupIndex, count(page.group_index)),
        (KG.dateText, words(page.date_text)),
        (names.DCTERMS.issued, issued(page.date) if page.date else None),
        (KG.readingText, words(page.reading_text)),
        (KG.wordCount, count(page.word_count)),
        (KG.readMinutes, count(page.read_minutes)),
        (KG.teaser, words(page.teaser)),
        (KG.teaserTruncated, flag(on=page.teaser_truncated)),
        (KG.footer, words(page.footer)),
        (KG.paperCount, whole(page.papers)),
        (KG.characters, whole(page.characters)),
        (KG.offsetUnit, literal(OFFSET_UNIT)),
        (names.DCTERMS.source, source_iri(sha256)),
    )


@lru_cache(maxsize=16)
def _listing_iri(page: Listing, sha256: str) -> str:
    return node("listing", digest(sha256, repr(astuple(page))))
