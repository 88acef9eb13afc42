"""Annotated papers: read as they are stated, or with their mentions alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from kg import pipeline, sources
from kg.cli import cli
from kg.model import Paper, Rejected

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

Row = dict[str, Any]

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
    assert {claim.extractor for claim in reading.claims} <= {"cues", "tagger"}
    assert ("93.5", "accuracy") in {(result.value, result.metric.label) for result in reading.results}


def test_evaluate_with_the_mentions_of_the_annotation(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", row(mentions=[mention("beats", "Method")]))
    mine, given = (json.loads(run("evaluate", path, "--json", *more).stdout) for more in ((), ("--mentions", "gold")))
    assert given["mentions"]["all"]["f1"] == 100
    assert mine["mentions"]["all"]["f1"] < 100
    refused = run("evaluate", path, "--mentions", "gold", "--predicted", path)
    assert refused.exit_code == 2
    assert "leave out --mentions" in refused.stderr
