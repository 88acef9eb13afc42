"""What other programs read, and a graph of annotated papers counted by hand."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kg.report import FORMATS, SHEET_FORMATS, compare, cooccurrence, coverage, leaderboard, novelty, trends
from kg.store import open_graph
from tests.test_cli import run
from tests.test_report import GRAPH, HOSTILE, hostile

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "seed" / "seed.jsonl"
KEYS = ["a", "b", "papers", "expected", "association", "jaccard", "cosine", "inclusion", "lift", "npmi", "g2", "p", "q"]


def test_json_pairs_have_all_measures() -> None:
    data = json.loads(FORMATS["json"](cooccurrence(open_graph(GRAPH), min_margin=1)))
    assert set(KEYS) <= set(data["pairs"][0])
    assert {"graph", "builds", "filters", "tested", "newest", "newest_date", "note"} <= set(data["meta"])
    assert data["meta"]["tested"] == 9


def test_gexf_is_xml_with_every_pair() -> None:
    for report in (cooccurrence(open_graph(GRAPH)), hostile(*HOSTILE)):
        root = ET.fromstring(FORMATS["gexf"](report))
        space = {"g": "http://gexf.net/1.3"}
        nodes = {node.get("id") for node in root.iterfind(".//g:node", space)}
        edges = root.findall(".//g:edge", space)
        assert len(edges) == len(report.pairs)
        assert {edge.get(end) for edge in edges for end in ("source", "target")} == nodes


def test_vosviewer_links_lead_to_items() -> None:
    report = cooccurrence(open_graph(GRAPH))
    network = json.loads(FORMATS["vosviewer"](report))["network"]
    items = {item["id"]: item for item in network["items"]}
    links = [(items[link["source_id"]], items[link["target_id"]], link["strength"]) for link in network["links"]]
    assert [(a["label"], b["label"], papers) for a, b, papers in links] == [
        (pair.a, pair.b, pair.count) for pair in report.pairs
    ]
    assert {item["cluster"] for item in items.values()} == {1, 2}


def test_latex_obeys_no_name() -> None:
    out = FORMATS["latex"](hostile("50% & $x_1^2$ #~{\\input{/etc/passwd}}", *HOSTILE))
    body = out.split(r"\midrule")[1].split(r"\bottomrule")[0]
    assert r"50\% \& \$x\_1\textasciicircum{}2\$ \#\textasciitilde{}\{\textbackslash{}input\{" in body
    assert not re.search(r"(?<!\\)[$#%_^~]", body)
    assert body.count(r" \\") == 1 + len(HOSTILE)
    assert out.startswith("% ")


@pytest.mark.parametrize("form", SHEET_FORMATS)
def test_sheets_in_every_form(form: str) -> None:
    graph = open_graph(GRAPH)
    sheets = [
        trends(graph, ["CIFAR-10"]),
        novelty(graph),
        novelty(graph, summary=True),
        leaderboard(graph, "CIFAR-10"),
        compare(graph, "MixMatch", "ResNet"),
        *(coverage(graph, what=what) for what in ("tasks", "datasets", "venues")),
    ]
    for sheet in sheets:
        out = SHEET_FORMATS[form](sheet)
        assert out.endswith("\n")
        assert "nan" not in out.lower().split()


def test_counts_over_years_by_hand() -> None:
    rows = trends(open_graph(GRAPH), ["CIFAR-10"]).rows
    assert [(row[2], row[3], row[4], row[10]) for row in rows] == [
        (2019, 1, 1, True),
        (2020, 2, 2, True),
        (2021, 0, 1, False),
    ]
    assert trends(open_graph(GRAPH), ["CIFAR-10"], as_of=2022).rows[-1][10] is True


def test_trends_begin_with_the_first_year_in_which_a_name_is_seen() -> None:
    years = {name: [row[2] for row in trends(open_graph(GRAPH), [name]).rows] for name in ("CIFAR-10", "ReMixMatch")}
    assert years == {"CIFAR-10": [2019, 2020, 2021], "ReMixMatch": [2020, 2021]}


def test_what_is_new_by_hand() -> None:
    rows = {row[0]: row for row in novelty(open_graph(GRAPH)).rows}
    assert set(rows) == {"MixMatch", "ReMixMatch"}
    assert rows["MixMatch"][1:] == ("MixMatch: A Holistic Approach", 2019, 1, 1, None, 2020, 1.0, 0)
    later = {row[0]: row for row in novelty(open_graph(GRAPH), as_of=2023).rows}  # three whole years after the first
    assert (later["MixMatch"][5], later["ReMixMatch"][5]) == (1, None)


@pytest.mark.skipif(not GOLD.is_file(), reason="the annotated papers are not beside the checkout")
def test_the_report_of_annotated_papers_is_what_they_hold(tmp_path: Path) -> None:
    place = tmp_path / "gold.kg"
    assert run("build", GOLD, "--graph", place).exit_code == 0
    wanted: Counter[tuple[str, str]] = Counter()
    counted = 0
    for line in GOLD.read_text("utf-8").splitlines():
        entities = json.loads(line)["entities"]
        datasets, methods = (
            {str(each["canonical"]) for each in entities if each["type"] == kind} for kind in ("Dataset", "Method")
        )
        wanted.update(product(datasets, methods))
        counted += bool(datasets and methods)
    report = cooccurrence(place)
    assert report.papers == counted
    assert {(pair.a, pair.b): pair.count for pair in report.pairs} == wanted
