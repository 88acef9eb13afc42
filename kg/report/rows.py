"""What a report asks the store beside its matrices: sentences, and how the graph was built."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import numpy as np

from kg.asserted import MODEL, worth
from kg.model import PREDICATES
from kg.report.model import Extraction
from kg.store import options
from kg.terms import offsets
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.report.matrices import Matrices
    from kg.store import Graph, Value

    Papers = NDArray[np.int64]

__all__ = ["PaperRef", "address", "builds", "extraction", "newest", "newest_date", "quotes", "ref", "refs"]

# Three small questions and not one large: the store plans a large one badly.
_CLAIMED: Final = """
SELECT ?paper ?predicate ?entity ?sentence ?polarity WHERE {{
  {values}
  ?claim rdf:subject ?paper ; rdf:predicate ?predicate ; rdf:object ?entity ; prov:wasDerivedFrom ?sentence .
  OPTIONAL {{ ?claim kg:polarity ?polarity }}
}}"""
_NAMED: Final = "SELECT ?paper ?entity ?sentence WHERE {{ {values} ?sentence kg:paper ?paper ; kg:names ?entity }}"
_SENTENCES: Final = """
SELECT ?sentence ?span ?quote ?field WHERE {{
  {values}
  ?sentence kg:span ?span ; kg:text ?quote .
  OPTIONAL {{ ?sentence kg:field ?field }}
}}"""
_BUILDS: Final = "SELECT ?version ?options WHERE { ?build a prov:Activity ; kg:version ?version ; kg:options ?options }"
_ASKED_AT_ONCE: Final = 500
_SHARE: Final = 3

Quotes = dict[tuple[str, str], set[tuple[bool, int, str]]]


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper behind a number; `quotes` are its sentences about the two entities, in the order of the text."""

    iri: str
    title: str
    year: int | None
    url: str | None
    quotes: tuple[str, ...] = ()


def quotes(  # noqa: PLR0917 - what was counted, and of what
    graph: Graph,
    matrices: Matrices,
    papers: Sequence[Papers],
    pairs: Sequence[tuple[str, str]],
    kinds: tuple[str, str],
    predicates: Mapping[str, Collection[str]],
    entities: Sequence[int],
) -> Quotes:
    """Find the sentences that carry the claims counted: (paper, entity) → sentences.

    `entities` are the places of those of the pairs.
    """
    allowed = {
        iri: frozenset(predicates.get(kind, PREDICATES))
        for pair in pairs
        for iri, kind in zip(pair, kinds, strict=True)
        if iri
    }
    wanted = np.unique(np.concatenate([*papers, np.zeros(0, dtype=np.int64)]))
    asserted = _asserted(matrices, wanted, entities)
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    names = [matrices.papers[place] for place in wanted.tolist()]
    few = len(names) * _SHARE <= len(matrices.papers)
    for question in (_CLAIMED, _NAMED):
        for row in _asked(graph, question, "paper", names, few=few):
            paper, entity = str(row["paper"]), str(row["entity"])
            predicate = str(row.get("predicate", "mentions")).removeprefix(PREFIXES["kg"])
            told = row.get("polarity") != "negated" and predicate in allowed.get(entity, ())
            if told and (paper, entity, predicate) in asserted:
                places[str(row["sentence"])].add((paper, entity))
    found: Quotes = defaultdict(set)
    for row in _asked(graph, _SENTENCES, "sentence", sorted(places), few=few):
        start, _ = offsets(row["span"]) or (0, 0)
        for key in places.get(str(row["sentence"]), ()):
            found[key].add((row["field"] != "title", start, str(row["quote"])))
    return found


def _asserted(matrices: Matrices, wanted: Papers, entities: Sequence[int]) -> set[tuple[str, str, str]]:
    """Give the plain triples of these papers: a claim below the confidence of the build is quoted for nothing."""
    return {
        (matrices.papers[int(matrices.link_paper[at])], matrices.entities[int(matrices.link_entity[at])], predicate)
        for at in np.flatnonzero(
            np.isin(matrices.link_entity, entities) & np.isin(matrices.link_paper, wanted)
        ).tolist()
        for bit, predicate in enumerate(PREDICATES)
        if int(matrices.link_said[at]) >> bit & 1
    }


def _asked(graph: Graph, question: str, about: str, names: Sequence[str], *, few: bool) -> Iterator[dict[str, Value]]:
    """Ask about things by name, some at a time; about all at once where they are many of all."""
    if names and not few:
        yield from graph.select(question.format(values=""))
        return
    for start in range(0, len(names), _ASKED_AT_ONCE):
        values = " ".join(f"<{name}>" for name in names[start : start + _ASKED_AT_ONCE])
        yield from graph.select(question.format(values=f"VALUES ?{about} {{ {values} }}"))


def ref(matrices: Matrices, place: int, quoted: tuple[str, ...] = ()) -> PaperRef:
    """Give a paper as it is cited."""
    year = int(matrices.years[place])
    return PaperRef(matrices.papers[place], matrices.titles[place], year or None, matrices.urls[place] or None, quoted)


def address(ref: PaperRef) -> str | None:
    """Give the paper's address, if a browser may be sent there."""
    try:
        scheme = urlsplit(ref.url or "").scheme
    except ValueError:
        return None
    return ref.url if scheme in {"http", "https"} else None


def refs(cited: Mapping[int, PaperRef], said: Quotes, pair: tuple[str, str], papers: Papers) -> tuple[PaperRef, ...]:
    """List the papers of a pair, newest first, each with its sentences; `cited` are all by their place."""
    known = [cited[place] for place in papers.tolist()]
    known.sort(key=lambda each: (-(each.year or 0), each.title, each.iri))
    if not said:
        return tuple(known)
    return tuple(PaperRef(each.iri, each.title, each.year, each.url, _said(said, each.iri, pair)) for each in known)


def _said(said: Quotes, paper: str, pair: tuple[str, str]) -> tuple[str, ...]:
    found = {item for entity in pair for item in said.get((paper, entity), ())}
    return tuple(quote for *_, quote in sorted(found))


def newest(matrices: Matrices, papers: Papers) -> int | None:
    """Find the year of the newest of these papers."""
    return int(matrices.years[papers].max(initial=0)) or None


def newest_date(matrices: Matrices, papers: Papers) -> str | None:
    """Find the date of the newest of these papers, as exact as its source gives it."""
    year = newest(matrices, papers)
    of = papers[matrices.years[papers] == year] if year else papers[:0]
    return max((matrices.dates[int(place)] for place in of), default=None) or None


def builds(graph: Graph) -> tuple[str, ...]:
    """Tell which versions of this program made the graph, with their options."""
    rows = graph.select(_BUILDS)
    return tuple(sorted({f"kg {row['version']} {row['options']}".rstrip() for row in rows}))


def extraction(graph: Graph, predicates: Collection[str] = ()) -> Extraction | None:
    """Tell what claims of a graph, with some predicates or any, are worth, if the model that built it was measured."""
    built = options(graph)
    measured = built.min_confidence is not None and built.model == MODEL
    row = worth(float(built.min_confidence or 0), predicates) if measured else None
    return Extraction(row.confidence, row.precision, row.recall, row.papers) if row else None
