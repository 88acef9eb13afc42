"""Names by their last word: what stands before "network", "detection", "loss" belongs to a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.extract.names import is_dataset
from kg.extract.passages import Candidate
from kg.extract.tables import tables
from kg.extract.tokens import key, normal, shape
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.passages import Passage
    from kg.extract.tables import Head
    from kg.model import Kind

__all__ = ["belongs", "head_of", "phrases", "start_of"]

_REACH = 6
_NUMBER = re.compile(r"\W*\d[\d.,]*\W*")
_LEAST = 0.35


def head_of(word: str) -> str:
    """The last part of a word, as the head table knows it.

    >>> head_of("Networks"), head_of("self-attention")
    ('network', 'attention')
    """
    return normal(word).rsplit("-", 1)[-1]


def belongs(word: str) -> bool:
    """Whether a word belongs to the name that follows it.

    >>> [belongs(word) for word in ("convolutional", "graph", "BERT", "novel", "the", "significantly", "93.7%")]
    [True, True, True, False, False, False, False]
    """
    folded = word.casefold()
    if _NUMBER.fullmatch(folded):
        return False
    if (verdict := tables().joins.get(folded)) is not None:
        return verdict
    return shape(word) == "name" or tables().endings.get(folded[-3:], True)


def start_of(passage: Passage, last: int) -> int:
    """Where the name that ends at a word begins."""
    first = last
    words = passage.words
    while first and not words[first].starts and last - first < _REACH and belongs(words[first - 1].text):
        first -= 1
    return first


def phrases(passage: Passage) -> Iterator[Candidate]:
    """The phrases of a passage that end as names do; a dataset before one is no part of it (CIFAR-10 networks)."""
    for last, word in enumerate(passage.words):
        head = tables().heads.get(head_of(word.text))
        if head is None or head.share < _LEAST or not any(map(str.isalpha, word.text)):
            continue
        first = start_of(passage, last)
        while first < last and is_dataset(passage.words[first].text):
            first += 1
        name = key([unit.text for unit in passage.words[first : last + 1]])
        if first < last and name not in tables().ordinary:
            yield Candidate(first, last, _kind(head, passage.before(first)), head.share, "phrase")


def _kind(head: Head, before: str) -> Kind:
    """The kind that the head has most often, weighed by the word before the phrase."""
    speaks = tables().before.get(before, dict.fromkeys(KINDS, 1.0))
    return max(KINDS, key=lambda kind: (head.kinds[kind] + 0.1) * speaks[kind])
