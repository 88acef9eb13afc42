"""Names of one paper that are one entity although they are written differently.

What is one only here must not become one elsewhere: the names that are joined because one leaves out a word of the
other are no aliases of each other, while an acronym and its words are.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kg.extract.tokens import compact, normal, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.model import Entity

__all__ = ["Named", "joined"]

_BRACKET = re.compile(r"\s*\([^()]*\)")
_MARKS = re.compile(r"[{}$\\]")
_PARTS = re.compile(r"[\s\-‐‑–—/]+")
_SMALL = frozenset(("a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to", "via", "with"))
_TWO = 2


class Named(NamedTuple):
    """An entity of a paper: its names there, how often each is used, and whether the vocabulary has it."""

    entity: Entity
    names: Counter[str]
    curated: bool


def joined(
    found: Sequence[Named], long_forms: Mapping[str, str], known: Callable[[str], str | None]
) -> dict[str, tuple[str, bool]]:
    """The IRI of the entity that another one is in this paper, by the other's IRI, and whether its names are aliases.

    Two entities of a kind are one if their names are equal once acronyms are written out ("explainable VQA" and
    "explainable visual question answering"), if the one is made of the other's initials ("N2O" is no such, "EVQA" is),
    or if the one leaves out words within the other ("cross-domain vulnerability detection" and "cross-domain code
    vulnerability detection"). Of 2,240 annotated papers, nine in ten pairs of the second sort and three in four of the
    third are one for the annotators; where one name ends like the other ("segmentation", "image segmentation"), less
    than half. Two entities of the vocabulary are never one. `long_forms` are the paper's own acronyms, `known` gives
    what an acronym stands for in the vocabulary.
    """
    parents: dict[str, tuple[str, bool]] = {}
    for test, aliases in ((_Expanded(long_forms, known), True), (_initials, True), (_shortened, False)):
        groups = [each for each in found if each.entity.iri not in parents]
        hits = [pair for pair in combinations(groups, _TWO) if _may(*pair) and (test(*pair) or test(*pair[::-1]))]
        partners = Counter(each.entity.iri for pair in hits for each in pair)
        for pair in hits:
            if test is not _initials or all(partners[each.entity.iri] == 1 for each in pair):
                first, second = sorted(pair, key=_rank)
                if first.entity.iri not in parents and second.entity.iri not in parents:
                    parents[second.entity.iri] = first.entity.iri, aliases
    return parents


def _may(one: Named, other: Named) -> bool:
    return one.entity.kind == other.entity.kind and not (one.curated and other.curated)


def _rank(each: Named) -> tuple[bool, int, int, str]:
    """The entity of the vocabulary leads, then the one with more words, then the more frequent."""
    return not each.curated, -len(each.entity.label.split()), -each.names.total(), each.entity.iri


class _Expanded:
    """Whether two entities have a name in common once acronyms within names are written out."""

    def __init__(self, long_forms: Mapping[str, str], known: Callable[[str], str | None]) -> None:
        self.long_forms = {short: long for short, long in long_forms.items() if " " in long}
        self.known = known

    def __call__(self, one: Named, other: Named) -> bool:
        return not self._keys(one.names).isdisjoint(self._keys(other.names))

    def _keys(self, names: Iterable[str]) -> set[str]:
        return {key for name in names for key in self._written_out(name)}

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


def _initials(long: Named, short: Named) -> bool:
    """Whether a name of the second, which the vocabulary has not, is made of the initials of a name of the first."""
    letters = {
        re.sub(r"[^a-z]", "", name.removesuffix("s").lower())
        for name in short.names
        if " " not in name and sum(map(str.isupper, name)) >= _TWO
    }
    if short.curated or not letters:
        return False
    for name in long.names:
        words = [word.lower() for word in _PARTS.split(name) if word[:1].isalpha()]
        for chosen in (words, [word for word in words if word not in _SMALL]):
            if len(chosen) > _TWO and "".join(word[0] for word in chosen) in letters:
                return True
    return False


def _shortened(long: Named, short: Named) -> bool:
    """Whether a name of the second is one of the first without words from within it."""
    rows = [[normal(word) for word in _PARTS.split(name)] for name in long.names]
    for name in short.names:
        words = [normal(word) for word in _PARTS.split(name)]
        for row in rows:
            ends = len(row) > len(words) >= _TWO and row[0] == words[0] and row[-1] == words[-1]
            if ends and _is_within(words, row):
                return True
    return False


def _is_within(words: Sequence[str], row: Sequence[str]) -> bool:
    """Whether the words stand in the row, in their order."""
    rest = iter(row)
    return all(word in rest for word in words)
