"""Where the web says more of entities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.render.rows import batches, web_address

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.store import Graph

__all__ = ["links"]

LINKS: Final = """
SELECT ?entity ?link WHERE {{
  VALUES ?entity {{ {entities} }}
  VALUES ?how {{ skos:exactMatch skos:closeMatch rdfs:seeAlso dcterms:source }}
  ?entity ?how ?link
}}"""


def links(graph: Graph, entities: Collection[str]) -> dict[str, list[str]]:
    """Find the web addresses that say more of entities."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in batches(entities):
        for row in graph.select(LINKS.format(entities=part)):
            if address := web_address(row["link"]):
                found[str(row["entity"])].add(address)
    return {entity: sorted(addresses) for entity, addresses in found.items()}
