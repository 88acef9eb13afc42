"""Mentions that an annotator marked, in the place of those that are found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.extract.features import row, units
from kg.extract.tagger import parts
from kg.extract.texts import text_of
from kg.model import FIELDS, Mention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Paper

__all__ = ["EXTRACTOR", "as_if_found", "given"]

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


def as_if_found(paper: Paper) -> list[Mention]:
    """The same, each as if the tagger had found it: what follows also weighs which other parts agree."""
    agreeing = _agreeing(paper)
    found = []
    for mention in given(paper):
        place = (mention.text.field, mention.start, mention.end)
        names = [name for kind in (mention.kind, "") for name in agreeing.get((*place, kind), ())]
        found.append(replace(mention, extractor="+".join(["tagger", *names])))
    return found


def _agreeing(paper: Paper) -> Mapping[tuple[str, int, int, str], list[str]]:
    """Which parts of the extraction beside the tagger find a stretch (field, start, end) of a kind, or of any ("")."""
    every = units([text_of(paper, field) for field in FIELDS])
    found = defaultdict[tuple[str, int, int, str], list[str]](list)
    for name, spans in parts(row(every)).items():
        for first, last, kind in spans:
            found[every[first].text.field, every[first].start, every[last].end, kind].append(name)
    return found
