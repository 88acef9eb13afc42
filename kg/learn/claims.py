"""Trains the network of the claims on annotated papers. Needs the extra `train`.

Run as `python -m kg.learn.claims train|calibrate FOLDER TRAIN.jsonl…`: writes claims.npz and claims.json into FOLDER,
or calibrates the network that stands there anew, as it must be when the tagger has changed. The network learns from the
annotators' mentions; what its verdicts mean together with the tagger's confidence is fitted on the papers that neither
was trained on, with the names that the tagger finds there.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from kg.claims.network import CLAIMS, Network, load, odds_of
from kg.learn.annotated import read
from kg.learn.cases import Case, cases
from kg.learn.claims_network import ClaimsNetwork, side_by_side
from kg.learn.examples import is_aside
from kg.learn.schedule import batches, rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["CONFIG", "calibrated", "main", "train"]

CONFIG: Final[Mapping[str, Any]] = {
    "width": 96,
    "dilations": [1, 2, 4, 8],
    "spelling_size": 16,
    "spellings": 200,
    "epochs": 8,
    "batch": 16,
    "rate": 0.002,
    "warm_up": 100,
    "decay": 0.02,
    "average": 0.998,
    "drop_in": 0.2,
    "drop": 0.4,
    "drop_head": 0.3,
    "forget_words": 0.1,
    "forget_cues": 0.2,
    "rare": 8,
    "seed": 1,
    "aside": 14,
}
_STIFF, _ROUNDS, _TINY = np.array([1.0, 5.0]), 50, 1e-6
_THRESHOLDS = np.arange(0.25, 0.6, 0.01)


def train(learned: Sequence[Case], config: Mapping[str, Any]) -> Network:
    """Train on some papers; gives the network of averaged weights, not yet calibrated."""
    torch.manual_seed(config["seed"])
    counts = Counter(each for case in learned for each in case.scene.spellings)
    frequent = sorted(counts, key=lambda each: (-counts[each], each))[: config["spellings"]]
    spellings = {each: number for number, each in enumerate(frequent, start=1)}
    common = Counter(cue for case in learned for found in case.scene.cues for cue in found)
    kept = sorted(cue for cue in common if common[cue] >= config["rare"])
    cues = {cue: number for number, cue in enumerate(kept)}
    network = ClaimsNetwork(config, learned[0].scene.vectors.shape[1], len(spellings), len(cues))
    optimizer = torch.optim.AdamW(network.parameters(), lr=config["rate"], weight_decay=config["decay"])
    average = {name: value.detach().clone() for name, value in network.named_parameters()}
    total, step = config["epochs"] * math.ceil(len(learned) / config["batch"]), 0
    for epoch in range(config["epochs"]):
        losses = []
        order = random.Random(f"{config['seed']} {epoch}")  # noqa: S311 - an order, no secret
        for batch in batches(learned, config["batch"], order, lambda case: len(case.scene.owners)):
            for group in optimizer.param_groups:
                group["lr"] = config["rate"] * rate(step, total, config["warm_up"])
            seen = side_by_side(batch, spellings, cues)
            loss = functional.binary_cross_entropy_with_logits(network(seen), seen.truth, reduction="none")
            loss = (loss * seen.known).sum() / seen.known.sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            share = 1 - min(config["average"], (1 + step) / (10 + step))
            with torch.no_grad():
                for name, value in network.named_parameters():
                    average[name].lerp_(value, share)
            losses.append(loss.item())
        sys.stderr.write(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.4f}\n")
    network.load_state_dict(average)
    weights = {name: value.astype(np.float16).astype(np.float32) for name, value in network.exported().items()}
    return Network(weights, spellings, cues, {**config, "spellings": frequent, "cues": list(cues)})


def calibrated(network: Network, read_so: Sequence[Case]) -> Network:
    """The network with what its verdicts mean, and the probability from which claims are best made (micro F1)."""
    said = [network.probabilities(case.scene)[0] for case in read_so]
    weights, likely, truth = [], [], []
    for claim in range(len(CLAIMS)):
        seen = [
            (odds_of(float(p[number, claim])), case.sure[number], case.truth[number, claim])
            for case, p in zip(read_so, said, strict=True)
            for number in range(len(case.truth))
            if case.known[number, claim]
        ]
        odds, names, true = np.array(seen, np.float64).reshape(-1, 3).T
        bias, scale = _fitted(odds, names, true)
        weights.append([round(bias, 4), round(scale, 4)])
        likely.append(names / (1 + np.exp(-(bias + scale * odds))))
        truth.append(true)
    least = _best(np.concatenate(likely), np.concatenate(truth))
    config = {**network.config, "calibration": weights, "least": round(least, 2)}
    return Network(network.weights, network.spellings, network.cues, config)


def _fitted(odds: Floats, names: Floats, true: Floats) -> tuple[float, float]:
    """The bias and scale under which verdict times name is likeliest, held near 0 and 1 where there is little to see.

    By expectation and maximisation: a claim that does not hold may still be one whose name is none.
    """
    bias, scale = 0.0, 1.0
    for _ in range(_ROUNDS):
        verdict = 1 / (1 + np.exp(-(bias + scale * odds)))
        share = np.where(true > 0, 1.0, verdict * (1 - names) / np.maximum(1 - verdict * names, _TINY))
        rows = np.stack([np.ones_like(odds), odds], axis=1)
        slope = rows.T @ (verdict - share) + _STIFF * np.array([bias, scale - 1])
        curve = (rows * (verdict * (1 - verdict))[:, None]).T @ rows + np.diag(_STIFF)
        step = np.linalg.solve(curve, slope)
        bias, scale = bias - float(step[0]), scale - float(step[1])
    return bias, scale


def _best(likely: Floats, true: Floats) -> float:
    def f1(least: float) -> float:
        said = likely >= least
        return float(2 * true[said].sum() / (said.sum() + true.sum()))

    return float(max(_THRESHOLDS, key=f1))


def main(what: str, folder: str, *paths: str) -> None:
    """Train the network or take the one in the folder, calibrate it, and write it."""
    torch.set_num_threads(1)
    kept: dict[bool, list[Mapping[str, Any]]] = defaultdict(list)
    for row in (row for path in paths for row in read(Path(path))):
        kept[is_aside(row, CONFIG["aside"])].append(row)
    place = Path(folder)
    trained = load(place) if what == "calibrate" else train(list(cases(kept[False], found=False)), CONFIG)
    network = calibrated(trained, list(cases(kept[True], found=True)))
    halves = {name: value.astype(np.float16) for name, value in network.weights.items()}
    np.savez_compressed(place / "claims.npz", allow_pickle=False, **halves)
    place.joinpath("claims.json").write_text(json.dumps(network.config, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
