"""The word tables that the rules read: plain files in `words/`, made by `kg/learn/words.py`.

They hold counts over annotated papers, so that "network ends a name" or "proposed is no part of one" is a
number that a person can check, not an opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.model import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Head", "Tables", "tables"]


@dataclass(frozen=True, slots=True)
class Head:
    """A word that ends names: how often what it ends is one, and of which kind."""

    share: float
    kinds: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class Tables:
    """`joins`: whether a word belongs to the name that follows it; `endings`: the same by its last three letters.

    `before`: how much a word speaks for a kind of the name after it (a ratio, 1 says nothing).
    `ordinary`: phrases and words that look like names and are none. `generic`: words that a name loses at its end.
    """

    heads: Mapping[str, Head]
    joins: Mapping[str, bool]
    endings: Mapping[str, bool]
    before: Mapping[str, Mapping[Kind, float]]
    ordinary: frozenset[str]
    generic: frozenset[str]


@cache
def tables() -> Tables:
    """All tables, read once."""
    return Tables(
        heads={row[0]: Head(float(row[1]), _by_kind(row[2:])) for row in _rows("heads.tsv")},
        joins={row[0]: row[1] == "1" for row in _rows("joins.tsv")},
        endings={row[0]: row[1] == "1" for row in _rows("endings.tsv")},
        before={row[0]: _by_kind(row[1:]) for row in _rows("before.tsv")},
        ordinary=frozenset(row[0] for row in _rows("ordinary.txt")),
        generic=frozenset(row[0] for row in _rows("generic.txt")),
    )


def _by_kind(cells: list[str]) -> dict[Kind, float]:
    return {kind: float(cell) for kind, cell in zip(KINDS, cells, strict=True)}


def _rows(name: str) -> list[list[str]]:
    text = resources.files("kg.extract").joinpath("words", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
