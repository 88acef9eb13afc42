"""What an annotator found in a paper, as plain values: a paper that has it says that and is read by no model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Field, Kind, Predicate

__all__ = ["Annotation", "Figure", "Marked", "Stated"]


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """A stretch of a paper's text that an annotator marked, and the name of what it stands for."""

    field: Field
    start: int
    end: int
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Stated:
    """What a paper says of an entity, as an annotator puts it: the entity's names and the predicates."""

    kind: Kind
    name: str
    aliases: tuple[str, ...] = ()
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a paper reports, as an annotator puts it.

    `written` is the number as the text may have it. `span` is the (field, start, end) of the words that report it,
    where the annotator says so. The rest is as in `Result`, with names for entities.
    """

    metric: str
    written: str
    value: str
    comparator: str
    upper: str | None = None
    unit: str | None = None
    condition: str | None = None
    dataset: str | None = None
    method: str | None = None
    backbone: str | None = None
    task: str | None = None
    variant: str | None = None
    delta: bool = False
    baseline: bool = False
    span: tuple[Field, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that an annotator found in a paper."""

    mentions: tuple[Marked, ...] = ()
    entities: tuple[Stated, ...] = ()
    figures: tuple[Figure, ...] = ()
