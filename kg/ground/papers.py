"""Which records are the same paper.

Two records are one paper if they share an identifier, or if their normalised titles are equal, their years at most
one apart (an unknown year matches) and their authors do not conflict: the first is the same, or half of the fewer
are the same ("Anonymous" and nobody conflict with nobody). A conference paper and its journal version have the same
title and authors and may be six years apart. A source's own key counts only if the titles are equal too: tables
number their rows, and in one of our corpora hundreds of papers have the key "cvpr2016-None". A title
that many papers may have, such as "Preface", says nothing unless the abstract is equal too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.ground.versions import Facts, Sets, chains, facts_of, signed
from kg.model import Declared
from kg.sources.identifiers import hashed, normal, paper_id, strength

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.model import Paper

__all__ = ["Merged", "merge", "tokens"]

_WORDS: Final = 3  # that a title needs to name one paper
_SIGNS: Final = 8  # the same, in scripts that do not set words apart
_VERSION: Final = re.compile(
    r"\s*[(\[](?:extended abstract|extended version|abstract reprint|reprint|short paper|retracted)[)\]]\s*$",
    re.IGNORECASE,
)
_NAMES: Final = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi pi rho sigma tau phi chi psi omega"
)
_LETTERS: Final = {
    name.replace("lamda", "lambda"): unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}") for name in _NAMES.split()
}
_GREEK: Final = re.compile(rf"\\({'|'.join(_LETTERS)})(?![a-z])")
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
    sets = Sets(len(records))
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


def tokens(record: Paper) -> set[tuple[str, ...]]:
    """What two records share at least one of if `merge` of them and others can depend on both.

    They may share more than `merge` asks for: the records of one title or key are many papers.
    """
    title = normal(record.title) or record.title
    return {*record.ids, ("title", title), ("title", _title(record.title)[0])}


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
    titles = _telling(record)
    for pair in record.ids:
        if pair[0] == "key":
            yield from ((*pair, *title) for title in titles)
        else:
            yield pair
    if not titles:
        yield _content(record)


def _compared(title: str) -> str:
    r"""A title without what tells a version of a paper, and with Greek letters for their LaTeX commands.

    >>> _compared("RAFT for Optical Flow (Extended Abstract)"), _compared(r"$\beta$-VAE")
    ('RAFT for Optical Flow', '$β$-VAE')
    """
    return _GREEK.sub(lambda found: _LETTERS[found[1]], _VERSION.sub("", title))


def _telling(record: Paper) -> tuple[tuple[str, str], ...]:
    """The title as it is compared, with the abstract if the title tells nothing; empty if neither does."""
    title, tells = _title(record.title)
    if tells:
        return ((title, ""),)
    abstract = normal(record.abstract)
    return ((title, abstract),) if title and abstract else ()


def _title(text: str) -> tuple[str, bool]:
    """A title as it is compared, and whether it names one paper."""
    title, words = _words(text)
    tells = len(words) >= _WORDS or sum(not sign.isascii() for sign in title) >= _SIGNS
    return title, tells and words[0] not in _OPENINGS


@lru_cache(1 << 18)
def _words(text: str) -> tuple[str, tuple[str, ...]]:
    """A title as it is compared, and its first words, as many as it needs to name one paper."""
    compared = _compared(text)
    return normal(compared), tuple(islice(filter(None, map(normal, compared.split())), _WORDS))


def _short(record: Paper) -> Iterator[tuple[str, ...]]:
    """A title that tells nothing without its authors, such as "Online Meta-Learning"."""
    title, words = _words(record.title)
    if title and 1 < len(words) < _WORDS and words[0] not in _OPENINGS:
        yield (title,)


def _join_by_titles(records: Sequence[Paper], sets: Sets) -> None:
    """Join groups with equal titles, one title after the other: what is known of a group grows with it."""
    titles = [sorted(_buckets(records, tokens).items()) for tokens in (_telling, _short)]
    known = {sets.root(member): Facts() for rows in titles for _, members in rows for member in members}
    for index, record in enumerate(records):
        if (root := sets.root(index)) in known:
            known[root] += facts_of(record)
    for rows, parted in zip(titles, (chains, signed), strict=True):
        for _, members in rows:
            for same in parted({root: known[root] for root in map(sets.root, members)}):
                together = sum((known[sets.root(member)] for member in same), Facts())
                known[sets.join(same)] = together


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
        versions=_versions(group),
    )


def _versions(group: Sequence[Paper]) -> tuple[tuple[str, str], ...]:
    """The texts of the others that differ from the first in more than spelling."""
    first = group[0]
    known = {(normal(first.title), normal(first.abstract))}
    found = []
    for record in group[1:]:
        key = normal(record.title), normal(record.abstract)
        if key not in known and (key[1] or key[0] != normal(first.title)):
            known.add(key)
            found.append((record.title, record.abstract))
    return tuple(sorted(found))


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
        and not (record.declared.repositories or record.declared.claims or record.declared.results)
    )


def _declared(every: Sequence[Declared]) -> Declared:
    """All that the records of a group declare; of several repositories of the paper's own one stays that, as of old."""
    own = next((declared.repository for declared in every if declared.repository), None)
    others = {other for declared in every for other in (declared.repository, *declared.repositories) if other}
    return Declared(
        tasks=tuple(dict.fromkeys(task for declared in every for task in declared.tasks)),
        keywords=tuple(dict.fromkeys(keyword for declared in every for keyword in declared.keywords)),
        repository=own,
        framework=next((declared.framework for declared in every if declared.framework), None),
        repositories=tuple(sorted(others - {own})),
        claims=tuple(sorted({claim for declared in every for claim in declared.claims})),
        results=tuple(dict.fromkeys(result for declared in every for result in declared.results)),
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
    if len(group) == 1:
        return
    shared = Counter(pair for record in group for pair in record.ids)
    for record in group[1:]:
        best = min((pair for pair in record.ids if shared[pair] > 1), key=strength, default=None)
        yield paper, record.id, f"the same {best[0]} {best[1]}" if best else "the same title"
