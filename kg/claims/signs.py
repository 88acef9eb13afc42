"""Cues: what the words around a name, its place and its form say of the paper's relation to it.

The patterns stand in `signs.tsv`; what they are worth, together with all else, is learned (`kg/learn/claims.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.claims.sights import Sight

__all__ = ["cues_at", "cues_of", "openings", "rows"]

_PART = re.compile("«(\\w+)»")
_COMPARED = ("beats", "than", "gain over", "compared", "compare with", "over")
_ASIDE = (*_COMPARED, "unlike", "existing")
_COLON = re.compile(r":| [-–—] ")
_IS_NAME = re.compile(r"[)]?\s*(?::|[-–—]|\()")
_LATE, _OFTEN = 0.6, 5
_EDGE, _GROUP, _MAYBE = r"\b", "(?:", tuple("?*{")
_LETTERS = re.compile(r"(?:[a-z ]|\\\.)+")
_BEGINNINGS = re.compile(r"\b\w\w")
_PIECES = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The compiled patterns of each place: before, after, whole, name, title before, title after.

    `openings` gives for each place the patterns that need certain letters at the beginning of a word, by those, under
    the first two of them; under the empty text those that begin with fewer, or with any.
    """

    places: Mapping[str, Mapping[str, re.Pattern[str]]]
    openings: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]

    def found(self, place: str, text: str) -> set[str]:
        """The names of the patterns of a place that the text meets; words after a name are met from their start."""
        patterns = self.places.get(place, {})
        if "after" in place:
            return {name for name, pattern in patterns.items() if pattern.match(text)}
        begun = self.openings.get(place, {})
        near = (begun[two] for two in {"", *_BEGINNINGS.findall(text)} if two in begun)
        likely = {name for some in near for opening, names in some.items() if opening in text for name in names}
        return {name for name in likely if patterns[name].search(text)}


def rows(name: str) -> list[list[str]]:
    """The cells of a table of this room, comments left out."""
    text = resources.files("kg.claims").joinpath(name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def patterns() -> Patterns:
    """All patterns, with their parts put in."""
    table = rows("signs.tsv")
    parts = {name: pattern for place, name, pattern in table if place == "part"}
    places: dict[str, dict[str, re.Pattern[str]]] = defaultdict(dict)
    begun: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for place, name, pattern in table:
        whole = pattern
        while _PART.search(whole):
            whole = _PART.sub(lambda part: parts[part[1]], whole)
        places[place][name] = re.compile(whole)
        for opening in openings(whole) or [""]:
            two = _BEGINNINGS.match(opening)
            begun[place][two[0] if two else ""][opening].append(name)
    return Patterns(places, begun)


@lru_cache(64)
def _in_sentence(whole: str) -> frozenset[str]:
    """The patterns that a sentence meets, which is asked for once a name in it."""
    return frozenset(patterns().found("whole", whole))


def openings(pattern: str) -> list[str]:
    r"""The letters with one of which all begins that a pattern meets; none if that cannot be told.

    Looking for them is much faster than looking for the pattern.

    >>> openings(r"\b(?:us(?:e|es)|train(?:s|ed)?)\s+(?:a|the)"), openings(r"\bthan\s"), openings(r"\b(?:a|the)?x")
    (['us', 'train'], ['than'], [])
    """
    if not pattern.startswith(_EDGE) or len(list(_alternatives(pattern))) > 1:
        return []
    found = list(_beginnings(pattern.removeprefix(_EDGE)))
    return found if all(found) else []


def _beginnings(pattern: str) -> Iterator[str]:
    """The letters that each alternative begins with, an empty text where that cannot be told."""
    if pattern.startswith(_GROUP):
        inner, _, rest = _until_closed(pattern.removeprefix(_GROUP))
        for each in _alternatives(inner) if rest[:1] not in _MAYBE else [""]:
            yield from _beginnings(each)
        return
    letters = _LETTERS.match(pattern)
    plain = letters[0] if letters else ""
    after = pattern[len(plain) : len(plain) + 1]
    yield (plain[:-1] if after in _MAYBE else plain).replace("\\", "")


def _until_closed(pattern: str) -> tuple[str, str, str]:
    """What a group holds that is open at the start, its end, and the rest."""
    depth = 0
    for piece in _PIECES.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if depth < 0:
            return pattern[: piece.start()], ")", pattern[piece.end() :]
    return pattern, "", ""


def _alternatives(pattern: str) -> Iterator[str]:
    """The parts of a pattern between bars that are in no group."""
    depth, start = 0, 0
    for piece in _PIECES.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if piece[0] == "|" and depth == 0:
            yield pattern[start : piece.start()]
            start = piece.end()
    yield pattern[start:]


def cues_at(sight: Sight) -> set[str]:
    """The cues at one mention.

    "<x" is the cue x before it, ">x" after it, "~x" in its sentence; others tell of its place in the paper.
    """
    if sight.in_title:
        return _in_title(sight)
    found = patterns()
    before, after = found.found("before", sight.before), found.found("after", sight.after)
    whole = _in_sentence(sight.whole)
    cues = {f"<{name}" for name in before} | {f">{name}" for name in after} | {f"~{name}" for name in whole}
    return cues | _of_place(sight, whole) | _of_comparison(sight, before, after, whole)


def _of_place(sight: Sight, whole: frozenset[str]) -> set[str]:
    reports = not sight.background and sight.index >= sight.count / 2
    flags = {
        "background": sight.background,
        "own part": not sight.background,
        "deep background": sight.background and (sight.own or 0) - sight.index > 1,
        "first sentence": sight.index == 0,
        "last sentence": sight.index == sight.count - 1,
        "pivot": sight.own == sight.index,
        "report": reports and bool(whole & {"experiments", "superior", "number"}),
        "listed": sight.listed,
        "bracketed": sight.bracketed,
    }
    return {name for name, holds in flags.items() if holds}


def _of_comparison(sight: Sight, before: set[str], after: set[str], whole: frozenset[str]) -> set[str]:
    compared, own = bool(before & set(_COMPARED)), not sight.background
    flags = {
        "bg compare": compared and not own,
        "bg such as": "such as" in before and not own,
        "fg compare": compared and own,
        "fg win": compared and own and bool(whole & {"superior", "number"}),
        "fg unlike": "unlike" in before and own,
        "fg existing": "existing" in before and own,
        "fg fails": "fails" in after and own,
    }
    return {name for name, holds in flags.items() if holds}


def _in_title(sight: Sight) -> set[str]:
    mention, found = sight.mention, patterns()
    title = mention.text.text
    before, after = title[: mention.start].strip(), title[mention.end :].strip()
    colon = _COLON.search(title)
    first = colon is not None and mention.start < colon.start()
    flags = {
        "title": True,
        "before colon": first,
        "is before colon": first and not before and bool(_IS_NAME.match(after)),
        "after colon": colon is not None and not first,
        "no colon": colon is None,
        "title start": before.lower() in ("", "a", "an", "the", "on"),
        "whole title": not before and not after,
        "title end": not after,
    }
    cues = {name for name, holds in flags.items() if holds}
    return cues | found.found("title before", sight.before) | found.found("title after", sight.after)


def cues_of(sights: Sequence[Sight], cues: Sequence[set[str]]) -> set[str]:
    """The cues of an entity: those at its mentions, how often and where they are, and the form of its name."""
    body = [(sight, found) for sight, found in zip(sights, cues, strict=True) if not sight.in_title]
    behind = [sight.background for sight, _ in body]
    aside = {f"<{name}" for name in _ASIDE}
    flags = {
        "only title": not body,
        "only background": bool(body) and all(behind),
        "background and own": any(behind) and not all(behind),
        "only own": bool(body) and not any(behind),
        "once": len(sights) == 1,
        "twice": len(sights) == 2,  # noqa: PLR2004 - it says so
        "often": len(sights) > 2,  # noqa: PLR2004 - more than twice
        "very often": len(sights) >= _OFTEN,
        "title and abstract": 0 < len(body) < len(sights),
        "own, several": len({sight.index for sight, _ in body}) > 1 and not any(behind),
        "late": bool(body) and min(sight.index / sight.count for sight, _ in body) > _LATE,
        "only compared": bool(body) and all(found & aside for _, found in body),
    }
    names = (_of_form(sight.mention.surface) for sight in sights)
    return {name for name, holds in flags.items() if holds}.union(*names, *cues)


@lru_cache(1 << 14)
def _of_form(surface: str) -> frozenset[str]:
    """The patterns that a name meets, which many papers have."""
    return frozenset(patterns().found("name", surface))
