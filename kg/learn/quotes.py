"""The sentences that an error is about, with what annotators and we marked in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.sentences import sentences
from kg.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.learn.annotated import Row

__all__ = ["GOLD", "OURS", "Mark", "Quote", "marks", "numbers", "quotes", "text_at"]

GOLD: Final = "gold"
OURS: Final = "ours"


class Mark(NamedTuple):
    """A stretch of a field of a paper, and whose it is: GOLD or OURS."""

    field: str
    start: int
    end: int
    whose: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence in pieces, each with those who marked it: none, "gold", "ours", or "gold ours"."""

    field: str
    pieces: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return "".join(text for text, _ in self.pieces)


def marks(place: object, whose: str) -> list[Mark]:
    """The mark of a mention, or of the evidence for a claim or a result; none if it does not say where it is."""
    if not isinstance(place, dict):
        return []
    field, start, end = place.get("field"), place.get("start"), place.get("end")
    if isinstance(field, str) and isinstance(start, int) and isinstance(end, int):
        return [Mark(field, start, end, whose)]
    return []


def text_at(paper: Row, place: Mark) -> str:
    """The words of a paper at a mark; "" if it has no such text."""
    return paper[place.field][place.start : place.end] if _inside(place, paper) else ""


def quotes(paper: Row, places: Iterable[Mark], most: int = 3) -> tuple[Quote, ...]:
    """The sentences of a paper that have marks, in the order of the marks, at most so many.

    A mark that goes beyond a sentence takes the next ones into the quote; one outside of its text is left out.
    """
    within = [place for place in places if _inside(place, paper)]
    found: dict[tuple[str, int, int], None] = {}
    for place in within:
        found.setdefault((place.field, *_sentence(paper[place.field], place)))
    return tuple(
        Quote(field, tuple(_pieces(paper[field], start, end, [place for place in within if place.field == field])))
        for field, start, end in [*found][:most]
    )


def _inside(place: Mark, paper: Row) -> bool:
    text = paper.get(place.field) if place.field in FIELDS else None
    return isinstance(text, str) and 0 <= place.start < place.end <= len(text)


def _sentence(text: str, place: Mark) -> tuple[int, int]:
    met = [(start, end) for start, end in sentences(text) if start < place.end and place.start < end]
    return min([place.start, *(start for start, _ in met)]), max([place.end, *(end for _, end in met)])


def _pieces(text: str, start: int, end: int, places: Sequence[Mark]) -> Iterator[tuple[str, str]]:
    cuts = {start, end, *(cut for place in places for cut in place[1:3] if start < cut < end)}
    for low, high in pairwise(sorted(cuts)):
        whose = {place.whose for place in places if place.start <= low and high <= place.end}
        yield text[low:high], " ".join(sorted(whose))


def numbers(paper: Row, row: Row) -> list[Mark]:
    """Where a paper may say the number of an annotated result: the sentence that names most of the rest first."""
    value = str(row.get("value")).strip("+~∼≈ ")
    words = [str(row[name]).casefold() for name in ("metric", "dataset", "method", "unit") if row.get(name)]
    pattern = re.compile(rf"(?<![\w.]){re.escape(value)}(?!\d|\.\d)")
    found = [
        Mark(field, *match.span(), GOLD)
        for field in reversed(FIELDS)
        if isinstance(text := paper.get(field), str)
        for match in pattern.finditer(text)
    ]

    def told(place: Mark) -> int:
        start, end = _sentence(paper[place.field], place)
        sentence = paper[place.field][start:end].casefold()
        return sum(word in sentence for word in words)

    return sorted(found, key=told, reverse=True)[:1]
