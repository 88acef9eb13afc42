"""How well and how fast the shipped models find names.

    python benchmarks/extraction.py DEV.jsonl [CORPUS.jsonl.gz]

For each model: strict mention scores by kind with 95% bootstrap intervals (1,000 resamples of papers), the reliability
of its confidences, and with a corpus: abstracts a second, from file to mentions, of its first 5,000 on all processors,
beside spaCy's own tok2vec tagger of like size (untrained: its speed does not depend on its weights), in the same run.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import pipeline
from kg.extract import MODELS, mentions
from kg.learn.annotated import read
from kg.learn.calibration import reliability
from kg.learn.evaluate import evaluate
from kg.model import KINDS, Paper, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Kind, Mention

SOURCE = Source(sha256="0" * 64, format="jsonl")
SAMPLES, ABSTRACTS = 1000, 5000
EDGES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


def papers(path: Path) -> list[Paper]:
    return [
        Paper(id=f"key:{number}", title=row["title"], abstract=row["abstract"], source=SOURCE)
        for number, row in enumerate(read(path))
    ]


def place(mention: Mention) -> dict[str, Any]:
    return {"field": mention.text.field, "start": mention.start, "end": mention.end, "type": mention.kind}


def scores(path: Path, model: str) -> None:
    found = [mentions(paper, model) for paper in papers(path)]
    rows = list(read(path))
    counts = [{kind: counted(row, told, kind) for kind in KINDS} for row, told in zip(rows, found, strict=True)]
    records = [
        {"title": row["title"], "mentions": list(map(place, told)), "claims": []}
        for row, told in zip(rows, found, strict=True)
    ]
    strict = evaluate(path, records).mentions
    draws = random.Random(1)
    samples = [draws.choices(counts, k=len(counts)) for _ in range(SAMPLES)]
    groups: dict[str, tuple[Kind, ...]] = {"all": KINDS, **{kind: (kind,) for kind in KINDS}}
    for name, kinds in groups.items():
        spread = sorted(f1([sample[kind] for sample in drawn for kind in kinds]) for drawn in samples)
        low, high = spread[int(0.025 * SAMPLES)], spread[int(0.975 * SAMPLES)]
        score = strict[name]
        print(
            f"  {name:8} P {score.precision:6.2f}  R {score.recall:6.2f}  F1 {score.f1:6.2f}  [{low:.1f}, {high:.1f}]"
        )
    said = [verdict for row, told in zip(rows, found, strict=True) for verdict in verdicts(row, told)]
    print("  confidence, share that is right, how many")
    for mean, share, number in reliability(said, EDGES):
        print(f"    {mean:.2f}  {share:.2f}  {number}")


def keys(row: dict[str, Any], *, optional: bool) -> set[tuple[str, int, int, str]]:
    return {
        (m["field"], place["start"], place["end"], kind)
        for m in row["mentions"]
        if bool(m.get("optional")) == optional
        for place in (m, *(m.get("alt_spans", ()) if optional else ()))
        for kind in (m["type"], *(m.get("alt_types", ()) if optional else ()))
    }


def counted(row: dict[str, Any], told: list[Mention], kind: str) -> tuple[int, int, int]:
    want = {key for key in keys(row, optional=False) if key[3] == kind}
    have = {(m.text.field, m.start, m.end, m.kind) for m in told if m.kind == kind}
    return len(want & have), len(have - want - keys(row, optional=True)), len(want - have)


def verdicts(row: dict[str, Any], told: list[Mention]) -> Iterator[tuple[float, bool]]:
    want, neutral = keys(row, optional=False), keys(row, optional=True)
    for mention in told:
        key = (mention.text.field, mention.start, mention.end, mention.kind)
        if key in want or key not in neutral:
            yield mention.confidence, key in want


def f1(counts: list[tuple[int, int, int]]) -> float:
    right, wrong, missed = (sum(count[i] for count in counts) for i in range(3))
    return 200 * right / max(1, 2 * right + wrong + missed)


def speed(corpus: Path, model: str) -> float:
    """Abstracts a second from a file of the first of a corpus to mentions."""
    first = Path("out") / "speed.jsonl"
    first.parent.mkdir(exist_ok=True)
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        most = ABSTRACTS if model == MODELS[0] else ABSTRACTS // 10
        first.write_text("".join(islice(lines, most)), "utf-8")
    start = time.perf_counter()
    accepted = (paper for paper in pipeline.papers([first]) if isinstance(paper, Paper))
    count = sum(1 for _ in pipeline.named(accepted, model, os.cpu_count() or 1))
    return count / (time.perf_counter() - start)


def spacy_reads(texts: list[str]) -> int:
    import spacy  # noqa: PLC0415 - in the process that reads

    nlp = spacy.blank("en")
    ner: Any = nlp.add_pipe("ner", config={"model": {"tok2vec": {"@architectures": "spacy.HashEmbedCNN.v2",
        "width": 96, "depth": 4, "embed_size": 2000, "window_size": 1, "maxout_pieces": 3, "subword_features": True,
        "pretrained_vectors": None}}})  # fmt: skip
    for kind in KINDS:
        ner.add_label(kind)
    nlp.initialize()
    return sum(1 for _ in nlp.pipe(texts, batch_size=64))


def spacy_speed(corpus: Path) -> float:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        texts = [f"{row['title']}\n\n{row['abstract']}" for row in map(json.loads, islice(lines, ABSTRACTS // 5))]
    jobs = os.cpu_count() or 1
    start = time.perf_counter()
    with ProcessPoolExecutor(jobs) as pool:
        count = sum(pool.map(spacy_reads, [texts[i::jobs] for i in range(jobs)]))
    return count / (time.perf_counter() - start)


def main(dev: str, corpus: str | None = None) -> None:
    for model in MODELS if find_spec("onnxruntime") else MODELS[:1]:
        print(model)
        scores(Path(dev), model)
        if corpus:
            print(f"  {speed(Path(corpus), model):.0f} abstracts a second, on {os.cpu_count()} processors")
    if corpus:
        print(f"spaCy tok2vec 96x4 with its ner\n  {spacy_speed(Path(corpus)):.0f} abstracts a second, on the same")


if __name__ == "__main__":
    main(*sys.argv[1:])
