"""The pairs of a report as a network, in the formats of VOSviewer and of Gephi."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from kg.report.model import Report

__all__ = ["gexf", "vosviewer"]

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def vosviewer(report: Report) -> str:
    """Write a map and a network for VOSviewer: links and nodes weigh their papers, clusters are the kinds."""
    nodes, links = _network(report)
    items = [
        {
            "id": at,
            "label": label,
            "description": f"{kind}; in {papers} papers",
            "url": iri,
            "cluster": 1 if kind == report.rows else 2,
            "weights": {"Papers": papers},
        }
        for at, (iri, label, kind, papers) in enumerate(nodes, start=1)
    ]
    lines = [{"source_id": a, "target_id": b, "strength": papers} for a, b, papers, _ in links]
    return json.dumps({"network": {"items": items, "links": lines}}, ensure_ascii=False, indent=1) + "\n"


def gexf(report: Report) -> str:
    """Write a graph in GEXF 1.3: the weight of an edge is its papers; NPMI and q are attributes where known."""
    nodes, links = _network(report)
    root = ET.Element("gexf", {"xmlns": "http://gexf.net/1.3", "version": "1.3"})
    graph = ET.SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    _attributes(graph, "node", (("kind", "string"), ("papers", "integer"), ("iri", "string")))
    _attributes(graph, "edge", (("npmi", "double"), ("q", "double")))
    listed = ET.SubElement(graph, "nodes")
    for at, (iri, label, kind, papers) in enumerate(nodes, start=1):
        node = ET.SubElement(listed, "node", {"id": str(at), "label": _NOT_XML.sub("\ufffd", label)})
        _values(node, {"kind": kind, "papers": papers, "iri": iri})
    edges = ET.SubElement(graph, "edges")
    for at, (a, b, papers, values) in enumerate(links):
        edge = ET.SubElement(edges, "edge", {"id": str(at), "source": str(a), "target": str(b), "weight": str(papers)})
        _values(edge, {name: value for name, value in values.items() if value is not None})
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _network(
    report: Report,
) -> tuple[list[tuple[str, str, str, int]], list[tuple[int, int, int, dict[str, float | None]]]]:
    """Give the nodes (IRI, label, kind, papers) and the links between their numbers, from 1."""
    numbers: dict[tuple[str, str, str], int] = {}
    nodes: list[tuple[str, str, str, int]] = []
    links = []
    for pair in report.pairs:
        ends = []
        for kind, iri, label, papers in (
            (report.rows, pair.a_iri, pair.a, pair.count_a),
            (report.columns, pair.b_iri, pair.b, pair.count_b),
        ):
            key = (kind, iri, label)
            if key not in numbers:
                nodes.append((iri, label, kind, papers))
                numbers[key] = len(nodes)
            ends.append(numbers[key])
        links.append((ends[0], ends[1], pair.count, {"npmi": pair.npmi, "q": pair.q}))
    return nodes, links


def _attributes(graph: ET.Element, of: str, columns: tuple[tuple[str, str], ...]) -> None:
    declared = ET.SubElement(graph, "attributes", {"class": of})
    for name, kind in columns:
        ET.SubElement(declared, "attribute", {"id": name, "title": name, "type": kind})


def _values(element: ET.Element, values: dict[str, object] | dict[str, float]) -> None:
    held = ET.SubElement(element, "attvalues")
    for name, value in values.items():
        ET.SubElement(held, "attvalue", {"for": name, "value": _NOT_XML.sub("\ufffd", str(value))})
