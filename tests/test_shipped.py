"""The shipped models read abstracts of our own writing exactly as they did when they were shipped.

A change of model, features or decoding shows here. Where it is meant, put in the new numbers and say why.
"""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec

import pytest

from kg.extract import MODELS, mentions
from tests.marked import abstracts
from tests.papers import paper

#: (right, wrong, missed) of each kind.
EXPECTED: dict[str, dict[str, tuple[int, int, int]]] = {
    "default": {"Dataset": (14, 0, 2), "Method": (49, 9, 7), "Metric": (10, 0, 3), "Task": (16, 7, 2)},
    "accurate": {"Dataset": (14, 0, 2), "Method": (50, 5, 6), "Metric": (9, 0, 4), "Task": (16, 4, 2)},
}


def counts(model: str) -> dict[str, tuple[int, int, int]]:
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for row in abstracts():
        want = {(m["field"], m["start"], m["end"], m["type"]) for m in row["mentions"]}
        found = mentions(paper(row["title"], row["abstract"]), model)
        have = {(m.text.field, m.start, m.end, m.kind) for m in found}
        right.update(kind for *_, kind in want & have)
        wrong.update(kind for *_, kind in have - want)
        missed.update(kind for *_, kind in want - have)
    return {kind: (right[kind], wrong[kind], missed[kind]) for kind in sorted(right | wrong | missed)}


@pytest.mark.parametrize("model", MODELS)
def test_a_shipped_model_reads_as_it_did(model: str) -> None:
    if model == "accurate" and not find_spec("onnxruntime"):
        pytest.skip("the extra accurate is not installed")
    assert counts(model) == EXPECTED[model]
