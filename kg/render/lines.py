"""Which entities of a small picture are tied, and what is near one of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, product
from math import sqrt
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
from scipy import sparse

from kg.render import association

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.render.association import Ties
    from kg.render.rows import Named

    Line = tuple[str, str]

__all__ = ["communities", "distances", "lines", "measured", "measured_distances", "strongest"]

CENTRES: Final = ("proposes", "addresses", "evaluatesOn", "uses")
LINES: Final = 8


def lines(known: Named, chosen: Collection[str], counts: Mapping[str, int]) -> dict[Line, list[str]]:
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


def strongest(lines: Mapping[Line, list[str]], counts: Mapping[str, int]) -> dict[Line, list[str]]:
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


def distances(known: Named, allowed: AbstractSet[str], centre: str, depth: int) -> dict[str, int]:
    """Count the lines between the centre and all that can be reached."""
    away = {centre: 0}
    edge = {centre}
    for step in range(1, depth + 1):
        edge = _reached(known, allowed, edge) - away.keys()
        away.update(dict.fromkeys(sorted(edge), step))
    return away


def _reached(known: Named, allowed: AbstractSet[str], edge: Collection[str]) -> set[str]:
    """Find the other ends of the lines that `lines` would draw from these entities."""
    seen: Counter[Line] = Counter()
    reached: set[str] = set()
    for named in known.papers.values():
        if here := named.keys() & edge:
            inside = named.keys() & allowed
            centres = set(_centres(named, inside))
            seen.update(product(here, inside))
            reached |= inside if here & centres else centres
    return reached | {other for (_, other), papers in seen.items() if papers > 1}


def communities(entities: Sequence[str], lines: Mapping[Line, int], counts: Mapping[str, int]) -> list[list[str]]:
    """Group entities by their lines, weighted by Salton's cosine: Louvain (Blondel et al. 2008), as in a large picture.

    `lines` are tied by so many papers, and `counts` the papers of each. The largest group comes first, and in each
    those in most papers.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(entities)
    graph.add_weighted_edges_from((*line, _cosine(line, papers, counts)) for line, papers in lines.items())
    found = nx.community.louvain_communities(graph, weight="weight", seed=1) if lines else []
    place = {entity: at for at, entity in enumerate(entities)}
    groups = [sorted(group, key=lambda entity: (-counts[entity], place[entity])) for group in found]
    return sorted(groups, key=lambda group: (-len(group), place[group[0]]))


def measured(
    known: Named, chosen: Sequence[str], measure: str, *, bipartite: bool
) -> tuple[dict[Line, list[str]], dict[Line, tuple[float, bool]]]:
    """Tie what papers name together more often than by chance, as in a large picture.

    Give the papers of each line, and its measure with whether it is significant; the strongest come first.
    """
    kept = _ties(known, chosen, measure, bipartite=bipartite)
    naming: dict[str, set[str]] = {each: set() for each in chosen}
    for paper, named in known.papers.items():
        for each in named.keys() & naming.keys():
            naming[each].add(paper)
    order = np.lexsort((-kept.papers, -kept.value, ~kept.significant))
    ends = ((chosen[int(kept.a[at])], chosen[int(kept.b[at])]) for at in order)
    found = [(min(pair), max(pair)) for pair in ends]
    worth = {line: (float(kept.value[at]), bool(kept.significant[at])) for line, at in zip(found, order, strict=True)}
    return {line: sorted(naming[line[0]] & naming[line[1]]) for line in found}, worth


def measured_distances(
    known: Named, allowed: Sequence[str], measure: str, centre: str, depth: int, *, bipartite: bool
) -> dict[str, int]:
    """Count the lines that `measured` draws between the centre and all that can be reached."""
    kept = _ties(known, allowed, measure, bipartite=bipartite)
    near: dict[int, set[int]] = defaultdict(set)
    for a, b in zip(kept.a.tolist(), kept.b.tolist(), strict=True):
        near[a].add(b)
        near[b].add(a)
    away = {allowed.index(centre): 0}
    edge = set(away)
    for step in range(1, depth + 1):
        edge = {other for each in edge for other in near[each]} - away.keys()
        away.update(dict.fromkeys(edge, step))
    return {allowed[each]: step for each, step in away.items()}


def _ties(known: Named, chosen: Sequence[str], measure: str, *, bipartite: bool) -> Ties:
    """Find the strongest lines of each of the chosen; the ends are their places."""
    column = {entity: at for at, entity in enumerate(chosen)}
    paired = [named for named in known.papers.values() if len(named) > 1]
    cells = [(row, column[each]) for row, named in enumerate(paired) for each in named if each in column]
    rows, columns = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    shape = (len(paired), len(chosen))
    matrix = sparse.csr_array((np.ones(rows.size, dtype=np.int32), (rows, columns)), shape=shape)
    margins = np.asarray(matrix.sum(axis=0), dtype=np.int64)
    kinds = sorted(set(known.kinds.values()))
    sides = np.array([kinds.index(known.kinds[each]) for each in chosen], dtype=np.int8) if bipartite else None
    return association.strongest(association.ties(matrix, margins, len(paired), measure, sides), len(chosen))
