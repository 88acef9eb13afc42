"""Metrics that stand beside a number and that the extractors have not marked: "29% fewer parameters".

Each word near a number is a candidate for the last word of a metric's name; a logistic regression on its word, its
place and the words between says how likely it is (`measured.tsv`, fitted by `kg.learn.measured`).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right, insort
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from kg.claims.numbers import plain, quantities
from kg.claims.signs import rows
from kg.extract.sentences import sentences
from kg.extract.tokens import compact, normal, shape
from kg.model import FIELDS, Mention
from kg.ontology import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kg.claims.numbers import Quantity
    from kg.model import Text

__all__ = ["Candidate", "candidates", "lead", "measured"]

#: The least probability of a metric that only its number speaks for.
LEAST: Final = 0.5

_EXTRACTOR: Final = "number"
_WORDS, _LONGEST, _REACH = 6, 4, 90
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\s,;:()\[\]]+")
_AFTER = re.compile(r"[^,;:()\[\]]*")
_BEFORE = re.compile(r"(?:^|[,;:)\]\[])([^,;:()\[\]]*)\(?$")
_EMPTY = frozenset(["score", "rate", "level"])
_NONE = frozenset(["ci", "db", "point", "points", "sota", "times"])
_TRIM = "\"'“”‘’`.*|-–—/"
_JOINTS = (
    "a about absolute achieve achieves achieving across additional all and approximately around as at average "
    "better between by drop faster fewer for from gain gains greater has higher improve improved improvement "
    "improvements improves improving in increase increased increases is its just less lower more nearly of on "
    "only or our over overall point points reach reaches reaching reduced reduces reducing reduction relative "
    "respectively score scores smaller terms than the their to up using was were while with worse"
)
_GLUE = frozenset(_JOINTS.split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word near a number: where it ends a name, if it does, the names that end there, and what speaks for it."""

    starts: tuple[int, ...]
    end: int
    cues: frozenset[str]


def measured(texts: Sequence[Text], mentions: Sequence[Mention]) -> list[Mention]:
    """The metrics beside numbers that no mention covers, most likely names first where they overlap."""
    found: list[Mention] = []
    for text in dict.fromkeys(texts):
        taken = sorted((m.start, m.end) for m in mentions if m.text == text)
        likely = [(_likely(each.cues), each) for each in candidates(text.text, taken)]
        for chance, each in sorted((pair for pair in likely if pair[0] >= LEAST), key=lambda pair: -pair[0]):
            start = _start(text.text, each)
            if start is not None and _is_free(taken, start, each.end):
                insort(taken, (start, each.end))
                surface = text.text[start : each.end]
                found.append(Mention(text, start, each.end, surface, "Metric", round(chance, 3), _EXTRACTOR))
    return sorted(found, key=lambda mention: (FIELDS.index(mention.text.field), mention.start))


def _is_free(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch meets no other and does not go on right after one."""
    at = bisect_right(taken, (start, end))
    return (at == 0 or taken[at - 1][1] < start - 1) and (at == len(taken) or end <= taken[at][0])


def candidates(text: str, taken: Sequence[tuple[int, int]] = ()) -> Iterator[Candidate]:
    """The words near the numbers of a text that are in no `taken` stretch; one near two numbers comes twice."""
    if not _DIGIT.search(text):
        return
    flat = plain(text)
    firsts = [first for first, _ in taken]
    for start, end in sentences(text):
        if not _DIGIT.search(flat, start, end):
            continue
        for number in quantities(flat, start, end, taken):
            if number.measured:
                for each in (*_after(flat, number, end), *_before(flat, number, start)):
                    at = bisect_right(firsts, each.end - 1) - 1
                    if at < 0 or taken[at][1] < each.end:
                        yield each


def _after(text: str, number: Quantity, end: int) -> Iterator[Candidate]:
    stretch = _AFTER.match(text, number.end, min(end, number.end + _REACH))
    words = list(_WORD.finditer(text, number.end, stretch.end()))[:_WORDS] if stretch else []
    for place in range(len(words)):
        between = [_glue(other[0]) for other in words[:place]]
        following = _glue(words[place + 1][0]) if place + 1 < len(words) else "."
        if each := _candidate(words[: place + 1], ">", between, following, number):
            yield each


def _before(text: str, number: Quantity, start: int) -> Iterator[Candidate]:
    first = max(start, number.start - _REACH)
    stretch = _BEFORE.search(text[first : number.start].rstrip("~<>≈≥≤+±− "))
    words = list(_WORD.finditer(text, first + stretch.start(1), number.start))[-_WORDS:] if stretch else []
    for place in range(len(words)):
        between = [_glue(other[0]) for other in words[place + 1 :]]
        bracket = text[words[place].end() : number.start].strip() == "("
        following = "(" if bracket else between[0] if between else "#"
        if each := _candidate(words[: place + 1], "<", between, following, number):
            yield each


def _candidate(
    words: Sequence[re.Match[str]], side: str, between: Sequence[str], following: str, number: Quantity
) -> Candidate | None:
    """What speaks for a name that ends with the last of these words."""
    last = words[-1][0]
    name = last.rstrip(_TRIM)
    if not name[:1].isalnum() or name[:1].isdigit() or name.lower() in _GLUE - {"score", "scores"} | _NONE:
        return None
    word = normal(name.lower())
    before = _glue(words[-2][0]) if len(words) > 1 else "."
    where = f"{side}{len(between)}"
    cues = {
        f"word {word}",
        f"end {word[-4:]}",
        f"shape {shape(name)}",
        f"at {where}",
        f"gap {side}{' '.join(between)}",
        f"next {side}{following}",
        f"before {before}",
        f"unit {number.unit}",
        f"unit {number.unit} {word}",
        f"{side} {word}",
    }
    ends = words[-1].start() + len(name)
    starts = tuple(match.start() for match in words[-_LONGEST:])
    for size in range(1, min(_LONGEST, len(words)) + 1):
        pieces = [*(match[0] for match in words[-size:-1]), name]
        if compact("".join(pieces)) in _known():
            cues |= {"known", f"known {where}"} | ({"known long"} if size > 1 else set())
    return Candidate(starts, ends, frozenset(cues))


def _glue(word: str) -> str:
    bare = word.strip(_TRIM).lower()
    return bare if bare in _GLUE else "_"


def lead(word: str) -> str:
    """What a word before the last one of a name is looked up as."""
    return normal(word.strip(_TRIM).lower())


def _start(text: str, each: Candidate) -> int | None:
    """Where the name begins: as far to the left as a known name, or words that names begin with, go.

    A word that is no name by itself ("score") takes the one before it, or is none.
    """
    for start in each.starts[:-1]:
        if compact(text[start : each.end]) in _known():
            return start
    start = each.starts[-1]
    for first in reversed(each.starts[:-1]):
        word = text[first:start].strip()
        empty = lead(text[start : each.end]) in _EMPTY and _glue(word) == "_"
        if word[-1:] in _TRIM or not (empty or _table()[1].get(lead(word), -1.0) > 0):
            break
        start = first
    return None if lead(text[start : each.end]) in _EMPTY else start


def _likely(cues: Collection[str]) -> float:
    """How likely it is; an exact sum, for the order of a set is another one in each process."""
    weights = _table()[0]
    return 1 / (1 + math.exp(-math.fsum((weights["bias"], *(weights.get(cue, 0.0) for cue in cues)))))


@cache
def _table() -> tuple[Mapping[str, float], Mapping[str, float]]:
    """What each cue is worth, and each word before the last one of a name."""
    found: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for kind, cue, weight in rows("measured.tsv"):
        found[kind == "lead"][cue] = float(weight)
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(
        compact(name) for entity in vocabulary() if entity.kind == "Metric" for name in (entity.label, *entity.aliases)
    )
