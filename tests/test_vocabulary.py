"""The curated vocabulary holds together."""

from collections import Counter

import pytest

from kg.extract.names import lexicon
from kg.extract.tokens import compact
from kg.ontology import vocabulary


def test_every_entity_has_its_own_iri_and_name() -> None:
    assert [iri for iri, n in Counter(entity.iri for entity in vocabulary()).items() if n > 1] == []
    names = Counter((e.kind, name) for e in vocabulary() for name in {compact(n) for n in (e.label, *e.aliases)})
    assert [name for name, n in names.items() if n > 1] == []


@pytest.mark.parametrize(("kind", "least"), [("Method", 2000), ("Dataset", 1500), ("Task", 1500), ("Metric", 100)])
def test_there_is_a_vocabulary_of_each_kind(kind: str, least: int) -> None:
    assert sum(entity.kind == kind for entity in vocabulary()) >= least


def test_broader_entities_exist() -> None:
    iris = {entity.iri for entity in vocabulary()}
    assert {broader for entity in vocabulary() for broader in entity.broader} <= iris


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CIFAR-10", "Dataset"),
        ("ImageNet", "Dataset"),
        ("HotpotQA", "Dataset"),
        ("MNIST", "Dataset"),
        ("object detection", "Task"),
        ("question answering", "Task"),
        ("convolutional neural network", "Method"),
        ("Q-learning", "Method"),
        ("accuracy", "Metric"),
        ("BLEU", "Metric"),
    ],
)
def test_well_known_names_are_there(name: str, kind: str) -> None:
    assert lexicon()[compact(name)].kind == kind


@pytest.mark.parametrize(
    "name",
    [
        "use",
        "data",
        "model",
        "method",
        "network",
        "test",
        "all",
        "new",
        "large",
        "focus",
        "run",
        "great",
        "quality",
        "speed of",
        "hard",
    ],
)
def test_ordinary_words_are_no_names(name: str) -> None:
    assert compact(name) not in lexicon()
