"""The graph as an object of Python: what it answers, what it shows, and what it costs to import."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib

import kg
from kg.api.rows import Rows
from kg.errors import GraphError, KgError, QueryError, SourceError
from kg.store import from_lines, open_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.api.graph import Graph

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "tests" / "data" / "report.ttl"
BASE = "https://w3id.org/ml-kg/"
EVIL = "<script>alert(1)</script> \x1b[31m \u202e"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with kg.open(SMALL) as opened:
        yield opened


def test_importing_loads_nothing_heavy() -> None:
    script = (
        "import sys, kg; "
        "print([name for name in ('spacy', 'numpy', 'pyoxigraph', 'rdflib', 'networkx', 'pandas', 'click', 'httpx') "
        "if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert told.stdout == "[]\n"


def test_opening_and_asking_loads_no_extractor() -> None:
    script = (
        f"import sys, kg; g = kg.open({str(SMALL)!r}); g.query('SELECT * {{ ?s a kg:Method }}'); "
        "print([name for name in ('spacy', 'networkx', 'pandas', 'polars', 'scipy', 'click') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert told.stdout == "[]\n"


def test_a_query_gives_rows(graph: Graph) -> None:
    rows = graph.query("SELECT ?title ?year { ?p dcterms:title ?title OPTIONAL { ?p kg:year ?year } } ORDER BY ?title")
    assert rows.columns == ("title", "year")
    assert rows[0] == {"title": "MixMatch: A Holistic Approach", "year": 2019}
    assert [row["year"] for row in rows[1:3]] == [None, 2020]
    assert isinstance(rows[1:3], Rows)
    assert rows == list(rows)
    with pytest.raises(KeyError):
        rows.column("venue")


def test_rows_become_frames(graph: Graph) -> None:
    rows = graph.query("SELECT ?c ?confidence { ?c kg:confidence ?confidence } ORDER BY ?c")
    for frame in (rows.to_pandas(), rows.to_polars()):
        assert list(frame.columns) == ["c", "confidence"]
        assert len(frame) == len(rows) == 11
        assert frame["confidence"].mean() == pytest.approx(sum(map(float, rows.column("confidence"))) / 11)  # type: ignore[arg-type]


def test_no_rows_have_columns_all_the_same(graph: Graph) -> None:
    rows = graph.query("SELECT ?a ?b { ?a kg:venue ?b }")
    assert (len(rows), rows.columns) == (0, ("a", "b"))
    assert list(rows.to_pandas().columns) == ["a", "b"]


def test_named_queries_take_parameters(graph: Graph) -> None:
    rows = graph.query("datasets-together", dataset="CIFAR-10", limit=5)
    assert len(rows) == 1
    with pytest.raises(QueryError, match="did you mean CIFAR-10"):
        graph.query("datasets-together", dataset="CIFAR-1")
    with pytest.raises(QueryError, match="datasets-together"):
        graph.query("dataset-together", dataset="CIFAR-10")
    with pytest.raises(QueryError, match="only a named query takes parameters"):
        graph.query("SELECT * { ?s ?p ?o }", dataset="x")


def test_yes_or_no_and_triples(graph: Graph) -> None:
    assert graph.ask("ASK { ?x a kg:Method }") is True
    assert graph.ask("ASK { ?x a kg:Listing }") is False
    assert "kg:Dataset" in graph.construct("DESCRIBE dataset:svhn")
    with pytest.raises(QueryError, match="ASK query, and this is SELECT"):
        graph.ask("SELECT * { ?s ?p ?o }")
    with pytest.raises(QueryError, match="SELECT query, and this is ASK"):
        graph.query("ASK { ?s ?p ?o }")


def test_an_entity_is_a_card(graph: Graph) -> None:
    card = graph.entity("cifar10", kind="dataset")
    assert (card.label, card.kind, card.aliases, card.years) == (
        "CIFAR-10",
        "Dataset",
        ("CIFAR10",),
        ((2019, 1), (2020, 2)),
    )
    assert "CIFAR-10" in card._repr_html_()
    with pytest.raises(QueryError, match="did you mean"):
        graph.entity("CIFAR-1")


def test_papers_are_chosen(graph: Graph) -> None:
    rows = graph.papers(entity="CIFAR-10", predicate="evaluatesOn", years=(2020, None))
    assert rows.column("title") == ["ReMixMatch: Distribution Alignment"]
    assert rows.columns == ("iri", "title", "year", "venue", "url")
    assert len(graph.papers()) == 5
    assert len(graph.papers(years=2020)) == 2


def test_search_and_reports_take_the_graph(graph: Graph) -> None:
    hits = graph.search("mix")
    assert [hit.label for hit in hits.entities] == ["MixMatch"]
    assert "MixMatch" in hits._repr_html_()
    assert kg.report.cooccurrence(graph, top=1).pairs[0].count == 2
    assert graph.stats().papers == 5


def test_rdflib_has_the_same_triples(graph: Graph) -> None:
    wanted = rdflib.Graph().parse(data="\n".join(graph.lines()), format="nt")
    assert set(graph.to_rdflib()) == set(wanted)
    odd = kg.Graph(
        from_lines(
            ['_:a <http://x/p> "3.1"^^<http://www.w3.org/2001/XMLSchema#decimal> .', '_:a <http://x/q> "Tag"@de .']
        ),
        name="odd",
    )
    assert len(set(odd.to_rdflib().subjects())) == 1
    assert {value.n3() for value in odd.to_rdflib().objects()} == {
        '"3.1"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"Tag"@de',
    }


def test_networkx(graph: Graph) -> None:
    made = graph.to_networkx(kinds=["dataset"])
    assert {data["label"] for _, data in made.nodes(data=True)} == {"CIFAR-10", "SVHN", "ImageNet"}
    assert graph.to_networkx("statements").is_directed()


def test_exports(graph: Graph, tmp_path: Path) -> None:
    assert graph.export(tmp_path / "x.bib", papers=graph.papers(years=2019).column("iri")) == "1 papers"  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="tells no format"):
        graph.export(tmp_path / "x.txt")


def test_a_graph_that_is_built_for_now_goes_when_it_is_closed() -> None:
    with kg.build(ROOT / "examples" / "papers.jsonl") as built:
        assert built.summary is not None
        assert (built.summary.read, built.summary.accepted) == (4, 4)
        assert built.papers(venue="Demo Conference").column("year") == [2022]
        place = built.directory
        assert place is not None
        assert place.exists()
    assert not place.parent.exists()
    with pytest.raises(GraphError, match="closed"):
        built.query("SELECT * { ?s ?p ?o }")


def test_a_graph_that_is_built_by_name_stays(tmp_path: Path) -> None:
    place = tmp_path / "here.ttl"
    with kg.build(ROOT / "examples" / "papers.jsonl", graph=place) as built:
        count = len(built.papers())
    with kg.open(place) as again:
        assert len(again.papers()) == count == 4


def test_what_is_at_fault_is_told(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(SourceError, match=r"no paper was read: .*none\.jsonl"):
        kg.build(tmp_path / "none.jsonl")
    with pytest.raises(GraphError, match="no such graph"):
        kg.open(tmp_path / "absent.kg")
    with pytest.raises(AttributeError, match="no attribute 'reports'"):
        kg.reports  # noqa: B018
    assert issubclass(kg.errors.KgError, Exception)
    assert kg.Graph.__name__ == "Graph"


def test_what_notebooks_show_runs_nothing() -> None:
    label = '"<script>alert(1)</script> \\u001B[31m \\u202E"'
    rdf, skos = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2004/02/skos/core#"
    paper, data = f"<{BASE}paper/x>", f"<{BASE}dataset/x>"
    lines = [
        f"{data} <{rdf}> <{BASE}ontology#Dataset> .",
        f"{data} <{skos}prefLabel> {label} .",
        f"{data} <{skos}altLabel> {label} .",
        f"{paper} <{rdf}> <http://purl.org/spar/fabio/ResearchPaper> .",
        f"{paper} <http://purl.org/dc/terms/title> {label} .",
        f"{paper} <https://schema.org/url> \"javascript:alert('x')\" .",
        f"{paper} <{BASE}ontology#evaluatesOn> {data} .",
    ]
    graph = kg.Graph(from_lines(lines), name=EVIL)
    shown = [
        graph._repr_html_(),
        graph.papers()._repr_html_(),
        graph.entity(f"{BASE}dataset/x")._repr_html_(),
        graph.search("script")._repr_html_(),
        graph.query(f"SELECT (?o AS ?x) {{ {paper} ?p ?o }}")._repr_html_(),
    ]
    for html in shown:
        assert "<script" not in html
        assert "\x1b" not in html
        assert 'href="javascript' not in html
    assert "&lt;script&gt;" in shown[1]
    assert f'href="{BASE}dataset/x"' in shown[2]


def test_a_graph_that_cannot_be_asked_is_shown_all_the_same() -> None:
    graph = kg.Graph(open_graph(SMALL), name="small")
    assert "small" in graph._repr_html_()
    graph.close()
    assert "closed" in graph._repr_html_()
    assert repr(graph) == "Graph('small')"
    assert isinstance(GraphError("x"), KgError)


def test_the_guide_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert failed == 0
    assert tried > 15
