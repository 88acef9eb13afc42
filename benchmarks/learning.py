"""The training that other benchmarks do: as `kg/learn/train.py`, without checkpoints and without stopping early.

Several taggers may learn side by side that share layers; a batch is of one of them, and batches come in random order.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from kg.learn.annotated import mentions_of
from kg.learn.examples import Example, batch_of, example, is_aside, unknown_names
from kg.learn.schedule import batches as batches_of
from kg.learn.schedule import rate
from kg.learn.train import Reader, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.learn.network import Tagger

CONFIGURATION = Path(__file__).parents[1] / "kg" / "learn" / "default.toml"


@dataclass(frozen=True, slots=True)
class Part:
    """A tagger, what it learns from, and how many of them in a batch."""

    tagger: Tagger
    examples: Sequence[Example]
    size: int


def default() -> dict[str, Any]:
    return configuration(CONFIGURATION)


def papers(path: Path, config: Mapping[str, Any]) -> tuple[list[Example], list[Example]]:
    """The annotated papers that are trained on, and those kept aside, as `kg train` has them."""
    rows = mentions_of(path)
    mine, kept = ([row for row in rows if is_aside(row, config["aside"]) == aside] for aside in (False, True))
    unknown = unknown_names(mine)
    return [example(row, None, unknown(row)) for row in mine], [example(row, None, unknown(row)) for row in kept]


def learn(parts: Sequence[Part], spellings: Mapping[str, int]) -> Iterator[Reader]:
    """After each epoch, a reader with the averaged weights of the first tagger."""
    first = parts[0].tagger
    config = first.config
    every = torch.nn.ModuleList(part.tagger for part in parts)
    optimizer = torch.optim.AdamW(every.parameters(), config["rate"], (0.9, 0.98), weight_decay=config["decay"])
    average = {name: value.detach().clone() for name, value in first.named_parameters()}
    step = 0
    for epoch in range(config["epochs"]):
        torch.manual_seed(config["seed"] * 1000 + epoch)
        order = random.Random(f"{config['seed']} {epoch}")
        batches = [
            (part.tagger, batch)
            for part in parts
            for batch in batches_of(part.examples, part.size, order, lambda each: len(each.may))
        ]
        if len(parts) > 1:
            order.shuffle(batches)
        every.train()
        for tagger, batch in batches:
            optimizer.param_groups[0]["lr"] = config["rate"] * rate(
                step, config["epochs"] * len(batches), config["warm_up"]
            )
            optimizer.zero_grad()
            tagger.loss(batch_of(batch, spellings, "cpu")).backward()
            torch.nn.utils.clip_grad_norm_(every.parameters(), 1.0)
            optimizer.step()
            step += 1
            share = 1 - min(config["average"], (1 + step) / (10 + step))
            with torch.no_grad():
                for name, value in first.named_parameters():
                    average[name].lerp_(value, share)
        read = copy.deepcopy(first)
        read.load_state_dict(average, strict=False)
        yield Reader(read.eval(), spellings)
