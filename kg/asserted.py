"""How often claims from a confidence on are right, and how much of what papers say they are, as was measured.

The table `claims/asserted.tsv` is written by `benchmarks/claims.py --write` with the shipped default model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["LEAST", "MODEL", "Worth", "worth"]

#: The model of the names that the table was measured with: `kg.extract.DEFAULT`, whose room is slow to load.
MODEL: Final = "default"

#: The confidence from which a claim is asserted as a plain triple: the lowest of the table's at which 85% are right.
LEAST: Final = 0.75


@dataclass(frozen=True, slots=True)
class Worth:
    """What the claims from a confidence on are worth, in per cent, on so many annotated papers."""

    confidence: float
    precision: float
    recall: float
    f1: float
    papers: int


def worth(min_confidence: float) -> Worth | None:
    """The row of the highest confidence that was measured and is not above this one, if there is any.

    >>> worth(0.76) == worth(0.75) != worth(0.8)
    True
    >>> worth(-1)
    """
    return max(
        (row for row in _table() if row.confidence <= min_confidence), key=lambda row: row.confidence, default=None
    )


@cache
def _table() -> tuple[Worth, ...]:
    text = re.sub("^#.*\n", "", files("kg").joinpath("claims", "asserted.tsv").read_text("utf-8"), flags=re.MULTILINE)
    return tuple(
        Worth(float(confidence), float(precision), float(recall), float(f1), int(papers))
        for confidence, precision, recall, f1, papers in (line.split("\t") for line in text.splitlines())
    )
