"""Trains the network of the claims on annotated papers. Needs the extra `train`.

Run as `python -m kg.learn.claims FOLDER TRAIN.jsonl…`: writes claims.npz and claims.json into FOLDER. The network
learns from the annotators' mentions; what its verdicts mean together with the tagger's confidence is fitted on the
papers that neither was trained on, with the names that the tagger finds there.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.claims.network import CLAIMS, Network, load
from kg.claims.scene import FLAGS, Scene, scene
from kg.claims.sights import sights
from kg.extract import mentions
from kg.extract.texts import text_of
from kg.ground.entities import ground
from kg.learn.annotated import normal, read
from kg.learn.examples import is_aside
from kg.model import FIELDS, Mention, Paper, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from kg.ground.entities import Linked
    from kg.model import Entity

    Floats = NDArray[np.float64]

__all__ = ["CONFIG", "Case", "ClaimsNetwork", "cases", "main", "side_by_side", "train"]

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
_BUCKET, _FLOOR = 8, 0.02
_STIFF, _ROUNDS, _TINY, _ENOUGH = np.array([1.0, 5.0]), 50, 1e-6, 100
_THRESHOLDS = np.arange(0.25, 0.6, 0.01)


class Batch(NamedTuple):
    """Papers side by side, padded: papers x nodes x …; `owned` is papers x entities x nodes, the rest by entity.

    `second` (papers x 1 x 1) is 1 for a paper of the second annotation.
    """

    vectors: Tensor
    flags: Tensor
    spelled: Tensor
    mask: Tensor
    owned: Tensor
    cues: Tensor
    second: Tensor
    truth: Tensor
    known: Tensor


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
            second = row.get("aside") is False
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


class ClaimsNetwork(nn.Module):
    """The network of `kg/claims/network.py` in PyTorch."""

    def __init__(self, config: Mapping[str, Any], dimensions: int, spellings: int, cues: int) -> None:
        super().__init__()
        width, depths = config["width"], config["dilations"]
        self.config = config
        self.spellings = nn.Embedding(spellings + 1, config["spelling_size"])
        nn.init.normal_(self.spellings.weight, 0, 0.1)
        self.enter = nn.Linear(dimensions + FLAGS + config["spelling_size"], width)
        self.convolutions = nn.ModuleList(nn.Linear(3 * width, 2 * width) for _ in depths)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in depths)
        self.alike = nn.Linear(2 * width, width)
        self.head = nn.Linear(2 * width + cues, width)
        self.out = nn.Linear(width, len(CLAIMS))
        self.habits = nn.Parameter(torch.zeros(len(CLAIMS)))

    def forward(self, seen: Batch) -> Tensor:
        """The scores of the claims (papers x entities x CLAIMS), in papers of the second annotation by its habits."""
        config, (vectors, flags, spelled, mask, owned, cues, second) = self.config, seen[:7]
        if self.training:
            vectors = vectors * (torch.rand(vectors.shape[:2]) >= config["forget_words"])[:, :, None]
            cues = cues * (torch.rand_like(cues) >= config["forget_cues"])
        parts = torch.cat([vectors, flags, self.spellings(spelled)], 2)
        x = self.enter(self._drop(parts, config["drop_in"])) * mask
        same = owned.transpose(1, 2) @ owned
        same = same / same.sum(2, keepdim=True).clamp(min=1)
        for number, reach in enumerate(config["dilations"]):
            y = self.norms[number](x) * mask
            padded = functional.pad(y, (0, 0, reach, reach))
            window = torch.cat([padded[:, : -2 * reach], y, padded[:, 2 * reach :]], 2)
            x = x + self._drop(functional.glu(self.convolutions[number](window), 2), config["drop"])
            if number == len(config["dilations"]) // 2 - 1:
                x = x + self.alike(torch.cat([x, same @ x], 2))
        count = owned.sum(2, keepdim=True)
        mean = owned @ x / count.clamp(min=1)
        most = torch.where(owned[:, :, :, None] > 0, x[:, None], x.new_full((), -1e4)).amax(2)
        most = torch.where(count > 0, most, torch.zeros_like(most))
        pooled = self._drop(torch.cat([mean, most], 2), config["drop_head"])
        hidden = functional.relu(self.head(torch.cat([pooled, cues], 2)))
        scores: Tensor = self.out(self._drop(hidden, config["drop_head"]))
        return scores + second * self.habits

    def _drop(self, x: Tensor, share: float) -> Tensor:
        """Drop the same dimensions in a whole paper (Gal and Ghahramani, NIPS 2016)."""
        if not self.training:
            return x
        return x * x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - share) / (1 - share)

    def exported(self) -> dict[str, NDArray[np.float32]]:
        """The weights as `kg/claims/network.py` wants them."""
        linear = {"in": self.enter, "alike": self.alike, "head": self.head, "out": self.out}
        linear |= {f"conv{number}": layer for number, layer in enumerate(self.convolutions)}
        found = {f"{name}.w": layer.weight.t() for name, layer in linear.items()}
        found |= {f"{name}.b": layer.bias for name, layer in linear.items()}
        for number, norm in enumerate(self.norms):
            found |= {f"norm{number}.w": norm.weight, f"norm{number}.b": norm.bias}
        found["spellings"] = self.spellings.weight
        return {name: value.detach().contiguous().numpy() for name, value in found.items()}


def train(learned: Sequence[Case], config: Mapping[str, Any]) -> Network:
    """Train on some papers; gives the network of averaged weights, not yet calibrated."""
    torch.manual_seed(config["seed"])
    counts = Counter(each for case in learned for each in case.scene.spellings)
    order = sorted(counts, key=lambda each: (-counts[each], each))[: config["spellings"]]
    spellings = {each: number for number, each in enumerate(order, start=1)}
    common = Counter(cue for case in learned for found in case.scene.cues for cue in found)
    kept = sorted(cue for cue in common if common[cue] >= config["rare"])
    cues = {cue: number for number, cue in enumerate(kept)}
    network = ClaimsNetwork(config, learned[0].scene.vectors.shape[1], len(spellings), len(cues))
    optimizer = torch.optim.AdamW(network.parameters(), lr=config["rate"], weight_decay=config["decay"])
    average = {name: value.detach().clone() for name, value in network.named_parameters()}
    total, step = config["epochs"] * math.ceil(len(learned) / config["batch"]), 0
    for epoch in range(config["epochs"]):
        losses = []
        for batch in _batches(learned, config["batch"], random.Random(f"{config['seed']} {epoch}")):  # noqa: S311
            rate = min(1.0, (step + 1) / config["warm_up"])
            rate *= _FLOOR + (1 - _FLOOR) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))
            for group in optimizer.param_groups:
                group["lr"] = config["rate"] * rate
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
    return Network(weights, spellings, cues, {**config, "spellings": order, "cues": list(cues)})


def _batches(learned: Sequence[Case], size: int, order: random.Random) -> Iterator[Sequence[Case]]:
    """Batches of papers of like length, in a random order."""
    shuffled = order.sample(learned, len(learned))
    for begin in range(0, len(shuffled), size * _BUCKET):
        near = sorted(shuffled[begin : begin + size * _BUCKET], key=lambda case: len(case.scene.owners))
        groups = [near[i : i + size] for i in range(0, len(near), size)]
        yield from order.sample(groups, len(groups))


def side_by_side(batch: Sequence[Case], spellings: Mapping[str, int], cues: Mapping[str, int]) -> Batch:
    """The papers as one batch, given the numbers of spellings and cues."""
    nodes = max(len(case.scene.owners) for case in batch)
    entities = max(len(case.truth) for case in batch)
    papers, size = len(batch), batch[0].scene.vectors.shape[1]
    vectors, flags = torch.zeros(papers, nodes, size), torch.zeros(papers, nodes, FLAGS)
    spelled, mask = torch.zeros(papers, nodes, dtype=torch.long), torch.zeros(papers, nodes, 1)
    owned, cued = torch.zeros(papers, entities, nodes), torch.zeros(papers, entities, len(cues))
    truth, known = torch.zeros(papers, entities, len(CLAIMS)), torch.zeros(papers, entities, len(CLAIMS))
    second = torch.tensor([float(case.second) for case in batch])[:, None, None]
    for number, case in enumerate(batch):
        seen, count = case.scene, len(case.scene.owners)
        vectors[number, :count] = torch.from_numpy(seen.vectors)
        flags[number, :count] = torch.from_numpy(seen.flags)
        spelled[number, :count] = torch.tensor([spellings.get(each, 0) for each in seen.spellings])
        mask[number, :count] = 1
        owned[number, torch.from_numpy(seen.owners), torch.arange(count)] = torch.from_numpy(
            (seen.owners >= 0).astype(np.float32)
        )
        for entity, found in enumerate(seen.cues):
            cued[number, entity, [cues[cue] for cue in found if cue in cues]] = 1
        truth[number, : len(case.truth)] = torch.from_numpy(case.truth)
        known[number, : len(case.known)] = torch.from_numpy(case.known)
    return Batch(vectors, flags, spelled, mask, owned, cued, second, truth, known)


def calibrated(network: Network, read_so: Sequence[Case]) -> Network:
    """The network with what its verdicts mean, and the probability from which each claim is best made (F1).

    A claim that is seldom true of these papers is made from the probability on that is best for all together.
    """
    said = [network.probabilities(case.scene)[0] for case in read_so]
    weights, likely, truth = [], [], []
    for claim in range(len(CLAIMS)):
        seen = [
            (_odds(float(p[number, claim])), case.sure[number], case.truth[number, claim])
            for case, p in zip(read_so, said, strict=True)
            for number in range(len(case.truth))
            if case.known[number, claim]
        ]
        odds, names, true = np.array(seen, np.float64).reshape(-1, 3).T
        bias, scale = _fitted(odds, names, true)
        weights.append([round(bias, 4), round(scale, 4)])
        likely.append(names / (1 + np.exp(-(bias + scale * odds))))
        truth.append(true)
    common = _best(np.concatenate(likely), np.concatenate(truth))
    least = [_best(p, true) if true.sum() >= _ENOUGH else common for p, true in zip(likely, truth, strict=True)]
    config = {**network.config, "calibration": weights, "least": [round(each, 2) for each in least]}
    return Network(network.weights, network.spellings, network.cues, config)


def _odds(probability: float) -> float:
    held = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(held / (1 - held))


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


def main(folder: str, *paths: str) -> None:
    """Train, calibrate and write the network; one that stands in the folder already is only calibrated anew."""
    torch.set_num_threads(1)
    kept: dict[bool, list[Mapping[str, Any]]] = defaultdict(list)
    for row in (row for path in paths for row in read(Path(path))):
        kept[is_aside(row, CONFIG["aside"])].append(row)
    place = Path(folder)
    done = place.joinpath("claims.npz").exists()
    trained = load(place) if done else train(list(cases(kept[False], found=False)), CONFIG)
    network = calibrated(trained, list(cases(kept[True], found=True)))
    halves = {name: value.astype(np.float16) for name, value in network.weights.items()}
    np.savez_compressed(place / "claims.npz", allow_pickle=False, **halves)
    place.joinpath("claims.json").write_text(json.dumps(network.config, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
