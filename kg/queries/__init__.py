"""Questions that the graph answers by name; each is a file `<name>.rq` beside this one.

>>> NAMED["datasets-most-used"].question
'Which datasets do most papers use or evaluate on?'
>>> [(parameter.name, parameter.default) for parameter in NAMED["datasets-together"].parameters]
[('dataset', None), ('limit', '20')]
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.queries.named import NAMED, NamedQuery, Parameter
from kg.queries.values import term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store import Graph

__all__ = ["NAMED", "NamedQuery", "Parameter", "fill"]


def fill(graph: Graph, name: str, values: Mapping[str, str]) -> str:
    """Give the SPARQL of a named query, with its parameters bound to these values or to their defaults.

    Names of entities and papers are looked up in the graph; text stays text, whatever it holds.
    Raises QueryError for a query or a parameter that there is not, for one that is missing, and for a value that
    does not fit; the message names those that there are.
    """
    query = _named(name)
    known = {parameter.name: parameter for parameter in query.parameters}
    for given in values:
        if given not in known:
            raise QueryError(f"{name} has no parameter {given!r}: {_parameters(query)}")
    missing = [each.name for each in query.parameters if each.default is None and each.name not in values]
    if missing:
        raise QueryError(f"{name} needs {' and '.join(missing)}: {_parameters(query)}")
    terms = {key: term(graph, each, values.get(key, each.default or "")) for key, each in known.items()}
    if not terms:
        return query.sparql
    pattern = re.compile(rf"\$({'|'.join(terms)})\b")
    return pattern.sub(lambda match: terms[match[1]], query.sparql)


def _named(name: str) -> NamedQuery:
    if name in NAMED:
        return NAMED[name]
    near = get_close_matches(name, NAMED, n=3, cutoff=0.4) or sorted(NAMED)
    raise QueryError(f"no query is named {name[:60]!r}: try {', '.join(near)}")


def _parameters(query: NamedQuery) -> str:
    if not query.parameters:
        return "it has none"
    return "it takes " + ", ".join(
        f"--set {each.name}={each.quoted}" + (" (unless set)" if each.default is not None else "")
        for each in query.parameters
    )
