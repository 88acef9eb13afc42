"""All that the graph says of one entity, for `kg show`; `stats`, for `kg stats`, is here too."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.model import KINDS, PREDICATES
from kg.ontology import vocabulary
from kg.queries.entities import Found, find
from kg.queries.stats import Stats, stats

if TYPE_CHECKING:
    from kg.store import Graph, Value

__all__ = ["Card", "Neighbour", "Reported", "Said", "Stats", "card", "stats"]


@dataclass(frozen=True, slots=True)
class Said:
    """One paper says one thing of the entity, and where: `predicate` is the local name, such as "uses".

    There is no confidence where it is only mentioned.
    """

    paper: str
    title: str
    year: int | None
    predicate: str
    confidence: Decimal | None
    quote: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity that papers name together with this one, and in how many papers."""

    iri: str
    kind: str
    label: str
    papers: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A number that a paper reports; names are labels. `value` is text where no number could be read."""

    metric: str
    value: Value
    upper: Value
    unit: str | None
    comparator: str | None
    dataset: str | None
    method: str | None
    condition: str | None
    delta: bool
    baseline: bool
    paper: str
    title: str
    year: int | None
    quote: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """An entity: its names and links, what papers say of it, newest first, and what they name beside it.

    `links` are (property, address) pairs, `broader` and `narrower` are labels, `years` are (year, papers) pairs.
    `curated` are the names that kg's vocabulary has for it, `notes` say why others are its: by what papers say of them,
    by the evidence of the corpus, or by correction. `withheld` is the number of claims that are not shown: negated, or
    below the confidence of the build.
    """

    iri: str
    kind: str
    label: str
    aliases: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    broader: tuple[str, ...]
    narrower: tuple[str, ...]
    papers: tuple[Said, ...]
    withheld: int
    neighbours: tuple[Neighbour, ...]
    years: tuple[tuple[int, int], ...]
    results: tuple[Reported, ...]
    notes: tuple[str, ...] = ()
    curated: tuple[str, ...] = ()

    @property
    def paper_count(self) -> int:
        """The number of papers that say something of it."""
        return len({said.paper for said in self.papers})

    def _repr_html_(self) -> str:
        """Give the card as a notebook shows it."""
        from kg.queries.shown import card_html  # noqa: PLC0415 - only notebooks need it

        return card_html(self)


_SAYS = "|".join(f"kg:{predicate}" for predicate in PREDICATES)
_NAMES = """
SELECT DISTINCT ?what ?value WHERE {
  { <%s> skos:altLabel ?value BIND("alias" AS ?what) }
  UNION { <%s> skos:changeNote ?value BIND("note" AS ?what) }
  UNION { <%s> skos:broader/skos:prefLabel ?value BIND("broader" AS ?what) }
  UNION { ?other skos:broader <%s> ; skos:prefLabel ?value BIND("narrower" AS ?what) }
  UNION {
    VALUES ?link { skos:exactMatch skos:closeMatch rdfs:seeAlso dcterms:source }
    <%s> ?link ?address
    BIND(STRAFTER(STR(?link), IF(CONTAINS(STR(?link), "#"), "#", "terms/")) AS ?what) BIND(STR(?address) AS ?value)
  }
}
ORDER BY ?what LCASE(?value) ?value
"""
_PAPER = """
  OPTIONAL { ?about dcterms:title ?title }
  OPTIONAL { ?about kg:year ?year }
  OPTIONAL {
    ?about schema:url ?address .
    FILTER NOT EXISTS { ?about schema:url ?less . FILTER(STR(?less) < STR(?address)) }
    BIND(STR(?address) AS ?url)
  }
"""
_SAID = """
SELECT DISTINCT ?claim ?paper ?title ?year ?predicate ?confidence ?quote ?url ?shown WHERE {
  {
    ?claim rdf:object <%s> ; rdf:subject ?about ; rdf:predicate ?relation ; kg:confidence ?confidence .
    BIND(IF(EXISTS { ?claim kg:polarity "negated" }, 0, IF(EXISTS { ?about ?relation <%s> }, 1, 0)) AS ?shown)
    OPTIONAL { ?claim prov:wasDerivedFrom ?sentence . ?sentence kg:text ?quote }
  } UNION {
    ?claim kg:names <%s> ; kg:paper ?about ; kg:text ?quote .
    FILTER NOT EXISTS { ?other kg:names <%s> ; kg:paper ?about . FILTER(STR(?other) < STR(?claim)) }
    BIND(kg:mentions AS ?relation)
    BIND(IF(EXISTS { ?about kg:mentions <%s> }, 1, 0) AS ?shown)
  }
  BIND(STR(?about) AS ?paper)
  BIND(STRAFTER(STR(?relation), "#") AS ?predicate)
  PAPER
}
ORDER BY DESC(?year) ?title ?paper ?predicate DESC(?confidence) ?quote ?claim ?url
""".replace("PAPER", _PAPER)
_NEIGHBOURS = """
SELECT ?iri ?class ?label (COUNT(DISTINCT ?paper) AS ?papers) WHERE {
  ?paper SAYS <%s> .
  ?paper SAYS ?iri .
  ?iri a ?class ; skos:prefLabel ?label .
  FILTER(?iri != <%s> && ?class IN (KINDS))
}
GROUP BY ?iri ?class ?label
ORDER BY DESC(?papers) LCASE(?label) ?label ?iri ?class
LIMIT %d
""".replace("SAYS", _SAYS).replace("KINDS", ", ".join(f"kg:{kind}" for kind in KINDS))
_YEARS = """
SELECT ?year (COUNT(DISTINCT ?paper) AS ?papers) WHERE {
  ?paper SAYS <%s> ; kg:year ?year .
}
GROUP BY ?year
ORDER BY ?year
""".replace("SAYS", _SAYS)
_REPORTED = """
SELECT DISTINCT ?result ?paper ?metric ?value ?upper ?unit ?comparator ?dataset ?method ?condition ?delta ?baseline
                ?title ?year ?quote ?url WHERE {
  VALUES ?role { kg:metric kg:dataset kg:method kg:backbone kg:task }
  ?result a kg:Result ; ?role <%s> ; kg:paper ?about ; kg:value ?value ; kg:metric/skos:prefLabel ?metric .
  BIND(STR(?about) AS ?paper)
  OPTIONAL { ?result kg:upper ?upper }
  OPTIONAL { ?result kg:unit ?unit }
  OPTIONAL { ?result kg:comparator ?comparator }
  OPTIONAL { ?result kg:dataset/skos:prefLabel ?dataset }
  OPTIONAL { ?result kg:method/skos:prefLabel ?method }
  OPTIONAL { ?result kg:condition ?condition }
  OPTIONAL { ?result kg:delta ?delta }
  OPTIONAL { ?result kg:baseline ?baseline }
  OPTIONAL { ?result prov:wasDerivedFrom/kg:text ?quote }
  PAPER
}
ORDER BY ?dataset ?metric ?delta DESC(?value) ?method ?year ?title ?result ?quote ?url
""".replace("PAPER", _PAPER)


def card(graph: Graph, name: str, kind: str | None = None, *, neighbours: int = 20) -> Card:
    """Tell all of the entity that bears a name. Raises QueryError as `find` does."""
    found = find(graph, name, kind=kind)
    names = [(str(row["what"]), str(row["value"])) for row in graph.select(_NAMES % ((found.iri,) * 5))]
    said = graph.select(_SAID % ((found.iri,) * 5))
    return Card(
        iri=found.iri,
        kind=found.kind,
        label=found.label,
        aliases=_only(names, "alias"),
        links=tuple(pair for pair in names if pair[0] not in {"alias", "broader", "narrower", "note"}),
        broader=_only(names, "broader"),
        narrower=_only(names, "narrower"),
        papers=tuple(_said(row) for row in said if row["shown"]),
        withheld=sum(not row["shown"] for row in said),
        neighbours=_neighbours(graph, found, neighbours),
        years=tuple((_whole(row["year"]) or 0, _whole(row["papers"]) or 0) for row in graph.select(_YEARS % found.iri)),
        results=tuple(_reported(row) for row in graph.select(_REPORTED % found.iri)),
        notes=_only(names, "note"),
        curated=_curated(found.iri),
    )


def _curated(iri: str) -> tuple[str, ...]:
    return next(((entity.label, *entity.aliases) for entity in vocabulary() if entity.iri == iri), ())


def _only(names: list[tuple[str, str]], what: str) -> tuple[str, ...]:
    return tuple(value for key, value in names if key == what)


def _neighbours(graph: Graph, found: Found, top: int) -> tuple[Neighbour, ...]:
    rows = graph.select(_NEIGHBOURS % (found.iri, found.iri, top))
    return tuple(
        Neighbour(str(row["iri"]), str(row["class"]).rpartition("#")[2], str(row["label"]), _whole(row["papers"]) or 0)
        for row in rows
    )


def _said(row: dict[str, Value]) -> Said:
    return Said(
        paper=str(row["paper"]),
        title=_title(row),
        year=_whole(row["year"]),
        predicate=str(row["predicate"]),
        confidence=None if row["confidence"] is None else Decimal(str(row["confidence"])),
        quote=_text(row["quote"]),
        url=_text(row["url"]),
    )


def _reported(row: dict[str, Value]) -> Reported:
    texts = ("unit", "comparator", "dataset", "method", "condition", "quote", "url")
    return Reported(
        metric=str(row["metric"]),
        value=row["value"],
        upper=row["upper"],
        delta=row["delta"] is True,
        baseline=row["baseline"] is True,
        paper=str(row["paper"]),
        title=_title(row),
        year=_whole(row["year"]),
        **{name: _text(row[name]) for name in texts},
    )


def _title(row: dict[str, Value]) -> str:
    """Give a paper's title, or its IRI if a graph of somebody else's has none."""
    return str(row["paper"] if row["title"] is None else row["title"])


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None
