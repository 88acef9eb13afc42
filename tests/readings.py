"""Three readings made by hand, for the tests of all rooms that come after extraction.

`lines()` is the graph that they make. Between them they hold: a listing page and a file of records, anonymous
and named authors, a claim that only the source declares, one that both say, a negated one, one below the
threshold, one with further sentences, a winner that is not the paper's own, results (a baseline, a variant, a
range, a change), an entity with a broader one, a date of each length, and text that is hostile to every format.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kg.graph import SourceCount, triples
from kg.model import Claim, Declared, Entity, Evidence, Listing, Mention, Paper, Reading, Result, Source, Text

if TYPE_CHECKING:
    from kg.model import Field, Kind, Predicate

PAGE = Source(
    sha256="5e" * 32,
    format="listing-text",
    line=7,
    position=7,
    listing=Listing(
        group="Paper Group NANR 96",
        group_index=96,
        date_text="April 1, 2020",
        date="2020-04-01",
        reading_text="2855 words 14 mins read",
        word_count=2855,
        read_minutes=14,
        teaser="Fantastic Generalization Measures and Where to Find Them. Implementing Inductive bias …",
        teaser_truncated=True,
        footer="comments powered by Disqus",
        papers=1,
        slugs=("remixmatch-semi-supervised-learning-with",),
        characters=22476,
    ),
)
RECORDS = Source(sha256="a7" * 32, format="jsonl", line=1)

REMIXMATCH = Paper(
    id="openreview:HklkeR4KPB",
    title="ReMixMatch: Semi-Supervised Learning with Distribution Matching and Augmentation Anchoring",
    abstract=(
        "We improve the recently-proposed ``MixMatch semi-supervised learning algorithm by introducing two new "
        "techniques: distribution alignment and augmentation anchoring. To produce strong augmentations, we propose "
        "a variant of AutoAugment which learns the augmentation policy while the model is being trained. For "
        "example, on CIFAR-10 with 250 labeled examples we reach 93.73% accuracy (compared to MixMatch\u2019s accuracy "
        "of 93.58% with 4000 examples) and a median accuracy of 84.92% with just four labels per class. |"
    ),
    source=PAGE,
    ids=(("openreview", "HklkeR4KPB"), ("pwc", "remixmatch-semi-supervised-learning-with")),
    authors=("Anonymous",),
    anonymous=True,
    published="2020-01-01",
    venue="ICLR",
    urls=(
        ("pdf", "https://openreview.net/pdf?id=HklkeR4KPB"),
        ("pwc", "https://paperswithcode.com/paper/remixmatch-semi-supervised-learning-with"),
        ("url", "https://openreview.net/forum?id=HklkeR4KPB"),
    ),
)
HOSTILE = Paper(
    id='doi:10.5555/<a href="x">/{q}',
    title='Tiny "Quantization" <script>alert(1)</script> & \\LaTeX{} for ResNet-18',
    abstract=(
        "Network quantization\x00 shrinks \u202eresnets\u202c, see \U0001d538 and \ufffe.\n"
        "Unlike MixMatch, we never use CIFAR-10. "
        "ResNet-18 loses 1.5% accuracy on ImageNet after quantization,\u2028while ResNet-18 surpasses MixMatch. "
        'It might help semi-supervised learning; we save 2 to 4 times memory. "</p>\\"'
    ),
    source=RECORDS,
    ids=(("doi", '10.5555/<a href="x">/{q}'),),
    authors=("Ada O'Brien", "李 明", "Ada O'Brien Jr."),
    published="2021-06",
    venue='Workshop on "<b>Small</b>" Nets',
    urls=(("url", "https://example.org/a b<c>\n"),),
    declared=Declared(
        tasks=("Network Quantization", "Image Classification"),
        keywords=("low-bit", 'say "hi"'),
        repository="https://github.com/example/tiny",
        framework="PyTorch",
    ),
)
TITLE_ONLY = Paper(
    id="hash:0123456789abcdef",
    title="AutoAugment on CIFAR-10 and ImageNet",
    abstract="",
    source=Source(sha256="a7" * 32, format="jsonl", line=2),
    authors=("Ada O'Brien",),
    published="2019",
)


def _entity(kind: Kind, slug: str, label: str, *aliases: str, links: tuple[str, ...] = (), broader: str = "") -> Entity:
    return Entity(
        iri=f"https://w3id.org/ml-kg/{kind.lower()}/{slug}",
        kind=kind,
        label=label,
        aliases=aliases,
        links=tuple(("exactMatch", link) for link in links),
        broader=(f"https://w3id.org/ml-kg/{kind.lower()}/{broader}",) if broader else (),
    )


CIFAR10 = _entity("Dataset", "cifar-10", "CIFAR-10", "CIFAR10", links=("https://linkedpaperswithcode.com/dataset/c10",))
IMAGENET = _entity("Dataset", "imagenet", "ImageNet", "ILSVRC")
REMIX = _entity("Method", "remixmatch", "ReMixMatch")
MIXMATCH = _entity("Method", "mixmatch", "MixMatch")
ALIGNMENT = _entity("Method", "distribution-alignment", "distribution alignment", "Distribution Matching")
ANCHORING = _entity("Method", "augmentation-anchoring", "augmentation anchoring")
AUTOAUGMENT = _entity("Method", "autoaugment", "AutoAugment")
RESNET = _entity("Method", "resnet", "ResNet", "residual network")
RESNET18 = _entity("Method", "resnet-18", "ResNet-18", "ResNet18", broader="resnet")
SEMI = _entity("Task", "semi-supervised-learning", "semi-supervised learning", "SSL")
QUANTIZATION = _entity("Task", "quantization", "quantization", "Network Quantization", broader="model-compression")
CLASSIFICATION = _entity("Task", "image-classification", "image classification")
COMPRESSION = _entity("Task", "model-compression", "model compression")
ACCURACY = _entity("Metric", "accuracy", "accuracy")
MEMORY = _entity("Metric", "memory", "memory")

#: Stands in for the curated vocabulary: it alone knows what is broader.
VOCABULARY = (CIFAR10, IMAGENET, RESNET, RESNET18, QUANTIZATION, COMPRESSION, ACCURACY)


def text(paper: Paper, field: Field) -> Text:
    """One field of a paper, as evidence points into it."""
    words = paper.title if field == "title" else paper.abstract
    return Text(paper.id, field, hashlib.sha256(words.encode()).hexdigest(), words)


def span(where: Text, words: str, after: str = "") -> Evidence:
    """The first stretch of a text with these words, behind some others."""
    start = where.text.index(words, where.text.index(after))
    return Evidence(where, start, start + len(words))


def sentence(where: Text, words: str) -> Evidence:
    """The sentence, roughly, that these words are in."""
    at = where.text.index(words)
    start = max(where.text.rfind(stop, 0, at) for stop in (". ", ".\n"))
    ends = [end for stop in (". ", ".\n") if (end := where.text.find(stop, at)) >= 0]
    return Evidence(where, start + 2 if start >= 0 else 0, min(ends) + 1 if ends else len(where.text))


def claim(
    where: Text,
    predicate: Predicate,
    entity: Entity,
    words: str,
    confidence: float = 0.9,
    *,
    also: tuple[str, ...] = (),
    **more: str,
) -> Claim:
    """A claim whose evidence is found by its words."""
    return Claim(
        paper=where.paper,
        predicate=predicate,
        entity=entity,
        confidence=confidence,
        extractor=more.pop("extractor", "vocabulary"),
        sentence=sentence(where, words),
        mention=span(where, words),
        also=tuple(sentence(where, other) for other in also),
        **more,  # type: ignore[arg-type]  # a test's own words
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
