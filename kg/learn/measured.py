"""Fits the weights by which a word beside a number is taken for the end of a metric's name.

Run as `python -m kg.learn.measured TRAIN.jsonl`; measure on other papers than these. The names of other kinds are
given as annotated; a word that annotators call optional is left out.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import kg.claims
from kg.claims.measured import candidates, lead
from kg.learn.annotated import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["cases", "fit", "leads", "main", "regress"]

_RARE, _RIDGE, _LEAST_WEIGHT, _FEW, _STEPS = 4, 2.0, 0.1, 2, 60
_WORDS_BEFORE: Final = 60


def cases(annotated: Iterable[Mapping[str, Any]]) -> Iterator[tuple[frozenset[str], bool]]:
    """The cues of each word near a number, and whether a metric's name ends there."""
    for row in annotated:
        marks = [mark for mark in row["mentions"] if mark["field"] == "abstract"]
        others = sorted((mark["start"], mark["end"]) for mark in marks if mark["type"] != "Metric")
        metrics = {mark["end"]: bool(mark.get("optional")) for mark in marks if mark["type"] == "Metric"}
        for each in candidates(row["abstract"], others):
            if not metrics.get(each.end, False):
                yield each.cues, each.end in metrics


def fit(found: Sequence[tuple[frozenset[str], bool]]) -> dict[str, float]:
    """The weight of each cue that is not rare."""
    counts = Counter(cue for cues, _ in found for cue in cues)
    names = sorted(cue for cue, count in counts.items() if count >= _RARE)
    places = {cue: place for place, cue in enumerate(names)}
    matrix = np.zeros((len(found), len(names) + 1))
    matrix[:, -1] = 1
    for number, (cues, _) in enumerate(found):
        matrix[number, [places[cue] for cue in cues if cue in places]] = 1
    weights = regress(matrix, np.array([holds for _, holds in found], dtype=np.float64), _RIDGE)
    return dict(zip([*names, "bias"], map(float, weights), strict=True))


def regress(matrix: Array, truth: Array, ridge: float) -> Array:
    """Logistic regression with a ridge penalty, by Newton's method."""
    weights = np.zeros(matrix.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (likely - truth) + ridge * weights
        curve = (matrix * (likely * (1 - likely) + 1e-6)[:, None]).T @ matrix + ridge * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-4:  # noqa: PLR2004 - far below the two digits that are kept
            break
    return weights


def leads(annotated: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """How much more often a word stands before the last word of a metric's name than right before the name."""
    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for row in annotated:
        for mark in row["mentions"]:
            if mark["type"] == "Metric":
                text = row[mark["field"]]
                inside.update(map(lead, text[mark["start"] : mark["end"]].split()[:-1]))
                before = text[max(0, mark["start"] - _WORDS_BEFORE) : mark["start"]].split()
                outside.update(map(lead, before[-1:]))
    odds = {word: float(np.log((inside[word] + 0.5) / (outside[word] + 0.5))) for word in inside}
    return {word: weight for word, weight in odds.items() if word and weight > 0 and inside[word] >= _FEW}


def main(train: str) -> None:
    """Fit both tables and write `measured.tsv`."""
    annotated = list(read(Path(train)))
    weights = fit(list(cases(annotated)))
    lines = ["# what a cue is worth, in log-odds; what speaks for a word to be part of a name"]
    order = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))
    lines += [f"cue\t{cue}\t{weight:.2f}" for cue, weight in order if abs(weight) >= _LEAST_WEIGHT or cue == "bias"]
    lines += [f"lead\t{word}\t{weight:.1f}" for word, weight in sorted(leads(annotated).items())]
    Path(kg.claims.__file__).with_name("measured.tsv").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
