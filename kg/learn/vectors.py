"""Makes the word vectors out of unlabelled papers.

Run as `python -m kg.learn.vectors --exclude IDS.txt CORPUS.jsonl.gz… FOLDER`. Needs the extra `train`.

Two halves, each the truncated singular value decomposition of a matrix of positive pointwise mutual information
(Levy, Goldberg and Dagan, "Improving distributional similarity with lessons learned from word embeddings", TACL 2015;
context distribution smoothed by 0.75, singular values to the power of a half, randomised algorithm of Halko,
Martinsson and Tropp, SIAM Review 2011): one of words within five of each other, which tells the topic, and one of
words within two, left and right apart, which tells the part that a word plays. Unlike stochastic training, the same
papers give the same vectors.
"""

from __future__ import annotations

import gzip
import json
import sys
from array import array
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from kg.extract.tokens import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["main", "make", "texts"]

WORDS: Final = 60_000
_CONTEXTS, _LEAST_SEEN, _GAP = 20_000, 4, 6
_WIDE: Final = tuple((side * distance, (6 - distance) / 5) for distance in range(1, 6) for side in (1, -1))
_LEFT: Final = ((-1, 1.0), (-2, 0.5))
_RIGHT: Final = ((1, 1.0), (2, 0.5))
_HALF, _MORE, _ROUNDS, _SMOOTH = 96, 20, 3, 0.75
_CHUNK = 5_000_000


def texts(paths: Iterable[Path], excluded: frozenset[str]) -> Iterator[list[str]]:
    """The lower-case units of each title with its abstract, each abstract once."""
    seen: set[str] = set()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                paper = json.loads(line)
                title, abstract = (paper.get("title") or "").strip(), paper.get("abstract") or ""
                if not abstract or paper.get("id") in excluded or title.casefold() in excluded or abstract in seen:
                    continue
                seen.add(abstract)
                yield [unit.text.lower() for part in (title, abstract) for unit in cut(part) if not unit.is_space]


def make(corpus: Iterable[Sequence[str]]) -> tuple[list[str], Floats]:
    """The most frequent words of a corpus and their vectors (words x dimensions), of length one on average."""
    numbers: dict[str, int] = {}
    counts: Counter[int] = Counter()
    stream = array("i")
    for text in corpus:
        found = [numbers.setdefault(word, len(numbers)) for word in text]
        counts.update(found)
        stream.extend(found)
        stream.extend([-1] * _GAP)
    kept = sorted((-count, number) for number, count in counts.items() if count >= _LEAST_SEEN)[:WORDS]
    rank = np.full(len(numbers) + 1, -1, np.int32)
    rank[[number for _, number in kept]] = np.arange(len(kept), dtype=np.int32)
    ids = rank[np.frombuffer(stream, dtype=np.int32)]
    names = list(numbers)
    words = [names[number] for _, number in kept]
    wide = _decomposed(_information(_pairs(ids, _WIDE, len(words))))
    near = [_information(_pairs(ids, offsets, len(words))) for offsets in (_LEFT, _RIGHT)]
    halves = [wide, _decomposed(sparse.hstack(near).tocsr())]
    whole = np.concatenate([half / np.linalg.norm(half, axis=1).mean() for half in halves], axis=1)
    vectors: Floats = (whole / np.linalg.norm(whole, axis=1).mean()).astype(np.float32)
    return words, vectors


def _pairs(ids: NDArray[np.int32], offsets: Sequence[tuple[int, float]], words: int) -> Any:
    """How often each word (row) has each context word (column) at the offsets, by their weights."""
    total = sparse.csr_matrix((words, _CONTEXTS), dtype=np.float32)
    for begin in range(0, len(ids), _CHUNK):
        part = ids[begin : begin + _CHUNK]
        rows, columns, weights = [], [], []
        for offset, weight in offsets:
            word, context = (part[:-offset], part[offset:]) if offset > 0 else (part[-offset:], part[:offset])
            good = (word >= 0) & (context >= 0) & (context < _CONTEXTS)
            rows.append(word[good])
            columns.append(context[good])
            weights.append(np.full(int(good.sum()), weight, np.float32))
        cells = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
        total = total + sparse.coo_matrix(cells, shape=total.shape).tocsr()
    return total


def _information(counts: Any) -> Any:
    """The positive pointwise mutual information of a matrix of counts."""
    rows = np.maximum(np.asarray(counts.sum(1)).ravel(), 1e-9)
    columns = np.asarray(counts.sum(0)).ravel() ** _SMOOTH
    columns = np.maximum(columns / columns.sum(), 1e-12)
    cells = counts.tocoo()
    values = np.log(cells.data / (rows[cells.row] * columns[cells.col]))
    good = values > 0
    return sparse.csr_matrix((values[good].astype(np.float32), (cells.row[good], cells.col[good])), shape=cells.shape)


def _decomposed(matrix: Any) -> Floats:
    """The first left singular vectors of a matrix, times the roots of the singular values."""
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], _HALF + _MORE)).astype(np.float32)
    reached = matrix @ start
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(reached)[0]
        reached = matrix @ np.linalg.qr(matrix.T @ basis)[0]
    basis = np.linalg.qr(reached)[0]
    left, singular, _ = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    found: Floats = (basis @ left)[:, :_HALF] * np.sqrt(singular[:_HALF])
    return found


def main(arguments: Sequence[str]) -> None:
    """Write `words.txt` and `vectors.npz` into a folder."""
    excluded: frozenset[str] = frozenset()
    paths = list(arguments)
    if paths[0] == "--exclude":
        excluded = frozenset(line.strip() for line in Path(paths[1]).read_text("utf-8").splitlines())
        paths = paths[2:]
    words, vectors = make(texts(map(Path, paths[:-1]), excluded))
    vectors = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors])
    scales = np.maximum(np.abs(vectors).max(axis=1) / 127, 1e-9).astype(np.float32)
    folder = Path(paths[-1])
    folder.joinpath("words.txt").write_text("\n".join(words), "utf-8")
    np.savez_compressed(
        folder / "vectors.npz", values=np.round(vectors / scales[:, None]).astype(np.int8), scales=scales
    )


if __name__ == "__main__":
    main(sys.argv[1:])
