"""What a picture asks the store, answered as plain values that are fit to be shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.model import KINDS, PREDICATES
from kg.render.said import SOURCES, batches, said
from kg.render.texts import clip, line, web_address, where
from kg.terms import offsets
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from kg.render.said import Thing
    from kg.report.matrices import Matrices
    from kg.store import Graph

    Row = Mapping[str, object]

__all__ = [
    "Named",
    "Paper",
    "Statement",
    "named",
    "names",
    "papers",
    "statements",
    "told",
]

FURTHER: Final = 3
_MANY: Final = 2000

TOLD: Final = "SELECT ?thing ?value WHERE {{ {values} ?thing {term} ?value }}"

PAPERS: Final = """
SELECT ?paper ?title ?year ?url ?pdf ?pwc WHERE {{
  VALUES ?paper {{ {papers} }}
  ?paper dcterms:title ?title .
  OPTIONAL {{ ?paper kg:year ?year }}
  OPTIONAL {{ ?paper schema:url ?url }}
  OPTIONAL {{ ?paper kg:pdf ?pdf }}
  OPTIONAL {{ ?paper kg:paperswithcode ?pwc }}
}}"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to link to; `url` is a web address or nothing."""

    iri: str
    title: str
    year: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a paper says of an entity, and the sentence in which it says so.

    `marks` are the (start, end) of the entity's name within `quote`, in code points. There is no quote
    where only the source declares it.
    """

    predicate: str
    paper: Paper
    quote: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    confidence: float | None = None
    declared: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Who names what: paper → entity → predicates, and the kind of each entity."""

    papers: Mapping[str, Mapping[str, frozenset[str]]]
    kinds: Mapping[str, str]


def named(matrices: Matrices, kinds: Collection[str], mask: NDArray[np.bool_]) -> Named:
    """Find what each paper of a mask names, of these kinds."""
    of_kind = np.isin(matrices.kinds, [KINDS.index(kind) for kind in kinds])
    kept = mask[matrices.link_paper] & of_kind[matrices.link_entity]
    papers, entities = list(matrices.papers), list(matrices.entities)
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    links = (matrices.link_paper[kept], matrices.link_entity[kept], matrices.link_said[kept])
    said = {
        bits: frozenset(each for bit, each in enumerate(PREDICATES) if bits >> bit & 1)
        for bits in np.unique(links[2]).tolist()
    }
    for paper, entity, bits in zip(*(each.tolist() for each in links), strict=True):
        found[papers[paper]][entities[entity]] = said[bits]
    seen = np.unique(links[1]).tolist()
    return Named(dict(found), {entities[place]: KINDS[int(matrices.kinds[place])] for place in seen})


def names(graph: Graph, entities: Collection[str], label: str) -> dict[str, list[str]]:
    """Find the names of entities, `label` being prefLabel or altLabel."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in told(graph, entities, f"skos:{label}"):
        found[str(row["thing"])].append(line(str(row["value"])))
    return {entity: sorted(set(words)) for entity, words in found.items()}


def told(graph: Graph, things: Collection[str], term: str) -> Iterator[Row]:
    """Ask for a property of some things, as thing and value; where they are many, of all."""
    if len(things) > _MANY:
        wanted = frozenset(things)
        yield from (row for row in graph.select(TOLD.format(values="", term=term)) if str(row["thing"]) in wanted)
        return
    for part in batches(things):
        yield from graph.select(TOLD.format(values=f"VALUES ?thing {{ {part} }}", term=term))


def papers(graph: Graph, matrices: Matrices, wanted: Iterable[int]) -> dict[str, Paper]:
    """Give title, year and address of papers, by their places; only those whose page is not known are asked for."""
    about = {
        matrices.papers[at]: Paper(
            matrices.papers[at], line(matrices.titles[at]), int(matrices.years[at]) or None,
            web_address(matrices.urls[at]),
        )
        for at in wanted
    }  # fmt: skip
    return about | _asked(graph, [iri for iri, paper in about.items() if paper.url is None])


def _asked(graph: Graph, wanted: Collection[str]) -> dict[str, Paper]:
    found: dict[str, Paper] = {}
    rows = [row for part in batches(wanted) for row in graph.select(PAPERS.format(papers=part))]
    for row in sorted(rows, key=lambda row: [str(value) for value in row.values()]):
        iri = str(row["paper"])
        year = None if row["year"] is None else int(str(row["year"]))
        url = next(filter(None, (web_address(row[role]) for role in ("url", "pdf", "pwc"))), None)
        found.setdefault(iri, Paper(iri, line(str(row["title"])), year, url))
    return {iri: found.get(iri, Paper(iri, iri, None, None)) for iri in wanted}


def statements(
    graph: Graph, about: Mapping[str, Paper], called: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], dict[Statement, None]]:
    """Find what these papers say of entities, given by their names: (paper, entity) → statements.

    What is only mentioned has the longest name that stands in its sentence marked.
    """
    found: dict[tuple[str, str], dict[Statement, None]] = defaultdict(dict)
    for claims, sentences, naming in said(graph, about, called):
        for claim in sorted(claims):
            rows = sorted(_evidence(claims[claim], sentences), key=_place)
            surface = next((_words(row) for row in rows if _leads(row)), "")
            for row in rows[: 1 + FURTHER]:
                paper, entity = str(row["paper"]), str(row["entity"])
                found[paper, entity][_statement(row, about[paper], surface)] = None
        for (paper, entity), told in _mentions(naming.values(), about, called).items():
            found[paper, entity] |= told
    return found


def _evidence(claim: Thing, sentences: Mapping[str, Thing]) -> Iterator[Row]:
    """Give a claim once for each of its sentences; once without where it has none."""
    facts = {name: values[0] for name, values in claim.items()}
    row: dict[str, object] = {
        "paper": facts["subject"], "entity": facts["object"], "how": None, "quote": None, "place": None, "field": None,
        **{name: facts.get(name) for name in ("predicate", "confidence", "polarity", "declared", "span")},
    }  # fmt: skip
    known = [
        {"how": how, "quote": each["text"][0], "place": each["span"][0], "field": (each.get("field") or [None])[0]}
        for how in SOURCES
        for each in (sentences.get(str(iri), {}) for iri in claim.get(how, ()))
        if "text" in each and "span" in each
    ]
    for each in known or [{}]:
        yield row | each


def _mentions(
    sentences: Iterable[Thing], about: Mapping[str, Paper], called: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], dict[Statement, None]]:
    """Find the sentences that name entities, in the order of the text."""
    naming = sorted(
        (str(each["paper"][0]), str(entity), each.get("field", [""])[0] != "title",
         (offsets(each["span"][0]) or (0, 0))[0], str(each["text"][0]))
        for each in sentences
        if "text" in each and "span" in each
        for entity in each.get("names", ())
        if str(entity) in called
    )  # fmt: skip
    found: dict[tuple[str, str], dict[Statement, None]] = defaultdict(dict)
    for paper, entity, _, _, quote in naming:
        words, marks = clip(quote, *where(quote, called[entity]))
        if len(found[paper, entity]) <= FURTHER:
            found[paper, entity][Statement("mentions", about[paper], words, marks)] = None
    return found


def _place(row: Row) -> tuple[bool, bool, int]:
    """Order the sentences of a claim: the leading one, then the title, then by where they stand."""
    return not _leads(row), row["field"] != "title", (offsets(row["place"]) or (0, 0))[0]


def _leads(row: Row) -> bool:
    return row["how"] is None or str(row["how"]).endswith("wasDerivedFrom")


def _words(row: Row) -> str:
    """Cut the name out of its leading sentence."""
    start, end = _span(row)
    return str(row["quote"] or "")[start:end]


def _span(row: Row) -> tuple[int, int]:
    span, place = offsets(row["span"]), offsets(row["place"])
    if span is None or place is None:
        return 0, 0
    start, end = (max(0, edge - place[0]) for edge in span)
    length = len(str(row["quote"] or ""))
    return min(start, length), min(end, length)


def _statement(row: Row, paper: Paper, surface: str) -> Statement:
    quote, (start, end) = row["quote"], _span(row)
    if quote is not None and not _leads(row):
        start, end = where(str(quote), [surface])
    words, marks = (None, ()) if quote is None else clip(str(quote), start, end)
    return Statement(
        predicate=_local(row["predicate"]),
        paper=paper,
        quote=words,
        marks=marks,
        confidence=round(float(str(row["confidence"])), 3),
        declared=row["declared"] is True,
        negated=row["polarity"] == "negated",
    )


def _local(iri: object) -> str:
    return str(iri).removeprefix(PREFIXES["kg"])
