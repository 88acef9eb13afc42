"""Nodes and edges to draw, as plain data with no HTML in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, product
from math import sqrt
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.model import KINDS, PREDICATES
from kg.queries.entities import find
from kg.render import rows
from kg.render.overview import passing
from kg.render.rows import Paper, Statement
from kg.report import NOTE, cache

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from kg.render.rows import Named
    from kg.store import Graph

    Line = tuple[str, str]
    Said = Mapping[tuple[str, str], Collection[Statement]]

__all__ = ["Edge", "Network", "Node", "Paper", "Shared", "Statement", "network"]

CENTRES: Final = ("proposes", "addresses", "evaluatesOn", "uses")
LINES: Final = 8
NODE_PAPERS: Final = 40
EDGE_PAPERS: Final = 15


@dataclass(frozen=True, slots=True)
class Node:
    """An entity: `papers` counts all that name it, `statements` are those of the newest of them."""

    id: str
    label: str
    kind: str
    papers: int
    aliases: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """A paper that names both ends of an edge, and what it says of each."""

    paper: Paper
    a: tuple[Statement, ...] = ()
    b: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Two entities that papers name together: `papers` counts them all, `shared` holds the newest."""

    a: str
    b: str
    papers: int
    shared: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """A picture. `papers` and `entities` count the graph it was drawn from, `left_out` the lines not drawn."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    papers: int = 0
    entities: int = 0
    left_out: int = 0
    focus: str | None = None
    note: str = NOTE


def network(
    graph: Graph,
    *,
    top: int = 150,
    kinds: Collection[str] = KINDS,
    min_papers: int = 1,
    focus: str | None = None,
    depth: int = 1,
    years: tuple[int | None, int | None] = (None, None),
    task: str | None = None,
    bipartite: bool = False,
) -> Network:
    """Choose what to draw: the `top` entities that most papers name, or those nearest to `focus`.

    All pairs that share a paper would be a thicket. A paper therefore ties what it proposes (else what it
    addresses, evaluates on or uses) to all that it names, and pairs that two papers share are tied as well;
    of the lines of an entity at least the strongest few are kept, by Salton's cosine of their papers.
    Whatever draws a line, it stands for all papers that name both ends.

    `years` and `task` choose papers: those of these years, and those that address a task. With `bipartite` only lines
    between kinds are drawn. `focus` is a name or an IRI; `depth` is how many lines away from it an entity may be.
    Raises QueryError for an unknown kind or focus.
    """
    _check(kinds, top, min_papers, depth)
    known = _known(graph, kinds, years, task)
    counts = Counter(entity for named in known.papers.values() for entity in named)
    allowed = {entity for entity, count in counts.items() if count >= min_papers}
    labels = {entity: found[0] for entity, found in rows.names(graph, allowed, "prefLabel").items()}
    rank = {entity: (-counts[entity], labels.get(entity, entity).casefold(), entity) for entity in allowed}
    centre = _focus(graph, focus, kinds, allowed) if focus else None
    if centre:
        away = _distances(known, allowed, centre, depth)
        chosen = sorted(away, key=lambda entity: (away[entity], rank[entity]))[:top]
    else:
        chosen = sorted(allowed, key=rank.__getitem__)[:top]
    drawn = _lines(known, set(chosen), counts)
    if bipartite:
        drawn = {line: papers for line, papers in drawn.items() if known.kinds[line[0]] != known.kinds[line[1]]}
    kept = _strongest(drawn, counts)
    shown = _Shown(graph, known, chosen, kept)
    aliases = rows.names(graph, chosen, "altLabel")
    nodes = (shown.node(iri, labels.get(iri, iri), counts[iri], aliases.get(iri, [])) for iri in chosen)
    return Network(
        nodes=tuple(nodes),
        edges=tuple(shown.edge(line, papers) for line, papers in kept.items()),
        papers=len(known.papers),
        entities=len(counts),
        left_out=len(drawn) - len(kept),
        focus=labels.get(centre, centre) if centre else None,
    )


def _known(graph: Graph, kinds: Collection[str], years: tuple[int | None, int | None], task: str | None) -> rows.Named:
    """Find who names what, of the papers that pass."""
    known = rows.named(graph, kinds)
    if not any(years) and task is None:
        return known
    matrices = cache.load(graph)
    mask, _ = passing(graph, matrices, years, task)
    allowed = {paper for paper, passes in zip(matrices.papers, mask.tolist(), strict=True) if passes}
    return rows.Named({paper: named for paper, named in known.papers.items() if paper in allowed}, known.kinds)


class _Shown:
    """What is told of the chosen: read from the store for the papers that will be listed, and no more."""

    def __init__(self, graph: Graph, known: Named, chosen: Collection[str], lines: Mapping[Line, list[str]]) -> None:
        self.known = known
        self.named_in: dict[str, list[str]] = {entity: [] for entity in chosen}
        for paper, named in known.papers.items():
            for entity in named:
                if entity in self.named_in:
                    self.named_in[entity].append(paper)
        self.years = rows.years(graph)
        listed = {paper for found in self.named_in.values() for paper in self._newest(found, NODE_PAPERS)}
        listed |= {paper for found in lines.values() for paper in self._newest(found, EDGE_PAPERS)}
        self.papers = rows.papers(graph, listed)
        self.said = rows.statements(graph, self.papers)

    def node(self, iri: str, label: str, count: int, aliases: Iterable[str]) -> Node:
        listed = self._newest(self.named_in[iri], NODE_PAPERS)
        told = tuple(statement for paper in listed for statement in self._told(paper, iri))
        return Node(iri, label, self.known.kinds[iri], count, tuple(name for name in aliases if name != label), told)

    def edge(self, line: Line, papers: list[str]) -> Edge:
        a, b = line
        shared = (
            Shared(self.papers[paper], self._told(paper, a), self._told(paper, b))
            for paper in self._newest(papers, EDGE_PAPERS)
        )
        return Edge(a, b, len(papers), tuple(shared))

    def _newest(self, papers: Iterable[str], most: int) -> list[str]:
        return sorted(papers, key=lambda paper: (-self.years.get(paper, 0), paper))[:most]

    def _told(self, paper: str, entity: str) -> tuple[Statement, ...]:
        """Give the claims that the graph asserts or denies; a bare triple where there is no claim for it."""
        asserted = self.known.papers[paper][entity]
        found = [one for one in self.said.get((paper, entity), ()) if one.negated or one.predicate in asserted]
        bare = asserted - {one.predicate for one in found if not one.negated}
        found += [Statement(predicate, self.papers[paper]) for predicate in bare]
        return tuple(sorted(found, key=lambda one: (_rank(one.predicate), one.quote is None)))


def _rank(predicate: str) -> tuple[int, str]:
    order: tuple[str, ...] = PREDICATES
    return (order.index(predicate) if predicate in order else len(order)), predicate


def _lines(known: Named, chosen: Collection[str], counts: Mapping[str, int]) -> dict[Line, list[str]]:
    """Find the pairs to tie, each with all papers that name both."""
    tied: set[Line] = set()
    together: dict[Line, list[str]] = defaultdict(list)
    for paper, named in known.papers.items():
        inside = sorted(named.keys() & chosen)
        for line in combinations(inside, 2):
            together[line].append(paper)
        centres = _centres(named, inside)
        tied.update((min(pair), max(pair)) for pair in product(centres, inside) if pair[0] != pair[1])
    lines = ((line, papers) for line, papers in together.items() if line in tied or len(papers) > 1)
    return dict(sorted(lines, key=lambda item: (-_cosine(item[0], len(item[1]), counts), item[0])))


def _centres(named: Mapping[str, frozenset[str]], inside: Collection[str]) -> list[str]:
    for predicate in CENTRES:
        if found := [entity for entity in inside if predicate in named[entity]]:
            return found
    return []


def _cosine(line: Line, papers: int, counts: Mapping[str, int]) -> float:
    return papers / sqrt(counts[line[0]] * counts[line[1]])


def _strongest(lines: Mapping[Line, list[str]], counts: Mapping[str, int]) -> dict[Line, list[str]]:
    """Keep each line that is among the strongest of either end."""
    taken: Counter[str] = Counter()
    kept: dict[Line, list[str]] = {}
    by_strength = sorted(
        lines.items(), key=lambda item: (-_cosine(item[0], len(item[1]), counts), -len(item[1]), item[0])
    )
    for line, papers in by_strength:
        if min(taken[end] for end in line) < LINES:
            kept[line] = papers
            taken.update(line)
    return kept


def _distances(known: Named, allowed: AbstractSet[str], centre: str, depth: int) -> dict[str, int]:
    """Count the lines between the centre and all that can be reached."""
    away = {centre: 0}
    edge = {centre}
    for step in range(1, depth + 1):
        edge = _reached(known, allowed, edge) - away.keys()
        away.update(dict.fromkeys(sorted(edge), step))
    return away


def _reached(known: Named, allowed: AbstractSet[str], edge: Collection[str]) -> set[str]:
    """Find the other ends of the lines that `_lines` would draw from these entities."""
    seen: Counter[Line] = Counter()
    reached: set[str] = set()
    for named in known.papers.values():
        if here := named.keys() & edge:
            inside = named.keys() & allowed
            centres = set(_centres(named, inside))
            seen.update(product(here, inside))
            reached |= inside if here & centres else centres
    return reached | {other for (_, other), papers in seen.items() if papers > 1}


def _focus(graph: Graph, name: str, kinds: Collection[str], allowed: Collection[str]) -> str:
    if name in allowed:
        return name
    found = find(graph, name, kind=min(kinds) if len(kinds) == 1 else None)
    if found.iri not in allowed:
        raise QueryError(f"{found.label} is not among what would be drawn: allow its kind, or fewer papers")
    return found.iri


def _check(kinds: Collection[str], top: int, min_papers: int, depth: int) -> None:
    for kind in kinds:
        if kind not in KINDS:
            raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    if min(top, min_papers, depth) < 1:
        raise QueryError("the number of entities, the least number of papers and the depth start at 1")
