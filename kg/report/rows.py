"""What a report asks the store: each question once, answered as plain dictionaries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import PREDICATES
from kg.terms import offsets
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kg.store import Graph

__all__ = ["NAMED", "PaperRef", "builds", "labels", "named", "newest", "papers", "quotes", "refs"]

NAMED = """
SELECT DISTINCT ?paper ?predicate ?entity ?kind WHERE {{
  VALUES ?kind {{ {kinds} }}
  VALUES ?predicate {{ PREDICATES }}
  ?entity a ?kind .
  ?paper ?predicate ?entity .
}}""".replace("PREDICATES", " ".join(f"kg:{predicate}" for predicate in PREDICATES))

LABELS = """
SELECT ?entity ?label WHERE {{
  VALUES ?kind {{ {kinds} }}
  ?entity a ?kind ; skos:prefLabel ?label .
}}"""

PAPERS = """
SELECT ?paper ?title ?year ?url WHERE {
  ?paper a fabio:ResearchPaper ; dcterms:title ?title .
  OPTIONAL { ?paper kg:year ?year }
  OPTIONAL { ?paper schema:url ?url }
}"""

QUOTES = """
SELECT ?paper ?predicate ?entity ?field ?span ?quote WHERE {
  {
    ?claim rdf:subject ?paper ; rdf:predicate ?predicate ; rdf:object ?entity ; prov:wasDerivedFrom ?sentence .
    ?sentence kg:span ?span ; kg:text ?quote .
    OPTIONAL { ?sentence kg:field ?field }
    FILTER EXISTS { ?paper ?predicate ?entity }
    FILTER NOT EXISTS { ?claim kg:polarity "negated" }
  } UNION {
    ?sentence kg:names ?entity ; kg:paper ?paper ; kg:span ?span ; kg:text ?quote .
    OPTIONAL { ?sentence kg:field ?field }
    FILTER EXISTS { ?paper kg:mentions ?entity }
    BIND(kg:mentions AS ?predicate)
  }
}"""

BUILDS = "SELECT ?version ?options WHERE { ?build a prov:Activity ; kg:version ?version ; kg:options ?options }"

Quotes = dict[tuple[str, str], set[tuple[bool, int, str]]]


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper behind a number; `quotes` are its sentences about the two entities, in the order of the text."""

    iri: str
    title: str
    year: int | None
    url: str | None
    quotes: tuple[str, ...] = ()


def named(
    graph: Graph, kinds: Collection[str], predicates: Mapping[str, Collection[str]]
) -> dict[str, dict[str, set[str]]]:
    """Find what each paper names: paper → kind → entities."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in graph.select(NAMED.format(kinds=_kinds(kinds))):
        kind, predicate = _local(row["kind"]), _local(row["predicate"])
        if kind not in predicates or predicate in predicates[kind]:
            found[str(row["paper"])][kind].add(str(row["entity"]))
    return found


def labels(graph: Graph, kinds: Collection[str]) -> dict[str, str]:
    """Find the label of each entity; of several, the first in the alphabet."""
    found: dict[str, str] = {}
    for row in graph.select(LABELS.format(kinds=_kinds(kinds))):
        entity, label = str(row["entity"]), str(row["label"])
        found[entity] = min(label, found.get(entity, label))
    return found


def papers(graph: Graph, wanted: Collection[str]) -> dict[str, PaperRef]:
    """Find title, year and address of papers."""
    if not wanted:
        return {}
    found: dict[str, PaperRef] = {}
    rows = [row for row in graph.select(PAPERS) if row["paper"] in wanted]
    for row in sorted(rows, key=lambda row: tuple(str(row[name]) for name in ("paper", "title", "year", "url"))):
        iri = str(row["paper"])
        found.setdefault(iri, PaperRef(iri, str(row["title"]), _year(row), _text(row["url"])))
    return found


def newest(graph: Graph, wanted: Collection[str]) -> int | None:
    """Find the year of the newest of these papers."""
    rows = graph.select("SELECT ?paper ?year WHERE { ?paper kg:year ?year }") if wanted else []
    return max((int(str(row["year"])) for row in rows if row["paper"] in wanted), default=None)


def quotes(
    graph: Graph,
    pairs: Sequence[tuple[str, str]],
    predicates: Mapping[str, Collection[str]],
    named: Mapping[str, Mapping[str, set[str]]],
) -> Quotes:
    """Find the sentences that carry the claims counted: (paper, entity) → sentences."""
    wanted = {entity for pair in pairs for entity in pair}
    found: Quotes = defaultdict(set)
    for row in graph.select(QUOTES) if wanted else []:
        paper, entity = str(row["paper"]), str(row["entity"])
        kind = next((kind for kind, entities in named.get(paper, {}).items() if entity in entities), None)
        if entity in wanted and kind and (kind not in predicates or _local(row["predicate"]) in predicates[kind]):
            start, _ = offsets(row["span"]) or (0, 0)
            found[paper, entity].add((row["field"] != "title", start, str(row["quote"])))
    return found


def refs(
    about: Mapping[str, PaperRef], said: Quotes, pair: tuple[str, str], papers: Iterable[str]
) -> tuple[PaperRef, ...]:
    """List the papers of a pair, newest first, each with its sentences about the two."""
    known = [about.get(paper, PaperRef(paper, paper, None, None)) for paper in papers]
    known.sort(key=lambda ref: (-(ref.year or 0), ref.title, ref.iri))
    return tuple(
        PaperRef(
            ref.iri,
            ref.title,
            ref.year,
            ref.url,
            tuple(quote for *_, quote in sorted({item for entity in pair for item in said.get((ref.iri, entity), ())})),
        )
        for ref in known
    )


def builds(graph: Graph) -> tuple[str, ...]:
    """Tell which versions of this program made the graph, with their options."""
    rows = graph.select(BUILDS)
    return tuple(sorted({f"kg {row['version']} {row['options']}".rstrip() for row in rows}))


def _kinds(kinds: Collection[str]) -> str:
    return " ".join(f"kg:{kind}" for kind in sorted(kinds))


def _local(iri: object) -> str:
    return str(iri).removeprefix(PREFIXES["kg"])


def _year(row: Mapping[str, object]) -> int | None:
    year = row["year"]
    return None if year is None else int(str(year))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
