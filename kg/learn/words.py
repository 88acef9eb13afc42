"""Counts the word tables of `kg/extract/words/` in annotated papers.

Run as `python -m kg.learn.words TRAIN.jsonl`; measure on other papers than these.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import kg.extract
from kg.extract.phrases import head_of
from kg.extract.tokens import Word, cut, key, shape, words
from kg.learn.names import count_papers, marked
from kg.model import FIELDS, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Counts", "count", "joins", "write"]

_LIKELY = 0.5
_SMOOTHING = 2
_RARE = 2
_SEEN = 3
_ORDINARY = 0.35
_REACH = 6
Spans = list[tuple[int, int, str]]


@dataclass(slots=True)
class Counts:
    """What was counted: per word how often it belongs to the name after it, ends a name, stands before one."""

    joined: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    endings: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    heads: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    phrases: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    before: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: Counter[str] = field(default_factory=Counter)


def count(rows: Iterable[Mapping[str, object]]) -> Counts:
    """All counts over annotated papers."""
    counts = Counts()
    texts = [
        (units, [(first, last, mention["type"]) for first, last, mention in marked(row, name, units)])
        for row in rows
        for name in FIELDS
        for units in [words(cut(str(row[name])))]
    ]
    for units, spans in texts:
        _count_edges(counts, units, spans)
    for units, spans in texts:
        _count_heads(counts, units, spans)
    return counts


def _count_edges(counts: Counts, units: list[Word], spans: Spans) -> None:
    for first, last, kind in spans:
        before = "^" if first == 0 or units[first].starts else units[first - 1].text.casefold()
        counts.before[before][kind] += 1
        counts.kinds[kind] += 1
        for i in range(max(1, first), last + 1):
            if not units[i].starts:
                word = units[i - 1].text.casefold()
                counts.joined[word][i > first] += 1
                counts.endings[word[-3:]][i > first] += 1


def joins(counts: Counts, word: str) -> float:
    """The probability that a word belongs to the name after it, smoothed by its ending."""
    word_counts, ending = (
        counts.joined.get(word.casefold(), Counter()),
        counts.endings.get(word.casefold()[-3:], Counter()),
    )
    prior = (ending[True] + 1) / (ending.total() + 2)
    if shape(word) == "name":
        prior = max(prior, 0.7)
    return (word_counts[True] + _SMOOTHING * prior) / (word_counts.total() + _SMOOTHING)


def _count_heads(counts: Counts, units: list[Word], spans: Spans) -> None:
    ends = {last: (first, kind) for first, last, kind in spans}
    inner = {i for first, last, _ in spans for i in range(first, last)}
    for i, word in enumerate(units):
        start = i
        while (
            start and not units[start].starts and i - start < _REACH and joins(counts, units[start - 1].text) >= _LIKELY
        ):
            start -= 1
        if start == i or i in inner:
            continue
        head, phrase = head_of(word.text), key([unit.text for unit in units[start : i + 1]])
        named = i in ends and ends[i][0] < i
        counts.heads[head].update(["places", *(["named", ends[i][1]] if named else [])])
        counts.phrases[phrase].update(["places", *(["named"] if named else [])])


def write(rows: list[Mapping[str, object]], folder: Path) -> None:
    """Write all tables that are counted; generic.txt is kept by hand, and so is the end of ordinary.txt."""
    counts = count(rows)
    note = f"# counted by kg/learn/words.py over {len(rows)} annotated abstracts"
    for name, header, lines in (
        ("heads.tsv", "head\tshare\t" + "\t".join(KINDS), _heads(counts)),
        ("joins.tsv", "word\tjoins", _joins(counts)),
        ("endings.tsv", "ending\tjoins", _endings(counts)),
        ("before.tsv", "word\t" + "\t".join(KINDS), _before(counts)),
        ("ordinary.txt", "phrases that are seldom names", _ordinary(counts, rows)),
    ):
        folder.joinpath(name).write_text("\n".join([f"{note}: {header}", *sorted(lines)]) + "\n", "utf-8")


def _heads(counts: Counts) -> Iterator[str]:
    for head, seen in counts.heads.items():
        if seen["named"] > _RARE:
            yield "\t".join([head, f"{seen['named'] / (seen['places'] + 1):.2f}", *(str(seen[kind]) for kind in KINDS)])


def _endings(counts: Counts) -> Iterator[str]:
    for ending, seen in counts.endings.items():
        if seen.total() > _RARE:
            yield f"{ending}\t{int((seen[True] + 1) / (seen.total() + 2) >= _LIKELY)}"


def _joins(counts: Counts) -> Iterator[str]:
    endings = dict(line.split("\t") for line in _endings(counts))
    for word, seen in counts.joined.items():
        verdict = str(int(joins(counts, word) >= _LIKELY))
        if seen.total() >= _RARE and verdict != endings.get(word[-3:], "1"):
            yield f"{word}\t{verdict}"


def _before(counts: Counts) -> Iterator[str]:
    every = counts.kinds.total()
    for word, seen in counts.before.items():
        if seen.total() > 5 * _SEEN:
            shares = {kind: counts.kinds[kind] / every for kind in KINDS}
            ratios = [(seen[kind] + 5 * shares[kind]) / (seen.total() + 5) / shares[kind] for kind in KINDS]
            yield "\t".join([word, *(f"{ratio:.2f}" for ratio in ratios)])


def _ordinary(counts: Counts, rows: list[Mapping[str, object]]) -> Iterator[str]:
    for phrase, seen in counts.phrases.items():
        ends_name = counts.heads[head_of(phrase.split()[-1])]["named"] > _RARE
        if ends_name and seen["places"] >= _SEEN and seen["named"] / seen["places"] < _ORDINARY:
            yield phrase
    singles = {
        key([word.text])
        for row in rows
        for name in FIELDS
        for word in words(cut(str(row[name])))
        if shape(word.text) == "name"
    }
    usage = count_papers(rows, singles)
    for single in singles:
        used = usage.get(single)
        if used and used.seen >= _RARE and used.named / used.seen < _ORDINARY:
            yield single


if __name__ == "__main__":
    annotated = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    write(annotated, Path(kg.extract.__file__).parent / "words")
