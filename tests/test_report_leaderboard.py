"""The numbers on a dataset: from abstracts, and from tables that sources declare. Our own papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.pipeline import build
from kg.report import leaderboard
from kg.report.leaderboard import is_change
from kg.store import from_lines, open_graph
from kg.terms import literal
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import Graph

BASE = "https://w3id.org/ml-kg/"
REPORT = Path(__file__).parent / "data" / "report.ttl"
SOURCES = Path(__file__).parent / "data" / "sources"
DUMPS = [SOURCES / f"pwc_{name}.json" for name in ("papers", "links", "tables", "datasets", "methods")]
TRUE = f'"true"^^<{PREFIXES["xsd"]}boolean>'


def iri(path: str) -> str:
    prefix, _, local = path.partition(":")
    return f"<{PREFIXES[prefix]}{local}>" if prefix in PREFIXES else f"<{BASE}{path}>"


def graph(numbers: Iterable[dict[str, str]]) -> Graph:
    """Three papers that report numbers on one dataset; each number is of a paper, and has a value."""
    lines = [f"{iri('dataset/d')} {iri('rdf:type')} {iri('kg:Dataset')} ."]
    for path, label in (("dataset/d", "D"), ("metric/m", "accuracy"), ("metric/e", "error"), ("method/a", "A")):
        lines.append(f"{iri(path)} {iri('skos:prefLabel')} {literal(label)} .")
    for number in range(3):
        paper = iri(f"paper/t:{number}")
        lines.append(f"{paper} {iri('rdf:type')} {iri('fabio:ResearchPaper')} .")
        lines.append(f"{paper} {iri('dcterms:title')} {literal(f'Paper {number}')} .")
    for at, given in enumerate(numbers):
        values = {
            "kg:dataset": iri("dataset/d"),
            "kg:metric": iri("metric/m"),
            "kg:method": iri("method/a"),
            "prov:wasDerivedFrom": iri(f"sentence/{at}"),
            **given,
            "kg:paper": iri(f"paper/t:{given['kg:paper']}"),
            "kg:value": f'"{given["kg:value"]}"^^<{PREFIXES["xsd"]}decimal>',
        }
        lines += [f"{iri(f'result/{at}')} {iri(name)} {value} ." for name, value in values.items()]
        if "kg:declared" not in given:
            words = literal(f"It reaches {given['kg:value']}.")
            lines.append(f"{iri(f'sentence/{at}')} {iri('kg:text')} {words} .")
    return from_lines(lines)


def cells(found: Graph, *names: str) -> list[tuple[object, ...]]:
    sheet = leaderboard(found, "D")
    at = [[column.key for column in sheet.columns].index(name) for name in names]
    return [tuple(row[place] for place in at) for row in sheet.rows]


def test_numbers_from_abstracts_are_no_leaderboard() -> None:
    sheet = leaderboard(graph([{"kg:paper": "0", "kg:value": "90"}, {"kg:paper": "1", "kg:value": "90"}]), "D")
    assert sheet.title == "Numbers reported on D"
    assert "leaderboard" not in sheet.footer.casefold()
    assert "2 of 2 numbers from abstracts; 0 in conflict." in sheet.footer
    assert {row[7] for row in sheet.rows} == {"abstract"}
    assert [behind[0].quotes for behind in sheet.behind] == [("It reaches 90.",)] * 2


def test_what_most_numbers_are_of_comes_first() -> None:
    percent = {"kg:unit": literal("%")}
    found = graph(
        [
            {"kg:paper": "0", "kg:value": "300"},
            {"kg:paper": "0", "kg:value": "90", **percent},
            {"kg:paper": "1", "kg:value": "95", **percent},
            {"kg:paper": "2", "kg:value": "2", "kg:metric": iri("metric/e"), **percent},
        ]
    )
    assert cells(found, "metric", "value") == [("accuracy", 95), ("accuracy", 90), ("accuracy", 300), ("error", 2)]


def test_changes_that_were_not_told_apart_are_noted_by_their_words() -> None:
    words = [
        ("We lose at most 1.4% of accuracy.", "change"),
        ("The accuracy drops by 1.4 points, from 93.", "change"),
        ("It reaches 1.4, which is a gain of 1.4.", ""),
        ("The loss is 1.4.", ""),
        ("It improves accuracy to 1.4.", ""),
        ("We increase it by 21.4 and reach 1.4.", ""),
    ]
    assert [(text, "change" if is_change(text, "1.4") else "") for text, _ in words] == words


def test_rows_of_declared_tables_are_marked_and_make_a_leaderboard() -> None:
    declared = {"kg:declared": TRUE, "prov:wasDerivedFrom": iri("source/0123")}
    found = graph([{"kg:paper": "0", "kg:value": "90"}, {"kg:paper": "1", "kg:value": "95", **declared}])
    sheet = leaderboard(found, "D")
    assert sheet.title == "Leaderboard of D"
    assert "2 of 2 numbers: 1 from tables that a source declares, 1 from abstracts; 1 in conflict." in sheet.footer
    assert (sheet.meta["declared"], sheet.meta["found"], sheet.meta["conflicts"]) == (1, 2, 1)
    assert cells(found, "value", "source", "quote") == [
        (95.0, "declared table", None),
        (90.0, "abstract", "It reaches 90."),
    ]


@pytest.mark.parametrize(
    ("numbers", "conflict"),
    [
        ([("0", "90", {}), ("1", "91", {})], True),
        ([("0", "90", {}), ("1", "90", {})], False),
        ([("0", "90", {}), ("0", "91", {})], False),  # one paper may report several settings
        ([("0", "90", {}), ("0", "91", {}), ("1", "91", {})], False),
        ([("0", "90", {}), ("1", "91", {"kg:condition": literal("with 250 labels")})], False),
        ([("0", "90", {}), ("1", "91", {"kg:metric": "<metric/e>"})], False),
        ([("0", "90", {}), ("1", "2", {"kg:delta": TRUE})], False),
        ([("0", "90", {}), ("0", "91", {"kg:declared": TRUE})], True),
        ([("0", "90", {}), ("0", "90.0", {"kg:declared": TRUE})], False),
    ],
)
def test_conflicts_are_flagged(numbers: list[tuple[str, str, dict[str, str]]], conflict: bool) -> None:  # noqa: FBT001
    found = graph(
        {
            "kg:paper": paper,
            "kg:value": value,
            **{name: iri(each[1:-1]) if each == "<metric/e>" else each for name, each in more.items()},
        }
        for paper, value, more in numbers
    )
    notes = [note for (note,) in cells(found, "note")]
    assert ["in conflict" in str(note) for note in notes] == [conflict] * len(numbers)


def test_less_of_an_error_is_better() -> None:
    error = {"kg:metric": iri("metric/e")}
    found = graph({"kg:paper": "0", "kg:value": value, **error} for value in ("3", "1", "2"))
    assert cells(found, "value", "better") == [(1.0, "lower"), (2.0, "lower"), (3.0, "lower")]


def test_a_dump_of_tables_gives_a_leaderboard(tmp_path: Path) -> None:
    place = str(tmp_path / "dumps.kg")
    build(DUMPS, place, jobs=1)
    sheet = leaderboard(open_graph(place), "ToyGraphs")
    assert sheet.title.startswith("Leaderboard of ")
    assert "declared table" in {row[7] for row in sheet.rows}
    assert leaderboard(open_graph(REPORT), "CIFAR-10").title == "Numbers reported on CIFAR-10"
