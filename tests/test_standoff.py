"""Annotation is kept apart from its text and put back."""

import json
from itertools import pairwise
from pathlib import Path

from kg.learn.standoff import attached, detached, main

PAPER = {"id": "a-1", "title": "ZebraNet", "abstract": "ZebraNet counts 𝒳 zebras. Zebras are counted by ZNet."}
MENTIONS = [
    {"field": "title", "start": 0, "end": 8, "entity": 0},
    {"field": "abstract", "start": 18, "end": 24, "entity": 1},
    {"field": "abstract", "start": 48, "end": 52, "entity": 0},
]
APART = detached({**PAPER, "mentions": MENTIONS}, [("Method", ["proposes"], False), ("Task", ["addresses"], True)])


def test_no_word_of_the_text_is_kept() -> None:
    kept = json.dumps(APART)
    assert not any(word in kept for word in ("Zebra", "zebras", "counts", "ZNet"))
    assert APART["entities"] == [["Method", ["proposes"]], ["Task?", ["addresses"]]]


def test_what_is_put_back_is_what_was_annotated() -> None:
    row = attached(APART, PAPER)
    assert row is not None
    assert [row[m["field"]][m["start"] : m["end"]] for m in row["mentions"]] == ["ZebraNet", "zebras", "ZNet"]
    assert [m.get("optional", False) for m in row["mentions"]] == [False, True, False]
    assert row["entities"][0] == {
        "canonical": "ZebraNet",
        "type": "Method",
        "relations": ["proposes"],
        "aliases": ["ZNet"],
    }
    assert row["second"] is True


def test_a_text_that_has_changed_gets_no_annotation(tmp_path: Path) -> None:
    assert attached(APART, {**PAPER, "abstract": PAPER["abstract"] + " "}) is None
    annotation, corpus, out = (tmp_path / name for name in ("annotation.jsonl", "corpus.jsonl", "out.jsonl"))
    annotation.write_text(json.dumps(APART) + "\n", "utf-8")
    rows = [{**PAPER, "title": "Another paper of this id"}, PAPER, {"id": "b"}]
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    main(str(annotation), str(corpus), str(out))
    (row,) = map(json.loads, out.read_text("utf-8").splitlines())
    assert row["title"] == "ZebraNet"


def test_what_is_committed_can_be_read() -> None:
    folder = Path(__file__).parents[1] / "benchmarks" / "annotations"
    for name, papers in (("second.jsonl", 2980), ("agreement.jsonl", 160)):
        rows = [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
        assert len(rows) == papers
        for row in rows:
            assert set(row) == {"id", "text", "mentions", "entities"}
            places = sorted((field, start, end) for field, start, end, _ in row["mentions"])
            assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(places))
            assert {entity for *_, entity in row["mentions"]} <= set(range(len(row["entities"])))
