"""The numbers that a paper reports, in sentences of our own making whose names are marked."""

from __future__ import annotations

from itertools import permutations
from time import process_time

import pytest

from kg.claims.measured import _likely, measured
from kg.claims.numbers import plain, quantities
from kg.claims.results import results
from kg.extract.texts import text_of
from kg.ground.entities import ground
from kg.model import FIELDS, Mention, Result
from tests.marked import unmarked
from tests.papers import paper


def names(marked: str) -> tuple[str, list[Mention]]:
    """A text without its marks, and the mentions that they make."""
    abstract, found = unmarked("abstract", marked)
    text = text_of(paper(abstract=abstract), "abstract")
    return abstract, [
        Mention(text, m["start"], m["end"], abstract[m["start"] : m["end"]], m["type"], 0.9, "marked") for m in found
    ]


def read(marked: str) -> tuple[Result, ...]:
    abstract, found = names(marked)
    about = paper(abstract=abstract)
    texts = [text_of(about, field) for field in FIELDS]
    linked = ground(sorted([*found, *measured(texts, found)], key=lambda mention: mention.start))
    return results(about, texts, linked, ())


def rows(marked: str) -> list[tuple[str, str, str | None]]:
    """Each result as the paper calls its metric, the value and the dataset."""
    return [
        (each.called or each.metric.label, each.value, each.dataset.label if each.dataset else None)
        for each in read(marked)
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("We get an [FID|C] of 3.2.", [("FID", "3.2", None)]),
        ("We get an [FID score|C] of 3.2.", [("FID", "3.2", None)]),
        ("It gains 2.1% in [top-1|C].", [("top-1 accuracy", "2.1", None)]),
        ("We see 71.5% [top-1 accuracy|C].", [("top-1 accuracy", "71.5", None)]),
        ("We reach an [average accuracy|C] of 71.5%.", [("accuracy", "71.5", None)]),
        ("An [average precision|C] of 71.5% is met.", [("average precision", "71.5", None)]),
        ("The [miss rate|C] is now lower, 41% to 37%.", [("miss rate", "41", None), ("miss rate", "37", None)]),
        ("The [average miss rate|C] is 8.1%.", [("miss rate", "8.1", None)]),
    ],
)
def test_a_metric_has_the_name_that_the_paper_gives_it(marked: str, expected: list[tuple[str, str, None]]) -> None:
    assert rows(marked) == expected


def test_the_entity_of_a_metric_is_that_of_the_vocabulary_whatever_it_is_called() -> None:
    (found,) = read("We get an [FID|C] of 3.2.")
    assert found.called == "FID"
    assert found.metric.label != "FID"
    (plain_name,) = read("We get an [accuracy|C] of 93.2%.")
    assert plain_name.called is None


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Our [accuracy|C] rises by 2.1% and 3.4% on [MNIST|D] and [SVHN|D].", ["MNIST", "SVHN"]),
        ("Our [accuracy|C] rises by 2.1% on [MNIST|D] and [SVHN|D].", ["MNIST", "SVHN"]),
        ("Our [accuracy|C] rises by 2.1% on [MNIST|D], [SVHN|D] and [GLUE|D].", [None]),
        ("We test on [MNIST|D]. Our [accuracy|C] is 91.2%.", ["MNIST"]),
        ("We test on [MNIST|D]. It is fast. Our [accuracy|C] is 91.2%.", [None]),
        ("We test on [MNIST|D] and [SVHN|D]. Our [accuracy|C] is 91.2%.", [None]),
    ],
)
def test_which_datasets_a_number_holds_for(marked: str, expected: list[str | None]) -> None:
    assert [dataset for _, _, dataset in rows(marked)] == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("It reaches an [accuracy|C] of 81.3% and is 4 times faster.", [("accuracy", "81.3")]),
        ("The [speedup|C] counts. It is 4 times faster at like [accuracy|C].", [("speedup", "4")]),
        (
            "It has an [accuracy|C] of 81.3%, surpassing prior work by 2.2% while attaining the best [recall|C].",
            [("accuracy", "81.3"), ("accuracy", "2.2")],
        ),
        (
            "There are gains of 8.8% on [accuracy|C] and 7.4% on [recall|C].",
            [("accuracy", "8.8"), ("recall", "7.4")],
        ),
    ],
)
def test_which_metric_a_number_measures(marked: str, expected: list[tuple[str, str]]) -> None:
    assert [(name, value) for name, value, _ in rows(marked)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a gain of 2.2xat no cost", [("2.2", "x")]),
        ("0.71 Example-F1", [("0.71", None)]),
        ("0.71 (0.65-0.77)", [("0.71", None)]),
        ("at a resolution of 1152", []),
        ("significant, p < 0.05", []),
        ("out of 11 submitted runs", []),
        ("with 10 time steps", []),
        ("from 30% of datasets", []),
    ],
)
def test_which_numbers_are_measurements(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(found.value, found.unit) for found in quantities(plain(text), 0, len(text))] == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("It has 12% fewer [FLOPs|C] and 29% fewer parameters.", ["parameters"]),
        ("It reaches 87.5% accuracy on [MNIST|D].", ["accuracy"]),
        ("Errors fell: it improves safety scores by 31.6%.", ["safety scores"]),
        ("It reaches 87.5% [accuracy|C] on [MNIST|D].", []),
        ("We train on 30% of the data for 20 epochs.", []),
        ("We take accuracy seriously.", []),
        ("", []),
    ],
)
def test_a_metric_beside_a_number_is_found_without_an_extractor(marked: str, expected: list[str]) -> None:
    abstract, found = names(marked)
    more = measured([text_of(paper(abstract=abstract), "abstract")], found)
    assert [mention.surface for mention in more] == expected
    for mention in more:
        assert abstract[mention.start : mention.end] == mention.surface
        assert mention.kind == "Metric"
        assert 0.5 <= mention.confidence <= 1
        assert not any(m.start < mention.end and mention.start < m.end for m in found)


@pytest.mark.parametrize("part", ["5.1% a ", "accuracy of (", "0.1 (0.2-0.3) ", "a" * 50])
def test_the_time_grows_with_the_text_and_not_with_its_square(part: str) -> None:
    def seconds(size: int) -> float:
        text = text_of(paper(abstract=part * (size // len(part))), "abstract")
        start = process_time()
        measured([text], [])
        return process_time() - start

    seconds(1_000)
    short, long = seconds(4_000), seconds(40_000)
    assert long < 40 * short + 1


def test_numbers_on_two_datasets_named_in_one_are_each_of_theirs() -> None:
    assert rows("It reaches 95.2/77.1% [accuracy|C] on [CIFAR-10/100|D].") == [
        ("accuracy", "95.2", "CIFAR-10"),
        ("accuracy", "77.1", "CIFAR-100"),
    ]


def test_what_speaks_for_a_metric_counts_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    table: tuple[dict[str, float], dict[str, float]] = ({"bias": 0.0, "a": 1e16, "b": 1.0, "c": -1e16}, {})
    monkeypatch.setitem(_likely.__globals__, "_table", lambda: table)
    assert len({_likely(cues) for cues in permutations("abc")}) == 1
