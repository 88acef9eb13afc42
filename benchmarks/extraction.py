"""What each part of the extraction brings, and how fast it is.

    python benchmarks/extraction.py ANNOTATED.jsonl…

Prints strict mention scores (precision, recall, F1) with all parts and without each of them, and abstracts per second.
"""

import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import kg.extract
from kg.extract import choose
from kg.learn.annotated import read
from kg.learn.evaluate import evaluate
from kg.model import Paper, Source

SOURCE = Source(sha256="0" * 64, format="jsonl")


def predictions(path: Path) -> list[dict[str, Any]]:
    papers = [
        Paper(id=f"key:{i}", title=row["title"], abstract=row["abstract"], source=SOURCE)
        for i, row in enumerate(read(path))
    ]
    return [
        {
            "title": paper.title,
            "mentions": [
                {"field": m.text.field, "start": m.start, "end": m.end, "type": m.kind}
                for m in kg.extract.mentions(paper)
            ],
            "claims": [],
        }
        for paper in papers
    ]


def row(path: Path) -> str:
    scores = evaluate(path, predictions(path)).mentions
    return "  ".join(f"{kind} {scores[kind].f1:5.2f}" for kind in ("all", "Method", "Dataset", "Task", "Metric"))


def main() -> None:
    for path in map(Path, sys.argv[1:]):
        print(path.parent.name, path.name)
        print(f"  {'all parts':24} {row(path)}")
        for part in kg.extract.PARTS:
            others = tuple(other for other in kg.extract.PARTS if other is not part)
            with patch.object(kg.extract, "PARTS", others):
                print(f"  without {part.__name__:16} {row(path)}")
        with patch.object(choose, "acronyms", lambda _: iter(())):
            print(f"  without {'acronyms':16} {row(path)}")
        start = time.perf_counter()
        count = len(predictions(path))
        print(f"  {count / (time.perf_counter() - start):.0f} abstracts a second on one core")


if __name__ == "__main__":
    main()
