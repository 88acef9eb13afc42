"""A graph in memory, indexed for the questions that shapes and checks ask: plain values, no library's terms."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import rdflib

from kg.store.parsed import Words
from kg.terms import offsets
from kg.vocab import BASE, KG, ONTOLOGY, PREFIXES, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.store.parsed import Term
    from kg.store.pieces import Outside

__all__ = ["Data", "name", "read"]

_LONGEST = 80
_TYPE, _PARENT = str(names.RDF.type), str(names.RDFS.subClassOf)


class Data:
    """The triples of a graph, or of a piece of one, by subject and predicate."""

    def __init__(self, triples: Iterable[tuple[str, str, Term]], outside: Outside | None = None) -> None:
        """Index the triples, each once. `outside` knows the nodes of other pieces."""
        self._outside = outside
        found: dict[str, dict[str, dict[Term, None]]] = {}
        for subject, predicate, value in triples:
            found.setdefault(subject, {}).setdefault(predicate, {})[value] = None
        self.said: Mapping[str, Mapping[str, Mapping[Term, None]]] = found

    def values(self, subject: Term | None, predicate: str) -> Sequence[Term]:
        """Give all values of a property."""
        if not isinstance(subject, str):
            return ()
        found = self.said.get(subject)
        if found is None and self._outside is not None and not subject.startswith("_:"):
            return self._outside.values(subject, predicate)
        return tuple((found or {}).get(predicate, ()))

    def has(self, node: str) -> bool:
        """Whether the graph says anything of a node."""
        return node in self.said or (self._outside is not None and node in self._outside)

    def value(self, subject: Term | None, predicate: str) -> Term | None:
        """Give one value of a property, or None."""
        return next(iter(self.values(subject, predicate)), None)

    def triples(self) -> Iterator[tuple[str, str, Term]]:
        """Give all triples."""
        for subject, pairs in self.said.items():
            for predicate, values in pairs.items():
                for value in values:
                    yield subject, predicate, value

    def pairs(self, predicate: str) -> Iterator[tuple[str, Term]]:
        """Give subject and value of all triples of a property."""
        return ((subject, value) for subject, pairs in self.said.items() for value in pairs.get(predicate, ()))

    def instances(self, kind: str) -> list[str]:
        """Give all that is of a class or of one below it."""
        kinds = self._below[kind]
        return [subject for subject, pairs in self.said.items() if not kinds.isdisjoint(pairs.get(_TYPE, ()))]

    def is_a(self, node: Term, kind: str) -> bool:
        """Whether a node is of a class or of one below it."""
        return not self._below[kind].isdisjoint(self.values(node, _TYPE))

    def span(self, node: Term | None) -> tuple[int, int] | None:
        """Give the offsets of a node, if it has some."""
        value = self.value(node, str(KG.span))
        return offsets(value.text) if isinstance(value, Words) else None

    def claim(self, node: str) -> tuple[Term | None, ...]:
        """Give what a claim says."""
        return tuple(self.value(node, str(prop)) for prop in (names.RDF.subject, names.RDF.predicate, names.RDF.object))

    def name(self, node: Term | None) -> str:
        """Name a node for a person; a claim by what it claims."""
        if isinstance(node, str) and self.is_a(node, str(KG.Claim)):
            return f"{name(node)} ({' '.join(name(part) if part else '?' for part in self.claim(node))})"
        return name(node)

    @cached_property
    def _below(self) -> _Classes:
        return _Classes(self.pairs(_PARENT))


class _Classes(dict[str, frozenset["Term"]]):
    """For each class, itself and all classes below it."""

    def __init__(self, parents: Iterable[tuple[str, Term]]) -> None:
        super().__init__()
        self._children: dict[Term, set[str]] = defaultdict(set)
        for child, parent in parents:
            self._children[parent].add(child)

    def __missing__(self, kind: str) -> frozenset[Term]:
        found, waiting = set[str](), [kind]
        while waiting:
            child = waiting.pop()
            if child not in found:
                found.add(child)
                waiting += self._children.get(child, ())
        self[kind] = frozenset(found)
        return self[kind]


@lru_cache(maxsize=1 << 16)
def read(words: Words) -> rdflib.Literal:
    """Read a literal: its value as Python's, and whether it is what its datatype promises."""
    return rdflib.Literal(words.text, datatype=rdflib.URIRef(words.datatype), normalize=False)


def name(node: Term | None) -> str:
    """Name a node for a person: short, on one line."""
    if isinstance(node, str):
        short = node.removeprefix(BASE) if not node.startswith(ONTOLOGY) else _curie(node)
        return _curie(node) if short == node else short
    text = repr(node.text if node else str(node))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]}…{text[0]}"


def _curie(node: str) -> str:
    for prefix, space in PREFIXES.items():
        if node.startswith(space):
            return f"{prefix}:{node[len(space) :]}"
    return f"<{node}>"
