"""What papers say of entities, each with its sentence and the place of the mention in it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.terms import offsets
from kg.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg.store import Graph, Value

__all__ = ["ENTITIES", "Saying", "Told", "angled", "ended", "said_of", "sayings"]

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
#: The kind and the names of entities.
ENTITIES: Final = """
SELECT ?entity ?class ?label ?name WHERE {{
  VALUES ?entity {{ {entities} }}
  ?entity a ?class ; skos:prefLabel ?label . OPTIONAL {{ ?entity skos:altLabel ?name }}
}}"""
_LOCAL: Final = re.compile(r"[^#/]*$")


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


def ended(iri: str) -> str:
    """Give the local name of an IRI.

    >>> ended("http://www.w3.org/2004/02/skos/core#exactMatch")
    'exactMatch'
    """
    match = _LOCAL.search(iri)
    return match[0] if match else iri


class Told(NamedTuple):
    """What a graph has of what papers say.

    `claims` by IRI, paper and entity, with their facts by local name; `named` are paper, entity and sentence; `linked`
    plain statements as paper, local name and entity; `sentences` text, first offset and field, by IRI.
    """

    claims: dict[tuple[str, str, str], dict[str, Value]]
    named: list[tuple[str, str, str]]
    linked: set[tuple[str, str, str]]
    sentences: dict[str, tuple[str, int, str]]


def said_of(
    graph: Graph, papers: Sequence[str], entities: Sequence[str], told: Told | None = None
) -> dict[str, tuple[Saying, ...]]:
    """Give for each of some papers what it says of these entities; `told` is what is known of that already."""
    found: dict[str, list[Saying]] = defaultdict(list)
    for each in sayings(graph, papers, entities) if told is None else _sayings(graph, told):
        found[each.paper].append(each)
    return {paper: tuple(said) for paper, said in found.items()}


def sayings(graph: Graph, papers: Sequence[str], entities: Sequence[str] = ()) -> tuple[Saying, ...]:
    """Tell what papers say of some entities, or of all, with quotes: the surest first, what is only named last."""
    if not papers:
        return ()
    # A filter, so that the store begins with the papers: an entity may be in thousands of claims.
    chosen = f"FILTER (?entity IN ({', '.join(f'<{iri}>' for iri in entities)}))" if entities else ""
    filled = {"papers": angled(papers), "entities": chosen}
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
    return _sayings(graph, Told(claims, named, linked, sentences))


def _sayings(graph: Graph, known: Told) -> tuple[Saying, ...]:
    """Put together what is known of what papers say; the graph is asked what entities are called."""
    claims, named, linked, sentences = known
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
        for row in graph.select(_SENTENCES.format(sentences=angled(sorted(wanted))))
    }


def _called(graph: Graph, entities: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    if entities:
        for row in graph.select(ENTITIES.format(entities=angled(sorted(entities)))):
            found[str(row["entity"])] |= {str(row[name]) for name in ("label", "name") if row[name] is not None}
    return {iri: tuple(sorted(known, key=lambda name: (-len(name), name))) for iri, known in found.items()}


def _first_of(quote: str, called: Sequence[str]) -> tuple[int, int] | None:
    """Find a name in a sentence, the longest first: what only names an entity has no offsets in the graph."""
    for name in called:
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", quote, re.IGNORECASE)
        if match:
            return match.span()
    return None


def angled(iris: Collection[str]) -> str:
    """Write IRIs as a query has them."""
    return " ".join(f"<{iri}>" for iri in iris)
