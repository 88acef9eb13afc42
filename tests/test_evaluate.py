from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.errors import SourceError
from kg.learn.annotated import normal, read
from kg.learn.evaluate import evaluate
from kg.learn.scores import Score
from kg.model import KINDS, PREDICATES

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = Path(__file__).parents[2] / "shared"
SCORER = SHARED / "tools" / "score.py"
SEED = SHARED / "gold" / "seed" / "seed.jsonl"

needs_scorer = pytest.mark.skipif(
    not (SCORER.is_file() and SEED.is_file()), reason="the scorer and the annotated papers are not beside the checkout"
)

Row = dict[str, Any]


def mention(start: int, end: int, kind: str = "Dataset", **more: object) -> Row:
    return {"field": "abstract", "start": start, "end": end, "type": kind, **more}


def entity(canonical: str, kind: str, *relations: str, **more: object) -> Row:
    return {"canonical": canonical, "type": kind, "relations": list(relations), "aliases": [], **more}


def claim(predicate: str, kind: str, label: str, *aliases: str) -> Row:
    return {"predicate": predicate, "type": kind, "label": label, "aliases": list(aliases)}


def gold_file(folder: Path, **columns: object) -> Path:
    return write(folder / "gold.jsonl", [{"title": "A", "mentions": [], "entities": [], "results": [], **columns}])


def write(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("gold", "said", "score"),
    [
        ([mention(0, 5)], [mention(0, 5)], Score(1, 0, 0)),
        ([mention(0, 5)], [mention(0, 5), mention(0, 5)], Score(1, 0, 0)),  # twice is once
        ([mention(0, 5)], [mention(0, 4)], Score(0, 1, 1)),
        ([mention(0, 5)], [mention(0, 5, "Task")], Score(0, 1, 1)),
        ([mention(0, 5)], [mention(0, 5) | {"field": "title"}], Score(0, 1, 1)),
        ([mention(0, 5, optional=True)], [], Score(0, 0, 0)),
        ([mention(0, 5, optional=True)], [mention(0, 5)], Score(0, 0, 0)),
        ([mention(0, 5, optional=True, alt_types=["Task"])], [mention(0, 5, "Task")], Score(0, 0, 0)),
        ([mention(0, 5, optional=True, alt_spans=[{"start": 1, "end": 5}])], [mention(1, 5)], Score(0, 0, 0)),
        ([mention(0, 5, alt_types=["Task"])], [mention(0, 5, "Task")], Score(0, 1, 1)),  # only for optional ones
        ([], [mention(0, 5, "Person")], Score(0, 0, 0)),  # a kind that is not ours
    ],
)
def test_mentions(tmp_path: Path, gold: list[Row], said: list[Row], score: Score) -> None:
    scores = evaluate(gold_file(tmp_path, mentions=gold), [{"title": "A", "mentions": said, "claims": []}])
    assert scores.mentions["all"] == score


@pytest.mark.parametrize(
    ("gold", "said", "entities", "claims"),
    [
        (entity("MNIST", "Dataset", "uses"), [claim("uses", "Dataset", "mnist")], Score(1, 0, 0), Score(1, 0, 0)),
        (
            entity("MNIST", "Dataset", "evaluatesOn"),
            [claim("uses", "Dataset", "MNIST")],
            Score(1, 0, 0),
            Score(0, 1, 1),
        ),
        (entity("MNIST", "Dataset", "mentions"), [claim("mentions", "Dataset", "MNIST")], Score(1, 0, 0), None),
        (entity("GAN", "Method", "uses"), [claim("uses", "Method", "net", "GANs")], Score(1, 0, 0), Score(1, 0, 0)),
        (
            entity("GAN", "Method", "uses", aliases=["net"]),
            [claim("uses", "Method", "GAN"), claim("uses", "Method", "net")],
            Score(1, 1, 0),
            Score(1, 1, 0),
        ),  # one entity told as two
        (entity("GAN", "Method", "uses", optional=True), [], Score(0, 0, 0), Score(0, 0, 0)),
        (
            entity("GAN", "Method", "uses", optional=True),
            [claim("uses", "Method", "GAN")],
            Score(0, 0, 0),
            Score(0, 0, 0),
        ),
        (entity("GAN", "Method", "uses"), [claim("uses", "Task", "GAN")], Score(0, 1, 1), Score(0, 1, 1)),
    ],
)
def test_entities_and_claims(tmp_path: Path, gold: Row, said: list[Row], entities: Score, claims: Score | None) -> None:
    scores = evaluate(gold_file(tmp_path, entities=[gold]), [{"title": "A", "claims": said}])
    assert scores.entities["all"] == entities
    assert scores.claims.get("all") == claims


@pytest.mark.parametrize(
    ("gold", "said", "score"),
    [
        ([("accuracy", 93.73, False)], [("Accuracy", "93.73%")], Score(1, 0, 0)),
        ([("accuracy", "1,234", False)], [("accuracy", 1234)], Score(1, 0, 0)),
        ([("accuracy", "2-3", False)], [("accuracy", 2)], Score(1, 0, 0)),  # the first number of a range
        ([("accuracy", "twice", False)], [("accuracy", "double")], Score(0, 0, 0)),  # words count on neither side
        ([("accuracy", None, False)], [("accuracy", "v1.2.3")], Score(0, 0, 0)),  # a version is no number
        ([("accuracy", 1, True)], [("accuracy", 1)], Score(0, 0, 0)),
        ([("accuracy", 1, False)], [("F1", 1)], Score(0, 1, 1)),
        ([("accuracy", 1, False)] * 3, [("accuracy", 1)] * 2, Score(2, 0, 1)),  # as often as it is told
        ([("accuracy", -1, False)], [(None, -1)], Score(0, 0, 1)),
    ],
)
def test_results(tmp_path: Path, gold: list[Any], said: list[Any], score: Score) -> None:
    wanted = [{"metric": metric, "value": value, "optional": optional} for metric, value, optional in gold]
    told = [{"metric": metric, "value": value} for metric, value in said]
    scores = evaluate(gold_file(tmp_path, results=wanted), [{"title": "A", "results": told}])
    assert scores.results["all"] == score


@pytest.mark.parametrize(
    ("gold", "said", "shares"),
    [
        ("aab", ["x", "x", "y"], (3, 100.0, 100.0, 2, 2)),
        ("aab", ["x", "x", "x"], (3, 55.56, 100.0, 2, 1)),  # (2/3 + 2/3 + 1/3) / 3
        ("aab", ["x", "z", "y"], (3, 100.0, 66.67, 2, 3)),  # (1/2 + 1/2 + 1) / 3
        ("aabb", ["x", "y", "x", "y"], (4, 50.0, 50.0, 2, 2)),
        ("aab", ["x", None, "y"], (2, 100.0, 100.0, 2, 2)),  # a mention that was not found, or is not linked
        ("a", [None], (0, 0.0, 0.0, 0, 0)),
    ],
)
def test_grounding_within_a_paper(
    tmp_path: Path, gold: str, said: list[str | None], shares: tuple[int, float, float, int, int]
) -> None:
    wanted = [mention(at, at + 1, canonical=name) for at, name in enumerate(gold)]
    told = [mention(at, at + 1, iri=iri) for at, iri in enumerate(said)]
    found = evaluate(gold_file(tmp_path, mentions=wanted), [{"title": "A", "mentions": told}]).grounding["paper"]
    assert (found.items, found.precision, found.recall, found.gold, found.predicted) == shares


def test_grounding_over_papers(tmp_path: Path) -> None:
    gold = [
        {"title": "A", "mentions": [mention(0, 1, canonical="CIFAR-10"), mention(2, 3, "Task", canonical="CIFAR-10")]},
        {
            "title": "B",
            "mentions": [mention(0, 1, canonical="cifar 10"), mention(2, 3, canonical="SVHN", optional=True)],
        },
        {"title": "C", "mentions": [mention(0, 1, canonical="MNIST"), mention(2, 3)]},
    ]
    said = [
        {"title": "A", "mentions": [mention(0, 1, iri="x"), mention(2, 3, "Task", iri="y")]},
        {"title": "B", "mentions": [mention(0, 1, canonical="CIFAR-10"), mention(2, 3, iri="x")]},
        {"title": "C", "mentions": [mention(0, 1, iri="x"), mention(2, 3, iri="x")]},
    ]
    found = evaluate(write(tmp_path / "gold.jsonl", gold), said).grounding
    assert (found["paper"].items, found["paper"].f1, found["paper"].gold) == (4, 100.0, 4)
    # CIFAR-10 of A is with MNIST (1/2) and without that of B (1/2); MNIST with CIFAR-10 (1/2)
    assert (found["corpus"].precision, found["corpus"].recall) == (75.0, 75.0)
    assert (found["corpus"].gold, found["corpus"].predicted) == (3, 3)


def test_papers_meet_by_title(tmp_path: Path) -> None:
    gold = write(
        tmp_path / "gold.jsonl",
        [{"title": title, "mentions": [mention(0, 1)], "entities": []} for title in ("Deep Nets", "Unread")],
    )
    scores = evaluate(gold, [{"title": "deep-net", "mentions": [mention(0, 1)]}, {"title": "Not asked for"}])
    assert (scores.papers, scores.found) == (2, 1)
    assert scores.mentions["all"] == Score(1, 0, 1)
    assert scores.as_dict()["mentions"]["all"] == {"p": 100.0, "r": 50.0, "f1": 66.67, "gold": 2, "predicted": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "{}: empty: give one paper a line, as JSON"),
        ('{"title": "A"}\n[1]\n', "{}:2: not a JSON object: give one paper a line"),
        ("\n{", "{}:2: not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        ('{"abstract": ""}', '{}: paper 1 has no "title"'),
        (
            '{"title": "A", "mentions": [{"field": "title"}]}',
            '{}: paper 1: an item of "mentions" has no "start" of type int',
        ),
        (
            '{"title": "A", "results": [{"metric": 5, "value": 1}]}',
            '{}: paper 1: an item of "results" has a "metric" that is not of type str',
        ),
        ('{"title": "A", "results": [{"metric": null, "value": 1}]}', None),
        ('{"title": "A", "entities": {}}', None),
        ('{"title": "A", "entities": {"a": 1}}', '{}: paper 1: "entities" is not a list of objects'),
    ],
)
def test_broken_gold(tmp_path: Path, text: str, message: str | None) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(text, "utf-8")
    if message is None:
        assert evaluate(path, []).papers == 1
        return
    with pytest.raises(SourceError) as caught:
        evaluate(path, [])
    assert str(caught.value) == message.format(path)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"title": "é"}'.encode("latin-1"))
    with pytest.raises(SourceError, match=r"latin\.jsonl: not UTF-8 \(byte 11\)"):
        list(read(latin))
    with pytest.raises(SourceError, match=r"absent\.jsonl: No such file"):
        list(read(tmp_path / "absent.jsonl"))
    with pytest.raises(SourceError, match=r'predictions: paper 1: an item of "claims" has no "label" of type str'):
        evaluate(gold_file(tmp_path), [{"title": "A", "claims": [{"predicate": "uses", "type": "Task"}]}])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("CIFAR-10", "cifar 10", True),
        ("ResNets", "ResNet", True),
        ("loss", "los", False),
        ("GAS", "GA", False),
        ("A/B_c\u2013d", "abcd", True),
        ("\uff21ccuracy", "accuracy", True),
        ("ResNet-18", "ResNet", False),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (normal(one) == normal(other)) is same


@needs_scorer
def test_gold_as_prediction_is_perfect(tmp_path: Path) -> None:
    predicted = [as_prediction(row) for row in read(SEED)]
    assert_same_scores(tmp_path, predicted)
    scores = evaluate(SEED, predicted)
    assert scores.mentions["all"].f1 == scores.entities["all"].f1 == scores.claims["all"].f1 == 100.0


@needs_scorer
@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_the_scorer(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [as_prediction(row) for row in read(SEED)]
    assert_same_scores(tmp_path, [disturbed(row, chance) for row in rows if chance.random() < 0.9])


def assert_same_scores(folder: Path, predicted: list[Row]) -> None:
    path = write(folder / "predicted.jsonl", predicted)
    command = [sys.executable, str(SCORER), str(SEED), str(path), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)
    ours = evaluate(SEED, predicted).as_dict()
    del ours["grounding"]  # the scorer does not know it
    assert ours == theirs


def as_prediction(row: Row) -> Row:
    claims = [
        claim(predicate, entity["type"], entity["canonical"], *entity["aliases"])
        for entity in row["entities"]
        for predicate in entity["relations"] or ["mentions"]
    ]
    return {"title": row["title"], "mentions": row["mentions"], "claims": claims, "results": row["results"]}


def disturbed(row: Row, chance: random.Random) -> Row:
    """The same prediction with things left out, moved, renamed, told twice and made up."""
    return {
        "title": chance.choice([row["title"], row["title"].upper()]),
        "mentions": [moved(each, chance) for each in kept(row["mentions"], chance)],
        "claims": [renamed(each, chance) for each in kept(row["claims"], chance)],
        "results": [restated(each, chance) for each in kept(row["results"], chance)],
    }


def kept(rows: list[Row], chance: random.Random) -> list[Row]:
    chosen = [row for row in rows if chance.random() < 0.8]
    chosen += chance.sample(rows, k=min(2, len(rows)))
    chance.shuffle(chosen)
    return chosen


def moved(each: Row, chance: random.Random) -> Row:
    where = {"start": each["start"] + chance.choice([0, 0, 0, 1]), "end": each["end"] + chance.choice([0, 0, 0, -1])}
    return each | where | {"type": chance.choice([each["type"]] * 8 + list(KINDS))}


def renamed(each: Row, chance: random.Random) -> Row:
    changes: list[Callable[[str], str]] = [
        str,
        str.upper,
        lambda name: name.replace(" ", "-"),
        lambda name: f"{name}s",
        lambda name: name[:-1],
    ]
    names = [each["label"], *each["aliases"]]
    return {
        "label": chance.choice(changes)(chance.choice(names)),
        "aliases": chance.sample(names, k=chance.randint(0, len(names))),
        "type": chance.choice([each["type"]] * 8 + list(KINDS)),
        "predicate": chance.choice([each["predicate"]] * 8 + list(PREDICATES)),
    }


def restated(each: Row, chance: random.Random) -> Row:
    value = each["value"]
    return each | {"value": chance.choice([value, value, f"{value}%", f"about {value} or 7", "half", None])}
