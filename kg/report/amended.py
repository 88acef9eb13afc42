"""Matrices of a graph of which some papers and entities changed, made from those that it had."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.report.matrices import WIDTH, Matrices, Said
from kg.report.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from kg.report.matrices import PaperRow

    Numbers = NDArray[np.int64]

__all__ = ["Changes", "amended"]


class Changes(NamedTuple):
    """What is another now.

    `gone` are the IRIs of papers that are none any more, or of which something else is said, `papers` those of which
    that is told. `changed` are the IRIs of entities of which all is told anew, `entities` what is told of them: IRI,
    number of the kind, label. `said` is as for `kg.report.matrices.made`.
    """

    gone: Collection[str]
    papers: Sequence[PaperRow]
    changed: Collection[str]
    entities: Iterable[tuple[str, int, str]]
    said: Iterable[tuple[str, str, int]]


class _Order(NamedTuple):
    """Where each of a list and some more stand now: `now` are places before, `places` those now, -1 for none."""

    now: Numbers
    places: Numbers


def amended(old: Matrices, changes: Changes) -> Matrices:
    """Make the matrices that `made` would make of all."""
    rows = sorted(changes.papers)
    papers = _order(len(old.papers), _found(old.papers, changes.gone), _places(old.papers, [row.iri for row in rows]))
    things = sorted((kind, label.casefold(), label, iri) for iri, kind, label in changes.entities)
    gone = set(changes.changed)
    dropped = [at for at, iri in enumerate(old.entities) if iri in gone]
    here = [bisect_left(_Things(old), thing) for thing in things]
    entities = _order(len(old.entities), dropped, here)
    venues, venue = _venues(old, rows, papers)
    links = _links(old, changes, papers, entities, (rows, [iri for *_, iri in things]))
    width = max(entities.now.size, 1)
    pairs = links >> WIDTH
    return Matrices(
        papers=old.papers.taken(papers.now, [row.iri for row in rows]),
        titles=old.titles.taken(papers.now, [row.title for row in rows]),
        urls=old.urls.taken(papers.now, [row.url for row in rows]),
        dates=old.dates.taken(papers.now, [row.date for row in rows]),
        years=np.concatenate([old.years, np.array([row.year for row in rows], dtype=np.int16)])[papers.now],
        venue=venue,
        venues=venues,
        entities=old.entities.taken(entities.now, [iri for *_, iri in things]),
        labels=old.labels.taken(entities.now, [label for _, _, label, _ in things]),
        kinds=np.concatenate([old.kinds, np.array([kind for kind, *_ in things], dtype=np.int8)])[entities.now],
        link_paper=(pairs // width).astype(np.int32),
        link_entity=(pairs % width).astype(np.int32),
        link_said=links.astype(Said),
    )


class _Things:
    """The entities of matrices as what they are sorted by."""

    def __init__(self, matrices: Matrices) -> None:
        self._of = matrices

    def __len__(self) -> int:
        return len(self._of.entities)

    def __getitem__(self, at: int) -> tuple[int, str, str, str]:
        label = self._of.labels[at]
        return int(self._of.kinds[at]), label.casefold(), label, self._of.entities[at]


def _found(strings: Strings, texts: Iterable[str]) -> list[int]:
    return [at for at in map(strings.place, texts) if at is not None]


def _places(strings: Strings, texts: Iterable[str]) -> list[int]:
    return [bisect_left(strings, text.encode(), key=lambda each: each.encode()) for text in texts]


def _order(size: int, dropped: Sequence[int], places: Sequence[int]) -> _Order:
    """The order of a list without some, and with some more, each before the one that has its place."""
    keys = np.concatenate([np.arange(size, dtype=np.int64) * 2 + 1, np.array(places, dtype=np.int64) * 2])
    now = np.argsort(keys, kind="stable")
    keep = np.ones(keys.size, dtype=bool)
    keep[np.array(dropped, dtype=np.int64)] = False
    now = now[keep[now]]
    at = np.full(keys.size, -1, dtype=np.int64)
    at[now] = np.arange(now.size)
    return _Order(now, at)


def _venues(old: Matrices, rows: Sequence[PaperRow], papers: _Order) -> tuple[Strings, NDArray[np.int32]]:
    names = list(old.venues)
    numbers = {name: number for number, name in enumerate(names)}
    for row in rows:
        if row.venue and row.venue not in numbers:
            numbers[row.venue] = len(names)
            names.append(row.venue)
    new = np.array([numbers.get(row.venue, -1) for row in rows], dtype=np.int64)
    venue = np.concatenate([old.venue, new])[papers.now]
    used = sorted(np.unique(venue[venue >= 0]).tolist(), key=lambda number: (names[number].casefold(), names[number]))
    at = np.full(len(names) + 1, -1, dtype=np.int64)  # the last one stands for none
    at[used] = np.arange(len(used))
    return Strings.of([names[number] for number in used]), at[venue].astype(np.int32)


def _links(
    old: Matrices, changes: Changes, papers: _Order, entities: _Order, new: tuple[Sequence[PaperRow], Sequence[str]]
) -> Numbers:
    """Paper, entity and what is said in one number each, sorted."""
    width = max(entities.now.size, 1)
    unsaid = np.zeros(len(old.papers), dtype=bool)
    unsaid[np.array(_found(old.papers, changes.gone), dtype=np.int64)] = True
    keep = ~unsaid[old.link_paper]
    rows, iris = new
    numbers = {row.iri: at for at, row in enumerate(rows, start=len(old.papers))}
    things = {iri: at for at, iri in enumerate(iris, start=len(old.entities))}
    moved = {at: things[iri] for at, iri in _named(old, things)}
    map_of = entities.places.copy()
    for at, to in moved.items():
        map_of[at] = entities.places[to]
    kept = (papers.places[old.link_paper[keep]] * width + map_of[old.link_entity[keep]]) << WIDTH
    kept |= old.link_said[keep]
    known: dict[str, int] = {}
    said = list(changes.said)
    place_of = {iri: at for at, iri in enumerate(old.entities)} if said else {}
    for paper, _, _ in said:
        if paper not in known:
            at = numbers[paper] if paper in numbers else _at(old.papers, paper)
            known[paper] = int(papers.places[at])
    more = [
        ((known[paper] * width + int(map_of[things[entity] if entity in things else place_of[entity]])) << WIDTH) | bits
        for paper, entity, bits in said
    ]
    links = np.concatenate([kept, np.array(more, dtype=np.int64)])
    links.sort()
    return links


def _named(old: Matrices, things: Collection[str]) -> Iterable[tuple[int, str]]:
    return ((at, iri) for at, iri in enumerate(old.entities) if iri in things)


def _at(strings: Strings, text: str) -> int:
    at = strings.place(text)
    if at is None:
        raise LookupError(text)
    return at
