"""Annotated papers: read as they are stated, or with their mentions alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from kg import pipeline, sources
from kg.cli import cli
from kg.model import Paper, Rejected
from kg.vocab import KG

if TYPE_CHECKING:
    from click.testing import Result

Row = dict[str, Any]

SHARED = Path(__file__).parents[2] / "shared"
SCORER = SHARED / "tools" / "score.py"
SEED = SHARED / "gold" / "seed" / "seed.jsonl"

TITLE = "FooNet for Image Sorting"
ABSTRACT = "We propose FooNet. On CIFAR-10 it reaches an accuracy of 93.5% and beats BarNet by 1.5 to 2 points."


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def mention(surface: str, kind: str, field: str = "abstract", **more: object) -> Row:
    start = (TITLE if field == "title" else ABSTRACT).index(surface)
    place = {"field": field, "start": start, "end": start + len(surface), "text": surface}
    return {**place, "type": kind, "canonical": surface, **more}


def entity(canonical: str, kind: str, *relations: str, **more: object) -> Row:
    return {"canonical": canonical, "type": kind, "relations": list(relations), "aliases": [], **more}


def row(**changed: object) -> Row:
    """A paper with all that an annotator may say."""
    return {
        "title": TITLE,
        "abstract": ABSTRACT,
        "year": 2021,
        "mentions": [
            mention("FooNet", "Method", "title"),
            mention("Image Sorting", "Task", "title", canonical="image sorting"),
            mention("FooNet", "Method"),
            mention("CIFAR-10", "Dataset"),
            mention("accuracy", "Metric"),
            mention("BarNet", "Method"),
        ],
        "entities": [
            entity("FooNet", "Method", "proposes"),
            entity("image sorting", "Task", "addresses", aliases=["Image Sorting"]),
            entity("CIFAR-10", "Dataset", "evaluatesOn"),
            entity("accuracy", "Metric", "measures"),
            entity("BarNet", "Method", "comparesWith", "outperforms"),
            entity("computer vision", "Task", "mentions"),
        ],
        "results": [
            {
                "metric": "accuracy",
                "value": 93.5,
                "unit": "%",
                "comparator": "=",
                "dataset": "CIFAR-10",
                "method": "FooNet",
            },
            {"metric": "accuracy", "value": "1.5 to 2", "comparator": "improvement", "unit": "points"},
            {"metric": "accuracy", "value": "twofold", "comparator": "="},
        ],
        **changed,
    }


def write(path: Path, *rows: Row) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    return path


def test_recognised_by_content(tmp_path: Path) -> None:
    assert sources.detect(write(tmp_path / "a", row())) == "annotated"
    assert sources.detect(write(tmp_path / "b", {"title": "A", "abstract": "B"})) == "jsonl"
    assert sources.detect(write(tmp_path / "c", row(claims=[]))) == "jsonl"  # what kg extract prints


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"mentions": [mention("FooNet", "Model")]}, """"mentions", item 1: no kind 'Model': use one of Method, """),
        (
            {"mentions": [mention("FooNet", "Method") | {"end": 900}]},
            f'"mentions", item 1: 11 to 900 is no stretch of the abstract, which has {len(ABSTRACT)} characters',
        ),
        (
            {"mentions": [mention("FooNet", "Method") | {"start": 12}]},
            "\"mentions\", item 1: abstract[12:17] is 'ooNet', not 'FooNet'",
        ),
        ({"mentions": [mention("FooNet", "Method") | {"start": "3"}]}, "start and end are not both whole numbers"),
        (
            {"mentions": [mention("FooNet", "Method") | {"field": "body"}]},
            "no field 'body': use one of title, abstract",
        ),
        ({"mentions": ["FooNet"]}, '"mentions", item 1: not an object'),
        (
            {"entities": [entity("A", "Method", "likes")]},
            """"entities", item 1: no predicate 'likes': use one of pro""",
        ),
        ({"entities": [entity("A", "Task", "uses")]}, """"entities", item 1: uses leads to no Task: 'A'"""),
        ({"entities": [entity("", "Task")]}, '"entities", item 1: no canonical name'),
        ({"entities": [entity("A", "Task", aliases=[1])]}, "the aliases are not a list of texts"),
        ({"results": 3}, '"results" is not a list'),
        ({"results": [{"metric": 3}]}, '"results", item 1: the metric is not a text'),
    ],
)
def test_a_broken_annotation_is_rejected_with_its_place(tmp_path: Path, changed: Row, reason: str) -> None:
    path = write(tmp_path / "gold.jsonl", row(), row(**changed))
    good, bad = sources.read(path, format="annotated")
    assert isinstance(good, Paper)
    assert isinstance(bad, Rejected)
    assert (bad.source, bad.line) == (str(path), 2)
    assert reason in bad.reason


def test_claims_and_results_of_given_mentions(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", row())
    papers = [paper for paper in pipeline.papers([path]) if isinstance(paper, Paper)]
    (reading,) = pipeline.extract(papers, mentions="gold")
    assert [found.surface for found, _ in reading.linked] == [each["text"] for each in row()["mentions"]]
    assert {claim.extractor for claim in reading.claims} <= {"claims", "tagger"}
    assert ("93.5", "accuracy") in {(result.value, result.metric.label) for result in reading.results}


def test_evaluate_with_the_mentions_of_the_annotation(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", row(mentions=[mention("beats", "Method")]))
    mine, given = (json.loads(run("evaluate", path, "--json", *more).stdout) for more in ((), ("--mentions", "gold")))
    assert given["mentions"]["all"]["f1"] == 100
    assert mine["mentions"]["all"]["f1"] < 100
    refused = run("evaluate", path, "--mentions", "gold", "--predicted", path)
    assert refused.exit_code == 2
    assert "leave out --mentions" in refused.stderr


def stated(tmp_path: Path, *rows: Row) -> list[Any]:
    path = write(tmp_path / "gold.jsonl", *rows)
    return list(pipeline.extract(paper for paper in pipeline.papers([path]) if isinstance(paper, Paper)))


def test_a_paper_says_what_its_annotation_says(tmp_path: Path) -> None:
    (reading,) = stated(tmp_path, row())
    said = {(claim.predicate, claim.entity.kind, claim.entity.label) for claim in reading.claims}
    assert said == {(p, each["type"], each["canonical"]) for each in row()["entities"] for p in each["relations"]}
    assert {(claim.extractor, claim.confidence) for claim in reading.claims} == {("annotated", 1.0)}
    quotes = {claim.entity.label: claim.sentence and claim.sentence.quote for claim in reading.claims}
    assert quotes["CIFAR-10"] == ABSTRACT.partition(". ")[2]
    assert quotes["FooNet"] == "We propose FooNet."
    assert quotes["computer vision"] is None
    assert [claim.entity.label for claim in reading.claims if claim.declared] == ["computer vision"]


def test_results_stand_where_the_text_has_the_number(tmp_path: Path) -> None:
    (reading,) = stated(tmp_path, row())
    first, second = reading.results
    assert (first.value, first.unit, first.dataset.iri) == ("93.5", "%", "https://w3id.org/ml-kg/dataset/cifar-10")
    assert (first.span.quote, first.evidence.quote) == ("93.5", ABSTRACT.partition(". ")[2])
    assert (second.value, second.upper, second.comparator, second.delta) == ("1.5", "2", "range", True)
    assert second.span.quote == "1.5 to 2"


@pytest.mark.parametrize(
    ("value", "comparator", "read"),
    [
        (5, "=", ("5", None, "=", False)),
        ("5+", "=", ("5", None, ">", False)),
        ("+5", "=", ("5", None, "=", True)),
        ("25,600", "<", ("25600", None, "<", False)),
        ("∼4", "improvement", ("4", None, "=", True)),
        ("9-7", "=", ("7", "9", "range", False)),
        ("70--80", "range", ("70", "80", "range", False)),
    ],
)
def test_values(tmp_path: Path, value: object, comparator: str, read: tuple[object, ...]) -> None:
    (reading,) = stated(tmp_path, row(results=[{"metric": "accuracy", "value": value, "comparator": comparator}]))
    (result,) = reading.results
    assert (result.value, result.upper, result.comparator, result.delta) == read
    assert result.span.quote == "accuracy"  # the text has no such number


@pytest.mark.parametrize("value", ["twofold", "3k", "2^12", None, True, "", "3/1000"])
def test_what_is_no_number_is_no_result(tmp_path: Path, value: object) -> None:
    (reading,) = stated(tmp_path, row(results=[{"metric": "accuracy", "value": value}]))
    assert reading.results == ()


def test_names_that_the_annotator_tells_apart_stay_apart(tmp_path: Path) -> None:
    entities = [entity("accuracy", "Metric", "measures"), entity("Accuracy", "Metric", "mentions")]
    apart = [entity("GAN", "Method", "uses"), entity("generative adversarial networks", "Method", "comparesWith")]
    (reading,) = stated(tmp_path, row(entities=[*entities, *apart], mentions=[], results=[]))
    labels = {claim.entity.label: claim.entity.iri for claim in reading.claims}
    assert set(labels) == {"generative adversarial networks", "GAN", "accuracy"}
    assert len(set(labels.values())) == 3
    assert [claim.predicate for claim in reading.claims if claim.entity.label == "accuracy"] == ["measures"]


def test_a_graph_of_what_annotators_say(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", row())
    built = run("build", path, "--graph", tmp_path / "gold.kg")
    assert built.exit_code == 0, built.stderr
    again = run("build", "--graph", tmp_path / "gold.kg")  # from the papers as they are kept
    assert again.stderr == f"nothing new: {built.stderr}"
    valid = run("validate", tmp_path / "gold.kg")
    assert valid.stdout == f"{tmp_path / 'gold.kg'} conforms\n"
    shown = run("show", tmp_path / "gold.kg", "CIFAR-10").stdout
    assert "evaluatesOn" in shown
    assert "accuracy 93.5 % on CIFAR-10, of FooNet" in shown


def test_the_annotation_speaks_for_a_paper_that_other_files_have_too(tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.jsonl", row())
    plain = write(
        tmp_path / "plain.jsonl", {"title": TITLE, "abstract": f"{ABSTRACT} It also sorts more.", "year": 2021}
    )
    for sources_, name in (((gold, plain), "a.nt"), ((plain, gold), "b.nt")):
        built = run("build", *sources_, "--graph", tmp_path / name)
        assert "2 papers read, 1 accepted, 1 merged, 0 rejected; 6 mentions" in built.stderr
    assert (tmp_path / "a.nt").read_bytes() == (tmp_path / "b.nt").read_bytes()
    told = [line for line in (tmp_path / "a.nt").read_text("utf-8").splitlines() if "It also sorts more" in line]
    assert [line.split(" ")[1] for line in told] == [f"<{KG.otherAbstract}>"]


def test_the_annotation_can_be_ignored(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", row(mentions=[mention("beats", "Method")], entities=[], results=[]))
    mine, theirs = (json.loads(run("extract", path, *more).stdout) for more in (("--format", "jsonl"), ()))
    assert [each["text"] for each in theirs["mentions"]] == ["beats"]
    assert "CIFAR-10" in [each["text"] for each in mine["mentions"]]


@pytest.mark.skipif(not SEED.is_file(), reason="the annotated papers are not beside the checkout")
def test_the_scorer_agrees_with_the_annotators(tmp_path: Path) -> None:
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text(run("extract", SEED).stdout, "utf-8")
    told = subprocess.run(
        [sys.executable, SCORER, SEED, predicted, "--json"], capture_output=True, check=True, text=True
    )
    scores = json.loads(told.stdout)
    assert {name: scores[name]["all"]["f1"] for name in ("mentions", "entities", "claims")} == {
        "mentions": 100,
        "entities": 100,
        "claims": 100,
    }
    assert scores["results"]["all"]["r"] == 100
