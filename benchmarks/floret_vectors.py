"""Word vectors with hashed subwords, out of the same unlabelled papers as ours, for `benchmarks/spacy_ner.py`.

    python benchmarks/floret_vectors.py EXCLUDED.txt CORPUS.jsonl.gz… FLORET.bin

floret (fastText with its words and subwords in one hash table): skip-gram, 128 dimensions, subwords of 3 to 6
characters, two hashes into 100,000 rows, one pass, one thread; some 25 minutes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import floret

from kg.learn.vectors import texts


def main(excluded: str, *paths: str) -> None:
    names = frozenset(line.strip() for line in Path(excluded).read_text("utf-8").splitlines())
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.writelines(" ".join(words) + "\n" for words in texts(map(Path, paths[:-1]), names))
        file.flush()
        model = floret.train_unsupervised(
            file.name, model="skipgram", mode="floret", hashCount=2, bucket=100_000, minn=3, maxn=6, dim=128, epoch=1,
            minCount=5, neg=5, ws=5, thread=1,
        )  # fmt: skip
    model.save_model(paths[-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
