"""Names of one paper that are one entity although they are written differently.

What is one only here must not become one elsewhere: the names that are joined because one leaves out a word of the
other are no aliases of each other, while an acronym and its words are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kg.extract.tokens import compact, normal, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kg.model import Entity

__all__ = ["Named", "Same", "agree", "joined", "stems"]

_BRACKET = re.compile(r"\s*\([^()]*\)")
_MARKS = re.compile(r"[{}$\\]")
_PARTS = re.compile(r"[\s\-‐‑–—/]+")
#: Words that an acronym may leave out.
_SMALL = frozenset(("a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to", "via", "with"))
#: What may be made of initials: no digits and signs, for SAM2 is not SAM, and ERM++ not ERM.
_ACRONYM = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")

#: How many characters of a word tell it from another, whatever its ending.
_STEM = 4
_TWO = 2
_MOST = 30


class Named(NamedTuple):
    """An entity of a paper: its names there, how often each is used, and whether the vocabulary has it."""

    entity: Entity
    names: Counter[str]
    curated: bool


class Same(NamedTuple):
    """The IRI of the entity that another one is in a paper, whether its names are aliases, and why, as a predicate."""

    iri: str
    aliases: bool
    reason: str


def joined(
    found: Sequence[Named], long_forms: Mapping[str, str], known: Callable[[str], str | None]
) -> dict[str, Same]:
    """What another entity is in this paper, by the other's IRI.

    Two entities of a kind are one if their names are equal once acronyms are written out ("explainable VQA" and
    "explainable visual question answering"), if the one is made of the other's initials ("N2O" is no such, "EVQA" is),
    or if the one leaves out words within the other ("cross-domain vulnerability detection" and "cross-domain code
    vulnerability detection"). Of 2,240 annotated papers, nine in ten pairs of the second sort and three in four of the
    third are one for the annotators; where one name ends like the other ("segmentation", "image segmentation"), less
    than half. Two entities of the vocabulary are never one. `long_forms` are the paper's own acronyms, `known` gives
    what an acronym stands for in the vocabulary.
    """
    parents: dict[str, Same] = {}
    expanded = _Expanded(long_forms, known)
    for keys, test, aliases, reason in (
        (expanded.keys, expanded.same, True, "is the same once acronyms are written out"),
        (_letters, _initials, True, "has its initials"),
        (_ends, _shortened, False, "leaves out a word of it"),
    ):
        groups = [each for each in found if each.entity.iri not in parents]
        hits = [pair for pair in _pairs(groups, keys) if test(*pair) or test(*pair[::-1])]
        partners = Counter(each.entity.iri for pair in hits for each in pair)
        for pair in hits:
            if test is not _initials or all(partners[each.entity.iri] == 1 for each in pair):
                first, second = sorted(pair, key=_rank)
                if first.entity.iri not in parents and second.entity.iri not in parents:
                    parents[second.entity.iri] = Same(first.entity.iri, aliases, reason)
    return parents


def _pairs(groups: Sequence[Named], keys: Callable[[Named], set[str]]) -> Iterator[tuple[Named, Named]]:
    """The pairs of a kind that share a key and may be one, in order; a key that very many share tells nothing."""
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, each in enumerate(groups):
        for key in keys(each):
            buckets[each.entity.kind, key].append(number)
    numbers = {
        pair for bucket in buckets.values() if len(bucket) <= _MOST for pair in combinations(sorted(set(bucket)), _TWO)
    }
    for one, other in sorted(numbers):
        if not (groups[one].curated and groups[other].curated):
            yield groups[one], groups[other]


def _rank(each: Named) -> tuple[bool, int, int, str]:
    """The entity of the vocabulary leads, then the one with more words, then the more frequent."""
    return not each.curated, -len(each.entity.label.split()), -each.names.total(), each.entity.iri


class _Expanded:
    """Whether two entities have a name in common once acronyms within names are written out."""

    def __init__(self, long_forms: Mapping[str, str], known: Callable[[str], str | None]) -> None:
        self.long_forms = long_forms
        self.known = known

    def same(self, one: Named, other: Named) -> bool:
        """Whether they have one."""
        return not self.keys(one).isdisjoint(self.keys(other))

    def keys(self, each: Named) -> set[str]:
        """The names of an entity, as they are and written out."""
        return {key for name in each.names for key in self._written_out(name)}

    def _written_out(self, name: str) -> Iterator[str]:
        bare = _MARKS.sub("", _BRACKET.sub("", name))
        yield compact(bare)
        words = [self._word(word) for word in re.split(r"([\s\-‐‑–—/]+)", bare)]
        yield compact("".join(words))

    def _word(self, word: str) -> str:
        if shape(word) != "name":
            return word
        singular = word.removesuffix("s")
        return self.long_forms.get(word) or self.long_forms.get(singular) or self.known(singular) or word


def _letters(each: Named) -> set[str]:
    """The letters of the acronyms among the names of an entity, and those that its longer names have as initials."""
    return _as_acronym(each) | _as_words(each)


def _as_acronym(each: Named) -> set[str]:
    if each.curated:
        return set()
    single = (name.removesuffix("s") for name in each.names if sum(map(str.isupper, name)) >= _TWO)
    return {name.replace("-", "").lower() for name in single if _ACRONYM.fullmatch(name)}


def _as_words(each: Named) -> set[str]:
    found = set()
    for name in each.names:
        words = [word.lower() for word in _PARTS.split(name) if word[:1].isalpha()]
        for chosen in (words, [word for word in words if word not in _SMALL]):
            if len(chosen) > _TWO:
                found.add("".join(word[0] for word in chosen))
    return found


def _initials(long: Named, short: Named) -> bool:
    """Whether a name of the second, which the vocabulary has not, is made of the initials of a name of the first.

    If the second has names of several words too, these must be like those of the first.
    """
    words = [found for name in short.names if len(found := stems(name)) > 1]
    others = [stems(name) for name in long.names]
    alike = not words or any(one <= other or other <= one for one in words for other in others)
    return alike and not _as_words(long).isdisjoint(_as_acronym(short))


def stems(name: str) -> frozenset[str]:
    """The beginnings of the words of a name, without small words."""
    return frozenset(word[:_STEM] for word in re.findall(r"[^\W_]+", name.lower()) if word not in _SMALL)


def agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names have half of their words in common."""
    return 2 * len(one & other) >= len(one | other)


def _ends(each: Named) -> set[str]:
    """The first and the last word of each name of several words."""
    rows = (_row(name) for name in each.names)
    return {f"{row[0]} {row[-1]}" for row in rows if len(row) >= _TWO}


def _row(name: str) -> list[str]:
    return [normal(word) for word in _PARTS.split(name)]


def _shortened(long: Named, short: Named) -> bool:
    """Whether a name of the second, which the vocabulary has not, is one of the first without words from within it."""
    rows, names = [_row(name) for name in long.names], [_row(name) for name in short.names]
    return not short.curated and any(
        len(row) > len(words) >= _TWO and (row[0], row[-1]) == (words[0], words[-1]) and _is_within(words, row)
        for words in names
        for row in rows
    )


def _is_within(words: Sequence[str], row: Sequence[str]) -> bool:
    """Whether the words stand in the row, in their order."""
    rest = iter(row)
    return all(word in rest for word in words)
