"""Pictures: a part of the graph as plain data, and that data as one page that opens without a connection."""

from kg.render.network import Edge, Network, Node, Paper, Shared, Statement, network
from kg.render.page import html

__all__ = ["Edge", "Network", "Node", "Paper", "Shared", "Statement", "html", "network"]
