"""A graph that is well made passes; one that is not is told what is wrong, in words."""

from __future__ import annotations

import logging
import re
import time

import pytest
import rdflib

from kg.errors import GraphError
from kg.validate import Verdict, validate
from tests.corruptions import CORRUPTIONS, KG, XSD
from tests.readings import lines


@pytest.fixture(scope="module")
def graph() -> list[str]:
    return lines()


def test_a_graph_that_is_well_made_conforms(graph: list[str]) -> None:
    assert validate(graph) == Verdict(conforms=True)


@pytest.mark.parametrize("min_confidence", [0.0, 0.8, 1.1])
def test_it_conforms_at_every_threshold(min_confidence: float) -> None:
    assert validate(lines(min_confidence=min_confidence)).messages == ()


def test_the_same_graph_as_turtle_conforms(graph: list[str]) -> None:
    assert validate(rdflib.Graph().parse(data="\n".join(graph), format="nt").serialize(format="turtle")).conforms


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


def test_fifteen_papers_take_seconds(graph: list[str]) -> None:
    own = re.compile("(?<=/ml-kg/)(paper|text|sentence|claim|result)/")
    many = [own.sub(rf"\1/{number}-", line) for number in range(5) for line in graph]
    start = time.perf_counter()
    assert validate(many).conforms
    assert time.perf_counter() - start < 10
