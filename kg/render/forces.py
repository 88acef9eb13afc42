"""Where the nodes of a large picture go: forces in arrays, some seconds for 20,000 nodes.

Attraction grows with the logarithm of the distance, as in the LinLog model of Noack (Energy models for graph
clustering, JGAA 11(2), 2007), which sets communities apart; repulsion is that of all nodes, by convolution of their
density on a grid, as Linderman et al. (Fast interpolation-based t-SNE, Nature Methods 16, 2019) do it. Nodes start
around the middle of their community, move less and less (Fruchterman and Reingold, 1991), and what covers each other
is pushed apart at the end.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Numbers = NDArray[np.float64]
    Spectrum = NDArray[np.complex128]

__all__ = ["positions"]

ROUNDS: Final = 120
CELLS: Final = 128
CENTRES: Final = 100
ACROSS: Final = 0.35
GRAVITY: Final = 0.4
APART: Final = 60
GAP: Final = 1.0
WIDE: Final = 1.3
FILL: Final = 0.34
#: The picture has at least the size of a window, in pixels.
CANVAS: Final = 640_000.0
_TURN: Final = pi * (3 - sqrt(5))


def positions(ends: Whole, weights: Numbers, groups: Whole, radii: Numbers) -> Numbers:
    """Give each node its (x, y), in the unit of its radius. `ends` are pairs of nodes, `groups` the communities.

    >>> positions(np.zeros((0, 2), dtype=np.int64), np.zeros(0), np.zeros(1, dtype=np.int64), np.ones(1)).tolist()
    [[0.0, 0.0]]
    """
    if not radii.size:
        return np.zeros((0, 2))
    places = _start(ends, weights, groups, radii)
    pulled = weights * np.where(groups[ends[:, 0]] == groups[ends[:, 1]], 1.0, ACROSS)
    part = _parts(ends, radii.size)
    main = np.flatnonzero(part == 0) if ends.size else part[:0]
    if main.size:
        inside = np.flatnonzero(part[ends[:, 0]] == 0)
        number = np.full(radii.size, -1, dtype=np.int64)
        number[main] = np.arange(main.size)
        places[main] = _settle(places[main], number[ends[inside]], pulled[inside], radii[main])
    # What nothing ties to the rest would only be blown away: it is set down around it.
    loose = np.setdiff1d(np.arange(radii.size), main)
    if loose.size:
        places[loose] = _around(places[main], part[loose], radii[loose])
    return np.asarray(places - (places.max(axis=0) + places.min(axis=0)) / 2)


def _start(ends: Whole, weights: Numbers, groups: Whole, radii: Numbers) -> Numbers:
    """Put the members of each community on a spiral around its middle, the first in the midst."""
    sizes = np.bincount(groups, weights=_area(radii))
    between: nx.Graph[int] = nx.Graph()
    between.add_nodes_from(range(min(sizes.size, CENTRES)))
    a, b = groups[ends[:, 0]], groups[ends[:, 1]]
    across = (a != b) & (np.maximum(a, b) < CENTRES)
    pairs, which = np.unique(np.sort(np.stack([a, b], axis=1)[across], axis=1), axis=0, return_inverse=True)
    total = np.bincount(which.ravel(), weights=weights[across], minlength=len(pairs))
    between.add_weighted_edges_from((int(i), int(j), float(w)) for (i, j), w in zip(pairs, total, strict=True))
    found = nx.spring_layout(between, seed=1, iterations=80, weight="weight", method="force")
    reach = np.sqrt(sizes / pi)
    middles = np.empty((sizes.size, 2))
    near = min(sizes.size, CENTRES)
    scale = sqrt(float(sizes.sum()))
    middles[:near] = np.array([found[at] for at in range(near)]).reshape(-1, 2) * scale * np.array([WIDE, 1.0])
    far = np.arange(near, sizes.size)
    middles[near:] = 1.5 * scale * np.stack([WIDE * np.cos(far * _TURN), np.sin(far * _TURN)], axis=1)
    middles = _apart(middles, reach, APART)
    order = np.lexsort((-radii, groups))
    rank = np.empty(radii.size)
    first = np.searchsorted(groups[order], np.arange(sizes.size))
    rank[order] = np.arange(radii.size) - first[groups[order]]
    out = reach[groups] * np.sqrt(rank / np.maximum(np.bincount(groups)[groups], 1))
    return np.asarray(middles[groups] + out[:, None] * np.stack([np.cos(rank * _TURN), np.sin(rank * _TURN)], axis=1))


def _area(radii: Numbers) -> Numbers:
    return np.asarray(pi * (radii + GAP) ** 2 / FILL)


def _settle(places: Numbers, ends: Whole, weights: Numbers, radii: Numbers) -> Numbers:
    """Let forces work, less far each round, then push apart what covers each other."""
    count = len(places)
    area = max(float(_area(radii).sum()), CANVAS)
    reach = sqrt(area / pi)
    degree = np.bincount(ends.ravel(), minlength=count).astype(np.float64)
    mass = 1 + np.sqrt(degree)
    mass /= mass.mean()
    pull = weights / max(float(weights.mean()), 1e-12)
    unit = reach / sqrt(count)
    kernels = _kernels()
    for turn in range(ROUNDS):
        force = _attraction(places / unit, ends, pull, degree)
        force += 0.35 * _repulsion(places / unit, mass, kernels)
        centre = places.mean(axis=0)
        force -= GRAVITY * sqrt(count) / 30 * (places - centre) / reach / np.array([WIDE, 1.0])
        length = np.maximum(np.hypot(*force.T), 1e-12)
        most = 0.06 * reach * (1 - turn / ROUNDS) ** 1.5 + 0.05 * unit
        places = places + force * (np.minimum(length * unit * 0.5, most) / length)[:, None]
    places = (places - places.mean(axis=0)) * _scale(places, area)
    return _apart(places, radii + GAP / 2, APART)


def _scale(places: Numbers, area: float) -> float:
    """Fit the nodes into the area that they are to fill; the outermost few do not count."""
    spread = np.quantile(np.abs(places - np.median(places, axis=0)), 0.97, axis=0)
    return sqrt(area / max(4 * float(spread[0] * spread[1]), 1e-9))


def _attraction(places: Numbers, ends: Whole, pull: Numbers, degree: Numbers) -> Numbers:
    a, b = ends.T
    between = places[b] - places[a]
    far = np.hypot(*between.T)
    along = between * (pull * np.log1p(far) / np.maximum(far, 1e-9))[:, None]
    # A hub is pulled by many, and moves no faster for that.
    found = np.empty_like(places)
    for axis in (0, 1):
        found[:, axis] = np.bincount(a, along[:, axis], len(places)) - np.bincount(b, along[:, axis], len(places))
    return found / np.sqrt(np.maximum(degree, 1))[:, None]


def _kernels() -> tuple[Spectrum, Spectrum]:
    """Transform the force between two cells, one over their distance, along each axis."""
    step = np.arange(2 * CELLS, dtype=np.float64)
    step[step >= CELLS] -= 2 * CELLS
    x, y = np.meshgrid(step, step, indexing="ij")
    return np.fft.rfft2(x / (x * x + y * y + 1.0)), np.fft.rfft2(y / (x * x + y * y + 1.0))


def _repulsion(places: Numbers, mass: Numbers, kernels: tuple[Spectrum, Spectrum]) -> Numbers:
    """Push every node by all others, by one over the distance: the density on a grid, convolved with that force."""
    low, high = places.min(axis=0), places.max(axis=0)
    cell = max(float((high - low).max()), 1e-6) / (CELLS - 2)
    at = (places - (low + high) / 2) / cell + CELLS / 2 - 0.5
    corner = np.clip(np.floor(at).astype(np.int64), 0, CELLS - 2)
    part = at - corner
    shares = [
        ((corner[:, 0] + i) * CELLS + corner[:, 1] + j, np.abs(1 - i - part[:, 0]) * np.abs(1 - j - part[:, 1]))
        for i in (0, 1)
        for j in (0, 1)
    ]
    density = np.zeros(CELLS * CELLS)
    for index, share in shares:
        density += np.bincount(index, share * mass, CELLS * CELLS)
    spectrum = np.fft.rfft2(density.reshape(CELLS, CELLS), (2 * CELLS, 2 * CELLS))
    found = np.zeros_like(places)
    for axis, kernel in enumerate(kernels):
        field = np.fft.irfft2(spectrum * kernel, (2 * CELLS, 2 * CELLS))[:CELLS, :CELLS].ravel()
        for index, share in shares:
            found[:, axis] += field[index] * share
    return found * (mass / cell)[:, None] / sqrt(len(places)) * 2


def _apart(places: Numbers, radii: Numbers, rounds: int) -> Numbers:
    """Push apart what overlaps, the smaller more than the larger, until nothing does or the rounds are over."""
    # Nodes in one place have no direction to part in.
    turn = np.arange(len(places)) * _TURN
    places = places + 1e-3 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    large = np.flatnonzero(radii > 2 * np.median(radii))
    for _ in range(rounds):
        a, b = _covering(places, radii, large)
        if not a.size:
            break
        between = places[b] - places[a]
        far = np.maximum(np.hypot(*between.T), 1e-9)
        share = (radii[b] ** 2 / (radii[a] ** 2 + radii[b] ** 2))[:, None]
        push = between * (0.6 * (radii[a] + radii[b] - far) / far)[:, None]
        for axis in (0, 1):
            moved = np.bincount(b, (push * (1 - share))[:, axis], len(places))
            places[:, axis] += moved - np.bincount(a, (push * share)[:, axis], len(places))
    return places


def _covering(places: Numbers, radii: Numbers, large: Whole) -> tuple[Whole, Whole]:
    """Find the pairs of nodes that overlap: the many small ones near each other, and the large ones with all."""
    tree = cKDTree(places)
    found = [tree.query_pairs(4 * float(np.median(radii)), output_type="ndarray").astype(np.int64)]
    widest = float(radii.max())
    for node, near in zip(large.tolist(), tree.query_ball_point(places[large], radii[large] + widest), strict=True):
        others = np.array([other for other in near if other != node], dtype=np.int64)
        found.append(np.stack([np.minimum(others, node), np.maximum(others, node)], axis=1))
    a, b = np.concatenate(found).T
    covers = np.hypot(*(places[b] - places[a]).T) < radii[a] + radii[b] - 1e-6
    pairs = np.unique(a[covers] * len(places) + b[covers])
    return pairs // len(places), pairs % len(places)


def _parts(ends: Whole, count: int) -> Whole:
    """Number the connected parts from the largest; of equal ones, that of the first node comes first."""
    links = sparse.coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, part = csgraph.connected_components(links, directed=False)
    _, first, inverse, sizes = np.unique(part, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(sizes.size, dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(sizes.size)
    return np.asarray(rank[inverse.ravel()])


def _around(places: Numbers, part: Whole, radii: Numbers) -> Numbers:
    """Set each part down as a disc, the larger ones first, on a spiral around what is already there."""
    _, part = np.unique(part, return_inverse=True)
    part = part.ravel()
    area = np.bincount(part, weights=_area(radii))
    inner = float(np.quantile(np.hypot(places[:, 0] / WIDE, places[:, 1]), 0.995)) if places.size else 0.0
    before = np.cumsum(area) - area / 2
    out = np.sqrt((inner + float(np.sqrt(area.max()))) ** 2 * (places.size > 0) + 2.2 * before / pi / WIDE)
    turn = np.arange(area.size) * _TURN
    middles = out[:, None] * np.stack([WIDE * np.cos(turn), np.sin(turn)], axis=1)
    order = np.lexsort((-radii, part))
    rank = np.empty(radii.size)
    rank[order] = np.arange(radii.size) - np.searchsorted(part[order], part[order])
    reach = np.sqrt(area / pi)[part] * np.sqrt(rank / np.bincount(part)[part])
    around = np.stack([np.cos(rank * _TURN), np.sin(rank * _TURN)], axis=1)
    return np.asarray(middles[part] + reach[:, None] * around)
