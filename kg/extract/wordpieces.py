"""Units cut into the pieces that a pretrained encoder knows."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.extract.features import Unit

__all__ = ["Pieces", "pieces", "wordpieces"]

_BEGIN, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_WORD, _MOST, _LONGEST_ROW = 60, 24, 510


class Pieces(NamedTuple):
    """The numbers of a row's pieces, and the first and last piece of each unit."""

    numbers: Sequence[int]
    first: Sequence[int]
    last: Sequence[int]


def pieces(units: Sequence[Unit]) -> Pieces:
    """A row as an encoder reads it: its texts with a mark between them; what is beyond its reach is its last piece."""
    known = _vocabulary()
    numbers, first, last = [known[_BEGIN]], [], []
    for i, unit in enumerate(units):
        if i and unit.text is not units[i - 1].text:
            numbers.append(known[_END])
        found = wordpieces(unit.surface)
        if len(numbers) + len(found) > _LONGEST_ROW:
            found = ()
        first.append(len(numbers) if found else len(numbers) - 1)
        numbers += found
        last.append(len(numbers) - 1)
    return Pieces([*numbers, known[_END]], first, last)


@lru_cache(1 << 17)
def wordpieces(surface: str) -> tuple[int, ...]:
    """The numbers of the pieces of one unit, the longest that match first (Schuster and Nakajima, 2012).

    As BERT's uncased tokenizer has them, but a unit has at least one piece and at most 24.
    """
    known = _vocabulary()
    found: list[int] = []
    for word in _words(surface):
        begin, row = 0, []
        while begin < len(word):
            mark = "##" if begin else ""
            end = next((end for end in range(len(word), begin, -1) if mark + word[begin:end] in known), None)
            if end is None or len(word) > _LONGEST_WORD:
                row = [known[_UNKNOWN]]
                break
            row.append(known[mark + word[begin:end]])
            begin = end
        found += row
    return tuple(found[:_MOST]) or (known[_UNKNOWN],)


def _words(surface: str) -> list[str]:
    """A unit in lower case, without accents and control characters, its marks apart."""
    plain = "".join(
        char for char in unicodedata.normalize("NFD", surface.lower()) if unicodedata.category(char) != "Mn"
    )
    spaced = "".join(f" {char} " if _is_mark(char) else char for char in plain if not _is_control(char))
    return spaced.split()


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("P") or char in "$+<=>^`|~" or "一" <= char <= "鿿"


def _is_control(char: str) -> bool:
    return char == "\ufffd" or (unicodedata.category(char).startswith("C") and not char.isspace())


@cache
def _vocabulary() -> Mapping[str, int]:
    text = resources.files("kg.models").joinpath("wordpieces.txt").read_text("utf-8")
    return {piece: number for number, piece in enumerate(text.split("\n"))}
