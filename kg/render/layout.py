"""Where to put each node: computed once, so that the page is still from its first moment and always the same.

Each connected part is laid out by the spring model of Fruchterman and Reingold (1991) with a fixed start; the
parts are then packed around the largest, and labels that cover each other are pushed apart.
"""

from __future__ import annotations

from itertools import islice
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Final

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Place = tuple[float, float]
    Boxes = Mapping[int, Place]

__all__ = ["positions"]

DENSE: Final = 0.35
TOUCHING: Final = 0.3
GROW: Final = 1.1
SMALL: Final = 12
SPREAD: Final = 4.0
WIDE: Final = 1.35
GAP: Final = 26.0
STEP: Final = 24.0
TURN: Final = pi * (3 - sqrt(5))
ROUNDS: Final = 200


def positions(
    nodes: Sequence[int], edges: Iterable[tuple[int, int, float]], boxes: Boxes
) -> dict[int, tuple[int, int]]:
    """Give each node its (x, y). Edges carry a weight, and boxes the half width and half height to keep free.

    >>> positions([0], [], {0: (10, 10)})
    {0: (0, 0)}
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from(edges)
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part))
    places = _pack([_part(graph, part, boxes) for part in parts], boxes)
    return {node: (round(x), round(y)) for node, (x, y) in sorted(places.items())}


def _part(graph: nx.Graph[int], part: Sequence[int], boxes: Boxes) -> dict[int, Place]:
    """Lay out one connected part: its communities each for itself, then as boxes of their own."""
    inner = _copy(graph.subgraph(part))
    groups: Sequence[Sequence[int]] = [part]
    if len(part) > SMALL:
        groups = sorted(sorted(group) for group in nx.community.greedy_modularity_communities(inner, weight="weight"))
    if len(groups) == 1:
        return _spring(inner, boxes)
    within = [_centred(_spring(_copy(graph.subgraph(group)), boxes), boxes) for group in groups]
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    between: nx.Graph[int] = nx.Graph()
    between.add_nodes_from(range(len(groups)))
    between.add_edges_from(sorted({(group_of[a], group_of[b]) for a, b in inner.edges if group_of[a] != group_of[b]}))
    middles = _spring(between, {number: size for number, (_, size) in enumerate(within)})
    return {
        node: (middles[number][0] + x, middles[number][1] + y)
        for number, (places, _) in enumerate(within)
        for node, (x, y) in places.items()
    }


def _copy(graph: nx.Graph[int]) -> nx.Graph[int]:
    """Copy a graph in the order of its numbers, which its layout depends on."""
    copied: nx.Graph[int] = nx.Graph()
    copied.add_nodes_from(sorted(graph))
    copied.add_weighted_edges_from(
        sorted((min(a, b), max(a, b), w) for a, b, w in graph.edges(data="weight", default=1))
    )
    return copied


def _spring(graph: nx.Graph[int], boxes: Boxes) -> dict[int, Place]:
    """Lay out a small graph as dense as its boxes allow."""
    found = nx.spring_layout(graph, seed=1, iterations=300, k=SPREAD / sqrt(len(graph)), method="force")
    scale = DENSE * sqrt(sum(4 * wide * high for wide, high in (boxes[node] for node in graph)))
    while True:
        places = {node: (WIDE * scale * float(x), scale * float(y)) for node, (x, y) in found.items()}
        if sum(1 for _ in _covering(places, boxes)) <= TOUCHING * len(graph):
            break
        scale *= GROW
    _apart(places, boxes)
    return places


def _centred(places: Mapping[int, Place], boxes: Boxes) -> tuple[dict[int, Place], Place]:
    """Move places around their middle; give half the width and height that they take with them."""
    left, right = (f(x + side * boxes[node][0] for node, (x, _) in places.items()) for f, side in ((min, -1), (max, 1)))
    top, bottom = (f(y + side * boxes[node][1] for node, (_, y) in places.items()) for f, side in ((min, -1), (max, 1)))
    across, down = (left + right) / 2, (top + bottom) / 2
    moved = {node: (x - across, y - down) for node, (x, y) in places.items()}
    return moved, ((right - left + GAP) / 2, (bottom - top + GAP) / 2)


def _pack(parts: Sequence[Mapping[int, Place]], boxes: Boxes) -> dict[int, Place]:
    """Set each part down at the first free spot of a spiral, the largest in the middle."""
    placed: dict[int, Place] = {}
    taken: list[tuple[float, float, float, float]] = []
    step, last = 0, (0.0, 0.0)
    for part in parts:
        places, size = _centred(part, boxes)
        step = step if size == last else 0
        last = size
        while True:
            reach = STEP * sqrt(step)
            x, y = WIDE * reach * cos(step * TURN), reach * sin(step * TURN)
            if all(abs(x - a) >= size[0] + b or abs(y - c) >= size[1] + d for a, b, c, d in taken):
                break
            step += 1
        taken.append((x, size[0], y, size[1]))
        placed.update({node: (x + dx, y + dy) for node, (dx, dy) in places.items()})
    return placed


def _apart(places: dict[int, Place], boxes: Boxes) -> None:
    """Push apart what covers each other, half the way each, until nothing does or the rounds are over."""
    for _ in range(ROUNDS):
        covering = list(_covering(places, boxes))
        for one, other in covering:
            _push(places, one, other, boxes)
        if not covering:
            return


def _covering(places: Mapping[int, Place], boxes: Boxes) -> Iterator[tuple[int, int]]:
    """Find the pairs whose boxes overlap, from left to right."""
    widest = max(wide for wide, _ in boxes.values())
    order = sorted(places, key=lambda node: (places[node][0], node))
    for index, one in enumerate(order):
        reach = places[one][0] + boxes[one][0] + widest
        for other in islice(order, index + 1, None):
            if places[other][0] >= reach:
                break
            if min(_overlap(places, one, other, boxes)) > 0:
                yield one, other


def _overlap(places: Mapping[int, Place], one: int, other: int, boxes: Boxes) -> Place:
    (ax, ay), (bx, by) = places[one], places[other]
    return boxes[one][0] + boxes[other][0] - abs(bx - ax), boxes[one][1] + boxes[other][1] - abs(by - ay)


def _push(places: dict[int, Place], one: int, other: int, boxes: Boxes) -> None:
    """Move along the axis that asks for less; across counts half, for the picture is wider than high."""
    across, down = _overlap(places, one, other, boxes)
    if min(across, down) <= 0:
        return
    (ax, ay), (bx, by) = places[one], places[other]
    if 2 * down <= across:
        shift = (down / 2 + 0.5) * (1 if by >= ay else -1)
        places[one], places[other] = (ax, ay - shift), (bx, by + shift)
    else:
        shift = (across / 2 + 0.5) * (1 if bx >= ax else -1)
        places[one], places[other] = (ax - shift, ay), (bx + shift, by)
