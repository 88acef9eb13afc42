"""The claims of papers and their sentences, from what a build kept by paper, else from the store.

A store looks up every term by itself: for the thousands of papers behind a picture that takes minutes.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.report import cache
from kg.report.bodies import MovedError, value_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kg.report.bodies import Bodies
    from kg.report.matrices import Matrices
    from kg.store import Graph

__all__ = ["SOURCES", "Said", "Thing", "batches", "said"]

#: All that is said of a claim or a sentence: by the local names of properties.
Thing = dict[str, list[object]]

#: How a claim names its sentences: the leading one, and others.
SOURCES: Final = ("wasDerivedFrom", "alsoIn")
_MOST: Final = 200
_CLAIM: Final = ("subject", "object", "predicate", "confidence", "polarity", "declared", "span")
_SENTENCE: Final = ("paper", "text", "field", "names")
# Walks along an index, joined here: the store plans a query for all of it badly.
_CLAIMS: Final = "SELECT ?thing ?what ?value {{ VALUES ?paper {{ {all} }} ?thing rdf:subject ?paper ; ?what ?value }}"
_NAMING: Final = "SELECT ?thing ?what ?value {{ VALUES ?paper {{ {all} }} ?thing kg:paper ?paper ; ?what ?value }}"
_THINGS: Final = "SELECT ?thing ?what ?value {{ VALUES ?thing {{ {all} }} ?thing ?what ?value }}"


class Said(NamedTuple):
    """Claims of some papers about some entities, all sentences that these cite, and those that name entities."""

    claims: dict[str, Thing]
    sentences: dict[str, Thing]
    naming: dict[str, Thing]


def said(graph: Graph, papers: Collection[str], entities: Collection[str]) -> Iterator[Said]:
    """Give what papers say of entities, some papers at a time; each paper is in one of the parts."""
    bodies = cache.bodies(graph)
    if bodies is not None:
        try:
            yield _kept(bodies, cache.load(graph), frozenset(papers), entities)
        except MovedError:  # somebody has cleared it away
            pass
        else:
            return
    for part in batches(papers):
        naming = _things(graph, _NAMING, [part])
        claims = _about(_things(graph, _CLAIMS, [part]), entities)
        cited = {str(each) for facts in claims.values() for how in SOURCES for each in facts.get(how, ())}
        yield Said(claims, naming | _things(graph, _THINGS, batches(cited - naming.keys())), naming)


def batches(iris: Iterable[str]) -> Iterator[str]:
    """Give IRIs as SPARQL writes them, so many at a time as every server takes in one question."""
    waiting = iter(sorted(iris))
    while part := list(islice(waiting, _MOST)):
        yield " ".join(f"<{iri}>" for iri in part)


def _kept(bodies: Bodies, matrices: Matrices, papers: Collection[str], entities: Collection[str]) -> Said:
    """Find it in what the build kept. Raises MovedError."""
    places = [at for at, iri in enumerate(matrices.papers) if iri in papers]
    claims: dict[str, Thing] = {}
    sentences: dict[str, Thing] = {}
    for paper, triples in bodies.said(places, matrices.papers, (*_CLAIM, *_SENTENCE, *SOURCES)):
        facts: dict[str, Thing] = defaultdict(lambda: defaultdict(list))
        for subject, name, term in triples:
            facts[subject[1:-1]][name].append(value_of(term))
        claims |= {iri: each for iri, each in facts.items() if each.get("subject") == [paper]}
        sentences |= {iri: each for iri, each in facts.items() if "text" in each}
    naming = {iri: each for iri, each in sentences.items() if "paper" in each}
    return Said(_about(claims, entities), sentences, naming)


def _about(claims: dict[str, Thing], entities: Collection[str]) -> dict[str, Thing]:
    return {
        claim: facts
        for claim, facts in claims.items()
        if {"predicate", "confidence"} <= facts.keys() and str(facts["object"][0]) in entities
    }


def _things(graph: Graph, question: str, parts: Iterable[str]) -> dict[str, Thing]:
    """Ask for all that is said of things."""
    found: dict[str, Thing] = defaultdict(lambda: defaultdict(list))
    for row in (row for part in parts for row in graph.select(question.format(all=part))):
        what = str(row["what"])
        found[str(row["thing"])][what[max(what.rfind("#"), what.rfind("/")) + 1 :]].append(row["value"])
    return found
