"""How far the readers of benchmarks/annotations agree with the earlier ones.

python benchmarks/agreement.py TRAIN.jsonl

160 papers of TRAIN were hidden among those that the new readers annotated. Their annotation is scored as if it were
an extraction: names that either side calls optional count neither way.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from kg.learn.annotated import read
from kg.learn.evaluate import evaluate
from kg.learn.standoff import attached

HIDDEN = Path(__file__).with_name("annotations") / "agreement.jsonl"


def predicted(row: dict[str, Any]) -> dict[str, Any]:
    claims = [
        {"predicate": predicate, "type": entity["type"], "label": entity["canonical"], "aliases": entity["aliases"]}
        for entity in row["entities"]
        for predicate in entity["relations"]
    ]
    mentions = [mention for mention in row["mentions"] if not mention.get("optional")]
    return {"title": row["title"], "mentions": mentions, "claims": claims}


def main(train: str) -> None:
    papers = {row["id"]: row for row in read(Path(train))}
    hidden = {row["id"]: row for row in read(HIDDEN)}
    again = [row for key, apart in hidden.items() if (row := attached(apart, papers[key])) is not None]
    with tempfile.TemporaryDirectory() as folder:
        gold = Path(folder, "gold.jsonl")
        gold.write_text("".join(json.dumps(papers[row["id"]]) + "\n" for row in again), "utf-8")
        scores = evaluate(gold, map(predicted, again))
    print(f"{len(again)} papers")
    for measure in ("mentions", "entities", "claims"):
        for group, score in sorted(getattr(scores, measure).items(), key=lambda item: item[0] == "all"):
            print(f"{measure:9} {group:13} P {score.precision:5.1f}  R {score.recall:5.1f}  F1 {score.f1:5.1f}")


if __name__ == "__main__":
    main(sys.argv[1])
