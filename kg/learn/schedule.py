"""In which batches a network learns, and how fast."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["batches", "rate"]

T = TypeVar("T")

_BUCKET, _FLOOR = 8, 0.02


def batches(items: Sequence[T], size: int, order: random.Random, length: Callable[[T], int]) -> Iterator[Sequence[T]]:
    """Batches of items of like length, in a random order."""
    shuffled = order.sample(items, len(items))
    for begin in range(0, len(shuffled), size * _BUCKET):
        near = sorted(shuffled[begin : begin + size * _BUCKET], key=length)
        groups = [near[i : i + size] for i in range(0, len(near), size)]
        yield from order.sample(groups, len(groups))


def rate(step: int, steps: int, warm_up: int) -> float:
    """The share of the learning rate: up in a line, down along a cosine (Loshchilov and Hutter, ICLR 2017).

    >>> rate(0, 1000, 100), rate(500, 1000, 100), rate(1000, 1000, 100)
    (0.01, 0.51, 0.02)
    """
    falling = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    return min(1.0, (step + 1) / warm_up) * (_FLOOR + (1 - _FLOOR) * falling)
