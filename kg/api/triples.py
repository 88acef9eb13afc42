"""All triples of a graph in rdflib."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import rdflib

from kg.store import PREFIXES
from kg.store.parsed import Words, parsed

if TYPE_CHECKING:
    from rdflib.term import Node

    from kg.store import Graph
    from kg.store.parsed import Term

__all__ = ["to_rdflib"]

_AT_ONCE: Final = 10_000
_STRING: Final = str(rdflib.XSD.string)


def to_rdflib(graph: Graph) -> rdflib.Graph:
    """Make a graph in memory, with our prefixes; a text without a datatype has none there either."""
    made = rdflib.Graph()
    for prefix, space in PREFIXES.items():
        made.bind(prefix, space, override=True, replace=True)
    lines = graph.unsorted()
    while some := "\n".join(islice(lines, _AT_ONCE)):
        for subject, predicate, value in parsed(some, format="n-triples"):
            made.add((_term(subject), rdflib.URIRef(predicate), _term(value)))
    return made


def _term(term: Term) -> Node:
    if isinstance(term, Words):
        if term.language:
            return rdflib.Literal(term.text, lang=term.language)
        datatype = None if term.datatype == _STRING else rdflib.URIRef(term.datatype)
        return rdflib.Literal(term.text, datatype=datatype, normalize=False)
    return rdflib.BNode(term[2:]) if term.startswith("_:") else rdflib.URIRef(term)
