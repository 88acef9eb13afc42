"""Corrections applied to what a paper says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.extract.sentences import sentences
from kg.model import FITS, KINDS, Claim, Entity, Evidence, Predicate, Reading, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Change = Callable[[Entity, str], Entity | None]

__all__ = ["EXTRACTOR", "accept_or_reject", "named_anew"]

#: What found a claim that a person accepts.
EXTRACTOR: Final = "correction"


def named_anew(reading: Reading, change: Change) -> Reading:
    """A reading with other entities in their places: `change` takes an entity and the name that the text has for it.

    What is said of an entity that is none any more goes; a predicate that does not fit its new kind becomes a mention.
    """
    linked = []
    for mention, entity in reading.linked:
        now = change(entity, mention.surface)
        if now is not None:
            linked.append((mention if mention.kind == now.kind else replace(mention, kind=now.kind), now))
    results = filter(None, (_result(result, change) for result in reading.results))
    return replace(reading, linked=tuple(linked), claims=_once(_claims(reading.claims, change)), results=tuple(results))


def accept_or_reject(reading: Reading, action: str, predicate: Predicate, entity: Entity) -> Reading:
    """A reading with the claim that a person accepts, for certain, or without the one that a person rejects.

    An entity of which nothing else is said is still mentioned.
    """
    same = [claim for claim in reading.claims if (claim.predicate, claim.entity.iri) == (predicate, entity.iri)]
    rest = [claim for claim in reading.claims if claim not in same]
    left = [_claim(reading, predicate, entity, same)] if action == "accept" else _mentioned(same, rest)
    return replace(reading, claims=_once([*rest, *left]))


def _claims(claims: Iterable[Claim], change: Change) -> Iterator[Claim]:
    for claim in claims:
        now = change(claim.entity, claim.mention.quote if claim.mention else "")
        if now is not None:
            fits = now.kind in FITS.get(claim.predicate, KINDS)
            yield replace(claim, entity=now, predicate=claim.predicate if fits else "mentions")


def _once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims in their order, the surest of those that say one thing; what is mentioned and more is not mentioned."""
    found: dict[tuple[str, str, str], Claim] = {}
    for claim in sorted(claims, key=lambda claim: -claim.confidence):
        found.setdefault((claim.entity.iri, claim.predicate, claim.polarity), claim)
    told = {claim.entity.iri for claim in found.values() if claim.predicate != "mentions"}
    kept = (claim for claim in found.values() if claim.predicate != "mentions" or claim.entity.iri not in told)
    return tuple(sorted(kept, key=lambda claim: (claim.entity, claim.predicate, claim.polarity)))


def _result(result: Result, change: Change) -> Result | None:
    def now(entity: Entity | None) -> Entity | None:
        changed = change(entity, "") if entity else None
        return changed if entity and changed and changed.kind == entity.kind else None

    metric = now(result.metric)
    if metric is None:
        return None
    dataset, method, backbone, task = map(now, (result.dataset, result.method, result.backbone, result.task))
    return replace(result, metric=metric, dataset=dataset, method=method, backbone=backbone, task=task)


def _claim(reading: Reading, predicate: Predicate, entity: Entity, same: Sequence[Claim]) -> Claim:
    """The accepted claim: the one that was found, else one on the place at which the text has the name.

    Where it has none, nothing but the person says so: the claim is a declared one.
    """
    if same:
        best = max(same, key=lambda claim: (claim.polarity == "positive", claim.confidence))
        return replace(best, confidence=1.0, polarity="positive", extractor=EXTRACTOR)
    place = next(_places(reading, entity), None)
    if place is None:
        return Claim(reading.paper.id, predicate, entity, 1.0, EXTRACTOR, declared=True)
    return Claim(reading.paper.id, predicate, entity, 1.0, EXTRACTOR, sentence=_sentence(place), mention=place)


def _places(reading: Reading, entity: Entity) -> Iterator[Evidence]:
    """Where a text names the entity, the abstract first, and mentions before mere words."""
    texts = [text for text in reversed(reading.texts) if text.text]
    for text in texts:
        for mention, linked in reading.linked:
            if linked.iri == entity.iri and mention.text == text:
                yield Evidence(text, mention.start, mention.end)
    for name in (entity.label, *entity.aliases):
        pattern = re.compile(rf"(?<!\w){re.escape(name)}s?(?!\w)", re.IGNORECASE)
        yield from (Evidence(text, *found.span()) for text in texts for found in pattern.finditer(text.text))


def _sentence(place: Evidence) -> Evidence:
    spans = [span for span in sentences(place.text.text) if span[0] <= place.start < span[1]]
    start, end = spans[0] if spans else (place.start, place.end)
    return Evidence(place.text, start, max(end, place.end))


def _mentioned(same: Sequence[Claim], rest: Sequence[Claim]) -> list[Claim]:
    """What remains of a rejected claim: the text names the entity, unless that is what was rejected."""
    told = {claim.entity.iri for claim in rest}
    return [
        replace(claim, predicate="mentions", polarity="positive", declared=False, variant=None)
        for claim in same[:1]
        if claim.sentence is not None and claim.predicate != "mentions" and claim.entity.iri not in told
    ]
