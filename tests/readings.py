"""Three readings made by hand, for the tests of all rooms that come after extraction.

`lines()` is the graph that they make. Between them they hold: a listing page and a file of records, anonymous
and named authors, a claim that only the source declares, one that both say, a negated one, one below the
threshold, one with further sentences, a winner that is not the paper's own, results (a baseline, a variant, a
range, a change), an entity with a broader one, a date of each length, and text that is hostile to every format.
"""

from __future__ import annotations

from kg.graph import SourceCount, triples
from kg.model import Claim, Entity, Mention, Reading, Result, Text
from tests.specimens import (
    ACCURACY,
    ALIGNMENT,
    ANCHORING,
    AUTOAUGMENT,
    CIFAR10,
    CLASSIFICATION,
    HOSTILE,
    IMAGENET,
    MEMORY,
    MIXMATCH,
    PAGE,
    QUANTIZATION,
    RECORDS,
    REMIX,
    REMIXMATCH,
    RESNET18,
    SEMI,
    TITLE_ONLY,
    VOCABULARY,
    claim,
    sentence,
    span,
    text,
)


def remixmatch() -> Reading:
    """A paper of the user's page."""
    title, abstract = text(REMIXMATCH, "title"), text(REMIXMATCH, "abstract")
    common = {"paper": REMIXMATCH.id, "extractor": "number", "comparator": "=", "unit": "%", "metric": ACCURACY}
    common |= {"dataset": CIFAR10, "evidence": sentence(abstract, "CIFAR-10")}
    return Reading(
        paper=REMIXMATCH,
        texts=(title, abstract),
        linked=_linked((title, "ReMixMatch", REMIX), (abstract, "MixMatch", MIXMATCH), (abstract, "CIFAR-10", CIFAR10)),
        claims=(
            claim(title, "proposes", REMIX, "ReMixMatch", 0.95, extractor="title"),
            claim(abstract, "proposes", ALIGNMENT, "distribution alignment"),
            claim(abstract, "proposes", ANCHORING, "augmentation anchoring"),
            claim(abstract, "uses", MIXMATCH, "MixMatch", also=("MixMatch\u2019s",), role="base"),
            claim(abstract, "uses", AUTOAUGMENT, "AutoAugment", role="base"),
            claim(abstract, "addresses", SEMI, "semi-supervised learning"),
            claim(abstract, "evaluatesOn", CIFAR10, "CIFAR-10"),
            claim(abstract, "measures", ACCURACY, "accuracy"),
            claim(abstract, "comparesWith", MIXMATCH, "MixMatch\u2019s", 0.8),
            claim(abstract, "outperforms", MIXMATCH, "MixMatch\u2019s", 0.5),
        ),
        results=(
            Result(
                value="93.73",
                condition="250 labeled examples",
                method=REMIX,
                confidence=0.8,
                span=span(abstract, "93.73%"),
                **common,  # type: ignore[arg-type]  # a test's own words
            ),
            Result(
                value="93.58",
                condition="4000 examples",
                method=MIXMATCH,
                baseline=True,
                confidence=0.7,
                span=span(abstract, "93.58%"),
                **common,  # type: ignore[arg-type]  # a test's own words
            ),
            Result(
                value="84.92",
                condition="four labels per class",
                method=REMIX,
                variant="median",
                confidence=0.8,
                span=span(abstract, "84.92%"),
                **common,  # type: ignore[arg-type]  # a test's own words
            ),
        ),
    )


def hostile() -> Reading:
    """A paper whose every string is out to break something."""
    title, abstract = text(HOSTILE, "title"), text(HOSTILE, "abstract")
    common = {"paper": HOSTILE.id, "extractor": "number"}
    return Reading(
        paper=HOSTILE,
        texts=(title, abstract),
        linked=_linked((title, "ResNet-18", RESNET18), (abstract, "MixMatch", MIXMATCH), (abstract, "memory", MEMORY)),
        claims=(
            Claim(HOSTILE.id, "addresses", CLASSIFICATION, 1.0, "declared", declared=True),
            claim(abstract, "addresses", QUANTIZATION, "Network quantization", 1.0, also=("after quantization",)),
            claim(abstract, "evaluatesOn", IMAGENET, "ImageNet", 0.875, variant="<i>val</i>"),
            claim(abstract, "evaluatesOn", CIFAR10, "CIFAR-10", 0.9, polarity="negated"),
            claim(abstract, "addresses", SEMI, "semi-supervised learning", 0.3),
            claim(abstract, "uses", RESNET18, "ResNet-18", role="backbone"),
            claim(title, "mentions", RESNET18, "ResNet-18"),
            claim(abstract, "mentions", MIXMATCH, "MixMatch", 0.7),
            claim(abstract, "comparesWith", MIXMATCH, "MixMatch", 0.4, subject=RESNET18.iri),
            claim(abstract, "measures", ACCURACY, "accuracy"),
        ),
        results=(
            Result(
                metric=ACCURACY,
                value="1.50",
                comparator="=",
                unit="%",
                confidence=0.6,
                evidence=sentence(abstract, "1.5%"),
                span=span(abstract, "1.5%"),
                dataset=IMAGENET,
                backbone=RESNET18,
                task=QUANTIZATION,
                delta=True,
                **common,  # type: ignore[arg-type]  # a test's own words
            ),
            Result(
                metric=MEMORY,
                value="2",
                upper="4",
                comparator="range",
                unit="times",
                confidence=0.5,
                evidence=sentence(abstract, "2 to 4"),
                span=span(abstract, "2 to 4 times"),
                **common,  # type: ignore[arg-type]  # a test's own words
            ),
        ),
    )


def title_only() -> Reading:
    """A paper without an abstract."""
    title = text(TITLE_ONLY, "title")
    return Reading(
        paper=TITLE_ONLY,
        texts=(title,),
        linked=_linked((title, "AutoAugment", AUTOAUGMENT), (title, "CIFAR-10", CIFAR10)),
        claims=(
            claim(title, "uses", AUTOAUGMENT, "AutoAugment", 0.6),
            claim(title, "evaluatesOn", CIFAR10, "CIFAR-10", 0.7),
            claim(title, "evaluatesOn", IMAGENET, "ImageNet", 0.7),
        ),
    )


def _linked(*found: tuple[Text, str, Entity]) -> tuple[tuple[Mention, Entity], ...]:
    spans = [(span(where, words), entity) for where, words, entity in found]
    return tuple(
        (Mention(at.text, at.start, at.end, at.quote, entity.kind, 0.9, "vocabulary"), entity) for at, entity in spans
    )


def readings() -> list[Reading]:
    """The three, in the order of their sources."""
    return [remixmatch(), hostile(), title_only()]


def sources() -> list[SourceCount]:
    """The two files that they were read from: one record was malformed, one came twice."""
    return [
        SourceCount(PAGE.sha256, PAGE.format, read=1, accepted=1, merged=0, rejected=0),
        SourceCount(RECORDS.sha256, RECORDS.format, read=4, accepted=2, merged=1, rejected=1),
    ]


def lines(*, min_confidence: float = 0.5) -> list[str]:
    """The graph of the three, as N-Triples lines."""
    made = triples(readings(), sources=sources(), options="test", min_confidence=min_confidence, vocabulary=VOCABULARY)
    return sorted(set(made))
