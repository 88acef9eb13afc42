"""Reports, on five papers whose counts were done by hand (tests/data/report.ttl)."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kg.asserted import MODEL
from kg.errors import QueryError
from kg.extract import DEFAULT
from kg.report import FORMATS, NOTE, Meta, Pair, PaperRef, Report, cooccurrence, footer, table
from kg.store import from_lines, open_graph

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kg.store import Graph

BASE = "https://w3id.org/ml-kg/"
GRAPH = Path(__file__).parent / "data" / "report.ttl"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return open_graph(GRAPH)


def counts(report: Report) -> list[tuple[str, str, int, int, int]]:
    return [(pair.a, pair.b, pair.count, pair.count_a, pair.count_b) for pair in report.pairs]


def test_counts_by_hand(graph: Graph) -> None:
    report = cooccurrence(graph)
    assert (report.rows, report.columns, report.papers) == ("Dataset", "Method", 4)
    assert counts(report) == [
        ("CIFAR-10", "MixMatch", 2, 3, 2),
        ("CIFAR-10", "ReMixMatch", 1, 3, 1),
        ("CIFAR-10", "ResNet", 1, 3, 2),
        ("ImageNet", "ResNet", 1, 1, 2),
        ("SVHN", "MixMatch", 1, 1, 2),
    ]


def test_each_pair_carries_its_papers(graph: Graph) -> None:
    first = cooccurrence(graph).pairs[0]
    assert (first.a_iri, first.b_iri) == (f"{BASE}dataset/cifar-10", f"{BASE}method/mixmatch")
    assert first.papers == (
        PaperRef(
            f"{BASE}paper/t:1",
            "ReMixMatch: Distribution Alignment",
            2020,
            "https://example.org/1",
            ("🎲 We present ReMixMatch, a stronger kind of MixMatch.", "On CIFAR-10 it reaches 93.73% accuracy."),
        ),
        PaperRef(
            f"{BASE}paper/t:2",
            "MixMatch: A Holistic Approach",
            2019,
            "javascript:alert(1)",
            ("MixMatch obtains the best error on CIFAR10 and SVHN.",),
        ),
    )


def test_every_count_is_its_papers(graph: Graph) -> None:
    for rows, columns in [("Dataset", "Method"), ("Task", "Method"), ("Method", "Metric"), ("Dataset", "Dataset")]:
        for pair in cooccurrence(graph, rows=rows, columns=columns).pairs:
            assert pair.count == len(pair.papers) == len({paper.iri for paper in pair.papers})
            assert pair.count <= min(pair.count_a, pair.count_b)


def test_what_the_report_was_made_of(graph: Graph) -> None:
    assert cooccurrence(graph, top=2, predicates={"Method": ["uses", "proposes"]}).meta == Meta(
        rule="papers that name at least one dataset and one method",
        predicates=(("Method", ("proposes", "uses")),),
        around=None,
        min_papers=1,
        top=2,
        found=5,
        newest=2021,
        builds=("kg 0.1.0 min-confidence=0.5",),
        note=NOTE,
        graph_papers=5,
        newest_date=None,
        partial=2021,
        tested=0,
    )


def test_claims_were_measured_with_the_default_model() -> None:
    assert MODEL == DEFAULT


def test_a_kind_against_itself_counts_each_pair_once(graph: Graph) -> None:
    report = cooccurrence(graph, rows="Method", columns="Method")
    assert counts(report) == [("MixMatch", "ReMixMatch", 1, 1, 1)]
    assert (report.papers, report.meta.rule) == (1, "papers that name at least two methods")
    assert counts(cooccurrence(graph, rows="Dataset", columns="Dataset")) == [("CIFAR-10", "SVHN", 1, 1, 1)]


@pytest.mark.parametrize(
    ("predicates", "papers", "expected"),
    [
        # A dataset only mentioned (paper 4) no longer counts.
        ({"Dataset": ["evaluatesOn"]}, 3, [("CIFAR-10", "MixMatch", 2), ("CIFAR-10", "ReMixMatch", 1)]),
        # Of paper 1, MixMatch is only compared with.
        ({"Method": ["proposes"]}, 2, [("CIFAR-10", "MixMatch", 1), ("CIFAR-10", "ReMixMatch", 1)]),
        ({"Dataset": ["evaluatesOn"], "Method": ["uses"]}, 1, [("ImageNet", "ResNet", 1)]),
        ({"Dataset": ["proposes"]}, 0, []),
    ],
)
def test_predicates_narrow_what_counts(
    graph: Graph, predicates: Mapping[str, Collection[str]], papers: int, expected: list[tuple[str, str, int]]
) -> None:
    report = cooccurrence(graph, predicates=predicates)
    assert report.papers == papers
    assert [(pair.a, pair.b, pair.count) for pair in report.pairs][: len(expected)] == expected
    assert bool(report.pairs) == bool(expected)


def test_quotes_are_those_of_the_predicates_counted(graph: Graph) -> None:
    pairs = cooccurrence(graph, predicates={"Method": ["proposes"], "Dataset": ["evaluatesOn"]}).pairs
    assert [pair.b for pair in pairs if pair.papers[0].iri.endswith("t:1")] == ["ReMixMatch"]
    assert not any(paper.quotes for pair in cooccurrence(graph, quotes=False).pairs for paper in pair.papers)


def test_where_not_all_papers_are_listed_it_is_told(graph: Graph) -> None:
    whole, cut = cooccurrence(graph), cooccurrence(graph, listed=1)
    assert [(pair.count, len(pair.papers)) for pair in cut.pairs][:2] == [(2, 1), (1, 1)]
    assert [pair.papers[0] for pair in cut.pairs] == [pair.papers[0] for pair in whole.pairs]
    assert "at most 1 papers are listed" in footer(cut)
    assert "listed" not in footer(whole)
    with pytest.raises(QueryError):
        cooccurrence(graph, listed=0)


def test_filters_leave_the_margins_alone(graph: Graph) -> None:
    assert counts(cooccurrence(graph, min_papers=2)) == [("CIFAR-10", "MixMatch", 2, 3, 2)]
    top = cooccurrence(graph, top=1)
    assert (counts(top), top.papers, top.meta.found) == ([("CIFAR-10", "MixMatch", 2, 3, 2)], 4, 5)
    around = cooccurrence(graph, around="resnet")
    assert counts(around) == [("CIFAR-10", "ResNet", 1, 3, 2), ("ImageNet", "ResNet", 1, 1, 2)]
    assert around.meta.around == "ResNet"
    assert cooccurrence(graph, around=f"{BASE}method/resnet") == around


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": "Datset"}, "no kind 'Datset': try one of Method, Dataset, Task, Metric"),
        ({"predicates": {"Model": ["uses"]}}, "no kind 'Model': try one of Method, Dataset, Task, Metric"),
        ({"predicates": {"Method": ["use"]}}, "no predicate 'use': try one of proposes, uses,"),
        ({"around": "MixMach"}, "nothing of these kinds is called 'MixMach': try MixMatch, ReMixMatch"),
        ({"around": "§"}, "nothing of these kinds is called '§'"),
        ({"top": 0}, "the least number of papers and the number of pairs start at 1"),
        ({"min_papers": 0}, "the least number of papers and the number of pairs start at 1"),
    ],
)
def test_bad_questions_say_what_to_try(graph: Graph, options: dict[str, object], message: str) -> None:
    with pytest.raises(QueryError) as raised:
        cooccurrence(graph, **options)  # type: ignore[arg-type]
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def test_an_empty_graph_gives_an_empty_report() -> None:
    report = cooccurrence(from_lines([]))
    assert (report.papers, report.pairs, report.meta.newest) == (0, (), None)
    for write in FORMATS.values():
        assert isinstance(write(report), str)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_order_of_the_input_changes_nothing(graph: Graph, data: st.DataObject) -> None:
    lines = list(graph.lines())
    shuffled = data.draw(st.permutations(lines))
    assert cooccurrence(from_lines(shuffled)) == cooccurrence(graph)


# The formats.

HOSTILE = [
    '=HYPERLINK("https://evil.example")',
    "<script>alert(1)</script>",
    "a|b `c` [d](javascript:e) *f*",
    "line\nbreak\r\n\x1b[31mred\u202e",
    "@SUM(A1)",
]


def hostile(*names: str) -> Report:
    url = "javascript:alert('x')\"><img src=x onerror=alert(1)>"
    papers = (PaperRef("https://w3id.org/ml-kg/paper/x", names[0], None, url, (names[0],)),)
    pairs = tuple(Pair(name, name, "iri:a", "iri:b", papers, 1, 1, 1) for name in names)
    meta = Meta("papers", (), None, 1, None, len(pairs), None, ())
    return Report("Dataset", "Method", 1, pairs, meta)


def test_table_and_footer(graph: Graph) -> None:
    header, rows = table(cooccurrence(graph, top=1))
    assert header == ("Dataset", "Method", "Papers", "Dataset in", "Method in", "Named together in")
    titles = "ReMixMatch: Distribution Alignment; MixMatch: A Holistic Approach"
    assert rows == [("CIFAR-10", "MixMatch", "2", "3", "2", titles)]
    assert footer(cooccurrence(graph, top=1)) == (
        "N = 4 papers that name at least one dataset and one method; 1 of 5 pairs. "
        "0 pairs tested: no pair has both names in 5 papers or more (--min-margin 5). "
        "Titles and abstracts only: absence means nothing."
    )


def test_json_has_meta_and_pairs(graph: Graph) -> None:
    report = cooccurrence(graph, predicates={"Dataset": ["evaluatesOn"]})
    data = json.loads(FORMATS["json"](report))
    assert list(data) == ["meta", "pairs"]
    assert (data["meta"]["papers"], data["meta"]["predicates"]) == (3, {"Dataset": ["evaluatesOn"]})
    assert data["meta"]["note"] == NOTE
    assert [(pair["a"], pair["b"], pair["count"]) for pair in data["pairs"]] == [row[:3] for row in counts(report)]
    assert data["pairs"][0]["papers"][0]["quotes"] == list(report.pairs[0].papers[0].quotes)


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_csv_reads_back(graph: Graph, form: str) -> None:
    report = cooccurrence(graph)
    rows = list(csv.DictReader(io.StringIO(FORMATS[form](report)), delimiter="\t" if form == "tsv" else ","))
    assert [(row["a"], row["b"], int(row["count"])) for row in rows] == [row[:3] for row in counts(report)]
    assert rows[0]["papers"].split() == [paper.iri for paper in report.pairs[0].papers]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "＝1"])
def test_csv_executes_nothing(cell: str) -> None:
    row = next(csv.DictReader(io.StringIO(FORMATS["csv"](hostile(cell)), newline="")))
    assert row["a"] == row["titles"] == "'" + cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_csv_loses_nothing(names: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](hostile(*names)), newline="")))
    assert [row["a"].removeprefix("'") for row in rows] == [name.removeprefix("'") for name in names]
    assert not any(row["a"].startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in rows)


def test_text_cannot_steer_a_terminal() -> None:
    out = FORMATS["text"](hostile(*HOSTILE))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out)
    assert len(out.splitlines()) == len(HOSTILE) + 3


def test_markdown_cannot_break_out() -> None:
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(FORMATS["markdown"](hostile(*HOSTILE)))
    assert set(re.findall(r"<(\w+)", page)) == {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert page.count("<td>") == 3 * len(HOSTILE)
    assert page.count("<td") == 6 * len(HOSTILE)


def test_markdown_links_to_the_papers(graph: Graph) -> None:
    out = FORMATS["markdown"](cooccurrence(graph, top=1))
    link = "[ReMixMatch: Distribution Alignment](<https://example.org/1>) (2020)"
    assert f"| CIFAR-10 | MixMatch | 2 | 3 | 2 | {link}<br>MixMatch: A Holistic Approach (2019) |" in out


def test_html_is_inert_and_alone(graph: Graph) -> None:
    out = FORMATS["html"](hostile(*HOSTILE))
    assert out.count("<script") == 1
    assert "script>alert(1)" not in out
    assert "<img" not in out
    assert 'href="javascript' not in out
    page = FORMATS["html"](cooccurrence(graph))
    assert re.findall(r'(?:src|href)="(?!data:|#p\d|https://example\.org/)[^"]*"', page) == []
    assert '<a href="https://example.org/1" rel="noopener noreferrer">' in page
    assert "absence means nothing" in page
