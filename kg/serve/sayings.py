"""What papers say, from what a build kept by paper: a store looks up every term by itself, and visitors wait."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kg.model import PREDICATES
from kg.queries.sayings import Told, said_of
from kg.report import cache
from kg.report.bodies import MovedError, value_of
from kg.terms import offsets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.queries.sayings import Saying
    from kg.report.bodies import Bodies
    from kg.report.matrices import Matrices
    from kg.store import Graph, Value

__all__ = ["said"]

_CLAIM: Final = ("predicate", "object", "wasDerivedFrom", "confidence", "polarity", "declared", "role", "span")
_READ: Final = (*PREDICATES, *_CLAIM, "subject", "text", "field", "names")


def said(graph: Graph, papers: Sequence[int], entities: Sequence[str]) -> dict[str, tuple[Saying, ...]]:
    """Give for each of some papers, by their places in the matrices, what it says of these entities."""
    matrices = cache.load(graph)
    told = None
    bodies = cache.bodies(graph)
    if bodies is not None:
        with suppress(MovedError):  # somebody has cleared it away
            told = _told(bodies, matrices, papers, frozenset(entities))
    return said_of(graph, [matrices.papers[at] for at in papers], entities, told)


def _told(bodies: Bodies, matrices: Matrices, papers: Sequence[int], entities: frozenset[str]) -> Told:
    """Find it in what the build kept. Raises MovedError."""
    told = Told({}, [], set(), {})
    for paper, triples in bodies.said(papers, matrices.papers, _READ):
        facts: dict[str, dict[str, Value]] = defaultdict(dict)
        for subject, name, term in triples:
            about = subject[1:-1]
            if name == "names":
                if term[1:-1] in entities:
                    told.named.append((paper, term[1:-1], about))
            elif name in PREDICATES:
                told.linked.add((paper, name, term[1:-1]))
            else:
                facts[about][name] = value_of(term)
        for iri, each in facts.items():
            if "text" in each:
                start, _ = offsets(each.get("span")) or (0, 0)
                told.sentences[iri] = str(each["text"]), start, str(each.get("field") or "abstract")
            elif each.get("subject") == paper and each.get("object") in entities:
                told.claims[iri, paper, str(each["object"])] = each
    return told
