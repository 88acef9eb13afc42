"""A large picture as plain data: its entities, ties, communities and places, with no HTML in it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
from scipy import sparse

from kg.errors import QueryError
from kg.model import KINDS, PREDICATES
from kg.queries.entities import find
from kg.render import association, forces
from kg.report import NOTE, cache
from kg.report.selection import Filters, select

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from kg.render.association import Ties
    from kg.report.matrices import Matrices
    from kg.store import Graph

    Whole = NDArray[np.int64]
    Numbers = NDArray[np.float64]

__all__ = ["Overview", "overview", "passing"]

SMALLEST: Final = (1.3, 4.0)
LARGEST: Final = (12.0, 20.0)
INKED: Final = 0.03


@dataclass(frozen=True, slots=True)
class Overview:
    """What a large page draws.

    `entities` are places in the matrices, those in most papers first, and all else that is an array goes by their
    order; `columns` are papers × entities, of the papers that passed, and `said` counts those that say each of
    PREDICATES of an entity. `communities` number the groups from the largest; `radii` and `places` are in pixels of a
    picture that is seen whole. `counted` are the papers that passed, and `of` the entities that could have been drawn.
    """

    matrices: Matrices
    entities: Whole
    columns: sparse.csc_array
    said: Whole
    ties: Ties
    communities: Whole
    radii: Numbers
    places: Numbers
    measure: str
    counted: int
    of: int
    filters: tuple[str, ...] = ()
    focus: int | None = None
    note: str = NOTE


def overview(
    graph: Graph,
    *,
    top: int = 20_000,
    kinds: Collection[str] = KINDS,
    min_papers: int = 1,
    focus: str | None = None,
    depth: int = 1,
    years: tuple[int | None, int | None] = (None, None),
    task: str | None = None,
    bipartite: bool = False,
    measure: str = "cosine",
) -> Overview:
    """Choose what to draw: the `top` entities that most papers name, or those nearest to `focus`, and lay it out.

    `years` and `task` choose papers: those of these years, and those that address a task. Lines are the strongest few
    of each entity by `measure`, significant ones before others; with `bipartite` only lines between kinds count.
    Communities are those of Louvain (Blondel et al. 2008) on the lines, weighted by their cosine.
    Raises QueryError for an unknown kind, measure, focus or task.
    """
    _check(kinds, measure, top, min_papers, depth, bipartite=bipartite)
    matrices = cache.load(graph)
    mask, words = passing(graph, matrices, years, task)
    of_kind = np.isin(matrices.kinds, [KINDS.index(kind) for kind in kinds])
    named = _named(matrices, mask, of_kind)
    counts = np.asarray(named.sum(axis=0), dtype=np.int64)
    paired = named[np.flatnonzero(np.asarray(named.sum(axis=1)) > 1)]
    margins = np.asarray(paired.sum(axis=0), dtype=np.int64)
    allowed = np.flatnonzero(counts >= min_papers)
    order = allowed[np.argsort(-counts[allowed], kind="stable")]
    centre = _focus(graph, matrices, focus, kinds, counts, min_papers) if focus else None
    pool = order if centre is not None else order[:top]

    def tied(pool: Whole) -> Ties:
        sides = matrices.kinds[pool] if bipartite else None
        found = association.ties(paired[:, pool], margins[pool], paired.shape[0], measure, sides)
        return association.strongest(found, pool.size)

    kept = tied(pool)
    if centre is not None:
        near = _near(kept, int(np.flatnonzero(pool == centre)[0]), depth, pool.size)[:top]
        pool = pool[np.sort(near)]
        kept = tied(pool)
    communities = _communities(kept, pool.size)
    radii = _radii(counts[pool])
    ends = np.stack([kept.a, kept.b], axis=1)
    return Overview(
        matrices=matrices,
        entities=pool,
        columns=sparse.csc_array(named[:, pool]),
        said=_said(matrices, mask, pool),
        ties=kept,
        communities=communities,
        radii=radii,
        places=forces.positions(ends, kept.cosine, communities, radii),
        measure=measure,
        counted=int(np.count_nonzero(np.asarray(named.sum(axis=1)))),
        of=int((counts > 0).sum()),
        filters=words,
        focus=None if centre is None else int(np.flatnonzero(pool == centre)[0]),
    )


def passing(
    graph: Graph, matrices: Matrices, years: tuple[int | None, int | None], task: str | None
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Choose the papers of some years that address a task; say in words how."""
    chosen = select(matrices, Filters(*years))
    if chosen.emptied and any(years):
        raise QueryError(chosen.emptied)
    mask, words = chosen.mask, Filters(*years).words
    if task is None:
        return mask, words
    found = find(graph, task, kind="Task")
    addresses = matrices.link_said & (1 << PREDICATES.index("addresses")) > 0
    places = _places(matrices)
    of_task = addresses & (matrices.link_entity == places.get(found.iri, -1))
    allowed = np.zeros(mask.size, dtype=np.bool_)
    allowed[matrices.link_paper[of_task]] = True
    if not (mask & allowed).any():
        raise QueryError(f"no paper here addresses {found.label}: try another task, or other years")
    return mask & allowed, (*words, f"--task {found.label}")


def _named(matrices: Matrices, mask: NDArray[np.bool_], of_kind: NDArray[np.bool_]) -> sparse.csr_array:
    """Give papers × entities: all rows and columns, but empty where a paper or a kind is left out."""
    kept = mask[matrices.link_paper] & of_kind[matrices.link_entity]
    rows, columns = matrices.link_paper[kept], matrices.link_entity[kept]
    shape = (len(matrices.papers), len(matrices.entities))
    return sparse.csr_array((np.ones(rows.size, dtype=np.int32), (rows, columns)), shape=shape)


def _said(matrices: Matrices, mask: NDArray[np.bool_], pool: Whole) -> Whole:
    """Count for each entity the papers that say each of PREDICATES of it."""
    size, here = len(matrices.entities), mask[matrices.link_paper]
    bits = (1 << bit for bit in range(len(PREDICATES)))
    counts = [np.bincount(matrices.link_entity[here & (matrices.link_said & bit > 0)], minlength=size) for bit in bits]
    return np.stack([each[pool] for each in counts], axis=1)


def _places(matrices: Matrices) -> Mapping[str, int]:
    return {iri: place for place, iri in enumerate(matrices.entities)}


def _focus(  # noqa: PLR0917 - what could be drawn
    graph: Graph, matrices: Matrices, name: str, kinds: Collection[str], counts: Whole, min_papers: int
) -> int:
    places = _places(matrices)
    iri, label = name, name
    if name not in places:
        found = find(graph, name, kind=min(kinds) if len(kinds) == 1 else None)
        iri, label = found.iri, found.label
    place = places.get(iri, -1)
    if place < 0 or counts[place] < max(min_papers, 1):
        raise QueryError(f"{label} is not among what would be drawn: allow its kind, more papers or fewer of them")
    return place


def _near(kept: Ties, centre: int, depth: int, count: int) -> Whole:
    """Walk along the lines from the centre, nearest first."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in zip(kept.a.tolist(), kept.b.tolist(), strict=True):
        near[a].append(b)
        near[b].append(a)
    away, waiting = {centre: 0}, deque([centre])
    while waiting:
        here = waiting.popleft()
        if away[here] == depth:
            continue
        for other in sorted(near[here]):
            if other not in away:
                away[other] = away[here] + 1
                waiting.append(other)
    return np.array(sorted(away, key=lambda place: (away[place], place)), dtype=np.int64)


def _communities(kept: Ties, count: int) -> Whole:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(zip(kept.a.tolist(), kept.b.tolist(), kept.cosine.tolist(), strict=True))
    found = nx.community.louvain_communities(graph, weight="weight", seed=1) if kept.a.size else [{i} for i in graph]
    number = np.zeros(count, dtype=np.int64)
    for place, group in enumerate(sorted(found, key=lambda group: (-len(group), min(group)))):
        number[list(group)] = place
    return number


def _radii(counts: Whole) -> Numbers:
    """Give each node a disc whose area goes with its papers, smaller where there are many."""
    least = float(np.clip(np.sqrt(INKED * forces.CANVAS / max(counts.size, 1) / np.pi), *SMALLEST))
    most = float(np.clip(5 * least, *LARGEST))
    return least + (most - least) * np.sqrt(counts / max(int(counts.max(initial=1)), 1))


def _check(kinds: Collection[str], measure: str, top: int, min_papers: int, depth: int, *, bipartite: bool) -> None:
    for kind in kinds:
        if kind not in KINDS:
            raise QueryError(f"no kind {kind!r}: try one of {', '.join(KINDS)}")
    if bipartite and len(set(kinds)) < 2:  # noqa: PLR2004 - two sides
        raise QueryError("lines between kinds need two kinds, such as dataset,method")
    if measure not in association.MEASURES:
        raise QueryError(f"no measure {measure!r}: try one of {', '.join(association.MEASURES)}")
    if min(top, min_papers, depth) < 1:
        raise QueryError("the number of entities, the least number of papers and the depth start at 1")
