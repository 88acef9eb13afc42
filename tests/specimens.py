"""Papers and entities made by hand, and claims about them found by their words: what `readings` is made of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kg.model import Claim, Declared, Entity, Evidence, Listing, Paper, Source, Text

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
