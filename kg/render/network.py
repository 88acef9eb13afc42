"""Nodes and edges to draw, as plain data with no HTML in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.model import KINDS, PREDICATES
from kg.queries.entities import find
from kg.render import rows
from kg.render.association import MEASURES
from kg.render.lines import distances, lines, measured, measured_distances, strongest
from kg.render.links import links
from kg.render.overview import passing
from kg.render.rows import Paper, Statement
from kg.render.texts import line
from kg.report import NOTE, cache

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.render.rows import Named
    from kg.report.matrices import Matrices
    from kg.store import Graph

    Line = tuple[str, str]
    Said = Mapping[tuple[str, str], Collection[Statement]]

__all__ = ["Edge", "Network", "Node", "Paper", "Shared", "Statement", "network"]

NODE_PAPERS: Final = 40
EDGE_PAPERS: Final = 15


@dataclass(frozen=True, slots=True)
class Node:
    """An entity: `papers` counts all that name it, `statements` are those of the newest of them.

    `years` are its first year, and the papers of that and all following years up to its last; `said` counts the papers
    that say each of PREDICATES of it; `links` are web addresses that say more.
    """

    id: str
    label: str
    kind: str
    papers: int
    aliases: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    links: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    said: tuple[int, ...] = (0,) * len(PREDICATES)


@dataclass(frozen=True, slots=True)
class Shared:
    """A paper that names both ends of an edge, and what it says of each."""

    paper: Paper
    a: tuple[Statement, ...] = ()
    b: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Two entities that papers name together: `papers` counts them all, `shared` holds the newest.

    `value` is the measure by which lines were chosen, if they were, and `significant` whether it is more than chance.
    """

    a: str
    b: str
    papers: int
    shared: tuple[Shared, ...] = ()
    value: float | None = None
    significant: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """A picture. `papers` and `entities` count the graph it was drawn from, `left_out` the lines not drawn."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    papers: int = 0
    entities: int = 0
    left_out: int = 0
    focus: str | None = None
    measure: str | None = None
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
    measure: str | None = None,
) -> Network:
    """Choose what to draw: the `top` entities that most papers name, or those nearest to `focus`.

    All pairs that share a paper would be a thicket. A paper therefore ties what it proposes (else what it
    addresses, evaluates on or uses) to all that it names, and pairs that two papers share are tied as well;
    of the lines of an entity at least the strongest few are kept, by Salton's cosine of their papers.
    Whatever draws a line, it stands for all papers that name both ends. With a `measure`, one of MEASURES, the lines
    are those of a large picture instead: the strongest few of each entity, significant ones before others.

    `years` and `task` choose papers: those of these years, and those that address a task. With `bipartite` only lines
    between kinds are drawn. `focus` is a name or an IRI; `depth` is how many lines away from it an entity may be.
    Raises QueryError for an unknown kind, focus or measure.
    """
    _check(kinds, top, min_papers, depth, measure)
    matrices = cache.load(graph)
    mask, _ = passing(graph, matrices, years, task)
    known = rows.named(matrices, kinds, mask)
    counts = Counter(entity for named in known.papers.values() for entity in named)
    allowed = {entity for entity, count in counts.items() if count >= min_papers}
    every = zip(matrices.entities, matrices.labels, strict=True)
    labels = {iri: line(label) for iri, label in every if iri in allowed}
    rank = {entity: (-counts[entity], labels[entity].casefold(), entity) for entity in allowed}
    centre = _focus(graph, focus, kinds, allowed) if focus else None
    place = {iri: at for at, iri in enumerate(matrices.entities)}

    def ordered(entities: Iterable[str]) -> list[str]:
        """Order them as a large picture does, so that of equal lines the same are kept."""
        return sorted(entities, key=lambda entity: (-counts[entity], place[entity]))

    if centre:
        if measure is None:
            away = distances(known, allowed, centre, depth)
        else:
            away = measured_distances(known, ordered(allowed), measure, centre, depth, bipartite=bipartite)
        chosen = sorted(away, key=lambda entity: (away[entity], rank[entity]))[:top]
    else:
        chosen = sorted(allowed, key=rank.__getitem__)[:top]
    worth: Mapping[Line, tuple[float | None, bool]] = {}
    if measure is None:
        drawn = lines(known, set(chosen), counts)
        if bipartite:
            drawn = {tie: papers for tie, papers in drawn.items() if known.kinds[tie[0]] != known.kinds[tie[1]]}
        kept = strongest(drawn, counts)
        left_out = len(drawn) - len(kept)
    else:
        (kept, worth), left_out = measured(known, ordered(chosen), measure, bipartite=bipartite), 0
    aliases, addresses = rows.names(graph, chosen, "altLabel"), links(graph, chosen)
    called = {iri: [labels[iri], *aliases.get(iri, [])] for iri in chosen}
    shown = _Shown(graph, matrices, known, called, kept)
    nodes = (shown.node(iri, labels[iri], counts[iri], aliases.get(iri, []), addresses.get(iri, [])) for iri in chosen)
    return Network(
        nodes=tuple(nodes),
        edges=tuple(shown.edge(tie, papers, *worth.get(tie, (None, True))) for tie, papers in kept.items()),
        papers=len(known.papers),
        entities=len(counts),
        left_out=left_out,
        focus=labels[centre] if centre else None,
        measure=measure,
    )


class _Shown:
    """What is told of the chosen: read from the store for the papers that will be listed, and no more."""

    def __init__(
        self,
        graph: Graph,
        matrices: Matrices,
        known: Named,
        called: Mapping[str, Collection[str]],
        lines: Mapping[Line, list[str]],
    ) -> None:
        self.known = known
        years = zip(matrices.papers, matrices.years.tolist(), strict=True)
        self.years: Mapping[str, int] = {iri: year for iri, year in years if year}
        self.named_in: dict[str, list[str]] = {entity: [] for entity in called}
        for paper, named in known.papers.items():
            for entity in named:
                if entity in self.named_in:
                    self.named_in[entity].append(paper)
        listed = {paper for found in self.named_in.values() for paper in self._newest(found, NODE_PAPERS)}
        listed |= {paper for found in lines.values() for paper in self._newest(found, EDGE_PAPERS)}
        places = [at for at, iri in enumerate(matrices.papers) if iri in listed]
        self.papers = rows.papers(graph, matrices, places)
        self.said = rows.statements(graph, self.papers, called)

    def node(self, iri: str, label: str, count: int, aliases: Iterable[str], addresses: Iterable[str]) -> Node:
        named = self.named_in[iri]
        listed = self._newest(named, NODE_PAPERS)
        told = tuple(statement for paper in listed for statement in self._told(paper, iri))
        said = Counter(predicate for paper in named for predicate in self.known.papers[paper][iri])
        return Node(
            iri,
            label,
            self.known.kinds[iri],
            count,
            tuple(name for name in aliases if name != label),
            told,
            tuple(addresses),
            self._by_year(named),
            tuple(said[predicate] for predicate in PREDICATES),
        )

    def edge(self, tie: Line, papers: list[str], value: float | None, significant: bool) -> Edge:  # noqa: FBT001
        a, b = tie
        shared = (
            Shared(self.papers[paper], self._told(paper, a), self._told(paper, b))
            for paper in self._newest(papers, EDGE_PAPERS)
        )
        return Edge(a, b, len(papers), tuple(shared), value, significant)

    def _by_year(self, papers: Iterable[str]) -> tuple[int, ...]:
        found = Counter(self.years[paper] for paper in papers if paper in self.years)
        return (min(found), *(found[year] for year in range(min(found), max(found) + 1))) if found else ()

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


def _focus(graph: Graph, name: str, kinds: Collection[str], allowed: Collection[str]) -> str:
    if name in allowed:
        return name
    found = find(graph, name, kind=min(kinds) if len(kinds) == 1 else None)
    if found.iri not in allowed:
        raise QueryError(f"{found.label} is not among what would be drawn: allow its kind, or fewer papers")
    return found.iri


def _check(kinds: Collection[str], top: int, min_papers: int, depth: int, measure: str | None) -> None:
    for kind in kinds:
        if kind not in KINDS:
            raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    if measure is not None and measure not in MEASURES:
        raise QueryError(f"no measure {measure!r}: try one of {', '.join(MEASURES)}")
    if min(top, min_papers, depth) < 1:
        raise QueryError("the number of entities, the least number of papers and the depth start at 1")
