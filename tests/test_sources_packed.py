"""Packed files: what is in them is read, whatever they are called, and damage is told."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import pipeline
from kg.errors import SourceError
from kg.model import Paper, Rejected
from kg.sources import detect, files, read

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACKS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
}
LINES = b"".join(b'{"title": "Paper %06d", "abstract": "%d"}\n' % (n, n * n) for n in range(5_000))
packs = pytest.mark.parametrize("name", PACKS)


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "papers.txt"
    path.write_bytes(data)
    return path


@packs
def test_what_is_in_it_is_read(tmp_path: Path, name: str) -> None:
    packed = PACKS[name](LINES)
    path = written(tmp_path, packed)
    assert detect(path) == "jsonl"
    found = [paper for paper in read(path) if isinstance(paper, Paper)]
    assert [paper.title for paper in found] == [f"Paper {number:06}" for number in range(5_000)]
    assert {paper.source.sha256 for paper in found} == {hashlib.sha256(packed).hexdigest()}


@packs
def test_a_page_and_a_table(tmp_path: Path, name: str) -> None:
    page = b"Title A B C\nAuthors D\nAbstract E, f\nTasks\nPublished 2020\nURL\n"
    table = b'title,abstract\n"A, b",C\nD,E\n'
    counts = [len(list(read(written(tmp_path, PACKS[name](data))))) for data in (page, table)]
    assert counts == [1, 2]


@packs
def test_several_behind_one_another(tmp_path: Path, name: str) -> None:
    pack = PACKS[name]
    half = len(LINES) // 2
    packed = pack(LINES[:half]) + pack(b"") + pack(LINES[half:])
    with files.opened(written(tmp_path, packed)) as file:
        assert file.read() == LINES


def test_padding_at_the_end(tmp_path: Path) -> None:
    with files.opened(written(tmp_path, PACKS["gzip"](LINES) + bytes(200_000))) as file:
        assert file.read() == LINES


@packs
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_what_stands_before_the_cut_is_kept(tmp_path: Path, name: str, share: float) -> None:
    packed = PACKS[name](LINES)
    path = written(tmp_path, packed[: int(len(packed) * share)])
    found = list(pipeline.papers([path]))
    *before, last = found
    assert isinstance(last, Rejected)
    assert last.line == 0
    assert last.reason.startswith(f"the {name} file ends too early, after ")
    assert last.reason.endswith(" unpacked bytes: get it anew (what came before is kept)")
    assert {type(each) for each in before} <= {Paper}
    assert [each.title for each in before if isinstance(each, Paper)] == [f"Paper {n:06}" for n in range(len(before))]
    if name == "gzip":
        assert len(before) > 5_000 * share * 0.5


@packs
def test_damage_is_told(tmp_path: Path, name: str) -> None:
    packed = bytearray(PACKS[name](LINES))
    middle = len(packed) // 2
    packed[middle : middle + 40] = b"\xa5" * 40
    *_, last = pipeline.papers([written(tmp_path, bytes(packed))])
    assert isinstance(last, Rejected)
    assert f"the {name} file is damaged, after " in last.reason


@packs
def test_what_is_not_packed_behind_it(tmp_path: Path, name: str) -> None:
    *papers, last = pipeline.papers([written(tmp_path, PACKS[name](LINES) + b"garbage" * 9)])
    assert len(papers) == 5_000
    assert isinstance(last, Rejected)
    assert "is damaged" in last.reason


@packs
@given(st.data())
def test_changed_bytes_are_no_surprise(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    packed = bytearray(PACKS[name](LINES[:4_000]))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("changed") / "papers"
    path.write_bytes(packed[: data.draw(st.integers(0, len(packed)))])
    assert all(isinstance(each, Paper | Rejected) for each in pipeline.papers([path]))


@packs
def test_a_bomb_takes_no_memory(tmp_path: Path, name: str) -> None:
    """A quarter of a gigabyte of nothing, in one line, behind one paper."""
    packed = PACKS[name](b'{"title": "A"}\n') + PACKS[name](bytes(1 << 28))
    assert len(packed) < 1 << 20
    path = written(tmp_path, packed)
    tracemalloc.start()
    try:
        found = list(pipeline.papers([path]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(found[0], Rejected)  # what it begins with is no text
    with pytest.raises(SourceError, match="is not text"):
        detect(path)
    assert peak < 1 << 25


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST", 1 << 16)
    path = written(tmp_path, PACKS["gzip"](LINES[:300_000] + b"x" * 3_000_000 + b"\n" + LINES[:4000]))
    tracemalloc.start()
    try:
        rejected = [each for each in read(path) if isinstance(each, Rejected)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "a line of more than 0 MiB" in {each.reason for each in rejected}
    assert peak < 2_000_000


def test_a_page_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST", 1 << 16)
    path = written(tmp_path, PACKS["xz"](b"Title A\n" * 10_000))
    with pytest.raises(SourceError, match="a page of more than 0 MiB: name its format, or split it"):
        list(read(path, format="listing-text"))
