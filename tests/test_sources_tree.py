"""Directories and patterns as sources."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import pipeline
from kg.model import Paper, Rejected
from kg.sources import expand

if TYPE_CHECKING:
    from collections.abc import Iterable

TREE = {
    "b.jsonl": '{"title": "B"}\n',
    "a/z.csv": "title,abstract\nZ,\n",
    "a/y.jsonl.gz": '{"title": "Y"}\n',
    "a/.hidden.jsonl": '{"title": "Hidden"}\n',
    ".git/config.jsonl": '{"title": "Config"}\n',
    "README.md": "# What this is",
    "a/LICENSE": "Free",
    "notes.txt": "Dear all, this is prose.",
    "readmetrics.jsonl": '{"title": "R"}\n',
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, content in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        data = content.encode()
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return tmp_path


def names(paths: Iterable[Path], top: Path) -> list[str]:
    return [str(path.relative_to(top)) for path in paths]


def test_a_directory(tree: Path) -> None:
    found = expand([tree])
    assert names(found.paths, tree) == ["b.jsonl", "notes.txt", "readmetrics.jsonl", "a/y.jsonl.gz", "a/z.csv"]
    assert names(found.skipped, tree) == ["README.md", ".git/config.jsonl", "a/.hidden.jsonl", "a/LICENSE"]


def test_each_file_once_and_by_name_whatever_it_is(tree: Path) -> None:
    found = expand([tree / "README.md", tree / "a" / "z.csv", tree, tree / "a"])
    assert names(found.paths, tree)[:2] == ["README.md", "a/z.csv"]
    assert len(found.paths) == len(set(found.paths)) == 6
    assert "README.md" not in names(found.skipped, tree)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.jsonl", ["b.jsonl", "readmetrics.jsonl"]),
        ("**/*.csv", ["a/z.csv"]),
        ("[ab]*", ["a/y.jsonl.gz", "a/z.csv", "b.jsonl"]),
        ("?.jsonl", ["b.jsonl"]),
        ("*.bib", ["*.bib"]),
    ],
)
def test_a_pattern(tree: Path, pattern: str, expected: list[str]) -> None:
    assert names(expand([tree / pattern]).paths, tree) == expected


def test_a_name_is_taken_to_the_letter_first(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").write_text('{"title": "A"}\n')
    (tmp_path / "a1.jsonl").write_text('{"title": "B"}\n')
    assert names(expand([tmp_path / "a[1].jsonl"]).paths, tmp_path) == ["a[1].jsonl"]
    assert expand([Path("a\x00*")]).paths == (Path("a\x00*"),)


def test_a_link_to_a_directory_above_is_not_followed(tree: Path) -> None:
    (tree / "a" / "up").symlink_to(tree, target_is_directory=True)
    os.mkfifo(tree / "a" / "pipe")
    found = expand([tree])
    assert len(found.paths) == 5
    assert "a/pipe" in names(found.skipped, tree)


def test_what_is_of_no_format_is_one_reject(tree: Path) -> None:
    found = list(pipeline.papers([tree]))
    assert [each.title for each in found if isinstance(each, Paper)] == ["B", "R", "Y", "Z"]
    (reject,) = (each for each in found if isinstance(each, Rejected))
    assert (reject.source, reject.line) == (str(tree / "notes.txt"), 0)
    assert reject.reason.startswith("its format is not recognised")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty", "is a directory without files: name files of papers"),
        ("*.bib", "no file fits this pattern: check the name"),
        ("none.bib", "no such file: check the name"),
    ],
)
def test_what_leads_to_nothing(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "empty").mkdir()
    assert list(pipeline.papers([tmp_path / name])) == [Rejected(str(tmp_path / name), 0, reason)]


def test_a_directory_is_built_as_its_files_are(tree: Path, tmp_path: Path) -> None:
    (tree / "notes.txt").unlink()
    together = pipeline.build([tree], str(tmp_path / "one.ttl"))
    apart = pipeline.build(
        [tree / name for name in ("a/y.jsonl.gz", "a/z.csv", "readmetrics.jsonl", "b.jsonl")], str(tmp_path / "two.ttl")
    )
    assert together.accepted == apart.accepted == 4
    assert (tmp_path / "one.ttl").read_bytes() == (tmp_path / "two.ttl").read_bytes()
