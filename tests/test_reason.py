"""`kg query --reason`: the widened query gives on the graph what the query gives on the graph with all that follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import cli
from kg.errors import QueryError
from kg.ontology import schema
from kg.queries import fill
from kg.queries.reason import rules, widened
from kg.queries.walk import walked
from kg.store import Graph, from_lines, open_graph
from kg.vocab import ONTOLOGY, PREFIXES
from tests.test_queries import ANSWERS

SMALL = Path(__file__).parent / "data" / "small.ttl"
#: What follows, by rules that were written apart from those that are tested.
FOLLOWS = (
    "CONSTRUCT { ?s ?above ?o } WHERE { ?s ?p ?o . ?p rdfs:subPropertyOf ?above }",
    "CONSTRUCT { ?s a ?above } WHERE { ?s a ?kind . ?kind rdfs:subClassOf ?above }",
    """CONSTRUCT { ?s ?p ?wide } WHERE {
         VALUES ?p { kg:uses kg:evaluatesOn kg:addresses kg:measures kg:mentions }
         ?s ?p ?o . ?o skos:broader ?wide }""",
    "CONSTRUCT { ?s skos:broaderTransitive ?o } WHERE { ?s skos:broader ?o }",
    "CONSTRUCT { ?s skos:broaderTransitive ?o } WHERE { ?s skos:broaderTransitive/skos:broaderTransitive ?o }",
)
QUESTIONS = (
    "SELECT ?p { ?p kg:addresses task:semi-supervised-learning }",
    "SELECT ?p ?x { ?p kg:mentions ?x }",
    "SELECT DISTINCT ?x { ?p kg:mentions ?x . ?x a skos:Concept }",
    "SELECT (COUNT(?p) AS ?n) ?t { ?p kg:addresses ?t } GROUP BY ?t",
    "SELECT ?p { ?p a schema:ScholarlyArticle ; kg:uses method:bert }",
    "SELECT ?p { ?p kg:addresses ?t ; kg:uses method:bert, ?other . FILTER(?other != method:bert) }",
    "SELECT ?p { ?p a fabio:ResearchPaper . FILTER NOT EXISTS { ?p kg:uses method:bert } }",
    "SELECT ?p { { ?p kg:uses method:bert } UNION { ?p kg:evaluatesOn dataset:cifar-10 } MINUS { ?p kg:year 2020 } }",
    "SELECT ?a ?b { ?a skos:broaderTransitive ?b }",
    "SELECT ?t { [ kg:addresses ?t ; kg:uses [ skos:prefLabel 'BERT' ] ] }",
    "SELECT ?t { ?t ^kg:addresses/kg:uses method:bert }",
    "SELECT ?p { VALUES ?x { method:bert dataset:cifar-10 } ?p kg:mentions ?x }",
    "SELECT ?p { ?p kg:addresses ?t { SELECT ?t { ?t skos:prefLabel 'semi-supervised learning' } } }",
    "PREFIX my: <https://w3id.org/ml-kg/ontology#>\nSELECT * { ?p my:uses/skos:prefLabel 'BERT' MINUS {?p a 'x'@en} }",
    "ASK { ?p <https://w3id.org/ml-kg/ontology#uses> method:bert }",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return from_lines([*open_graph(SMALL).lines(), *schema()])


@pytest.fixture(scope="module")
def followed(graph: Graph) -> Graph:
    """The graph with all that follows."""
    found = set(graph.lines())
    while True:
        opened = from_lines(found)
        new = {line for rule in FOLLOWS for line in opened.answer(rule, format="n-triples").decode().splitlines()}
        if new <= found:
            return opened
        found |= new


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_the_closure(graph: Graph, followed: Graph, question: str) -> None:
    wide, properties = widened(question)
    assert properties
    if graph.kind(question) == "ask":
        assert graph.answer(wide, format="csv") == followed.answer(question, format="csv")
        return
    asked, meant = graph.select(wide), followed.select(question)
    assert sorted(map(str, asked)) == sorted(map(str, meant))
    assert asked != []


def test_papers_on_a_narrower_task_answer_for_the_task(graph: Graph) -> None:
    plain = "SELECT ?title { ?p kg:addresses task:semi-supervised-learning ; dcterms:title ?title } ORDER BY ?title"
    more = {row["title"] for row in graph.select(widened(plain)[0])} - {row["title"] for row in graph.select(plain)}
    assert more == {"FixMatch: Simplifying Semi-Supervised Learning"}


@pytest.mark.parametrize(("name", "values"), [(name, values) for name, values, *_ in ANSWERS])
def test_named_queries_can_be_widened(graph: Graph, name: str, values: dict[str, str]) -> None:
    sparql = fill(graph, name, values)
    assert walked(sparql, lambda _iri, _objects: None) == sparql
    graph.kind(widened(sparql)[0])


def test_what_is_not_widened() -> None:
    for question in (
        "SELECT ?x { ?p kg:proposes|kg:outperforms|kg:comparesWith ?x }",
        "SELECT ?x { ?x a kg:Method, kg:Task }",
        "SELECT ?x { VALUES ?p { kg:mentions } ?s ?p ?x }",
        "SELECT ?x { ?s !(kg:uses|kg:mentions) ?x . ?s !kg:uses ?y }",
        "SELECT ?x { ?c rdf:predicate kg:mentions ; rdf:object ?x FILTER(?x IN (kg:uses)) } # kg:uses ?x",
        "SELECT ('kg:uses ?x' AS ?x) { BIND(\"?a kg:uses ?b\" AS ?y) }",
    ):
        assert widened(question) == (question, ())
    made, properties = widened("CONSTRUCT { ?s kg:uses ?o } WHERE { ?s kg:uses ?o }")
    assert made.startswith("CONSTRUCT { ?s kg:uses ?o } WHERE { ?s ((<")
    assert properties == ("kg:uses",)


@pytest.mark.parametrize("question", ["CONSTRUCT WHERE { ?s kg:uses ?o }", "SELECT * { << ?s ?p ?o >> kg:uses ?x }"])
def test_what_cannot_be_followed_is_said(question: str) -> None:
    with pytest.raises(QueryError, match=r"^--reason cannot [^\n]+$"):
        widened(question)


@given(st.text(alphabet="{}()[]<>?$:;.,'\"\\^|/!*+ abkg:uses\n#_1@", max_size=60))
def test_no_text_is_more_than_refused(text: str) -> None:
    said = ""
    try:
        assert walked(text, lambda _iri, _objects: None) == text
    except QueryError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1


def test_the_rules_are_those_of_the_ontology() -> None:
    mentions = rules()[f"{ONTOLOGY}#mentions"]
    for name in ("proposes", "uses", "evaluatesOn", "addresses", "comparesWith", "outperforms", "measures", "mentions"):
        assert f"<{ONTOLOGY}#{name}>" in mentions
    assert f"<{ONTOLOGY}#alsoIn>" in rules()[f"{PREFIXES['prov']}wasDerivedFrom"]
    assert f"{ONTOLOGY}#proposes" not in rules()


def test_the_command(tmp_path: Path) -> None:
    question = "SELECT ?title { ?p kg:addresses task:semi-supervised-learning ; dcterms:title ?title } ORDER BY ?title"
    plain = CliRunner().invoke(cli, ["query", str(SMALL), question, "-o", "csv"])
    wide = CliRunner().invoke(cli, ["query", str(SMALL), question, "-o", "csv", "--reason"])
    assert (len(plain.stdout.splitlines()), len(wide.stdout.splitlines())) == (3, 4)
    assert "Reasoning about kg:addresses" in wide.stderr
    idle = CliRunner().invoke(cli, ["query", str(SMALL), "SELECT ?y { ?p kg:year ?y }", "--reason"])
    assert "There is nothing to reason about in this query" in idle.stderr
    wrong = CliRunner().invoke(cli, ["query", str(SMALL), "SELECT * { ?s ?p }", "--reason"])
    assert (wrong.exit_code, "query line 1, column 18" in wrong.stderr) == (1, True)
