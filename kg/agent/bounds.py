"""Answers of bounded length, with no character that a reader would not see."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CUT", "LONGEST", "MOST", "cut", "fitted", "written"]

#: The longest answer, and the longest text in it, in characters.
MOST: Final = 20_000
LONGEST: Final = 1000
#: What a text that is cut ends with.
CUT: Final = " […]"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
#: What is written around a list, at most.
_AROUND: Final = 500


def cut(text: object, most: int = LONGEST) -> str:
    """Give a text verbatim, or its begin and a mark.

    >>> cut("We evaluate on CIFAR-10.", 11)
    'We evaluate […]'
    """
    whole = str(text)
    return whole if len(whole) <= most else whole[:most] + CUT


def fitted(answer: Mapping[str, Any], *lists: str) -> dict[str, Any]:
    """Give an answer with so many entries of its lists that it is no longer than MOST; `left_out` counts the rest."""
    kept = {name: value for name, value in answer.items() if name not in lists}
    room = MOST - _AROUND - len(written(kept))
    left_out = int(kept.get("left_out", 0))
    for name in lists:
        kept[name] = []
        for at, entry in enumerate(answer[name]):
            room -= len(written(entry)) + 2
            if room < 0:
                left_out += len(answer[name]) - at
                break
            kept[name].append(entry)
    return kept | ({"left_out": left_out} if left_out else {})


def written(value: Any) -> str:
    r"""Write a value as JSON; what a reader would not see, or would read in another order, is written as an escape.

    >>> print(written({"quote": "safe \u202e evil"}))
    {"quote": "safe \u202e evil"}
    """
    text = json.dumps(value, ensure_ascii=False)
    if text.isascii() and text.isprintable():
        return text
    return "".join(json.dumps(sign)[1:-1] if unicodedata.category(sign) in _HIDDEN else sign for sign in text)
