"""The network of `kg/extract/network.py` in PyTorch, to be trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.extract.decode import TAGS
from kg.extract.features import AFFIXES, BUCKETS, FLAGS
from kg.learn.crf import Chain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg.learn.encoder import Encoder, Prepared

__all__ = ["Batch", "Tagger"]


class Batch(NamedTuple):
    """Papers side by side, padded (papers x units x …): see `Row`; `prepared` is for the encoder, if there is one."""

    vectors: Tensor
    spellings: Tensor
    affixes: Tensor
    flags: Tensor
    alike: Tensor
    mask: Tensor
    may: Tensor
    prepared: Sequence[Prepared]


class Tagger(nn.Module):
    """Scores the tags of units, for one configuration such as default.toml."""

    def __init__(
        self, config: Mapping[str, Any], dimensions: int, spellings: int, encoder: Encoder | None = None
    ) -> None:
        super().__init__()
        width = config["width"]
        self.config, self.encoder = config, encoder
        self.spellings = nn.Embedding(spellings + 1, config["spelling_size"])
        self.affixes = nn.Embedding(BUCKETS + 1, config["affix_size"])
        for table in (self.spellings, self.affixes):
            nn.init.normal_(table.weight, 0, 0.1)
        size = dimensions + config["spelling_size"] + AFFIXES * config["affix_size"] + FLAGS
        self.enter = nn.Linear(size, width)
        self.context = nn.Linear(config["context"], width) if encoder else nn.Identity()
        self.convolutions = nn.ModuleList(nn.Linear(3 * width, 2 * width) for _ in config["dilations"])
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in config["dilations"])
        self.alike = nn.Linear(2 * width, width)
        self.leave = nn.Linear(width, len(TAGS))
        self.chain = Chain()

    def forward(self, batch: Batch) -> Tensor:
        """The scores of the tags (papers x units x tags)."""
        known = batch.vectors
        if self.training:
            known = (
                known * (torch.rand(known.shape[:2], device=known.device) >= self.config["forget_words"])[:, :, None]
            )
        parts = (known, self.spellings(batch.spellings), self.affixes(batch.affixes).flatten(2), batch.flags)
        x = self.enter(self._drop(torch.cat(parts, 2), self.config["drop_in"]))
        if self.encoder is not None:
            x = x + self.context(self._drop(self.encoder.context(batch.prepared), self.config["drop_context"]))
        mask = batch.mask[:, :, None]
        depths = self.config["dilations"]
        for number, reach in enumerate(depths):
            y = self.norms[number](x) * mask
            padded = functional.pad(y, (0, 0, reach, reach))
            window = torch.cat([padded[:, : -2 * reach], y, padded[:, 2 * reach :]], 2)
            x = x + self._drop(functional.glu(self.convolutions[number](window), 2), self.config["drop_out"])
            if number == len(depths) // 2 - 1:
                x = x + self.alike(torch.cat([x, batch.alike @ x], 2))
        scores: Tensor = self.leave(x)
        return scores

    def loss(self, batch: Batch) -> Tensor:
        """The mean loss of a unit."""
        return self.chain.loss(self(batch), batch.may, batch.mask) / batch.mask.sum()

    def _drop(self, x: Tensor, share: float) -> Tensor:
        """Drop the same dimensions of all units of a paper (Gal and Ghahramani, NIPS 2016)."""
        if not self.training or not share:
            return x
        return x * x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - share) / (1 - share)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """The weights as `kg/extract/network.py` wants them."""
        linear = {"in": self.enter, "alike": self.alike, "out": self.leave}
        if isinstance(self.context, nn.Linear):
            linear["context"] = self.context
        linear |= {f"conv{number}": layer for number, layer in enumerate(self.convolutions)}
        found = {f"{name}.w": layer.weight.t() for name, layer in linear.items()}
        found |= {f"{name}.b": layer.bias for name, layer in linear.items()}
        for number, norm in enumerate(self.norms):
            found |= {f"norm{number}.w": norm.weight, f"norm{number}.b": norm.bias}
        found |= dict(zip(("steps", "first", "last"), self.chain.scores(), strict=True))
        found |= {"spellings": self.spellings.weight, "affixes": self.affixes.weight}
        return {name: value.detach().cpu().contiguous().numpy() for name, value in found.items()}
