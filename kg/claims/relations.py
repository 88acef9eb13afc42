"""What a paper says of each entity that it names.

How likely each claim is, a small trained network tells (`kg/claims/network.py`); its verdict is weighed with how sure
the name is, so that a confidence is a probability. What a paper does without is told by patterns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.claims.declared import with_declared
from kg.claims.network import CLAIMS, load
from kg.claims.scene import scene
from kg.claims.sights import sights
from kg.ground.known import variant
from kg.model import Claim, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.claims.sights import Sight
    from kg.model import Entity, Mention, Paper, Predicate, Text

__all__ = ["claims", "speaking"]

_NEGATED = frozenset({"<without", "<instead", "<unlike"})
_NEGATION = 0.9


def claims(
    paper: Paper, texts: Sequence[Text], linked: Sequence[tuple[Mention, Entity]], declared: Sequence[Entity | None]
) -> tuple[Claim, ...]:
    """What the paper says of its entities, by entity and predicate.

    Each is said once, with the sentence that says it best first. `declared` are the entities of what the source
    declares, which is said too, with a sentence if the text names it. What is only named gets the predicate
    "mentions"; a method that the paper does without gets a negated "uses".
    """
    said = list(_of_names(paper, texts, sights(texts, linked)))
    return tuple(sorted(with_declared(paper, said, declared), key=lambda c: (c.entity, c.predicate, c.polarity)))


def _of_names(paper: Paper, texts: Sequence[Text], seen: Sequence[Sight]) -> Iterator[Claim]:
    nodes, network = scene(texts, seen), load()
    likely, there = network.probabilities(nodes)
    for number, (entity, places) in enumerate(zip(nodes.entities, nodes.places, strict=True)):
        sure = max(seen[place].mention.confidence for place in places)
        said = {}
        for claim, (kind, predicate) in enumerate(CLAIMS):
            if kind == entity.kind:
                confidence = network.calibrated(claim, float(likely[number, claim]), sure)
                if confidence >= network.least:
                    said[predicate] = confidence, [float(there[place, claim]) for place in places]
        cues = [nodes.cues_at[place] for place in places]
        yield from _of_entity(paper, entity, [seen[place] for place in places], cues, said)


def speaking(texts: Sequence[Text], seen: Sequence[Sight]) -> list[dict[Predicate, float]]:
    """How much each sight speaks for what can be claimed of its entity, by predicate."""
    there = load().probabilities(scene(texts, seen))[1]
    return [
        {predicate: float(row[i]) for i, (kind, predicate) in enumerate(CLAIMS) if kind == sight.entity.kind}
        for sight, row in zip(seen, there, strict=True)
    ]


def _of_entity(
    paper: Paper,
    entity: Entity,
    found: Sequence[Sight],
    cues: Sequence[set[str]],
    said: Mapping[Predicate, tuple[float, Sequence[float]]],
) -> Iterator[Claim]:
    """The claims of an entity; what is `said` has its confidence, and how much each of its sights speaks for it."""
    said = dict(said)
    negated = [sight for sight, at in zip(found, cues, strict=True) if at & _NEGATED]
    if negated and all(at & _NEGATED for sight, at in zip(found, cues, strict=True) if not sight.in_title):
        said = {predicate: sure for predicate, sure in said.items() if predicate not in ("uses", "proposes")}
    if "outperforms" in said and said.get("comparesWith", (0.0,))[0] < said["outperforms"][0]:
        said["comparesWith"] = said["outperforms"]  # guidelines §4: it implies it
    for predicate, (confidence, speaks) in said.items():
        order = sorted(range(len(found)), key=lambda i: (-round(speaks[i], 4), found[i].in_title, i))
        yield _claim(paper, predicate, entity, confidence, [found[i] for i in order])
    if entity.kind == "Method" and negated and "uses" not in said and "proposes" not in said:
        yield replace(_claim(paper, "uses", entity, _NEGATION, negated), polarity="negated")
    if not said:
        yield _claim(paper, "mentions", entity, max(sight.mention.confidence for sight in found), found)


def _claim(paper: Paper, predicate: Predicate, entity: Entity, confidence: float, order: Sequence[Sight]) -> Claim:
    first = order[0]
    return Claim(
        paper=paper.id,
        predicate=predicate,
        entity=entity,
        confidence=round(confidence, 3),
        extractor=first.mention.extractor if predicate == "mentions" else "claims",
        sentence=first.sentence,
        mention=Evidence(first.mention.text, first.mention.start, first.mention.end),
        also=tuple(dict.fromkeys(sight.sentence for sight in order if sight.sentence != first.sentence)),
        variant=next((name for sight in order if (name := variant(sight.mention, entity))), None),
    )
