"""The sentences behind what reports count."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kg.model import PREDICATES
from kg.report import cache
from kg.report.bodies import MovedError, unescaped
from kg.report.rows import asked
from kg.terms import offsets
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kg.report.bodies import Bodies
    from kg.report.matrices import Matrices
    from kg.report.rows import Papers, Quotes
    from kg.store import Graph

    Counted = Callable[[Iterable["_Spoken"]], dict[str, set[tuple[str, str]]]]

__all__ = ["quotes"]

# Small questions: the store plans a large one badly.
_CLAIMED: Final = """
SELECT ?paper ?predicate ?entity ?sentence WHERE {{
  {values}
  ?claim rdf:subject ?paper ; rdf:object ?entity ; rdf:predicate ?predicate ; prov:wasDerivedFrom ?sentence .
  FILTER NOT EXISTS {{ ?claim kg:polarity "negated" }}
}}"""
_NAMED: Final = "SELECT ?paper ?entity ?sentence WHERE {{ {values} ?sentence kg:paper ?paper ; kg:names ?entity }}"
_SENTENCES: Final = "SELECT ?sentence ?span ?quote WHERE {{ {values} ?sentence kg:span ?span ; kg:text ?quote }}"
_TITLES: Final = 'SELECT ?sentence WHERE {{ {values} ?sentence kg:field "title" }}'
_SHARE: Final = 3
_READ: Final = ("subject", "object", "predicate", "wasDerivedFrom", "polarity", "names", "span", "text", "field")


class _Spoken(NamedTuple):
    """A sentence that speaks for a claim."""

    paper: str
    predicate: str
    entity: str
    sentence: str


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

    def counted(spoken: Iterable[_Spoken]) -> dict[str, set[tuple[str, str]]]:
        """Of each sentence, for which papers and entities that are counted it speaks."""
        places: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for each in spoken:
            if each.predicate in allowed.get(each.entity, ()) and each[:3] in asserted:
                places[each.sentence].add((each.paper, each.entity))
        return places

    bodies = cache.bodies(graph)
    if bodies is not None:
        try:
            return _read(bodies, matrices, wanted, counted)
        except MovedError:
            pass  # somebody has cleared it away
    return _looked_up(graph, matrices, wanted, counted)


def _read(bodies: Bodies, matrices: Matrices, wanted: Papers, counted: Counted) -> Quotes:
    """Find them in what the build kept. Raises MovedError."""
    found: Quotes = defaultdict(set)
    for paper, said in bodies.said(wanted.tolist(), matrices.papers, _READ):
        facts: dict[str, dict[str, str]] = defaultdict(dict)
        spoken = []
        for subject, name, term in said:
            if name == "names":
                spoken.append(_Spoken(paper, "mentions", term[1:-1], subject[1:-1]))
            else:
                facts[subject][name] = term
        for each in facts.values():
            if "subject" in each and "wasDerivedFrom" in each and "polarity" not in each:
                predicate = each["predicate"][1:-1].removeprefix(PREFIXES["kg"])
                spoken.append(_Spoken(paper, predicate, each["object"][1:-1], each["wasDerivedFrom"][1:-1]))
        for sentence, keys in counted(spoken).items():
            about = facts[f"<{sentence}>"]
            if "text" in about and "span" in about:
                start, _ = offsets(about["span"][1:-1]) or (0, 0)
                for key in keys:
                    found[key].add(("field" not in about, start, unescaped(about["text"][1:-1])))
    return found


def _looked_up(graph: Graph, matrices: Matrices, wanted: Papers, counted: Counted) -> Quotes:
    """Ask the store for them."""
    names = [matrices.papers[place] for place in wanted.tolist()]
    few = len(names) * _SHARE <= len(matrices.papers)
    spoken = (
        _Spoken(
            str(row["paper"]),
            str(row.get("predicate", "mentions")).removeprefix(PREFIXES["kg"]),
            str(row["entity"]),
            str(row["sentence"]),
        )
        for question in (_CLAIMED, _NAMED)
        for row in asked(graph, question, "paper", names, few=few)
    )
    places = counted(spoken)
    titles = {str(row["sentence"]) for row in asked(graph, _TITLES, "sentence", sorted(places), few=few)}
    found: Quotes = defaultdict(set)
    for row in asked(graph, _SENTENCES, "sentence", sorted(places), few=few):
        sentence, (start, _) = str(row["sentence"]), offsets(row["span"]) or (0, 0)
        for key in places.get(sentence, ()):
            found[key].add((sentence not in titles, start, str(row["quote"])))
    return found


def _asserted(matrices: Matrices, wanted: Papers, entities: Sequence[int]) -> set[tuple[str, str, str]]:
    """Give the plain triples of these papers: a claim below the confidence of the build is quoted for nothing."""
    chosen = np.isin(matrices.link_entity, entities) & np.isin(matrices.link_paper, wanted)
    columns = (matrices.link_paper[chosen], matrices.link_entity[chosen], matrices.link_said[chosen])
    return {
        (matrices.papers[paper], predicate, matrices.entities[entity])
        for paper, entity, bits in zip(*(column.tolist() for column in columns), strict=True)
        for bit, predicate in enumerate(PREDICATES)
        if bits >> bit & 1
    }
