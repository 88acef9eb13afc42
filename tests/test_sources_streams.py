"""Real files in these formats: they are counted, come out before their end is read, and survive damage."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import pipeline
from kg.model import Paper, Rejected
from kg.sources import expand, files, read
from tests import test_sources_bibliographic as written

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

SHARED = Path(__file__).parents[2] / "shared"
SAMPLES = SHARED / "samples"

#: One record of each format, as often as needed; what stands before and behind.
ENTRY = "@misc{k%d, title = {A \\'Etude {N}umber %d}, author = {Doe, Jane}, abstract = {%s}}\n"
SOURCES: dict[str, tuple[str, Callable[[int], str], str]] = {
    "acl": (
        '<collection id="2020.x"><volume id="1"><meta><year>2020</year></meta>\n',
        lambda n: f'<paper id="{n}"><title>Study {n}</title><abstract>{"So. " * 100}</abstract></paper>\n',
        "</volume></collection>",
    ),
    "bibtex": ("", lambda n: ENTRY % (n, n, "So. " * 100), ""),
    "mlanthology": (
        '{"papers": [\n',
        lambda n: json.dumps({"bibtex_key": f"k{n}", "title": f"Study {n}", "abstract": "So. " * 100}) + ",\n",
        '{"bibtex_key": "z", "title": "Last"}]}',
    ),
    "ris": ("", lambda n: f"TY  - JOUR\nTI  - Study {n}\nAB  - {'So. ' * 100}\nER  - \n", ""),
}
streams = pytest.mark.parametrize("name", SOURCES)


def many(tmp_path: Path, name: str, count: int) -> Path:
    before, record, behind = SOURCES[name]
    path = tmp_path / "papers"
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        file.writelines(map(record, range(count)))
        file.write(behind)
    return path


@streams
def test_papers_come_out_before_the_end_is_read(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = many(tmp_path, name, 4_000)
    opened: list[io.BufferedReader] = []

    def watched(where: Path) -> io.BufferedReader:
        opened.append(where.open("rb"))
        return opened[-1]

    monkeypatch.setattr(files, "opened", watched)
    found = read(path)
    first = list(islice(found, 3))
    assert len(first) == 3
    assert all(isinstance(each, Paper) for each in first)
    assert opened[-1].tell() < path.stat().st_size / 4
    assert sum(1 for _ in found) >= 3_997


@pytest.mark.slow
@streams
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str) -> None:
    peaks = []
    for count in (500, 5_000):
        path = many(tmp_path, name, count)
        tracemalloc.start()
        try:
            assert sum(isinstance(each, Paper) for each in read(path)) >= count
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000


@streams
def test_what_stands_before_the_damage_is_kept(tmp_path: Path, name: str) -> None:
    path = many(tmp_path, name, 400)
    whole = len(list(read(path)))
    packed = gzip.compress(path.read_bytes(), mtime=0)
    path.write_bytes(packed[:-8])  # all is there but for the checksum
    *before, last = pipeline.papers([path])
    assert len(before) >= whole - 1
    assert all(isinstance(each, Paper) for each in before)
    assert isinstance(last, Rejected)
    assert last.reason.startswith("the gzip file ends too early")


#: The sample, and how many records it has, counted without a parser.
COUNTS: dict[str, Callable[[str], int]] = {
    "mlanthology/iclr-2018.json": lambda text: text.count('"bibtex_key":'),
    "acl/P18.xml": lambda text: text.count("<paper "),
    "acl/2020.iwpt.xml": lambda text: text.count("<paper "),
    "pmlr/v331_l4dc26.bib": lambda text: len(re.findall(r"^@", text, re.MULTILINE)),
    "pmlr/v331__config.yml": lambda text: len(text[:1]),
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_record_of_a_sample_is_accounted_for(name: str) -> None:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip("the samples are not beside this checkout")
    found = list(read(path))
    rejected = [each.reason for each in found if isinstance(each, Rejected)]
    assert len(found) == COUNTS[name](path.read_text("utf-8"))
    assert all("a whole volume" in reason or "describes a volume" in reason for reason in rejected)
    assert len(rejected) == (1 if name.startswith("pmlr/") else 0)
    for paper in (each for each in found if isinstance(each, Paper)):
        assert (bool(paper.abstract), bool(paper.authors), bool(paper.year), bool(paper.venue)) == (True,) * 4
        assert not re.search(r"<fixed-case|\\['\"`^~][A-Za-z{]|[{]\\", paper.title)


def test_a_folder_of_pages() -> None:
    folder = SAMPLES / "pmlr" / "v22_posts"
    if not folder.is_dir():
        pytest.skip("the samples are not beside this checkout")
    found = list(pipeline.papers([folder]))
    assert len(found) == len(list(folder.glob("*.md"))) == 20
    assert all(isinstance(each, Paper) and each.id.startswith("pmlr:v22/") for each in found)


SEEDS = {
    "acl": written.ACL,
    "bibtex": written.BIB,
    "mlanthology": written.volume(written.GOOD, written.GOOD, written.GOOD),
    "pmlr": written.POST,
    "ris": written.RIS,
}
CRUMBS = st.sampled_from(
    [b"{", b"}", b"@", b'"', b"\\", b"<", b">", b"&", b"\n", b"\0", b"\xff", b"\xed\xa0\x80", b"TY  - ", b"---\n", b"$"]
)


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=60)
@given(st.data())
def test_damaged_files_are_no_surprise(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    content = bytearray(SEEDS[name].encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.integers(0, 3)):
            case 0:
                content[at:at] = data.draw(CRUMBS) * data.draw(st.sampled_from([1, 2, 300]))
            case 1:
                del content[at : at + data.draw(st.integers(1, 40))]
            case 2:
                content[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case _:
                content[at:at] = content[data.draw(st.integers(0, len(content))) :][:200]
    path = tmp_path_factory.mktemp("damaged") / "papers"
    path.write_bytes(content)
    for format_ in ("auto", name):
        found = list(pipeline.papers([path], format=format_))
        assert all(isinstance(each, Paper | Rejected) for each in found)
        assert found
        repr(found).encode("utf-8")


def test_the_samples_are_all_read() -> None:
    folders = [SAMPLES / name for name in ("acl", "mlanthology", "pmlr")]
    if not all(folder.is_dir() for folder in folders):
        pytest.skip("the samples are not beside this checkout")
    found = list(pipeline.papers(folders))
    assert len(expand(folders).paths) == 25
    assert sum(isinstance(each, Paper) for each in found) == 337 + 435 + 26 + 106 + 20
    assert sum(isinstance(each, Rejected) for each in found) == 2
