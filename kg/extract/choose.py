"""Which candidates become mentions: the longest ones, without overlap, one kind for a name in a paper."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.extract.acronyms import acronyms
from kg.extract.names import lexicon
from kg.extract.passages import Candidate
from kg.extract.phrases import head_of
from kg.extract.tables import tables
from kg.extract.tokens import compact, normal, windows
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.extract.passages import Passage
    from kg.model import Kind

__all__ = ["choose", "choose_all"]

Chosen = list[Candidate]
_ACRONYM, _REPEATED, _BOTH = 0.85, 0.65, 2
_FIRST = ("contribution", "acronym", "vocabulary", "phrase", "shape", "repeated")


def choose(candidates: Iterable[Candidate], passage: Passage) -> Chosen:
    """The candidates that stay: names lose a generic end ("detection method"), then the longest win.

    Of two of one length the more confident stays, then the one of the part that is named first in `_FIRST`.
    """
    candidates = list(candidates)
    spans = {(c.first, c.last) for c in candidates}

    def is_generic(c: Candidate) -> bool:
        ends_so = normal(passage.words[c.last].text) in tables().generic
        return ends_so and c.extractor == "phrase" and (c.first, c.last - 1) in spans

    kept = [c for c in candidates if not is_generic(c)]
    kept.sort(key=lambda c: (c.first - c.last, -c.confidence, _FIRST.index(c.extractor), c.first, c.kind))
    return without_overlap(kept)


def without_overlap(candidates: Iterable[Candidate]) -> Chosen:
    """The candidates in text order, less those that meet one before them in the given order."""
    taken: set[int] = set()
    chosen = []
    for candidate in candidates:
        span = range(candidate.first, candidate.last + 1)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c.first)


def choose_all(
    found: Sequence[tuple[Passage, Iterable[Candidate]]], *, declared: Iterable[str] = ()
) -> list[tuple[Passage, Chosen]]:
    """The mentions of a whole paper.

    A name found once is found wherever the paper repeats it, an acronym has the kind of its long form, and a
    name has one kind in a paper (guidelines §2): the one that its places speak for together, or Task if the
    source declares it so and the vocabulary does not know it as an algorithm (guidelines T4).
    """
    chosen = [(passage, choose([*candidates], passage)) for passage, candidates in found]
    chosen = [(passage, _with_acronyms(passage, candidates)) for passage, candidates in chosen]
    kinds = _kinds(chosen) | {name: "Task" for task in declared if not _is_algorithm(name := compact(task))}
    return [
        (passage, [replace(c, kind=kinds[_name(passage, c)]) for c in _repeated(passage, candidates, kinds)])
        for passage, candidates in chosen
    ]


def _name(passage: Passage, candidate: Candidate) -> str:
    return compact(passage.surface(candidate.first, candidate.last))


def _with_acronyms(passage: Passage, chosen: Chosen) -> Chosen:
    """The candidates with the short and long forms that the text defines."""
    starts = {word.start: i for i, word in enumerate(passage.words)}
    ends = {word.end: i for i, word in enumerate(passage.words)}
    by_last = {c.last: c for c in chosen}
    defined = []
    for pair in acronyms(passage.text.text):
        both = (pair.long, pair.short)
        spans = [(starts[start], ends[end]) for start, end in both if start in starts and end in ends]
        if len(spans) == _BOTH:
            last = spans[0][1]
            kind = by_last[last].kind if last in by_last else _kind_of_head(passage.words[last].text)
            if kind is not None:
                defined += [Candidate(*span, kind, _ACRONYM, "acronym") for span in spans]
    return without_overlap([*defined, *chosen])


def _kind_of_head(word: str) -> Kind | None:
    head = tables().heads.get(head_of(word))
    if head is None:
        return None
    return max(KINDS, key=head.kinds.__getitem__)


def _is_algorithm(name: str) -> bool:
    entry = lexicon().get(name)
    return entry is not None and entry.algorithm


def _kinds(chosen: Sequence[tuple[Passage, Chosen]]) -> dict[str, Kind]:
    votes: dict[str, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    for passage, candidates in chosen:
        for candidate in candidates:
            weight = 3 if candidate.extractor == "acronym" or candidate.kind == "Dataset" else 1
            votes[_name(passage, candidate)][candidate.kind] += weight * candidate.confidence
    return {name: max(sorted(count), key=count.__getitem__) for name, count in votes.items()}


def _repeated(passage: Passage, chosen: Chosen, kinds: dict[str, Kind]) -> Chosen:
    """The candidates, and every free place where a name stands that the paper has elsewhere."""
    more = [
        Candidate(first, last, kinds[name], _REPEATED, "repeated")
        for first, last, found in windows(passage.words)
        if (name := found.replace(" ", "")) in kinds
    ]
    more.sort(key=lambda c: (c.first - c.last, c.first))
    return without_overlap([*chosen, *more])
