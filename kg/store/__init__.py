"""Where a graph is kept: a directory that holds an Oxigraph store, or an RDF file.

>>> graph = from_lines(['<https://w3id.org/ml-kg/paper/doi:10.1/x> <https://w3id.org/ml-kg/ontology#year> "2020" .'])
>>> graph.select("SELECT ?year WHERE { ?paper kg:year ?year }")
[{'year': '2020'}]
"""

from kg.store.answers import GRAPH_FORMATS, TABLE_FORMATS
from kg.store.builds import Options, options
from kg.store.graph import Dataset, Graph
from kg.store.open import from_lines, open_graph
from kg.store.stamp import stamp
from kg.store.terms import Value
from kg.store.update import update
from kg.store.write import prepare, write
from kg.vocab import PREFIXES

__all__ = [
    "GRAPH_FORMATS",
    "PREFIXES",
    "TABLE_FORMATS",
    "Dataset",
    "Graph",
    "Options",
    "Value",
    "from_lines",
    "open_graph",
    "options",
    "prepare",
    "stamp",
    "update",
    "write",
]
