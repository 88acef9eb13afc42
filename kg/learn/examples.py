"""Annotated papers as the network wants them."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kg.extract.decode import TAGS
from kg.extract.features import AFFIXES, FLAGS, Row, affixes, row, spelling, units
from kg.extract.network import vectors
from kg.extract.tagger import parts
from kg.extract.tokens import compact
from kg.learn.encoder import Prepared
from kg.learn.network import Batch
from kg.model import FIELDS, Text
from kg.ontology import only_annotated

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.learn.encoder import Encoder

__all__ = ["Example", "batch_of", "example", "is_aside", "spellings_of", "unknown_names"]

_TWO = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A paper and what annotators found in it; `may` says which tags a unit may have (units x TAGS)."""

    row: Row
    may: NDArray[np.float32]
    mentions: Sequence[Mapping[str, Any]]
    parts: Mapping[str, frozenset[tuple[int, int, str]]]
    vectors: NDArray[np.float32]
    affixes: NDArray[np.int64]
    prepared: Prepared | None


def unknown_names(rows: Iterable[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], frozenset[str]]:
    """What of the vocabulary would be unknown without a paper, given the papers that are trained on.

    Names that only our own annotation has came into the vocabulary because two papers mark them. A network that sees
    them as known in those very papers would learn to trust the vocabulary more than it may in others.
    """
    ours = {compact(name) for entity in only_annotated() for name in (entity.label, *entity.aliases)}
    marked = {id(row): _marked(row) & ours for row in rows}
    counts = Counter(name for names in marked.values() for name in names)

    def unknown(row: Mapping[str, Any]) -> frozenset[str]:
        own = marked.get(id(row), set())
        return frozenset(name for name in ours if counts[name] - (name in own) < _TWO)

    return unknown


def _marked(row: Mapping[str, Any]) -> set[str]:
    return {compact(row[mention["field"]][mention["start"] : mention["end"]]) for mention in row["mentions"]}


def example(annotated: Mapping[str, Any], encoder: Encoder | None = None, unknown: Container[str] = ()) -> Example:
    """A paper's features; a name whose ends are no ends of units is lost to training, one that is optional is open."""
    found = units([Text("", field, "", annotated[field]) for field in FIELDS])
    may = np.zeros((len(found), len(TAGS)), np.float32)
    may[:, TAGS.index("O")] = 1
    starts = {(unit.text.field, unit.start): i for i, unit in enumerate(found)}
    ends = {(unit.text.field, unit.end): i for i, unit in enumerate(found)}
    for mention in annotated["mentions"]:
        first = starts.get((mention["field"], mention["start"]))
        last = ends.get((mention["field"], mention["end"]))
        if first is None or last is None:
            continue
        if mention.get("optional"):
            may[first : last + 1] = 1
            continue
        may[first : last + 1] = 0
        for i in range(first, last + 1):
            place = "S" if first == last else "B" if i == first else "E" if i == last else "I"
            may[i, TAGS.index(f"{place}-{mention['type']}")] = 1
    surfaces = [unit.surface for unit in found]
    seen = row(found, unknown)
    return Example(
        row=seen,
        may=may,
        mentions=annotated["mentions"],
        parts=parts(seen),
        vectors=vectors().of(surfaces),
        affixes=np.array([affixes(surface.lower()) for surface in surfaces]),
        prepared=Prepared(encoder, found) if encoder else None,
    )


def is_aside(annotated: Mapping[str, Any], one_in: int) -> bool:
    """Whether a paper is kept aside from training: by its title, so that more papers move none.

    One of the second annotation is not.

    >>> sum(is_aside({"title": str(number)}, 10) for number in range(1000))
    105
    """
    digits = hashlib.sha256(annotated["title"].encode()).hexdigest()[:8]
    return not annotated.get("second") and int(digits, 16) % one_in == 0


def spellings_of(examples: Iterable[Example], most: int) -> list[str]:
    """The most frequent ways to write a word, as `spelling` has them."""
    counts = Counter(spelling(unit.surface) for each in examples for unit in each.row.units)
    return [each for each, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]]


def batch_of(examples: Sequence[Example], spellings: Mapping[str, int], device: str) -> Batch:
    """Papers side by side."""
    papers, length = len(examples), max(len(each.may) for each in examples)
    first = examples[0]
    shapes = {
        "vectors": (length, first.vectors.shape[1]),
        "affixes": (length, AFFIXES),
        "flags": (length, FLAGS),
        "alike": (length, length),
        "may": (length, len(TAGS)),
    }
    arrays: dict[str, NDArray[Any]] = {
        name: np.zeros((papers, *shape), np.int64 if name == "affixes" else np.float32)
        for name, shape in shapes.items()
    }
    arrays["spellings"] = np.zeros((papers, length), np.int64)
    arrays["mask"] = np.zeros((papers, length), np.float32)
    for number, each in enumerate(examples):
        count = len(each.may)
        arrays["mask"][number, :count] = 1
        arrays["alike"][number, :count, :count] = each.row.alike
        arrays["flags"][number, :count] = each.row.flags
        arrays["spellings"][number, :count] = [spellings.get(spelling(unit.surface), 0) for unit in each.row.units]
        for name in ("vectors", "affixes", "may"):
            arrays[name][number, :count] = getattr(each, name)
    tensors = {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}
    return Batch(**tensors, prepared=[each.prepared for each in examples if each.prepared])
