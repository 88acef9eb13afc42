"""What the tagger sees of a paper, and how words are found among the vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.features import FLAGS, Unit, known_spans, row, units
from kg.extract.network import load, vectors, word_number
from kg.extract.tagger import parts, read
from kg.extract.tokens import cut
from kg.extract.wordpieces import pieces, wordpieces
from kg.model import FIELDS, KINDS, Text


def paper(title: str, abstract: str) -> list[Unit]:
    return units([Text("p", field, "", text) for field, text in zip(FIELDS, (title, abstract), strict=True)])


def flagged(found: list[Unit], flag: int) -> list[str]:
    return [unit.surface for unit, flags in zip(found, row(found).flags, strict=True) if flags[flag]]


@given(st.text(max_size=60), st.text(max_size=200))
def test_units_are_where_they_say_and_features_are_of_their_number(title: str, abstract: str) -> None:
    found = paper(title, abstract)
    texts = {"title": title, "abstract": abstract}
    for unit in found:
        if "\0" not in unit.surface:
            assert texts[unit.text.field][unit.start : unit.end] == unit.surface
    seen = row(found)
    assert seen.flags.shape == (len(found), FLAGS)
    assert seen.alike.sum(axis=1) == pytest.approx(np.ones(len(found)))


@given(st.text(st.sampled_from("aB-. ,(){}$'’\n\t\u00a0\u2028\ud800—9"), max_size=60))
def test_units_are_the_tokens_of_the_whole_text(text: str) -> None:
    tokens = [(token.idx, token.text) for token in cut(text) if not token.is_space]
    assert [(unit.start, unit.surface) for unit in paper("", text)] == tokens


def test_a_kind_that_a_network_does_not_know_has_no_flags() -> None:
    found = paper("Accuracy on ImageNet", "")
    one, all_kinds = row(found, kinds=("Dataset",)), row(found)
    assert one.flags.shape[1] == FLAGS - 4 * (len(KINDS) - 1)
    assert one.known == all_kinds.known
    assert {span.kind for span in one.known} == {"Dataset", "Metric"}
    assert one.flags[:, :4].any(axis=1).tolist() == [False, False, True]
    assert all_kinds.flags[:, : 4 * len(KINDS)].any(axis=1).tolist() == [True, False, True]
    assert (one.flags[:, 4:] == all_kinds.flags[:, 4 * len(KINDS) :]).all()


def test_a_stretch_without_end_is_one_mark() -> None:
    text = f"we train {'x' * 401}, nets and {'y' * 400}"
    tokens = [(token.idx, token.text) for token in cut(text)]
    assert [(unit.start, unit.surface) for unit in paper("", text)] == tokens
    assert [unit.word for unit in paper("", text)] == [True, True, False, True, True, True]


def test_the_vocabulary_is_flagged_by_kind_and_by_writing() -> None:
    found = paper("", "We use stochastic gradient descent on GLUE, not glue.")
    assert flagged(found, 0) == ["stochastic"]  # begins a method
    assert flagged(found, 1) == ["gradient", "descent"]
    assert flagged(found, 2) == ["GLUE"]  # a dataset
    assert flagged(found, 2 * len(KINDS) + 2) == ["glue"]  # the letters of one


def test_a_name_of_the_vocabulary_does_not_cross_texts() -> None:
    found = paper("On object", "detection we say nothing.")
    assert all(found[first].text is found[last].text for first, last, *_ in known_spans(found))


def test_what_is_unknown_is_not_flagged() -> None:
    found = paper("", "It runs on ImageNet.")
    assert row(found).flags[:, : 4 * len(KINDS)].any()
    assert not row(found, {"imagenet"}).flags[:, : 4 * len(KINDS)].any()


def test_acronyms_repetition_and_the_title_are_flagged() -> None:
    found = paper("Zebra nets", "Zebra stripe detection (ZSD) is hard. Zebra is.")
    assert flagged(found, -8) == ["ZSD"]
    assert flagged(found, -6) == ["Zebra"]  # the long form begins
    assert flagged(found, -4) == ["Zebra", "nets"]
    assert flagged(found, -3) == ["Zebra", "Zebra", "is", ".", "Zebra", "is", "."]
    assert flagged(found, -2) == ["Zebra", "Zebra", "Zebra"]


def test_a_word_is_the_mean_of_where_it_stands() -> None:
    found = paper("", "GANs beat a GAN.")
    alike = row(found).alike
    assert alike[0].tolist() == alike[3].tolist() == [0.5, 0, 0, 0.5, 0]


@pytest.mark.parametrize(
    ("word", "number"),
    [("net", 1), ("v00", 2), ("v17", 2), ("deep-net", 1), ("nets", 1), ("nothing", 0), ("", 0), ("-", 0)],
)
def test_an_unknown_word_goes_by_its_digits_its_last_part_or_its_singular(word: str, number: int) -> None:
    assert word_number(word, {"net": 1, "v00": 2}) == number


def test_vectors_tell_what_is_alike() -> None:
    bert, roberta, sheep = vectors().of(["BERT", "RoBERTa", "sheep"])
    assert bert @ roberta > 3 * abs(bert @ sheep)


def test_the_other_parts_say_what_they_find() -> None:
    found = paper("FooNet: Better Things", "Zebra stripe detection (ZSD) is called Fooling Zebra. It is on MNIST.")
    spans = parts(row(found))

    def words(name: str) -> set[str]:
        return {" ".join(unit.surface for unit in found[first : last + 1]) for first, last, _ in spans[name]}

    assert words("vocabulary") == {"MNIST"}
    assert words("acronym") == {"Zebra stripe detection", "ZSD"}
    assert words("contribution") == {"FooNet", "Fooling Zebra"}


def test_a_paper_of_great_length_is_read_in_rows() -> None:
    sentence = "We train on ImageNet with a convolutional neural network and it works well. "
    found = paper("A Study", sentence * 200)
    names = [found[each.span.first].surface for each in read(found)]
    assert names.count("ImageNet") == 200


def test_half_a_surrogate_pair_moves_no_offset() -> None:
    found = paper("", "On \ud800 we use BERT.")
    assert [found[each.span.first].start for each in read(found)] == [12]


def test_nothing_is_read_from_nothing() -> None:
    assert read([]) == []


def test_the_shipped_network_says_what_its_weights_are_for() -> None:
    network = load("default")
    assert network.weights["in.w"].shape[1] == network.config["width"]
    assert 0.2 <= network.config["least"] <= 0.6


@pytest.mark.parametrize(
    ("unit", "count"),
    [("transformers", 1), ("CIFAR-10", 4), ("\0", 1), ("x" * 500, 1), ("é", 1), ("-" * 90, 24)],
)
def test_wordpieces(unit: str, count: int) -> None:
    assert len(wordpieces(unit)) == count


def test_pieces_begin_and_end_the_row_and_part_its_texts() -> None:
    found = pieces(paper("ReMixMatch", "ReMixMatch is good."))
    assert found.numbers[0] == 101
    assert found.numbers[-1] == 102
    assert found.numbers.count(102) == 2
    assert found.numbers[found.first[0] : found.last[0] + 1] == list(wordpieces("ReMixMatch"))


def test_pieces_beyond_the_reach_of_the_encoder_are_its_last() -> None:
    found = pieces(paper("", "detection " * 2000))
    assert len(found.numbers) <= 512
    assert len(found.first) == 2000
    assert max(found.last) < len(found.numbers)
