"""Networks in JSON, a line at a time: for Cytoscape and for VOSviewer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.export.networks import Network, Years

__all__ = ["cytoscape", "vosviewer"]


def cytoscape(network: Network) -> Iterator[str]:
    """Write Cytoscape.js JSON, which Cytoscape reads too: nodes are named by their IRIs, edges weigh their papers.

    `years` are pairs of a year and its papers.
    """
    directed = json.dumps(network.directed)
    yield f'{{"data": {{"name": "{network.view}"}}, "directed": {directed}, "multigraph": {directed}, "elements": {{\n'
    yield '"nodes": [\n'
    yield from _items(
        {
            "data": {
                "id": node.iri, "value": node.iri, "name": node.label, "kind": node.kind, "papers": node.papers,
                "years": _known(node.years),
            }
        }
        for node in network.nodes
    )  # fmt: skip
    yield '],\n"edges": [\n'
    yield from _items(
        {
            "data": {
                "id": f"e{number}",
                "source": network.nodes[edge.a].iri,
                "target": network.nodes[edge.b].iri,
                **({"key": edge.predicate, "interaction": edge.predicate} if edge.predicate else {}),
                "weight": edge.papers,
                "years": _known(edge.years),
            }
        }
        for number, edge in enumerate(network.edges())
    )
    yield "]}}\n"


def vosviewer(network: Network) -> Iterator[str]:
    """Write a map for VOSviewer: items and links weigh their papers, clusters are the kinds.

    The score of an item is the mean year of its papers. Between two items there is one link, whatever the predicates.
    """
    kinds = sorted({node.kind for node in network.nodes})
    yield '{"network": {"items": [\n'
    yield from _items(
        {
            "id": number,
            "label": node.label,
            "description": f"{node.kind}; in {node.papers} {'paper' if node.papers == 1 else 'papers'}",
            "url": node.iri,
            "cluster": kinds.index(node.kind) + 1,
            "weights": {"Papers": node.papers},
            **({"scores": {"Mean year": mean}} if (mean := _mean(node.years)) is not None else {}),
        }
        for number, node in enumerate(network.nodes, start=1)
    )
    yield '], "links": [\n'
    yield from _items(_links(network))
    yield "]}}\n"


def _links(network: Network) -> Iterator[dict[str, int]]:
    ends, papers = (-1, -1), 0
    for edge in network.edges():
        if (edge.a, edge.b) == ends:
            papers = max(papers, edge.papers)
            continue
        if papers:
            yield {"source_id": ends[0] + 1, "target_id": ends[1] + 1, "strength": papers}
        ends, papers = (edge.a, edge.b), edge.papers
    if papers:
        yield {"source_id": ends[0] + 1, "target_id": ends[1] + 1, "strength": papers}


def _items(items: Iterable[object]) -> Iterator[str]:
    """Write the items of a list, a line each."""
    between = ""
    for item in items:
        yield between + json.dumps(item, ensure_ascii=False)
        between = ",\n"
    yield "\n"


def _known(years: Years) -> list[tuple[int, int]]:
    return [pair for pair in years if pair[0]]


def _mean(years: Years) -> float | None:
    known = _known(years)
    total = sum(papers for _, papers in known)
    return round(sum(year * papers for year, papers in known) / total, 2) if total else None
