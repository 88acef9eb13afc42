"""What a number holds for: its clause, and the datasets, methods and conditions that the clause names."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.claims.result_pairs import lists, masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.claims.result_pairs import Name, Pair
    from kg.model import Entity, Kind

__all__ = ["Clause", "Holder", "clauses", "condition", "entities", "holder", "nearest"]

REACH = 240

_CUT = re.compile(
    r"[,;]\s(?:and|but|or|while|whereas)\s|[()]|;\s|\s(?:and|but|while|whereas|or|versus|vs\.?)\s|,\s", re.IGNORECASE
)
_OPENING = re.compile(
    r"(?:[\s,;:()&–—-]|\b(?:and|or|but|while|whereas|versus|vs\.?|compared (?:to|with)|e\.g\.,?|i\.e\.,?)(?=\s))+",
    re.IGNORECASE,
)
_VERB = (
    r"(?:achiev|obtain|reach|attain|yield|get|give|has|have|show|demonstrat|improv|outperform|surpass|exceed|reduc|boost|"
    r"increas|provid|deliver|score|report|produc|beat|enhanc|record|lower|decreas|offer|gain|perform|accelerat|realiz|"
    r"enabl|lead|induc|cut|sav|exhibit|result|maintain|retain)"
)
_OWNER = re.compile(r"⟨method⟩(?:['’]s?|s['’])\s(?:\S{1,20}\s){0,3}$")
_SUBJECT = re.compile(rf"⟨method⟩\)?\s(?:\w{{1,20}}\s){{0,3}}?{_VERB}\w{{0,5}}\b")
_RIVAL = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?|against|than|over)\s(?:the\s)?(?:\w{1,20}\s){0,2}"
    r"⟨method⟩\s?(?:\(|of|at|with|['’]s)?\s{0,2}$"
)
_MAKER = re.compile(r"\s{0,2}(?:scores?\s)?(?:by|from|of)\s(?:the\s|our\s)?⟨method⟩")
_BEARER = re.compile(r"\s{0,2}(?:\w{1,20}\s){0,1}(?:in|on|for|across|with)\s(?:the\s|both\s)?⟨method⟩")
_BASELINE = re.compile(
    r"\b(?:baselines?|state[- ]of[- ]the[- ]art|previous(?:ly)?|prior|existing|"
    r"(?:compared|opposed|comparison) (?:to|with)|versus|vs\.?|against|instead of|up from|down from|"
    r"than (?:the|that|those))\b[^.;,]{0,40}$"
)
_NUMBER_WORD = (
    r"(?:\d[\d.,]{0,12}\s?[%kKM]?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|hundred|"
    r"a single|(?:a )?few|fewer|less|half)"
)
_STOP = (
    r"(?=\s(?:we|compared|comparing|as|while|and|or|for|our|it|to|on|in|over|which|that|than|by|the model|using|when|"
    r"with|from|relative|outperforming|surpassing|respectively)\b|\s?[,;:()|]|\.(?:\s|$)|$)"
)
_CONDITION = re.compile(
    r"\b(?:(?:with|using|given|from|at|under|after|in)\s"
    r"(?:just\s|only\s|merely\s|as few as\s|fewer than\s|the\s){0,2}"
    rf"(?P<count>{_NUMBER_WORD}[\s-](?:[\w%/-]{{1,30}}\s){{0,5}}?[\w%/-]{{1,30}}?)"
    rf"|(?:when|while|after|without|by only|under)\s(?P<act>\w{{2,20}}(?:ing|ed)\s[^,;:()|]{{1,80}}?)){_STOP}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence with the pairs that it states; `first` and `last` bound their words."""

    start: int
    end: int
    first: int
    last: int
    pairs: tuple[Pair, ...]
    bracketed: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose number it is, the models that bear it, and whether the words say that it is a rival's."""

    method: Entity | None
    bearers: Sequence[Entity]
    rival: bool


def clauses(text: str, start: int, end: int, pairs: Sequence[Pair]) -> list[Clause]:
    """The clauses of the sentence `text[start:end]`, cut between its pairs; each pair is in one of them."""
    groups: list[tuple[int, int, list[Pair]]] = []
    seen: set[Name] = set()
    for pair in pairs:
        known = pair.shared or (pair.metric in seen and pair.metric.end < pair.quantity.start and not pair.place)
        seen.add(pair.metric)
        first, last = (pair.quantity.start, pair.quantity.end) if known else (pair.start, pair.end)
        if groups and (first < groups[-1][1] or pair.place):
            before = groups.pop()
            groups.append((min(before[0], first), max(before[1], last), [*before[2], pair]))
        else:
            groups.append((first, last, [pair]))
    cuts = [start, *(_cut(text, one[1], other[0]) for one, other in pairwise(groups)), end]
    return [
        Clause(
            *_inside(text, cuts[i], cuts[i + 1], first, last), first, last, tuple(group), _opened(text, cuts[i], first)
        )
        for i, (first, last, group) in enumerate(groups)
    ]


def entities(text: str, clause: Clause, names: Sequence[Name], kind: Kind) -> list[Entity]:
    """The entities of a kind that a clause names, those after the numbers first; a list of them is given whole."""
    inside = [name for name in _within(names, clause.start, clause.end) if name.mention.kind == kind]
    after = [name for name in inside if name.start >= clause.first]
    return _unique(lists(text, after)[:1]) or _unique(lists(text, inside)[-1:])


def nearest(text: str, clause: Clause, names: Sequence[Name], kind: Kind) -> list[Entity]:
    """The entities of a kind named in the sentence outside of a clause: the last before it, else the first after it."""
    outside = [name for name in _around(names, clause) if name.mention.kind == kind]
    before = [name for name in outside if name.start < clause.first]
    return _unique(lists(text, before)[-1:]) or _unique(lists(text, outside)[:1])


def _unique(groups: Sequence[Sequence[Name]]) -> list[Entity]:
    return list(dict.fromkeys(name.entity for group in groups for name in group))


def _around(names: Sequence[Name], clause: Clause) -> Sequence[Name]:
    return _within(names, clause.first - 2 * REACH, clause.last + 2 * REACH)


def holder(text: str, clause: Clause, pair: Pair, names: Sequence[Name], own: Sequence[Entity]) -> Holder:
    """Whose number it is: the owner or subject that the clause names, else a method of the paper that is named near."""
    methods = [name for name in _within(names, clause.start, clause.end) if name.mention.kind == "Method"]
    before = masked(text, max(clause.start, clause.first - REACH), clause.first, names)
    close = masked(text, max(clause.start, pair.quantity.start - REACH), pair.quantity.start, names)
    after = masked(text, clause.last, min(clause.end, clause.last + REACH), names)
    earlier = [name.entity for name in methods if clause.first - REACH <= name.start and name.end <= clause.first]
    later = [name for name in methods if name.start >= clause.last]
    bearers = [name.entity for name in lists(text, later)[0]] if later and _BEARER.match(after) else []
    if earlier and (_OWNER.search(before) or _RIVAL.search(before)):
        return Holder(earlier[-1], bearers, rival=_RIVAL.search(before) is not None)
    if later and _MAKER.match(after):
        return Holder(later[0].entity, [], rival=False)
    mine = [entity for entity in earlier if entity in own]
    subjects = list(_SUBJECT.finditer(before))
    if mine or not subjects or before.count("⟨method⟩") != len(earlier):
        main = mine or [name.entity for name in _around(names, clause) if name.entity in own] or list(own)
        rival = not mine and _BASELINE.search(close) is not None
        return Holder(None if rival else next(iter(main), None), bearers, rival=rival)
    return Holder(earlier[before.count("⟨method⟩", 0, subjects[-1].end()) - 1], bearers, rival=False)


def condition(text: str, clause: Clause, pairs: Sequence[Pair]) -> str | None:
    """Under what condition the numbers of a clause hold, as the words after them, or before them, say."""
    for start, end in (
        (clause.last, min(clause.end, clause.last + REACH)),
        (max(clause.start, clause.first - REACH), clause.first),
    ):
        for found in _CONDITION.finditer(text, start, end):
            said = "count" if found["count"] else "act"
            if not any(
                pair.quantity.start < found.end(said) and found.start(said) < pair.quantity.end for pair in pairs
            ):
                return " ".join(found[said].split())
    return None


def _within(names: Sequence[Name], start: int, end: int) -> Sequence[Name]:
    return names[
        bisect_left(names, start, key=lambda name: name.start) : bisect_left(names, end, key=lambda name: name.start)
    ]


def _cut(text: str, one: int, other: int) -> int:
    """Where the words of one number end and those of the next begin: at a bracket, else at the last joint."""
    joints = list(_CUT.finditer(text, one, min(other, one + 4 * REACH)))
    brackets = [joint for joint in joints if joint[0] in "()"]
    chosen = brackets[-1:] or joints[-1:]
    return chosen[0].start() if chosen else other


def _opened(text: str, start: int, first: int) -> bool:
    """Whether the number stands in brackets that open after start."""
    before = text[max(start, first - REACH) : first]
    return before.rfind("(") > before.rfind(")")


def _inside(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The clause without the words that join it to others, cut at brackets around the numbers and at semicolons."""
    if _opened(text, start, first):
        start = text.rfind("(", start, first)
        closed = text.find(")", last, end)
        end = closed if closed >= 0 else end
    semicolon = text.rfind(";", start, first)
    start = max(start, semicolon + 1)
    stop = text.find(";", last, end)
    end = stop if stop >= 0 else end
    opening = _OPENING.match(text, start, first)
    start = opening.end() if opening else start
    while end > last and text[end - 1] in " \t\r\n,;:(|":
        end -= 1
    return start, end
