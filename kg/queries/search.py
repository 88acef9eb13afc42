"""Entities and papers by their names, or by words of them: an index answers, not the store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.queries.entities import key
from kg.queries.index import index
from kg.store import Graph

if TYPE_CHECKING:
    from kg.queries.index import Index

__all__ = ["EntityHit", "Hits", "PaperHit", "search"]

_WORD: Final = re.compile(r"[^\W_]+")
_WORDS: Final = 12
#: A name has so many characters at least for its middle to be found without its hyphens.
_SHORTEST: Final = 3
_LONGEST: Final = 500
_NAMED: Final = """
SELECT entity.iri, entity.kind, entity.label, entity.papers, name.name FROM name JOIN entity ON entity.id = name.entity
WHERE {which} ORDER BY name.id LIMIT ?
"""
_TITLED: Final = "SELECT iri, title, year FROM paper WHERE {which} ORDER BY id LIMIT ?"
_AMONG: Final = "name.id IN (SELECT rowid FROM names WHERE names MATCH ? ORDER BY rowid LIMIT ?)"
_AMONG_TITLES: Final = "id IN (SELECT rowid FROM titles WHERE titles MATCH ? ORDER BY rowid LIMIT ?)"


@dataclass(frozen=True, slots=True)
class EntityHit:
    """An entity, the number of papers that name it, and the name of it that was found."""

    iri: str
    kind: str
    label: str
    papers: int
    name: str


@dataclass(frozen=True, slots=True)
class PaperHit:
    """A paper that was found by its title."""

    iri: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, the best first; `text` is what was searched for."""

    text: str
    entities: tuple[EntityHit, ...]
    papers: tuple[PaperHit, ...]

    def _repr_html_(self) -> str:
        """Give what was found as a notebook shows it."""
        from kg.queries.shown import hits_html  # noqa: PLC0415 - only notebooks need it

        return hits_html(self)


def search(graph: Graph | Index, text: str, *, limit: int = 10) -> Hits:
    """Find at most `limit` entities and as many papers.

    Entities: first those with this name, whatever the case, hyphens or a plural s; then those with a name that begins
    so; then those whose name has all the words, the last one perhaps not to its end. Within each, by their papers.
    Papers: by title first, then those with all the words in their title, newest first.
    """
    text = text[:_LONGEST]
    names = index(graph) if isinstance(graph, Graph) else graph
    words = [f'"{word}"' for word in _WORD.findall(text)[:_WORDS]]
    wanted = key(text)
    if not words:
        return Hits(text, (), ())
    phrase = " + ".join(words) + " *"
    every = " ".join(words) + " *"
    entities: dict[str, EntityHit] = {}
    papers: dict[str, PaperHit] = {}
    more = limit * 4  # of several names of an entity the first counts
    steps = [("name.key = ?", (wanted, more)), (_AMONG, (f"^ {phrase}", more, more))]
    if len(wanted) >= _SHORTEST:
        steps.append(("name.key >= ? AND name.key < ?", (wanted, wanted + "\U0010ffff", more)))
    for which, values in [*steps, (_AMONG, (every, more, more))]:
        if len(entities) >= limit:
            break
        for row in names.execute(_NAMED.format(which=which), values):
            entities.setdefault(row[0], EntityHit(*row))
    for which, values in [("key = ?", (wanted, limit)), (_AMONG_TITLES, (every, limit, limit))]:
        for row in names.execute(_TITLED.format(which=which), values):
            papers.setdefault(row[0], PaperHit(*row))
    return Hits(text, tuple(entities.values())[:limit], tuple(papers.values())[:limit])
