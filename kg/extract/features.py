"""What the tagger sees of a paper: a row of units, the title's and then the abstract's, with what is known of each."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kg.extract.acronyms import acronyms
from kg.extract.contributions import contributions, has_cue
from kg.extract.names import is_written, lexicon
from kg.extract.tokens import LONGEST, normal, units_of, words_of
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from kg.extract.acronyms import Acronym
    from kg.model import Kind, Text

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]

__all__ = [
    "AFFIXES",
    "BUCKETS",
    "FLAGS",
    "KnownSpan",
    "Row",
    "Unit",
    "acronym_spans",
    "affixes",
    "contribution_spans",
    "known_spans",
    "row",
    "spelling",
    "units",
]

#: How many buckets the beginnings and endings of words share, and how many are looked at of each word.
BUCKETS, AFFIXES = 8000, 4

_ACRONYM, _PLACE = 4, 4

#: How many flags each unit has: vocabulary 4 for each kind, acronyms 4, place and repetition 4.
FLAGS = 4 * len(KINDS) + _ACRONYM + _PLACE

_JOINTS = re.compile(r"[\s/‐‑–—_-]+")
_CLASSES: Final = (
    (re.compile("[A-Z]"), "X"),
    (re.compile("[a-z]"), "x"),
    (re.compile(r"\d"), "d"),
    (re.compile(r"(X{2})X+|(x{2})x+|(d{2})d+"), r"\1\2\3"),
)
_SPELLING = 8
_HEAD = 6
_MOST_ALIKE = 12
_WORDS = 1 << 16
_TEXTS = 4


class Unit(NamedTuple):
    """A word or mark of a text: `text.text[start:end]`; `word` says that it can be part of a name."""

    text: Text
    start: int
    end: int
    surface: str
    word: bool


class KnownSpan(NamedTuple):
    """A stretch of units, first and last included, that the vocabulary has; `written` says that its capitals fit."""

    first: int
    last: int
    kind: Kind
    written: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Units with their flags (units x FLAGS if all kinds have theirs) and the mean over units that are the same word.

    The latter is units x units. `known` are the spans that the vocabulary has, overlapping ones too; `acronyms` are (0
    for the short and 1 for the long form, first unit, last unit) of each definition; `called` are (first unit, last
    unit) of each name that the paper gives to its contribution.
    """

    units: Sequence[Unit]
    flags: Floats
    alike: Floats
    known: Sequence[KnownSpan]
    acronyms: Sequence[tuple[int, int, int]]
    called: Sequence[tuple[int, int]]


def units(texts: Sequence[Text]) -> list[Unit]:
    """The units of texts, one text after the other; white space is none."""
    return [
        Unit(text, start, start + len(surface), surface, word)
        for text in texts
        for start, surface, word in units_of(text.text)
    ]


def row(found: Sequence[Unit], unknown: Container[str] = (), kinds: Sequence[Kind] = KINDS) -> Row:
    """The features of some units, as if the vocabulary had not the names (in compact form) that are `unknown`.

    The flags are those of some kinds: a network that is not trained on others has none for them.
    """
    unwritten, acronym = 2 * len(kinds), 4 * len(kinds)
    flags = np.zeros((len(found), acronym + _ACRONYM + _PLACE), np.float32)
    known = list(known_spans(found, unknown))
    for span in _longest(span for span in known if span.kind in kinds):
        base = (0 if span.written else unwritten) + 2 * kinds.index(span.kind)
        flags[span.first, base] = 1
        flags[span.first + 1 : span.last + 1, base + 1] = 1
    defined = list(acronym_spans(found))
    for form, first, last in defined:
        flags[first, acronym + 2 * form] = 1
        flags[first + 1 : last + 1, acronym + 2 * form + 1] = 1
    words = [unit.surface.lower() for unit in found]
    counts = Counter(words)
    in_title = [unit.text.field == "title" for unit in found]
    both = set(compress(words, in_title)) & {word for word, title in zip(words, in_title, strict=True) if not title}
    places = zip(words, in_title, found, strict=True)
    placed = [(title, counts[word] > 1, word in both, unit.word) for word, title, unit in places]
    flags[:, -_PLACE:] = np.reshape(placed, (len(found), _PLACE))
    return Row(found, flags, _means(found, words), known, defined, list(contribution_spans(found)))


def known_spans(found: Sequence[Unit], unknown: Container[str] = ()) -> Iterator[KnownSpan]:
    """All stretches of units that the vocabulary has as a name, whatever their capitals, overlapping ones too."""
    names = lexicon()
    for first, unit in enumerate(found):
        if not unit.word:
            continue
        name, before, goes_on = _opening(unit.surface)
        if name is not None and name not in unknown:
            yield KnownSpan(first, first, names[name].kind, is_written(unit.surface, names[name]))
        if not goes_on:
            continue
        for last in range(first + 1, min(first + LONGEST, len(found))):
            other = found[last]
            if not other.word or other.text is not unit.text:
                break
            name = before + _singular(other.surface)
            entry = names.get(name)
            if entry is not None and name not in unknown:
                surface = " ".join(unit.surface for unit in found[first : last + 1])
                yield KnownSpan(first, last, entry.kind, is_written(surface, entry))
            before += _joined(other.surface)
            if not _begins_name(before):
                break


@lru_cache(_WORDS)
def _opening(word: str) -> tuple[str | None, str, bool]:
    """The name that a word is, if any, its letters, and whether a longer name may begin with it."""
    name, letters = _singular(word), _joined(word)
    return name if name in lexicon() else None, letters, _begins_name(letters)


@lru_cache(_WORDS)
def spelling(word: str) -> str:
    """How a word is written, by classes of its letters.

    >>> spelling("ReMixMatch"), spelling("CIFAR-10"), spelling("learning")
    ('XxXxxXxx', 'XX-dd', 'xx')
    """
    for pattern, letters in _CLASSES:
        word = pattern.sub(letters, word)
    return word[:_SPELLING]


@lru_cache(_WORDS)
def affixes(word: str) -> tuple[int, ...]:
    """The buckets of a lower-case word: its beginning, two of its endings, and itself."""
    keys = ("p" + word[:3], "s" + word[-3:], "q" + word[-2:] + word[:1], "w" + word)
    return tuple(1 + zlib.crc32(key.encode("utf-8", "surrogatepass")) % BUCKETS for key in keys)


def _begins_name(letters: str) -> bool:
    if letters[:_HEAD] not in _heads():
        return False
    names = _names()
    following = bisect_left(names, letters)
    return following < len(names) and names[following].startswith(letters)


@cache
def _names() -> Sequence[str]:
    return sorted(lexicon())


@cache
def _heads() -> frozenset[str]:
    """The first letters of all names, so many and fewer: most letters begin no name by these alone."""
    return frozenset(name[:end] for name in _names() for end in range(_HEAD + 1))


@lru_cache(_WORDS)
def _joined(word: str) -> str:
    return _JOINTS.sub("", word.casefold())


@lru_cache(_WORDS)
def _singular(word: str) -> str:
    return _joined(normal(word))


def _longest(known: Iterable[KnownSpan]) -> Iterator[KnownSpan]:
    """The vocabulary's names without overlap, the longest first."""
    taken: set[int] = set()
    for span in sorted(known, key=lambda span: (span.first - span.last, span.first)):
        places = range(span.first, span.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            yield span


def acronym_spans(found: Sequence[Unit]) -> Iterator[tuple[int, int, int]]:
    """(0 for the short and 1 for the long form, first unit, last unit) of each definition."""
    for text, places in _by_text(found):
        pairs = _acronyms(text.text)
        starts = {found[i].start: i for i in places} if pairs else {}
        ends = {found[i].end: i for i in places} if pairs else {}
        for pair in pairs:
            for form, (start, end) in enumerate((pair.short, pair.long)):
                if start in starts and end in ends:
                    yield form, starts[start], ends[end]


@lru_cache(_TEXTS)
def _acronyms(text: str) -> Sequence[Acronym]:
    """The definitions of a whole text, which is asked for once a row."""
    return tuple(acronyms(text))


def contribution_spans(found: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """The first and last unit of each name that a paper gives to its contribution."""
    for text, inside in _by_text(found):
        if has_cue(text):
            places = [i for i in inside if found[i].word]
            for first, last in contributions(text, words_of([found[i] for i in inside])):
                yield places[first], places[last]


def _by_text(found: Sequence[Unit]) -> Iterator[tuple[Text, range]]:
    """Each text with the places of its units, which stand together."""
    begin = 0
    while begin < len(found):
        text, end = found[begin].text, begin + 1
        while end < len(found) and found[end].text is text:
            end += 1
        yield text, range(begin, end)
        begin = end


def _means(found: Sequence[Unit], words: Sequence[str]) -> Floats:
    """A matrix that takes each word to the mean over its occurrences; a word that is everywhere stays itself."""
    means = np.eye(len(found), dtype=np.float32)
    same: dict[str, list[int]] = defaultdict(list)
    for i, (word, unit) in enumerate(zip(words, found, strict=True)):
        if unit.word and len(word) > 1:
            same[word.removesuffix("s")].append(i)
    alike = [places for places in same.values() if 1 < len(places) <= _MOST_ALIKE]
    rows = [row for places in alike for row in places for _ in places]
    columns = [column for places in alike for _ in places for column in places]
    means[rows, columns] = [1 / len(places) for places in alike for _ in range(len(places) ** 2)]
    return means
