"""RDF that is written from what a build kept is, byte for byte, what the store gives. Our own papers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.export.formats import export
from kg.export.kept import lines
from kg.report.bodies import MovedError
from kg.store import open_graph, update
from kg.store.dump import dump

if TYPE_CHECKING:
    from pathlib import Path

PAPERS = [
    {"title": "ResNet on CIFAR-10", "abstract": "ResNet reaches 93.10% accuracy on CIFAR-10.", "year": 2017},
    {"title": 'Ünïcödé "quoted" \\ back\tslash\u0007 <b>\u2028', "abstract": "We use BERT.\r\nIt is 0.50 better."},
    {"title": "Half a \ud800 pair", "abstract": "ImageNet is hard.", "date": "2019-02-30"},
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    listing, place = tmp_path / "papers.jsonl", tmp_path / "papers.kg"
    listing.write_text("".join(f"{json.dumps(paper)}\n" for paper in PAPERS), "utf-8")
    done = CliRunner().invoke(cli, ["build", str(listing), "--graph", str(place)])
    assert done.exit_code == 0, done.output
    return place


@pytest.mark.parametrize("form", ["n-triples", "n-quads", "turtle", "json-ld"])
def test_what_was_kept_is_what_the_store_has(directory: Path, form: str, tmp_path: Path) -> None:
    graph = open_graph(directory)
    assert lines(graph) is not None
    export(graph, form, tmp_path / "kept")
    with (tmp_path / "asked").open("wb") as asked:
        dump(graph, asked, form)
    assert (tmp_path / "kept").read_bytes() == (tmp_path / "asked").read_bytes()


def test_a_store_that_was_changed_is_asked(directory: Path, tmp_path: Path) -> None:
    update(directory, "INSERT DATA { <http://a/> <http://b/> <http://c/> }")
    graph = open_graph(directory)
    assert lines(graph) is None
    export(graph, "n-triples", tmp_path / "changed.nt")
    assert b"<http://a/> <http://b/> <http://c/> .\n" in (tmp_path / "changed.nt").read_bytes()


def test_damage_to_what_was_kept_does_not_matter(directory: Path, tmp_path: Path) -> None:
    export(open_graph(directory), "n-triples", tmp_path / "before.nt")
    blocks = directory / "cache" / "blocks"
    blocks.write_bytes(b"x" * blocks.stat().st_size)
    graph = open_graph(directory)
    with pytest.raises(MovedError):
        list(lines(graph) or ())
    export(graph, "n-triples", tmp_path / "after.nt")
    assert (tmp_path / "after.nt").read_bytes() == (tmp_path / "before.nt").read_bytes()
