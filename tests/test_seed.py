"""The example page from end to end: what annotators wrote down of it is what `kg` says of it, in all its forms."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.learn.annotated import read
from kg.learn.evaluate import evaluate
from kg.store import open_graph
from tests.test_cli import run

if TYPE_CHECKING:
    from kg.store import Graph

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "examples" / "paper-group-nanr-96.txt"
SHARED = ROOT.parent / "shared"
GOLD = SHARED / "gold" / "seed"
DEV = SHARED / "gold" / "ml-abstracts" / "dev.jsonl"
SCORER = SHARED / "tools" / "score.py"

FORMS = ("txt", "html", "md")
NOT_OURS = {"source_file", "file_offset"}
#: What a form of the page does not hold: Markdown has no comment box and no reading time, and writes its date its way.
LACKS = {
    "txt": set[str](),
    "html": {"chars"},
    "md": {"chars", "date_text", "reading_text", "word_count", "read_minutes", "footer"},
}
EVALUATED = [
    ("Dynamic Model Pruning with Feedback", "CIFAR-10"),
    ("Dynamic Model Pruning with Feedback", "ImageNet"),
    ("Fantastic Generalization Measures and Where to Find Them", "CIFAR-10"),
    ("Gradient Descent Maximizes the Margin of Homogeneous Neural Networks", "CIFAR-10"),
    ("Gradient Descent Maximizes the Margin of Homogeneous Neural Networks", "MNIST"),
    ("ReMixMatch: Semi-Supervised Learning with Distribution Matching and Augmentation Anchoring", "CIFAR-10"),
    ("Transformer-XH: Multi-hop question answering with eXtra Hop attention", "HotpotQA"),
]
RESULTS = [
    ("84.92", "accuracy", "ReMixMatch", "CIFAR-10", "four labels per class", "median", None),
    ("93.58", "accuracy", "MixMatch", "CIFAR-10", "4000 examples", None, True),
    ("93.73", "accuracy", "ReMixMatch", "CIFAR-10", "250 labeled examples", None, None),
]

needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated papers are not beside the checkout")
needs_scorer = pytest.mark.skipif(not SCORER.is_file(), reason="the scorer is not beside the checkout")

Row = dict[str, Any]


@pytest.fixture(scope="module", params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def graph(form: str, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of one form of the page."""
    place = tmp_path_factory.mktemp("seed") / f"{form}.kg"
    result = run("build", PAGE.with_suffix(f".{form}"), "--graph", place)
    assert result.stderr.startswith("15 papers read, 15 accepted, 0 merged, 0 rejected; ")
    assert run("stats", place).stdout.startswith("15 papers read, 15 accepted, 0 merged, 0 rejected; ")
    assert run("validate", place).exit_code == 0
    return open_graph(place)


def gold() -> list[Row]:
    return [json.loads(line) for line in (GOLD / "seed.jsonl").read_text("utf-8").splitlines()]


def metadata() -> dict[str, Row]:
    """The metadata of each paper by its title, the tasks as a set: a graph has no order."""
    rows = ({k: v for k, v in paper["metadata"].items() if k not in NOT_OURS} for paper in gold())
    return {row["title"]: row | {"tasks": sorted(row["tasks"])} for row in rows}


def page(form: str) -> Row:
    row = json.loads((GOLD / "page.json").read_text("utf-8"))
    return {key: value for key, value in row.items() if key not in NOT_OURS | LACKS[form]}


def extracted(form: str) -> list[Row]:
    return list(map(json.loads, run("extract", PAGE.with_suffix(f".{form}")).stdout.splitlines()))


@needs_gold
def test_extract_gives_every_field(form: str) -> None:
    found = extracted(form)
    assert [row["metadata"] | {"tasks": sorted(row["metadata"]["tasks"])} for row in found] == list(metadata().values())
    for row in found:
        assert {key: row["page"][key] for key in page(form)} == page(form)


@needs_gold
def test_the_graph_has_every_field_of_the_papers(graph: Graph) -> None:
    rows = graph.select(
        "SELECT ?title ?authors ?anonymous ?abstract ?published ?url ?pdf ?pwc ?repo ?framework ?key "
        "(GROUP_CONCAT(?task; SEPARATOR='|') AS ?tasks) (COUNT(?person) AS ?people) {"
        " ?paper a fabio:ResearchPaper ; dcterms:title ?title ; dcterms:abstract ?abstract ;"
        " dcterms:issued ?published ; kg:authorNames ?authors ; kg:authorsAnonymous ?anonymous ; schema:url ?url ;"
        " kg:pdf ?pdf ; kg:paperswithcode ?pwc ; dcterms:identifier ?id FILTER(STRSTARTS(?id, 'openreview:'))"
        " BIND(STRAFTER(?id, ':') AS ?key)"
        " OPTIONAL { ?paper kg:repository ?repo } OPTIONAL { ?paper kg:framework ?framework }"
        " OPTIONAL { ?paper kg:declaredTask ?task } OPTIONAL { ?paper dcterms:creator ?person }"
        "} GROUP BY ?title ?authors ?anonymous ?abstract ?published ?url ?pdf ?pwc ?repo ?framework ?key"
    )
    found = {
        row["title"]: {
            "title": row["title"],
            "authors": str(row["authors"]).split("; "),
            "authors_anonymous": row["anonymous"],
            "abstract": row["abstract"],
            "published": row["published"],
            "url": row["url"],
            "pdf": row["pdf"],
            "pwc": row["pwc"],
            "tasks": sorted(filter(None, str(row["tasks"] or "").split("|"))),
            "repo": row["repo"],
            "framework": row["framework"],
            "openreview_id": row["key"],
        }
        for row in rows
    }
    assert found == metadata()
    assert {row["people"] for row in rows} == {0}


@needs_gold
def test_the_graph_has_every_field_of_the_page(form: str, graph: Graph) -> None:
    fields = {
        "group": "rdfs:label",
        "group_index": "kg:groupIndex",
        "date_text": "kg:dateText",
        "date": "dcterms:issued",
        "reading_text": "kg:readingText",
        "word_count": "kg:wordCount",
        "read_minutes": "kg:readMinutes",
        "teaser": "kg:teaser",
        "teaser_truncated": "kg:teaserTruncated",
        "footer": "kg:footer",
        "n_papers": "kg:paperCount",
        "offset_unit": "kg:offsetUnit",
        "chars": "kg:characters",
    }
    optional = " ".join(f"OPTIONAL {{ ?page {term} ?{name} }}" for name, term in fields.items())
    (found,) = graph.select(f"SELECT * {{ ?page a kg:Listing {optional} }}")
    slugs = graph.select(
        "SELECT ?slug { ?paper dcterms:isPartOf ?page ; kg:position ?place ; dcterms:identifier ?id ."
        " ?page a kg:Listing FILTER(STRSTARTS(?id, 'pwc:')) BIND(STRAFTER(?id, ':') AS ?slug) } ORDER BY ?place"
    )
    expected = page(form)
    assert {key: found[key] for key in fields if key in expected} | {
        "paper_slugs": [row["slug"] for row in slugs]
    } == expected


def test_what_the_papers_evaluate_on(graph: Graph) -> None:
    for pattern in (
        "?paper kg:evaluatesOn ?dataset",
        "?claim rdf:predicate kg:evaluatesOn ; rdf:subject ?paper ; rdf:object ?dataset ; prov:wasDerivedFrom ?quote",
    ):
        rows = graph.select(
            f"SELECT ?title ?name {{ {pattern} . ?paper dcterms:title ?title . ?dataset skos:prefLabel ?name }}"
        )
        assert sorted((row["title"], row["name"]) for row in rows) == EVALUATED


def test_the_tasks_that_the_page_declares_are_claims(graph: Graph) -> None:
    stated = graph.select("SELECT ?paper ?task { ?paper kg:declaredTask ?task }")
    claimed = graph.select(
        "SELECT ?paper ?name { ?claim kg:declared true ; rdf:predicate kg:addresses ; rdf:subject ?paper ;"
        " rdf:object ?task . ?paper kg:addresses ?task . ?task skos:prefLabel ?name }"
    )

    def letters(name: object) -> str:
        return "".join(filter(str.isalnum, str(name))).casefold()

    assert len(stated) == 7
    assert sorted((row["paper"], letters(row["name"])) for row in claimed) == sorted(
        (row["paper"], letters(row["task"])) for row in stated
    )


def test_the_results_are_numbers_with_their_setting(graph: Graph) -> None:
    rows = graph.select(
        "SELECT ?value ?metric ?method ?dataset ?condition ?variant ?baseline ?quote {"
        " ?result a kg:Result ; kg:paper/dcterms:title ?title ; kg:value ?value ; kg:metric/skos:prefLabel ?metric ;"
        " kg:method/skos:prefLabel ?method ; kg:dataset/skos:prefLabel ?dataset ; kg:condition ?condition ;"
        " prov:wasDerivedFrom/kg:text ?quote FILTER(DATATYPE(?value) = xsd:decimal && STRSTARTS(?title, 'ReMixMatch'))"
        " OPTIONAL { ?result kg:variant ?variant } OPTIONAL { ?result kg:baseline ?baseline } } ORDER BY ?value"
    )
    names = ("metric", "method", "dataset", "condition", "variant", "baseline")
    assert [(str(row["value"]), *(row[name] for name in names)) for row in rows] == RESULTS
    assert all(isinstance(row["value"], Decimal) and str(row["value"]) in str(row["quote"]) for row in rows)


@needs_gold
@needs_scorer
@pytest.mark.parametrize(("annotated", "source"), [(GOLD / "seed.jsonl", PAGE), (DEV, DEV)], ids=["seed", "dev"])
def test_the_scores_are_the_scorers(tmp_path: Path, annotated: Path, source: Path) -> None:
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text(run("extract", source).stdout, "utf-8")
    command = [sys.executable, str(SCORER), str(annotated), str(predicted), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8", timeout=60).stdout)
    ours = evaluate(annotated, read(predicted)).as_dict()
    assert json.loads(run("evaluate", annotated, "--predicted", predicted, "--json").stdout) == ours
    del ours["grounding"]  # the scorer does not know it
    assert ours == theirs
    if source == PAGE:
        assert theirs["found"] == 15
        assert theirs["mentions"]["all"]["f1"] >= 60
        assert theirs["claims"]["all"]["f1"] >= 50
