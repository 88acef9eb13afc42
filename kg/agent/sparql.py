"""Questions that an agent writes itself, or asks by name: rows, yes or no, or triples, and not too many."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from kg.agent.bounds import MOST, cut, fitted
from kg.agent.found import entity
from kg.errors import QueryError
from kg.model import KINDS
from kg.queries import NAMED, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store import Graph, Value

__all__ = ["sparql"]

_TRIPLES: Final = MOST - 2000


def sparql(
    graph: Graph,
    query: str | None = None,
    name: str | None = None,
    values: Mapping[str, str] | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Answer a query, or a named one with these values for its parameters; of rows the first ones.

    Raises QueryError if it is wrong, would change the graph, or gives too many triples.
    """
    if (query is None) == (name is None):
        raise QueryError("give either a query, or the name of a named query")
    if values and name is None:
        raise QueryError("values fill in a named query: give its name as well")
    text = fill(graph, name, _known(graph, name, values or {})) if name is not None else str(query)
    kind = graph.kind(text)
    if kind == "construct":
        return {"kind": kind, "turtle": graph.answer(text, format="turtle", most=_TRIPLES).decode()}
    if kind == "ask":
        return {"kind": kind, "yes": json.loads(graph.answer(text, format="json"))["boolean"]}
    rows = graph.select(text, most=limit + 1)
    told = {
        "kind": kind,
        "columns": list(rows[0]) if rows else [],
        "rows": [[_cell(value) for value in row.values()] for row in rows[:limit]],
        "more": len(rows) > limit,
    }
    answer = fitted(told, "rows")
    return answer | {"more": told["more"] or "left_out" in answer}


def _known(graph: Graph, name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Give the values with entities as the graph prefers to call them: in a large graph an index finds them sooner."""
    types = {each.name: each.type for each in NAMED[name].parameters}
    told = dict(values)
    for key, value in values.items():
        if types.get(key) in KINDS:
            told[key] = entity(graph, value, types[key].lower())["label"]
        elif types.get(key) == "entity":
            hit = entity(graph, value)
            told[key] = f"{hit['kind']}:{hit['label']}"
    return told


def _cell(value: Value) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal | float) and isfinite(value):
        return float(value)
    return cut(value)
