"""What a paper says: the plain triples, the claims and results behind them, and the sentences behind those."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kg.graph.lines import Pair, a, about, content, stretch, words
from kg.graph.papers import paper_iri
from kg.graph.sources import source_iri
from kg.model import PREDICATES
from kg.terms import decimal, digest, flag, iri, literal, node
from kg.vocab import KG, names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.model import Claim, Entity, Evidence, Paper, Reading, Result, Text

__all__ = ["bare", "claim", "plain", "quoted", "result", "sentences", "usual"]

#: How many further sentences a claim is linked to; only to such as are quoted for something else anyway.
_FURTHER: Final = 2

_SUBJECT, _PREDICATE, _OBJECT = names.RDF.subject, names.RDF.predicate, names.RDF.object
_DERIVED, _GENERATED = names.PROV.wasDerivedFrom, names.PROV.wasGeneratedBy
_SAYS: Final = {predicate: KG[predicate] for predicate in PREDICATES}


def plain(reading: Reading, min_confidence: float) -> Iterator[str]:
    """Say what the positive claims say that are sure enough, one triple each.

    `mentions` is said only of an entity that nothing else is said of: also of one whose name is sure enough, although
    what the paper does with it is not, and then with the sentence that names it.
    """
    said = dict.fromkeys(
        (item.predicate, item.entity.iri)
        for item in reading.claims
        if item.polarity == "positive" and round(item.confidence, 3) >= min_confidence
    )
    told = {entity for predicate, entity in said if predicate != "mentions"}
    for predicate, entity in said:
        if predicate != "mentions" or entity not in told:
            yield from about(paper_iri(reading.paper.id), (_SAYS[predicate], iri(entity)))
    linked = {entity for _, entity in said}
    for entity, sentence in _only_named(reading, min_confidence).items():
        if entity not in linked:
            yield from about(paper_iri(reading.paper.id), (KG.mentions, iri(entity)))
            yield from about(_sentence_iri(sentence), (KG.names, iri(entity)))


def _only_named(reading: Reading, min_confidence: float) -> dict[str, Evidence]:
    """The entities of positive claims whose name alone is sure enough, with the sentence that their claim rests on."""
    sure = {entity.iri for mention, entity in reading.linked if round(mention.confidence, 3) >= min_confidence}
    return {
        item.entity.iri: item.sentence
        for item in reversed(reading.claims)
        if item.polarity == "positive" and item.sentence is not None and item.entity.iri in sure
    }


def bare(item: Claim) -> bool:
    """Whether a claim says no more than that a sentence names an entity: such a claim gets no node of its own."""
    more = item.declared or item.role or item.subject or item.variant or item.polarity == "negated"
    return item.predicate == "mentions" and item.sentence is not None and not more


def usual(extractors: Iterable[Mapping[str, int]]) -> str | None:
    """Find the extractor that most claims come from; it is told once, for all claims that name none.

    It is given how many claims of each paper come from which.
    """
    counts = Counter[str]()
    for some in extractors:
        counts.update(some)
    return min(counts, key=lambda name: (-counts[name], name), default=None)


def quoted(reading: Reading) -> dict[Evidence, None]:
    """Give every sentence that a claim or a result rests on first of all."""
    leading = (item.sentence for item in reading.claims if item.sentence)
    return dict.fromkeys((*leading, *(each.evidence for each in reading.results if each.evidence)))


def claim(item: Claim, paper: Paper, quotes: Collection[Evidence], extractor: str | None) -> Iterator[str]:
    """Describe a claim: what it says, how sure it is, and where it is said.

    `extractor` is the usual one, and goes without saying.
    """
    further = [_sentence_iri(other) for other in item.also if other in quotes][:_FURTHER]
    if bare(item) and item.sentence:
        for sentence in (_sentence_iri(item.sentence), *further):
            yield from about(sentence, (KG.names, iri(item.entity.iri)))
        return
    origin = _sentence_iri(item.sentence) if item.sentence else source_iri(item.origin or paper.source.sha256)
    pairs: list[Pair] = [
        a(KG.Claim),
        (_SUBJECT, paper_iri(item.paper)),
        (_PREDICATE, f"<{_SAYS[item.predicate]}>"),
        (_OBJECT, iri(item.entity.iri)),
        (KG.confidence, _confidence(item.confidence)),
        (KG.polarity, literal("negated") if item.polarity == "negated" else None),
        (KG.role, words(item.role)),
        (KG.winner, iri(item.subject) if item.subject else None),
        (KG.variant, words(item.variant)),
        (KG.declared, flag(on=item.declared)),
        (_DERIVED, origin),
        *((KG.alsoIn, other) for other in further),
        (KG.span, stretch(item.mention)),
        (_GENERATED, node("extractor", item.extractor) if item.extractor != extractor else None),
    ]
    yield from about(content("claim", pairs), *pairs)


def result(item: Result, paper: Paper) -> Iterator[str]:
    """Describe a number that a paper reports: what it measures, under which conditions, and where it is said."""
    origin = _sentence_iri(item.evidence) if item.evidence else source_iri(item.origin or paper.source.sha256)
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
        (KG.declared, flag(on=item.declared)),
        (_DERIVED, origin),
        (KG.span, stretch(item.span)),
        (_GENERATED, node("extractor", item.extractor)),
    ]
    yield from about(content("result", pairs), *pairs)


def sentences(quotes: Iterable[Evidence]) -> Iterator[str]:
    """Quote sentences, and say where in a paper they stand; the abstract goes without saying."""
    for sentence in quotes:
        yield from about(
            _sentence_iri(sentence),
            (KG.paper, paper_iri(sentence.text.paper)),
            (KG.field, literal("title") if sentence.text.field == "title" else None),
            (KG.span, stretch(sentence)),
            (KG.text, literal(sentence.quote)),
        )


def _sentence_iri(sentence: Evidence) -> str:
    return node("sentence", f"{_text_key(sentence.text)}-{sentence.start}-{sentence.end}")


@lru_cache(maxsize=16)
def _text_key(text: Text) -> str:
    return digest(text.paper, text.field, text.text)


def _entity(entity: Entity | None) -> str | None:
    return iri(entity.iri) if entity else None


@lru_cache(1 << 12)
def _confidence(value: float) -> str:
    return decimal(f"{value:.3f}")
