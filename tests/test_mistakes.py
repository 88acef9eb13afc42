"""What `kg evaluate --errors` lists: the mistakes as data; the page in a browser is in test_browser.py."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from kg.learn.evaluate import evaluate, paired, score
from kg.learn.mistakes import Mistake, mistakes
from kg.learn.mistakes_page import html
from kg.learn.quotes import Mark, numbers, quotes
from tests.test_evaluate import SEED, as_prediction, claim, disturbed, entity, mention, needs_scorer, write

if TYPE_CHECKING:
    from pathlib import Path

    from kg.learn.scores import Score

Row = dict[str, Any]

TITLE = "GANs on MNIST"
ABSTRACT = "We train a GAN on MNIST and SVHN. It reaches 97.5% accuracy on MNIST. Others have 2 layers."
GOLD: Row = {"title": TITLE, "abstract": ABSTRACT, "mentions": [], "entities": [], "results": []}


def at(words: str, kind: str = "Dataset", **more: object) -> Row:
    start = ABSTRACT.index(words)
    return mention(start, start + len(words), kind, canonical=words, **more)


def found(folder: Path, said: Row | None, **gold: object) -> list[Mistake]:
    path = write(folder / "gold.jsonl", [GOLD | gold])
    return list(mistakes(paired(path, [{"title": TITLE, **said}] if said else [])))


def shown(one: Mistake) -> list[list[tuple[str, str]]]:
    """The marked pieces of each quote."""
    return [[piece for piece in quote.pieces if piece[1]] for quote in one.quotes]


@pytest.mark.parametrize(
    ("gold", "said", "verdicts"),
    [
        (at("MNIST"), at("MNIST"), []),
        (at("MNIST"), at("MNIST", "Task"), ["kind"]),
        (at("MNIST"), at("MNIST and SVHN"), ["bounds"]),
        (at("MNIST"), at("MNIST and SVHN", "Task"), ["bounds and kind"]),
        (at("MNIST"), at("SVHN"), ["miss", "false alarm"]),
        (at("MNIST"), at("MNIST") | {"field": "title"}, ["miss", "false alarm"]),
        (at("MNIST", optional=True), at("MNIST"), []),
        (at("MNIST", optional=True), at("MNIST", "Task"), ["false alarm"]),
    ],
)
def test_mentions(tmp_path: Path, gold: Row, said: Row, verdicts: list[str]) -> None:
    listed = found(tmp_path, {"mentions": [said]}, mentions=[gold])
    assert [one.verdict for one in listed] == verdicts
    assert {one.measure for one in listed} <= {"mention"}


def test_a_mention_is_shown_in_its_sentence(tmp_path: Path) -> None:
    said = at("MNIST and SVHN", "Task", confidence=0.6)
    [one] = found(tmp_path, {"mentions": [said]}, mentions=[at("MNIST")])
    assert (one.gold, one.ours, one.confidence, one.kinds) == (
        "MNIST (Dataset)",
        "MNIST and SVHN (Task)",
        0.6,
        ("Dataset", "Task"),
    )
    assert [quote.text for quote in one.quotes] == ["We train a GAN on MNIST and SVHN."]
    assert shown(one) == [[("MNIST", "gold ours"), (" and SVHN", "ours")]]


def test_the_most_alike_are_joined(tmp_path: Path) -> None:
    gold = [at("MNIST and SVHN"), at("SVHN", "Task")]
    listed = found(tmp_path, {"mentions": [at("SVHN"), at("MNIST", "Metric")]}, mentions=gold)
    assert [(one.verdict, one.gold, one.ours) for one in listed] == [
        ("bounds and kind", "MNIST and SVHN (Dataset)", "MNIST (Metric)"),
        ("kind", "SVHN (Task)", "SVHN (Dataset)"),
    ]


def test_claims_say_what_either_side_says(tmp_path: Path) -> None:
    said = {
        "mentions": [at("MNIST")],
        "claims": [claim("uses", "Dataset", "mnist") | {"confidence": 0.61, "mention": at("MNIST")}],
    }
    gold = {"mentions": [at("MNIST")], "entities": [entity("MNIST", "Dataset", "evaluatesOn")]}
    listed = found(tmp_path, said, **gold)
    assert [(one.measure, one.verdict, one.predicate) for one in listed] == [
        ("claim", "miss", "evaluatesOn"),
        ("claim", "false alarm", "uses"),
    ]
    assert {(one.gold, one.ours) for one in listed} == {("MNIST (Dataset): evaluatesOn", "mnist (Dataset): uses 0.61")}
    assert [one.confidence for one in listed] == [None, 0.61]
    assert shown(listed[1]) == [[("MNIST", "gold ours")]]


def test_a_paper_that_was_not_read_is_missed_whole(tmp_path: Path) -> None:
    gold = {
        "mentions": [at("GAN", "Method")],
        "entities": [entity("GAN", "Method", "uses"), entity("CIFAR", "Dataset", "mentions")],
        "results": [{"metric": "accuracy", "value": 97.5, "unit": "%", "dataset": "MNIST"}],
    }
    listed = found(tmp_path, None, **gold)
    assert [(one.measure, one.name) for one in listed] == [
        ("mention", "GAN"),
        ("entity", "GAN"),
        ("entity", "CIFAR"),
        ("claim", "GAN"),
        ("result", "accuracy 97.5 % on MNIST"),
    ]
    assert {one.verdict for one in listed} == {"miss"}
    assert [len(one.quotes) for one in listed] == [1, 1, 0, 1, 1]  # no text names CIFAR
    assert shown(listed[-1]) == [[("97.5", "gold")]]


def test_results(tmp_path: Path) -> None:
    span = at("97.5% accuracy")
    said = {"results": [{"metric": "error", "value": 97.5, "confidence": 0.4, "span": span}]}
    [one] = found(tmp_path, said, results=[{"metric": "error", "value": "few"}])
    assert (one.verdict, one.ours, one.confidence) == ("false alarm", "error 97.5", 0.4)
    assert shown(one) == [[("97.5% accuracy", "ours")]]
    both = found(tmp_path, said, results=[{"metric": "accuracy", "value": "97.5%"}])
    assert {(one.gold, one.ours) for one in both} == {("accuracy 97.5%", "error 97.5")}  # one number, two metrics


def test_what_others_predict_need_not_say_where(tmp_path: Path) -> None:
    broken = [{"field": "abstract"}, {"field": "abstract", "start": "0", "end": 5}, 5, None]
    claims = [claim("uses", "Method", f"net {at}") | {"mention": place} for at, place in enumerate(broken)]
    said = {"claims": [*claims, claim("uses", "Method", "SVM") | {"confidence": float("nan")}]}
    listed = [one for one in found(tmp_path, said, abstract=None) if one.measure == "claim"]
    assert [(one.quotes, one.confidence) for one in listed] == [((), None)] * 5


def test_numbers_are_whole() -> None:
    paper = {"title": "", "abstract": "Of 12.5 and 2.5 we take 2. On MNIST 2 is best."}
    assert [mark.start for mark in numbers(paper, {"value": 2, "dataset": "MNIST"})] == [36]
    assert numbers(paper, {"value": 5}) == []


@pytest.mark.parametrize(
    "mark", [Mark("abstract", 5, 5, "gold"), Mark("abstract", 0, 999, "gold"), Mark("notes", 0, 1, "gold")]
)
def test_a_mark_that_leads_nowhere_is_left_out(mark: Mark) -> None:
    assert quotes(GOLD, [mark]) == ()


@needs_scorer
@pytest.mark.parametrize("seed", range(4))
def test_every_error_that_is_counted_is_listed(seed: int) -> None:
    chance = random.Random(seed)
    rows = [as_prediction(row) for row in map(json.loads, SEED.read_text("utf-8").splitlines())]
    pairs = paired(SEED, [disturbed(row, chance) for row in rows])
    scores, listed = score(pairs), list(mistakes(pairs))
    for measure in ("mention", "entity", "claim", "result"):
        verdicts = [one.verdict for one in listed if one.measure == measure]
        counts: Score = getattr(scores, {"entity": "entities"}.get(measure, f"{measure}s"))["all"]
        assert len(verdicts) - verdicts.count("false alarm") == counts.missed, measure
        assert len(verdicts) - verdicts.count("miss") == counts.wrong, measure


def test_the_page_holds_no_markup_of_others(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><!--"
    path = write(tmp_path / "gold.jsonl", [GOLD | {"title": evil, "entities": [entity(evil, "Method", "uses")]}])
    page = html(mistakes(paired(path, [])), name=f"{evil}.jsonl", papers=1)
    assert page.count("<script") == 2
    assert "alert(1)</script>" not in page
    data = page.partition('id="data">')[2].partition("</script>")[0]
    assert json.loads(data)["titles"] == [evil]
    assert evaluate(path, []).entities["all"].missed == 1
