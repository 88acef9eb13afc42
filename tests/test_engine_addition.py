"""An addition to a graph, in which only what it changes is decided anew, gives what a fresh build gives.

The abstracts are of our own writing.
"""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kg import pipeline
from kg.engine import addition
from kg.engine.counting import sign
from kg.engine.records import signs
from kg.ground.papers import merge, tokens
from kg.model import Paper, Source
from kg.report import cache
from kg.report.matrices import Matrices
from kg.store import open_graph
from tests.marked import abstracts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.engine.watch import Summary

MORE = "Zebra stripe networks (ZSN) beat the ResNet-50 model on LOL dataset by 3.1 dB median PSNR."
TABLES = ("total", "person", "short", "joined")


def rows() -> list[Mapping[str, object]]:
    """Papers, of which some are of one title, some say more of their names, and some declare what they are about."""
    found: list[Mapping[str, object]] = []
    for number, known in enumerate(abstracts()[:24]):
        authors = ["Ada Lovelace", f"Person {number % 5}"]
        row = {"title": known["title"], "abstract": known["abstract"], "authors": authors, "year": 2020}
        found += [row, row | {"abstract": f"{known['abstract']} {MORE}", "tasks": ["Zebra counting"]}]
    found.append(
        {"title": "Preface", "abstract": "Half a \ud800 pair of ZSN.", "authors": ["\ud800"], "venue": "A \ud800"}
    )
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each build that might only add did."""
    told: list[bool] = []
    added = addition.added

    def watched(*words: object, **options: object) -> Summary | None:
        summary = added(*words, **options)  # type: ignore[arg-type]
        told.append(summary is not None)
        return summary

    monkeypatch.setattr("kg.engine.build.added", watched)
    return told


def files(folder: Path, chance: random.Random, sizes: Sequence[int]) -> list[Path]:
    found = []
    for number, size in enumerate(sizes):
        path = folder / f"{number}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in chance.sample(rows(), size)), "utf-8")
        found.append(path)
    return found


def content(place: Path) -> tuple[object, ...]:
    """The triples of a graph, what its reports count, and what its ledger does."""
    matrices = cache.kept(place)
    assert matrices is not None
    arrays = {field.name: list(getattr(matrices, field.name)) for field in fields(Matrices)}
    with closing(sqlite3.connect(place / "cache" / addition.LEDGER)) as ledger:
        counts = {name: sorted(ledger.execute(f"SELECT * FROM {name} WHERE n > 0")) for name in TABLES}
        counts["paper"] = sorted(ledger.execute("SELECT id, found, key, signature FROM paper"))
        counts["tally"] = sorted(ledger.execute("SELECT name, kind, seen, linked, label FROM tally"))
        counts["naming"] = list(ledger.execute("SELECT count(*) FROM naming"))
        counts["source"] = sorted(ledger.execute("SELECT name, papers, merged FROM source"))
    return sorted(open_graph(place).lines()), arrays, counts


@pytest.mark.parametrize("seed", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_a_walk_of_additions_and_removals_ends_where_a_fresh_build_does(
    tmp_path: Path, made: list[bool], seed: int
) -> None:
    chance = random.Random(seed)
    sources = files(tmp_path, chance, [20, 3, 12, 8])
    place, have = tmp_path / "g", [sources[0]]
    pipeline.build(have, str(place))
    for path in chance.choices(sources, k=4):
        if path not in have:
            have.append(path)
            told = pipeline.build([path], str(place))
        elif len(have) > 1:
            have.remove(path)
            told = pipeline.build([], str(place), remove=[path])
        else:
            continue
        if seed > 1:
            fresh = pipeline.build(have, str(tmp_path / "fresh"), fresh=True)
            assert told == fresh
            assert content(place) == content(tmp_path / "fresh")
    assert made
    assert all(made)
    told = pipeline.build(have, str(tmp_path / "fresh"), fresh=True)
    assert content(place) == content(tmp_path / "fresh")


@pytest.mark.parametrize("damage", ["changed", "a journal", "no arrays"])
def test_a_ledger_that_is_not_as_it_was_saved_only_costs_time(tmp_path: Path, made: list[bool], damage: str) -> None:
    first, second = files(tmp_path, random.Random(0), [6, 4])
    place = tmp_path / "g"
    pipeline.build([first], str(place))
    path = place / "cache" / addition.LEDGER
    whole = path.read_bytes()
    if damage == "changed":
        at = whole.index(b"entities")
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    elif damage == "a journal":
        path.write_bytes(whole[:-4096])
        path.with_name(f"{path.name}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    else:
        (place / cache.FILE).unlink()
    pipeline.build([second], str(place))
    assert made == [False]
    pipeline.build([], str(place), remove=[second])
    assert made == [False, True]
    pipeline.build([first], str(tmp_path / "fresh"))
    assert content(place) == content(tmp_path / "fresh")


def test_a_build_that_ends_before_its_ledger_is_saved_is_followed_by_another(
    tmp_path: Path, made: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = files(tmp_path, random.Random(0), [6, 4, 3])
    pipeline.build([first], str(tmp_path / "g"))

    def end(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kg.engine.ledger.Ledger.save", end)
        with pytest.raises(KeyboardInterrupt):
            pipeline.build([second], str(tmp_path / "g"))
    pipeline.build([third], str(tmp_path / "g"))
    assert made == [False]
    pipeline.build([first, second, third], str(tmp_path / "fresh"))
    assert content(tmp_path / "g") == content(tmp_path / "fresh")


def test_corrections_are_left_to_what_decides_all(tmp_path: Path, made: list[bool]) -> None:
    first, second = files(tmp_path, random.Random(0), [6, 4])
    shared = tmp_path / "shared.tsv"
    shared.write_text("merge\tMethod\tzebra one\tzebra two\tthe same\n", "utf-8")
    pipeline.build([first], str(tmp_path / "g"))
    pipeline.build([second], str(tmp_path / "g"), corrections=shared)
    assert made == []


def paper(title: str, *ids: tuple[str, str], abstract: str = "") -> Paper:
    return Paper("x", title, abstract, Source("0" * 64, "jsonl"), ids=ids)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (paper("A", ("doi", "10.1/a")), paper("B", ("arxiv", "2001.00001"), ("doi", "10.1/a"))),
        (paper("A", ("key", "7")), paper("B", ("key", "7"))),
        (paper("RAFT for Optical Flow (Extended Abstract)"), paper("RAFT for optical flow")),
        (paper("Preface", abstract="One."), paper("Preface.", abstract="Two.")),
        (paper(r"A $\beta$-VAE model"), paper("A β-VAE Model")),
        (paper("???"), paper("???")),
    ],
)
def test_records_that_may_decide_something_of_each_other_share_a_token(one: Paper, other: Paper) -> None:
    assert signs(one) & signs(other)
    assert len(signs(one)) == len(tokens(one))


def test_papers_that_share_no_token_are_merged_apart() -> None:
    ids = [("doi", f"10.1/{number}") for number in range(3)]
    some, others = [paper("Preface", ids[0]), paper("Preface", ids[1])], [paper("A title of words", ids[2])]
    assert not {token for each in some for token in tokens(each)} & tokens(others[0])
    assert merge([*some, *others]).papers == tuple(
        sorted((*merge(some).papers, *merge(others).papers), key=lambda p: p.id)
    )


def test_signs_are_numbers_that_sqlite_keeps() -> None:
    assert all(-(2**63) <= sign(str(number), "\ud800") < 2**63 for number in range(100))
    assert np.int64(sign("a", "b")) != sign("ab")
