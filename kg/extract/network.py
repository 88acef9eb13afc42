"""A convolutional network over units, run with numpy: a paper has the same scores in whatever company it is read.

Its input are word vectors (made of the unlabelled corpus, see `kg/learn/vectors.py`), the spelling and the affixes of
each unit, and the flags of `kg/extract/features.py`; its output are the scores of the tags of `kg/extract/decode.py`.
It is trained by `kg/learn/train.py`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extract.decode import Chain
from kg.extract.features import affixes, spelling
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

    from kg.extract.features import Row
    from kg.model import Kind

    Floats = NDArray[np.float32]
    Scores = NDArray[np.float64]

__all__ = ["Network", "Vectors", "convolution", "digest", "load", "vectors", "word_number"]

_EPSILON = 1e-5
_REMEMBERED = 1 << 17


@dataclass(frozen=True, slots=True)
class Vectors:
    """Word vectors, as bytes with a scale for each word; number 0 is the word that nobody knows.

    `seen` remembers the numbers of words as they were written.
    """

    words: Mapping[str, int]
    values: NDArray[np.int8]
    scales: Floats
    seen: dict[str, int] = field(default_factory=dict)

    def of(self, surfaces: Sequence[str]) -> Floats:
        """The vectors of words (words x dimensions)."""
        numbers = [self._number(surface) for surface in surfaces]
        found: Floats = self.values[numbers] * self.scales[numbers, None]
        return found

    def _number(self, surface: str) -> int:
        number = self.seen.get(surface)
        if number is None:
            number = word_number(surface.lower(), self.words)
            if len(self.seen) < _REMEMBERED:
                self.seen[surface] = number
        return number


@dataclass(frozen=True, slots=True)
class Network:
    """The weights of a trained network, and what it was trained with.

    `seen` remembers the numbers of the spelling and the affixes of words as they were written.
    """

    weights: Mapping[str, Floats]
    spellings: Mapping[str, int]
    config: Mapping[str, Any]
    seen: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of names that it was trained to find: all, if it does not say so."""
        return tuple(self.config.get("kinds", KINDS))

    def chain(self) -> Chain:
        """The scores of tags after one another."""
        return Chain(*(self.weights[name].astype(np.float64) for name in ("steps", "first", "last")))

    def scores(self, row: Row, context: Floats | None = None) -> Scores:
        """The scores of the tags of each unit (units x tags); `context` are the contextual vectors, if it has any."""
        x: NDArray[Any] = self._input(row)
        if context is not None:
            x = x + context @ self.weights["context.w"] + self.weights["context.b"]
        depths = self.config["dilations"]
        for number, reach in enumerate(depths):
            x = x + convolution(self.weights, x, number, reach)
            if number == len(depths) // 2 - 1:
                pair = np.concatenate([x, row.alike @ x], axis=1)
                x = x + pair @ self.weights["alike.w"] + self.weights["alike.b"]
        scores: Scores = (x @ self.weights["out.w"] + self.weights["out.b"]).astype(np.float64)
        return scores

    def _input(self, row: Row) -> Floats:
        surfaces = [unit.surface for unit in row.units]
        numbers = np.array([self.seen.get(surface) or self._numbers(surface) for surface in surfaces])
        parts = (
            vectors().of(surfaces),
            self.weights["spellings"][numbers[:, 0]],
            self.weights["affixes"][numbers[:, 1:]].reshape(len(surfaces), -1),
            row.flags,
        )
        x: Floats = np.concatenate(parts, axis=1) @ self.weights["in.w"] + self.weights["in.b"]
        return x

    def _numbers(self, surface: str) -> tuple[int, ...]:
        found = self.spellings.get(spelling(surface), 0), *affixes(surface.lower())
        if len(self.seen) < _REMEMBERED:
            self.seen[surface] = found
        return found


def convolution(
    weights: Mapping[str, Floats], x: Floats, number: int, reach: int, rows: NDArray[np.int64] | None = None
) -> Floats:
    """A gated convolution of three units that stand `reach` apart, of the normalised input (units x width).

    It is worked out at some rows, or at all.
    """
    centred = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(_EPSILON))
    centred /= spread
    centred *= weights[f"norm{number}.w"]
    centred += weights[f"norm{number}.b"]
    width = x.shape[1]
    window = np.zeros((len(x), 3 * width), centred.dtype)
    window[reach:, :width] = centred[:-reach]
    window[:, width:-width] = centred
    window[:-reach, -width:] = centred[reach:]
    both = (window if rows is None else window[rows]) @ weights[f"conv{number}.w"]
    both += weights[f"conv{number}.b"]
    value, gate = both[:, : both.shape[1] // 2], both[:, both.shape[1] // 2 :]
    passed: Floats = value / (1 + np.exp(-gate))
    return passed


def word_number(word: str, words: Mapping[str, int]) -> int:
    """The number of a lower-case word; one that is not known goes by its digits as 0, its last part, its singular."""
    if (number := words.get(word)) is not None:
        return number
    tries = ("".join("0" if char.isdigit() else char for char in word), word.rpartition("-")[2], word.removesuffix("s"))
    return next((words[each] for each in tries if each in words), 0)


@cache
def vectors() -> Vectors:
    """The shipped word vectors."""
    folder = _folder()
    words = folder.joinpath("words.txt").read_text("utf-8").split("\n")
    with folder.joinpath("vectors.npz").open("rb") as file:
        stored = np.load(file)
        values, scales = stored["values"], stored["scales"]
    return Vectors({word: number for number, word in enumerate(words, start=1) if word}, values, scales)


@cache
def load(name: str) -> Network:
    """A shipped network by the name of its model."""
    folder = _folder()
    config = json.loads(folder.joinpath(f"{name}.json").read_text("utf-8"))
    with folder.joinpath(f"{name}.npz").open("rb") as file:
        stored = np.load(file)
        weights = {key: stored[key].astype(np.float32) for key in stored.files}
    spellings = {each: number for number, each in enumerate(config["spellings"], start=1)}
    return Network(weights, spellings, config)


@cache
def digest(name: str) -> str:
    """The first digits of the SHA-256 of a model's files, which a build records."""
    files = (f"{name}.json", f"{name}.npz", f"{name}.onnx", "vectors.npz", "words.txt", "wordpieces.txt")
    found = hashlib.sha256()
    for file in (_folder().joinpath(each) for each in files):
        found.update(file.read_bytes() if file.is_file() else b"")
    return found.hexdigest()[:12]


def _folder() -> Traversable:
    return resources.files("kg.models")
