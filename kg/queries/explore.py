"""What a page tells of an entity or a paper: small questions about things that are known by their IRI."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import KINDS
from kg.queries.marks import Mark, marks
from kg.queries.sayings import ENTITIES, angled, ended, sayings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.queries.sayings import Saying
    from kg.store import Graph

__all__ = ["Names", "PaperText", "names", "paper", "results"]

_NAMES: Final = """
SELECT ?what ?value WHERE {{
  {{ <{iri}> ?what ?value
     FILTER (?what IN (rdf:type, skos:prefLabel, skos:altLabel, skos:changeNote, skos:exactMatch, skos:closeMatch,
                       rdfs:seeAlso, dcterms:source, foaf:homepage, dcterms:isReplacedBy, skos:broader)) }}
  UNION {{ ?value skos:broader <{iri}> BIND (skos:narrower AS ?what) }}
}} ORDER BY ?what ?value LIMIT 2000"""
_LABELS: Final = "SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {things} }} ?thing skos:prefLabel ?label }}"
_PAPER: Final = "SELECT ?what ?value WHERE {{ <{iri}> ?what ?value }} ORDER BY ?what ?value LIMIT 3000"
_RESULTS: Final = """
SELECT ?result ?what ?value ?label WHERE {{
  ?result kg:paper <{iri}> ; a kg:Result ; ?what ?value . OPTIONAL {{ ?value skos:prefLabel ?label }}
}} ORDER BY ?result ?what LIMIT 5000"""


@dataclass(frozen=True, slots=True)
class Names:
    """An entity: its kind, its names, and (property, IRI) or (IRI, label) pairs of what it is linked to."""

    iri: str
    kind: str
    label: str
    aliases: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    broader: tuple[tuple[str, str], ...]
    narrower: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper: what its source says of it, as lists by the local names of properties."""

    iri: str
    said: dict[str, tuple[str, ...]]
    sayings: tuple[Saying, ...]
    entities: dict[str, tuple[str, str]]
    marks: dict[str, tuple[Mark, ...]]


def names(graph: Graph, iri: str, label: Callable[[str], str | None] | None = None) -> Names | None:
    """Tell what an entity is called, and what it is linked to; None if this is no entity.

    `label` gives those of other entities, as far as the caller has them: a store takes long to look them up.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for row in graph.select(_NAMES.format(iri=iri)):
        found[ended(str(row["what"]))].append(str(row["value"]))
    kinds = {ended(value) for value in found["type"]}
    kind = next((each for each in KINDS if each in kinds), None)
    if kind is None:
        return None
    links = ("homepage", "exactMatch", "closeMatch", "seeAlso", "source", "isReplacedBy")
    called = _labels(graph, [*found["broader"], *found["narrower"]], label)
    return Names(
        iri,
        kind,
        next(iter(found["prefLabel"]), iri),
        tuple(sorted(found["altLabel"], key=lambda each: (each.casefold(), each))),
        tuple((each, value) for each in links for value in found[each]),
        _called(found["broader"], called),
        _called(found["narrower"], called),
        tuple(found["changeNote"]),
    )


def _labels(graph: Graph, things: Sequence[str], known: Callable[[str], str | None] | None) -> dict[str, str]:
    """Give the label of each, of several the first, or its IRI where it has none."""
    called = {each: label for each in things if known and (label := known(each)) is not None}
    if asked := [each for each in things if each not in called]:
        for row in graph.select(_LABELS.format(things=angled(asked))):
            thing, label = str(row["thing"]), str(row["label"])
            called[thing] = min(label, called.get(thing, label))
    return {each: called.get(each, each) for each in things}


def _called(things: Iterable[str], labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    named = ((each, labels[each]) for each in dict.fromkeys(things))
    return tuple(sorted(named, key=lambda each: (each[1].casefold(), each[0])))


def paper(graph: Graph, iri: str) -> PaperText | None:
    """Tell all of a paper; None if there is none with this IRI."""
    said: dict[str, list[str]] = defaultdict(list)
    types = set()
    for row in graph.select(_PAPER.format(iri=iri)):
        what = ended(str(row["what"]))
        if what == "type":
            types.add(ended(str(row["value"])))
        said[what].append(str(row["value"]))
    if "ResearchPaper" not in types:
        return None
    spoken = sayings(graph, [iri])
    entities = {
        str(row["entity"]): (ended(str(row["class"])), str(row["label"]))
        for row in graph.select(ENTITIES.format(entities=angled(sorted({each.entity for each in spoken}))))
        if ended(str(row["class"])) in KINDS
    }
    places: dict[str, list[Mark]] = defaultdict(list)
    for each in spoken:
        field = "title" if each.field == "title" else "abstract"
        text = next(iter(said[field]), "")
        quote = each.quote or ""
        # a sentence of another version of the text is quoted, and not marked here
        if each.span and each.mention and each.entity in entities:
            at = each.span[0] - each.mention[0]
            if text[at : at + len(quote)] == quote:
                places[field].append(Mark(*each.span, each.entity, entities[each.entity][0]))
    return PaperText(
        iri,
        {what: tuple(values) for what, values in said.items()},
        spoken,
        entities,
        {field: marks(found) for field, found in places.items()},
    )


def results(graph: Graph, iri: str) -> tuple[dict[str, tuple[str, str]], ...]:
    """Give the numbers that a paper reports: of each, (value, label) by the local names of properties."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in graph.select(_RESULTS.format(iri=iri)):
        value = str(row["value"])
        found[str(row["result"])][ended(str(row["what"]))] = (value, str(row["label"] or value))
    return tuple({"iri": (name, name), **facts} for name, facts in found.items())
