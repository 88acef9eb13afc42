"""The extraction in spaCy."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import spacy

from kg.extract import mentions
from kg.extract.components import COMPONENTS, nlp
from tests.marked import abstracts
from tests.papers import paper

if TYPE_CHECKING:
    from spacy.language import Language


@pytest.fixture(scope="module")
def language() -> Language:
    return nlp()


def test_the_components_are_in_the_pipeline(language: Language) -> None:
    assert language.pipe_names == list(COMPONENTS)


def test_a_title_and_an_abstract_give_the_mentions_of_their_paper(language: Language) -> None:
    for row in abstracts():
        doc = language(f"{row['title']}\n\n{row['abstract']}")
        gap = len(row["title"]) + 2
        found = [
            (m.start + (gap if m.text.field == "abstract" else 0), m.surface, m.kind, m.confidence, m.extractor)
            for m in mentions(paper(row["title"], row["abstract"]))
        ]
        group = doc.spans["kg_entities"]
        spans = zip(group, group.attrs["confidence"], group.attrs["parts"], strict=True)
        assert [(s.start_char, s.text, s.label_, confidence, parts) for s, confidence, parts in spans] == found
        assert [ent.text for ent in doc.ents] == [surface for _, surface, *_ in found]


def test_the_parts_have_groups_of_their_own(language: Language) -> None:
    doc = language("It is called FooNet. Zebra stripe detection (ZSD) on MNIST.")
    assert [(s.text, s.label_) for s in doc.spans["kg_vocabulary"]] == [("MNIST", "Dataset")]
    assert {(s.text, s.label_) for s in doc.spans["kg_acronyms"]} == {
        ("ZSD", "short"),
        ("Zebra stripe detection", "long"),
    }
    assert [s.text for s in doc.spans["kg_contributions"]] == ["FooNet"]


def test_spacy_finds_the_components_by_itself() -> None:
    script = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('kg_entities'); print(nlp('We use BERT.').ents)"
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert told.stdout == "(BERT,)\n"


def test_one_component_is_enough_for_any_tokenizer() -> None:
    other = spacy.blank("en")
    other.add_pipe("kg_entities")
    doc = other("Experiments on CIFAR-10 use a convolutional neural network.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("CIFAR-10", "Dataset"),
        ("convolutional neural network", "Method"),
    ]


def test_entities_that_are_there_already_stay() -> None:
    other = spacy.blank("en")
    ruler = other.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ADJ", "pattern": "convolutional"}])  # type: ignore[attr-defined]
    other.add_pipe("kg_entities")
    doc = other("We use a convolutional neural network on CIFAR-10.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("convolutional", "ADJ"), ("CIFAR-10", "Dataset")]
    assert "convolutional neural network" in [span.text for span in doc.spans["kg_entities"]]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Title\n\n", "a\n\nb"])
def test_texts_that_say_nothing(language: Language, text: str) -> None:
    assert len(language(text).ents) == 0
