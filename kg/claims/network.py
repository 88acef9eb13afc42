"""A small convolutional network that says how likely a paper makes each claim of each of its entities.

It runs over the nodes of `kg/claims/scene.py`, in which a name is one node; what is seen at the names of an entity is
put together (mean and most), and with the cues of `kg/claims/signs.py`, to one verdict. It is trained by
`kg/learn/claims.py` on annotated mentions, so it takes the names for granted: how sure each name is comes in
afterwards, by `calibrated`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg.extract.network import convolution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

    from kg.claims.scene import Scene
    from kg.model import Kind, Predicate

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]

__all__ = ["CLAIMS", "Network", "load", "odds_of"]

#: What can be claimed of each kind, in the order of the network's answers.
CLAIMS: Final[tuple[tuple[Kind, Predicate], ...]] = (
    ("Method", "proposes"),
    ("Method", "uses"),
    ("Method", "comparesWith"),
    ("Method", "outperforms"),
    ("Dataset", "evaluatesOn"),
    ("Dataset", "proposes"),
    ("Dataset", "uses"),
    ("Task", "addresses"),
    ("Task", "proposes"),
    ("Metric", "measures"),
)

_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Network:
    """The weights of a trained network, and what it was trained with."""

    weights: Mapping[str, Floats]
    spellings: Mapping[str, int]
    cues: Mapping[str, int]
    config: Mapping[str, Any]

    def probabilities(self, scene: Scene) -> tuple[Floats, Floats]:
        """How likely each claim is, by entity (entities x CLAIMS) and at each sight (sights x CLAIMS).

        They hold if the names are names; claims of another kind than the entity's mean nothing.
        """
        x = self._seen(scene)
        shape = len(scene.entities), x.shape[1]
        mean, most = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        named = np.flatnonzero(scene.owners >= 0)
        order = named[np.argsort(scene.owners[named], kind="stable")]
        owners, firsts = np.unique(scene.owners[order], return_index=True)
        for number, rows in zip(owners, np.split(order, firsts[1:]), strict=False):
            at = x[rows]
            mean[number] = np.add.reduce(at, axis=0) / len(at) if len(at) > 1 else at[0]
            most[number] = np.maximum.reduce(at, axis=0) if len(at) > 1 else at[0]
        places = np.zeros((len(scene.cues_at), x.shape[1]), np.float32)
        places[scene.sights[named]] = x[named]
        return self._verdicts(mean, most, scene.cues), self._verdicts(places, places, scene.cues_at)

    def calibrated(self, claim: int, probability: float, name: float) -> float:
        """The probability that a claim holds and its name is one: `name` is how sure the surest of its mentions is.

        The network's own probability is first scaled (Platt 1999), as `kg/learn/claims.py` has fitted it.
        """
        bias, scale = self.config["calibration"][claim]
        return name / (1 + math.exp(-(bias + scale * odds_of(probability))))

    @property
    def least(self) -> float:
        """The calibrated probability from which a claim is made."""
        return float(self.config["least"])

    def _seen(self, scene: Scene) -> Floats:
        """What is seen at the nodes; only at names is it worked out to the end."""
        weights, owners = self.weights, scene.owners
        spelled = [self.spellings.get(each, 0) for each in scene.spellings]
        parts = (scene.vectors, scene.flags, weights["spellings"][spelled])
        x: NDArray[Any] = np.concatenate(parts, axis=1) @ weights["in.w"] + weights["in.b"]
        named = np.flatnonzero(owners >= 0)
        same = (owners[named, None] == owners[named]).astype(np.float32)
        same /= same.sum(axis=1, keepdims=True)
        depths: Sequence[int] = self.config["dilations"]
        half = len(depths) // 2
        for number, reach in enumerate(depths[:half]):
            x = x + convolution(weights, x, number, reach)
        alike = np.zeros_like(x)
        alike[named] = same @ x[named]
        x = x + np.concatenate([x, alike], axis=1) @ weights["alike.w"] + weights["alike.b"]
        for number, reach in enumerate(depths[half:], start=half):
            rows = _around(named, depths[number + 1 :], len(x))
            x[rows] += convolution(weights, x, number, reach, rows)
        return x

    def _verdicts(self, mean: Floats, most: Floats, cues: Sequence[set[str]]) -> Floats:
        known = np.zeros((len(cues), len(self.cues)), np.float32)
        for row, found in zip(known, cues, strict=True):
            row[[self.cues[cue] for cue in found if cue in self.cues]] = 1
        hidden = np.concatenate([mean, most, known], axis=1) @ self.weights["head.w"] + self.weights["head.b"]
        scores = np.maximum(hidden, 0) @ self.weights["out.w"] + self.weights["out.b"]
        return np.asarray(1 / (1 + np.exp(-scores)))


def _around(rows: Rows, depths: Iterable[int], count: int) -> Rows:
    """The rows that some depend on through convolutions of these reaches, of so many."""
    for reach in depths:
        rows = np.unique(np.concatenate([rows - reach, rows, rows + reach]))
    return rows[(rows >= 0) & (rows < count)]


@cache
def load(folder: Traversable | None = None) -> Network:
    """The network in a folder; the shipped one unless it is named."""
    folder = folder or resources.files("kg.models")
    config = json.loads(folder.joinpath("claims.json").read_text("utf-8"))
    with folder.joinpath("claims.npz").open("rb") as file:
        stored = np.load(file)
        weights = {key: stored[key].astype(np.float32) for key in stored.files}
    spellings = {each: number for number, each in enumerate(config["spellings"], start=1)}
    return Network(weights, spellings, {cue: number for number, cue in enumerate(config["cues"])}, config)


def odds_of(probability: float) -> float:
    """The log-odds of a probability, held between 0.001 and 0.999."""
    held = min(max(float(probability), _LEAST), 1 - _LEAST)
    return math.log(held / (1 - held))
