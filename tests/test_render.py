"""The picture as data, on five papers done by hand (tests/data/report.ttl), and the page that is made of it."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, QueryError
from kg.model import PREDICATES
from kg.render import Edge, Network, Node, Paper, Shared, Statement, html, network, overview
from kg.render.layout import positions
from kg.render.page import _inlined
from kg.render.texts import LONGEST_LINE, LONGEST_QUOTE, clip, line, web_address
from kg.store import from_lines, open_graph
from tests import readings

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.store import Graph

BASE = "https://w3id.org/ml-kg/"
GRAPH = Path(__file__).parent / "data" / "report.ttl"
HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked=1">',
    "<!-- <script> -->",
    "\u2028\u2029\u202egnp.exe\x00",
    "'\";alert(1)//",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return open_graph(GRAPH)


@pytest.fixture(scope="module")
def whole(graph: Graph) -> Network:
    return network(graph)


def node(drawn: Network, label: str) -> Node:
    return next(one for one in drawn.nodes if one.label == label)


def ties(drawn: Network) -> set[tuple[str, str]]:
    labels = {one.id: one.label for one in drawn.nodes}
    return {tuple(sorted((labels[edge.a], labels[edge.b]))) for edge in drawn.edges}  # type: ignore[misc]


# The data.


def test_nodes_by_number_of_papers(whole: Network) -> None:
    assert [(one.label, one.kind, one.papers) for one in whole.nodes] == [
        ("CIFAR-10", "Dataset", 3),
        ("ResNet", "Method", 3),
        ("MixMatch", "Method", 2),
        ("accuracy", "Metric", 1),
        ("image classification", "Task", 1),
        ("ImageNet", "Dataset", 1),
        ("ReMixMatch", "Method", 1),
        ("semi-supervised learning", "Task", 1),
        ("SVHN", "Dataset", 1),
    ]
    assert (whole.papers, whole.entities, whole.left_out, whole.focus) == (5, 9, 0, None)
    assert node(whole, "SVHN").aliases == ("Street View House Numbers",)


def test_lines_run_from_what_a_paper_proposes_or_is_about(whole: Network) -> None:
    assert ties(whole) == {
        # Paper 1 proposes ReMixMatch; paper 2 proposes MixMatch.
        ("CIFAR-10", "ReMixMatch"),
        ("MixMatch", "ReMixMatch"),
        ("ReMixMatch", "accuracy"),
        ("ReMixMatch", "semi-supervised learning"),
        ("CIFAR-10", "MixMatch"),
        ("MixMatch", "SVHN"),
        # Paper 3 proposes nothing and addresses image classification; paper 4 uses ResNet.
        ("ResNet", "image classification"),
        ("ImageNet", "image classification"),
        ("CIFAR-10", "ResNet"),
    }


def test_a_line_stands_for_all_papers_that_name_both(whole: Network) -> None:
    ends = {node(whole, "CIFAR-10").id, node(whole, "MixMatch").id}
    edge = next(edge for edge in whole.edges if {edge.a, edge.b} == ends)
    assert edge.papers == 2
    first, second = edge.shared
    assert (first.paper.title, second.paper.title) == (
        "ReMixMatch: Distribution Alignment",
        "MixMatch: A Holistic Approach",
    )
    assert [one.predicate for one in (*first.a, *first.b, *second.a, *second.b)] == [
        "evaluatesOn",
        "comparesWith",
        "evaluatesOn",
        "proposes",
    ]


def test_statements_mark_the_name_in_the_sentence(whole: Network) -> None:
    found = {(one.predicate, one.paper.year): one for one in node(whole, "CIFAR-10").statements}
    said = found["evaluatesOn", 2020]
    assert said.quote == "On CIFAR-10 it reaches 93.73% accuracy."
    assert [said.quote[start:end] for start, end in said.marks] == ["CIFAR-10"]
    assert (said.confidence, said.declared, said.negated) == (0.9, False, False)
    assert found["mentions", 2020].quote is None
    assert found["mentions", 2020].confidence is None


def test_further_sentences_are_marked_too(whole: Network) -> None:
    leading, further = node(whole, "ReMixMatch").statements
    for said in (leading, further):
        assert said.quote is not None
        assert [said.quote[start:end] for start, end in said.marks] == ["ReMixMatch"]
    assert (leading.quote or "").startswith("🎲 We present")
    assert further.quote == "ReMixMatch: Distribution Alignment"


def test_what_is_said_and_when(whole: Network) -> None:
    found = node(whole, "CIFAR-10")
    assert sum(found.years[1:]) == found.papers == 3
    assert found.said[PREDICATES.index("evaluatesOn")] > 0
    assert max(found.said) <= found.papers


def test_lines_by_a_measure_are_those_of_a_large_picture(graph: Graph) -> None:
    drawn, large = network(graph, measure="npmi"), overview(graph, measure="npmi")
    labels = [large.matrices.labels[place] for place in large.entities.tolist()]
    lines = zip(large.ties.a.tolist(), large.ties.b.tolist(), large.ties.papers.tolist(), strict=True)
    named = {one.id: one.label for one in drawn.nodes}
    assert {(frozenset((named[each.a], named[each.b])), each.papers) for each in drawn.edges} == {
        (frozenset((labels[a], labels[b])), papers) for a, b, papers in lines
    }
    values = [each.value for each in drawn.edges]
    assert values == sorted(values, key=lambda value: -(value or 0))
    between = network(graph, kinds=("Dataset", "Method"), bipartite=True, measure="papers")
    kinds = {one.id: one.kind for one in between.nodes}
    assert between.edges
    assert all(kinds[each.a] != kinds[each.b] for each in between.edges)


def test_what_only_the_source_declares_has_no_sentence(whole: Network) -> None:
    (said,) = node(whole, "semi-supervised learning").statements
    assert (said.predicate, said.quote, said.declared, said.confidence) == ("addresses", None, True, 1.0)


def test_what_is_denied_ties_nothing(whole: Network) -> None:
    assert all("Pruning" not in one.paper.title for one in node(whole, "CIFAR-10").statements)


def test_a_denial_is_told_beside_what_is_asserted() -> None:
    drawn = network(from_lines([*readings.lines(), *_schema()]))
    said = [one for one in node(drawn, "MixMatch").statements if "Tiny" in one.paper.title]
    assert [(one.predicate, one.negated) for one in said] == [("mentions", False)]
    assert said[0].quote == "Unlike MixMatch, we never use CIFAR-10."
    assert [said[0].quote[start:end] for start, end in said[0].marks] == ["MixMatch"]
    assert not [one for one in node(drawn, "CIFAR-10").statements if one.negated]


def _schema() -> list[str]:
    own = "https://w3id.org/ml-kg/ontology#"
    below = "<http://www.w3.org/2000/01/rdf-schema#subPropertyOf>"
    names = ("proposes", "uses", "evaluatesOn", "addresses", "comparesWith", "outperforms", "measures")
    return [f"<{own}{name}> {below} <{own}mentions> ." for name in names]


def test_every_mark_is_within_its_quote() -> None:
    drawn = network(from_lines([*readings.lines(), *_schema()]))
    marked = [one for found in drawn.nodes for one in found.statements if one.marks]
    assert marked
    for one in marked:
        assert all(0 <= start < end <= len(one.quote or "") for start, end in one.marks)


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({"top": 2}, ["CIFAR-10", "ResNet"]),
        ({"min_papers": 2}, ["CIFAR-10", "ResNet", "MixMatch"]),
        ({"kinds": ["Metric", "Task"]}, ["accuracy", "image classification", "semi-supervised learning"]),
        ({"focus": "SVHN"}, ["SVHN", "MixMatch"]),
        ({"focus": "SVHN", "depth": 2}, ["SVHN", "MixMatch", "CIFAR-10", "ReMixMatch"]),
        ({"focus": f"{BASE}dataset/svhn", "top": 1}, ["SVHN"]),
        ({"focus": "Street View House Numbers", "kinds": ["Dataset"]}, ["SVHN", "CIFAR-10"]),
    ],
)
def test_choosing_what_to_draw(graph: Graph, options: dict[str, Any], labels: list[str]) -> None:
    drawn = network(graph, **options)
    assert [one.label for one in drawn.nodes] == labels
    assert drawn.entities == (9 if "kinds" not in options else {"Metric": 3, "Dataset": 3}[options["kinds"][0]])
    known = {one.id for one in drawn.nodes}
    assert all({edge.a, edge.b} <= known for edge in drawn.edges)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kinds": ["Model"]}, "no kind 'Model': try one of Method, Dataset, Task, Metric"),
        ({"top": 0}, "the number of entities"),
        ({"depth": 0}, "the number of entities"),
        ({"focus": "SVHN", "kinds": ["Method", "Task"]}, "SVHN is not among what would be drawn"),
        ({"focus": "MixMach"}, "MixMatch"),
    ],
)
def test_bad_questions(graph: Graph, options: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)) as raised:
        network(graph, **options)
    assert "\n" not in str(raised.value)


def test_only_the_strongest_lines_of_a_thicket_are_kept() -> None:
    own, count = f"{BASE}ontology#", 30
    lines = [
        line
        for number in range(count)
        for line in (
            f"<{BASE}method/{number}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{own}Method> .",
            f"<{BASE}paper/1> <{own}proposes> <{BASE}method/{number}> .",
        )
    ]
    drawn = network(from_lines([*lines, *_schema()]))
    assert len(drawn.edges) + drawn.left_out == count * (count - 1) // 2
    assert drawn.left_out > count
    tied = {end for edge in drawn.edges for end in (edge.a, edge.b)}
    assert len(tied) == count


def test_an_empty_graph_gives_an_empty_picture() -> None:
    assert network(from_lines([])) == Network()
    assert network(from_lines([]), kinds=[]) == Network()


def test_the_order_of_the_input_changes_nothing(graph: Graph, whole: Network) -> None:
    assert network(from_lines(reversed(list(graph.lines())))) == whole


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,<script>", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https:", False),
        ("https://example.org/a b", False),
        ('https://example.org/"><script>', False),
        ("https://[", False),
        ("", False),
        (None, False),
    ],
)
def test_addresses(address: str | None, *, safe: bool) -> None:
    assert web_address(address) == (address if safe else None)


@pytest.mark.parametrize(
    ("length", "start", "end"), [(10, 2, 5), (5000, 0, 5), (5000, 2500, 2600), (5000, 4990, 5000), (9000, 100, 8000)]
)
def test_long_quotes_are_cut_around_the_name(length: int, start: int, end: int) -> None:
    quote = "".join("x" if start <= at < end else "." for at in range(length))
    words, marks = clip(quote, start, end)
    assert len(words) <= LONGEST_QUOTE + 2
    ((first, last),) = marks
    assert set(words[first:last].rstrip("…")) == {"x"}
    assert words.startswith("…") or words[0] == quote[0]


@given(st.text(max_size=2000))
def test_a_label_is_one_line_of_sane_length(words: str) -> None:
    shown = line(words)
    assert len(shown) <= LONGEST_LINE
    assert not re.search("[\x00-\x1f\x7f-\x9f]", shown)


# The layout.


@settings(max_examples=15)
@given(st.integers(1, 25), st.sets(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=40))
def test_every_node_has_a_place_of_its_own(count: int, pairs: Collection[tuple[int, int]]) -> None:
    edges = [(a, b, 1.0) for a, b in sorted(pairs) if a < b < count]
    boxes = dict.fromkeys(range(count), (30.0, 15.0))
    places = positions(range(count), edges, boxes)
    assert sorted(places) == list(range(count))
    assert places == positions(range(count), edges, boxes)
    covering = [
        (one, other)
        for (one, (ax, ay)), (other, (bx, by)) in combinations(places.items(), 2)
        if abs(ax - bx) < 50 and abs(ay - by) < 25
    ]
    assert len(covering) <= count // 10


# The page.


def hostile() -> Network:
    paper = Paper("p", HOSTILE[0], 2020, "javascript:window.hacked=1")
    said = tuple(Statement("uses", paper, words, ((0, 3),), 0.5) for words in HOSTILE)
    nodes = tuple(Node(f"n{at}", words, "Method", 1, HOSTILE, said) for at, words in enumerate(HOSTILE))
    edge = Edge("n0", "n1", 1, (Shared(paper, said, said),))
    return Network((*nodes, Node("<b>", "x" * 100_000, "Dataset", 1)), (edge,), 1, 6, focus=HOSTILE[0])


def data_of(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def markup(page: str) -> str:
    """All of a page that is not inside a script."""
    return re.sub(r"(<script[^>]*>).*?</script>", r"\1</script>", page, flags=re.DOTALL)


def test_the_page_links_to_nothing(whole: Network) -> None:
    page = html(whole)
    assert page.startswith("<!doctype html>")
    outside = markup(page)
    assert re.findall(r"(?:src|href|srcset|action|data)\s*=\s*[\"']?([^\"'\s>]*)", outside) == ["data:,"]
    assert not re.findall(r"url\(|@import|https?:", outside)
    assert not re.findall(r"cdn|bootstrap|unpkg|googleapis", outside, re.IGNORECASE)
    assert "bootstrap" not in page
    assert "cdnjs" not in page
    assert "default-src 'none'" in outside


def test_the_page_holds_the_data_and_the_note(whole: Network) -> None:
    page = html(whole)
    data = data_of(page)
    assert [one["label"] for one in data["nodes"]] == [one.label for one in whole.nodes]
    assert len(data["edges"]) == len(whole.edges)
    for one, drawn in zip(whole.nodes, data["nodes"], strict=True):
        told = [data["statements"][number] for number in drawn["statements"]]
        assert [data["quotes"][said["quote"]] if "quote" in said else None for said in told] == [
            said.quote for said in one.statements
        ]
    assert "Titles and abstracts only: absence means nothing" in markup(page)
    assert "<h1>Knowledge network</h1>" in page


def test_the_page_is_always_the_same(graph: Graph, whole: Network) -> None:
    assert html(whole) == html(network(graph))


@pytest.mark.parametrize("drawn", [hostile(), Network()], ids=["hostile", "empty"])
def test_hostile_words_stay_words(drawn: Network) -> None:
    page = html(drawn)
    plain = html(Network())
    for tag in ("script", "img", "h1", "iframe"):
        assert len(re.findall(f"<{tag}", markup(page))) == len(re.findall(f"<{tag}", markup(plain)))
    assert page.count("</script>") == plain.count("</script>")
    assert not re.search("[\u2028\u2029\x00]", page)
    assert [one["label"] for one in data_of(page)["nodes"]] == [one.label for one in drawn.nodes]


def test_half_a_character_does_not_stop_the_page() -> None:
    page = html(Network((Node("a", "\ud83d", "Task", 1),), (), 1, 1, focus="\ud83d"))
    assert "\\ud83d" in page
    assert page.encode("utf-8").decode("utf-8") == page


def test_another_pyvis_is_told_apart() -> None:
    with pytest.raises(KgError, match=r"install pyvis 0\.3\.2"):
        _inlined("<html><script src='x.js'></script></html>")
