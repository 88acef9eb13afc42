"""Networks as graphs of NetworkX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from kg.export.networks import Network

__all__ = ["to_networkx"]


def to_networkx(network: Network) -> nx.Graph[str] | nx.MultiDiGraph[str]:
    """Make a `Graph` of entities that papers name together, or a `MultiDiGraph` of what papers say of entities.

    Nodes are IRIs with `label`, `kind`, `papers` and `years` (year → papers); edges have `weight`, the number of
    papers, and `years`. In a MultiDiGraph the key of an edge is its predicate, which `predicate` repeats.
    """
    made: Any = nx.MultiDiGraph() if network.directed else nx.Graph()
    for node in network.nodes:
        made.add_node(node.iri, label=node.label, kind=node.kind, papers=node.papers, years=_years(node.years))
    for edge in network.edges():
        ends = network.nodes[edge.a].iri, network.nodes[edge.b].iri
        said = {"weight": edge.papers, "years": _years(edge.years)}
        if edge.predicate is None:
            made.add_edge(*ends, **said)
        else:
            made.add_edge(*ends, key=edge.predicate, predicate=edge.predicate, **said)
    return made  # type: ignore[no-any-return]  # made above


def _years(years: tuple[tuple[int, int], ...]) -> dict[int, int]:
    return {year: papers for year, papers in years if year}
