"""From texts to mentions: a trained network, with the vocabulary, acronym definitions and patterns beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.features import units
from kg.extract.tagger import MODELS, read
from kg.extract.texts import text_of
from kg.model import FIELDS, Mention

if TYPE_CHECKING:
    from kg.model import Paper

__all__ = ["DEFAULT", "MODELS", "mentions"]

DEFAULT: Final = MODELS[0]

_DIGITS = 3


def mentions(paper: Paper, model: str = DEFAULT) -> list[Mention]:
    """The mentions of a paper in text order, title first; they do not overlap.

    The confidence of each is the probability that an annotator marks it so; its extractor names the parts that found
    it, such as "tagger+vocabulary".
    """
    row = units([text_of(paper, field) for field in FIELDS])
    found = []
    for span, confidence, parts in read(row, model, paper.declared.tasks):
        first, last = row[span.first], row[span.last]
        surface = first.text.text[first.start : last.end]
        found.append(
            Mention(first.text, first.start, last.end, surface, span.kind, round(confidence, _DIGITS), "+".join(parts))
        )
    return found
