"""spaCy's own CNN with its transition-based `ner`, trained on the same papers as our network.

    python benchmarks/spacy_ner.py TRAIN.jsonl DEV.jsonl vectors|none|FLORET.bin [EPOCHS]

`spacy.HashEmbedCNN.v2`, 96 wide and 4 deep, over our units, with our shipped word vectors as its static vectors, with
those of a floret model (hashed subwords; `benchmarks/floret_vectors.py` trains one), or without; dropout, batches and
Adam as spaCy's defaults, weights averaged. A name that annotators call optional is left open, as for our network.
Strict mention F1 on papers kept aside and on dev as `kg evaluate` counts it, each epoch.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from learning import default
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from spacy.util import filter_spans
from spacy.vectors import Vectors
from thinc.api import compounding, fix_random_seed

from kg.extract.network import vectors
from kg.extract.tokens import tokenizer
from kg.learn.annotated import mentions_of
from kg.learn.evaluate import evaluate
from kg.learn.examples import is_aside
from kg.model import FIELDS, KINDS

Rows = list[dict[str, Any]]
DROPOUT = 0.1


def gold(nlp: Any, row: dict[str, Any], field: str) -> Any:
    """A title or abstract with its names."""
    predicted, doc = nlp.make_doc(row[field]), nlp.make_doc(row[field])
    spans: dict[bool, list[Any]] = {True: [], False: []}
    for mention in row["mentions"]:
        span = doc.char_span(mention["start"], mention["end"], mention["type"]) if mention["field"] == field else None
        if span is not None:
            spans[bool(mention.get("optional"))].append(span)
    names = filter_spans(spans[False])
    taken = {token.i for span in names for token in span}
    left = [span for span in filter_spans(spans[True]) if taken.isdisjoint(range(span.start, span.end))]
    doc.set_ents(names, missing=left)
    return Example(predicted, doc)


def give_vectors(nlp: Any, rows: Rows, which: str) -> None:
    """A vector for each word of some papers: ours, found as our network finds it, or that of a floret model."""
    words = sorted({token.text for row in rows for field in FIELDS for token in nlp.make_doc(row[field])})
    if which == "vectors":
        found = vectors().of(words)
    else:
        import floret  # noqa: PLC0415 - only where asked for

        model = floret.load_model(which)
        found = np.stack([model.get_word_vector(word.lower()) for word in words])
    nlp.vocab.vectors = Vectors(data=np.ascontiguousarray(found), keys=words, strings=nlp.vocab.strings)


def score(nlp: Any, path: Path) -> float:
    rows = mentions_of(path)
    docs = nlp.pipe(nlp.make_doc(row[field]) for row in rows for field in FIELDS)
    found = [dict(zip(FIELDS, pair, strict=True)) for pair in zip(docs, docs, strict=True)]
    records = [
        {
            "title": row["title"],
            "mentions": [
                {"field": field, "start": name.start_char, "end": name.end_char, "type": name.label_}
                for field, doc in read.items()
                for name in doc.ents
            ],
            "claims": [],
        }
        for row, read in zip(rows, found, strict=True)
    ]
    return evaluate(path, records).mentions["all"].f1


def main(train: str, dev: str, which: str, epochs: str = "20") -> None:
    fix_random_seed(1)
    config = default()
    rows, tests = mentions_of(Path(train)), mentions_of(Path(dev))
    mine = [row for row in rows if not is_aside(row, config["aside"])]
    aside = Path(tempfile.mkdtemp()) / "aside.jsonl"
    aside.write_text("".join(json.dumps(row) + "\n" for row in rows if is_aside(row, config["aside"])), "utf-8")
    nlp = spacy.blank("en")
    nlp.tokenizer = tokenizer(nlp.vocab)
    if which != "none":
        give_vectors(nlp, [*rows, *tests], which)
    model = {"@architectures": "spacy.HashEmbedCNN.v2", "width": 96, "depth": 4, "embed_size": 2000, "window_size": 1,
        "maxout_pieces": 3, "subword_features": True, "pretrained_vectors": which != "none" or None}  # fmt: skip
    ner: Any = nlp.add_pipe("ner", config={"model": {"tok2vec": model}})
    for kind in KINDS:
        ner.add_label(kind)
    examples = [gold(nlp, row, field) for row in mine for field in FIELDS]
    print(f"{len(mine)} papers, {which}", flush=True)
    nlp.config["training"]["optimizer"]["use_averages"] = True
    optimizer = nlp.initialize(lambda: examples)
    sizes: Any = compounding(100, 1000, 1.001)
    for epoch in range(1, int(epochs) + 1):
        losses: dict[str, float] = {}
        order = random.Random(f"{config['seed']} {epoch}").sample(examples, len(examples))
        for batch in minibatch_by_words(order, sizes, 0.2):
            nlp.update(batch, drop=DROPOUT, sgd=optimizer, losses=losses)
        with nlp.use_params(optimizer.averages):
            on_aside, on_dev = score(nlp, aside), score(nlp, Path(dev))
        print(f"epoch {epoch}: loss {losses['ner']:.0f}  aside F1 {on_aside:.2f}  dev F1 {on_dev:.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
