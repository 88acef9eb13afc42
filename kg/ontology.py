"""The files of `ontologies/`: where they are, and the vocabulary that they hold.

An installed wheel carries them inside the package; a checkout has them beside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.model import KINDS, Entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.model import Kind

__all__ = [
    "VOCABULARIES",
    "Ambiguous",
    "Concept",
    "Sense",
    "ambiguous",
    "concepts",
    "digest",
    "digest_of_all",
    "folder",
    "only_annotated",
    "read",
    "schema",
    "vocabulary",
]

#: The file that has the curated entities of a kind.
VOCABULARIES: Mapping[Kind, str] = {
    "Dataset": "datasets.ttl",
    "Method": "methods.ttl",
    "Metric": "metrics.ttl",
    "Task": "tasks.ttl",
}

_SOURCE = "http://purl.org/dc/terms/source"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_KINDS: dict[str, Kind] = {f"https://w3id.org/ml-kg/ontology#{kind}": kind for kind in KINDS}
_LINKS = ("exactMatch", "closeMatch")


_SENSE = 4


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that an ambiguous name stands for.

    `share` is how large a part of the definitions of the name in the corpora gives this sense among those listed;
    `words` stand in texts of this sense and seldom in those of the others.
    """

    kind: Kind
    label: str
    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that stands for several entities, the most frequent sense first."""

    name: str
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """An entity as a file of the vocabulary has it, right or wrong."""

    file: str
    iri: str
    kind: Kind
    labels: tuple[str, ...]
    aliases: tuple[str, ...]
    broader: tuple[str, ...]
    sources: tuple[str, ...]


def folder() -> Path:
    """The directory of the ontology files, in the package or beside it."""
    package = Path(__file__).parent
    for place in (package / "ontologies", package.parent / "ontologies"):
        if (place / "schema.ttl").is_file():
            return place
    raise OntologyError(f"no ontologies/schema.ttl in {package} or beside it: install the package again")


def read(name: str) -> str:
    """The text of one ontology file, such as "schema.ttl"."""
    path = folder() / name
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise OntologyError(f"{path}: {error.strerror}: install the package again") from error


@cache
def schema() -> tuple[str, ...]:
    """The statements of schema.ttl as N-Triples lines, so that a graph knows which predicate is part of which."""
    try:
        found = ox.parse(read("schema.ttl"), format=ox.RdfFormat.TURTLE)
        return tuple(sorted(f"{quad.triple} ." for quad in found))
    except SyntaxError as error:
        raise OntologyError(f"{folder() / 'schema.ttl'}: {error}") from error


@cache
def digest() -> str:
    """The SHA-256 of the vocabulary, which a build records."""
    return hashlib.sha256("\n".join(read(name) for name in VOCABULARIES.values()).encode()).hexdigest()


@cache
def digest_of_all() -> str:
    """The SHA-256 of all that a build takes from here: the vocabulary, ambiguous names, and the terms."""
    names = (*VOCABULARIES.values(), "ambiguous.tsv", "schema.ttl")
    return hashlib.sha256("\n".join(read(name) for name in names).encode()).hexdigest()


@cache
def vocabulary() -> tuple[Entity, ...]:
    """All curated entities, by IRI."""
    return tuple(sorted(entity for name in VOCABULARIES.values() for entity in _entities(name)))


@cache
def only_annotated() -> tuple[Entity, ...]:
    """The curated entities that no list has: they are known from annotated papers alone."""
    found: dict[str, set[str]] = {}
    for name in VOCABULARIES.values():
        for quad in ox.parse(read(name), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == _SOURCE:
                found.setdefault(str(quad.subject), set()).add(str(quad.object))
    alone = {subject for subject, sources in found.items() if sources == {'"annotated"'}}
    return tuple(entity for entity in vocabulary() if f"<{entity.iri}>" in alone)


def concepts(path: Path) -> tuple[Concept, ...]:
    """The entities of one file of a vocabulary, by IRI, as they stand there."""
    store = _store(path, path.read_text("utf-8"))
    return tuple(
        Concept(
            file=path.name,
            iri=subject.value,
            kind=kind,
            labels=_values(store, subject, _SKOS + "prefLabel"),
            aliases=_values(store, subject, _SKOS + "altLabel"),
            broader=_values(store, subject, _SKOS + "broader"),
            sources=_values(store, subject, _SOURCE),
        )
        for subject, kind in sorted(_subjects(store), key=str)
    )


def ambiguous(place: Path | None = None) -> tuple[Ambiguous, ...]:
    """The names of ambiguous.tsv, of our own vocabulary or of another folder (which may have none)."""
    path = (place or folder()) / "ambiguous.tsv"
    if place and not path.is_file():
        return ()
    rows = [
        (number, line.split("\t"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    for number, row in rows:
        if len(row) != _SENSE + 1 or row[1] not in KINDS or not row[3].isdecimal() or row[3] == "0":
            raise OntologyError(f"{path}:{number}: not a name, a kind, a label, a count and words, with tabs between")
    return tuple(
        _ambiguous(name, [row for _, row in group]) for name, group in groupby(rows, key=lambda each: each[1][0])
    )


def _ambiguous(name: str, rows: list[list[str]]) -> Ambiguous:
    kinds = {str(kind): kind for kind in KINDS}
    total = sum(int(row[3]) for row in rows)
    senses = [Sense(kinds[row[1]], row[2], int(row[3]) / total, tuple(row[4].split())) for row in rows]
    return Ambiguous(name, tuple(sorted(senses, key=lambda sense: (-sense.share, sense.label))))


def _entities(name: str) -> Iterator[Entity]:
    store = _store(folder() / name, read(name))
    for subject, kind in _subjects(store):
        yield Entity(
            iri=subject.value,
            kind=kind,
            label=_values(store, subject, _SKOS + "prefLabel")[0],
            aliases=_values(store, subject, _SKOS + "altLabel"),
            links=tuple((link, iri) for link in _LINKS for iri in _values(store, subject, _SKOS + link)),
            broader=_values(store, subject, _SKOS + "broader"),
        )


def _store(path: Path, text: str) -> ox.Store:
    store = ox.Store()
    try:
        store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise OntologyError(f"{path}: {error}") from error
    return store


def _subjects(store: ox.Store) -> Iterator[tuple[ox.NamedNode, Kind]]:
    for quad in store.quads_for_pattern(None, _TYPE, None, None):
        subject, kind = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(kind, ox.NamedNode) and kind.value in _KINDS:
            yield subject, _KINDS[kind.value]


def _values(store: ox.Store, subject: ox.NamedNode, predicate: str) -> tuple[str, ...]:
    found = store.quads_for_pattern(subject, ox.NamedNode(predicate), None, None)
    return tuple(sorted(q.object.value for q in found if isinstance(q.object, (ox.NamedNode, ox.Literal))))
