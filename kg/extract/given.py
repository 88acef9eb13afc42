"""Mentions that an annotator marked, in the place of those that are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.texts import text_of
from kg.model import FIELDS, Mention

if TYPE_CHECKING:
    from kg.model import Paper

__all__ = ["EXTRACTOR", "given"]

#: What found a mention, claim or result that an annotator states.
EXTRACTOR: Final = "annotated"


def given(paper: Paper) -> list[Mention]:
    """The mentions of an annotated paper in text order, title first; none of one without annotation."""
    texts = {field: text_of(paper, field) for field in FIELDS}
    marked = paper.annotation.mentions if paper.annotation else ()
    return [
        Mention(texts[m.field], m.start, m.end, texts[m.field].text[m.start : m.end], m.kind, 1.0, EXTRACTOR)
        for m in sorted(marked, key=lambda m: (FIELDS.index(m.field), m.start, m.end, m.kind))
    ]
