"""The name that a paper gives to its own contribution."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.extract.passages import Candidate
from kg.extract.shapes import speaks_of_data
from kg.extract.tables import tables
from kg.extract.tokens import key, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.passages import Passage
    from kg.model import Kind

__all__ = ["contributions"]

_TITLE = re.compile(r"^([^:?!]{2,60}?)\s?(?::|\s[–—-])\s\S")
_CALLED = re.compile(
    r"\b(?:called|dubbed|named|termed|namely|coined|denoted|abbreviated as|which we call|we call(?: it)?"
    r"|referr?(?:ed)? to as),?\s(?:the\s)?[`'\"“‘*]*"
)
_LONGEST_TITLE_NAME = 5
_LONGEST_NAME = 6
_TITLE_TRUST, _CALLED_TRUST = 0.75, 0.8


def contributions(passage: Passage) -> Iterator[Candidate]:
    """Names introduced by the title before its colon, or by "called X", "dubbed X" in the abstract."""
    found = _of_title(passage) if passage.text.field == "title" else _of_abstract(passage)
    for first, last, trust in found:
        kind: Kind = "Dataset" if speaks_of_data(passage, first, last) else "Method"
        yield Candidate(first, last, kind, trust, "contribution")


def _of_title(passage: Passage) -> Iterator[tuple[int, int, float]]:
    match = _TITLE.match(passage.text.text)
    inside = [i for i, word in enumerate(passage.words) if match and word.end <= match.end(1)]
    if not inside or len(inside) > _LONGEST_TITLE_NAME:
        return
    name = [passage.words[i].text for i in inside]
    listed = len(inside) > 1 and sum(passage.words[i].starts for i in inside) > 1
    if (len(inside) == 1 and shape(name[0]) != "plain") or (listed and all(word[0].isupper() for word in name)):
        yield inside[0], inside[-1], _TITLE_TRUST


def _of_abstract(passage: Passage) -> Iterator[tuple[int, int, float]]:
    starts = {word.start: i for i, word in enumerate(passage.words)}
    for cue in _CALLED.finditer(passage.text.text):
        first = last = starts.get(cue.end())
        if first is None or last is None or shape(passage.words[first].text) == "plain":
            continue
        while (
            last + 1 < len(passage.words)
            and not passage.words[last + 1].starts
            and last - first < _LONGEST_NAME
            and shape(passage.words[last + 1].text) != "plain"
        ):
            last += 1
        if key([passage.words[first].text]) not in tables().ordinary:
            yield first, last, _CALLED_TRUST
