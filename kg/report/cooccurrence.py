"""Which entities are named in the same papers, and in which papers.

The store is asked once for every (paper, predicate, entity); the counting is done here, so that two
kinds of ten thousand entities cost one question and not a hundred million.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations, product
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.model import KINDS, PREDICATES
from kg.report import rows as ask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.report.rows import PaperRef
    from kg.store import Graph

__all__ = ["NOTE", "Meta", "Pair", "Report", "cooccurrence"]

NOTE = "Titles and abstracts only: absence means nothing."

_Papers = dict[tuple[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entities and the papers that name both, newest first.

    `count` is the number of these papers; `count_a` and `count_b` are the papers, among the N of the
    report, that name each.
    """

    a: str
    b: str
    a_iri: str
    b_iri: str
    papers: tuple[PaperRef, ...]
    count: int
    count_a: int
    count_b: int


@dataclass(frozen=True, slots=True)
class Meta:
    """What a report was made of.

    `rule` says which papers were counted, `found` is the number of pairs before `top` cut them,
    `newest` the year of the newest paper counted, `builds` the versions and options that made the graph.
    """

    rule: str
    predicates: tuple[tuple[str, tuple[str, ...]], ...]
    around: str | None
    min_papers: int
    top: int | None
    found: int
    newest: int | None
    builds: tuple[str, ...]
    note: str = NOTE


@dataclass(frozen=True, slots=True)
class Report:
    """The pairs of two kinds; `papers` is N, the number of papers that `meta.rule` describes."""

    rows: str
    columns: str
    papers: int
    pairs: tuple[Pair, ...]
    meta: Meta


def cooccurrence(
    graph: Graph,
    *,
    rows: str = "Dataset",
    columns: str = "Method",
    predicates: Mapping[str, Collection[str]] | None = None,
    min_papers: int = 1,
    top: int | None = None,
    around: str | None = None,
    quotes: bool = True,
) -> Report:
    """Count the papers that name an entity of one kind together with one of the other.

    A paper names an entity if it says anything of it. `predicates` narrows that for a kind:
    `{"Dataset": ["evaluatesOn"]}` counts a dataset only where a paper evaluates on it. N is the number of
    papers that name both kinds, so a paper that could not hold a pair does not make pairs look rarer.
    A kind against itself counts each pair once. `around` keeps the pairs of one entity, given by IRI or
    label; `min_papers` and then `top` keep the most frequent. None of the three changes N, `count_a` or
    `count_b`. Without `quotes` the papers come without their sentences, which is quicker.

    Raises QueryError for a kind, a predicate or an entity that does not exist.
    """
    _check(rows, columns, predicates or {}, min_papers, top)
    named = ask.named(graph, {rows, columns}, predicates or {})
    labels = ask.labels(graph, {rows, columns})
    together, alone, counted = _count(named, rows, columns, labels)
    centre = _entity(around, labels, alone) if around else None
    found = [(pair, papers) for pair, papers in together.items() if len(papers) >= min_papers]
    found = [item for item in found if centre is None or centre in item[0]]
    found.sort(key=lambda item: (-len(item[1]), *(_order(iri, labels) for iri in item[0])))
    kept = found[:top]
    about = ask.papers(graph, {paper for _, papers in kept for paper in papers})
    said = ask.quotes(graph, [pair for pair, _ in kept], predicates or {}, named) if quotes else {}
    pairs = tuple(_pair(pair, papers, alone, labels, ask.refs(about, said, pair, papers)) for pair, papers in kept)
    meta = Meta(
        rule=_rule(rows, columns),
        predicates=tuple(sorted((kind, tuple(sorted(names))) for kind, names in (predicates or {}).items())),
        around=labels.get(centre, centre) if centre else None,
        min_papers=min_papers,
        top=top,
        found=len(found),
        newest=ask.newest(graph, counted),
        builds=ask.builds(graph),
    )
    return Report(rows, columns, len(counted), pairs, meta)


def _count(
    named: Mapping[str, Mapping[str, set[str]]], rows: str, columns: str, labels: Mapping[str, str]
) -> tuple[_Papers, Mapping[str, int], set[str]]:
    """Give the papers of every pair, the number of papers of every entity, and the papers that were counted."""
    together: _Papers = defaultdict(list)
    alone: dict[str, int] = defaultdict(int)
    counted = set()
    for paper, kinds in named.items():
        left, right = (sorted(kinds.get(kind, ()), key=lambda iri: _order(iri, labels)) for kind in (rows, columns))
        pairs: Iterable[tuple[str, str]] = combinations(left, 2) if rows == columns else product(left, right)
        found = list(pairs)
        for pair in found:
            together[pair].append(paper)
        if found:
            counted.add(paper)
            for entity in {*left, *right}:
                alone[entity] += 1
    return together, alone, counted


def _pair(
    pair: tuple[str, str],
    papers: Collection[str],
    alone: Mapping[str, int],
    labels: Mapping[str, str],
    refs: tuple[PaperRef, ...],
) -> Pair:
    a, b = pair
    return Pair(labels.get(a, a), labels.get(b, b), a, b, refs, len(papers), alone[a], alone[b])


def _order(iri: str, labels: Mapping[str, str]) -> tuple[str, str, str]:
    label = labels.get(iri, iri)
    return label.casefold(), label, iri


def _rule(rows: str, columns: str) -> str:
    if rows == columns:
        return f"papers that name at least two {rows.lower()}s"
    return f"papers that name at least one {rows.lower()} and one {columns.lower()}"


def _entity(name: str, labels: Mapping[str, str], alone: Mapping[str, int]) -> str:
    """Find the IRI of an entity given by IRI or label."""
    if name in labels:
        return name
    wanted = name.casefold()
    matches = [iri for iri, label in labels.items() if label.casefold() == wanted]
    if matches:
        return min(matches, key=lambda iri: (-alone.get(iri, 0), iri))
    near = get_close_matches(name, sorted(set(labels.values())), n=3, cutoff=0.5)
    raise QueryError(f"nothing of these kinds is called {name!r}" + (f": try {', '.join(near)}" if near else ""))


def _check(
    rows: str, columns: str, predicates: Mapping[str, Collection[str]], min_papers: int, top: int | None
) -> None:
    for kind in (rows, columns, *predicates):
        if kind not in KINDS:
            raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    for predicate in sorted({name for names in predicates.values() for name in names}):
        if predicate not in PREDICATES:
            raise QueryError(f"no predicate {predicate!r}: try one of {', '.join(PREDICATES)}")
    if min_papers < 1 or (top is not None and top < 1):
        raise QueryError("the least number of papers and the number of pairs start at 1")
