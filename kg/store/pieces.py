"""A graph in pieces: papers with all that is said of them, and then the rest, so that no piece is large."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.store.parsed import Term, term
from kg.vocab import FABIO, KG, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Outside", "Triple", "Triples", "pieces"]

_TYPE: Final = ox.NamedNode(str(names.RDF.type))
_PAPER: Final = ox.NamedNode(str(FABIO.ResearchPaper))
_OF_PAPER: Final = (ox.NamedNode(str(names.RDF.subject)), ox.NamedNode(str(KG.paper)))
_REMEMBERED: Final = 1 << 20
_REST: Final = 10  # subjects for a paper

Triple = tuple[str, str, Term]
Triples = list[Triple]
_Node = ox.NamedNode | ox.BlankNode | ox.Triple


def pieces(store: ox.Store, size: int) -> Iterator[Triples]:
    """The triples of a store, each once: of so many papers with their claims, sentences and results, then of the rest.

    All triples of a subject are in one piece.
    """
    done: set[int] = set()
    papers = sorted((quad.subject for quad in store.quads_for_pattern(None, _TYPE, _PAPER)), key=str)
    for some in _some(papers, size):
        subjects = dict.fromkeys(chain(some, *(_said_of(store, paper) for paper in some)))
        fresh = [subject for subject in subjects if hash(subject) not in done]
        done.update(map(hash, fresh))
        yield list(_of(store, fresh))
    rest = {quad.subject for quad in store if hash(quad.subject) not in done}
    for some in _some(sorted(rest, key=str), _REST * size):
        yield list(_of(store, some))


def _some(subjects: Iterable[_Node], size: int) -> Iterator[list[_Node]]:
    rest = iter(subjects)
    while some := list(islice(rest, size)):
        yield some


def _said_of(store: ox.Store, paper: _Node) -> Iterator[_Node]:
    for predicate in _OF_PAPER:
        yield from (quad.subject for quad in store.quads_for_pattern(None, predicate, paper))


def _of(store: ox.Store, subjects: Iterable[_Node]) -> Iterator[Triple]:
    for subject in subjects:
        for quad in store.quads_for_pattern(subject, None, None):
            yield str(term(quad.subject)), quad.predicate.value, term(quad.object)


class Outside:
    """What a store says of a node that is in another piece."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.values = lru_cache(_REMEMBERED)(self._values)

    def __contains__(self, node: str) -> bool:
        """Whether the store says anything of a node."""
        if self.values(node, _TYPE.value):  # remembered, and nearly all have one
            return True
        return next(self._store.quads_for_pattern(ox.NamedNode(node), None, None), None) is not None

    def _values(self, node: str, predicate: str) -> tuple[Term, ...]:
        found = self._store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(predicate), None)
        return tuple(term(quad.object) for quad in found)
