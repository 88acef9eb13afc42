"""The graph as arrays: which paper says what of which entity, read from the store once.

Papers are in the order of their IRIs, entities in that of kind, label and IRI, so that the place of an entity is its
place in an alphabetical list. What is read is the plain triples: the claims that were asserted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy import sparse

from kg.model import KINDS, PREDICATES
from kg.report.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

    from kg.store import Graph

    Flags = NDArray[np.bool_]
    Places = NDArray[np.int32]

__all__ = ["SIDES", "WIDTH", "Matrices", "PaperRow", "Said", "Side", "made", "read"]

#: What a row or a column of a report may be: a kind of entity, or what the source says of the paper.
SIDES: Final = (*KINDS, "Venue", "Year")
#: What a paper says of an entity, a bit for each of PREDICATES, of which 15 have room; and how many bits that are.
Said = np.uint16
WIDTH: Final = 16

_LINKS: Final = "SELECT DISTINCT ?paper ?entity WHERE {{ ?paper kg:{predicate} ?entity }}"
# Each is one walk along an index: joins in the store would look up every paper on its own.
_OF: Final = "SELECT ?thing WHERE {{ ?thing a {kind} }}"
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SIGNS: Final = {"t": "\t", "n": "\n", "r": "\r"}
_ABOUT: Final = "SELECT ?thing ?value WHERE {{ ?thing {term} ?value }}"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a matrix: papers × things, with a 1 where the paper names the thing."""

    matrix: sparse.csr_array
    labels: Strings
    iris: Strings | None
    first: int = 0

    def label(self, place: int) -> str:
        """Give the name of a column."""
        return self.labels[self.first + place]

    def named(self, places: NDArray[np.int64]) -> tuple[list[str], list[str]]:
        """Give names and IRIs of columns."""
        labels = self.labels.at(self.first + places)
        return labels, [""] * len(labels) if self.iris is None else self.iris.at(self.first + places)

    def iri(self, place: int) -> str:
        """Give the IRI of a column; a year and a venue have none."""
        return self.iris[self.first + place] if self.iris is not None else ""


@dataclass(frozen=True, slots=True)
class Matrices:
    """Papers, entities, and what the ones say of the others.

    `years` are 0 and `venue` is -1 where the source does not say. `link_said` has a bit for each of PREDICATES.
    """

    papers: Strings
    titles: Strings
    urls: Strings
    dates: Strings
    years: NDArray[np.int16]
    venue: Places
    venues: Strings
    entities: Strings
    labels: Strings
    kinds: NDArray[np.int8]
    link_paper: Places
    link_entity: Places
    link_said: NDArray[Said]

    def side(self, kind: str, predicates: Collection[str] = ()) -> Side:
        """Give the matrix of a kind of SIDES: of the papers that say one of these predicates, or anything, of it."""
        papers = len(self.papers)
        if kind == "Year":
            names = np.unique(self.years[self.years > 0])
            at = np.searchsorted(names, self.years)
            known = self.years > 0
            return Side(_ones(np.flatnonzero(known), at[known], papers, names.size), _texts(names), None)
        if kind == "Venue":
            known = self.venue >= 0
            return Side(_ones(np.flatnonzero(known), self.venue[known], papers, len(self.venues)), self.venues, None)
        first, end = np.searchsorted(self.kinds, [KINDS.index(kind), KINDS.index(kind) + 1])
        chosen = (self.link_entity >= first) & (self.link_entity < end)
        if predicates:
            chosen &= (self.link_said & _bits(predicates)) > 0
        matrix = _ones(self.link_paper[chosen], self.link_entity[chosen] - first, papers, int(end - first))
        return Side(matrix, self.labels, self.entities, int(first))


class PaperRow(NamedTuple):
    """What is known of a paper; a year that is not known is 0, other things are empty."""

    iri: str
    title: str
    url: str
    date: str
    year: int
    venue: str


def read(graph: Graph) -> Matrices:
    """Ask the store for all of it: each predicate, kind and property once."""
    entities = _entities(graph)
    said: dict[tuple[str, str], int] = {}
    for bit, predicate in enumerate(PREDICATES):
        for pair in _pairs(graph.answer(_LINKS.format(predicate=predicate), format="tsv")):
            said[pair] = said.get(pair, 0) | 1 << bit
    known = {entity for entity, *_ in entities}
    said = {pair: bits for pair, bits in said.items() if pair[1] in known}
    named = {iri for iri, _ in _pairs(graph.answer(_OF.format(kind="fabio:ResearchPaper"), format="tsv"))}
    titles, urls, dates, years, venues = (
        _about(graph, term) for term in ("dcterms:title", "schema:url", "dcterms:issued", "kg:year", "kg:venue")
    )
    papers = (
        PaperRow(
            iri, titles.get(iri, iri), urls.get(iri, ""), dates.get(iri, ""), _year(years.get(iri)), venues.get(iri, "")
        )
        for iri in named.union(paper for paper, _ in said)
    )
    return made(papers, entities, ((paper, entity, bits) for (paper, entity), bits in said.items()))


def made(
    papers: Iterable[PaperRow], entities: Iterable[tuple[str, int, str]], said: Iterable[tuple[str, str, int]]
) -> Matrices:
    """Put in order what is known: papers, entities (IRI, number of the kind, label), and what papers say of them.

    `said` has each pair of IRIs once, with a bit for each of PREDICATES.
    """
    rows = sorted(papers)
    at = {row.iri: number for number, row in enumerate(rows)}
    things = sorted((kind, label.casefold(), label, iri) for iri, kind, label in entities)
    place = {iri: number for number, (*_, iri) in enumerate(things)}
    width = len(things)
    links = np.fromiter(
        (((at[paper] * width + place[entity]) << WIDTH) | bits for paper, entity, bits in said), dtype=np.int64
    )
    links.sort()
    pairs = links >> WIDTH
    venues = sorted({row.venue for row in rows} - {""}, key=lambda name: (name.casefold(), name))
    number = {name: index for index, name in enumerate(venues)}
    return Matrices(
        papers=Strings.of([row.iri for row in rows]),
        titles=Strings.of([row.title for row in rows]),
        urls=Strings.of([row.url for row in rows]),
        dates=Strings.of([row.date for row in rows]),
        years=np.array([row.year for row in rows], dtype=np.int16),
        venue=np.array([number.get(row.venue, -1) for row in rows], dtype=np.int32),
        venues=Strings.of(venues),
        entities=Strings.of([iri for *_, iri in things]),
        labels=Strings.of([label for _, _, label, _ in things]),
        kinds=np.array([kind for kind, *_ in things], dtype=np.int8),
        link_paper=(pairs // max(width, 1)).astype(np.int32),
        link_entity=(pairs % max(width, 1)).astype(np.int32),
        link_said=links.astype(Said),
    )


def _entities(graph: Graph) -> list[tuple[str, int, str]]:
    """Give IRI, number of the kind and label of each; of several labels or kinds the first."""
    labels = _about(graph, "skos:prefLabel")
    found: dict[str, tuple[str, int, str]] = {}
    for number, kind in enumerate(KINDS):
        for iri, _ in _pairs(graph.answer(_OF.format(kind=f"kg:{kind}"), format="tsv")):
            found.setdefault(iri, (iri, number, labels.get(iri, iri)))
    return list(found.values())


def _pairs(answer: bytes) -> Iterable[tuple[str, str]]:
    """Read the rows of an answer as tab-separated values: an IRI, and what stands beside it, if anything."""
    for line in answer.decode().split("\n")[1:-1]:
        paper, _, entity = line.partition("\t")
        yield paper[1:-1], _plain(entity)


def _plain(term: str) -> str:
    """Read a term as tab-separated values write it: an IRI, a literal with or without its type, or a bare number."""
    if term.startswith("<"):
        return term[1:-1]
    if not term.startswith('"'):
        return term
    text = term[1 : term.rindex('"')]
    return _ESCAPED.sub(lambda match: _SIGNS.get(match[1], match[1]), text) if "\\" in text else text


def _about(graph: Graph, term: str) -> Mapping[str, str]:
    """Give what is said of each thing; of several values the first in the alphabet."""
    found: dict[str, str] = {}
    for thing, value in _pairs(graph.answer(_ABOUT.format(term=term), format="tsv")):
        found[thing] = min(value, found.get(thing, value))
    return found


def _ones(rows: NDArray[np.integer], columns: NDArray[np.integer], height: int, width: int) -> sparse.csr_array:
    matrix = sparse.csr_array((np.ones(rows.size, dtype=np.int32), (rows, columns)), shape=(height, width))
    matrix.sum_duplicates()
    return matrix


def _bits(predicates: Iterable[str]) -> Said:
    return Said(sum(1 << PREDICATES.index(predicate) for predicate in set(predicates)))


def _texts(years: NDArray[np.int16]) -> Strings:
    return Strings.of([str(year) for year in years.tolist()])


def _year(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) <= 4 else 0  # noqa: PLR2004
