"""The name that a paper gives to its own contribution."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.extract.tokens import shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.extract.tokens import Word
    from kg.model import Text

__all__ = ["contributions", "has_cue"]

_TITLE = re.compile(r"^([^:?!]{2,60}?)\s?(?::|\s[–—-])\s\S")
_CALLED = re.compile(
    r"\b(?:called|dubbed|named|termed|namely|coined|denoted|abbreviated as|which we call|we call(?: it)?"
    r"|referr?(?:ed)? to as),?\s(?:the\s)?[`'\"“‘*]*"
)
_LONGEST_TITLE_NAME = 5
_LONGEST_NAME = 6


def contributions(text: Text, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The first and last word of each name that a title has before its colon, or an abstract after "called"."""
    return _of_title(text, words) if text.field == "title" else _of_abstract(text, words)


def has_cue(text: Text) -> bool:
    """Whether a text may have such a name, as far as can be told without its words."""
    return bool(_TITLE.match(text.text) if text.field == "title" else _called(text.text))


def _of_title(text: Text, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    match = _TITLE.match(text.text)
    inside = [i for i, word in enumerate(words) if match and word.end <= match.end(1)]
    if not inside or len(inside) > _LONGEST_TITLE_NAME:
        return
    name = [words[i].text for i in inside]
    listed = len(inside) > 1 and sum(words[i].starts for i in inside) > 1
    if (len(inside) == 1 and shape(name[0]) != "plain") or (listed and all(word[0].isupper() for word in name)):
        yield inside[0], inside[-1]


def _of_abstract(text: Text, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    starts = {word.start: i for i, word in enumerate(words)}
    for place in _called(text.text):
        first = last = starts.get(place)
        if first is None or last is None or shape(words[first].text) == "plain":
            continue
        while (
            last + 1 < len(words)
            and not words[last + 1].starts
            and last - first < _LONGEST_NAME
            and shape(words[last + 1].text) != "plain"
        ):
            last += 1
        yield first, last


@lru_cache(4)
def _called(text: str) -> Sequence[int]:
    """Where a name may begin after "called", in a whole text, which is asked for once a row."""
    return tuple(cue.end() for cue in _CALLED.finditer(text))
