"""Which names are found in texts of our own making, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import mentions
from kg.extract.acronyms import acronyms
from kg.extract.sentences import sentences
from kg.extract.tokens import compact
from tests.papers import paper


def found(title: str, abstract: str, tasks: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(m.surface, m.kind) for m in mentions(paper(title, abstract, tasks=tasks))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We train on CIFAR-10 and ImageNet.", [("CIFAR-10", "Dataset"), ("ImageNet", "Dataset")]),
        ("We study object detection.", [("object detection", "Task")]),
        ("A graph neural network is used.", [("graph neural network", "Method")]),
        ("It improves accuracy.", [("accuracy", "Metric")]),
        ("Results on GLUE are good.", [("GLUE", "Dataset")]),
        ("We glue the pieces and drop some.", []),  # GLUE and DROP in lower case are no names
        ("A high-accuracy system.", []),  # a name never ends inside a hyphenated word
        ("Deep neural networks are studied.", []),  # the bare top level is generic (guidelines M2)
        ("Our novel method works.", []),
        ("The CIFAR-10 networks are small.", [("CIFAR-10", "Dataset")]),
        ("We report on HotpotQA FullWiki.", [("HotpotQA FullWiki", "Dataset")]),  # the variant belongs to the span (S6)
        ("We use an object detection method.", [("object detection", "Task")]),  # a generic end is dropped (S1)
        ("Evaluated on FooBarQA, QuuxBench, and ImageNet.", [
            ("FooBarQA", "Dataset"), ("QuuxBench", "Dataset"), ("ImageNet", "Dataset"),
        ]),
        ("We release FooNet, a benchmark for stereo matching.", [("FooNet", "Dataset"), ("stereo matching", "Task")]),
        ("We propose FooNet, which is based on BERT.", [("FooNet", "Method"), ("BERT", "Method")]),
        ("", []),
        ("     \n\t", []),
    ],
)  # fmt: skip
def test_names(text: str, names: list[tuple[str, str]]) -> None:
    assert found("A Study", text) == names


def test_a_title_before_its_colon_names_the_contribution() -> None:
    assert ("Zorgle", "Method") in found("Zorgle: Better Object Detection", "Zorgle helps.")
    assert ("Zorgle", "Method") in found("A Study", "We propose a network called Zorgle for object detection.")


def test_a_mention_says_which_parts_found_it() -> None:
    text = "We propose a model called FooNet, based on generative adversarial networks (GANs), and train it on MNIST."
    parts = {m.surface: m.extractor for m in mentions(paper("A Study", text))}
    assert parts == {
        "FooNet": "tagger+contribution",
        "generative adversarial networks": "tagger+vocabulary+acronym",
        "GANs": "tagger+vocabulary+acronym",
        "MNIST": "tagger+vocabulary",
    }


def test_a_name_has_one_kind_in_a_paper() -> None:
    kinds = {
        kind
        for surface, kind in found("A Study", "Foo2Bar is new. We test on the Foo2Bar dataset.")
        if surface == "Foo2Bar"
    }
    assert kinds == {"Dataset"}


def test_a_declared_paradigm_is_a_task_and_a_declared_algorithm_stays_one() -> None:
    text = "We apply imitation learning and Q-learning."
    kinds = dict(found("A Study", text, ("Imitation Learning", "Q-Learning")))
    assert kinds == {"imitation learning": "Task", "Q-learning": "Method"}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Graph neural networks (GNNs) help.", [("GNNs", "Graph neural networks")]),
        ("Self-supervised learning (SSL) helps.", [("SSL", "Self-supervised learning")]),  # not "supervised learning"
        ("We use SSL (self-supervised learning).", [("SSL", "self-supervised learning")]),
        ("coordinate discrete gradient (CDG)", [("CDG", "coordinate discrete gradient")]),
        ("proximal-policy optimization (PPO)", [("PPO", "proximal-policy optimization")]),
        ("Neural radiance fields (NeRF; 2020)", [("NeRF", "Neural radiance fields")]),
        ("as shown (see Section 2)", []),
        ("we do this (A)", []),
        ("images of cats (IGX)", []),
        ("Learning. Machine (LM)", []),  # not over the end of a sentence
    ],
)
def test_acronyms(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(text[slice(*a.short)], text[slice(*a.long)]) for a in acronyms(text)] == pairs


def test_an_acronym_has_the_kind_of_its_long_form_everywhere() -> None:
    kinds = found("A Study", "Zebra stripe detection (ZSD) is hard. ZSD matters.")
    assert kinds == [("Zebra stripe detection", "Task"), ("ZSD", "Task"), ("ZSD", "Task")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("We use e.g. BERT. It helps.", ["We use e.g. BERT.", "It helps."]),
        ("Smith et al. 2020 show it. Yes!", ["Smith et al. 2020 show it.", "Yes!"]),
        ("It rose by 2.3 points. Good?", ["It rose by 2.3 points.", "Good?"]),
        ("No end", ["No end"]),
        ("He said “stop.” Then left.", ["He said “stop.”", "Then left."]),
        ("", []),
        (" \n ", []),
        ("A list:\n\n- one thing", ["A list:", "- one thing"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(max_size=300))
def test_every_visible_character_is_in_one_sentence(text: str) -> None:
    inside = [i for start, end in sentences(text) for i in range(start, end)]
    assert inside == sorted(set(inside))
    assert [i for i, char in enumerate(text) if not char.isspace()] == [i for i in inside if not text[i].isspace()]


WORDS = st.lists(
    st.sampled_from(
        [
            "BERT",
            "CIFAR-10",
            "object",
            "detection",
            "(GAN)",
            "novel",
            "we",
            "propose",
            "loss,",
            "X.",
            "“a”",
            "𝒳",
            "\x00",
        ]
    )
    | st.text(max_size=8)
).map(" ".join)


@given(title=WORDS, abstract=WORDS)
def test_mentions_are_where_they_say_and_never_overlap(title: str, abstract: str) -> None:
    last = ("title", -1)
    for mention in mentions(paper(title, abstract)):
        text = title if mention.text.field == "title" else abstract
        assert text[mention.start : mention.end] == mention.surface != ""
        assert (mention.text.field == "abstract", mention.start) >= (last[0] == "abstract", last[1])
        last = (mention.text.field, mention.end)


def test_a_megabyte_without_a_space_is_read() -> None:
    assert found("x" * 1_000_001, "(" * 100_000) == []


def test_an_abstract_of_megabytes_is_read() -> None:
    assert found("", "We evaluate on MNIST." + "\n" * 2_000_000) == [("MNIST", "Dataset")]


@given(st.text(max_size=40).filter(lambda name: not name.rstrip("- ").upper().endswith("S")))
def test_compact_is_idempotent_on_case_and_hyphens(name: str) -> None:
    assert compact(name.replace("-", " ")) == compact(name.replace("-", " ").upper().lower())
