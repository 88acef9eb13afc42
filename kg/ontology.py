"""The files of `ontologies/`: where they are, and the vocabulary that they hold.

An installed wheel carries them inside the package; a checkout has them beside it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.model import KINDS, Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Kind

__all__ = ["VOCABULARIES", "digest", "folder", "only_annotated", "read", "schema", "vocabulary"]

VOCABULARIES = ("datasets.ttl", "methods.ttl", "metrics.ttl", "tasks.ttl")

_SOURCE = "http://purl.org/dc/terms/source"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_KINDS: dict[str, Kind] = {f"https://w3id.org/ml-kg/ontology#{kind}": kind for kind in KINDS}
_LINKS = ("exactMatch", "closeMatch")


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
    return hashlib.sha256("\n".join(read(name) for name in VOCABULARIES).encode()).hexdigest()


@cache
def vocabulary() -> tuple[Entity, ...]:
    """All curated entities, by IRI."""
    return tuple(sorted(entity for name in VOCABULARIES for entity in _entities(name)))


@cache
def only_annotated() -> tuple[Entity, ...]:
    """The curated entities that no list has: they are known from annotated papers alone."""
    found: dict[str, set[str]] = {}
    for name in VOCABULARIES:
        for quad in ox.parse(read(name), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == _SOURCE:
                found.setdefault(str(quad.subject), set()).add(str(quad.object))
    alone = {subject for subject, sources in found.items() if sources == {'"annotated"'}}
    return tuple(entity for entity in vocabulary() if f"<{entity.iri}>" in alone)


def _entities(name: str) -> Iterator[Entity]:
    try:
        store = ox.Store()
        store.load(read(name).encode(), format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise OntologyError(f"{folder() / name}: {error}") from error
    for quad in store.quads_for_pattern(None, _TYPE, None, None):
        subject, kind = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(kind, ox.NamedNode) and kind.value in _KINDS:
            yield _entity(store, subject, _KINDS[kind.value])


def _entity(store: ox.Store, subject: ox.NamedNode, kind: Kind) -> Entity:
    def values(local: str) -> tuple[str, ...]:
        found = store.quads_for_pattern(subject, ox.NamedNode(_SKOS + local), None, None)
        return tuple(sorted(q.object.value for q in found if isinstance(q.object, (ox.NamedNode, ox.Literal))))

    return Entity(
        iri=subject.value,
        kind=kind,
        label=values("prefLabel")[0],
        aliases=values("altLabel"),
        links=tuple((link, iri) for link in _LINKS for iri in values(link)),
        broader=values("broader"),
    )
