"""What is in a graph, and whether the counts reconcile: for `kg stats`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.asserted import MODEL, worth
from kg.model import KINDS, PREDICATES
from kg.store.builds import options

if TYPE_CHECKING:
    from kg.asserted import Worth
    from kg.store import Graph, Value

__all__ = ["ClaimCount", "SourceTally", "Stats", "stats"]


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """The claims of one predicate: `claims` is `asserted` + `unasserted` + `negated`; some are also `declared`."""

    predicate: str
    claims: int
    asserted: int
    unasserted: int
    negated: int
    declared: int


@dataclass(frozen=True, slots=True)
class SourceTally:
    """One file that papers were read from, and what became of its records."""

    iri: str
    sha256: str
    format: str
    read: int
    accepted: int
    merged: int
    rejected: int

    @property
    def reconciles(self) -> bool:
        """Whether every record that was read is accounted for."""
        return self.read == self.accepted + self.merged + self.rejected


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts. `entities` are those that a claim or a result names, by kind; `with_dataset` are papers that name one.

    `min_confidence` is the one from which claims are asserted; `measured` says what such claims were worth on annotated
    papers, if the names were found by the model that this was measured with.
    """

    papers: int
    with_dataset: int
    entities: tuple[tuple[str, int], ...]
    claims: tuple[ClaimCount, ...]
    results: int
    sentences: int
    triples: int
    sources: tuple[SourceTally, ...]
    min_confidence: float | None = None
    measured: Worth | None = None

    @property
    def dataset_share(self) -> float:
        """The share of papers that name a dataset, from 0 to 1."""
        return self.with_dataset / self.papers if self.papers else 0.0

    @property
    def reconciles(self) -> bool:
        """Whether all records are accounted for, and every accepted one is a paper of the graph."""
        return all(source.reconciles for source in self.sources) and self.papers == sum(
            source.accepted for source in self.sources
        )


_COUNTS: Final = """
SELECT ?papers ?results ?sentences ?triples WHERE {
  { SELECT (COUNT(DISTINCT ?x) AS ?papers) WHERE { ?x a fabio:ResearchPaper } }
  { SELECT (COUNT(DISTINCT ?x) AS ?results) WHERE { ?x a kg:Result } }
  { SELECT (COUNT(DISTINCT ?x) AS ?sentences) WHERE { ?x kg:text ?quote } }
  { SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o } }
}
"""
_WITH_DATASET: Final = """
SELECT (COUNT(DISTINCT ?paper) AS ?papers) WHERE {
  ?paper SAYS ?dataset .
  ?dataset a kg:Dataset .
}
""".replace("SAYS", "|".join(f"kg:{predicate}" for predicate in PREDICATES))
_ENTITIES: Final = """
SELECT ?class (COUNT(DISTINCT ?entity) AS ?entities) WHERE {
  ?said rdf:object|kg:names|kg:winner|kg:metric|kg:dataset|kg:method|kg:backbone|kg:task ?entity .
  ?entity a ?class .
}
GROUP BY ?class
"""
_CLAIMS: Final = """
SELECT ?predicate ?state (COUNT(?paper) AS ?claims) (SUM(?stated) AS ?declared) WHERE {
  {
    ?claim a kg:Claim ; rdf:subject ?paper ; rdf:predicate ?predicate ; rdf:object ?entity .
    BIND(IF(EXISTS { ?claim kg:polarity "negated" }, "negated",
         IF(EXISTS { ?paper ?predicate ?entity }, "asserted", "unasserted")) AS ?state)
    BIND(IF(EXISTS { ?claim kg:declared true }, 1, 0) AS ?stated)
  } UNION {
    { SELECT DISTINCT ?paper ?entity WHERE { ?sentence kg:paper ?paper ; kg:names ?entity } }
    BIND(kg:mentions AS ?predicate)
    BIND(IF(EXISTS { ?paper kg:mentions ?entity }, "asserted", "unasserted") AS ?state)
    BIND(0 AS ?stated)
  }
}
GROUP BY ?predicate ?state
"""
_SOURCES: Final = """
SELECT ?iri ?sha256 ?format ?read ?accepted ?merged ?rejected WHERE {
  ?iri a kg:Source ; kg:sha256 ?sha256 ; kg:format ?format ; kg:papersRead ?read ; kg:papersAccepted ?accepted ;
       kg:papersMerged ?merged ; kg:papersRejected ?rejected .
}
ORDER BY ?format ?sha256 ?iri
"""


def stats(graph: Graph) -> Stats:
    """Count what is in a graph."""
    [counts] = graph.select(_COUNTS)
    [named] = graph.select(_WITH_DATASET)
    built = options(graph)
    least = None if built.min_confidence is None else float(built.min_confidence)
    kinds = {_local(row["class"]): _whole(row["entities"]) for row in graph.select(_ENTITIES)}
    return Stats(
        papers=_whole(counts["papers"]),
        with_dataset=_whole(named["papers"]),
        entities=tuple((kind, kinds.get(kind, 0)) for kind in KINDS),
        claims=_claims(graph),
        results=_whole(counts["results"]),
        sentences=_whole(counts["sentences"]),
        triples=_whole(counts["triples"]),
        sources=tuple(_source(row) for row in graph.select(_SOURCES)),
        min_confidence=least,
        measured=worth(least) if least is not None and built.model == MODEL else None,
    )


def _claims(graph: Graph) -> tuple[ClaimCount, ...]:
    rows = graph.select(_CLAIMS)
    counts = {(_local(row["predicate"]), str(row["state"])): row for row in rows}

    def count(predicate: str, state: str, column: str) -> int:
        return _whole(counts.get((predicate, state), {}).get(column))

    states = ("asserted", "unasserted", "negated")
    return tuple(
        ClaimCount(
            predicate=predicate,
            claims=sum(count(predicate, state, "claims") for state in states),
            asserted=count(predicate, "asserted", "claims"),
            unasserted=count(predicate, "unasserted", "claims"),
            negated=count(predicate, "negated", "claims"),
            declared=sum(count(predicate, state, "declared") for state in states),
        )
        for predicate in PREDICATES
    )


def _source(row: dict[str, Value]) -> SourceTally:
    return SourceTally(
        str(row["iri"]),
        str(row["sha256"]),
        str(row["format"]),
        *(_whole(row[name]) for name in ("read", "accepted", "merged", "rejected")),
    )


def _local(iri: Value) -> str:
    return str(iri).rpartition("#")[2]


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0
