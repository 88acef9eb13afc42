"""What an agent may read beside its tools: the ontology, the named queries, and what the graph holds."""

from __future__ import annotations

import json
from typing import Any, Final

from kg import ontology
from kg.queries import NAMED

__all__ = ["ABOUT", "ONTOLOGY", "QUERIES", "query", "text"]

ONTOLOGY: Final = "kg://ontology"
SHAPES: Final = "kg://shapes"
QUERIES: Final = "kg://queries"
ABOUT: Final = "kg://about"


def query(name: str) -> str:
    """The address of a named query."""
    return f"{QUERIES}/{name}"


def text(uri: str) -> tuple[str, str] | None:
    """Give the media type and the text behind an address; None if there is nothing, or if the graph must be asked."""
    if uri == ONTOLOGY:
        return "text/turtle", ontology.read("schema.ttl")
    if uri == SHAPES:
        return "text/turtle", ontology.read("shapes.ttl")
    if uri == QUERIES:
        return "application/json", json.dumps([_described(name) for name in NAMED], indent=1)
    name = uri.removeprefix(f"{QUERIES}/")
    if uri != name and name in NAMED:
        return "application/json", json.dumps(_described(name) | {"sparql": NAMED[name].sparql}, indent=1)
    return None


def _described(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "question": NAMED[name].question,
        "parameters": [
            {"name": each.name, "type": each.type, "default": each.default, "example": each.example, "says": each.help}
            for each in NAMED[name].parameters
        ],
    }
