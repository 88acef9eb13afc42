"""How well the default network reads SciER (Zhang et al., EMNLP 2024) when it is trained on it, for the record.

    python benchmarks/scier.py TRAIN.jsonl.gz DEV.jsonl.gz [EPOCHS]

Full texts with methods, tasks and datasets, cut into passages of up to 300 units after a full stop; strict F1 of spans
with their kinds on the dev split, after each epoch. SciER is under the GPL: the model is written to a temporary folder
and is not shipped, and nothing that is shipped has seen the corpus.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from learning import Part, default, learn

from kg.extract.evidence import Weighed, weigh
from kg.extract.features import units
from kg.learn.calibration import is_right
from kg.learn.examples import Example, example, spellings_of
from kg.learn.network import Tagger
from kg.learn.scores import Score, total
from kg.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.learn.train import Reader

LONGEST, LEAST = 300, 0.4


def passages(path: Path) -> Iterator[dict[str, Any]]:
    """The passages of a corpus as annotated abstracts."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            found = units([Text("", "abstract", "", paper["text"])])
            begin = 0
            while begin < len(found):
                part = found[begin : begin + LONGEST]
                stops = [i for i, unit in enumerate(part, start=1) if unit.surface == "."]
                begin += stops[-1] if stops else len(part)
                first, last = part[0].start, found[begin - 1].end
                yield {
                    "title": "",
                    "abstract": paper["text"][first:last],
                    "mentions": [
                        {"field": "abstract", "start": m["start"] - first, "end": m["end"] - first, "type": m["label"]}
                        for m in paper["entities"]
                        if first <= m["start"] < last
                    ],
                }


def scores(reader: Reader, examples: list[Example]) -> Mapping[str, Score]:
    """The strict scores by kind."""

    def counts() -> Iterator[tuple[str, Score]]:
        for each in examples:
            sure = weigh((Weighed(span, span.probability, ()) for span in reader.spans(each)), LEAST)
            for kind in ("Method", "Dataset", "Task"):
                hits = [bool(is_right(each, found.span)) for found in sure if found.span.kind == kind]
                wanted = sum(mention["type"] == kind for mention in each.mentions)
                yield kind, Score(sum(hits), len(hits) - sum(hits), wanted - sum(hits))

    return total(counts())


def main(train: str, dev: str, epochs: str = "6") -> None:
    config = default() | {"epochs": int(epochs)}
    mine, kept = ([example(row) for row in passages(Path(path))] for path in (train, dev))
    spellings = {each: number for number, each in enumerate(spellings_of(mine, config["spellings"]), start=1)}
    print(f"{len(mine)} passages to train on, {len(kept)} of dev", flush=True)
    torch.manual_seed(config["seed"])
    tagger = Tagger(config, mine[0].vectors.shape[1], len(spellings))
    for epoch, reader in enumerate(learn([Part(tagger, mine, config["batch"])], spellings), start=1):
        print(f"epoch {epoch}: dev F1 {reader.score(kept, LEAST).f1:.2f}", flush=True)
    for kind, score in scores(reader, kept).items():
        print(f"  {kind:8} P {score.precision:6.2f}  R {score.recall:6.2f}  F1 {score.f1:6.2f}  of {score.gold}")
    folder = Path(tempfile.mkdtemp(prefix="scier-"))
    np.savez_compressed(folder / "scier.npz", allow_pickle=False, **reader.network.weights)
    print(f"weights in {folder}, not to be shipped")


if __name__ == "__main__":
    main(*sys.argv[1:])
