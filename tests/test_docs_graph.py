"""docs/graph.md shows what is there: its example is part of the graph of the example page."""

from __future__ import annotations

import re
from pathlib import Path

from kg.pipeline import build
from kg.store import open_graph
from kg.store.parsed import parsed

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "graph.md").read_text("utf-8")


def test_the_example_is_part_of_the_graph(tmp_path: Path) -> None:
    graph = tmp_path / "page.nt"
    build([ROOT / "examples" / "paper-group-nanr-96.txt"], str(graph))
    (example,) = re.findall(r"^```turtle\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    shown = set(parsed(example, format="turtle"))
    assert len(shown) > 20
    assert sorted(map(str, shown - set(parsed(graph.read_text("utf-8"), format="n-triples")))) == []
    (question,) = re.findall(r"^```sparql\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert open_graph(graph).select(question)
