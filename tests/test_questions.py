"""The questions of docs/questions.md, asked of a small graph of our own papers: the answers are worked out by hand."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from kg.queries import NAMED, fill
from kg.store import open_graph
from tests.questions import DOCS, PLAIN, current, made

if TYPE_CHECKING:
    from kg.store import Graph

TEXT = DOCS.read_text("utf-8")
HEADING = re.compile(r"^### (\d+)\. (.+)$", re.MULTILINE)
COMMAND = re.compile(r"^kg query GRAPH --name (\S+)(.*)$", re.MULTILINE)
D = Decimal
FOO, REFOO, LATER = "FooMatch: Few Labels Suffice", "ReFooMatch: Aligned Pseudo-Labels", "LaterMatch Without Tricks"
READER, CORPUS, ASKING = "TinyReader Reads Twice", "TinyQA: A Small Corpus of Questions", "Asking Small Questions"
SSL, QA = "semi-supervised learning", "question answering"
REFOO_NUMBERS = "On CIFAR-10 we reach 93.7% accuracy with 250 labels, compared to 90.1% of FooMatch."
REFOO_BUILDS = "ReFooMatch improves FooMatch with AutoAugment for semi-supervised learning."
REFOO_DATA = "We evaluate it on CIFAR-10 and ImageNet."
LATER_SAYS = "LaterMatch simplifies ReFooMatch for semi-supervised learning."
FOO_NUMBERS = "On CIFAR-10 it reaches 90.1% accuracy with 250 labels."
READS = "On HotpotQA it reaches an F1 of 71."
CODE = "https://github.com/example/"

#: By number: the columns that are compared (all if none), and the rows.
ANSWERS: dict[int, tuple[str, list[tuple[object, ...]]]] = {
    1: ("", [("ImageNet", 3), ("CIFAR-10", 2), ("HotpotQA", 1), ("TinyQA", 1)]),
    2: ("", [("multi-hop question answering", 1), (QA, 1)]),
    3: ("", [("F1 score", 1)]),
    4: ("", [("dimensionality reduction", 2021, 2, 2)]),
    5: ("", [("PyTorch", 1), ("TensorFlow", 1)]),
    6: (
        "dataset relation value title",
        [
            ("TinyQA", "is introduced by", "Grace Hopper", CORPUS),
            ("TinyQA", "is used for", QA, CORPUS),
            ("TinyQA", "is used for", QA, ASKING),
        ],
    ),
    7: (
        "dataset metric value method baseline title",
        [
            ("CIFAR-10", "accuracy", D("93.7"), "ReFooMatch", None, REFOO),
            ("CIFAR-10", "accuracy", D("90.1"), "FooMatch", True, REFOO),
            ("CIFAR-10", "accuracy", D("90.1"), "FooMatch", None, FOO),
        ],
    ),
    8: (
        "method relation title repository",
        [
            ("FooMatch", "proposed by", FOO, f"{CODE}foomatch"),
            ("FooMatch", "used by", REFOO, None),
            ("ReFooMatch", "proposed by", REFOO, None),
            ("ReFooMatch", "used by", LATER, None),
        ],
    ),
    9: (
        "method dataset value condition title",
        [
            ("FooMatch", "CIFAR-10", D("90.1"), None, REFOO),
            ("FooMatch", "CIFAR-10", D("90.1"), "250 labels", FOO),
            ("ReFooMatch", "CIFAR-10", D("93.7"), "250 labels", REFOO),
        ],
    ),
    10: (
        "method metric value unit condition title quote",
        [
            ("ReFooMatch", "accuracy", D("93.7"), "%", "250 labels", REFOO, REFOO_NUMBERS),
            ("FooMatch", "accuracy", D("90.1"), "%", None, REFOO, REFOO_NUMBERS),
            ("FooMatch", "accuracy", D("90.1"), "%", "250 labels", FOO, FOO_NUMBERS),
        ],
    ),
    11: ("", [("TinyQA", CORPUS, 2020, ASKING, 2021)]),
    12: (
        "relation other title quote",
        [("compares with", "FooMatch", REFOO, REFOO_BUILDS), ("outperforms", "FooMatch", REFOO, REFOO_BUILDS)],
    ),
    13: ("method title quote", [("TinyReader", READER, READS)]),
    14: ("", [("ImageNet", 1)]),
    15: (
        "relation other title",
        [
            ("introduced by", None, REFOO),
            ("builds on", "AutoAugment", REFOO),
            ("builds on", "FooMatch", REFOO),
            ("built on by", "LaterMatch", LATER),
        ],
    ),
    16: (
        "",
        [
            ("image classification", 1),
            ("machine translation", 1),
            ("model compression", 1),
            ("multi-hop question answering", 1),
            ("reinforcement learning", 1),
        ],
    ),
    17: ("title method quote quote_also", [(REFOO, "ReFooMatch", REFOO_DATA, REFOO_DATA)]),
    18: (
        "title year task",
        [
            (CORPUS, 2020, QA),
            (ASKING, 2021, QA),
            (READER, 2021, "multi-hop question answering"),
            ("Study 3 of a New Network", 2025, QA),
        ],
    ),
    19: ("", [("NovaNet", 5)]),
    20: ("task methods", [("reinforcement learning", 2), ("dimensionality reduction", 1), ("machine translation", 1)]),
    21: ("", [(2018, "accuracy", 1), (2021, "latency", 1)]),
    22: (
        "predicate kind entity confidence status extractor quote",
        [
            ("addresses", "Task", SSL, D(1), "asserted", "annotated", LATER_SAYS),
            ("proposes", "Method", "LaterMatch", D(1), "asserted", "annotated", LATER),
            ("uses", "Method", "ReFooMatch", D(1), "asserted", "annotated", LATER_SAYS),
        ],
    ),
    24: ("kind entity", [("Method", "principal component analysis"), ("Method", "principal component analysis")]),
    25: (
        "title differs other",
        [
            (FOO, "abstract", "We present FooMatch."),
            (FOO, "title", "FooMatch: Few Labels Suffice (Extended Abstract)"),
        ],
    ),
    27: ("", [("NovaNet", 2, 2, 2)]),
}  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return open_graph(made(tmp_path_factory.mktemp("questions")))


def asked() -> dict[int, tuple[str, dict[str, str]]]:
    """The named query and the values of each question, as the page has them."""
    parts = HEADING.split(TEXT)[1:]
    found = {}
    for number, part in zip(parts[::3], parts[2::3], strict=True):
        (command,) = COMMAND.findall(part)
        sets = [word for word in shlex.split(command[1]) if word != "--set"]
        found[int(number)] = (command[0], dict(word.split("=", 1) for word in sets))
    return found


ASKED = asked()


def answer(graph: Graph, number: int) -> list[dict[str, object]]:
    name, values = ASKED[number]
    return [dict(row) for row in graph.select(fill(graph, name, values))]


def test_there_are_28() -> None:
    assert list(ASKED) == list(range(1, 29))


def test_the_page_has_the_sparql_of_the_named_queries() -> None:
    assert current(TEXT) == TEXT, "run python -m tests.questions"
    assert TEXT.count("```sparql\nSELECT") == 28


@pytest.mark.parametrize("number", sorted(ANSWERS))
def test_answers(graph: Graph, number: int) -> None:
    columns, rows = ANSWERS[number]
    assert [tuple(row[each] for each in columns.split() or row) for row in answer(graph, number)] == rows


def test_unsure_claims_are_those_of_what_the_model_read(graph: Graph) -> None:
    rows = answer(graph, 23)
    assert rows
    assert {row["title"] for row in rows} == {PLAIN["title"]}
    assert all(D(str(row["confidence"])) < D("0.75") for row in rows)
    assert all(str(row["quote"]) in f"{PLAIN['title']} {PLAIN['abstract']}" for row in rows)
    assert rows == sorted(rows, key=lambda row: D(str(row["confidence"])))


def test_merged_names_say_why(graph: Graph) -> None:
    why = [str(row["why"]) for row in answer(graph, 24)]
    assert any("for the sake of the question" in each for each in why)
    assert any(each.startswith("it replaces https://w3id.org/ml-kg/method/") for each in why)


def test_papers_without_a_declared_task(graph: Graph) -> None:
    rows = answer(graph, 26)
    titles = {row["title"] for row in rows}
    assert FOO not in titles
    assert READER not in titles
    assert (LATER, SSL) in {(row["title"], row["task"]) for row in rows}


def test_shares_by_year(graph: Graph) -> None:
    shares = {(row["venue"], row["year"]): row["percent"] for row in answer(graph, 28)}
    assert shares["NeurIPS 2020", 2020] == D(100)
    assert shares["NeurIPS 2025", 2025] == D(100)
    assert shares["NeurIPS 2019", 2019] == D(0)


def test_every_query_is_among_the_questions_or_a_part_of_one() -> None:
    assert set(NAMED) - {name for name, _ in ASKED.values()} == {"outperformed-by"}
