"""Which number measures which metric, by the words between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from kg.claims.numbers import quantities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.claims.numbers import Quantity
    from kg.model import Entity, Mention

__all__ = ["CONFIDENCE", "Name", "Pair", "lists", "masked", "pairs"]

REACH = 160
MOST = 8
_LONGEST_JOINT = 30

#: How far each rule can be trusted: the precision of its rows on annotated abstracts.
CONFIDENCE: Mapping[str, float] = {
    "metric of number": 0.9,
    "number metric": 0.91,
    "metric by number": 0.85,
    "number gain in metric": 0.86,
    "number in metric": 0.86,
    "metric (number)": 0.84,
    "number near metric": 0.5,
    "metric near number": 0.5,
    "next number": 0.5,
}

_ABOUT = (
    r"(?:(?:up to|about|around|approximately|approx\.?|roughly|nearly|almost|over|more than|less than|greater than|"
    r"higher than|lower than|at least|at most|as (?:high|low|much|many) as|above|below|under|only|just|exceeding|"
    r"an? additional|an? average of|a factor of|a margin of|an impressive|a|an|the|another|even|[<>≥≤=~≈±+−-])\s{0,3})"
)
_LINK = r"(?:(?:and|or|,|/|&|;|as well as|by|from)\s{0,2})"
_JOINT = re.compile(rf"\s{{0,2}}\)?\s{{0,2}}(?:{_LINK}){{1,2}}{_ABOUT}{{0,3}}")
_NOUN = r"(?:scores?|rates?|values?|results?|levels?|metrics?|performances?|ratios?|points?|measures?)"
_GAIN = (
    r"(?:gains?|improvements?|increases?|increments?|reductions?|decreases?|boosts?|drops?|savings?|speed-?ups?|"
    r"degradations?|loss|declines?|lift|enhancements?|rises?|margins?|difference|advantages?|jump)"
)
_MORE = (
    r"(?:absolute|relative|average|median|mean|overall|higher|lower|better|worse|more|less|fewer|greater|smaller|faster|"
    r"shorter|improved|reduced|points?|top-\d|test|validation|zero-shot|in|of|the|for|its|final|total|maximum|minimum|"
    r"in terms of|on average|average|increased|clean|absolute|overall|best|state-of-the-art)"
)
_BEFORE = {
    "metric of number": (
        rf"\)?\s{{0,2}}(?:{_NOUN}\s)?(?:\(.{{1,15}}\)\s)?"
        rf"(?:of|is|was|are|were|at|=|:|,|reaching)?\s{{0,3}}{_ABOUT}{{0,3}}"
    ),
    "metric by number": (
        rf"\)?(?:[^;:()]{{0,60}}\s)?"
        rf"(?:by|to|of|at|from|with|exceeds?|reach(?:es|ed)?|is|was)\s{{0,3}}{_ABOUT}{{0,3}}"
    ),
    "metric (number)": rf"\)?\s{{0,2}}(?:{_NOUN}\s)?\(\s?{_ABOUT}{{0,3}}",
    "metric near number": r"[^;]{0,80}",
}
_AFTER = {
    "number metric": rf"\s{{0,3}}[-)]?\s{{0,2}}(?:{_MORE}\s{{1,2}}){{0,4}}",
    "number gain in metric": (
        rf"\s{{0,3}}(?:\S{{1,20}}\s){{0,4}}?{_GAIN}\s(?:\S{{1,20}}\s){{0,3}}?"
        r"(?:in|of|on|for|to|over)\s(?:\S{1,20}\s){0,4}?"
    ),
    "number in metric": r"\s{0,3}(?:points?\s)?(?:in|on|in terms of)\s(?:the\s|average\s){0,2}(?:\w{1,20}\s)?",
    "number near metric": r"[^;.:]{0,50}",
}
_NEXT = "next number"
_SHARED = {_NEXT: r"[^;:]{0,80}"}
_LOOSE = frozenset(["metric near number", "number near metric", *_SHARED])
_SPEED = re.compile(r"\s{0,3}(?:faster|quicker)\b")
_RIVAL = re.compile(
    r"\)?,?\s(?:surpassing|outperforming|exceeding|improving|beating|"
    r"(?:which|that) (?:is|are|surpasses|outperforms|exceeds|improves))\s[^;:]{0,80}"
)
_PATTERNS = {rule: re.compile(words) for group in (_BEFORE, _AFTER, _SHARED) for rule, words in group.items()}


@dataclass(frozen=True, slots=True)
class Name:
    """A mention with its entity, and where it begins and ends without a number that is part of it."""

    start: int
    end: int
    mention: Mention
    entity: Entity

    def follows(self, last: Name) -> bool:
        """Whether it stands behind another name, or in its place: "CIFAR-10/100" names two."""
        return self.start >= last.end or self.mention == last.mention


_Item = TypeVar("_Item", Name, "Quantity")


@dataclass(frozen=True, slots=True)
class Pair:
    """A number, the metric that it measures, and the rule that says so; `place` counts the numbers of its list."""

    quantity: Quantity
    metric: Name
    rule: str
    place: int = 0
    count: int = 1

    @property
    def shared(self) -> bool:
        """Whether the metric is named with another number."""
        return self.rule in _SHARED

    @property
    def start(self) -> int:
        """Where the pair begins in the text."""
        return min(self.quantity.start, self.metric.start)

    @property
    def end(self) -> int:
        """Where the pair ends in the text."""
        return max(self.quantity.end, self.metric.end)


def pairs(text: str, start: int, end: int, names: Sequence[Name]) -> list[Pair]:
    """The pairs of a sentence, `text[start:end]` of a `plain` text, in the order of their numbers."""
    metrics = [name for name in names if name.mention.kind == "Metric"]
    if not metrics:
        return []
    taken = [(name.start, name.end) for name in names]
    numbers = lists(text, list(quantities(text, start, end, taken)))
    heads = lists(text, metrics)
    found: dict[int, list[Pair]] = {}
    marks = sorted(
        [
            *((group[0].start, 1, i) for i, group in enumerate(numbers)),
            *((g[0].start, 0, i) for i, g in enumerate(heads)),
        ]
    )
    for at, (_, is_number, index) in enumerate(marks):
        if is_number:
            left = heads[marks[at - 1][2]] if at and not marks[at - 1][1] else None
            right = heads[marks[at + 1][2]] if at + 1 < len(marks) and not marks[at + 1][1] else None
            found[index] = list(_choose(text, names, numbers[index], left, right))
    _share(text, names, numbers, found)
    return [pair for index in sorted(found) for pair in found[index]]


def masked(text: str, start: int, end: int, names: Sequence[Name]) -> str:
    """The text from start to end in lower case, each name in it replaced by its kind."""
    pieces, place = [], start
    for name in names[bisect_left(names, start, key=_start) : bisect_left(names, end, key=_start)]:
        if place <= name.start and name.end <= end:
            pieces += [text[place : name.start], f"⟨{name.mention.kind}⟩"]
            place = name.end
    return "".join([*pieces, text[place:end]]).lower()


def _start(item: Name | Quantity) -> int:
    return item.start


def lists(text: str, items: Sequence[_Item]) -> list[list[_Item]]:
    """The items, those that are listed with each other ("3.1%, 2% and 5%"), or named in one, in one list."""
    found: list[list[_Item]] = []
    for item in items:
        last = found[-1][-1] if found else None
        close = last is not None and item.start - last.end < _LONGEST_JOINT
        if (
            last is not None
            and close
            and len(found[-1]) < MOST
            and _alike(last, item)
            and (last.start == item.start or _JOINT.fullmatch(text, last.end, item.start))
        ):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def _alike(one: Name | Quantity, other: Name | Quantity) -> bool:
    if isinstance(one, Name) or isinstance(other, Name):
        return True
    return one.unit == other.unit or one.unit is None


def _choose(
    text: str,
    names: Sequence[Name],
    numbers: Sequence[Quantity],
    left: Sequence[Name] | None,
    right: Sequence[Name] | None,
) -> Iterator[Pair]:
    """The pairs that a list of numbers makes with the metrics before or after it, by the best rule that fits."""
    best: tuple[float, str, Sequence[Name]] | None = None
    spans = []
    if left and numbers[0].start - left[-1].end < REACH:
        spans.append((_BEFORE, left, masked(text, left[-1].end, numbers[0].start, names)))
    if right and right[0].start - numbers[-1].end < REACH:
        spans.append((_AFTER, right, masked(text, numbers[-1].end, right[0].start, names)))
    for rules, heads, between in spans:
        if rules is _BEFORE and _SPEED.match(text, numbers[-1].end):
            continue
        rule = next((rule for rule in rules if _fits(rule, between, numbers)), None)
        if rule and (best is None or CONFIDENCE[rule] > best[0]):
            best = (CONFIDENCE[rule], rule, heads)
    if best:
        yield from _zip(numbers, best[2], best[1], nearest=-1 if best[2] is left else 0)


def _fits(rule: str, between: str, numbers: Sequence[Quantity]) -> bool:
    loose = rule in _LOOSE
    return _PATTERNS[rule].fullmatch(between) is not None and not (loose and not all(n.measured for n in numbers))


def _zip(numbers: Sequence[Quantity], heads: Sequence[Name], rule: str, *, nearest: int) -> Iterator[Pair]:
    unit = next((number.unit for number in reversed(numbers) if number.unit), None)
    for place, number in enumerate(numbers):
        whole = number if number.unit or not unit else replace(number, unit=unit)
        if len(heads) == len(numbers):
            chosen = heads[place : place + 1]
        else:
            chosen = heads if len(numbers) == 1 else [heads[nearest]]
        for head in chosen:
            yield Pair(whole, head, rule, place, len(numbers))


def _share(
    text: str, names: Sequence[Name], numbers: Sequence[Sequence[Quantity]], found: dict[int, list[Pair]]
) -> None:
    """Give numbers that have no metric of their own that of the numbers before them."""
    for index, (one, other) in enumerate(pairwise(numbers)):
        loose = bool(found[index + 1]) and found[index + 1][0].rule in _LOOSE
        if (
            not found[index]
            or (found[index + 1] and not loose)
            or other[0].start - one[-1].end >= REACH
            or one[-1].unit != other[-1].unit
        ):
            continue
        between = masked(text, one[-1].end, other[0].start, names)
        if loose and not _RIVAL.fullmatch(between):
            continue
        if _fits(_NEXT, between, other) and "⟨metric⟩" not in between:
            found[index + 1] = list(_zip(other, [found[index][-1].metric], _NEXT, nearest=0))
