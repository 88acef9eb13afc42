"""Where the web says more of entities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.render.rows import told
from kg.render.texts import web_address

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.store import Graph

__all__ = ["links"]

TERMS: Final = ("skos:exactMatch", "skos:closeMatch", "rdfs:seeAlso", "dcterms:source")


def links(graph: Graph, entities: Collection[str]) -> dict[str, list[str]]:
    """Find the web addresses that say more of entities."""
    found: dict[str, set[str]] = defaultdict(set)
    for term in TERMS:
        for row in told(graph, entities, term):
            if address := web_address(row["value"]):
                found[str(row["thing"])].add(address)
    return {entity: sorted(addresses) for entity, addresses in found.items()}
