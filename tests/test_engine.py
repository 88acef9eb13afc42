"""A directory is built step by step, and what is built is what would have been built at once.

The abstracts are of our own writing.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import ontology, pipeline
from kg.engine import chunks, digests
from kg.errors import GraphError
from kg.store import directory, open_graph
from kg.store.cache import Cache
from tests.marked import abstracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.model import Mention, Paper

ROOT = Path(__file__).parents[1]
KG = [sys.executable, "-c", "from kg.cli import main; main()", "--quiet"]


def listing(path: Path, rows: Iterable[tuple[int, str]]) -> Path:
    """Papers with a number in the title, and a sentence more."""
    known = abstracts()
    with path.open("w", encoding="utf-8") as lines:
        for number, more in rows:
            row = known[number % len(known)]
            title, text = f"{row['title']}, part {number}", f"{row['abstract']} {more}".strip()
            paper = {"title": title, "abstract": text, "authors": ["Ada Lovelace", f"Person {number}"], "year": 2020}
            lines.write(json.dumps(paper) + "\n")
    return path


@pytest.fixture(scope="module")
def a(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return listing(tmp_path_factory.mktemp("a") / "a.jsonl", ((number, "") for number in range(10)))


@pytest.fixture(scope="module")
def b(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some papers of the first file, one of them with another text, and others that tell more of its names."""
    more = "Zebra stripe networks (ZSN) beat the ResNet-50 model on LOL dataset by 3.1 dB median PSNR."
    rows = [(8, ""), (9, more), *((number, more) for number in range(10, 15))]
    return listing(tmp_path_factory.mktemp("b") / "b.jsonl", rows)


def built(place: Path, *sources: Path, jobs: int = 1, **options: object) -> list[str]:
    pipeline.build(sources, str(place), jobs=jobs, **options)  # type: ignore[arg-type]
    return list(open_graph(place).lines())


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, a: Path, b: Path) -> list[str]:
    """What the two files say, built at once into an RDF file."""
    return built(tmp_path_factory.mktemp("together") / "ab.nt", a, b)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the papers that are drawn."""
    titles: list[str] = []
    draw = chunks.draw

    def told(papers: Sequence[chunks.Undrawn], *, min_confidence: float, extractor: str) -> list[chunks.Drawn]:
        titles.extend(each.paper.title for each in papers)
        return draw(papers, min_confidence, extractor)

    monkeypatch.setattr(chunks, "draw", told)
    return titles


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a"), ("ab",), ("ba",), ("a", "ab"), ("a", "a", "b", "b")])
def test_the_order_of_builds_decides_nothing(
    tmp_path: Path, a: Path, b: Path, together: list[str], order: Sequence[str]
) -> None:
    found: list[str] = []
    for names in order:
        found = built(tmp_path / "g", *({"a": a, "b": b}[name] for name in names))
    assert found == together


def test_the_triples_are_counted_without_asking_the_store(tmp_path: Path, a: Path, b: Path) -> None:
    """Holds only while no triple is said by two papers: those that may be are of the corpus."""
    for source in (a, b):
        summary = pipeline.build([source], str(tmp_path / "g"))
        assert summary.triples == len(list(open_graph(tmp_path / "g").lines()))


def test_many_processes_build_what_one_builds(tmp_path: Path) -> None:
    source = listing(tmp_path / "many.jsonl", ((number, "") for number in range(150)))
    assert built(tmp_path / "one", source) == built(tmp_path / "two", source, jobs=2)


def state(place: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in place.rglob("*") if path.name != ".lock")


def test_the_same_again_touches_nothing(tmp_path: Path, a: Path, b: Path) -> None:
    first = pipeline.build([a, b], str(tmp_path / "g"))
    before = state(tmp_path / "g")
    for sources in ([a], [b, a], []):
        again = pipeline.build(sources, str(tmp_path / "g"))
        assert again.unchanged
        assert (again.read, again.claims, again.triples) == (first.read, first.claims, first.triples)
    assert state(tmp_path / "g") == before


def test_a_removed_source_takes_along_what_only_it_said(tmp_path: Path, a: Path, b: Path) -> None:
    alone = built(tmp_path / "alone", a)
    built(tmp_path / "g", a, b)
    assert built(tmp_path / "g", remove=[b]) == alone
    sha256 = next(each.name for each in (tmp_path / "g" / "papers").iterdir())[:12]
    assert built(tmp_path / "g", b, remove=[Path(sha256)]) == built(tmp_path / "other", b)
    with pytest.raises(GraphError, match=r"absent\.csv is no source of .*g: kg stats .*g shows the digests"):
        pipeline.build([], str(tmp_path / "g"), remove=[Path("absent.csv")])
    with pytest.raises(GraphError, match=r"g would be left without papers: delete it instead$"):
        pipeline.build([], str(tmp_path / "g"), remove=[b])
    assert list(open_graph(tmp_path / "g").lines()) == built(tmp_path / "other", b)


def test_only_what_a_change_reaches_is_drawn_again(tmp_path: Path, a: Path, drawn: list[str]) -> None:
    graph = tmp_path / "g"
    built(graph, a)
    assert len(drawn) == 10
    drawn.clear()
    built(graph, listing(tmp_path / "one.jsonl", [(20, "")]))
    assert [title for title in drawn if "part 20" in title] == drawn
    drawn.clear()
    title = json.loads(a.read_text("utf-8").splitlines()[0])["title"]
    (graph / "corrections.tsv").write_text(
        f"accept\t{paper_id(graph, title)}\tuses\tMethod\tzebra\tso it is\n", "utf-8"
    )
    changed = built(graph)
    assert drawn == [title]
    assert changed == built(tmp_path / "c.nt", a, tmp_path / "one.jsonl", corrections=graph / "corrections.tsv")


def paper_id(graph: Path, title: str) -> str:
    rows = open_graph(graph).select("SELECT ?paper ?title { ?paper dcterms:title ?title }")
    return next(str(row["paper"]).rpartition("/")[2] for row in rows if row["title"] == title)


@pytest.mark.parametrize("step", ["finding", "drawing"])
def test_what_another_model_or_vocabulary_gave_is_not_used(
    tmp_path: Path, a: Path, monkeypatch: pytest.MonkeyPatch, drawn: list[str], step: str
) -> None:
    read = list[str]()
    marked = chunks.marked

    def told(paper: Paper, model: str) -> list[Mention]:
        read.append(paper.title)
        return marked(paper, model)

    monkeypatch.setattr(chunks, "marked", told)
    before = built(tmp_path / "g", a)
    assert (len(read), len(drawn)) == (10, 10)
    monkeypatch.setattr(digests, step, lambda model: f"another {model}")
    assert built(tmp_path / "g", a) == before
    assert (len(read), len(drawn)) == ({"finding": 20, "drawing": 10}[step], 20)


# What goes wrong.


@pytest.mark.parametrize("cut", [1, 7, 100])
def test_a_torn_end_of_a_cache_is_dropped(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "x"
    with Cache.open(path) as cache:
        cache.add({"one": 1}, {"one": b"first" * 20})
        whole = path.stat().st_size
        cache.add({"two": 2}, {"two": os.urandom(200)})
    os.truncate(path, path.stat().st_size - cut)
    with Cache.open(path) as cache:
        assert ("one" in cache, "two" in cache, cache.body("one")) == (True, False, b"first" * 20)
        assert path.stat().st_size == whole
        cache.add({"three": 3}, {"three": b"third"})
    with Cache.open(path) as cache:
        assert (cache.facts("three"), cache.body("three"), "two" in cache) == (3, b"third", False)


def test_a_damaged_frame_of_a_cache_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with Cache.open(path) as cache:
        cache.add({"one": 1}, {"one": b"first" * 20})
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with Cache.open(path) as cache:
        assert "one" not in cache


def test_facts_that_are_forgotten_are_read_again(tmp_path: Path) -> None:
    asked: list[int] = []

    def read(facts: list[int], same: dict[int, object]) -> object:
        asked.extend(facts)
        return same.setdefault(facts[0], object())

    with Cache.open(tmp_path / "x", read) as cache:
        cache.add({"one": [1], "two": [2], "three": [1]}, dict.fromkeys(("one", "two", "three"), b"body"))
        first = cache.facts("one")
        assert cache.facts("three") is first
        cache.forget()
        assert cache.facts("one") is not first
        assert (cache.facts("one") is cache.facts("three"), cache.body("one")) == (True, b"body")
        assert asked == [1, 2, 1, 1, 2, 1]


def test_a_cache_forgets_what_is_not_used(tmp_path: Path) -> None:
    with Cache.open(tmp_path / "x") as cache:
        for number in range(100):
            cache.add({str(number): number}, {str(number): os.urandom(500)})
        kept = {key: cache.body(key) for key in ("3", "77")}
        cache.keep(set(kept))
        assert (tmp_path / "x").stat().st_size < 2000
        assert {key: cache.body(key) for key in kept} == kept
        assert (cache.facts("77"), "4" in cache) == (77, False)


def test_torn_caches_change_nothing(tmp_path: Path, a: Path, b: Path, together: list[str]) -> None:
    built(tmp_path / "g", a)
    for path in (tmp_path / "g" / "cache").iterdir():
        os.truncate(path, path.stat().st_size - 3)
    assert built(tmp_path / "g", b) == together


@pytest.mark.parametrize("file", ["kg-state.json.gz", "papers"])
def test_damaged_files_are_told(tmp_path: Path, a: Path, b: Path, file: str) -> None:
    built(tmp_path / "g", a)
    path = tmp_path / "g" / "store" / file if file != "papers" else next((tmp_path / "g" / "papers").iterdir())
    path.write_bytes(gzip.compress(b"{}")[:-9])
    with pytest.raises(GraphError, match=r"g: what earlier builds kept is damaged: build again with --fresh$"):
        pipeline.build([b], str(tmp_path / "g"))


def test_a_graph_of_the_first_layout_is_left_alone(tmp_path: Path, a: Path) -> None:
    built(tmp_path / "g", a)
    (tmp_path / "g" / "kg.json").write_text('{"store": 1}', "utf-8")
    with pytest.raises(GraphError, match="g has store format 1, and this kg knows format 2: use the kg that made it"):
        pipeline.build([a], str(tmp_path / "g"))


def test_a_second_build_is_refused_at_once(tmp_path: Path, a: Path, b: Path) -> None:
    before = built(tmp_path / "g", a)
    with (
        directory.locked(tmp_path / "g" / ".lock"),
        pytest.raises(GraphError, match=r"g: another kg is writing here: wait until that has ended$"),
    ):
        pipeline.build([b], str(tmp_path / "g"))
    assert list(open_graph(tmp_path / "g").lines()) == before


@pytest.mark.parametrize("size", [3_000, 70_000])
def test_a_full_disk_is_one_line_and_leaves_the_graph(
    tmp_path: Path, a: Path, b: Path, together: list[str], size: int
) -> None:
    before = built(tmp_path / "g", a)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [*KG, "build", str(b), "--graph", str(tmp_path / "g"), "--jobs", "1"]
    ended = subprocess.run(command, cwd=ROOT, preexec_fn=full, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Error: {tmp_path / 'g'} cannot be written: ")
    assert ended.stderr.count("\n") == 1
    assert list(open_graph(tmp_path / "g").lines()) == before
    assert built(tmp_path / "g", b) == together


def killed(graph: Path, source: Path, after: float) -> bool:
    """Begin a build and kill it; tells whether it had not ended."""
    command = [*KG, "build", str(source), "--graph", str(graph), "--jobs", "1"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as build:
        time.sleep(after)
        build.send_signal(signal.SIGKILL)
        return build.wait() == -signal.SIGKILL


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_killed_build_leaves_the_graph_and_goes_on(
    tmp_path: Path, a: Path, b: Path, together: list[str], times: int
) -> None:
    chance = random.Random(times)
    before = built(tmp_path / "g", a)
    start = time.monotonic()
    built(tmp_path / "whole", a)
    span, kills = 3 * (time.monotonic() - start) + 4, 0
    for _ in range(times):
        kills += killed(tmp_path / "g", b, chance.uniform(0, span))
        assert list(open_graph(tmp_path / "g").lines()) in (before, together)
    assert kills or times < 5
    assert built(tmp_path / "g", b) == together


@pytest.mark.parametrize("moment", ["rename", "rmtree", "bulk"])
def test_a_build_that_ends_within_the_change_of_the_store(
    tmp_path: Path, a: Path, b: Path, together: list[str], moment: str
) -> None:
    monkeypatch = pytest.MonkeyPatch()
    before = built(tmp_path / "g", a)

    def end(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    places: dict[str, Callable[[], None]] = {
        "rename": lambda: monkeypatch.setattr(Path, "rename", end),
        "rmtree": lambda: monkeypatch.setattr("shutil.rmtree", end),
        "bulk": lambda: monkeypatch.setattr("kg.store.directory.swap", end),
    }
    places[moment]()
    with pytest.raises(KeyboardInterrupt):
        pipeline.build([b], str(tmp_path / "g"))
    monkeypatch.undo()
    assert list(open_graph(tmp_path / "g").lines()) in (before, together)
    assert built(tmp_path / "g", b) == together


def test_a_file_that_ends_too_early_says_so_at_every_build(tmp_path: Path) -> None:
    whole = listing(tmp_path / "whole.jsonl", ((number, "") for number in range(12)))
    packed = gzip.compress(whole.read_bytes(), mtime=0)
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(packed[: len(packed) * 2 // 3])
    told = []
    for fresh in (False, False, True):
        summary = pipeline.build([torn], str(tmp_path / "g"), fresh=fresh)
        assert 0 < summary.accepted < 12
        told.append([(each.source, each.line, each.reason) for each in summary.rejects if not each.line])
    assert told[0][0][0] == str(torn)
    assert "ends too early" in told[0][0][2]
    assert told == [told[0]] * 3


def test_nothing_is_removed_for_a_new_file_that_cannot_be_read(tmp_path: Path, a: Path, b: Path) -> None:
    before = built(tmp_path / "g", a, b)
    with pytest.raises(GraphError, match=r"missing\.jsonl: .*; nothing was removed"):
        pipeline.build([tmp_path / "missing.jsonl"], str(tmp_path / "g"), remove=[a])
    assert list(open_graph(tmp_path / "g").lines()) == before


def test_a_cache_that_has_lost_a_part_is_filled_again(tmp_path: Path, a: Path) -> None:
    before = built(tmp_path / "g", a)
    (tmp_path / "g" / "cache" / "mentions").unlink()
    after = built(tmp_path / "g", a, min_confidence=0.9)
    assert before != after == built(tmp_path / "again", a, min_confidence=0.9)


def test_what_earlier_builds_kept_is_mended_by_fresh(tmp_path: Path, a: Path, b: Path) -> None:
    before = built(tmp_path / "g", a)
    for path in (tmp_path / "g" / "papers").iterdir():
        path.write_bytes(b"")
    with pytest.raises(GraphError, match="build again with --fresh"):
        pipeline.build([b], str(tmp_path / "g"))
    assert built(tmp_path / "g", a, fresh=True) == before


def test_a_directory_of_another_version_stays_as_it_is_until_there_is_a_graph(tmp_path: Path, a: Path) -> None:
    built(tmp_path / "g", a)
    marker = tmp_path / "g" / "kg.json"
    marker.write_text('{"store": 1}\n', "utf-8")
    summary = pipeline.build([tmp_path / "missing.jsonl"], str(tmp_path / "g"), fresh=True)
    assert summary.accepted == 0
    assert json.loads(marker.read_text("utf-8")) == {"store": 1}
    pipeline.build([a], str(tmp_path / "g"), fresh=True)
    assert json.loads(marker.read_text("utf-8")) == {"store": directory.VERSION}


def test_another_sense_of_an_ambiguous_name_is_read(
    tmp_path: Path, a: Path, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tmp_path / "g", a)
    drawn.clear()
    monkeypatch.setattr(ontology, "digest_of_all", lambda: "another")
    pipeline.build([a], str(tmp_path / "g"))
    assert len(drawn) == 10


def test_shared_corrections_are_kept_although_nothing_else_is_new(tmp_path: Path, a: Path) -> None:
    shared = tmp_path / "shared.tsv"
    shared.write_text("merge\tMethod\tzebra one\tzebra two\tthe same\n", "utf-8")
    built(tmp_path / "g", a, corrections=shared)
    copy = tmp_path / "g" / "corrections.shared.tsv"
    copy.unlink()
    pipeline.build([a], str(tmp_path / "g"), corrections=shared)
    assert copy.read_text("utf-8") == shared.read_text("utf-8")
