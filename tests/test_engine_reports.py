"""What a build keeps for reports is what reports read from the store. Our own papers."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.report import Report, Sheet, bodies, cache, cooccurrence, leaderboard, numbers, quotes
from kg.report.matrices import Matrices, read
from kg.report.strings import Strings
from kg.store import open_graph, stamp, update

if TYPE_CHECKING:
    from collections.abc import Mapping

SEED = next((Path(__file__).parents[1] / "examples").glob("*.txt"))
PAPERS: list[Mapping[str, object]] = [
    {
        "title": "ResNet on CIFAR-10",
        "abstract": "We evaluate ResNet on CIFAR-10 and MNIST.",
        "year": 2017,
        "venue": "ICML",
    },
    {
        "title": 'Ünïcödé "quoted" \\ back\tslash\u0007 <b>',
        "abstract": "We use BERT.",
        "date": "2019-05",
        "url": "http://b/",
    },
    {"title": "Half a \ud800 pair", "abstract": "ImageNet is hard.", "venue": "  é\\n \ud800", "year": 20190},
    {"title": "Nothing is named", "abstract": "", "date": "2019-02-30"},
]


def build(*words: object) -> None:
    done = CliRunner().invoke(cli, ["build", *map(str, words)])
    assert done.exit_code == 0, done.output


def equal(directory: Path) -> None:
    found = cache._kept(directory / cache.FILE, f"{cache._LAYOUT} {stamp(directory)}")
    assert found is not None
    kept = found.matrices
    there = read(open_graph(directory))
    for field in fields(Matrices):
        one, two = getattr(kept, field.name), getattr(there, field.name)
        assert list(one) == list(two), field.name
        assert type(one) is type(two)
        assert isinstance(one, Strings) or one.dtype == two.dtype


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS), "utf-8")
    return path


def test_a_build_keeps_what_a_report_would_read(listing: Path, tmp_path: Path) -> None:
    place = tmp_path / "g.kg"
    build(listing, "--graph", place)
    equal(place)
    build(SEED, "--graph", place)
    equal(place)
    build("--remove", listing, "--graph", place)
    equal(place)
    build("--graph", place, "--fresh", SEED)
    equal(place)


RESULTS: list[Mapping[str, object]] = [
    {
        "title": f"Net {number}",
        "abstract": f"We propose Net{number}. On CIFAR-10 our ResNet reaches {90 + number}% accuracy.",
    }
    for number in range(4)
]


def everything(place: Path) -> tuple[object, ...]:
    """What reports quote."""
    pairs = cooccurrence(place, predicates={"Method": ["uses", "proposes"]}), cooccurrence(place, rows="Metric")
    return *pairs, leaderboard(place, "CIFAR-10")


def test_quotes_and_numbers_are_the_same_from_what_a_build_kept_and_from_the_store(
    listing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, more = tmp_path / "g.kg", tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps(paper) + "\n" for paper in RESULTS), "utf-8")
    build(listing, more, "--graph", place)
    build(SEED, "--graph", place)
    with monkeypatch.context() as patch:
        patch.setattr(quotes, "_looked_up", lambda *_: pytest.fail("asked the store"))
        patch.setattr(numbers, "_looked_up", lambda *_: pytest.fail("asked the store"))
        kept = everything(place)
    pairs, _, board = kept
    assert isinstance(pairs, Report)
    assert any(paper.quotes for pair in pairs.pairs for paper in pair.papers)
    assert isinstance(board, Sheet)
    assert len(board.rows) >= 4
    blocks = place / bodies.FILE
    whole = blocks.read_bytes()
    for damaged in (b"", whole[1:], bytes(len(whole)), None):
        blocks.unlink() if damaged is None else blocks.write_bytes(damaged)
        assert everything(place) == kept


def test_what_another_paper_says_is_not_taken_for_that_of_a_paper(listing: Path, tmp_path: Path) -> None:
    place = tmp_path / "g.kg"
    build(listing, "--graph", place)
    found = cache._kept(place / cache.FILE, f"{cache._LAYOUT} {stamp(place)}")
    assert found is not None
    assert found.bodies is not None
    wrong = replace(found.bodies, starts=found.bodies.starts[::-1], sizes=found.bodies.sizes[::-1])
    with pytest.raises(bodies.MovedError):
        list(wrong.said([0], found.matrices.papers, ["text"]))


def test_what_an_earlier_version_kept_is_made_anew(listing: Path, tmp_path: Path) -> None:
    place = tmp_path / "g.kg"
    build(listing, "--graph", place)
    with np.load(place / cache.FILE) as kept:
        old = dict(kept)
    old |= {"key": np.array(f"1 {stamp(place)}"), "link_said": old["link_said"].astype(np.uint8)}
    np.savez(place / cache.FILE, **old)
    assert cache.kept(place) is None
    cache.load(open_graph(place))
    equal(place)


def test_another_store_is_read_anew(listing: Path, tmp_path: Path) -> None:
    place = tmp_path / "g.kg"
    build(listing, "--graph", place)
    update(place, "DELETE WHERE { ?paper kg:venue ?venue }")
    assert list(cache.load(open_graph(place)).venues) == []


def test_a_place_that_cannot_be_written_does_no_harm(listing: Path, tmp_path: Path) -> None:
    place = tmp_path / "g.kg"
    (place / cache.FILE).mkdir(parents=True)
    (place / "kg.json").write_text('{"store": 2}\n')
    build(listing, "--graph", place)
    assert len(cache.load(open_graph(place)).papers) == len(read(open_graph(place)).papers) > 0
