"""Large pictures: lines, places and the page, on papers done by hand (tests/data/report.ttl) and on random graphs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import sparse

from kg.cli import cli
from kg.errors import QueryError
from kg.render import network, overview, overview_html
from kg.render.association import FEW, strongest, ties
from kg.render.forces import positions
from kg.render.lines import communities
from kg.store import Graph, from_lines, open_graph

GRAPH = Path(__file__).parent / "data" / "report.ttl"
GROUPS, MEMBERS = 6, 60
HOSTILE = "</script><script>window.hacked = 1</script>"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return open_graph(GRAPH)


def block(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def clustered() -> tuple[Any, Any, Any, Any]:
    """Six groups with many lines within, few between, and two nodes that nothing ties."""
    rng = np.random.default_rng(7)
    within = [rng.integers(0, MEMBERS, (4 * MEMBERS, 2)) + group * MEMBERS for group in range(GROUPS)]
    ends = np.concatenate([*within, rng.integers(0, GROUPS * MEMBERS, (40, 2))])
    ends = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    groups = np.repeat(np.arange(GROUPS), MEMBERS)
    radii = 1.5 + rng.random(GROUPS * MEMBERS + 2) * 3
    radii[::MEMBERS] = 18
    return ends, np.ones(len(ends)), np.concatenate([groups, [GROUPS, GROUPS + 1]]), radii


def test_places_are_finite_and_the_same_again() -> None:
    given = clustered()
    places = positions(*given)
    assert places.shape == (GROUPS * MEMBERS + 2, 2)
    assert np.isfinite(places).all()
    assert (positions(*given) == places).all()


def test_a_community_is_nearer_than_strangers() -> None:
    ends, weights, groups, radii = clustered()
    places = positions(ends, weights, groups, radii)[:-2]
    far = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    same = groups[:-2][:, None] == groups[:-2][None]
    assert far[same].mean() < 0.5 * far[~same].mean()


def test_the_largest_do_not_overlap() -> None:
    ends, weights, groups, radii = clustered()
    places = positions(ends, weights, groups, radii)
    large = np.flatnonzero(radii == 18)
    far = np.hypot(*(places[large][:, None] - places[None]).transpose(2, 0, 1)) - radii[large][:, None] - radii[None]
    far[np.arange(large.size), large] = 1
    assert far.min() > -1


def test_lines_without_nodes_or_nodes_without_lines() -> None:
    none = np.zeros((0, 2), dtype=np.int64)
    assert positions(none, np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0)).shape == (0, 2)
    places = positions(none, np.zeros(0), np.arange(9), np.ones(9))
    assert np.isfinite(places).all()
    assert len(np.unique(places.round(3), axis=0)) == 9


def test_each_entity_keeps_its_strongest_lines() -> None:
    rng = np.random.default_rng(3)
    named = sparse.csr_array((rng.random((400, 30)) < 0.2).astype(np.int32))
    margins = np.asarray(named.sum(axis=0), dtype=np.int64)
    found = ties(named, margins, 400, "cosine", None)
    assert (found.a < found.b).all()
    both = named.T @ named
    assert found.papers.tolist() == [int(both[int(a), int(b)]) for a, b in zip(found.a, found.b, strict=True)]
    assert np.allclose(found.value, found.papers / np.sqrt(margins[found.a] * margins[found.b]))
    kept = strongest(found, 30)
    assert kept.a.size <= FEW * 30
    assert set(kept.a.tolist()) | set(kept.b.tolist()) == set(range(30))


def test_significant_lines_go_before_stronger_ones() -> None:
    rows = [[0, 1]] * 12 + [[0, 2]] * 2 + [[3]] * 40 + [[2]] * 3
    named = sparse.lil_array((len(rows), 4), dtype=np.int32)
    for at, row in enumerate(rows):
        named[at, row] = 1
    matrix = sparse.csr_array(named)
    found = ties(matrix, np.asarray(matrix.sum(axis=0), dtype=np.int64), len(rows), "papers", None)
    assert dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), found.significant.tolist(), strict=True)) == {
        (0, 1): True,
        (0, 2): False,
    }


def test_what_is_drawn(graph: Graph) -> None:
    drawn = overview(graph)
    labels = [drawn.matrices.labels[place] for place in drawn.entities.tolist()]
    assert sorted(labels[:2]) == ["CIFAR-10", "ResNet"]
    assert (len(labels), drawn.of, drawn.counted) == (9, 9, 5)
    assert len(overview(graph, top=3).entities) == 3


def test_papers_are_chosen(graph: Graph) -> None:
    assert overview(graph, years=(2020, None)).counted < 5
    assert overview(graph, task="image classification").counted == 1
    with pytest.raises(QueryError, match="left no paper"):
        overview(graph, years=(1900, 1901))


def test_around_a_focus(graph: Graph) -> None:
    drawn = overview(graph, focus="mixmatch", depth=1)
    labels = [drawn.matrices.labels[place] for place in drawn.entities.tolist()]
    assert drawn.focus is not None
    assert labels[drawn.focus] == "MixMatch"
    assert 1 < len(labels) < 9
    assert len(overview(graph, focus="mixmatch", depth=5).entities) >= len(labels)


def test_only_lines_between_kinds(graph: Graph) -> None:
    drawn = overview(graph, kinds=("Dataset", "Method"), bipartite=True)
    kinds = drawn.matrices.kinds[drawn.entities]
    assert drawn.ties.a.size
    assert (kinds[drawn.ties.a] != kinds[drawn.ties.b]).all()


def test_the_page(graph: Graph) -> None:
    page = overview_html(graph, overview(graph))
    assert page == overview_html(graph, overview(graph))
    drawn, told = block(page, "drawn"), block(page, "told")
    at = drawn["labels"].index("CIFAR-10")
    assert told["aliases"][at] == ["CIFAR10"]
    assert drawn["papers"][at] == sum(told["years"][at][1:]) == 3
    bits, paper, text, start, end = told["quotes"][at][0]
    assert text[start:end].replace("-", "") == "CIFAR10"
    assert told["papers"][paper][0]
    assert told["predicates"][bits.bit_length() - 1] == "evaluatesOn"
    assert all(len(column) == 9 for column in (drawn["x"], drawn["y"], drawn["radii"], told["years"], told["links"]))
    assert not block(overview_html(graph, overview(graph), quoted=0), "told")["quotes"]


def test_an_empty_graph_is_drawn() -> None:
    empty = from_lines([])
    assert block(overview_html(empty, overview(empty)), "drawn")["labels"] == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--focus", "no such thing"), "is called"),
        (("--task", "no such thing"), "is called"),
        (("--years", "1900"), "left no paper"),
        (("--years", "20x"), "is not of the form"),
        (("--bipartite", "dataset"), "is not two kinds"),
        (("--bipartite", "dataset,method", "--kind", "task"), "exclude each other"),
        (("--measure", "luck"), "is not one of"),
    ],
)
def test_bad_input_gets_one_clear_line(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(
        cli, ["render", str(GRAPH), "-o", str(tmp_path / "x.html"), "--engine", "sigma", *options]
    )
    assert result.exit_code in {1, 2}
    assert words in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("options", "engine"),
    [((), "vis-network"), (("--top", "501"), "graphology"), (("--measure", "npmi"), "vis-network")],
)
def test_the_engine_goes_by_size(tmp_path: Path, options: tuple[str, ...], engine: str) -> None:
    result = CliRunner().invoke(cli, ["render", str(GRAPH), "-o", str(tmp_path / "x.html"), *options])
    assert result.exit_code == 0, result.output
    assert "9 of 9 entities that 5 papers assert drawn" in result.output
    assert engine in (tmp_path / "x.html").read_text("utf-8")


def test_a_small_picture_around_a_focus_goes_along_the_same_lines(graph: Graph) -> None:
    for depth in (1, 2):
        large = overview(graph, focus="MixMatch", depth=depth, measure="npmi")
        small = network(graph, focus="MixMatch", depth=depth, measure="npmi")
        names = [large.matrices.entities[place] for place in large.entities.tolist()]
        assert sorted(node.id for node in small.nodes) == sorted(names)
        ends = zip(large.ties.a.tolist(), large.ties.b.tolist(), strict=True)
        assert {frozenset((edge.a, edge.b)) for edge in small.edges} == {
            frozenset((names[a], names[b])) for a, b in ends
        }
    assert len(network(graph, focus="MixMatch", depth=1, measure="npmi").nodes) < len(small.nodes)


def test_communities_of_a_small_picture_are_named_by_those_in_most_papers() -> None:
    entities = ["a", "b", "c", "d", "e", "f"]
    tied = {("a", "b"): 3, ("b", "c"): 3, ("a", "c"): 3, ("d", "e"): 2, ("e", "f"): 2, ("a", "f"): 1}
    counts = {"a": 4, "b": 9, "c": 4, "d": 2, "e": 3, "f": 2}
    assert communities(entities, tied, counts) == [["b", "a", "c"], ["e", "d", "f"]]
    assert communities(entities, {}, counts) == []
