"""Which entity a name is."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import mentions
from kg.ground.entities import Linked, declared, ground, mint, unify
from kg.ground.known import variant
from kg.model import Entity
from tests.papers import paper


def linked(title: str, abstract: str) -> Linked:
    return ground(mentions(paper(title, abstract)))


def labels(abstract: str) -> set[tuple[str, str]]:
    return {(entity.kind, entity.label) for _, entity in linked("A Study", abstract)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CIFAR10 and CIFAR-10 are one.", {("Dataset", "CIFAR-10")}),
        ("CIFAR-10 and CIFAR-100 are two.", {("Dataset", "CIFAR-10"), ("Dataset", "CIFAR-100")}),
        ("Results on HotpotQA FullWiki.", {("Dataset", "HotpotQA")}),
        ("Convolutional neural networks and CNNs.", {("Method", "convolutional neural network")}),
        ("ResNet and ResNet-18 differ.", {("Method", "ResNet"), ("Method", "ResNet-18")}),
        ("We train zebra stripe networks (ZSNs). A ZSN is small.", {("Method", "zebra stripe network")}),
    ],
)
def test_entities(text: str, expected: set[tuple[str, str]]) -> None:
    assert labels(text) == expected


def test_the_paper_s_own_acronym_wins_over_the_vocabulary() -> None:
    ((_, label),) = labels("Zebra stripe learning (ZSL) is new. ZSL helps.")
    assert label == "zebra stripe learning"


def test_a_variant_is_what_the_name_of_the_dataset_leaves() -> None:
    ((mention, entity),) = linked("A Study", "Results on HotpotQA FullWiki.")
    assert variant(mention, entity) == "FullWiki"
    ((mention, entity),) = linked("A Study", "Results on HotpotQA.")
    assert variant(mention, entity) is None


def test_a_dataset_with_and_without_a_variant_is_one_entity() -> None:
    (one, _), (other, _) = found = linked("A Study", "Results on HotpotQA. Results on HotpotQA FullWiki.")
    assert (one.surface, other.surface) == ("HotpotQA", "HotpotQA FullWiki")
    assert len({entity for _, entity in found}) == 1


def test_declared_tasks_are_tasks() -> None:
    entities = declared(paper(tasks=("Q-Learning", " ", "Object Detection", "Object Detection")))
    assert [(entity.kind, entity.label) for entity in entities] == [
        ("Task", "Q-Learning"),
        ("Task", "object detection"),
    ]


def test_a_known_name_has_the_iri_of_the_vocabulary() -> None:
    ((_, entity),) = linked("A Study", "Results on ImageNet.")
    assert entity.iri == "https://w3id.org/ml-kg/dataset/imagenet"


@pytest.mark.parametrize("pair", [("C", "C++"), ("C++", "C#"), ("a*", "a"), ("λ-net", "net")])
def test_other_names_have_other_iris(pair: tuple[str, str]) -> None:
    assert mint("Method", pair[0]) != mint("Method", pair[1])


@given(st.text(min_size=1, max_size=60))
def test_every_name_has_an_iri_without_forbidden_characters(name: str) -> None:
    assert not set(mint("Task", name)) & set(' <>"{}|\\^`\n')


def test_over_a_corpus_the_order_of_papers_decides_nothing() -> None:
    def own(label: str) -> Entity:
        return Entity(mint("Method", label), "Method", label)

    papers = [[own("Zebra Net")], [own("zebra net")], [own("zebra-net")], [own("zebra net"), own("Other")]]
    results = [sorted(set(unify(order).values())) for order in permutations(papers)]
    assert all(result == results[0] for result in results)
    assert [entity.label for entity in results[0]] == ["Other", "zebra net"]


def test_another_preferred_spelling_changes_the_label_and_not_the_iri() -> None:
    def own(label: str) -> Entity:
        return Entity(mint("Method", label), "Method", label)

    (before,) = set(unify([[own("ZebraNet")], [own("ZebraNet")], [own("Zebra-Net")]]).values())
    (after,) = set(unify([[own("ZebraNet")], [own("Zebra-Net")], [own("Zebra-Net")]]).values())
    assert (before.label, after.label) == ("ZebraNet", "Zebra-Net")
    assert before.iri == after.iri
