"""A graph that is well made passes; one that is not is told what is wrong, in words."""

from __future__ import annotations

import logging
import re

import pyshacl
import pytest
import rdflib

from kg import ontology
from kg.errors import GraphError, OntologyError
from kg.store import from_lines
from kg.store.parsed import parsed
from kg.validate import Verdict, shacl, validate
from kg.validate.data import Data
from kg.vocab import names
from tests.corruptions import CORRUPTIONS, KG, XSD
from tests.readings import lines


@pytest.fixture(scope="module")
def graph() -> list[str]:
    return lines()


def test_a_graph_that_is_well_made_conforms(graph: list[str]) -> None:
    assert validate(graph) == Verdict(conforms=True)
    told: list[int] = []
    assert validate(from_lines(graph), papers=1, watch=told.append) == Verdict(conforms=True)
    assert told == list(range(1, len(told) + 1))
    assert len(told) > 1


@pytest.mark.parametrize("min_confidence", [0.0, 0.8, 1.1])
def test_it_conforms_at_every_threshold(min_confidence: float) -> None:
    assert validate(lines(min_confidence=min_confidence)).messages == ()


def test_the_same_graph_as_turtle_conforms(graph: list[str]) -> None:
    turtle = from_lines(graph).answer("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", format="turtle")
    assert validate(turtle.decode()).conforms


def test_the_empty_graph_conforms() -> None:
    assert validate([]).conforms


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_wrong_is_said(graph: list[str], name: str) -> None:
    old, new, message = CORRUPTIONS[name]
    before = "\n".join(graph)
    after = re.sub(old, new, before, flags=re.MULTILINE)
    assert after != before
    verdict = validate(after.split("\n"))
    assert not verdict.conforms
    assert any(message in line for line in verdict.messages), verdict.messages
    assert validate(from_lines(after.split("\n")), papers=1) == verdict


def judged(text: str) -> set[tuple[str, str | None, str]]:
    """What pySHACL finds wrong: node, property, rule."""
    data, shapes = rdflib.Graph(), rdflib.Graph().parse(data=ontology.read("shapes.ttl"), format="turtle")
    data.parse(data=text, format="nt").parse(data=ontology.read("schema.ttl"), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", do_owl_imports=False)
    return {
        (
            str(report.value(found, names.SH.focusNode)),
            path if (path := report.value(found, names.SH.resultPath)) is None else str(path),
            str(report.value(found, names.SH.resultMessage)),
        )
        for found in report.subjects(names.RDF.type, names.SH.ValidationResult)
    }


def ours(text: str) -> set[tuple[str, str | None, str]]:
    """What we find wrong."""
    schema = parsed(ontology.read("schema.ttl"), format="turtle")
    return {
        (str(node), path, rule) for node, path, rule in shacl.faults(Data([*parsed(text, format="n-triples"), *schema]))
    }


@pytest.mark.parametrize("name", [None, *CORRUPTIONS])
def test_pyshacl_says_the_same(
    graph: list[str], name: str | None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "disabled", True)
    text = "\n".join(graph)
    if name:
        text = re.sub(CORRUPTIONS[name][0], CORRUPTIONS[name][1], text, flags=re.MULTILINE)
    assert ours(text) == judged(text)


def test_every_shape_has_a_rule_to_show() -> None:
    waiting = list(shacl._shapes())
    for shape in waiting:
        waiting += shape.shapes.get("property", ())
        assert shape.rule or not (shape.checks or shape.shapes.keys() - {"property"}), shape


def test_a_shape_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = "@prefix sh: <http://www.w3.org/ns/shacl#> . <https://a> a sh:NodeShape ; sh:closed true ."
    monkeypatch.setattr(ontology, "read", lambda _: odd)
    with pytest.raises(OntologyError, match=r"shapes.ttl: kg does not know http://www.w3.org/ns/shacl#closed true"):
        shacl._shapes.__wrapped__()


def test_messages_are_single_lines_of_bounded_length(graph: list[str]) -> None:
    hostile = '"' + "\\n\\u0000\\u202E<script>" * 1000 + '"'
    text = "\n".join(graph).replace(f'<{KG}comparator> "range"', f"<{KG}comparator> {hostile}")
    (message,) = [line for line in validate(text.split("\n")).messages if "comparator" in line and "one of" in line]
    assert message.isprintable()
    assert len(message) < 300


def test_many_values_are_cut_short(graph: list[str]) -> None:
    more = [
        f'<https://w3id.org/ml-kg/extractor/title> <http://www.w3.org/2000/01/rdf-schema#label> "{n}" .'
        for n in range(9)
    ]
    (message,) = validate([*graph, *more]).messages
    assert message == (
        "extractor/title: An extractor has exactly one name. Here rdfs:label is '0', '1', '2', '3', '4', and more."
    )


@pytest.mark.parametrize("text", ["junk", ["<a> <b> ."], ['<https://a> <https://b> "c', '" .']])
def test_what_is_not_rdf_is_refused(text: str | list[str]) -> None:
    with pytest.raises(GraphError, match=r"^the graph cannot be read: [^\n]+$"):
        validate(text)


def test_rdflib_is_left_as_it_was(graph: list[str], caplog: pytest.LogCaptureFixture) -> None:
    before = rdflib.NORMALIZE_LITERALS, logging.getLogger("rdflib.term").disabled
    validate([*graph, f'<https://a> <https://b> "x"^^<{XSD}integer> .'])
    assert (rdflib.NORMALIZE_LITERALS, logging.getLogger("rdflib.term").disabled) == before
    assert caplog.records == []


def test_a_number_that_is_written_oddly_is_a_number(graph: list[str]) -> None:
    """rdflib would rewrite 07 to 7; so would not we, and both are the integer."""
    odd = [line.replace('position> "7"', 'position> "07"') for line in graph]
    assert odd != graph
    assert validate(odd).conforms


def test_three_hundred_papers_conform_as_three_do(graph: list[str]) -> None:
    own = re.compile("(?<=/ml-kg/)(paper|sentence|claim|result)/")
    assert validate(own.sub(rf"\1/{number}-", line) for number in range(100) for line in graph).conforms
