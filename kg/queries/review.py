"""What a person should look at first: the least certain claims, and the names that were taken for one entity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

from kg.asserted import LEAST
from kg.model import KINDS
from kg.ontology import vocabulary
from kg.queries.corrections import paper_id
from kg.queries.entities import key
from kg.store.builds import options
from kg.terms import offsets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.store import Graph

__all__ = ["Doubt", "doubts"]

_USUAL: Final = Decimal(str(LEAST))
_CLAIMS: Final = """
SELECT ?claim ?confidence WHERE {
  ?claim kg:confidence ?confidence ; rdf:predicate %s ; rdf:object ?entity .
  %s
  FILTER NOT EXISTS { ?claim kg:declared true }
  FILTER NOT EXISTS { ?claim kg:polarity "negated" }
}
ORDER BY ABS(?confidence - %s) STR(?claim)
LIMIT %d
"""
_CLAIM: Final = """
SELECT ?paper ?title ?year ?predicate ?class ?label ?span ?quote ?place WHERE {
  BIND(<%s> AS ?claim)
  ?claim rdf:subject ?about ; rdf:predicate ?relation ; rdf:object ?entity ; kg:span ?span ;
         prov:wasDerivedFrom ?sentence .
  ?sentence kg:text ?quote ; kg:span ?place .
  ?entity a ?class ; skos:prefLabel ?label .
  ?about dcterms:title ?title .
  OPTIONAL { ?about kg:year ?year }
  BIND(STR(?about) AS ?paper)
  BIND(STRAFTER(STR(?relation), "#") AS ?predicate)
}
"""
_NAMES: Final = """
SELECT DISTINCT ?iri ?class ?label ?name WHERE {
  ?iri a ?class ; skos:prefLabel ?label ; skos:altLabel ?name .
  FILTER(?class IN (KINDS))
}
""".replace("KINDS", ", ".join(f"kg:{kind}" for kind in KINDS))
_QUOTES: Final = """
SELECT DISTINCT ?title ?year ?quote WHERE {
  { ?claim rdf:object <%s> ; prov:wasDerivedFrom ?sentence } UNION { ?sentence kg:names <%s> }
  ?sentence kg:text ?quote ; kg:paper ?paper .
  ?paper dcterms:title ?title .
  OPTIONAL { ?paper kg:year ?year }
}
ORDER BY ?quote ?title
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A claim, or (without a predicate) a name that is taken for another name of an entity, with a sentence.

    `name` stands in the quote at `span`, if it does; `label` is what the entity is called.
    """

    kind: str
    label: str
    name: str
    quote: str
    span: tuple[int, int] | None
    title: str
    year: int | None
    paper: str = ""
    predicate: str = ""
    confidence: Decimal | None = None


def doubts(graph: Graph, *, most: int, predicate: str | None = None, kind: str | None = None) -> Iterator[Doubt]:
    """Claims, those nearest to the confidence from which the graph asserts them first, and between them merged names.

    Merges that the vocabulary makes are no doubts; of the others those whose names are least alike come first. With
    a `predicate` there are claims only; of claims there are `most` at most.
    """
    claims = _claims(graph, most, predicate, kind)
    names = [] if predicate else _merged(graph, kind)
    pairs = zip_longest(claims, (each for row in names if (each := _shown(graph, row)) is not None))
    return (each for each in chain.from_iterable(pairs) if each is not None)


def _claims(graph: Graph, most: int, predicate: str | None, kind: str | None) -> Iterator[Doubt]:
    wanted = (f"kg:{predicate}" if predicate else "?relation", f"?entity a kg:{kind} ." if kind else "")
    for claim in graph.select(_CLAIMS % (*wanted, options(graph).min_confidence or _USUAL, most)):
        yield from _claim(graph, str(claim["claim"]), Decimal(str(claim["confidence"])))


def _claim(graph: Graph, iri: str, confidence: Decimal) -> Iterator[Doubt]:
    for row in graph.select(_CLAIM % iri)[:1]:
        span, place = offsets(row["span"]), offsets(row["place"])
        inside = (span[0] - place[0], span[1] - place[0]) if span and place else None
        quote = str(row["quote"])
        yield Doubt(
            kind=_kind(row["class"]),
            label=str(row["label"]),
            name=quote[slice(*inside)] if inside else str(row["label"]),
            quote=quote,
            span=inside,
            title=str(row["title"]),
            year=row["year"] if isinstance(row["year"], int) else None,
            paper=paper_id(graph, str(row["paper"])),
            predicate=str(row["predicate"]),
            confidence=confidence,
        )


def _merged(graph: Graph, kind: str | None) -> Sequence[tuple[str, str, str, str]]:
    """The (IRI, kind, label, other name) of what grounding made one, the least alike first."""
    curated = {(entity.kind, key(name)) for entity in vocabulary() for name in (entity.label, *entity.aliases)}
    rows = [(str(row["iri"]), _kind(row["class"]), str(row["label"]), str(row["name"])) for row in graph.select(_NAMES)]
    open_ones = [row for row in rows if kind in (None, row[1]) and (row[1], key(row[3])) not in curated]
    return sorted(open_ones, key=lambda row: (_alike(row[2], row[3]), row))


def _alike(label: str, name: str) -> float:
    """How much two names are alike, from 0 to 1: the initials of a name are like it.

    >>> _alike("binary neural network", "BNN"), round(_alike("GAN", "adversarial training"), 1)
    (1.0, 0.1)
    """
    short, long = sorted((label, name), key=len)
    if key(short) == key("".join(word[0] for word in re.split(r"[\s\-]+", long) if word)):
        return 1.0
    return SequenceMatcher(None, key(label), key(name)).ratio()


def _shown(graph: Graph, row: tuple[str, str, str, str]) -> Doubt | None:
    """A merged name with the first sentence that has it; None if no sentence of the graph does."""
    iri, kind, label, name = row
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    for found in graph.select(_QUOTES % (iri, iri)):
        match = pattern.search(str(found["quote"]))
        if match:
            year = found["year"] if isinstance(found["year"], int) else None
            return Doubt(kind, label, name, str(found["quote"]), match.span(), str(found["title"]), year)
    return None


def _kind(iri: object) -> str:
    return str(iri).rpartition("#")[2]
