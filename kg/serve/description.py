"""What the endpoint says of itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from typing import Final

from kg.store import from_lines
from kg.vocab import names

__all__ = ["description"]

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = tuple(
    f"http://www.w3.org/ns/formats/{name}"
    for name in (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
    )
)
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def description(endpoint: str, form: str, *, writable: bool = False) -> bytes:
    """The description of the service at an address, in a format of the store's GRAPH_FORMATS."""
    service, dataset, graph = (f"{endpoint}#{name}" for name in ("service", "dataset", "graph"))
    triples = [
        (service, str(names.RDF.type), f"{_SD}Service"),
        (service, f"{_SD}endpoint", endpoint),
        (service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"),
        *([(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Update")] if writable else []),
        (service, f"{_SD}defaultDataset", dataset),
        (dataset, str(names.RDF.type), f"{_SD}Dataset"),
        (dataset, f"{_SD}defaultGraph", graph),
        (graph, str(names.RDF.type), f"{_SD}Graph"),
        *((service, f"{_SD}resultFormat", each) for each in _FORMATS),
    ]
    lines = (" ".join(f"<{term}>" for term in triple) + " ." for triple in triples)
    return from_lines(lines).answer(_ALL, format=form)
