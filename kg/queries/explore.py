"""What a page tells of an entity or a paper: small questions about things that are known by their IRI."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import KINDS
from kg.queries.marks import Mark, marks
from kg.terms import offsets
from kg.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg.store import Graph, Value

__all__ = ["Names", "PaperText", "Saying", "ended", "names", "paper", "results", "said_of", "sayings"]

_NAMES: Final = """
SELECT ?what ?value ?label WHERE {{
  {{ <{iri}> ?what ?value
     FILTER (?what IN (rdf:type, skos:prefLabel, skos:altLabel, skos:changeNote, skos:exactMatch, skos:closeMatch,
                       rdfs:seeAlso, dcterms:source, foaf:homepage, dcterms:isReplacedBy, skos:broader))
     OPTIONAL {{ FILTER (?what = skos:broader) ?value skos:prefLabel ?label }} }}
  UNION {{ ?value skos:broader <{iri}> BIND (skos:narrower AS ?what) OPTIONAL {{ ?value skos:prefLabel ?label }} }}
}} ORDER BY ?what LCASE(?label) ?value LIMIT 2000"""
_CLAIMS: Final = """
SELECT ?claim ?paper ?entity ?what ?value WHERE {{
  VALUES ?paper {{ {papers} }} {entities}
  ?claim rdf:subject ?paper ; rdf:object ?entity ; ?what ?value .
}}"""
_NAMED: Final = """
SELECT ?paper ?entity ?sentence WHERE {{
  VALUES ?paper {{ {papers} }} {entities}
  ?sentence kg:paper ?paper ; kg:names ?entity .
}}"""
_SENTENCES: Final = """
SELECT ?sentence ?text ?span ?field WHERE {{
  VALUES ?sentence {{ {sentences} }}
  ?sentence kg:text ?text ; kg:span ?span . OPTIONAL {{ ?sentence kg:field ?field }}
}}"""
_LINKED: Final = """
SELECT ?paper ?what ?entity WHERE {{
  VALUES ?paper {{ {papers} }} {entities}
  ?paper ?what ?entity . FILTER (STRSTARTS(STR(?what), "{kg}"))
}}"""
_ENTITIES: Final = """
SELECT ?entity ?class ?label ?name WHERE {{
  VALUES ?entity {{ {entities} }}
  ?entity a ?class ; skos:prefLabel ?label . OPTIONAL {{ ?entity skos:altLabel ?name }}
}}"""
_PAPER: Final = "SELECT ?what ?value WHERE {{ <{iri}> ?what ?value }} ORDER BY ?what ?value LIMIT 3000"
_RESULTS: Final = """
SELECT ?result ?what ?value ?label WHERE {{
  ?result kg:paper <{iri}> ; a kg:Result ; ?what ?value . OPTIONAL {{ ?value skos:prefLabel ?label }}
}} ORDER BY ?result ?what LIMIT 5000"""
_LOCAL: Final = re.compile(r"[^#/]*$")


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
class Saying:
    """A paper says something of an entity, in a sentence of a field; `mention` are offsets in the sentence.

    There is no confidence where it is only named. `asserted` is whether the graph has it as a plain statement. `span`
    are the offsets of the mention in the field.
    """

    paper: str
    entity: str
    predicate: str
    confidence: float | None
    negated: bool
    declared: bool
    asserted: bool
    role: str | None
    quote: str | None
    mention: tuple[int, int] | None
    field: str
    span: tuple[int, int] | None
    claim: str | None


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper: what its source says of it, as lists by the local names of properties."""

    iri: str
    said: dict[str, tuple[str, ...]]
    sayings: tuple[Saying, ...]
    entities: dict[str, tuple[str, str]]
    marks: dict[str, tuple[Mark, ...]]


def ended(iri: str) -> str:
    """Give the local name of an IRI.

    >>> ended("http://www.w3.org/2004/02/skos/core#exactMatch")
    'exactMatch'
    """
    match = _LOCAL.search(iri)
    return match[0] if match else iri


def names(graph: Graph, iri: str) -> Names | None:
    """Tell what an entity is called, and what it is linked to; None if this is no entity."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in graph.select(_NAMES.format(iri=iri)):
        value = str(row["value"])
        found[ended(str(row["what"]))].append((value, str(row["label"] or value)))
    kinds = {ended(value) for value, _ in found["type"]}
    kind = next((each for each in KINDS if each in kinds), None)
    if kind is None:
        return None
    links = ("homepage", "exactMatch", "closeMatch", "seeAlso", "source", "isReplacedBy")
    return Names(
        iri,
        kind,
        next((value for value, _ in found["prefLabel"]), iri),
        tuple(sorted((value for value, _ in found["altLabel"]), key=lambda each: (each.casefold(), each))),
        tuple((each, value) for each in links for value, _ in found[each]),
        tuple(dict.fromkeys(found["broader"])),
        tuple(dict.fromkeys(found["narrower"])),
        tuple(value for value, _ in found["changeNote"]),
    )


def said_of(graph: Graph, papers: Sequence[str], entities: Sequence[str]) -> dict[str, tuple[Saying, ...]]:
    """Give for each of some papers what it says of these entities."""
    found: dict[str, list[Saying]] = defaultdict(list)
    for each in sayings(graph, papers, entities):
        found[each.paper].append(each)
    return {paper: tuple(said) for paper, said in found.items()}


def sayings(graph: Graph, papers: Sequence[str], entities: Sequence[str] = ()) -> tuple[Saying, ...]:
    """Tell what papers say of some entities, or of all, with quotes: the surest first, what is only named last."""
    if not papers:
        return ()
    chosen = f"VALUES ?entity {{ {_iris(entities)} }}" if entities else ""
    filled = {"papers": _iris(papers), "entities": chosen}
    claims: dict[tuple[str, str, str], dict[str, Value]] = defaultdict(dict)
    for row in graph.select(_CLAIMS.format(**filled)):
        claims[str(row["claim"]), str(row["paper"]), str(row["entity"])][ended(str(row["what"]))] = row["value"]
    named = [
        (str(row["paper"]), str(row["entity"]), str(row["sentence"])) for row in graph.select(_NAMED.format(**filled))
    ]
    linked = {
        (str(row["paper"]), ended(str(row["what"])), str(row["entity"]))
        for row in graph.select(_LINKED.format(**filled, kg=f"{ONTOLOGY}#"))
    }
    wanted = {str(facts.get("wasDerivedFrom")) for facts in claims.values()} | {each[2] for each in named}
    sentences = _sentences(graph, {each for each in wanted if "/sentence/" in each})
    called = _called(graph, {entity for _, entity, _ in named})
    found = [_claimed(key, facts, sentences, linked) for key, facts in claims.items()]
    told = {(each.paper, each.entity, each.quote) for each in found}
    for paper_, entity, sentence in named:
        quote, start, field = sentences.get(sentence, (None, 0, "abstract"))
        if (paper_, entity, quote) in told:
            continue
        mention = _first_of(quote or "", called.get(entity, ()))
        span = (mention[0] + start, mention[1] + start) if mention else None
        asserted = (paper_, "mentions", entity) in linked
        found.append(
            Saying(
                paper=paper_,
                entity=entity,
                predicate="mentions",
                confidence=None,
                negated=False,
                declared=False,
                asserted=asserted,
                role=None,
                quote=quote,
                mention=mention,
                field=field,
                span=span,
                claim=None,
            )
        )
    return tuple(sorted(found, key=_order))


def _order(each: Saying) -> tuple[str, bool, float, str, str, str]:
    return (each.paper, each.negated, -(each.confidence or 0.0), each.predicate, each.entity, each.quote or "")


def _claimed(
    key: tuple[str, str, str],
    facts: dict[str, Value],
    sentences: dict[str, tuple[str, int, str]],
    linked: set[tuple[str, str, str]],
) -> Saying:
    claim, paper_, entity = key
    predicate = ended(str(facts.get("predicate")))
    quote, start, field = sentences.get(str(facts.get("wasDerivedFrom")), (None, 0, "abstract"))
    span = offsets(facts.get("span"))
    inside = span is not None and quote is not None and start <= span[0] < span[1] <= start + len(quote)
    return Saying(
        paper=paper_,
        entity=entity,
        predicate=predicate,
        confidence=float(str(facts["confidence"])) if "confidence" in facts else None,
        negated=facts.get("polarity") == "negated",
        declared=facts.get("declared") is True,
        asserted=(paper_, predicate, entity) in linked,
        role=None if facts.get("role") is None else str(facts["role"]),
        quote=quote,
        mention=(span[0] - start, span[1] - start) if span and inside else None,
        field=field,
        span=span if inside else None,
        claim=claim,
    )


def _sentences(graph: Graph, wanted: Collection[str]) -> dict[str, tuple[str, int, str]]:
    if not wanted:
        return {}
    return {
        str(row["sentence"]): (
            str(row["text"]),
            (offsets(row["span"]) or (0, 0))[0],
            str(row["field"] or "abstract"),
        )
        for row in graph.select(_SENTENCES.format(sentences=_iris(sorted(wanted))))
    }


def _called(graph: Graph, entities: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    if entities:
        for row in graph.select(_ENTITIES.format(entities=_iris(sorted(entities)))):
            found[str(row["entity"])] |= {str(row[name]) for name in ("label", "name") if row[name] is not None}
    return {iri: tuple(sorted(known, key=lambda name: (-len(name), name))) for iri, known in found.items()}


def _first_of(quote: str, called: Sequence[str]) -> tuple[int, int] | None:
    """Find a name in a sentence, the longest first: what only names an entity has no offsets in the graph."""
    for name in called:
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", quote, re.IGNORECASE)
        if match:
            return match.span()
    return None


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
        for row in graph.select(_ENTITIES.format(entities=_iris(sorted({each.entity for each in spoken}))))
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


def _iris(iris: Collection[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
