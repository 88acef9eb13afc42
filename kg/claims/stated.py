"""What an annotator says that a paper says: claims and results with the sentences that they stand in.

The annotator names predicates and numbers; which of the sentences that name an entity says a claim best is weighed
as for claims of our own, and a number is looked for in the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.annotation import Annotation
from kg.claims.relations import speaking
from kg.claims.sights import sights
from kg.extract.given import EXTRACTOR
from kg.extract.sentences import sentences
from kg.extract.texts import text_of
from kg.ground.entities import mint
from kg.ground.known import variant
from kg.ground.stated import entities, home, linked
from kg.model import FIELDS, Claim, Entity, Evidence, Reading, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.annotation import Figure
    from kg.claims.sights import Sight
    from kg.ground.stated import Home
    from kg.model import Kind, Paper, Predicate, Text

__all__ = ["stated"]

_BARE: Final[tuple[Predicate, ...]] = ("mentions",)


def stated(paper: Paper) -> Reading:
    """All that an annotated paper says, with confidence 1. A claim on what the text does not name is a declared one.

    A number that the text does not have, on a metric that it does not name either, is left out.
    """
    annotation = paper.annotation or Annotation()
    texts = tuple(text_of(paper, field) for field in FIELDS)
    pairs, found = linked(paper), entities(annotation)
    claims = _claims(paper, texts, found, sights(texts, pairs))
    metrics: dict[str, list[Evidence]] = defaultdict(list)
    for mention, entity in pairs:
        metrics[entity.iri].append(Evidence(mention.text, mention.start, mention.end))
    results = [
        result for figure in annotation.figures if (result := _result(paper, texts, figure, found, metrics)) is not None
    ]
    return Reading(paper, texts, pairs, tuple(claims), tuple(dict.fromkeys(results)))


def _claims(paper: Paper, texts: Sequence[Text], found: Mapping[Home, Entity], seen: Sequence[Sight]) -> list[Claim]:
    predicates: dict[Entity, dict[Predicate, None]] = defaultdict(dict)
    for each in (paper.annotation or Annotation()).entities:
        predicates[found[home(each.kind, each.name)]] |= dict.fromkeys(each.predicates)
    places: dict[Entity, list[Sight]] = defaultdict(list)
    speaks: dict[Entity, list[dict[Predicate, float]]] = defaultdict(list)
    for sight, says in zip(seen, speaking(texts, seen), strict=True):
        places[sight.entity].append(sight)
        speaks[sight.entity].append(says)
    said = [
        _claim(paper, predicate, entity, places[entity], [says.get(predicate, 0.0) for says in speaks[entity]])
        for entity in dict.fromkeys([*predicates, *places])
        for predicate in [name for name in predicates[entity] if name not in _BARE] or _BARE
    ]
    return sorted(said, key=lambda claim: (claim.entity, claim.predicate))


def _claim(
    paper: Paper, predicate: Predicate, entity: Entity, places: Sequence[Sight], speaks: Sequence[float]
) -> Claim:
    if not places:
        return Claim(paper.id, predicate, entity, 1.0, EXTRACTOR, declared=True)
    order = sorted(range(len(places)), key=lambda i: (-round(speaks[i], 4), places[i].in_title, i))
    best = places[order[0]]
    return Claim(
        paper.id,
        predicate,
        entity,
        1.0,
        EXTRACTOR,
        sentence=best.sentence,
        mention=Evidence(best.mention.text, best.mention.start, best.mention.end),
        also=tuple(dict.fromkeys(places[i].sentence for i in order if places[i].sentence != best.sentence)),
        variant=next((name for i in order if (name := variant(places[i].mention, entity))), None),
    )


def _result(
    paper: Paper,
    texts: Sequence[Text],
    figure: Figure,
    found: Mapping[Home, Entity],
    named: Mapping[str, Sequence[Evidence]],
) -> Result | None:
    def entity(kind: Kind, name: str | None) -> Entity | None:
        return None if name is None else found.get(home(kind, name)) or Entity(mint(kind, name), kind, name)

    metric = entity("Metric", figure.metric)
    span = _span(texts, figure) or next(iter(named[metric.iri] if metric and metric.iri in named else ()), None)
    if metric is None or span is None:
        return None
    return Result(
        paper=paper.id,
        metric=metric,
        value=figure.value,
        comparator=figure.comparator,
        unit=figure.unit,
        confidence=1.0,
        extractor=EXTRACTOR,
        evidence=_sentence(span),
        span=span,
        dataset=entity("Dataset", figure.dataset),
        method=entity("Method", figure.method),
        backbone=entity("Method", figure.backbone),
        task=entity("Task", figure.task),
        variant=figure.variant,
        upper=figure.upper,
        condition=figure.condition,
        delta=figure.delta,
        baseline=figure.baseline,
    )


def _span(texts: Sequence[Text], figure: Figure) -> Evidence | None:
    """Where the number stands: within the words that the annotator points at, else in the sentence that says most."""
    places = list(_numbers(texts, figure.written)) or list(_numbers(texts, figure.value))
    if figure.span:
        field, start, end = figure.span
        text = next(text for text in texts if text.field == field)
        inside = [place for place in places if place.text == text and start <= place.start and place.end <= end]
        return inside[0] if inside else Evidence(text, start, end)
    words = [figure.metric, figure.dataset, figure.method, figure.condition, figure.unit]
    return max(places, key=lambda place: _told(place, words), default=None)


def _numbers(texts: Sequence[Text], number: str) -> Iterator[Evidence]:
    pattern = re.compile(rf"(?<![\w.]){re.escape(number)}(?![\d]|\.\d)")
    for text in reversed(texts):  # the abstract first
        yield from (Evidence(text, *match.span()) for match in pattern.finditer(text.text))


def _told(place: Evidence, words: Sequence[str | None]) -> int:
    """How many of the words stand in the sentence of a number."""
    sentence = _sentence(place).quote.casefold()
    return sum(word is not None and word.casefold() in sentence for word in words)


def _sentence(place: Evidence) -> Evidence:
    spans = [span for span in sentences(place.text.text) if span[0] <= place.start < span[1]]
    start, end = spans[0] if spans else (place.start, place.end)
    return Evidence(place.text, start, max(end, place.end))
