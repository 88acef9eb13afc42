"""What a paper says of each entity that it names.

Cues add up to the log-odds of each predicate (a logistic regression whose weights stand in `weights.tsv`, fitted by
`kg/learn/signs.py`), so that a confidence is a probability.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, cast

from kg.claims.sights import sights
from kg.claims.signs import cues_at, cues_of, rows
from kg.ground.entities import variant
from kg.model import Claim, Evidence, Predicate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.claims.sights import Sight
    from kg.model import Entity, Kind, Mention, Paper, Text

__all__ = ["Weights", "claims", "weights"]

_NEGATED = frozenset({"<without", "<instead", "<unlike"})
_NEGATION = 0.9
_BIAS = "bias"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each cue adds to the log-odds of a predicate; a claim is made from the probability `least` on."""

    least: float
    cues: Mapping[str, float]

    def confidence(self, cues: set[str]) -> float:
        """The probability that the claim holds."""
        return 1 / (1 + math.exp(-sum(self.cues.get(cue, 0.0) for cue in (_BIAS, *sorted(cues)))))

    def speaks(self, cues: set[str]) -> float:
        """How much the cues at one place speak for the claim."""
        return sum(self.cues.get(cue, 0.0) for cue in sorted(cues))


@cache
def weights() -> Mapping[tuple[Kind, Predicate], Weights]:
    """The weights of every predicate that a kind can have."""
    found: dict[tuple[Kind, Predicate], dict[str, float]] = defaultdict(dict)
    least: dict[tuple[Kind, Predicate], float] = {}
    for kind, predicate, cue, weight in rows("weights.tsv"):
        home = cast("tuple[Kind, Predicate]", (kind, predicate))
        if cue == "least":
            least[home] = float(weight)
        else:
            found[home][cue] = float(weight)
    return {home: Weights(least[home], cues) for home, cues in found.items()}


def claims(
    paper: Paper, texts: Sequence[Text], linked: Sequence[tuple[Mention, Entity]], declared: Sequence[Entity] = ()
) -> tuple[Claim, ...]:
    """What the paper says of its entities, by entity and predicate.

    Each is said once, with the sentence that says it best first. A task that the source declares is addressed, with
    a sentence if the text names it. What is only named gets the predicate "mentions"; a method that the paper does
    without gets a negated "uses".
    """
    groups: dict[Entity, list[Sight]] = defaultdict(list)
    for sight in sights(texts, linked):
        groups[sight.entity].append(sight)
    said = [claim for entity, found in groups.items() for claim in _of_entity(paper, entity, found)]
    return tuple(sorted(_with_declared(paper, said, declared), key=lambda c: (c.entity, c.predicate, c.polarity)))


def _of_entity(paper: Paper, entity: Entity, found: list[Sight]) -> Iterator[Claim]:
    cues = [cues_at(sight) for sight in found]
    every = cues_of(found, cues)
    said = {
        predicate: (confidence, sum_of)
        for (kind, predicate), sum_of in weights().items()
        if kind == entity.kind and (confidence := sum_of.confidence(every)) >= sum_of.least
    }
    negated = [sight for sight, at in zip(found, cues, strict=True) if at & _NEGATED]
    if negated and all(at & _NEGATED for sight, at in zip(found, cues, strict=True) if not sight.in_title):
        said = {predicate: sure for predicate, sure in said.items() if predicate not in ("uses", "proposes")}
    if "outperforms" in said and "comparesWith" not in said:  # guidelines §4: it implies it
        said["comparesWith"] = said["outperforms"]
    for predicate, (confidence, sum_of) in said.items():
        order = sorted(range(len(found)), key=lambda i: (-sum_of.speaks(cues[i]), found[i].in_title, i))
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
        extractor=first.mention.extractor if predicate == "mentions" else "cues",
        sentence=first.sentence,
        mention=Evidence(first.mention.text, first.mention.start, first.mention.end),
        also=tuple(dict.fromkeys(sight.sentence for sight in order if sight.sentence != first.sentence)),
        variant=next((name for sight in order if (name := variant(sight.mention, entity))), None),
    )


def _with_declared(paper: Paper, said: Sequence[Claim], declared: Sequence[Entity]) -> Iterator[Claim]:
    """The claims, those that the source declares marked so or added; an entity that the text names stays as it is."""
    missing = {entity.iri: entity for entity in declared}
    for claim in said:
        if claim.entity.iri in missing and claim.predicate in ("addresses", "mentions"):
            del missing[claim.entity.iri]
            yield replace(claim, predicate="addresses", confidence=1.0, declared=True, extractor="declared")
        else:
            yield claim
    named = {claim.entity.iri: claim.entity for claim in said}
    for iri, entity in missing.items():
        yield Claim(paper.id, "addresses", named.get(iri, entity), 1.0, "declared", declared=True)
