"""The network of `kg/claims/network.py` in PyTorch, to be trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.claims.network import CLAIMS
from kg.claims.scene import FLAGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kg.learn.cases import Case

__all__ = ["Batch", "ClaimsNetwork", "side_by_side"]


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


class ClaimsNetwork(nn.Module):
    """Scores the claims of a paper's entities, for a configuration such as `CONFIG` of `kg/learn/claims.py`."""

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
