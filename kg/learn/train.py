"""Trains the tagger on annotated papers. Needs the extra `train`.

The same papers, configuration and machine give the same weights, whether the training ran through or was stopped and
continued: each epoch has its own seed, and its end is a checkpoint.
"""

from __future__ import annotations

import hashlib
import json
import random
import tomllib
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kg.errors import KgError
from kg.extract.evidence import Weighed, weigh
from kg.extract.network import Network
from kg.extract.tagger import candidates
from kg.learn.annotated import mentions_of
from kg.learn.calibration import calibrate, is_right, weighed
from kg.learn.encoder import export, prepared
from kg.learn.examples import Example, batch_of, example, is_aside, spellings_of, unknown_names
from kg.learn.network import Tagger
from kg.learn.schedule import batches, rate
from kg.learn.scores import Score
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.extract.decode import Span

__all__ = ["Options", "configuration", "train", "use_threads"]

#: The confidences from which a span may be taken; the one that reads the papers kept aside best is.
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5)

_START_LEAST = 10


@dataclass(frozen=True, slots=True)
class Options:
    """What to train from and where to; `dev` is scored after each epoch and never trained on."""

    annotated: Sequence[Path]
    dev: Path | None
    folder: Path
    fresh: bool = False
    most: int | None = None


@dataclass(slots=True)
class _State:
    """What a checkpoint holds."""

    tagger: Tagger
    optimizer: torch.optim.Optimizer
    average: dict[str, torch.Tensor]
    papers: str
    epoch: int = 0
    step: int = 0
    best: float = -1.0
    since: int = 0
    best_weights: dict[str, torch.Tensor] | None = None


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """What tells some annotated papers from others."""
    return hashlib.sha256(json.dumps(list(rows), sort_keys=True).encode()).hexdigest()


def use_threads(count: int) -> None:
    """Compute with so many threads."""
    torch.set_num_threads(count)


def configuration(path: Path) -> dict[str, Any]:
    """Read a configuration. Raises KgError if it is none."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KgError(f"{path}: {error}: name a configuration such as kg/learn/default.toml") from error


def train(config: Mapping[str, Any], options: Options, say: Callable[[str], None]) -> Network:
    """Train, and write NAME.npz, NAME.json and log.jsonl into the folder; gives the network.

    Raises SourceError for what is no annotated paper, KgError for too few of them.
    """
    rows = [row for path in options.annotated for row in mentions_of(path)]
    silver = [row for row in rows if row.get("silver")]
    gold = [row for row in rows if not row.get("silver")]
    mine = [row for row in gold if not is_aside(row, config["aside"])][: options.most]
    kept = [row for row in gold if is_aside(row, config["aside"])]
    tests = mentions_of(options.dev) if options.dev else []
    if not mine or not kept:
        raise KgError(
            f"{len(mine)} papers to train on and {len(kept)} aside: give more, some go to each by their titles"
        )
    say(f"{len(mine)} papers to train on, {len(silver)} that a model annotated, {len(kept)} aside; on {_device()}")
    torch.manual_seed(config["seed"])
    encoder = prepared(config).to(_device()).eval() if config["context"] else None
    unknown = unknown_names(mine)
    examples, aside = ([example(row, encoder, unknown(row)) for row in group] for group in (mine, kept))
    spellings = {each: number for number, each in enumerate(spellings_of(examples, config["spellings"]), start=1)}
    if silver:
        examples = examples * config["repeats"] + [example(row, encoder) for row in silver]
    dev = [example(row, encoder) for row in tests]
    options.folder.mkdir(parents=True, exist_ok=True)
    tagger = Tagger(config, examples[0].vectors.shape[1], len(spellings), encoder).to(_device())
    state = _start(tagger, options, papers=digest(rows))
    while state.epoch < config["epochs"] and state.since < config["patience"]:
        loss = _epoch(state, examples, spellings)
        with _averaged(state, state.average):
            reader = Reader(tagger, spellings)
            scored = {name: reader.score(group) for name, group in (("aside", aside), ("dev", dev)) if group}
        _remember(state, scored["aside"].f1)
        _log(options.folder, state, loss, scored, say)
        _save(state, options.folder)
    with _averaged(state, state.best_weights or state.average):
        return _written(Reader(tagger, spellings), aside, options.folder)


class Reader:
    """A tagger that reads papers as the shipped network will, with its weights as they are now."""

    def __init__(self, tagger: Tagger, spellings: Mapping[str, int]) -> None:
        self.encoder = tagger.encoder
        halves = {name: value.astype(np.float16).astype(np.float32) for name, value in tagger.weights().items()}
        config = {**tagger.config, "kinds": list(KINDS), "spellings": list(spellings)}
        self.network = Network(halves, spellings, config)

    def spans(self, each: Example) -> list[Span]:
        """All spans that may be names, with their probabilities."""
        context = None
        if self.encoder is not None and each.prepared is not None:
            with torch.inference_mode():
                context = self.encoder.context([each.prepared])[0].cpu().numpy()
        return candidates(each.row, self.network, context)

    def score(self, examples: Sequence[Example], least: float = 0.4) -> Score:
        """Precision, recall and F1 of the mentions, strict, as `kg evaluate` counts them."""
        sure = ([Weighed(span, span.probability, ()) for span in self.spans(each)] for each in examples)
        return _counted(examples, [[each.span for each in weigh(found, least)] for found in sure])


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _start(tagger: Tagger, options: Options, *, papers: str) -> _State:
    config = tagger.config
    groups = defaultdict(list)
    for name, value in tagger.named_parameters():
        if value.requires_grad:
            groups[config["encoder_rate"] if name.startswith("encoder.") else config["rate"]].append(value)
    settings = [{"params": values, "base": rate} for rate, values in groups.items()]
    optimizer = torch.optim.AdamW(settings, lr=config["rate"], weight_decay=config["decay"], betas=(0.9, 0.98))
    state = _State(tagger, optimizer, {name: value.detach().clone() for name, value in _trained(tagger)}, papers)
    checkpoint = options.folder / "checkpoint.pt"
    if options.fresh or not checkpoint.exists():
        options.folder.joinpath("log.jsonl").unlink(missing_ok=True)
        return state
    saved = torch.load(checkpoint, map_location=_device(), weights_only=True)
    if (saved["config"], saved["papers"]) != (_as_text(config), papers):
        raise KgError(f"{checkpoint}: made with another configuration or other papers: use --fresh, or another folder")
    tagger.load_state_dict(saved["tagger"], strict=False)
    optimizer.load_state_dict(saved["optimizer"])
    state.average, state.best_weights = saved["average"], saved["best_weights"]
    state.epoch, state.step, state.best, state.since = saved["counts"]
    return state


def _trained(tagger: Tagger) -> Iterator[tuple[str, torch.Tensor]]:
    return ((name, value) for name, value in tagger.named_parameters() if value.requires_grad)


@contextmanager
def _averaged(state: _State, weights: Mapping[str, torch.Tensor]) -> Iterator[None]:
    """The tagger with other weights, to read and not to learn."""
    own = {name: value.detach().clone() for name, value in _trained(state.tagger)}
    state.tagger.load_state_dict(weights, strict=False)
    state.tagger.eval()
    yield
    state.tagger.load_state_dict(own, strict=False)


def _as_text(config: Mapping[str, Any]) -> str:
    return json.dumps(dict(config), sort_keys=True)


def _save(state: _State, folder: Path) -> None:
    saved = {
        "config": _as_text(state.tagger.config),
        "papers": state.papers,
        "tagger": dict(_trained(state.tagger)),
        "optimizer": state.optimizer.state_dict(),
        "average": state.average,
        "best_weights": state.best_weights,
        "counts": [state.epoch, state.step, state.best, state.since],
    }
    torch.save(saved, folder / "checkpoint.new")
    folder.joinpath("checkpoint.new").replace(folder / "checkpoint.pt")


def _epoch(state: _State, examples: Sequence[Example], spellings: Mapping[str, int]) -> float:
    """Go through all papers once; gives the mean loss."""
    config = state.tagger.config
    torch.manual_seed(config["seed"] * 1000 + state.epoch)
    order = random.Random(f"{config['seed']} {state.epoch}")  # noqa: S311 - an order, no secret
    shuffled = list(batches(examples, config["batch"], order, lambda each: len(each.may)))
    steps = config["epochs"] * len(shuffled)
    state.tagger.train()
    losses = []
    for batch in shuffled:
        for group in state.optimizer.param_groups:
            group["lr"] = group["base"] * rate(state.step, steps, config["warm_up"])
        loss = state.tagger.loss(batch_of(batch, spellings, _device()))
        state.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(state.tagger.parameters(), 1.0)
        state.optimizer.step()
        state.step += 1
        share = 1 - min(config["average"], (1 + state.step) / (_START_LEAST + state.step))
        with torch.no_grad():
            for name, value in _trained(state.tagger):
                state.average[name].lerp_(value, share)
        losses.append(loss.item())
    state.epoch += 1
    return sum(losses) / len(losses)


def _remember(state: _State, f1: float) -> None:
    state.since += 1
    if f1 > state.best:
        state.best, state.since = f1, 0
        state.best_weights = {name: value.clone() for name, value in state.average.items()}


def _log(folder: Path, state: _State, loss: float, scored: Mapping[str, Score], say: Callable[[str], None]) -> None:
    row: dict[str, object] = {"epoch": state.epoch, "loss": round(loss, 5)}
    row |= {name: [round(each, 2) for each in (s.precision, s.recall, s.f1)] for name, s in scored.items()}
    with folder.joinpath("log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")
    say("  ".join([f"epoch {state.epoch}: loss {loss:.4f}", *(f"{name} F1 {s.f1:.2f}" for name, s in scored.items())]))


def _written(reader: Reader, aside: Sequence[Example], folder: Path) -> Network:
    """The network as it is shipped: weights of half precision, with its threshold and what its probabilities mean."""
    read_so = [reader.spans(each) for each in aside]
    weights = calibrate(aside, read_so)
    sure = [weighed(each, found, weights) for each, found in zip(aside, read_so, strict=True)]
    least = max(
        THRESHOLDS, key=lambda least: _counted(aside, [[w.span for w in weigh(each, least)] for each in sure]).f1
    )
    network = reader.network
    config = {**network.config, "least": least, "calibration": weights}
    name = config["name"]
    halves = {key: value.astype(np.float16) for key, value in network.weights.items()}
    np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, **halves)
    folder.joinpath(f"{name}.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", "utf-8")
    if reader.encoder is not None:
        export(reader.encoder, folder / f"{name}.onnx")
    return Network(network.weights, network.spellings, config)


def _counted(examples: Sequence[Example], chosen: Sequence[Sequence[Span]]) -> Score:
    right = wrong = missed = 0
    for each, names in zip(examples, chosen, strict=True):
        verdicts = [is_right(each, span) for span in names]
        hits = verdicts.count(True)
        right, wrong = right + hits, wrong + verdicts.count(False)
        missed += sum(not mention.get("optional") for mention in each.mentions) - hits
    return Score(right, wrong, missed)
