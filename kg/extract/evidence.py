"""What speaks for a span beside the network, and how sure all of it makes us.

The network sees each place by itself. Whether the paper has the same name elsewhere, with the same or another kind,
whether the vocabulary knows it, the paper defines it as an acronym or calls its contribution so, is weighed here into
a confidence: the probability that an annotator marks the span so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.tokens import compact
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.extract.decode import Span
    from kg.extract.features import Unit
    from kg.model import Kind

__all__ = ["FEATURES", "Weighed", "confidence", "features", "weigh"]

#: What the weights of a calibration stand for, in their order.
FEATURES: Final = (
    "bias",
    "log-odds",
    "vocabulary",
    "acronym",
    "contribution",
    "elsewhere",
    "log-odds elsewhere",
    "other kind elsewhere",
    "log-odds of other kind elsewhere",
    *KINDS[1:],
)

_LEAST, _SURE = 1e-3, 30.0


class Weighed(NamedTuple):
    """A span with the parts of the extraction that found it, and how sure they make us."""

    span: Span
    confidence: float
    parts: tuple[str, ...]


def features(
    found: Sequence[Span],
    units: Sequence[Unit],
    parts: Mapping[str, frozenset[tuple[int, int, str]]],
    kinds: Sequence[Kind] = KINDS,
) -> list[tuple[float, ...]]:
    """The evidence for each span, as `FEATURES` names it for all kinds, or as it would for some.

    `parts` are the spans that other parts found, with kinds.
    """
    names = [compact(units[span.first].text.text[units[span.first].start : units[span.last].end]) for span in found]
    places: dict[str, list[Span]] = defaultdict(list)
    for name, span in zip(names, found, strict=True):
        places[name].append(span)
    rows = []
    for name, span in zip(names, found, strict=True):
        others = [other for other in places[name] if other.first != span.first]
        same = _most(other.probability for other in others if other.kind == span.kind)
        rival = _most(other.probability for other in others if other.kind != span.kind)
        key = (span.first, span.last, span.kind)
        bare = (span.first, span.last, "")
        rows.append((
            1.0,
            _odds(span.probability),
            float(key in parts["vocabulary"]),
            float(bare in parts["acronym"]),
            float(bare in parts["contribution"]),
            float(same is not None),
            _odds(same) if same is not None else 0.0,
            float(rival is not None),
            _odds(rival) if rival is not None else 0.0,
            *(float(span.kind == kind) for kind in kinds[1:]),
        ))  # fmt: skip
    return rows


def confidence(row: Sequence[float], weights: Sequence[float]) -> float:
    """The probability that evidence comes to by the weights of a logistic regression."""
    odds = sum(weight * value for weight, value in zip(weights, row, strict=True))
    return 1 / (1 + math.exp(-max(-_SURE, min(_SURE, odds))))


def weigh(weighed: Iterable[Weighed], least: float) -> list[Weighed]:
    """The surest spans of at least the given confidence, in text order, none meeting a surer one."""
    taken: set[int] = set()
    chosen = []
    for each in sorted(weighed, key=lambda each: (-each.confidence, each.span)):
        places = range(each.span.first, each.span.last + 1)
        if each.confidence >= least and taken.isdisjoint(places):
            taken.update(places)
            chosen.append(each)
    return sorted(chosen, key=lambda each: each.span.first)


def _most(probabilities: Iterable[float]) -> float | None:
    return max(probabilities, default=None)


def _odds(probability: float) -> float:
    held = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(held / (1 - held))
