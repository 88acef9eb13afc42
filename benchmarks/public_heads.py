"""Whether public corpora help as extra tasks: each with an output layer and a chain of its own over a shared trunk.

    python benchmarks/public_heads.py TRAIN.jsonl DEV.jsonl PUBLIC all|none|CORPUS [EPOCHS]

PUBLIC is the folder of the corpora whose licences allow it: TDMSci, SciREX (titles and abstracts) and SemEval 2018 task
7 (one kind of name). The trunk and our own layers begin with the same weights with and without them ("none"), and
learn from the same papers, so what differs is the corpora. A text that is among the papers of dev or aside is left
out. F1 of the network alone, from probability 0.4 on, on papers kept aside and on dev, after each epoch.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from learning import Part, default, learn, papers

from kg.extract.decode import TAGS
from kg.extract.tokens import compact
from kg.learn.annotated import mentions_of
from kg.learn.examples import Example, example, is_aside, spellings_of
from kg.learn.network import Tagger

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The file of each corpus, how many of its texts are in a batch, and in the place of which of our tags its own stand:
#: its layers are its own, so that these are but numbers.
CORPORA: Mapping[str, tuple[str, int, Mapping[str, str]]] = {
    "tdmsci": ("train.jsonl.gz", 72, {"TASK": "Task", "DATASET": "Dataset", "METRIC": "Metric"}),
    "scirex": (
        "train_title_abstract.jsonl.gz",
        12,
        {"Method": "Method", "Task": "Task", "Metric": "Metric", "Material": "Dataset"},
    ),
    "semeval2018t7_1.1": ("train.jsonl.gz", 12, {"Entity": "Method"}),
}
#: What begins a text of SciREX.
DOCUMENT = "document : "
#: The spaces that tokenisation brought into SciREX.
SPACES = re.compile(r"(?<=\w) (?=[-/] \w)|(?<=\w [-/]) (?=\w)| (?=[.,;:?!)\]%])|(?<=[(\[]) ")


def joined(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """A tokenised text as running text.

    >>> joined("V - Net ( CNN )", [{"start": 10, "end": 13}])
    ('V-Net (CNN)', [{'start': 7, 'end': 10}])
    """
    gone = [0] * len(text)
    for match in SPACES.finditer(text):
        gone[match.start()] = 1
    before = [0, *accumulate(gone)]
    moved = [each | {key: each[key] - before[each[key]] for key in ("start", "end")} for each in entities]
    return "".join(char for char, out in zip(text, gone, strict=True) if not out), moved


def annotated(row: dict[str, Any], corpus: str) -> dict[str, Any]:
    """A text as an annotated paper, a title that it begins with apart."""
    text, entities, title = row["text"], row["entities"], row["title"] or ""
    if corpus == "scirex":
        cut = len(DOCUMENT) if text.startswith(DOCUMENT) else 0
        shifted = [each | {key: each[key] - cut for key in ("start", "end")} for each in entities]
        text, entities = joined(text[cut:], shifted)
        title, _ = joined(title, [])
    split = len(title) if text.startswith(title) else 0
    _, _, labels = CORPORA[corpus]
    mentions = [
        {
            "field": "title" if entity["end"] <= split else "abstract",
            "start": entity["start"] - (0 if entity["end"] <= split else split),
            "end": entity["end"] - (0 if entity["end"] <= split else split),
            "type": labels[entity["label"]],
        }
        for entity in entities
    ]
    return {"title": text[:split], "abstract": text[split:], "mentions": mentions, "name": title}


def read(folder: Path, corpus: str, barred: list[dict[str, Any]]) -> list[Example]:
    """The texts of a corpus, but those that are among some papers."""
    file, _, _ = CORPORA[corpus]
    titles = {compact(row["title"]) for row in barred}
    texts = "\n".join(compact(row["abstract"]) for row in barred)
    with gzip.open(folder / corpus / file, "rt", encoding="utf-8") as lines:
        rows = [annotated(json.loads(line), corpus) for line in lines]
    new = [row for row in rows if compact(row["name"]) not in titles and compact(row["abstract"])[:-1] not in texts]
    found = [example(row) for row in new]
    names = sum(len(each.mentions) for each in found)
    seen = sum(TAGS[tag][0] in "BS" for each in found for tag in each.may.argmax(1).tolist())
    print(f"{corpus}: {len(new)} texts, {len(rows) - len(new)} left out; {seen} of {names} names learnt", flush=True)
    return found


def beside(tagger: Tagger, dimensions: int, spellings: int) -> Tagger:
    """A tagger that shares all layers but the last, and has a chain of its own."""
    other = Tagger(tagger.config, dimensions, spellings)
    for name, layer in tagger.named_children():
        if name not in {"leave", "chain"}:
            setattr(other, name, layer)
    return other


def main(train: str, dev: str, folder: str, which: str, epochs: str = "6") -> None:
    config = default() | {"epochs": int(epochs)}
    mine, aside = papers(Path(train), config)
    tests = mentions_of(Path(dev))
    kept = [example(row) for row in tests]
    barred = [*tests, *(row for row in mentions_of(Path(train)) if is_aside(row, config["aside"]))]
    spellings = {each: number for number, each in enumerate(spellings_of(mine, config["spellings"]), start=1)}
    dimensions = mine[0].vectors.shape[1]
    torch.manual_seed(config["seed"])
    tagger = Tagger(config, dimensions, len(spellings))
    parts = [Part(tagger, mine, config["batch"])]
    for corpus in [name for name in CORPORA if which in {"all", name}]:
        texts = read(Path(folder), corpus, barred)
        parts.append(Part(beside(tagger, dimensions, len(spellings)), texts, CORPORA[corpus][1]))
    for epoch, reader in enumerate(learn(parts, spellings), start=1):
        print(f"epoch {epoch}: aside F1 {reader.score(aside).f1:.2f}  dev F1 {reader.score(kept).f1:.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
