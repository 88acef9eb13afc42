"""With which options a graph was built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.store.graph import Graph

__all__ = ["Options", "options"]

_OPTIONS: Final = "SELECT ?options WHERE { ?build a prov:Activity ; kg:options ?options } ORDER BY ?options"
_THRESHOLD: Final = re.compile(r"min-confidence=([0-9]+(?:\.[0-9]+)?(?:e-[0-9]+)?)(?!\S)")
_MODEL: Final = re.compile(r"model=(\S+)")


@dataclass(frozen=True, slots=True)
class Options:
    """The confidence from which a claim is asserted, and the model that found the names, where the graph says so."""

    min_confidence: Decimal | None = None
    model: str | None = None


def options(graph: Graph) -> Options:
    """The options of the build that says from which confidence on it asserts."""
    for row in graph.select(_OPTIONS):
        text = str(row["options"])
        if threshold := _THRESHOLD.search(text):
            model = _MODEL.search(text)
            return Options(Decimal(threshold[1]), model[1] if model else None)
    return Options()
