"""Where to put each node: computed once, so that the page is still from its first moment and always the same.

Each connected part is laid out by the spring model of Fruchterman and Reingold (1991) with a fixed start; the
parts are then packed around the largest, and labels that cover each other are pushed apart.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Final

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Place = tuple[float, float]
    Boxes = Mapping[int, Place]

__all__ = ["positions"]

LOOSE: Final = 0.55
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
    places = _pack([_spring(graph, part, boxes) for part in parts], boxes)
    return {node: (round(x), round(y)) for node, (x, y) in sorted(places.items())}


def _spring(graph: nx.Graph[int], part: Sequence[int], boxes: Boxes) -> dict[int, Place]:
    """Lay out one part, as dense as its labels allow."""
    inner: nx.Graph[int] = nx.Graph()
    inner.add_nodes_from(part)
    inner.add_edges_from(sorted(graph.subgraph(part).edges(data=True)))
    found = nx.spring_layout(inner, seed=1, iterations=300, weight="weight", method="force")
    scale = LOOSE * sqrt(sum(4 * wide * high for wide, high in (boxes[node] for node in part)))
    places = {node: (WIDE * scale * float(x), scale * float(y)) for node, (x, y) in found.items()}
    _apart(places, boxes)
    return places


def _pack(parts: Sequence[Mapping[int, Place]], boxes: Boxes) -> dict[int, Place]:
    """Set each part down at the first free spot of a spiral, the largest in the middle."""
    placed: dict[int, Place] = {}
    taken: list[tuple[float, float, float, float]] = []
    step, last = 0, (0.0, 0.0)
    for part in parts:
        left, right = (
            f(x + side * boxes[node][0] for node, (x, _) in part.items()) for f, side in ((min, -1), (max, 1))
        )
        top, bottom = (
            f(y + side * boxes[node][1] for node, (_, y) in part.items()) for f, side in ((min, -1), (max, 1))
        )
        wide, high = (right - left + GAP) / 2, (bottom - top + GAP) / 2
        step = step if (wide, high) == last else 0
        last = wide, high
        while True:
            reach = STEP * sqrt(step)
            x, y = WIDE * reach * cos(step * TURN), reach * sin(step * TURN)
            if all(abs(x - a) >= wide + b or abs(y - c) >= high + d for a, b, c, d in taken):
                break
            step += 1
        taken.append((x, wide, y, high))
        across, down = x - (left + right) / 2, y - (top + bottom) / 2
        placed.update({node: (across + dx, down + dy) for node, (dx, dy) in part.items()})
    return placed


def _apart(places: dict[int, Place], boxes: Boxes) -> None:
    """Push apart, half a way each, what covers each other, until nothing does or the rounds are over."""
    widest = max((box[0] for box in boxes.values()), default=0.0)
    for _ in range(ROUNDS):
        order = sorted(places, key=lambda node: (places[node][0], node))
        moved = False
        for index, one in enumerate(order):
            for other in order[index + 1 :]:
                if places[other][0] - places[one][0] > boxes[one][0] + widest:
                    break
                moved |= _push(places, one, other, boxes)
        if not moved:
            return


def _push(places: dict[int, Place], one: int, other: int, boxes: Boxes) -> bool:
    (ax, ay), (bx, by) = places[one], places[other]
    across = boxes[one][0] + boxes[other][0] - abs(bx - ax)
    down = boxes[one][1] + boxes[other][1] - abs(by - ay)
    if across <= 0 or down <= 0:
        return False
    if down <= across:
        shift = (down / 2 + 0.5) * (1 if by >= ay else -1)
        places[one], places[other] = (ax, ay - shift), (bx, by + shift)
    else:
        shift = (across / 2 + 0.5) * (1 if bx >= ax else -1)
        places[one], places[other] = (ax - shift, ay), (bx + shift, by)
    return True
