"""Values that a person types, as terms of SPARQL; no value can end its term."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.model import KINDS
from kg.queries.entities import find
from kg.queries.papers import find_paper
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.queries.named import Parameter
    from kg.store import Graph

__all__ = ["term"]

_PLAIN: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "integer": (re.compile(r"[1-9][0-9]{0,8}", re.ASCII), "a whole number from 1"),
    "number": (re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII), "a number such as 0.5"),
    "year": (re.compile(r"[12][0-9]{3}", re.ASCII), "a year such as 2020"),
}
#: What no IRI may hold; a store does not give such, and a query must not.
_NOT_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def term(graph: Graph, parameter: Parameter, value: str) -> str:
    """Give a value as the SPARQL term that a parameter's type asks for. Raises QueryError if it does not fit."""
    if parameter.type in KINDS:
        return _iri(find(graph, value, kind=parameter.type).iri)
    if parameter.type == "entity":
        return _iri(_entity(graph, parameter.name, value))
    if parameter.type == "paper":
        return _iri(find_paper(graph, value))
    if parameter.type == "text":
        if not value.strip():
            raise QueryError(f"{parameter.name} is empty: say {parameter.help}, such as {parameter.example}")
        return literal(value)
    pattern, wanted = _PLAIN[parameter.type]
    if not pattern.fullmatch(value.strip()):
        raise QueryError(f"{parameter.name}={value[:40]!r} is not {wanted}")
    return value.strip()


def _entity(graph: Graph, parameter: str, value: str) -> str:
    """Find an entity of any kind; `Task:navigation` names one of a kind."""
    kind, _, name = value.partition(":")
    if kind in KINDS:
        return find(graph, name, kind=kind).iri
    return find(graph, value, choice=f"{parameter}={{kind}}:…").iri


def _iri(address: str) -> str:
    if _NOT_IRI.search(address):
        raise QueryError(f"{address[:80]!r} is no IRI: the graph is damaged")
    return f"<{address}>"
