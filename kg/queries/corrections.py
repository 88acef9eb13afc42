"""Whether what a correction names is in the graph, and by which names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.errors import CorrectionError, QueryError
from kg.queries.entities import Found, find, key
from kg.queries.papers import find_paper
from kg.terms import node

if TYPE_CHECKING:
    from kg.ground.corrections import Correction
    from kg.store import Graph

__all__ = ["checked", "paper_id"]

_ALIASES: Final = "SELECT ?name WHERE { <%s> skos:altLabel ?name } ORDER BY ?name"
_IDENTIFIERS: Final = "SELECT ?name WHERE { <%s> dcterms:identifier ?name } ORDER BY ?name"
_TEXTS: Final = "SELECT ?text WHERE { VALUES ?field { dcterms:title dcterms:abstract } <%s> ?field ?text }"
_SAID: Final = """
ASK {
  { ?claim rdf:subject <%(paper)s> ; rdf:predicate kg:%(predicate)s ; rdf:object <%(entity)s> }
  UNION { <%(paper)s> kg:%(predicate)s <%(entity)s> }
  UNION { ?sentence kg:paper <%(paper)s> ; kg:names <%(entity)s> FILTER("%(predicate)s" = "mentions") }
}
"""


def checked(graph: Graph, correction: Correction) -> tuple[Correction, str | None]:
    """The correction with names as the graph has them, as far as it has them; and what it does not have, if anything.

    An entity that is to be merged, renamed or retyped is named by its label, a paper by its id.
    """
    try:
        if correction.is_of_claim:
            correction = replace(correction, paper=paper_id(graph, find_paper(graph, correction.paper)))
            return _claim(graph, correction), None
        return _entity(graph, correction), None
    except (CorrectionError, QueryError) as error:
        return correction, str(error)


def paper_id(graph: Graph, paper: str) -> str:
    """The id of a paper that has this IRI: of its identifiers the one that its IRI is made of."""
    names = [str(row["name"]) for row in graph.select(_IDENTIFIERS % paper)]
    return next((name for name in names if node("paper", name)[1:-1] == paper), names[0] if names else paper)


def _entity(graph: Graph, correction: Correction) -> Correction:
    if correction.action == "split":
        return _split(graph, correction)
    found = find(graph, correction.name, kind=correction.kind)
    if correction.action == "reject":
        return replace(correction, name=_spelled(graph, found, correction.name) or found.label)
    if correction.action == "merge":
        into = find(graph, correction.other, kind=correction.kind)
        if into.iri == found.iri:
            raise CorrectionError(f"{correction.name!r} and {correction.other!r} are one {found.kind} already")
        correction = replace(correction, other=into.label)
    if correction.action == "retype" and correction.other == correction.kind:
        raise CorrectionError(f"{found.label!r} is a {found.kind} already")
    return replace(correction, name=found.label)


def _split(graph: Graph, correction: Correction) -> Correction:
    home = find(graph, correction.other, kind=correction.kind)
    name = _spelled(graph, home, correction.name)
    if name is None or key(name) == key(home.label):
        raise CorrectionError(f"{home.label!r} has no other name {correction.name!r} to split off")
    return replace(correction, name=name, other=home.label)


def _spelled(graph: Graph, found: Found, name: str) -> str | None:
    """A name as an entity has it, beside its label or as it; None if it has no such name."""
    names = [found.label, *(str(row["name"]) for row in graph.select(_ALIASES % found.iri))]
    return next((each for rule in (str, key) for each in names if rule(each) == rule(name)), None)


def _claim(graph: Graph, correction: Correction) -> Correction:
    paper = node("paper", correction.paper)[1:-1]
    try:
        found = find(graph, correction.name, kind=correction.kind)
    except QueryError:
        if correction.action == "accept" and _has_words(graph, paper, correction.name):
            return correction
        raise
    values = {"paper": paper, "predicate": correction.predicate, "entity": found.iri}
    if correction.action == "reject" and graph.answer(_SAID % values, format="csv").strip() != b"true":
        raise CorrectionError(f"{correction.paper} does not say {correction.predicate} of {found.label!r}")
    return replace(correction, name=found.label)


def _has_words(graph: Graph, paper: str, name: str) -> bool:
    return any(name.casefold() in str(row["text"]).casefold() for row in graph.select(_TEXTS % paper))
