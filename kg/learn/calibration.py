"""What a probability of the network is worth: how often the names that it is given to are right."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kg.extract.evidence import FEATURES, Weighed, confidence, features

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kg.extract.decode import Span
    from kg.learn.examples import Example

    Floats = NDArray[np.float64]

__all__ = ["calibrate", "is_right", "reliability", "weighed"]

_STEPS, _RIDGE, _SMALLEST = 25, 1.0, 1e-6


def is_right(each: Example, span: Span) -> bool | None:
    """Whether annotators have the span with its kind; None if they leave it open."""
    first, last = each.row.units[span.first], each.row.units[span.last]
    place = (first.text.field, first.start, last.end, span.kind)
    for mention in each.mentions:
        if not mention.get("optional"):
            if place == (mention["field"], mention["start"], mention["end"], mention["type"]):
                return True
            continue
        spots = [(mention["start"], mention["end"]), *((s["start"], s["end"]) for s in mention.get("alt_spans", ()))]
        kinds = (mention["type"], *mention.get("alt_types", ()))
        if place[0] == mention["field"] and place[1:3] in spots and span.kind in kinds:
            return None
    return False


def calibrate(examples: Sequence[Example], read_so: Sequence[Sequence[Span]]) -> list[float]:
    """The weights that turn the evidence for a span into a confidence (see `kg/extract/evidence.py`).

    Platt scaling (Platt, "Probabilistic outputs for support vector machines", 1999) of the log-odds with the other
    evidence beside it: a logistic regression with a small ridge, by Newton's method.
    """
    cases = list(_cases(examples, read_so))
    x = np.array([row for row, _ in cases])
    y = np.array([float(right) for _, right in cases])
    weights: Floats = np.zeros(len(FEATURES))
    weights[FEATURES.index("log-odds")] = 1.0
    prior = weights.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + _RIDGE * (weights - prior)
        curve = (x * (p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(len(weights))
        step, share = np.linalg.solve(curve, slope), 1.0
        while share > _SMALLEST and _cost(x, y, weights - share * step, prior) > _cost(x, y, weights, prior):
            share /= 2
        weights = weights - share * step
    return [round(float(weight), 4) for weight in weights]


def _cost(x: Floats, y: Floats, weights: Floats, prior: Floats) -> float:
    """What the regression makes as small as it can: the negative log-likelihood, and the distance from the prior."""
    odds = x @ weights
    ridge = _RIDGE / 2 * ((weights - prior) ** 2).sum()
    return float((np.logaddexp(0, odds) - y * odds).sum() + ridge)


def weighed(each: Example, spans: Sequence[Span], weights: Sequence[float]) -> list[Weighed]:
    """The spans of a paper with the confidences of a calibration."""
    rows = features(spans, each.row.units, each.parts)
    return [Weighed(span, confidence(row, weights), ()) for span, row in zip(spans, rows, strict=True)]


def reliability(said: Sequence[tuple[float, bool]], edges: Sequence[float]) -> Iterator[tuple[float, float, int]]:
    """By bands of confidence: the mean confidence, the share that is right, and how many.

    >>> list(reliability([(0.9, True), (0.7, False), (0.2, False)], (0.0, 0.5, 1.0)))
    [(0.2, 0.0, 1), (0.8, 0.5, 2)]
    """
    for low, high in pairwise(edges):
        band = [(p, right) for p, right in said if low <= p < high or p == high == edges[-1]]
        if band:
            mean = sum(p for p, _ in band) / len(band)
            yield round(mean, 4), round(sum(right for _, right in band) / len(band), 4), len(band)


def _cases(examples: Sequence[Example], read_so: Sequence[Sequence[Span]]) -> Iterator[tuple[tuple[float, ...], bool]]:
    for each, spans in zip(examples, read_so, strict=True):
        for span, row in zip(spans, features(spans, each.row.units, each.parts), strict=True):
            right = is_right(each, span)
            if right is not None:
                yield row, right
