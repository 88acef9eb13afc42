"""What a paper says of the entities that it names, in sentences of our own making."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.network import CLAIMS, load
from kg.claims.relations import claims
from kg.claims.signs import patterns
from kg.extract import mentions
from kg.extract.texts import text_of
from kg.ground.entities import declared, ground
from kg.model import FIELDS, FITS, KINDS, PREDICATES, Claim, Paper
from tests.papers import paper


def said(a: Paper) -> tuple[Claim, ...]:
    return claims(a, [text_of(a, field) for field in FIELDS], ground(mentions(a)), declared(a))


def of(title: str, abstract: str, tasks: tuple[str, ...] = ()) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for claim in said(paper(title, abstract, tasks=tasks)):
        found[claim.entity.label].add((claim.predicate, claim.polarity))
    return found


BACKGROUND = "Much work has been done. Many problems remain. "


@pytest.mark.parametrize(
    ("title", "abstract", "label", "predicate"),
    [
        ("FooNet: Fast Parsing of Images", "We propose FooNet, a new model. FooNet is fast.", "FooNet", "proposes"),
        ("A Study", BACKGROUND + "We present a method called FooNet.", "FooNet", "proposes"),
        ("A Study", BACKGROUND + "We evaluate our method on CIFAR-10.", "CIFAR-10", "evaluatesOn"),
        ("A Study", BACKGROUND + "Experiments on CIFAR-10 and ImageNet show gains.", "ImageNet", "evaluatesOn"),
        ("BarBench: A Benchmark", "We introduce BarBench, a new benchmark dataset.", "BarBench", "proposes"),
        ("Better Object Detection", "We study object detection.", "object detection", "addresses"),
        ("A Study", BACKGROUND + "Our method outperforms BERT by 2% on GLUE.", "BERT", "outperforms"),
        ("A Study", BACKGROUND + "Our method outperforms BERT by 2% on GLUE.", "BERT", "comparesWith"),
        ("A Study", BACKGROUND + "We reach 93% accuracy on CIFAR-10.", "accuracy", "measures"),
        ("A Study", BACKGROUND + "We use stochastic gradient descent.", "stochastic gradient descent", "uses"),
    ],
)
def test_what_is_said(title: str, abstract: str, label: str, predicate: str) -> None:
    assert (predicate, "positive") in of(title, abstract)[label]


@pytest.mark.parametrize(
    ("abstract", "label", "predicate"),
    [
        (BACKGROUND + "Unlike BERT, our method needs no labels.", "BERT", "uses"),
        (BACKGROUND + "We train without knowledge distillation.", "knowledge distillation", "proposes"),
        ("ImageNet has driven progress. Many follow. We study theory in this paper.", "ImageNet", "proposes"),
        (BACKGROUND + "We evaluate on CIFAR-10.", "CIFAR-10", "proposes"),
        (BACKGROUND + "We use stochastic gradient descent.", "stochastic gradient descent", "outperforms"),
    ],
)
def test_what_is_not_said(abstract: str, label: str, predicate: str) -> None:
    assert (predicate, "positive") not in of("A Study", abstract)[label]


def test_what_a_paper_does_without_is_a_negated_use() -> None:
    assert ("uses", "negated") in of("A Study", BACKGROUND + "It works without knowledge distillation.")[
        "knowledge distillation"
    ]


def test_what_is_only_named_is_mentioned() -> None:
    found = said(paper("A Study", "Much progress goes back to ImageNet. Many follow. In this paper, we study theory."))
    assert {(claim.entity.label, claim.predicate) for claim in found} == {("ImageNet", "mentions")}


def test_a_declared_task_is_addressed_with_and_without_a_sentence() -> None:
    found = {
        c.entity.label: c
        for c in said(paper("A Study", "We study object detection.", tasks=("Object Detection", "Zebra Counting")))
    }
    assert {label: (c.predicate, c.declared, c.confidence) for label, c in found.items()} == {
        "object detection": ("addresses", True, 1.0),
        "zebra counting": ("addresses", True, 1.0),
    }
    assert found["object detection"].sentence is not None
    assert found["zebra counting"].sentence is None


def test_a_declared_task_is_the_entity_that_the_text_names() -> None:
    title, tasks = "BarBench: A Benchmark for Zebra Counting", ("zebra-counting",)
    abstract = "We introduce zebra counting, a new task. We propose the task of zebra counting (ZC)."
    found = {claim.entity for claim in said(paper(title, abstract, tasks=tasks)) if claim.entity.kind == "Task"}
    assert len(found) == len({entity.iri for entity in found}) == 1


def test_the_variant_goes_with_the_claim() -> None:
    (claim,) = said(paper("A Study", BACKGROUND + "We evaluate on HotpotQA FullWiki."))
    assert (claim.entity.label, claim.predicate, claim.variant) == ("HotpotQA", "evaluatesOn", "FullWiki")


TEXTS = st.lists(
    st.sampled_from(
        (
            "We propose",
            "FooNet.",
            "Unlike",
            "BERT,",
            "outperforms",
            "CIFAR-10",
            "ImageNet",
            "accuracy of",
            "93.7%",
            "by",
        )
    )
    | st.sampled_from(("(GAN)", "without", "by", "2%,", "object", "detection.", ",", "and", "𝒳", "\x00"))
    | st.text(max_size=6)
).map(" ".join)


@given(title=TEXTS, abstract=TEXTS)
def test_claims_are_quoted_once_each_and_certain_to_a_degree(title: str, abstract: str) -> None:
    found = said(paper(title, abstract, tasks=("Parsing",)))
    assert len({(c.entity.iri, c.predicate, c.polarity) for c in found}) == len(found)
    for claim in found:
        assert 0 <= claim.confidence <= 1
        assert claim.declared or claim.sentence is not None
        if claim.sentence and claim.mention:
            assert claim.sentence.start <= claim.mention.start < claim.mention.end <= claim.sentence.end
            assert claim.mention.text == claim.sentence.text
        assert claim.sentence not in claim.also


def test_every_cue_is_of_a_pattern_that_there_is_and_what_is_claimed_fits() -> None:
    assert {predicate for _, predicate in CLAIMS} <= set(PREDICATES) - {"mentions"}
    assert all(kind in FITS.get(predicate, KINDS) for kind, predicate in CLAIMS)
    assert load().weights["out.w"].shape[1] == len(CLAIMS)
    cues = set(load().cues)
    for mark, place in (("<", "before"), (">", "after"), ("~", "whole")):
        named = {cue.removeprefix(mark) for cue in cues if cue.startswith(mark)}
        assert named <= set(patterns().places[place])
