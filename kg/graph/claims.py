"""What a paper says: the plain triples, the claims and results behind them, and the sentences behind those."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kg.graph.lines import Pair, a, about, content, numbered, words
from kg.graph.papers import paper_iri
from kg.graph.sources import source_iri
from kg.terms import decimal, digest, flag, iri, literal, node
from kg.vocab import KG, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Claim, Entity, Evidence, Paper, Reading, Result, Text

__all__ = ["claim", "plain", "result", "sentences"]


def plain(reading: Reading, min_confidence: float) -> Iterator[str]:
    """Say what the positive claims say that are sure enough, one triple each.

    `mentions` is said only of an entity that nothing else is said of.
    """
    said = dict.fromkeys(
        (item.predicate, item.entity.iri)
        for item in reading.claims
        if item.polarity == "positive" and round(item.confidence, 3) >= min_confidence
    )
    told = {entity for predicate, entity in said if predicate != "mentions"}
    for predicate, entity in said:
        if predicate != "mentions" or entity not in told:
            yield from about(paper_iri(reading.paper.id), (KG[predicate], iri(entity)))


def claim(item: Claim, paper: Paper) -> Iterator[str]:
    """Describe a claim: what it says, how sure it is, and where it is said."""
    origin = _sentence_iri(item.sentence) if item.sentence else source_iri(paper.source.sha256)
    pairs: list[Pair] = [
        a(KG.Claim),
        (names.RDF.subject, paper_iri(item.paper)),
        (names.RDF.predicate, f"<{KG[item.predicate]}>"),
        (names.RDF.object, iri(item.entity.iri)),
        (KG.confidence, _confidence(item.confidence)),
        (KG.polarity, literal("negated") if item.polarity == "negated" else None),
        (KG.role, words(item.role)),
        (KG.winner, iri(item.subject) if item.subject else None),
        (KG.variant, words(item.variant)),
        (KG.declared, flag(on=item.declared)),
        (names.PROV.wasDerivedFrom, origin),
        *((KG.alsoIn, _sentence_iri(other)) for other in item.also),
        *numbered(KG.start, KG.end, item.mention),
        (names.PROV.wasGeneratedBy, node("extractor", item.extractor)),
    ]
    yield from about(content("claim", pairs), *pairs)


def result(item: Result) -> Iterator[str]:
    """Describe a number that a paper reports: what it measures, under which conditions, and where it is said."""
    pairs: list[Pair] = [
        a(KG.Result),
        (KG.paper, paper_iri(item.paper)),
        (KG.metric, _entity(item.metric)),
        (KG.value, decimal(item.value)),
        (KG.upper, decimal(item.upper) if item.upper else None),
        (KG.comparator, literal(item.comparator)),
        (KG.unit, words(item.unit)),
        (KG.dataset, _entity(item.dataset)),
        (KG.method, _entity(item.method)),
        (KG.backbone, _entity(item.backbone)),
        (KG.task, _entity(item.task)),
        (KG.condition, words(item.condition)),
        (KG.variant, words(item.variant)),
        (KG.delta, flag(on=item.delta)),
        (KG.baseline, flag(on=item.baseline)),
        (KG.confidence, _confidence(item.confidence)),
        (names.PROV.wasDerivedFrom, _sentence_iri(item.evidence)),
        *numbered(KG.start, KG.end, item.span),
        (names.PROV.wasGeneratedBy, node("extractor", item.extractor)),
    ]
    yield from about(content("result", pairs), *pairs)


def sentences(reading: Reading) -> Iterator[str]:
    """Quote every sentence that a claim or a result rests on, and say which text it is in."""
    quoted: dict[Evidence, None] = {}
    for item in reading.claims:
        quoted |= dict.fromkeys(filter(None, (item.sentence, *item.also)))
    quoted |= dict.fromkeys(number.evidence for number in reading.results)
    for text in dict.fromkeys(sentence.text for sentence in quoted):
        yield from _text(text)
    for sentence in quoted:
        yield from _sentence(sentence)


def _text(text: Text) -> Iterator[str]:
    yield from about(
        node("text", _text_key(text)),
        a(KG.Text),
        (KG.paper, paper_iri(text.paper)),
        (KG.field, literal(text.field)),
        (KG.sha256, literal(text.sha256)),
    )


def _sentence(sentence: Evidence) -> Iterator[str]:
    yield from about(
        _sentence_iri(sentence),
        a(KG.Sentence),
        (KG.inText, node("text", _text_key(sentence.text))),
        (KG.field, literal(sentence.text.field)),
        *numbered(KG.start, KG.end, sentence),
        (KG.text, literal(sentence.quote)),
    )


def _sentence_iri(sentence: Evidence) -> str:
    return node("sentence", f"{_text_key(sentence.text)}-{sentence.start}-{sentence.end}")


@lru_cache(maxsize=16)
def _text_key(text: Text) -> str:
    return digest(text.paper, text.field, text.text)


def _entity(entity: Entity | None) -> str | None:
    return iri(entity.iri) if entity else None


def _confidence(value: float) -> str:
    return decimal(f"{value:.3f}")
