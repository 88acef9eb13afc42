"""What sources declare of papers: united over sources, said in the graph with its source, marked as declared."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.claims.declared import results, with_declared
from kg.export.records import record
from kg.ground.declared import names
from kg.ground.entities import declared
from kg.ground.papers import merge
from kg.model import Declared, DeclaredClaim, DeclaredResult, Paper
from kg.pipeline import build, extract
from kg.sources import files, read
from kg.store import kept, open_graph
from kg.validate import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).parent / "data" / "sources"
DUMPS = [DATA / f"pwc_{name}.json" for name in ("papers", "links", "tables", "datasets", "methods")]


def papers(paths: Sequence[Path]) -> list[Paper]:
    return [found for path in paths for found in read(path) if isinstance(found, Paper)]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("declared") / "dumps.kg")
    summary = build(DUMPS, place, jobs=1)
    assert (summary.read, summary.accepted, summary.merged, summary.rejected) == (15, 2, 6, 7)
    return place


def rows(graph: str, question: str) -> list[dict[str, object]]:
    return [dict(row) for row in open_graph(graph).select(question)]


def test_sources_that_speak_of_one_paper_unite_what_they_declare() -> None:
    records = papers(DUMPS)
    paper, _ = merge(records).papers
    assert paper.id == "arxiv:2101.00001"
    assert paper.abstract.startswith("We count edges")
    assert paper.declared.repository == "https://github.com/lovelace/edges"
    assert paper.declared.repositories == ("https://github.com/other/edges",)
    assert paper.declared.framework == "pytorch"
    assert {(claim.predicate, claim.name) for claim in paper.declared.claims} == {
        ("uses", "EdgeNet"),
        ("proposes", "EdgeNet"),
        ("proposes", "ToyGraphs"),
        ("measures", "Accuracy"),
        ("measures", "MAE"),
        ("evaluatesOn", "ToyGraphs"),
        ("evaluatesOn", "ToyGraphs Hard"),
        ("addresses", "Graph Classification"),
        ("addresses", "Edge Counting"),
    }
    assert len(paper.declared.results) == 2
    for seed in range(5):
        again = list(records)
        random.Random(seed).shuffle(again)
        assert merge(again).papers == merge(records).papers


def test_a_declared_result_is_one_of_the_graph_and_rests_on_its_own_source(graph: str) -> None:
    question = """SELECT ?metric ?dataset ?method ?task ?value ?unit ?digest WHERE {
        ?r a kg:Result ; kg:declared true ; kg:metric/skos:prefLabel ?metric ; kg:value ?value ;
           kg:dataset/skos:prefLabel ?dataset ; kg:method/skos:prefLabel ?method ; kg:task/skos:prefLabel ?task ;
           prov:wasDerivedFrom/kg:sha256 ?digest . OPTIONAL { ?r kg:unit ?unit } FILTER NOT EXISTS { ?r kg:span ?s } }
        ORDER BY ?value"""
    found = [{name: row.get(name) for name in ("dataset", "method", "value", "unit")} for row in rows(graph, question)]
    assert found == [
        {"dataset": "ToyGraphs Hard", "method": "EdgeNet", "value": Decimal("0.21"), "unit": None},
        {"dataset": "ToyGraphs", "method": "EdgeNet-L", "value": Decimal("93.5"), "unit": "%"},
    ]
    assert {row["digest"] for row in rows(graph, question)} == {files.digest(DATA / "pwc_tables.json")}


def test_declared_claims_are_asserted_and_say_their_source(graph: str) -> None:
    asserted = """SELECT ?name WHERE { ?paper dcterms:title "Nets that Count Their Own Edges" ;
        kg:evaluatesOn/skos:prefLabel ?name } ORDER BY ?name"""
    assert [row["name"] for row in rows(graph, asserted)] == ["ToyGraphs", "ToyGraphs Hard"]
    declared = """SELECT ?name ?predicate ?format ?quote WHERE { ?c a kg:Claim ; rdf:predicate ?said ;
        kg:declared true ; rdf:object/skos:prefLabel ?name BIND(STRAFTER(STR(?said), "#") AS ?predicate)
        OPTIONAL { ?c prov:wasDerivedFrom/kg:format ?format } OPTIONAL { ?c prov:wasDerivedFrom/kg:text ?quote } }
        ORDER BY ?name ?predicate"""
    found = [tuple(map(row.get, ("name", "predicate", "format", "quote"))) for row in rows(graph, declared)]
    sentence = "We count edges with EdgeNet on ToyGraphs."
    assert found == [
        ("EdgeNet", "proposes", "pwc-methods", None),
        ("EdgeNet", "uses", None, sentence),
        ("ToyGraphs", "evaluatesOn", None, sentence),
        ("ToyGraphs", "proposes", "pwc-datasets", None),
        ("ToyGraphs Hard", "evaluatesOn", "pwc-tables", None),
        ("accuracy", "measures", "pwc-tables", None),
        ("edge counting", "addresses", "pwc-papers", None),
        ("graph classification", "addresses", "pwc-papers", None),
        ("mean absolute error", "measures", "pwc-tables", None),
    ]
    alias = 'SELECT ?kind WHERE { ?e a ?kind ; skos:altLabel "Toy Graphs of Two Hundred Nodes" }'
    assert any(str(row["kind"]).endswith("Dataset") for row in rows(graph, alias))


def test_all_repositories_are_in_the_graph(graph: str) -> None:
    question = (
        'SELECT ?repo WHERE { ?p dcterms:title "Nets that Count Their Own Edges" ; kg:repository ?repo } ORDER BY ?repo'
    )
    assert [str(row["repo"]) for row in rows(graph, question)] == [
        "https://github.com/lovelace/edges",
        "https://github.com/other/edges",
    ]


def test_a_paper_that_only_a_dump_names_is_a_paper_with_its_title(graph: str) -> None:
    question = 'SELECT ?repo WHERE { ?p dcterms:title "Nobody Knows This One" ; kg:repository ?repo }'
    assert [str(row["repo"]) for row in rows(graph, question)] == ["https://github.com/nobody/one"]


def test_the_graph_conforms(graph: str) -> None:
    verdict = validate(open_graph(graph).lines())
    assert verdict.messages == ()
    assert verdict.conforms


def test_what_is_declared_survives_being_kept(graph: str) -> None:
    names = [path.name.removesuffix(".jsonl.gz") for path in (Path(graph) / "papers").iterdir()]
    again = [paper for name in names for paper in kept.load(Path(graph), name).papers]
    assert sorted(again, key=repr) == sorted(papers(DUMPS), key=repr)


def test_dumps_one_after_the_other_are_dumps_together(graph: str, tmp_path: Path) -> None:
    place = str(tmp_path / "again.kg")
    for path in reversed(DUMPS):
        build([path], place, jobs=1)
    assert sorted(open_graph(place).lines()) == sorted(open_graph(graph).lines())


def test_what_the_text_says_too_keeps_its_sentence() -> None:
    claim = DeclaredClaim("evaluatesOn", "Dataset", "CIFAR-10", "0" * 64)
    result = DeclaredResult("Accuracy", "99.1", "0" * 64, "%", "CIFAR-10", "Our Net", "Image Classification")
    source = papers(DUMPS[:1])[0].source
    paper = Paper(
        "key:a", "Our Net", "We propose Our Net. We evaluate on CIFAR-10.", source,
        declared=Declared(claims=(claim,), results=(result,)),
    )  # fmt: skip
    (reading,) = extract([paper])
    (found,) = [each for each in reading.claims if each.predicate == "evaluatesOn"]
    assert found.declared
    assert found.sentence is not None
    assert found.sentence.quote == "We evaluate on CIFAR-10."
    (number,) = [each for each in record(reading)["results"] if each.get("declared")]
    assert (number["value"], number["unit"], number["dataset"], number["evidence"]) == (99.1, "%", "CIFAR-10", None)


def test_what_a_correction_took_away_or_made_another_kind_is_not_declared() -> None:
    source = papers(DUMPS[:1])[0].source
    claims = (DeclaredClaim("evaluatesOn", "Dataset", "ToyGraphs", source.sha256),)
    numbers = tuple(DeclaredResult(name, "1", "0" * 64, dataset="ToyGraphs") for name in ("Accuracy", "MAE"))
    paper = Paper("key:a", "T", "", source, declared=Declared(claims=claims, results=numbers))
    assert [name.name for name in names(paper)] == ["ToyGraphs", "Accuracy", "ToyGraphs", "MAE"]
    dataset, accuracy, again, _ = declared(paper)
    kept = (dataset, accuracy, again, None)
    assert [(claim.predicate, claim.entity) for claim in with_declared(paper, [], kept)] == [("evaluatesOn", dataset)]
    assert [(found.metric, found.dataset) for found in results(paper, kept)] == [(accuracy, dataset)]
    turned = replace(dataset, kind="Method")
    assert list(with_declared(paper, [], (turned, accuracy, turned, None))) == []
    assert [found.dataset for found in results(paper, (turned, accuracy, turned, None))] == [None]
