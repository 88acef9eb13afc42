"""Counts of right, wrong and missed, how far groups agree, and what follows from them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MEASURES", "Agreement", "Score", "Scores", "total"]

MEASURES = ("mentions", "entities", "claims", "results", "grounding")


@dataclass(frozen=True, slots=True)
class Score:
    """How many were right, wrong and missed.

    >>> score = Score(right=3, wrong=1, missed=3)
    >>> score.precision, score.recall, score.f1
    (75.0, 50.0, 60.0)
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def gold(self) -> int:
        """How many there are to be found."""
        return self.right + self.missed

    @property
    def predicted(self) -> int:
        """How many were predicted, those that count neither way left out."""
        return self.right + self.wrong

    @property
    def precision(self) -> float:
        """The percentage of the predicted ones that is right, to two digits; 0 if there is none."""
        return round(100 * _share(self.right, self.predicted), 2)

    @property
    def recall(self) -> float:
        """The percentage of the gold ones that was found, to two digits; 0 if there is none."""
        return round(100 * _share(self.right, self.gold), 2)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall (before they are rounded), to two digits."""
        return _harmonic(_share(self.right, self.predicted), _share(self.right, self.gold))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two ways to group the same items agree: sums of the items' shares, and the number of groups.

    `pure` adds up the precision of each item, `whole` its recall; `gold` and `predicted` count groups.

    >>> agreement = Agreement(items=4, pure=4.0, whole=2.0, gold=2, predicted=4)
    >>> agreement.precision, agreement.recall, agreement.f1
    (100.0, 50.0, 66.67)
    """

    items: int = 0
    pure: float = 0.0
    whole: float = 0.0
    gold: int = 0
    predicted: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.items + other.items,
            self.pure + other.pure,
            self.whole + other.whole,
            self.gold + other.gold,
            self.predicted + other.predicted,
        )

    @property
    def precision(self) -> float:
        """The mean precision of an item as a percentage, to two digits; 0 if there is none."""
        return round(100 * _share(self.pure, self.items), 2)

    @property
    def recall(self) -> float:
        """The mean recall of an item as a percentage, to two digits; 0 if there is none."""
        return round(100 * _share(self.whole, self.items), 2)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall (before they are rounded), to two digits."""
        return _harmonic(_share(self.pure, self.items), _share(self.whole, self.items))


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures, each by group (kind, predicate) with the sum of its groups under "all".

    `grounding` has the groups "paper" and "corpus" instead, and no sum.
    """

    papers: int
    found: int
    mentions: Mapping[str, Score]
    entities: Mapping[str, Score]
    claims: Mapping[str, Score]
    results: Mapping[str, Score]
    grounding: Mapping[str, Agreement]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        measures = {name: {group: _plain(score) for group, score in getattr(self, name).items()} for name in MEASURES}
        return {"papers": self.papers, "found": self.found, **measures}


def total(scores: Iterable[tuple[str, Score]]) -> dict[str, Score]:
    """Add up the scores of each group, and of all groups under "all".

    >>> total([("Task", Score(1)), ("Task", Score(0, 1)), ("Method", Score(0, 0, 2))])["all"]
    Score(right=1, wrong=1, missed=2)
    """
    sums: dict[str, Score] = defaultdict(Score)
    for group, score in scores:
        for key in (group, "all"):
            sums[key] += score
    return dict(sums)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _harmonic(precision: float, recall: float) -> float:
    return round(200 * precision * recall / (precision + recall), 2) if precision + recall else 0.0


def _plain(score: Score | Agreement) -> dict[str, float]:
    return {
        "p": score.precision,
        "r": score.recall,
        "f1": score.f1,
        "gold": score.gold,
        "predicted": score.predicted,
    }
