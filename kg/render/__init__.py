"""Pictures: a part of the graph as plain data, and that data as one page that opens without a connection."""

from kg.render.association import MEASURES
from kg.render.network import Edge, Network, Node, Paper, Shared, Statement, network
from kg.render.overview import Overview, overview
from kg.render.overview_page import overview_html
from kg.render.page import html

__all__ = [
    "MEASURES",
    "Edge",
    "Network",
    "Node",
    "Overview",
    "Paper",
    "Shared",
    "Statement",
    "html",
    "network",
    "overview",
    "overview_html",
]
