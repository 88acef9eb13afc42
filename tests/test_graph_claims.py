"""What claims and results become: stated if they are sure, described with their sentences in any case."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tests.specimens as made
from kg.model import Reading
from tests.facts import HOSTILE, REMIX, claim_of, facts, of, write
from tests.readings import lines


def test_a_claim() -> None:
    start = made.REMIXMATCH.abstract.index("MixMatch")
    said = claim_of(lines(), "kg:uses", "method:mixmatch")
    (sentence,) = {value for prop, value in said if prop == "prov:wasDerivedFrom"}
    (other,) = {value for prop, value in said if prop == "kg:alsoIn"}
    assert said == {
        ("rdf:type", "kg:Claim"),
        ("kg:confidence", "0.9"),
        ("kg:role", '"base"'),
        ("kg:span", f'"char={start},{start + len("MixMatch")}"'),
        ("prov:wasDerivedFrom", sentence),
        ("kg:alsoIn", other),
    }
    quotes = {value for prop, value in of(lines(), sentence) if prop == "kg:text"}
    assert quotes == {f'"{made.REMIXMATCH.abstract[:164]}"'}
    assert of(lines(), sentence) == {("kg:paper", REMIX), ("kg:span", '"char=0,164"'), ("kg:text", *quotes)}
    assert of(lines(), other)


def test_what_is_only_mentioned_is_named_by_its_sentence() -> None:
    found = facts(lines())
    assert ("kg:mentions", "method:mixmatch") in of(lines(), HOSTILE)
    assert not [subject for subject, *said in found if said == ["rdf:predicate", "kg:mentions"]]
    (sentence,) = {subject for subject, *said in found if said == ["kg:names", "method:mixmatch"]}
    assert {("kg:paper", HOSTILE), ("kg:text", '"Unlike MixMatch, we never use CIFAR-10."')} <= of(lines(), sentence)


@pytest.mark.parametrize("more", [{"variant": "base"}, {"polarity": "negated"}, {"role": "base"}])
def test_a_mention_with_more_to_say_is_a_claim(more: dict[str, str]) -> None:
    title = made.text(made.REMIXMATCH, "title")
    graph = write(Reading(made.REMIXMATCH, claims=(made.claim(title, "mentions", made.REMIX, "ReMixMatch", **more),)))  # type: ignore[arg-type]  # a test's own words
    (name, value), *_ = more.items()
    assert (f"kg:{name}", f'"{value}"') in claim_of(graph, "kg:mentions", "method:remixmatch")


def test_a_name_that_is_not_sure_enough_is_kept_with_its_sentence() -> None:
    title = made.text(made.REMIXMATCH, "title")
    found = facts(
        write(Reading(made.REMIXMATCH, claims=(made.claim(title, "mentions", made.REMIX, "ReMixMatch", 0.3),)))
    )
    assert {value for _, prop, value in found if prop == "kg:names"} == {"method:remixmatch"}
    assert "kg:mentions" not in {prop for _, prop, _ in found}


def test_further_sentences_are_two_at_most_and_quoted_anyway() -> None:
    words = [f"Here thing{number} is." for number in range(5)]
    paper = replace(made.REMIXMATCH, abstract=" ".join([*words, "Unsaid thing."]))
    text = made.text(paper, "abstract")
    every = [made.claim(text, "uses", made.REMIX, f"thing{number}") for number in range(1, 5)]
    lead = made.claim(text, "proposes", made.REMIX, "thing0", also=("Unsaid", "thing4", "thing3", "thing2"))
    graph = write(Reading(paper, claims=(lead, *every)))
    found = facts(graph)
    further = [value for _, prop, value in found if prop == "kg:alsoIn"]
    quotes = {value for sentence in further for prop, value in of(graph, sentence) if prop == "kg:text"}
    assert quotes == {'"Here thing4 is."', '"Here thing3 is."'}
    assert not [value for _, _, value in found if value == '"Unsaid thing."']


def test_the_usual_extractor_is_said_once() -> None:
    title = made.text(made.REMIXMATCH, "title")
    some = [
        made.claim(title, "proposes", made.REMIX, "ReMixMatch", extractor="b"),
        made.claim(title, "uses", made.MIXMATCH, "MixMatch", extractor="a"),
        made.claim(title, "mentions", made.ANCHORING, "Augmentation", extractor="c"),
    ]
    graph = write(Reading(made.REMIXMATCH, claims=tuple(some)))
    assert {value for _, prop, value in facts(graph) if prop == "kg:usualExtractor"} == {"extractor/a"}
    assert ("prov:wasGeneratedBy", "extractor/b") in claim_of(graph, "kg:proposes", "method:remixmatch")
    assert "prov:wasGeneratedBy" not in dict(claim_of(graph, "kg:uses", "method:mixmatch"))
    assert of(graph, "extractor/a")
    assert not of(graph, "extractor/c")


def test_a_claim_that_only_the_source_makes() -> None:
    assert claim_of(lines(), "kg:addresses", "task:image-classification", HOSTILE) == {
        ("rdf:type", "kg:Claim"),
        ("kg:confidence", "1"),
        ("kg:declared", "true"),
        ("prov:wasDerivedFrom", "source/a7a7a7a7a7a7a7a7"),
        ("prov:wasGeneratedBy", "extractor/declared"),
    }


def test_a_negated_claim_is_described_but_not_stated() -> None:
    assert ("kg:polarity", '"negated"') in claim_of(lines(), "kg:evaluatesOn", "dataset:cifar-10", HOSTILE)
    assert ("kg:evaluatesOn", "dataset:cifar-10") not in of(lines(min_confidence=0), HOSTILE)


def test_a_winner_is_described() -> None:
    assert ("kg:winner", "method:resnet-18") in claim_of(lines(), "kg:comparesWith", "method:mixmatch", HOSTILE)
    assert ("skos:prefLabel", '"ResNet-18"') in of(lines(), "method:resnet-18")


def test_results_are_numbers() -> None:
    found = facts(lines())
    (best,) = {subject for subject, prop, value in found if (prop, value) == ("kg:value", "93.73")}
    said = of(lines(), best)
    start = made.REMIXMATCH.abstract.index("93.73%")
    assert {prop for prop, _ in said} == {
        "rdf:type", "kg:paper", "kg:metric", "kg:value", "kg:comparator", "kg:unit", "kg:dataset", "kg:method",
        "kg:condition", "kg:confidence", "prov:wasDerivedFrom", "kg:span", "prov:wasGeneratedBy",
    }  # fmt: skip
    assert {("kg:condition", '"250 labeled examples"'), ("kg:unit", '"%"')} <= said
    assert ("kg:span", f'"char={start},{start + 6}"') in said
    changes = {subject for subject, prop, value in found if (prop, value) == ("kg:delta", "true")}
    assert {("kg:value", "1.5"), ("kg:backbone", "method:resnet-18")} <= of(lines(), changes.pop())
    assert {(prop, value) for _, prop, value in found if prop == "kg:upper"} == {("kg:upper", "4")}


@pytest.mark.parametrize(
    ("confidence", "threshold", "stated"),
    [
        (0.5, 0.5, True),
        (0.4996, 0.5, True),
        (0.4994, 0.5, False),
        (1.0, 1.0, True),
        (0.0, 0.0, True),
        (0.99, 1.0, False),
    ],
)
def test_a_claim_is_stated_from_the_threshold_on(confidence: float, threshold: float, *, stated: bool) -> None:
    claim = made.claim(made.text(made.REMIXMATCH, "title"), "proposes", made.REMIX, "ReMixMatch", confidence)
    graph = write(Reading(made.REMIXMATCH, claims=(claim,)), min_confidence=threshold)
    assert (("kg:proposes", "method:remixmatch") in of(graph, REMIX)) == stated
    assert claim_of(graph, "kg:proposes", "method:remixmatch")


@pytest.mark.parametrize(
    ("claims", "stated"),
    [
        ([("mentions", 0.9, "positive")], {"kg:mentions"}),
        ([("mentions", 0.4, "positive")], set()),
        ([("mentions", 0.9, "positive"), ("uses", 0.9, "positive")], {"kg:uses"}),
        ([("uses", 0.9, "positive"), ("mentions", 0.9, "positive")], {"kg:uses"}),
        ([("mentions", 0.9, "positive"), ("uses", 0.4, "positive")], {"kg:mentions"}),
        ([("mentions", 0.9, "positive"), ("uses", 0.9, "negated")], {"kg:mentions"}),
        ([("uses", 0.9, "negated")], set()),
        ([("uses", 0.9, "negated"), ("uses", 0.6, "positive")], {"kg:uses"}),
        ([("uses", 0.9, "positive"), ("comparesWith", 0.9, "positive")], {"kg:uses", "kg:comparesWith"}),
    ],
)
def test_mentions_is_stated_where_nothing_else_is(claims: list[tuple[str, float, str]], stated: set[str]) -> None:
    title = made.text(made.REMIXMATCH, "title")
    some = tuple(
        made.claim(title, predicate, made.REMIX, "ReMixMatch", sure, polarity=polarity)  # type: ignore[arg-type]
        for predicate, sure, polarity in claims
    )
    said = of(write(Reading(made.REMIXMATCH, claims=some)), REMIX)
    assert {prop for prop, value in said if value == "method:remixmatch"} == stated


def test_claims_that_differ_in_anything_are_two() -> None:
    title = made.text(made.REMIXMATCH, "title")
    abstract = made.text(made.REMIXMATCH, "abstract")
    one = made.claim(title, "proposes", made.REMIX, "ReMixMatch")
    others = [
        replace(one, confidence=0.8),
        replace(one, extractor="zeta"),
        replace(one, role="base"),
        replace(one, variant="base"),
        replace(one, polarity="negated"),
        replace(one, mention=made.span(title, "MixMatch")),
        replace(one, also=(made.sentence(abstract, "MixMatch"),)),
        made.claim(abstract, "proposes", made.REMIX, "MixMatch"),
    ]
    graph = write(Reading(made.REMIXMATCH, claims=(one, one, *others)))
    assert len({subject for subject, _, value in facts(graph) if value == "kg:Claim"}) == 1 + len(others)
