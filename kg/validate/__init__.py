"""Whether a graph is well made, in words: the shapes of `ontologies/shapes.ttl`, and what SHACL cannot say quickly."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg import ontology
from kg.store import Graph
from kg.store.parsed import parsed
from kg.validate.checks import CHECKS
from kg.validate.data import Data, name
from kg.validate.shacl import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.store.pieces import Triple

__all__ = ["Verdict", "validate"]

_MOST: Final = 5
_PAPERS: Final = 2000  # at a time


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a graph conforms, and if not why: one line for each fault, sorted."""

    conforms: bool
    messages: tuple[str, ...] = ()


def validate(
    graph: Graph | str | Iterable[str], *, papers: int = _PAPERS, watch: Callable[[int], object] | None = None
) -> Verdict:
    """Check a graph that is open, or given as Turtle text or as lines of N-Triples.

    An open one that is kept here is checked so many `papers` at a time: memory does not grow with it, but for its IRIs.
    `watch` is told after each piece how many papers it and those before it have room for.
    The ontology's own triples are known and may be left out. Raises GraphError if the text is not RDF.

    >>> validate("<https://w3id.org/ml-kg/paper/x> <https://w3id.org/ml-kg/ontology#title> 'X' .").messages
    ('paper/x: kg:title is no term of the ontology',)
    """
    ours = list(parsed(ontology.read("schema.ttl"), format="turtle"))
    found: set[str] = set()
    with _quietly():
        for number, data in enumerate(_data(graph, ours, papers), 1):
            found.update(line for check in (_shapes, *CHECKS) for line in check(data))
            if watch is not None:
                watch(number * papers)
    return Verdict(conforms=not found, messages=tuple(sorted(found)))


def _data(graph: Graph | str | Iterable[str], ours: Sequence[Triple], papers: int) -> Iterator[Data]:
    """A graph whole, or one piece after the other."""
    pieces = graph.pieces(papers) if isinstance(graph, Graph) else None
    if pieces is not None:
        triples, outside = pieces
        yield from (Data(chain(some, ours), outside) for some in triples)
    elif isinstance(graph, str):
        yield Data(chain(parsed(graph, format="turtle"), ours))
    else:
        lines = graph.lines() if isinstance(graph, Graph) else graph
        yield Data(chain(parsed("\n".join(lines), format="n-triples"), ours))


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
