"""How many of the annotated results are found when the names are given.

    python benchmarks/results.py ANNOTATED.jsonl…

Prints precision, recall and F1 on metric and number, then how often dataset, method and baseline of what was found are
right, then the precision of each rule.
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from kg.claims.results import results
from kg.extract.texts import text_of
from kg.extract.tokens import compact
from kg.learn.annotated import read
from kg.model import FIELDS, Claim, Entity, Mention, Paper, Result, Source

SOURCE = Source(sha256="0" * 64, format="jsonl")
Names = list[tuple[Mention, Entity]]


def given(row: dict[str, Any], number: int) -> tuple[Paper, Names, list[Claim]]:
    paper = Paper(id=f"key:{number}", title=row["title"], abstract=row["abstract"], source=SOURCE)
    entities = {
        (e["canonical"], e["type"]): Entity(
            f"{e['type']}/{e['canonical']}", e["type"], e["canonical"], tuple(e.get("aliases", ()))
        )
        for e in row["entities"]
    }
    linked = []
    for m in row["mentions"]:
        entity = entities.get((m["canonical"], m["type"])) or Entity(
            f"{m['type']}/{m['canonical']}", m["type"], m["canonical"]
        )
        text = text_of(paper, m["field"])
        surface = text.text[m["start"] : m["end"]]
        linked.append((Mention(text, m["start"], m["end"], surface, m["type"], 1.0, "annotated"), entity))
    made = [entities[e["canonical"], e["type"]] for e in row["entities"] if "proposes" in e["relations"]]
    return paper, linked, [Claim(paper.id, "proposes", entity, 0.9, "annotated") for entity in made]


def same(name: str | None, entity: Entity | None) -> bool:
    return (name is None and entity is None) or (
        name is not None and entity is not None and compact(name) == compact(entity.label)
    )


def key(metric: str, value: object) -> tuple[str, float] | None:
    number = re.search(r"-?\d+(?:\.\d+)?", str(value).replace(",", ""))
    return (compact(metric), float(number[0])) if number else None


def compare(path: Path) -> None:
    counts: Counter[str] = Counter()
    rules: dict[float, Counter[bool]] = defaultdict(Counter)
    for number, row in enumerate(read(path)):
        paper, linked, claims = given(row, number)
        found = results(paper, [text_of(paper, field) for field in FIELDS], linked, claims)
        free = [r for r in row["results"] if r["metric"] and not r.get("optional") and key(r["metric"], r["value"])]
        for result in sorted(found, key=lambda result: -result.confidence):
            right = [r for r in free if key(r["metric"], r["value"]) == key(result.metric.label, result.value)]
            rules[result.confidence][bool(right)] += 1
            counts["found"] += 1
            if right:
                best = max(right, key=lambda r: agreement(r, result).total())
                free.remove(best)
                counts["right"] += 1
                counts += agreement(best, result)
        counts["missed"] += len(free)
    show(path, counts, rules)


def agreement(row: dict[str, Any], result: Result) -> Counter[str]:
    checks = {
        "dataset": same(row["dataset"], result.dataset),
        "method": same(row["method"], result.method),
        "baseline": bool(row["is_baseline"]) == result.baseline,
        "unit": row["unit"] == result.unit,
    }
    return Counter(name for name, right in checks.items() if right)


def show(path: Path, counts: Counter[str], rules: dict[float, Counter[bool]]) -> None:
    right = counts["right"]
    precision, recall = right / max(1, counts["found"]), right / max(1, right + counts["missed"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{path.name}: P {100 * precision:.2f}  R {100 * recall:.2f}  F1 {100 * f1:.2f}")
    print(
        "  of the right ones:",
        "  ".join(f"{x} {100 * counts[x] / max(1, right):.1f}" for x in ("dataset", "method", "baseline", "unit")),
    )
    for confidence in sorted(rules, reverse=True):
        said = rules[confidence]
        print(f"  confidence {confidence:.3f}: {said[True]} of {said.total()} right = {said[True] / said.total():.3f}")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compare(Path(argument))
