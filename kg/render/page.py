"""A network as one HTML page that opens without a connection.

pyvis brings vis-network and the drawing; its page also links Bootstrap from a CDN, twice, and has no doctype. So
only what it inlines is taken, into a page of our own (page.html, page.css, panel.js, page.js). The page's content
security policy names each script by its digest and allows no address at all: nothing else runs, nothing is loaded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from html import escape
from math import sqrt
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from pyvis.network import Network as Drawing

from kg.errors import KgError
from kg.model import KINDS, PREDICATES
from kg.render.document import document, own
from kg.render.layout import positions
from kg.render.lines import communities
from kg.web import colours, safe_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.render.network import Network, Node
    from kg.render.rows import Paper, Statement

__all__ = ["COLOURS", "SHAPES", "html"]

#: After Okabe and Ito (2002), "Color Universal Design": told apart by the colour-blind; shapes say it again.
#: The first is for a light ground, the second for a dark one.
COLOURS: Final[Mapping[str, tuple[str, str]]] = {kind: colours(kind) for kind in KINDS}
#: A shape that panel.js and overview_export.js know: they have a hexagon left.
SHAPES: Final[Mapping[str, str]] = {
    "Method": "dot",
    "Dataset": "square",
    "Task": "triangle",
    "Metric": "diamond",
}
LINE: Final = 18
#: Smaller communities are not listed.
MEMBERS: Final = 3
OPTIONS: Final[Mapping[str, object]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {"hover": True, "hoverConnectedEdges": False, "selectConnectedEdges": False, "tooltipDelay": 100000},
    "nodes": {
        "scaling": {"label": {"drawThreshold": 4}},
        "borderWidth": 1,
        "borderWidthSelected": 3,
        "font": {"size": 13, "face": "system-ui,sans-serif"},
    },
    "edges": {"smooth": False, "selectionWidth": 1.5, "hoverWidth": 0.5},
}
_SCRIPT: Final = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL | re.IGNORECASE)


def html(network: Network) -> str:
    """Draw a network as one page; the same network gives the same bytes."""
    return document(
        "page.html",
        title=f"Around {network.focus}" if network.focus else "Knowledge network",
        scripts=[
            *_inlined(_drawing(network).generate_html()),
            *map(own, ("shared.js", "panel.js", "overview_export.js", "page.js")),
        ],
        style=own("page.css") + own("shared.css"),
        note=escape(network.note),
        data=safe_json(_data(network)),
    )


def _inlined(page: str) -> list[str]:
    """Take the scripts that pyvis wrote into its page, and none that it links to."""
    without_comments = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    found = [match for match in _SCRIPT.finditer(without_comments) if "src=" not in match["attributes"]]
    scripts = [match["body"].replace("\r\n", "\n") for match in found]
    if not any("drawGraph()" in script for script in scripts) or not any("vis-network" in script for script in scripts):
        raise KgError("this version of pyvis writes a page that is not understood: install pyvis 0.3.2")
    return scripts


def _drawing(network: Network) -> Drawing:
    drawing = Drawing(cdn_resources="in_line")
    number = {node.id: index for index, node in enumerate(network.nodes)}
    labels = [_short(node.label) for node in network.nodes]
    ties = Counter(end for edge in network.edges for end in (edge.a, edge.b))
    boxes = {index: _box(node, labels[index], _font(ties[node.id])) for index, node in enumerate(network.nodes)}
    weights = [(number[edge.a], number[edge.b], 1 + sqrt(edge.papers) / 2) for edge in network.edges]
    places = positions(sorted(number.values()), weights, boxes)
    for index, node in enumerate(network.nodes):
        x, y = places[index]
        colour, shape = COLOURS.get(node.kind, ("gray", "gray"))[0], SHAPES.get(node.kind, "dot")
        font = {"size": _font(ties[node.id])}
        drawing.add_node(index, labels[index], shape=shape, color=colour, size=_size(node), x=x, y=y, font=font)
    for index, edge in enumerate(network.edges):
        width = round(min(6.0, 1.4 * sqrt(edge.papers)), 2)
        drawing.add_edge(number[edge.a], number[edge.b], id=index, width=width)
    drawing.set_options(json.dumps(OPTIONS))
    return drawing


def _size(node: Node) -> int:
    return round(min(34.0, 6 + 4 * sqrt(node.papers)))


def _font(ties: int) -> int:
    """Write the names of hubs larger, so that they can be read from afar."""
    return 12 + min(8, ties // 2)


def _box(node: Node, label: str, font: int) -> tuple[float, float]:
    """Half the width and height that a node needs with its label below it."""
    lines = label.split("\n")
    return max(_size(node), 0.28 * font * max(map(len, lines))) + 5, _size(node) + 0.6 * font * len(lines) + 3


def _short(label: str) -> str:
    """Break a label into two lines at most for the canvas, without the marks that would turn the text around."""
    shown = " ".join("".join(sign for sign in label if unicodedata.category(sign) not in {"Cc", "Cf"}).split())
    return "\n".join(wrap(shown, LINE, max_lines=2, placeholder="…")) or "?"


def _data(network: Network) -> dict[str, object]:
    """Give all that the panel shows; papers, sentences and statements stand once and are pointed to by number."""
    number = {node.id: index for index, node in enumerate(network.nodes)}
    table = _Table()
    nodes = [
        {
            "iri": node.id,
            "label": node.label,
            "kind": node.kind,
            "papers": node.papers,
            "aliases": node.aliases,
            "links": node.links,
            "years": node.years,
            "said": node.said,
            "statements": table.statements(node.statements),
        }
        for node in network.nodes
    ]
    edges = [
        {
            "ends": [number[edge.a], number[edge.b]],
            "papers": edge.papers,
            "value": None if edge.value is None else float(f"{edge.value:.4g}"),
            "sure": edge.significant,
            "shared": [
                [table.paper(shared.paper), table.statements(shared.a), table.statements(shared.b)]
                for shared in edge.shared
            ],
        }
        for edge in network.edges
    ]
    counts = {"papers": network.papers, "entities": network.entities, "leftOut": network.left_out}
    kinds = {kind: {"colours": pair, "shape": SHAPES.get(kind, "dot")} for kind, pair in COLOURS.items()}
    tied = {(edge.a, edge.b): edge.papers for edge in network.edges}
    groups = communities(list(number), tied, {node.id: node.papers for node in network.nodes})
    about = {
        "predicates": PREDICATES,
        "measure": network.measure,
        "communities": [[number[each] for each in group] for group in groups if len(group) >= MEMBERS],
    }
    return {**counts, **about, "kinds": kinds, "nodes": nodes, "edges": edges, **table.columns()}


class _Table:
    """Numbers for what comes more than once."""

    def __init__(self) -> None:
        self._papers: dict[Paper, int] = {}
        self._quotes: dict[str, int] = {}
        self._statements: dict[Statement, int] = {}

    def paper(self, paper: Paper) -> int:
        return self._papers.setdefault(paper, len(self._papers))

    def statements(self, found: Iterable[Statement]) -> list[int]:
        return [self._statements.setdefault(one, len(self._statements)) for one in found]

    def columns(self) -> dict[str, Sequence[object]]:
        told = [self._told(one) for one in self._statements]
        papers = [{"title": paper.title, "year": paper.year, "url": paper.url} for paper in self._papers]
        return {"statements": told, "papersListed": papers, "quotes": list(self._quotes)}

    def _told(self, one: Statement) -> dict[str, Any]:
        told: dict[str, Any] = {"predicate": one.predicate, "paper": self.paper(one.paper)}
        if one.quote is not None:
            told |= {"quote": self._quotes.setdefault(one.quote, len(self._quotes)), "marks": one.marks}
        if one.confidence is not None:
            told["confidence"] = one.confidence
        return told | {flag: True for flag in ("declared", "negated") if getattr(one, flag)}
