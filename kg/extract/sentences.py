"""Where sentences begin and end, by rule."""

from __future__ import annotations

import re

__all__ = ["sentences"]

_ABBREVIATIONS = frozenset(
    [
        *("al", "approx", "cf", "ch", "dr", "e.g", "ed", "eds", "eq", "eqn", "eqs", "est", "fig", "figs", "i.e", "inc"),
        *("mr", "mrs", "ms", "no", "p", "pp", "prof", "ref", "refs", "resp", "sec", "st", "tab", "viz", "vol", "vs"),
        "w.r.t",
    ]
)
_END = re.compile(r"[.!?]+[\"'”’)\]}]*(?=\s)|\n\s*\n")
_LAST_WORD = re.compile(r"[^\s(\[{“\"']*$")
_REACH = 40


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence, without the white space around it.

    A full stop ends a sentence when white space and an opening of one follow (a letter that is no lower-case
    one, a digit, a quote, a list dash), unless it belongs to an abbreviation or an initial. Every character
    that is not white space lies in exactly one sentence.

    >>> text = "We study GANs, e.g. StyleGAN. It reaches 3.2 FID!"
    >>> [text[start:end] for start, end in sentences(text)]
    ['We study GANs, e.g. StyleGAN.', 'It reaches 3.2 FID!']
    """
    found, start = [], 0
    for stop in _END.finditer(text):
        if _is_end(text, stop):
            found.append((start, stop.end()))
            start = stop.end()
    found.append((start, len(text)))
    return [trimmed for span in found if (trimmed := _trim(text, *span))]


def _is_end(text: str, stop: re.Match[str]) -> bool:
    if stop[0].isspace():
        return True
    rest = text[stop.end() : stop.end() + _REACH].lstrip()
    opening = rest.lstrip("\"'“‘`([{$")[:1]
    if opening.islower() or not (opening.isalnum() or opening in "-–•*\\+~#"):
        return False
    if stop[0][0] != ".":
        return True
    last = _LAST_WORD.search(text[max(0, stop.start() - _REACH) : stop.start()])
    word = last[0].casefold() if last else ""
    return word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha() and word not in "ai")


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
