"""A graph in short terms, for tests to compare; and the graph of a few readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.graph import triples
from kg.vocab import PREFIXES
from tests.readings import sources
from tests.specimens import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Entity, Reading

REMIX = "paper:openreview:HklkeR4KPB"
HOSTILE = "paper:doi:10.5555%2F%3Ca%20href%3D%22x%22%3E%2F%7Bq%7D"


def short(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A term as people write it: 7 for an integer, "7" for a string, kg:end for an IRI."""
    assert isinstance(term, ox.NamedNode | ox.Literal), "no blank nodes, no triple terms"
    if isinstance(term, ox.NamedNode):
        for prefix, space in PREFIXES.items():
            if term.value.startswith(space):
                return f"{prefix}:{term.value[len(space) :]}"
        return term.value.removeprefix("https://w3id.org/ml-kg/")
    datatype = term.datatype.value.split("#")[1]
    return {"string": f'"{term.value}"', "integer": term.value, "decimal": term.value, "boolean": term.value}.get(
        datatype, f'"{term.value}"^^{datatype}'
    )


def facts(graph: Iterable[str]) -> set[tuple[str, str, str]]:
    """The triples of a graph, in short terms; a line that is no N-Triples fails."""
    quads = ox.parse("\n".join(graph).encode(), format=ox.RdfFormat.N_TRIPLES)
    return {(short(quad.subject), short(quad.predicate), short(quad.object)) for quad in quads}


def of(graph: Iterable[str], subject: str) -> set[tuple[str, str]]:
    return {(predicate, value) for about, predicate, value in facts(graph) if about == subject}


def write(*some: Reading, min_confidence: float = 0.5, vocabulary: Iterable[Entity] = VOCABULARY) -> list[str]:
    return list(triples(some, sources=sources(), options="test", min_confidence=min_confidence, vocabulary=vocabulary))


def claim_of(graph: Iterable[str], predicate: str, entity: str, paper: str = REMIX) -> set[tuple[str, str]]:
    """All that is said of the one claim that a paper makes."""
    found = facts(graph)
    says = {("rdf:subject", paper), ("rdf:predicate", predicate), ("rdf:object", entity)}
    (claim,) = {subject for subject, _, _ in found if all((subject, prop, value) in found for prop, value in says)}
    return of(graph, claim) - says
