"""What a source states about a paper outside of its text, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Kind, Predicate

__all__ = ["Declared", "DeclaredClaim", "DeclaredResult"]


@dataclass(frozen=True, slots=True, order=True)
class DeclaredClaim:
    """What a source states that a paper does with an entity. `source` is the SHA-256 of the file that states it."""

    predicate: Predicate
    kind: Kind
    name: str
    source: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class DeclaredResult:
    """A number that a source states for a paper, such as a row of a leaderboard; entities are names here.

    `value` is a decimal as text, and `source` the SHA-256 of the file that states it.
    """

    metric: str
    value: str
    source: str
    unit: str | None = None
    dataset: str | None = None
    method: str | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Declared:
    """What a source states about a paper, outside its text. `repositories` are further ones, not the paper's own."""

    tasks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    repository: str | None = None
    framework: str | None = None
    repositories: tuple[str, ...] = ()
    claims: tuple[DeclaredClaim, ...] = ()
    results: tuple[DeclaredResult, ...] = ()
