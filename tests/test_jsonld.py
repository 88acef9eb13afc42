"""JSON-LD in the words of our context, as readers that are not ours understand it. Our own triples."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from pyld import jsonld
from rdflib.compare import isomorphic

from kg.cli import cli
from kg.errors import GraphError
from kg.export.formats import export
from kg.ontology_page import context
from kg.store import from_lines, open_graph
from kg.store.jsonld import document

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL = Path(__file__).parent / "data" / "small.ttl"
ODD = r"""
@prefix : <https://w3id.org/ml-kg/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/ml-kg/paper/doi:10.1/a%2Fb#c>
  a <http://purl.org/spar/fabio/ResearchPaper>, <http://example.org/Odd>, _:b, "a text" ;
  :year "2020"^^xsd:integer, "007"^^xsd:integer, "-0"^^xsd:integer, "123456789012345678901"^^xsd:integer ;
  :year "2020", "2020"^^xsd:gYear, <https://w3id.org/ml-kg/year/2020> ;
  :declared true ; :baseline "1"^^xsd:boolean ; :value 93.73 ; :notYet <text:x> ;
  :evaluatesOn "a text", <https://w3id.org/ml-kg/dataset/c%C3%A9/../x>, <https://w3id.org/ml-kg/dataset/a//b> ;
  :evaluatesOn <https://w3id.org/ml-kg/dataset/a?b>, <https://w3id.org/ml-kg/>, <urn:isbn:0> ;
  :evaluatesOn <https://w3id.org/ml-kg/Ünïcödé/x>, <https://w3id.org/ml-kg/dataset/x> ;
  dcterms:title "@id <b>\u2028\u0007\\ \"q\" \r\n kg:x", "Titel"@de ;
  dcterms:language "en" ; dcterms: "no name" .
_:b skos:altLabel "one" ; skos:broader _:b .
"""


def lines_of(data: str | bytes, form: ox.RdfFormat) -> list[str]:
    return [f"{quad} ." for quad in ox.parse(data, format=form)]


def exported(lines: Sequence[str]) -> bytes:
    out = io.BytesIO()
    export(from_lines(lines), "json-ld", out)
    return out.getvalue()


def read(data: bytes, form: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=data, format=form)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's reader of JSON-LD
@pytest.mark.parametrize("name", ["odd", "small"])
def test_other_readers_find_the_same_triples(name: str) -> None:
    lines = list(open_graph(SMALL).lines()) if name == "small" else lines_of(ODD, ox.RdfFormat.TURTLE)
    data = exported(lines)
    wanted = read("\n".join(lines).encode(), "nt")
    assert isomorphic(read(data, "json-ld"), wanted)
    told = jsonld.to_rdf(json.loads(data), {"format": "application/n-quads", "documentLoader": refuse})
    assert isomorphic(read(told.encode(), "nt"), wanted)
    assert isomorphic(read("\n".join(lines_of(data, ox.RdfFormat.JSON_LD)).encode(), "nt"), wanted)


def refuse(address: str, _options: object) -> Any:
    raise AssertionError(address)


def test_an_export_speaks_the_words_of_the_context() -> None:
    made = json.loads(exported(list(open_graph(SMALL).lines())))
    assert made["@context"] == json.loads(context())["@context"]
    paper = next(node for node in made["@graph"] if node["id"].endswith("paper/arxiv:2001.07685"))
    assert paper["type"] == "ResearchPaper"
    assert paper["evaluatesOn"] == "dataset/cifar-10"
    assert paper["year"] == 2020
    assert isinstance(paper["identifier"], list)


def test_an_answer_has_the_words_that_it_uses() -> None:
    question = "CONSTRUCT { ?p kg:evaluatesOn ?d ; kg:year ?y } WHERE { ?p kg:evaluatesOn ?d ; kg:year ?y }"
    told = CliRunner().invoke(cli, ["query", str(SMALL), question, "-o", "json-ld"])
    made = json.loads(told.stdout)
    assert set(made["@context"]) == {"@version", "@base", "@vocab", "id", "type", "kg", "xsd", "evaluatesOn", "year"}
    assert {"id", "year", "evaluatesOn"} == set(made["@graph"][0])


def test_what_a_prefix_would_change_is_refused() -> None:
    triple = ox.Triple(ox.NamedNode("http://a/"), ox.NamedNode("http://b/"), ox.NamedNode("kg:x"))
    with pytest.raises(GraphError, match="<kg:x> cannot be written as json-ld: kg is a prefix there"):
        document([triple])


def test_nothing_gives_a_document_of_nothing() -> None:
    assert json.loads(document([]))["@graph"] == []
