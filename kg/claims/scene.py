"""A paper as the network of `kg/claims/network.py` sees it: a row of nodes, each a word or a whole name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.claims.network import CLAIMS
from kg.claims.sights import spans
from kg.claims.signs import cues_at, cues_of
from kg.extract.features import spelling
from kg.extract.network import vectors
from kg.extract.tokens import units_of
from kg.ground.known import is_curated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.claims.sights import Sight
    from kg.model import Entity, Text

    Floats = NDArray[np.float32]

__all__ = ["FLAGS", "Scene", "scene"]

_PLACES: Final = 8
_KINDS: Final = tuple(dict.fromkeys(kind for kind, _ in CLAIMS))
_NAME: Final = 6

#: How many flags a node has: its place, the kinds of which something can be claimed, its name.
FLAGS: Final = _PLACES + len(_KINDS) + _NAME

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
    numbers: dict[Entity, int] = {}
    owner = [numbers.setdefault(sight.entity, len(numbers)) for sight in seen]
    groups: list[list[int]] = [[] for _ in numbers]
    for number, entity in enumerate(owner):
        groups[entity].append(number)
    places: dict[Text, dict[int, int]] = {text: {} for text in texts}
    for number, sight in enumerate(seen):
        places.setdefault(sight.mention.text, {})[sight.mention.start] = number
    own = next((sight.own for sight in seen if not sight.in_title), None)
    words: list[str] = []
    firsts: list[int] = []
    sights: list[int] = []
    placed: list[Floats] = []
    for text in texts:
        row = list(units_of(text.text))
        nodes = list(_nodes([start for start, _, _ in row], places[text], seen))
        firsts += [len(words) + at for at, _ in nodes]
        sights += [sight for _, sight in nodes]
        words += [surface for _, surface, _ in row]
        placed.append(_placed(text, [row[at][0] for at, _ in nodes], own))
    sizes = np.diff([*firsts, len(words)])
    flags = np.zeros((len(firsts), FLAGS), np.float32)
    flags[:, :_PLACES] = np.concatenate(placed) if placed else 0
    met: set[int] = set()
    for node, at in enumerate(sights):
        if at >= 0:
            flags[node, _PLACES:] = _name(seen[at].entity, sizes[node], len(groups[owner[at]]), owner[at] not in met)
            met.add(owner[at])
    at_names = [cues_at(sight) for sight in seen]
    return Scene(
        vectors=_means(words, firsts, sizes),
        flags=flags,
        spellings=[spelling(words[first]) for first in firsts],
        sights=np.array(sights, np.int64),
        owners=np.array([owner[at] if at >= 0 else -1 for at in sights], np.int64),
        entities=list(numbers),
        places=groups,
        cues=[cues_of([seen[i] for i in group], [at_names[i] for i in group]) for group in groups],
        cues_at=at_names,
    )


def _means(words: Sequence[str], firsts: Sequence[int], sizes: NDArray[np.int64]) -> Floats:
    """The mean vector of the words of each node: so many from each first one on."""
    found = vectors().of(words)
    return np.asarray(np.add.reduceat(found, firsts, axis=0) / sizes[:, None], np.float32) if firsts else found


def _nodes(starts: Sequence[int], inside: Mapping[int, int], seen: Sequence[Sight]) -> Iterator[tuple[int, int]]:
    """Each word by itself, and the first word of each name together with the number of its sight."""
    last = 0
    for at, start in enumerate(starts):
        if start >= last:
            sight = inside.get(start, -1)
            if sight >= 0:
                last = seen[sight].mention.end
            yield at, sight


def _name(entity: Entity, words: int, count: int, first: bool) -> tuple[float, ...]:  # noqa: FBT001 - one of the flags
    """What kind of name it is, whether the vocabulary has it, how long it is, and how often the paper has it."""
    return (
        *(kind == entity.kind for kind in _KINDS),
        is_curated(entity.iri),
        words > 1,
        words > 2,  # noqa: PLR2004 - more than two words
        first,
        count > 1,
        count > _OFTEN,
    )


def _placed(text: Text, nodes: Sequence[int], own: int | None) -> Floats:
    """Title; before, at, after the first sentence in which the authors speak of themselves, or none; how far on."""
    if text.field == "title":
        return np.tile(np.eye(1, _PLACES, dtype=np.float32), (len(nodes), 1))
    starts = [start for start, _ in spans(text.text)] or [0]
    count = len(starts)
    rows = [
        (
            0,
            own is not None and i < own,
            own == i,
            own is not None and i > own,
            own is None,
            i / count,
            not i,
            i == count - 1,
        )
        for i in range(count)
    ]
    index = np.searchsorted(starts, nodes, "right") - 1
    return np.array(rows, np.float32)[np.maximum(index, 0)]
