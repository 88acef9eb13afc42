"""Annotated papers as cases of claims: what a paper's entities are seen to be, and what is true of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.claims.network import CLAIMS
from kg.claims.scene import Scene, scene
from kg.claims.sights import sights
from kg.extract import mentions
from kg.extract.texts import text_of
from kg.ground.entities import ground
from kg.learn.annotated import normal
from kg.model import FIELDS, Mention, Paper, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.ground.entities import Linked
    from kg.model import Entity

__all__ = ["Case", "cases"]


@dataclass(frozen=True, slots=True)
class Case:
    """A paper's nodes, what is true of its entities (entities x CLAIMS), and which of that is known.

    `sure` is how sure the surest name of each entity is; `second` says that it is of the second annotation, whose
    readers have habits of their own.
    """

    scene: Scene
    truth: NDArray[np.float32]
    known: NDArray[np.float32]
    sure: Sequence[float]
    second: bool = False


def cases(annotated: Iterable[Mapping[str, Any]], *, found: bool) -> Iterator[Case]:
    """The papers with the annotators' mentions, or with those that are `found` by the tagger.

    What annotators call optional is left open; a name that they do not have says nothing true.
    """
    for number, row in enumerate(annotated):
        paper = Paper(f"key:{number}", row["title"], row["abstract"], Source("0" * 64, "annotated"))
        linked = ground(mentions(paper) if found else _annotated(paper, row))
        seen = sights([text_of(paper, field) for field in FIELDS], linked)
        nodes = scene([text_of(paper, field) for field in FIELDS], seen)
        if nodes.entities:
            gold = [_gold(row, linked, entity) for entity in nodes.entities]
            pairs = list(zip(gold, nodes.entities, strict=True))
            truth = [[_claims(own, entity, claim) for claim in CLAIMS] for own, entity in pairs]
            known = [[_is_known(own, entity, claim) for claim in CLAIMS] for own, entity in pairs]
            sure = [max(m.confidence for m, e in linked if e == entity) for entity in nodes.entities]
            second = bool(row.get("second"))
            yield Case(nodes, np.array(truth, np.float32), np.array(known, np.float32), sure, second)


def _annotated(paper: Paper, row: Mapping[str, Any]) -> list[Mention]:
    texts = {field: text_of(paper, field) for field in FIELDS}
    return [
        Mention(
            texts[m["field"]],
            m["start"],
            m["end"],
            row[m["field"]][m["start"] : m["end"]],
            m["type"],
            1.0,
            "annotated",
        )
        for m in row["mentions"]
    ]


def _gold(row: Mapping[str, Any], linked: Linked, entity: Entity) -> list[Mapping[str, Any]]:
    """The annotated entities of the kind that share a name with one of ours."""
    names = {normal(name) for name in (entity.label, *(m.surface for m, other in linked if other == entity))}
    return [
        each
        for each in row["entities"]
        if each["type"] == entity.kind and names & {normal(name) for name in (each["canonical"], *each["aliases"])}
    ]


def _claims(gold: Sequence[Mapping[str, Any]], entity: Entity, claim: tuple[str, str]) -> bool:
    return claim[0] == entity.kind and any(claim[1] in each["relations"] for each in gold)


def _is_known(gold: Sequence[Mapping[str, Any]], entity: Entity, claim: tuple[str, str]) -> bool:
    return claim[0] == entity.kind and not (gold and all(each.get("optional") for each in gold))
