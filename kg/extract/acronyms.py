"""Acronyms and what they stand for: "graph neural network (GNN)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Acronym", "acronyms"]

_BRACKETS = re.compile(r"\(([^()\s][^()]{0,60})\)")
_SHORT = re.compile(r"^[^\W_](?:[\w+*./-]| (?=\w)){1,9}$")
_MOST_WORDS = 2
_CAPITALS = 2
_REACH = 12


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form and its long form, each as (start, end) in the text."""

    short: tuple[int, int]
    long: tuple[int, int]


def acronyms(text: str) -> Iterator[Acronym]:
    """The acronym definitions of a text, in its order.

    Both orders are read: long form (SF), and SF (long form). The match is that of Schwartz & Hearst, "A simple
    algorithm for identifying abbreviation definitions in biomedical text" (PSB 2003): the characters of the short
    form occur in the long form from right to left, the first one at the start of a word. Unlike the article, words
    whose initials are the short form go first (SSL is not "supervised learning"), and a plural "s" of the short
    form may be absent from the long form.

    >>> text = "Graph neural networks (GNNs) and SSL (self-supervised learning) help (a lot)."
    >>> [(text[slice(*a.short)], text[slice(*a.long)]) for a in acronyms(text)]
    [('GNNs', 'Graph neural networks'), ('SSL', 'self-supervised learning')]
    """
    for bracket in _BRACKETS.finditer(text):
        inner = re.split(r"[;,]", bracket[1])[0].rstrip()
        short = (bracket.start(1), bracket.start(1) + len(inner))
        if _is_short(inner) and (start := _match(inner, text, bracket.start())) is not None:
            yield Acronym(short, (start, len(text[: bracket.start()].rstrip())))
        elif (before := re.search(r"(\S+)\s*$", text[max(0, bracket.start() - 30) : bracket.start()])) and _is_short(
            before[1]
        ):
            begin = max(0, bracket.start() - 30) + before.start(1)
            if _match(before[1], inner, len(inner)) == 0:
                yield Acronym((begin, begin + len(before[1])), (bracket.start(1), bracket.start(1) + len(inner)))


def _is_short(text: str) -> bool:
    capitals = sum(map(str.isupper, text))
    return bool(_SHORT.match(text)) and capitals >= _CAPITALS and len(text.split()) <= _MOST_WORDS


def _match(short: str, text: str, end: int) -> int | None:
    """Where the long form that ends at `end` begins, if the short form matches it."""
    letters = [char for char in short.casefold() if char.isalnum()]
    for wanted in (letters, letters[:-1]) if short.endswith("s") and len(letters) > _MOST_WORDS else (letters,):
        start = _initials(wanted, text, end)
        if start is None:
            start = _align(wanted, text, end)
        if start is not None:
            return start
    return None


def _initials(letters: list[str], text: str, end: int) -> int | None:
    """Where the words before `end` begin whose initials are the letters."""
    begin = max(0, end - _REACH * len(letters) - 40)
    starts = [match.start() for match in re.finditer(r"(?<![^\W_])[^\W_]", text[begin:end])]
    chosen = [begin + start for start in starts[-len(letters) :]]
    if len(letters) > 1 and [text[start].casefold() for start in chosen] == letters:
        return None if re.search(r"[()\[\].;:?!]", text[chosen[0] : end]) else chosen[0]
    return None


def _align(letters: list[str], text: str, end: int) -> int | None:
    most = min(len(letters) + 5, len(letters) * 2)
    at = end
    for index in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (text[at].casefold() != letters[index] or (index == 0 and at > 0 and text[at - 1].isalnum())):
            if end - at > _REACH * len(letters) + 40 or text[at] in "()[].;:?!":
                return None
            at -= 1
        if at < 0:
            return None
    long = text[at:end]
    words = re.split(r"[\s-]+", long.strip())
    return at if len(words) <= most and len(long) > len(letters) and len(words) > 1 else None
