"""What the pages quote from what a build kept is what the store says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from kg import pipeline
from kg.queries.sayings import said_of
from kg.report import cache, neighbours
from kg.serve.sayings import said
from kg.store import Graph, open_graph

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    place = tmp_path_factory.mktemp("sayings") / "papers.kg"
    pipeline.build([EXAMPLES / "paper-group-nanr-96.txt", EXAMPLES / "papers.jsonl"], str(place))
    return open_graph(str(place))


def test_every_saying_of_every_entity_is_that_of_the_store(graph: Graph) -> None:
    matrices = cache.load(graph)
    assert cache.bodies(graph) is not None
    several = 0
    for at, iri in enumerate(matrices.entities):
        papers = neighbours.papers_with(matrices, [at], None).tolist()
        found = said(graph, papers, [iri])
        assert found == said_of(graph, [matrices.papers[paper] for paper in papers], [iri]), iri
        several += sum(map(len, found.values()))
    assert several > 100


def test_the_store_is_asked_where_what_was_kept_is_gone(graph: Graph) -> None:
    matrices = cache.load(graph)
    at = next(at for at, label in enumerate(matrices.labels) if label == "CIFAR-10")
    papers = neighbours.papers_with(matrices, [at], None).tolist()
    before = said(graph, papers, [matrices.entities[at]])
    assert graph.directory is not None
    kept = graph.directory / "cache" / "blocks"
    kept.rename(kept.with_name("away"))
    try:
        assert said(graph, papers, [matrices.entities[at]]) == before != {}
    finally:
        kept.with_name("away").rename(kept)
