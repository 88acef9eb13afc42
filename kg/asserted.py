"""How often claims from a confidence on are right, and how much of what papers say they are, as was measured.

The table `claims/asserted.tsv` is written by `benchmarks/claims.py --write` with the shipped default model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["LEAST", "MODEL", "RESULTS", "Worth", "worth"]

#: The model of the names that the table was measured with: `kg.extract.DEFAULT`, whose room is slow to load.
MODEL: Final = "default"

#: The confidence from which a claim is asserted as a plain triple: the lowest of the table's at which 85% are right.
LEAST: Final = 0.75


@dataclass(frozen=True, slots=True)
class Worth:
    """What claims from a confidence on are worth, on so many annotated papers.

    `right` of the `claimed` are among the `annotated`; what is in per cent is rounded to two digits.
    """

    confidence: float
    right: int
    claimed: int
    annotated: int
    papers: int

    @property
    def precision(self) -> float:
        """How many of the claims are right, in per cent; 0 if there is none."""
        return round(100 * self.right / self.claimed, 2) if self.claimed else 0.0

    @property
    def recall(self) -> float:
        """How many of those that annotators made are there, in per cent; 0 if there is none."""
        return round(100 * self.right / self.annotated, 2) if self.annotated else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both, in per cent; 0 if nothing is right."""
        return round(200 * self.right / (self.claimed + self.annotated), 2) if self.right else 0.0


#: What results of abstracts are worth, right in all their parts: `kg evaluate` with the same model and papers.
RESULTS: Final = Worth(confidence=0.0, right=35, claimed=50, annotated=65, papers=160)


class _Row(NamedTuple):
    predicate: str
    worth: Worth


def worth(min_confidence: float, predicates: Collection[str] = ()) -> Worth | None:
    """What claims with some predicates, or with any, are worth from a confidence on; None where none were measured.

    The table's row is that of the highest confidence that is not above this one. "mentions" is no claim, and was not
    measured.

    >>> worth(0.76) == worth(0.75) != worth(0.8)
    True
    >>> worth(0.75, ["evaluatesOn"]).claimed < worth(0.75).claimed
    True
    >>> worth(-1), worth(0.75, ["mentions"])
    (None, None)
    """
    rows = [
        row.worth
        for row in _table()
        if row.worth.confidence <= min_confidence and (not predicates or row.predicate in predicates)
    ]
    least = max((row.confidence for row in rows), default=None)
    chosen = [row for row in rows if row.confidence == least]
    if least is None:
        return None
    right, claimed, annotated = (
        sum(each) for each in zip(*((r.right, r.claimed, r.annotated) for r in chosen), strict=True)
    )
    return Worth(least, right, claimed, annotated, chosen[0].papers)


@cache
def _table() -> tuple[_Row, ...]:
    text = re.sub("^#.*\n", "", files("kg").joinpath("claims", "asserted.tsv").read_text("utf-8"), flags=re.MULTILINE)
    return tuple(
        _Row(predicate, Worth(float(confidence), *map(int, counts)))
        for predicate, confidence, *counts in (line.split("\t") for line in text.splitlines())
    )
