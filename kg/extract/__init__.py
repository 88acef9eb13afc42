"""From texts to mentions: vocabulary, acronyms, contributions, phrases and shapes, without a trained model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.choose import choose_all
from kg.extract.contributions import contributions
from kg.extract.names import known
from kg.extract.passages import passages
from kg.extract.phrases import phrases
from kg.extract.shapes import shaped
from kg.model import Mention

if TYPE_CHECKING:
    from kg.model import Paper

__all__ = ["PARTS", "mentions"]

#: The parts that propose names, each a generator over a passage.
PARTS = (known, contributions, phrases, shaped)


def mentions(paper: Paper) -> list[Mention]:
    """The mentions of a paper in text order, title first; they do not overlap."""
    found = [(passage, [c for part in PARTS for c in part(passage)]) for passage in passages(paper)]
    return [
        Mention(
            text=passage.text,
            start=passage.words[c.first].start,
            end=passage.words[c.last].end,
            surface=passage.surface(c.first, c.last),
            kind=c.kind,
            confidence=c.confidence,
            extractor=c.extractor,
        )
        for passage, chosen in choose_all(found, declared=paper.declared.tasks)
        for c in chosen
    ]
