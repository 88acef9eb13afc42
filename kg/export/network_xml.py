"""Networks in XML, a line at a time: GraphML, which most programs read, and GEXF with years, for Gephi."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.export.networks import Network, Years

__all__ = ["gexf", "graphml"]

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CARRIAGE: Final = {"\r": "&#13;"}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NODE: Final[Mapping[str, str]] = {
    "label": "string", "kind": "string", "papers": "int", "first_year": "int", "last_year": "int",
}  # fmt: skip
_EDGE: Final[Mapping[str, str]] = {
    "weight": "int", "predicate": "string", "first_year": "int", "last_year": "int",
}  # fmt: skip


def graphml(network: Network) -> Iterator[str]:
    """Write GraphML (http://graphml.graphdrawing.org): nodes are named by their IRIs, edges weigh their papers.

    What XML cannot carry becomes U+FFFD.
    """
    yield f'{_HEAD}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for of, columns in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in columns.items():
            yield f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield f'<graph edgedefault="{"directed" if network.directed else "undirected"}">\n'
    for node in network.nodes:
        first, last = _span(node.years)
        values = {
            "label": node.label, "kind": node.kind, "papers": node.papers, "first_year": first, "last_year": last,
        }  # fmt: skip
        yield f"<node id={_quoted(node.iri)}>{_data('node', values)}</node>\n"
    for number, edge in enumerate(network.edges()):
        first, last = _span(edge.years)
        ends = (_quoted(network.nodes[place].iri) for place in (edge.a, edge.b))
        said = {"weight": edge.papers, "predicate": edge.predicate, "first_year": first, "last_year": last}
        source, target = ends
        yield f'<edge id="e{number}" source={source} target={target}>{_data("edge", said)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def gexf(network: Network) -> Iterator[str]:
    """Write GEXF 1.3 (https://gexf.net) that changes over the years.

    A node and an edge are there from the first year in which a paper says so to the last; `papers` changes year by
    year, `total` is their number. Without a known year they are there always.
    """
    kind = "directed" if network.directed else "undirected"
    yield f'{_HEAD}<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f'<graph mode="dynamic" defaultedgetype="{kind}" timeformat="integer" timerepresentation="interval">\n'
    for of, fixed in (("node", "kind"), ("edge", "predicate")):
        yield (
            f'<attributes class="{of}" mode="static"><attribute id="{fixed}" title="{fixed}" type="string"/>'
            f'<attribute id="total" title="total" type="integer"/></attributes>\n'
            f'<attributes class="{of}" mode="dynamic"><attribute id="papers" title="papers" type="integer"/>'
            "</attributes>\n"
        )
    yield "<nodes>\n"
    for node in network.nodes:
        values = _values("kind", node.kind, node.papers, node.years)
        yield f"<node id={_quoted(node.iri)} label={_quoted(node.label)}{_when(node.years)}>{values}</node>\n"
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(network.edges()):
        source, target = (_quoted(network.nodes[place].iri) for place in (edge.a, edge.b))
        values = _values("predicate", edge.predicate, edge.papers, edge.years)
        named = f' label="{edge.predicate}"' if edge.predicate else ""
        yield (
            f'<edge id="{number}" source={source} target={target} weight="{edge.papers}"{named}{_when(edge.years)}>'
            f"{values}</edge>\n"
        )
    yield "</edges>\n</graph>\n</gexf>\n"


def _data(of: str, values: Mapping[str, object]) -> str:
    return "".join(
        f'<data key="{of}_{name}">{_text(str(value))}</data>' for name, value in values.items() if value is not None
    )


def _values(fixed: str, value: str | None, total: int, years: Years) -> str:
    said = f'<attvalue for="{fixed}" value={_quoted(value)}/>' if value else ""
    by_year = "".join(
        f'<attvalue for="papers" value="{papers}" start="{year}" end="{year}"/>' for year, papers in years if year
    )
    return f'<attvalues>{said}<attvalue for="total" value="{total}"/>{by_year}</attvalues>'


def _when(years: Years) -> str:
    first, last = _span(years)
    return f' start="{first}" end="{last}"' if first else ""


def _span(years: Years) -> tuple[int | None, int | None]:
    """Give the first and the last year that are known."""
    known = [year for year, _ in years if year]
    return (min(known), max(known)) if known else (None, None)


def _text(words: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", words), _CARRIAGE)


def _quoted(words: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", words))
