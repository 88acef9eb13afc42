"""Fits the weights of the cues in annotated papers.

Run as `python -m kg.learn.signs TRAIN.jsonl`; measure on other papers than these. For each predicate the cues that
tell most are chosen one by one (score test), and their weights fitted by a ridge-penalised logistic regression, on
the names that our own extraction finds in the papers, so that a confidence knows how often a name is none.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import kg.claims
from kg.claims.sights import sights
from kg.claims.signs import cues_at, cues_of
from kg.extract import mentions
from kg.extract.texts import text_of
from kg.extract.tokens import compact
from kg.ground.entities import ground
from kg.learn.annotated import read
from kg.model import FIELDS, Paper, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["cases", "fit", "main", "regress"]

PREDICATES: Final = {
    "Method": ("proposes", "uses", "comparesWith", "outperforms"),
    "Dataset": ("evaluatesOn", "proposes", "uses"),
    "Task": ("addresses", "proposes"),
    "Metric": ("measures",),
}
_CUES, _RARE, _RIDGE, _LEAST_GAIN, _STEPS = 25, 15, 1.0, 6.0, 60
_THRESHOLDS = np.arange(0.25, 0.65, 0.05)


def cases(annotated: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Each entity found in the papers: its kind, its cues, its annotated predicates. Optional ones are left out."""
    for number, row in enumerate(annotated):
        paper = Paper(f"key:{number}", row["title"], row["abstract"], Source("0" * 64, "annotated"))
        groups = defaultdict(list)
        for sight in sights([text_of(paper, field) for field in FIELDS], ground(mentions(paper))):
            groups[sight.entity].append(sight)
        for entity, found in groups.items():
            names = {compact(name) for name in (entity.label, *entity.aliases)}
            names |= {compact(sight.mention.surface) for sight in found}
            gold = next((e for e in row["entities"] if e["type"] == entity.kind and _names(e) & names), None)
            if gold is None or not gold.get("optional"):
                cues = cues_of(found, [cues_at(sight) for sight in found])
                yield entity.kind, frozenset(cues), frozenset(gold["relations"] if gold else ())


def _names(entity: Mapping[str, Any]) -> set[str]:
    return {compact(name) for name in (entity["canonical"], *entity["aliases"])}


def fit(found: Sequence[tuple[frozenset[str], bool]]) -> tuple[float, dict[str, float]]:
    """The probability from which a claim pays (best F1 on these cases), and the weight of each cue that tells."""
    names = sorted({cue for cues, _ in found for cue in cues})
    matrix = np.array([[cue in cues for cue in names] + [True] for cues, _ in found], dtype=np.float64)
    truth = np.array([holds for _, holds in found], dtype=np.float64)
    chosen = [len(names)]
    weights = regress(matrix[:, chosen], truth, _RIDGE)
    while len(chosen) <= _CUES:
        gains = _gains(matrix, truth, chosen, weights)
        best = int(np.argmax(gains))
        if gains[best] < _LEAST_GAIN:
            break
        chosen.append(best)
        weights = regress(matrix[:, chosen], truth, _RIDGE)
    likely = 1 / (1 + np.exp(-matrix[:, chosen] @ weights))
    least = max(_THRESHOLDS, key=lambda least: _f1(likely >= least, truth))
    return float(least), {[*names, "bias"][i]: float(w) for i, w in zip(chosen, weights, strict=True)}


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


def _gains(matrix: Array, truth: Array, chosen: list[int], weights: Array) -> Array:
    """Rao's score statistic of adding each cue to those that are chosen."""
    at = matrix[:, chosen]
    likely = 1 / (1 + np.exp(-np.clip(at @ weights, -30, 30)))
    spread = likely * (1 - likely)
    slope = matrix.T @ (truth - likely)
    plain = (matrix * matrix).T @ spread + 1e-9
    own = (at * spread[:, None]).T @ at + 1e-3 * np.eye(len(chosen))
    cross = (at * spread[:, None]).T @ matrix
    left = plain - np.einsum("ij,ij->j", cross, np.linalg.solve(own, cross))
    gains = slope * slope / np.maximum(left, 0.02 * plain + 1e-9)
    gains[chosen] = 0
    gains[matrix.sum(axis=0) < _RARE] = 0
    return np.asarray(gains)


def _f1(said: NDArray[np.bool_], truth: Array) -> float:
    right = float((said & (truth > 0)).sum())
    return 2 * right / max(1.0, float(said.sum() + truth.sum()))


def main(train: str) -> None:
    """Fit all predicates and write `weights.tsv`."""
    found = list(cases(read(Path(train))))
    lines = ["# kind, predicate, cue, weight in log-odds; least: the probability from which a claim is made"]
    for kind, predicates in PREDICATES.items():
        for predicate in predicates:
            least, weights = fit([(cues, predicate in gold) for of, cues, gold in found if of == kind])
            lines.append(f"{kind}\t{predicate}\tleast\t{least:.2f}")
            order = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))
            lines += [f"{kind}\t{predicate}\t{cue}\t{weight:.2f}" for cue, weight in order]
    Path(kg.claims.__file__).with_name("weights.tsv").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
