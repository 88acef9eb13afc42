"""A paper as the network of `kg/claims/network.py` sees it: a row of nodes, each a word or a whole name."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.claims.signs import cues_at, cues_of
from kg.extract.features import spelling, units
from kg.extract.network import vectors
from kg.extract.sentences import sentences
from kg.ground.known import is_curated
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.claims.sights import Sight
    from kg.extract.features import Unit
    from kg.model import Entity, Text

    Floats = NDArray[np.float32]

__all__ = ["FLAGS", "Scene", "scene"]

#: How many flags a node has: place 8, kind 4, name 6.
FLAGS: Final = 18

_NO_NAME: Final[tuple[float, ...]] = (0.0,) * 10
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """A paper's nodes. `vectors` (nodes x dimensions) are the means over the words of a name.

    `sights` says which sight a node is, -1 for a word that is none; `owners` the same for the entities, which are
    numbered as they first come. `places` are the sights of each entity, `cues` its cues, `cues_at` those at each sight.
    """

    vectors: Floats
    flags: Floats
    spellings: Sequence[str]
    sights: NDArray[np.int64]
    owners: NDArray[np.int64]
    entities: Sequence[Entity]
    places: Sequence[Sequence[int]]
    cues: Sequence[set[str]]
    cues_at: Sequence[set[str]]


def scene(texts: Sequence[Text], seen: Sequence[Sight]) -> Scene:
    """The nodes of some texts with the sights of their names; a name that no unit of the text begins is left out."""
    places: dict[Text, dict[int, int]] = {text: {} for text in texts}
    for number, sight in enumerate(seen):
        places.setdefault(sight.mention.text, {})[sight.mention.start] = number
    entities = {sight.entity: None for sight in seen}
    numbers = {entity: number for number, entity in enumerate(entities)}
    counts = Counter(sight.entity for sight in seen)
    nodes = list(_nodes(units(texts), places, seen))
    flags: list[tuple[float, ...]] = []
    own = next((sight.own for sight in seen if not sight.in_title), None)
    starts = {id(text): [start for start, _ in sentences(text.text)] or [0] for text in texts}
    met: set[Entity] = set()
    for words, at in nodes:
        place = _place(words[0], starts[id(words[0].text)], own)
        name = _NO_NAME
        if at >= 0:
            entity = seen[at].entity
            name = (
                *(kind == entity.kind for kind in KINDS),
                is_curated(entity.iri),
                len(words) > 1,
                len(words) > 2,  # noqa: PLR2004 - more than two words
                entity not in met,
                counts[entity] > 1,
                counts[entity] > _OFTEN,
            )
            met.add(entity)
        flags.append(place + name)
    at_names = [cues_at(sight) for sight in seen]
    groups: dict[Entity, list[int]] = {entity: [] for entity in entities}
    for number, each in enumerate(seen):
        groups[each.entity].append(number)
    return Scene(
        vectors=_means([[word.surface for word in words] for words, _ in nodes]),
        flags=np.array(flags, np.float32).reshape(len(nodes), FLAGS),
        spellings=[spelling(words[0].surface) for words, _ in nodes],
        sights=np.array([sight for _, sight in nodes], np.int64),
        owners=np.array([numbers[seen[sight].entity] if sight >= 0 else -1 for _, sight in nodes], np.int64),
        entities=list(entities),
        places=list(groups.values()),
        cues=[cues_of([seen[i] for i in group], [at_names[i] for i in group]) for group in groups.values()],
        cues_at=at_names,
    )


def _means(nodes: Sequence[Sequence[str]]) -> Floats:
    """The mean vector of the words of each node."""
    found = vectors().of([word for words in nodes for word in words])
    if not nodes:
        return found
    counts = np.array([len(words) for words in nodes])
    starts = np.cumsum(counts) - counts
    return np.asarray(np.add.reduceat(found, starts, axis=0) / counts[:, None], np.float32)


def _nodes(
    row: Sequence[Unit], places: Mapping[Text, Mapping[int, int]], seen: Sequence[Sight]
) -> Iterable[tuple[Sequence[Unit], int]]:
    """Each word by itself, and the words of a name together with the number of its sight."""
    at, text = 0, None
    inside: Mapping[int, int] = {}
    while at < len(row):
        unit, end = row[at], at + 1
        if unit.text is not text:
            text, inside = unit.text, places[unit.text]
        sight = inside.get(unit.start, -1)
        if sight >= 0:
            last = seen[sight].mention.end
            while end < len(row) and row[end].text is unit.text and row[end].start < last:
                end += 1
        yield row[at:end], sight
        at = end


def _place(unit: Unit, starts: Sequence[int], own: int | None) -> tuple[float, ...]:
    """Title; before, at, after the first sentence in which the authors speak of themselves, or none; how far on."""
    if unit.text.field == "title":
        return 1, 0, 0, 0, 0, 0, 0, 0
    index, count = max(0, bisect_right(starts, unit.start) - 1), len(starts)
    turns = (own is not None and index < own, own == index, own is not None and index > own, own is None)
    return 0, *turns, index / count, index == 0, index == count - 1
