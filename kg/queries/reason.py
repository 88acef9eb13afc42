"""Reasoning by rewriting: a query is widened, so that what is stated answers for what follows from it.

What follows are the entailments of RDF Schema (https://www.w3.org/TR/rdf11-mt/, rules rdfs5, 7, 9 and 11) from the
ontology's own sub-properties and from the sub-classes in the graph, and what `skos:broader` says: a paper on a task is
a paper on what is broader than it. Each property becomes a property path; the graph itself is asked as it is, so that
no size of it is too large. What a variable stands for as a property, and domains and ranges, are left as they are.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from kg import ontology
from kg.queries.walk import walked
from kg.vocab import ONTOLOGY, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["rules", "widened"]

_SUB: Final = re.compile(r"<([^>]*)> <http://www\.w3\.org/2000/01/rdf-schema#subPropertyOf> <([^>]*)> \.")
_CLASS: Final = re.compile(r"<([^>]*)> <http://www\.w3\.org/2000/01/rdf-schema#subClassOf> <([^>]*)> \.")
_BROADER: Final = ("uses", "evaluatesOn", "addresses", "measures", "mentions")
_TYPE: Final = f"{PREFIXES['rdf']}type"
_RDFS, _SKOS = PREFIXES["rdfs"], PREFIXES["skos"]


@cache
def rules() -> dict[str, str]:
    """Give for each property that is widened the path that it becomes, by its IRI."""
    below: dict[str, set[str]] = {}
    for line in ontology.schema():
        if (match := _SUB.fullmatch(line)) is not None:
            below.setdefault(match[2], {match[2]}).add(match[1])
    widened_ = {f"{ONTOLOGY}#{name}" for name in _BROADER}
    paths = {}
    for iri in sorted(below.keys() | widened_):
        either = "|".join(f"<{each}>" for each in sorted(below.get(iri, {iri})))
        # the paths have no cycle of papers and entities: one or more steps are one step, and no answer comes twice
        paths[iri] = f"(({either})/<{_SKOS}broader>*)+" if iri in widened_ else f"({either})"
    return paths | {
        _TYPE: f"(<{_TYPE}>/<{_RDFS}subClassOf>*)",
        f"{_RDFS}subClassOf": f"<{_RDFS}subClassOf>*",
        f"{_RDFS}subPropertyOf": f"<{_RDFS}subPropertyOf>*",
        f"{_SKOS}broaderTransitive": f"<{_SKOS}broader>+",
    }


@cache
def _wide() -> frozenset[str]:
    """The classes that the ontology has others below."""
    return frozenset(match[2] for line in ontology.schema() if (match := _CLASS.fullmatch(line)))


def widened(sparql: str) -> tuple[str, tuple[str, ...]]:
    """Give a query that is widened, and which properties in it were.

    The query must be well-formed. Raises QueryError for one whose forms are not known here.

    >>> widened("SELECT ?p { ?p skos:broaderTransitive ?o }")
    ('SELECT ?p { ?p <http://www.w3.org/2004/02/skos/core#broader>+ ?o }', ('skos:broaderTransitive',))
    """
    found: list[str] = []

    def replace(iri: str, objects: Sequence[str | None]) -> str | None:
        path = rules().get(iri)
        if path is None or (iri == _TYPE and all(each and each not in _wide() for each in objects)):
            return None
        found.append(_short(iri))
        return path

    made = walked(sparql, replace)
    return made, tuple(dict.fromkeys(found))


def _short(iri: str) -> str:
    spaces = ((f"{prefix}:", space) for prefix, space in PREFIXES.items() if iri.startswith(space))
    return next((prefix + iri[len(space) :] for prefix, space in spaces), iri)
