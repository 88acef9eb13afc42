"""The loss of a linear-chain conditional random field, with its gradient by the forward-backward algorithm.

What each unit may be is a set of tags, so that a name that annotators call optional can be left open: the loss is
the log of the sum over all paths less that over the allowed ones (Tsuboi et al., "Training conditional random fields
using incomplete annotations", COLING 2008). Written out instead of left to automatic differentiation, it is some ten
times faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from kg.extract.decode import TAGS, allowed

if TYPE_CHECKING:
    from torch.autograd.function import FunctionCtx

__all__ = ["Chain"]

_NEVER = -1e4


class Chain(nn.Module):
    """The scores of tags after one another; what `allowed` forbids stays forbidden."""

    def __init__(self) -> None:
        super().__init__()
        count = len(TAGS)
        self.steps = nn.Parameter(torch.zeros(count, count))
        self.first = nn.Parameter(torch.zeros(count))
        self.last = nn.Parameter(torch.zeros(count))
        never = [[0.0 if allowed(before, after) else _NEVER for after in TAGS] for before in TAGS]
        self.register_buffer("never_steps", torch.tensor(never))
        self.register_buffer("never_first", torch.tensor([0.0 if allowed("O", tag) else _NEVER for tag in TAGS]))
        self.register_buffer("never_last", torch.tensor([0.0 if allowed(tag, "O") else _NEVER for tag in TAGS]))

    def scores(self) -> tuple[Tensor, Tensor, Tensor]:
        """The scores of steps (tags x tags), first and last tags."""
        return (
            self.steps + self.get_buffer("never_steps"),
            self.first + self.get_buffer("never_first"),
            self.last + self.get_buffer("never_last"),
        )

    def loss(self, scores: Tensor, may: Tensor, mask: Tensor) -> Tensor:
        """The negative log-likelihood of the allowed paths, summed over a batch.

        `scores` are papers x units x tags, `may` the same shape with 1 where a tag is allowed, `mask` papers x units
        with 1 where there is a unit; the first unit of every paper is there.
        """
        loss: Tensor = _Loss.apply(scores, may, mask.bool(), *self.scores())
        return loss


class _Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, *inputs: Tensor) -> Tensor:
        scores, may, mask, steps, first, last = inputs
        through = (scores - scores.max(2, keepdim=True).values).exp()
        chain = steps.exp(), first.exp(), last.exp()
        every, chosen = _expected(through, mask, *chain), _expected(through * may, mask, *chain)
        ctx.save_for_backward(*(a - b for a, b in zip(every[1:], chosen[1:], strict=True)))
        return (every[0] - chosen[0]).sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        scores, steps, first, last = (gradients[0] * saved for saved in ctx.saved_tensors)
        return scores, None, None, steps, first, last


def _expected(through: Tensor, mask: Tensor, steps: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
    """The log of the sum over all paths of each paper, and how often each tag, step, first and last is expected."""
    papers, units, _ = through.shape
    before, scale = torch.empty_like(through), through.new_ones(papers, units)
    paths = through[:, 0] * first
    for i in range(units):
        grown = paths if i == 0 else (paths @ steps) * through[:, i]
        total = grown.sum(1, keepdim=True)
        here = mask[:, i : i + 1]
        paths = torch.where(here, grown / total, paths)
        scale[:, i] = torch.where(here, total, torch.ones_like(total))[:, 0]
        before[:, i] = paths
    end = (paths * last).sum(1)
    after, onward = torch.empty_like(through), torch.zeros_like(through)
    rest = last / end[:, None]
    after[:, -1] = rest
    backwards = steps.t().contiguous()
    for i in range(units - 1, 0, -1):
        here = mask[:, i : i + 1]
        going = through[:, i] * rest / scale[:, i : i + 1]
        onward[:, i] = torch.where(here, going, torch.zeros_like(going))
        rest = torch.where(here, going @ backwards, rest)
        after[:, i - 1] = rest
    tags = before * after * mask[:, :, None]
    pairs = steps * torch.einsum("pua,pub->ab", before[:, :-1], onward[:, 1:])
    ends = paths * last / end[:, None]
    return scale.log().sum(1) + end.log(), tags, pairs, tags[:, 0].sum(0), ends.sum(0)
