from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kg.export.records import record
from kg.learn.evaluate import evaluate
from kg.model import Claim, Declared, Entity, Evidence, Listing, Mention, Paper, Reading, Result, Source, Text

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "Unlike GAN, on CIFAR-10 we reach 93.73% accuracy."
ABSTRACT = Text("key:1", "abstract", "0" * 64, WORDS)
SENTENCE = Evidence(ABSTRACT, 0, len(WORDS))
CIFAR = Entity("https://w3id.org/ml-kg/dataset/cifar-10", "Dataset", "CIFAR-10", ("CIFAR10",))
ACCURACY = Entity("https://w3id.org/ml-kg/metric/accuracy", "Metric", "accuracy")
GAN = Entity("https://w3id.org/ml-kg/method/gan", "Method", "GAN")


def at(words: str) -> Evidence:
    start = WORDS.index(words)
    return Evidence(ABSTRACT, start, start + len(words))


def link(words: str, entity: Entity) -> tuple[Mention, Entity]:
    place = at(words)
    return Mention(ABSTRACT, place.start, place.end, words, entity.kind, 0.9, "vocabulary"), entity


PAPER = Paper(
    id="openreview:x",
    title="A title",
    abstract=WORDS,
    source=Source("f" * 64, "listing-text", 3, 1, Listing("Group 1", 1, papers=1, slugs=("a-title",), characters=9)),
    ids=(("openreview", "x"), ("pwc", "a-title")),
    anonymous=True,
    published="2020-01-01",
    urls=(("url", "https://example.org/x"),),
    declared=Declared(tasks=("Object Detection",)),
)
ON_CIFAR = Claim("openreview:x", "evaluatesOn", CIFAR, 0.9, "patterns", SENTENCE, at("CIFAR-10"))
RESULT = Result(
    "openreview:x", ACCURACY, "93.73", "=", "%", 0.8, "patterns", SENTENCE, at("93.73% accuracy"), dataset=CIFAR
)
READING = Reading(
    PAPER,
    (ABSTRACT,),
    (link("GAN", GAN), link("CIFAR-10", CIFAR), link("accuracy", ACCURACY)),
    (ON_CIFAR, Claim("openreview:x", "uses", GAN, 0.9, "patterns", SENTENCE, at("GAN"), polarity="negated")),
    (RESULT,),
)


def test_metadata_is_what_the_source_says() -> None:
    assert record(READING)["metadata"] == {
        "title": "A title",
        "authors": ["Anonymous"],
        "authors_anonymous": True,
        "abstract": WORDS,
        "published": "2020-01-01",
        "url": "https://example.org/x",
        "pdf": None,
        "pwc": None,
        "tasks": ["Object Detection"],
        "repo": None,
        "framework": None,
        "openreview_id": "x",
    }


def test_venue_and_keywords_where_they_are_stated() -> None:
    paper = replace(PAPER, venue="ICLR", declared=Declared(keywords=("nets",)), authors=("Ada",), anonymous=False)
    metadata = record(Reading(paper))["metadata"]
    assert (metadata["venue"], metadata["keywords"], metadata["authors"]) == ("ICLR", ["nets"], ["Ada"])


def test_page_only_of_a_listing() -> None:
    page = record(READING)["page"]
    assert (page["group"], page["n_papers"], page["paper_slugs"], page["chars"]) == ("Group 1", 1, ["a-title"], 9)
    assert "page" not in record(Reading(replace(PAPER, source=Source("f" * 64, "csv"))))


def test_mentions_and_evidence_are_where_they_say() -> None:
    row = record(READING)
    for place in [
        *row["mentions"],
        *(claim[key] for claim in row["claims"] + row["negated"] for key in ("evidence", "mention")),
        *(result[key] for result in row["results"] for key in ("evidence", "span")),
    ]:
        assert row[place["field"]][place["start"] : place["end"]] == place["text"]


def test_what_is_denied_is_no_claim() -> None:
    row = record(READING)
    assert [claim["label"] for claim in row["claims"]] == ["CIFAR-10"]
    assert [(claim["label"], claim["polarity"]) for claim in row["negated"]] == [("GAN", "negated")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"value": 93.73, "comparator": "=", "is_baseline": False, "dataset": "CIFAR-10", "method": None}),
        ({"value": "5", "upper": "16", "comparator": "range"}, {"value": 5, "value_upper": 16}),
        ({"value": "-0.4"}, {"value": -0.4}),
        ({"value": "-3"}, {"value": -3}),
        ({"value": "9" * 400 + ".5"}, {"value": "9" * 400 + ".5"}),
        ({"value": "1", "upper": "9" * 5000}, {"value": 1, "value_upper": "9" * 5000}),
        ({"called": "top-1"}, {"metric": "top-1", "metric_canonical": "accuracy"}),
        ({"called": None}, {"metric": "accuracy"}),
        ({"baseline": True, "delta": True, "variant": "median"}, {"is_baseline": True, "delta": True}),
    ],
)
def test_results(change: dict[str, object], expected: dict[str, object]) -> None:
    (row,) = record(replace(READING, results=(replace(RESULT, **change),)))["results"]  # type: ignore[arg-type]
    assert expected.items() <= row.items()
    assert ("value_upper" in row, "delta" in row) == ("upper" in change, "delta" in change)
    assert ("metric_canonical" in row) == bool(change.get("called"))


def test_the_scorer_reads_it(tmp_path: Path) -> None:
    row = json.loads(json.dumps(record(READING)))
    gold = {
        "title": "a TITLE",
        "mentions": row["mentions"],
        "entities": [{"canonical": "cifar10", "type": "Dataset", "relations": ["evaluatesOn"]}],
        "results": [{"metric": "accuracy", "value": "93.73"}],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(gold), "utf-8")
    scores = evaluate(path, [row]).as_dict()
    assert [scores[name]["all"]["f1"] for name in ("mentions", "entities", "claims", "results")] == [100.0] * 4
