"""What a build keeps for reports is what reports read from the store. Our own papers."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.report import cache
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
    kept = cache._kept(directory / cache.FILE, f"1 {stamp(directory)}")
    assert kept is not None
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
