"""The names of entities and the titles of papers in SQLite's full-text index, kept in the directory of the graph.

`search.sqlite` is made anew once the store has changed. A graph that is not in a directory, or in one that cannot be
written to, has its index in memory.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from kg.model import KINDS, PREDICATES
from kg.queries.entities import key
from kg.store.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.store import Graph

__all__ = ["FILE", "Index", "Known", "index", "is_kept"]

Index = sqlite3.Connection
Entity = tuple[str, str, str, int]
Paper = tuple[str, str, int | None]
#: Gives IRI, kind, label and papers of each entity, and IRI, title and year of each paper.
Known = Callable[[], tuple[Iterable[Entity], Iterable[Paper]]]

FILE: Final = "search.sqlite"
#: Another number for another content of the file.
_LAYOUT: Final = "1"
#: Of longer names and titles the rest is not searched, in characters.
_LONGEST: Final = 500
# Rows are numbered in the order in which they are shown: a search may stop at the first ones.
_TABLES: Final = """
CREATE TABLE about (key TEXT);
CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, label TEXT, papers INTEGER);
CREATE TABLE name (id INTEGER PRIMARY KEY, entity INTEGER, name TEXT, key TEXT);
CREATE TABLE paper (id INTEGER PRIMARY KEY, iri TEXT, title TEXT, year INTEGER, key TEXT);
CREATE VIRTUAL TABLE names USING fts5(name, content='', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
CREATE VIRTUAL TABLE titles USING fts5(title, content='', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
"""
_INDICES: Final = "CREATE INDEX by_name ON name (key); CREATE INDEX by_title ON paper (key);"
_OF: Final = "SELECT ?thing WHERE {{ ?thing a {kind} }}"
_ABOUT: Final = "SELECT ?thing ?value WHERE {{ ?thing {term} ?value }}"
_COUNTED: Final = f"""
SELECT ?thing (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
  ?paper {"|".join(f"kg:{predicate}" for predicate in PREDICATES)} ?thing
}} GROUP BY ?thing
"""


def index(graph: Graph, known: Known | None = None) -> Index:
    """Give the index of a graph: the one that is kept, if the store is still the same, else a new one, kept.

    `known` gives what is counted already, if the caller has it: to count anew takes a large graph minutes.
    """
    directory = graph.directory
    now = stamp(directory) if directory else None
    if directory is None or now is None:
        return _made(graph, known, ":memory:", "")
    wanted = f"{_LAYOUT} {now}"
    kept = _kept(directory / FILE, wanted)
    if kept is not None:
        return kept
    with contextlib.suppress(OSError, sqlite3.OperationalError):
        _keep(graph, known, directory / FILE, wanted)
        kept = _kept(directory / FILE, wanted)
    return kept or _made(graph, known, ":memory:", "")


def is_kept(directory: Path) -> bool:
    """Tell whether the directory of a graph holds the index of its store as it is now."""
    found = _kept(directory / FILE, f"{_LAYOUT} {stamp(directory)}")
    if found is not None:
        found.close()
    return found is not None


def _kept(path: Path, wanted: str) -> Index | None:
    """Open the file; None if it is of another store, or no such file, or damaged."""
    try:
        found = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        if found.execute("SELECT key FROM about").fetchone() == (wanted,):
            return found
        found.close()
    except sqlite3.DatabaseError:
        return None
    return None


def _keep(graph: Graph, known: Known | None, path: Path, wanted: str) -> None:
    made = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        _made(graph, known, str(made), wanted).close()
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _made(graph: Graph, known: Known | None, path: str, wanted: str) -> Index:
    made = sqlite3.connect(path, check_same_thread=False)
    made.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
    listed, titled = known() if known else (_entities(graph), _papers(graph))
    cut = ((iri, kind, label[:_LONGEST], papers) for iri, kind, label, papers in listed)
    entities = sorted(cut, key=lambda each: (-each[3], each[2].casefold(), each[0]))
    number = {iri: at for at, (iri, *_) in enumerate(entities)}
    made.executemany("INSERT INTO entity VALUES (?, ?, ?, ?, ?)", ((at, *row) for at, row in enumerate(entities)))
    names = sorted({(number[iri], False, label) for iri, _, label, _ in entities} | set(_aliases(graph, number)))
    made.executemany(
        "INSERT INTO name VALUES (?, ?, ?, ?)",
        ((at, entity, name, key(name)) for at, (entity, _, name) in enumerate(names)),
    )
    made.executemany("INSERT INTO names (rowid, name) VALUES (?, ?)", ((at, row[2]) for at, row in enumerate(names)))
    short = ((iri, title[:_LONGEST], year) for iri, title, year in titled)
    papers = sorted(short, key=lambda each: (-(each[2] or 0), each[1].casefold(), each[0]))
    made.executemany(
        "INSERT INTO paper VALUES (?, ?, ?, ?, ?)", ((at, *row, key(row[1])) for at, row in enumerate(papers))
    )
    made.executemany("INSERT INTO titles (rowid, title) VALUES (?, ?)", ((at, row[1]) for at, row in enumerate(papers)))
    made.executescript(_INDICES)
    made.execute("INSERT INTO about VALUES (?)", (wanted,))
    made.commit()
    return made


def _entities(graph: Graph) -> Iterator[Entity]:
    """Give IRI, kind, label and papers of each; of several kinds or labels the first."""
    counts = {str(row["thing"]): int(str(row["papers"])) for row in graph.select(_COUNTED)}
    labels = _first(graph, "skos:prefLabel")
    seen: set[str] = set()
    for kind in KINDS:
        for row in graph.select(_OF.format(kind=f"kg:{kind}")):
            iri = str(row["thing"])
            if iri not in seen:
                seen.add(iri)
                yield iri, kind, labels.get(iri, iri), counts.get(iri, 0)


def _aliases(graph: Graph, number: dict[str, int]) -> Iterator[tuple[int, bool, str]]:
    for row in graph.select(_ABOUT.format(term="skos:altLabel")):
        if (at := number.get(str(row["thing"]))) is not None:
            yield at, True, str(row["value"])[:_LONGEST]


def _papers(graph: Graph) -> Iterator[Paper]:
    titles, years = _first(graph, "dcterms:title"), _first(graph, "kg:year")
    for row in graph.select(_OF.format(kind="fabio:ResearchPaper")):
        iri = str(row["thing"])
        year = years.get(iri, "")
        yield iri, titles.get(iri, iri), int(year) if year.isdecimal() else None


def _first(graph: Graph, term: str) -> dict[str, str]:
    """Give what is said of each thing; of several values the first in the alphabet."""
    found: dict[str, str] = {}
    for row in graph.select(_ABOUT.format(term=term)):
        thing, value = str(row["thing"]), str(row["value"])
        found[thing] = min(value, found.get(thing, value))
    return found
