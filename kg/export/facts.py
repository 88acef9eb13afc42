"""What a graph says of its papers and entities, some at a time, so that memory does not grow with the graph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.model import KINDS
from kg.report import cache
from kg.vocab import KG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.store import Graph, Value

__all__ = [
    "About",
    "Facts",
    "Saying",
    "about_entities",
    "about_papers",
    "entity_names",
    "iri_of",
    "papers_alone",
    "text",
    "texts",
    "usual_extractor",
]

#: What is said of one thing: property → values, as text, in order.
Facts = dict[str, list[str]]

#: As many as every server takes in one question.
_AT_ONCE: Final = 200
_PAPERS: Final = "SELECT DISTINCT ?paper WHERE { ?paper a fabio:ResearchPaper . FILTER(isIRI(?paper)) }"
_THEMSELVES: Final = "SELECT ?thing ?what ?value WHERE {{ VALUES ?thing {{ {things} }} ?thing ?what ?value }}"
_OF: Final = (
    "SELECT ?paper ?thing ?what ?value WHERE {{ VALUES ?paper {{ {things} }} ?thing {of} ?paper ; ?what ?value }}"
)
_USUAL: Final = "SELECT ?extractor WHERE { ?build kg:usualExtractor ?extractor } ORDER BY ?extractor LIMIT 1"


@dataclass(frozen=True, slots=True)
class Saying:
    """A paper says something of an entity: what the graph knows of the claim, and of the sentence that says so."""

    iri: str | None
    predicate: str
    entity: str
    claim: Facts
    sentence: Facts
    sentence_iri: str | None


@dataclass(frozen=True, slots=True)
class About:
    """A paper, with what is said of it and by it; `results` are by IRI, with the facts of their sentences."""

    iri: str
    facts: Facts
    sayings: tuple[Saying, ...]
    results: tuple[tuple[str, Facts, Facts], ...]


@lru_cache(None)
def iri_of(term: str) -> str:
    """Expand a term such as kg:year. Raises AttributeError for one of ours that there is not.

    >>> iri_of("kg:year")
    'https://w3id.org/ml-kg/ontology#year'
    """
    prefix, _, name = term.partition(":")
    return str(KG[name]) if prefix == "kg" else f"{PREFIXES[prefix]}{name}"


def text(facts: Mapping[str, list[str]], term: str) -> str | None:
    """Give the first value of a property, such as kg:year; None if there is none."""
    found = facts.get(iri_of(term))
    return found[0] if found else None


def texts(facts: Mapping[str, list[str]], term: str) -> list[str]:
    """Give the values of a property, in order."""
    return facts.get(iri_of(term), [])


def about_papers(graph: Graph, wanted: Collection[str] | None = None) -> Iterator[About]:
    """Tell of all papers, or of those wanted, in the order of their IRIs."""
    for some in _parts(_papers(graph, wanted)):
        things = " ".join(f"<{iri}>" for iri in some)
        themselves = _facts(graph.select(_THEMSELVES.format(things=things)))
        claims = _owned(graph.select(_OF.format(things=things, of="rdf:subject")))
        others = _owned(graph.select(_OF.format(things=things, of="kg:paper")))
        for iri in some:
            yield _about(iri, themselves.get(iri, {}), claims.get(iri, {}), others.get(iri, {}))


def papers_alone(graph: Graph, wanted: Collection[str] | None = None) -> Iterator[tuple[str, Facts]]:
    """Tell of the same papers only what their sources say."""
    return about_entities(graph, _papers(graph, wanted))


def about_entities(graph: Graph, entities: Collection[str]) -> Iterator[tuple[str, Facts]]:
    """Tell of entities, in the order of their IRIs."""
    for some in _parts(sorted(entities)):
        found = _facts(graph.select(_THEMSELVES.format(things=" ".join(f"<{iri}>" for iri in some))))
        yield from ((iri, found.get(iri, {})) for iri in some)


def entity_names(graph: Graph) -> dict[str, tuple[str, str]]:
    """Give kind and label of every entity; of several the first. The matrices of reports know them, and are kept."""
    matrices = cache.load(graph)
    rows = zip(matrices.entities, matrices.kinds.tolist(), matrices.labels, strict=True)
    return {iri: (KINDS[kind], label) for iri, kind, label in rows if not iri.startswith(":")}  # a blank node


def usual_extractor(graph: Graph) -> str | None:
    """Give the IRI of what found the claims that do not say what found them."""
    for row in graph.select(_USUAL):
        return str(row["extractor"])
    return None


def _papers(graph: Graph, wanted: Collection[str] | None) -> list[str]:
    return sorted({str(row["paper"]) for row in graph.select(_PAPERS)} if wanted is None else set(wanted))


def _about(iri: str, facts: Facts, claims: Mapping[str, Facts], others: Mapping[str, Facts]) -> About:
    said = []
    for claim, told in sorted(claims.items()):
        origin = text(told, "prov:wasDerivedFrom")
        sentence = origin if origin in others else None
        predicate = (text(told, "rdf:predicate") or "").rpartition("#")[2]
        entity = text(told, "rdf:object") or ""
        said.append(Saying(claim, predicate, entity, told, others.get(sentence or "", {}), sentence))
    for sentence, told in sorted(others.items()):
        said += [Saying(None, "mentions", entity, {}, told, sentence) for entity in texts(told, "kg:names")]
    results = tuple(
        (result, told, others.get(text(told, "prov:wasDerivedFrom") or "", {}))
        for result, told in sorted(others.items())
        if iri_of("kg:Result") in texts(told, "rdf:type")
    )
    return About(iri, facts, tuple(said), results)


def _facts(rows: Iterable[Mapping[str, Value]]) -> dict[str, Facts]:
    found: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[str(row["thing"])][str(row["what"])].append(_plain(row["value"]))
    return {thing: {what: sorted(set(values)) for what, values in facts.items()} for thing, facts in found.items()}


def _owned(rows: Iterable[Mapping[str, Value]]) -> dict[str, dict[str, Facts]]:
    """Give paper → thing → facts."""
    by_paper: dict[str, list[Mapping[str, Value]]] = defaultdict(list)
    for row in rows:
        by_paper[str(row["paper"])].append(row)
    return {paper: _facts(some) for paper, some in by_paper.items()}


def _plain(value: Value) -> str:
    """Write a value as the graph does."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(iris: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(iris)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
