"""SHACL (https://www.w3.org/TR/shacl/), as much of it as `ontologies/shapes.ttl` uses, over a graph of any size.

A processor for all of SHACL takes minutes where this takes seconds. A shape that uses more than is known here is
refused, and a test holds the verdicts against those of pySHACL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import rdflib
from rdflib.collection import Collection

from kg import ontology
from kg.errors import OntologyError
from kg.store.parsed import Words
from kg.validate.data import read
from kg.vocab import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rdflib.term import Node

    from kg.store.parsed import Term
    from kg.validate.data import Data

__all__ = ["Fault", "faults"]

_SH: Final = str(names.SH)
_LANGUAGE: Final = str(names.RDF.langString)


class Fault(NamedTuple):
    """A node that a shape does not allow: the property that is at fault, if it is one, and the rule."""

    node: Term
    path: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What is asked of a node, or of the values that it has for `path`: checks by their name in SHACL."""

    path: str | None
    rule: str
    checks: Mapping[str, Sequence[Term]]
    shapes: Mapping[str, Sequence[Shape]]
    targets: Sequence[tuple[str, str]] = field(default=())


def faults(data: Data) -> Iterator[Fault]:
    """Find all that the shapes do not allow."""
    for shape in _shapes():
        for node in dict.fromkeys(node for target in shape.targets for node in _targets(data, *target)):
            yield from _faults(data, shape, node)


def _targets(data: Data, how: str, what: str) -> Iterator[Term]:
    """SHACL 2.1.3: where a shape looks."""
    if how == "targetClass":
        yield from data.instances(what)
    elif how == "targetSubjectsOf":
        yield from (subject for subject, _ in data.pairs(what))
    else:
        yield from (value for _, value in data.pairs(what))


def _faults(data: Data, shape: Shape, node: Term) -> Iterator[Fault]:
    values = (node,) if shape.path is None else data.values(node, shape.path)
    if not values and _ASKING.isdisjoint(shape.checks):
        return
    if not all(_holds(data, node, values, name, wanted) for name, wanted in shape.checks.items()) or not all(
        _composed(data, values, name, shapes) for name, shapes in shape.shapes.items()
    ):
        yield Fault(node, shape.path, shape.rule)
    for part in shape.shapes.get("property", ()):
        for value in values:
            yield from _faults(data, part, value)


def _conforms(data: Data, shape: Shape, node: Term) -> bool:
    return next(_faults(data, shape, node), None) is None


def _composed(data: Data, values: Sequence[Term], name: str, shapes: Sequence[Shape]) -> bool:
    """SHACL 4.6 and 4.7: constraints that are made of shapes."""
    if name == "property":
        return True
    least, most = {"or": (1, len(shapes)), "xone": (1, 1), "not": (0, 0), "node": (len(shapes), len(shapes))}[name]
    return all(least <= sum(_conforms(data, shape, value) for shape in shapes) <= most for value in values)


def _holds(data: Data, node: Term, values: Sequence[Term], name: str, wanted: Sequence[Term]) -> bool:
    """SHACL 4.1 to 4.5 and 4.8: all other constraints; those of 4.5 see the node, those of each value only that."""
    if name in _OF_ALL:
        return _OF_ALL[name](values, wanted)
    if name == "disjoint":
        return all(set(values).isdisjoint(data.values(node, str(other))) for other in wanted)
    if name == "lessThanOrEquals":
        others = [value for other in wanted for value in data.values(node, str(other))]
        return all(_ordered(value, other) for value in values for other in others)
    if name == "class":
        return all(data.is_a(value, str(kind)) for value in values for kind in wanted)
    return all(_OF_EACH[name](value, one) for value in values for one in wanted)


def _ordered(low: Term, high: Term) -> bool:
    """Whether two literals can be compared, and are in order."""
    if not isinstance(low, Words) or not isinstance(high, Words):
        return False
    first, second = read(low).value, read(high).value
    try:
        return bool(first <= second)
    except TypeError:
        return False


def _of_datatype(value: Term, datatype: Term) -> bool:
    return isinstance(value, Words) and value.datatype == datatype and not read(value).ill_typed


def _text(value: Term) -> str | None:
    """Give what patterns and lengths look at; a blank node has none."""
    if isinstance(value, Words):
        return value.text
    return None if value.startswith("_:") else value


def _matches(value: Term, pattern: Term) -> bool:
    text = _text(value)
    return text is not None and isinstance(pattern, Words) and re.search(pattern.text, text) is not None


def _as_long(value: Term, least: Term) -> bool:
    text = _text(value)
    return text is not None and len(text) >= _number(least)


def _number(term: Term) -> int:
    return int(term.text) if isinstance(term, Words) else 0


_OF_ALL: Final[Mapping[str, Callable[[Sequence[Term], Sequence[Term]], bool]]] = {
    "minCount": lambda values, wanted: len(values) >= _number(wanted[0]),
    "maxCount": lambda values, wanted: len(values) <= _number(wanted[0]),
    "hasValue": lambda values, wanted: set(wanted) <= set(values),
    "in": lambda values, wanted: set(values) <= set(wanted),
}
_OF_EACH: Final[Mapping[str, Callable[[Term, Term], bool]]] = {
    "datatype": _of_datatype,
    "pattern": _matches,
    "minLength": _as_long,
    "minInclusive": lambda value, least: _ordered(least, value),
    "maxInclusive": _ordered,
    "nodeKind": lambda value, kind: kind == f"{_SH}IRI" and isinstance(value, str) and not value.startswith("_:"),
}
#: What asks for a value; all else holds where there is none.
_ASKING: Final = frozenset({"minCount", "hasValue"})
_SEEING_NODE: Final = frozenset({"class", "disjoint", "lessThanOrEquals"})
_OF_SHAPES: Final = frozenset({"property", "node", "not", "or", "xone"})
_TARGETS: Final = frozenset({"targetClass", "targetSubjectsOf", "targetObjectsOf"})
_LISTS: Final = frozenset({"in", "or", "xone"})


@cache
def _shapes() -> tuple[Shape, ...]:
    """Read `shapes.ttl`: the shapes that have targets. Raises OntologyError for what is not known here."""
    graph = rdflib.Graph().parse(data=ontology.read("shapes.ttl"), format="turtle")
    heads = sorted(graph.subjects(names.RDF.type, names.SH.NodeShape), key=str)
    return tuple(_shape(graph, head) for head in heads)


def _shape(graph: rdflib.Graph, head: Node) -> Shape:
    path, rule = None, ""
    checks: dict[str, list[Term]] = {}
    shapes: dict[str, list[Shape]] = {}
    targets: list[tuple[str, str]] = []
    for predicate, value in graph.predicate_objects(head):
        name = str(predicate).removeprefix(_SH)
        values = list(Collection(graph, value)) if name in _LISTS else [value]
        if name == "path" and isinstance(value, rdflib.URIRef):
            path = str(value)
        elif name == "message":
            rule = str(value)
        elif name in _TARGETS:
            targets.append((name, str(value)))
        elif name in _OF_SHAPES:
            shapes.setdefault(name, []).extend(_shape(graph, part) for part in values)
        elif name in _OF_ALL or name in _OF_EACH or name in _SEEING_NODE:
            checks.setdefault(name, []).extend(map(_term, values))
        elif predicate != names.RDF.type:
            raise OntologyError(f"shapes.ttl: kg does not know {predicate} {value}: write the shape without it")
    return Shape(path, rule, checks, shapes, targets)


def _term(term: Node) -> Term:
    if isinstance(term, rdflib.Literal):
        datatype = _LANGUAGE if term.language else str(term.datatype or names.XSD.string)
        return Words(str(term), datatype, term.language)
    return str(term)
