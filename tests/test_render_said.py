"""What a picture quotes from what a build kept is what the store says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from kg import pipeline
from kg.render import html, network, overview, overview_html
from kg.report import cache
from kg.store import Graph, open_graph

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    place = tmp_path_factory.mktemp("said") / "papers.kg"
    pipeline.build([EXAMPLES / "paper-group-nanr-96.txt", EXAMPLES / "papers.jsonl"], str(place))
    return open_graph(str(place))


def test_pictures_are_the_same_where_what_was_kept_is_gone(graph: Graph) -> None:
    assert cache.bodies(graph) is not None
    small, large = network(graph), overview(graph)
    assert sum(len(node.statements) for node in small.nodes) > 100
    pages = html(small), overview_html(graph, large)
    assert graph.directory is not None
    kept = graph.directory / "cache" / "blocks"
    kept.rename(kept.with_name("away"))
    try:
        assert network(graph) == small
        assert (html(network(graph)), overview_html(graph, large)) == pages
    finally:
        kept.with_name("away").rename(kept)
