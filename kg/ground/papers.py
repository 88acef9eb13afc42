"""Which records are the same paper.

Two records are one paper if they share an identifier, or if their normalised titles are equal, their
years at most one apart (an unknown year matches) and their first authors do not conflict ("Anonymous"
and nobody conflict with nobody). A source's own key counts only if the titles are equal too: tables
number their rows, and in one of our corpora hundreds of papers have the key "cvpr2016-None". A title
that many papers may have, such as "Preface", says nothing unless the abstract is equal too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kg.model import Declared
from kg.sources.identifiers import hashed, normal, paper_id, strength
from kg.sources.people import family, is_anonymous

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.model import Paper

__all__ = ["Merged", "merge"]

_WORDS: Final = 3  # that a title needs to name one paper
_SIGNS: Final = 8  # the same, in scripts that do not set words apart
_OPENINGS: Final = frozenset({"editorial", "erratum", "foreword", "introduction", "message", "obituary", "preface"})


@dataclass(frozen=True, slots=True)
class Merged:
    """Papers without repetition, by id. `merged` counts, by source digest, the records that went into another.

    `same` says of each of these: the id of the paper, the id that the record had, and why it is the same.
    """

    papers: tuple[Paper, ...]
    merged: Mapping[str, int]
    same: tuple[tuple[str, str, str], ...]


def merge(papers: Iterable[Paper]) -> Merged:
    """Make one paper of the records that are the same; the order in which they come does not matter.

    The record that speaks for the others is annotated, has an abstract, is not anonymous, and has the
    longest abstract. It gets the identifiers, tasks and keywords of all, and what it lacks from the others.
    Where two papers would bear one id, such as the row number of two tables, a hash stands in for it.
    """
    records = list(papers)
    sets = _Sets(len(records))
    for members in _buckets(records, _marks).values():
        sets.join(members)
    _join_by_titles(records, sets)
    groups = [_ranked([records[index] for index in group]) for group in sets.groups()]
    united = _named([_united(group) for group in groups])
    same = (row for paper, group in zip(united, groups, strict=True) for row in _reasons(paper.id, group))
    return Merged(
        papers=tuple(sorted(united, key=lambda paper: paper.id)),
        merged=dict(sorted(Counter(record.source.sha256 for group in groups for record in group[1:]).items())),
        same=tuple(sorted(same)),
    )


class _Sets:
    """Disjoint sets of the numbers below a bound."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, item: int) -> int:
        while self._parents[item] != item:
            self._parents[item] = item = self._parents[self._parents[item]]
        return item

    def join(self, items: Sequence[int]) -> int:
        first = self.root(items[0])
        for item in items:
            self._parents[self.root(item)] = first
        return first

    def groups(self) -> list[list[int]]:
        found = defaultdict[int, list[int]](list)
        for item in range(len(self._parents)):
            found[self.root(item)].append(item)
        return list(found.values())


def _buckets(
    records: Sequence[Paper], tokens: Callable[[Paper], Iterable[tuple[str, ...]]]
) -> dict[tuple[str, ...], list[int]]:
    """Which records share which tokens."""
    found = defaultdict[tuple[str, ...], list[int]](list)
    for index, record in enumerate(records):
        for token in tokens(record):
            found[token].append(index)
    return {token: members for token, members in found.items() if len(members) > 1}


def _marks(record: Paper) -> Iterator[tuple[str, ...]]:
    """What only the same paper has."""
    for scheme, value in record.ids:
        if scheme == "key":
            yield from ((scheme, value, *title) for title in _telling(record))
        else:
            yield scheme, value
    if not _telling(record):
        yield _content(record)


def _telling(record: Paper) -> tuple[tuple[str, str], ...]:
    """The title as it is compared, with the abstract if the title tells nothing; empty if neither does."""
    title, tells = _title(record.title)
    if tells:
        return ((title, ""),)
    abstract = normal(record.abstract)
    return ((title, abstract),) if title and abstract else ()


@lru_cache(1 << 18)
def _title(text: str) -> tuple[str, bool]:
    """A title as it is compared, and whether it names one paper."""
    title, words = normal(text), list(filter(None, map(normal, text.split())))
    tells = len(words) >= _WORDS or sum(not sign.isascii() for sign in title) >= _SIGNS
    return title, tells and words[0] not in _OPENINGS


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of records that are one paper: the family names of first authors, the years from and to."""

    names: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None

    def __add__(self, other: _Facts) -> _Facts:
        years = [year for known in (self.years, other.years) if known for year in known]
        return _Facts(self.names | other.names, (min(years), max(years)) if years else None)


def _facts(record: Paper) -> _Facts:
    signed = record.authors[:1] and not is_anonymous(record.authors[:1])
    names = frozenset({family(record.authors[0])} - {""}) if signed else frozenset()
    return _Facts(names, (record.year, record.year) if record.year is not None else None)


def _join_by_titles(records: Sequence[Paper], sets: _Sets) -> None:
    """Join groups with equal titles, one title after the other: what is known of a group grows with it."""
    known = defaultdict[int, _Facts](_Facts)
    for index, record in enumerate(records):
        known[sets.root(index)] += _facts(record)
    for _, members in sorted(_buckets(records, _telling).items()):
        for chain in _chains({root: known[root] for root in map(sets.root, members)}):
            together = sum((known[sets.root(member)] for member in chain), _Facts())
            known[sets.join(chain)] = together


def _chains(groups: Mapping[int, _Facts]) -> Iterator[list[int]]:
    """The groups that are one paper, given that their titles are equal.

    Each first author has papers of their own. A group without one goes to the author whose years are
    nearest; of an author's groups, those are one paper that no gap of more than a year parts.
    """
    by_name = defaultdict[str, list[int]](list)
    for member, facts in groups.items():
        for name in facts.names:
            by_name[name].append(member)
    if len(by_name) < 2:  # noqa: PLR2004 nobody to conflict with
        yield from _unbroken(list(groups), groups)
        return
    authors = _calendar(groups, by_name)
    for member, facts in groups.items():
        if not facts.names:
            by_name[_nearest(facts, authors)].append(member)
    for members in by_name.values():
        yield from _unbroken(members, groups)


def _calendar(groups: Mapping[int, _Facts], by_name: Mapping[str, Sequence[int]]) -> dict[int | None, str]:
    """The first author of each year, and of no year; of several the first in the alphabet."""
    found = dict[int | None, str]()
    for name in sorted(by_name, reverse=True):
        for years in (groups[member].years for member in by_name[name]):
            found.update(dict.fromkeys(range(years[0], years[1] + 1) if years else (None,), name))
    return found


def _nearest(facts: _Facts, authors: Mapping[int | None, str]) -> str:
    """The author to whom a group without one goes; none if no year is near."""
    if facts.years is None:
        years = [year for year in authors if year is not None]
        return authors[min(years)] if years else authors.get(None, "")
    first, last = facts.years
    for near in (range(first, last + 1), (first - 1, last + 1), (None,)):
        names = [authors[year] for year in near if year in authors]
        if names:
            return min(names)
    return ""


def _unbroken(members: Sequence[int], groups: Mapping[int, _Facts]) -> Iterator[list[int]]:
    """Groups of one author, parted where more than a year lies between; those without a year go to the earliest."""
    chain = [member for member in members if groups[member].years is None]
    end: int | None = None
    for (first, last), member in sorted((years, member) for member in members if (years := groups[member].years)):
        if end is not None and first > end + 1:
            yield chain
            chain = []
        chain.append(member)
        end = max(last, end or last)
    if chain:
        yield chain


def _content(record: Paper) -> tuple[str, ...]:
    """All that a record says, wherever it stands."""
    rest = (record.authors, record.published, record.venue, record.ids, record.urls, record.declared)
    return record.title, record.abstract, repr(rest), *([repr(record.annotation)] if record.annotation else [])


def _ranked(group: list[Paper]) -> list[Paper]:
    """The records of one paper in the order in which they speak for it."""

    def rank(record: Paper) -> tuple[bool, bool, bool, int, tuple[str, ...], tuple[str, int, int]]:
        nameless = record.anonymous or not record.authors
        place = (record.source.sha256, record.source.line, record.source.position)
        stated = record.annotation is not None
        return not stated, not record.abstract.strip(), nameless, -len(record.abstract), _content(record), place

    return sorted(group, key=rank) if len(group) > 1 else group


def _united(group: Sequence[Paper]) -> Paper:
    """One paper of the records of a group, the first of which speaks for it."""
    first = group[0]
    if len(group) == 1 and _is_united(first):
        return first
    signed = [record for record in group if record.authors]
    author = min(signed, key=lambda record: record.anonymous, default=first)
    return replace(
        first,
        ids=tuple(sorted({pair for record in group for pair in record.ids})),
        authors=author.authors,
        anonymous=author.anonymous,
        published=next((record.published for record in group if record.published), None),
        venue=next((record.venue for record in group if record.venue), None),
        urls=tuple({role: (role, url) for record in reversed(group) for role, url in record.urls}.values()),
        declared=_declared([record.declared for record in group]),
    )


def _is_united(record: Paper) -> bool:
    """Whether a record has nothing twice and its identifiers in order: alone, it is its paper."""
    rows = (record.urls, record.declared.tasks, record.declared.keywords)
    roles = {role for role, _ in record.urls}
    texts = (record.published, record.venue, record.declared.repository, record.declared.framework)
    return (
        list(record.ids) == sorted(set(record.ids))
        and len(roles) == len(record.urls)
        and all(len(set(row)) == len(row) for row in rows)
        and "" not in texts
    )


def _declared(every: Sequence[Declared]) -> Declared:
    return Declared(
        tasks=tuple(dict.fromkeys(task for declared in every for task in declared.tasks)),
        keywords=tuple(dict.fromkeys(keyword for declared in every for keyword in declared.keywords)),
        repository=next((declared.repository for declared in every if declared.repository), None),
        framework=next((declared.framework for declared in every if declared.framework), None),
    )


def _named(papers: Sequence[Paper]) -> list[Paper]:
    """The papers with the ids that they have now; those that would share one get a hash of more and more of them."""
    names = [paper_id(paper.ids, paper.title, paper.year) for paper in papers]
    for longer in (_by_title, _by_content):
        taken = Counter(names)
        names = [longer(paper) if taken[name] > 1 else name for name, paper in zip(names, papers, strict=True)]
    return [paper if paper.id == name else replace(paper, id=name) for name, paper in zip(names, papers, strict=True)]


def _by_title(paper: Paper) -> str:
    return paper_id((), paper.title, paper.year)


def _by_content(paper: Paper) -> str:
    return hashed(*_content(paper))


def _reasons(paper: str, group: Sequence[Paper]) -> Iterator[tuple[str, str, str]]:
    """Why each record but the first is in the group: its strongest identifier that another has too, or its title."""
    shared = Counter(pair for record in group for pair in record.ids)
    for record in group[1:]:
        best = min((pair for pair in record.ids if shared[pair] > 1), key=strength, default=None)
        yield paper, record.id, f"the same {best[0]} {best[1]}" if best else "the same title"
