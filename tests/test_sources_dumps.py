"""Answers of APIs and dumps: the files in `data/sources` are written for these tests, from their specifications."""

from __future__ import annotations

import json
import random
import re
import tracemalloc
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.errors import SourceError
from kg.extras import install
from kg.model import DeclaredClaim, DeclaredResult, Paper, Rejected
from kg.sources import FORMATS, detect, documents, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DATA = Path(__file__).parent / "data" / "sources"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
FILES = {
    "arxiv.atom": ("arxiv-atom", 2, ["34: no title"]),
    "openalex.json": ("openalex", 1, ["14: no title"]),
    "openreview.json": ("openreview", 2, ["10: a reply in a forum, and no paper"]),
    "semantic_scholar.json": ("semantic-scholar", 1, ["7: not a JSON object"]),
    "zotero.csv": ("zotero", 2, ["5: an item of type attachment, and no paper"]),
    "pwc_papers.json": ("pwc-papers", 1, ["9: no title"]),
    "pwc_links.json": ("pwc-links", 3, ["10: no title"]),
    "pwc_datasets.json": (
        "pwc-datasets",
        1,
        ["6: names no paper that introduces it: 'OrphanSet' cannot be said of any"],
    ),
    "pwc_methods.json": ("pwc-methods", 1, ["6: names no paper that introduces it: 'SoftCount' cannot be said of any"]),
    "pwc_tables.json": (
        "pwc-tables",
        2,
        ["2: no number: '12M' ('Params')", "2: no title ('Accuracy')", "2: a row without numbers"],
    ),
}


def papers(found: Iterable[Paper | Rejected]) -> list[Paper]:
    return [record for record in found if isinstance(record, Paper)]


def reasons(found: Iterable[Paper | Rejected]) -> list[str]:
    return [f"{record.line}: {record.reason}" for record in found if isinstance(record, Rejected)]


def written(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "file"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_the_content_tells_the_format_and_what_is_none_is_rejected(name: str) -> None:
    form, accepted, rejected = FILES[name]
    found = list(read(DATA / name))
    assert detect(DATA / name) == form
    assert len(papers(found)) == accepted
    assert reasons(found) == rejected
    assert {paper.source.format for paper in papers(found)} == {form}
    assert [paper.source.position for paper in papers(found)] == sorted({p.source.position for p in papers(found)})


def test_arxiv_atom() -> None:
    first, second = papers(read(DATA / "arxiv.atom"))
    assert first.title == "Nets that Count Their Own Edges"
    assert first.abstract == "We count edges & nodes in one pass.\nA second paragraph begins here."
    assert first.ids == (("arxiv", "2101.00001"), ("doi", "10.1234/nets.1"))
    assert first.authors == ("Ada Lovelace", "Alan Turing")
    assert (first.published, first.venue) == ("2021-01-01", "Journal of Nets 1 (2021)")
    assert second.id == "arxiv:cs/9901001"


def with_entities(tmp_path: Path, declared: str, used: str) -> list[Paper | Rejected]:
    """What is read of the feed with a document type, and something more in its first abstract."""
    text = (DATA / "arxiv.atom").read_text("utf-8").replace("&amp; nodes", f"{used} nodes")
    head, feed = text.split("?>", 1)
    return list(read(written(tmp_path, f"{head}?><!DOCTYPE feed [{declared}]>{feed}")))


def test_a_feed_names_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the hidden words", "utf-8")
    found = with_entities(tmp_path, f'<!ENTITY file SYSTEM "{secret.as_uri()}">', "&file;")
    assert papers(found)[0].abstract.startswith("We count edges nodes in one pass.")


def test_a_feed_whose_entities_explode_is_rejected(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    (why,) = reasons(with_entities(tmp_path, f'<!ENTITY e0 "lol">{bomb}', "&e9;"))
    assert "not XML: Maximum entity amplification" in why


def test_arxiv_snapshot(tmp_path: Path) -> None:
    row = {
        "id": "2101.00001",
        "submitter": "A",
        "title": "Nets that\n  Count",
        "authors": "Ada Lovelace and Alan Turing",
        "categories": "cs.LG",
        "abstract": "  We\ncount.\n",
        "doi": None,
        "versions": [{"version": "v1", "created": "Fri, 1 Jan 2021 19:18:42 GMT"}],
        "update_date": "2022-05-05",
        "authors_parsed": [["Lovelace", "Ada", ""], ["King", "Martin Luther", "Jr."]],
    }
    path = written(tmp_path, f"{json.dumps(row)}\n{json.dumps(row | {'versions': 'v1'})}\n")
    found = list(read(path))
    (paper,) = papers(found)
    assert paper.source.format == "arxiv"
    assert (paper.title, paper.abstract) == ("Nets that Count", "We count.")
    assert paper.authors == ("Ada Lovelace", "Martin Luther King Jr.")
    assert paper.published == "2021-01-01"
    assert reasons(found) == ["2: the versions are not a list of objects"]


def test_openalex() -> None:
    (paper,) = papers(read(DATA / "openalex.json"))
    assert paper.abstract == "We count edges and count nodes."
    assert paper.ids == (("arxiv", "2101.00001"), ("doi", "10.1234/abc.5"), ("key", "W4400000001"))
    assert paper.authors == ("Ada Lovelace", "Alan Turing")
    assert (paper.venue, paper.declared.keywords) == ("Journal of Nets", ("Graph",))


def test_openreview_keeps_what_was_rejected_there() -> None:
    first, second = papers(read(DATA / "openreview.json"))
    assert (first.venue, first.published) == ("ICLR 2024 poster", "2024-01-16")
    assert first.urls == (
        ("url", "https://openreview.net/forum?id=abcDEF1234"),
        ("pdf", "https://openreview.net/pdf/0123.pdf"),
    )
    assert (second.id, second.venue) == ("openreview:rejected99", "Submitted to ICLR 2024")


def test_openreview_of_the_first_version_of_the_api(tmp_path: Path) -> None:
    note = {"id": "a", "forum": "a", "cdate": 1601308800000, "content": {"title": "T", "authors": ["A B"], "code": "x"}}
    (paper,) = papers(read(written(tmp_path, {"notes": [note]})))
    assert (paper.title, paper.authors, paper.published) == ("T", ("A B",), "2020-09-28")


def test_semantic_scholar_dataset(tmp_path: Path) -> None:
    row = {
        "corpusid": 7,
        "externalids": {"ACL": None, "ArXiv": "2101.00001"},
        "title": "T",
        "year": 2021,
        "authors": [],
    }
    (paper,) = papers(read(written(tmp_path, row)))
    assert paper.ids == (("arxiv", "2101.00001"), ("key", "7"))
    assert paper.year == 2021


def test_zotero() -> None:
    first, second = papers(read(DATA / "zotero.csv"))
    assert first.title == 'Nets that Count, "Edges"'
    assert first.authors == ("Lovelace, Ada", "Turing, Alan")
    assert first.declared.keywords == ("graphs", "counting")
    assert (second.published, second.venue) == ("2020", "Nets 2020")


def test_papers_with_code() -> None:
    (paper,) = papers(read(DATA / "pwc_papers.json"))
    assert paper.ids == (("arxiv", "2101.00001"), ("pwc", "nets-that-count-their-own-edges"))
    assert paper.declared.tasks == ("Edge Counting", "Graph Classification")
    uses = DeclaredClaim("uses", "Method", "EdgeNet", paper.source.sha256, ("Edge Network",))
    assert paper.declared.claims == (uses,)


def test_papers_with_code_links() -> None:
    other, own, alone = [paper.declared for paper in papers(read(DATA / "pwc_links.json"))]
    assert (other.repository, other.repositories) == (None, ("https://github.com/other/edges",))
    assert (own.repository, own.framework) == ("https://github.com/lovelace/edges", "pytorch")
    assert (alone.repository, alone.framework) == ("https://github.com/nobody/one", None)


def test_papers_with_code_tables_go_below_tasks_and_datasets() -> None:
    top, below = papers(read(DATA / "pwc_tables.json"))
    sha256 = top.source.sha256
    assert top.declared.results == (
        DeclaredResult("Accuracy", "93.5", sha256, "%", "ToyGraphs", "EdgeNet-L", "Graph Classification"),
    )
    assert below.declared.results == (
        DeclaredResult("MAE", "0.21", sha256, None, "ToyGraphs Hard", "EdgeNet", "Edge Counting"),
    )
    assert {(claim.predicate, claim.name) for claim in below.declared.claims} == {
        ("measures", "MAE"),
        ("evaluatesOn", "ToyGraphs Hard"),
        ("addresses", "Edge Counting"),
    }


# What a value breaks

BROKEN: list[tuple[str, Any, str]] = [
    ("title", 7, "the title is a number, not a text"),
    ("title", None, "no title"),
    ("title", float("nan"), "no title"),
    ("abstract_inverted_index", {"a": 1}, "the abstract_inverted_index is not an object of lists"),
    ("abstract_inverted_index", {"a": ["1"]}, "the abstract_inverted_index has a place that is no number"),
    ("abstract_inverted_index", "words", "the abstract_inverted_index is not an object of lists"),
    ("authorships", "A B", "the authorships are not a list of objects"),
    ("authorships", [{"author": "A B"}], "the author is not an object"),
    ("authorships", [{"author": {"display_name": 7}}], "the author.display_name is not a text"),
    ("locations", [7], "the locations are not a list of objects"),
    ("publication_date", ["2020"], "the published is a list, not a text"),
]


@pytest.mark.parametrize(("name", "value", "reason"), BROKEN)
def test_a_value_breaks_its_own_record_only(tmp_path: Path, name: str, value: object, reason: str) -> None:
    good: dict[str, Any] = {"id": "https://openalex.org/W1", "title": "T", "authorships": []}
    path = written(tmp_path, {"results": [good, {**good, name: value}, good]})
    found = list(read(path))
    assert [type(record) for record in found] == [Paper, Rejected, Paper]
    assert [why.split(": ", 1)[1].split(" (the columns")[0] for why in reasons(found)] == [reason]


def test_an_enormous_place_of_a_word_takes_no_memory(tmp_path: Path) -> None:
    row = {"id": "https://openalex.org/W1", "title": "T", "abstract_inverted_index": {"b": [10**15], "a": [0]}}
    (paper,) = papers(read(written(tmp_path, {"results": [row]})))
    assert paper.abstract == "a b"


# JSON as a stream


def values(tmp_path: Path, text: str | bytes, *within: str) -> list[object]:
    path = tmp_path / "file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [
        f"{found.line}: {found.reason}" if isinstance(found, Rejected) else (found.line, found.value)
        for found in documents.objects(path, *within)
    ]


@pytest.mark.parametrize(
    ("text", "within", "expected"),
    [
        ('[{"a": 1},\n\n {"b": 2}]\n', (), [(1, {"a": 1}), (3, {"b": 2})]),
        ('\ufeff[{"a": 1}]', (), [(1, {"a": 1})]),
        ('{"a": 1}\n{"b": 2}', (), [(1, {"a": 1}), (2, {"b": 2})]),
        ('{"n": 1, "r": [{"a": 1}], "m": {}}\n{"r": [{"b": 2}]}', ("r",), [(1, {"a": 1}), (2, {"b": 2})]),
        ('{"error": "no"}\n', ("r",), ["1: not a JSON object"]),
        ('[{"a": 1}, 7, {"b": 2}]', (), [(1, {"a": 1}), "1: not a JSON object", (1, {"b": 2})]),
    ],
)
def test_records_of_a_stream(tmp_path: Path, text: str, within: Sequence[str], expected: list[object]) -> None:
    assert values(tmp_path, text, *within) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"a": 1},\n{"b": }, {"c": 3}]', "2: not JSON: Expecting value (line 2)"),
        ('[{"a": 1},\n{"b": "never closed', "2: not JSON: Unterminated string starting at (line 2)"),
        ('[{"a": 1}', "1: not JSON: a comma is missing, or the file ends here"),
        ('[{"a": 1},', "1: not JSON: the file ends within the list"),
        ('[{"a": 1},]', "1: not JSON: nothing stands behind a comma"),
        ('[{"a": 1} {"b": 2}]', "1: not JSON: a comma is missing, or the file ends here"),
        ('[{"a": 1}, ' + "[" * 100_000, "1: not JSON that can be read: nested too deep"),
    ],
)
def test_what_is_not_json_ends_a_stream_and_is_said(tmp_path: Path, text: str, why: str) -> None:
    first, last = values(tmp_path, text)
    assert first == (1, {"a": 1})
    assert last == f"{why}: the rest of the file, from record 2 on, is not read"


def test_a_number_that_no_computer_counts_with_is_a_number(tmp_path: Path) -> None:
    (found,) = values(tmp_path, '[{"a": ' + "9" * 10_000 + "}]")
    assert found == (1, {"a": float("inf")})


def test_bytes_that_are_not_utf_8_reject_their_record(tmp_path: Path) -> None:
    path = tmp_path / "file"
    row = b'{"paperId": "%d", "title": "%s"}'
    path.write_bytes(b"[" + row % (1, b"T") + b"," + row % (2, b"\xff") + b"," + row % (3, b"U") + b"]")
    found = list(read(path))
    assert [type(record) for record in found] == [Paper, Rejected, Paper]


def test_an_array_is_read_as_it_comes(tmp_path: Path) -> None:
    """Papers come out before the end of the file, and memory does not grow with it."""
    path = tmp_path / "file"
    row = {"paper_url": "https://paperswithcode.com/paper/a", "title": "T", "abstract": "word " * 400}
    with path.open("w", encoding="utf-8") as file:
        file.write("[" + json.dumps(row))
        for _ in range(6_000):
            file.write("," + json.dumps(row))
        file.write("]")
    assert path.stat().st_size > 12_000_000
    tracemalloc.start()
    try:
        found = sum(isinstance(record, Paper) for record in islice(read(path), 5_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == 5_000
    assert peak < 6_000_000


# Parquet


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet  # noqa: PLC0415

    path = tmp_path / "file"
    columns = {
        "Title": ["A", None, "C"] * 200,
        "abstract": ["a", "b", "c"] * 200,
        "authors": [["X Y"], [], None] * 200,
        "year": [2020, 2021, None] * 200,
        "embedding": [[0.5] * 8] * 600,
    }
    parquet.write_table(pa.table(columns), path, row_group_size=100)
    found = list(read(path))
    assert detect(path) == "parquet"
    assert len(papers(found)) == 400
    assert reasons(found)[:2] == ["2: no title", "5: no title"]
    first = papers(found)[0]
    assert (first.title, first.authors, first.year, first.source.line) == ("A", ("X Y",), 2020, 1)
    assert papers(read(path, columns={"title": "abstract"}))[1].title == "b"
    with pytest.raises(SourceError, match="no column 'Nothing' for title"):
        list(read(path, columns={"title": "Nothing"}))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match="is no Parquet that can be read"):
        list(read(path))


def test_parquet_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "file"
    path.write_bytes(b"PAR1 and more")
    with pytest.raises(SourceError, match=re.escape(install("parquet"))):
        list(read(path))


# Samples, which are not part of this repository


@pytest.mark.parametrize(
    ("name", "form", "accepted", "rejected"),
    [
        ("arxiv/arxiv-metadata-oai-snapshot.sample.json", "arxiv", 200, 0),
        ("openreview/papercopilot_iclr2017.json", "paperlists", 489, 1),
        ("openreview/iclr2021_paperlist.head.tsv", "openreview-tsv", 199, 0),
    ],
)
def test_samples(name: str, form: str, accepted: int, rejected: int) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the samples of other people's files are not here")
    found = list(read(path))
    assert {paper.source.format for paper in papers(found)} == {form}
    assert (len(papers(found)), len(reasons(found))) == (accepted, rejected)
    data = path.read_bytes()
    count = len(json.loads(data)) if name.endswith("iclr2017.json") else data.count(b"\n") - name.endswith("tsv")
    assert len(found) == count


# What damage does


WEIRD: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\x00\x1b[31m",
    "\ud800",
    "x" * 100_000,
    "7",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"value": None},
    {"name": 7},
    "https://[",
    "https://arxiv.org/abs/2101.00001",
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all that is in a JSON value, itself included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, each in inner for place in places(each, (*at, key)))]


def replaced(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = replaced(copy[at[0]], at[1:], new)
    return copy


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".json")])
def test_any_value_in_any_place_gives_papers_rejects_or_one_error(name: str, tmp_path: Path) -> None:
    good = json.loads((DATA / name).read_text("utf-8"))
    path = tmp_path / "file"
    chance = random.Random(name)
    for place in places(good):
        for new in ("\ud800", *chance.sample(WEIRD, 6)):
            path.write_text(json.dumps(replaced(good, place, new)), "utf-8")
            found = read_or_refused(path, FILES[name][0])
            assert found, (place, new)
            for record in found:
                assert json.dumps(asdict(record), ensure_ascii=False).encode()


def read_or_refused(path: Path, form: str) -> list[Paper | Rejected]:
    """The records of a file, or the one line that says why there are none; anything else is an error of ours."""
    try:
        return list(read(path, format=form))
    except SourceError as error:
        why = str(error).removeprefix(f"{path}: ")
        return [Rejected(str(path), 0, why)] if why != str(error) and "\n" not in why else []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", range(60))
def test_damage_gives_papers_rejects_or_one_error(name: str, seed: int, tmp_path: Path) -> None:
    chance = random.Random(f"{name} {seed}")
    data = bytearray((DATA / name).read_bytes())
    for _ in range(chance.choice([1, 2, 5, 40])):
        place, size = chance.randrange(len(data)), chance.randrange(1, 30)
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + size]
            case 2:
                data[place:place] = chance.choice(
                    [b"{", b"}", b"[", b"]", b'"', b"\\", b"\0", b"\xff", b"<", b"&x;", b"1e999"]
                )
            case _:
                data[place:place] = data[place : place + size] * 3
        if not data:
            break
    path = tmp_path / "file"
    path.write_bytes(data)
    for form in (FILES[name][0], "auto"):
        found = read_or_refused(path, form)
        assert found
        for record in found:
            assert record.title.strip() if isinstance(record, Paper) else record.reason


def test_every_format_reads_any_file_or_says_why_not(tmp_path: Path) -> None:
    for form in FORMATS:
        for name in FILES:
            path = tmp_path / "file"
            path.write_bytes((DATA / name).read_bytes())
            assert read_or_refused(path, form)
