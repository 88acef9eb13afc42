"""Whether a graph is well made, in words: the shapes of `ontologies/shapes.ttl`, and what SHACL cannot say quickly."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg import ontology
from kg.store.parsed import parsed
from kg.validate.checks import CHECKS
from kg.validate.data import Data, name
from kg.validate.shacl import faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Graph

__all__ = ["Verdict", "validate", "validated"]

_MOST: Final = 5
_PAPERS: Final = 2000  # at a time


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a graph conforms, and if not why: one line for each fault, sorted."""

    conforms: bool
    messages: tuple[str, ...] = ()


def validate(graph: str | Iterable[str]) -> Verdict:
    """Check a graph, given as Turtle text or as lines of N-Triples.

    The ontology's own triples are known and may be left out. Raises GraphError if the text is not RDF.

    >>> validate("<https://w3id.org/ml-kg/paper/x> <https://w3id.org/ml-kg/ontology#title> 'X' .").messages
    ('paper/x: kg:title is no term of the ontology',)
    """
    given = parsed(graph, format="turtle") if isinstance(graph, str) else parsed("\n".join(graph), format="n-triples")
    data = Data(chain(given, parsed(ontology.read("schema.ttl"), format="turtle")))
    with _quietly():
        found = sorted({line for check in (_shapes, *CHECKS) for line in check(data)})
    return Verdict(conforms=not found, messages=tuple(found))


def validated(graph: Graph, papers: int = _PAPERS) -> Verdict:
    """Check an open graph, so many papers at a time: the memory does not grow with the graph, but for its IRIs.

    A graph on a server is checked as a whole.
    """
    parts = graph.pieces(papers)
    if parts is None:
        return validate(graph.lines())
    ours = list(parsed(ontology.read("schema.ttl"), format="turtle"))
    found: set[str] = set()
    with _quietly():
        for triples in parts[0]:
            data = Data(chain(triples, ours), parts[1])
            found.update(line for check in (_shapes, *CHECKS) for line in check(data))
    return Verdict(conforms=not found, messages=tuple(sorted(found)))


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep rdflib from logging a stack trace for each bad literal."""
    log = logging.getLogger("rdflib.term")
    disabled, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = disabled


def _shapes(data: Data) -> Iterator[str]:
    """Check what the shapes say; each message is the rule, then what was found instead."""
    for node, path, rule in faults(data):
        if path is None:
            yield f"{data.name(node)}: {rule}"
        else:
            values = sorted(map(name, data.values(node, path)))
            shown = values if len(values) <= _MOST else [*values[:_MOST], "and more"]
            yield f"{data.name(node)}: {rule} Here {name(path)} is {', '.join(shown) or 'absent'}."
