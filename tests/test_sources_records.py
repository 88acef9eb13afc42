"""JSON Lines and CSV."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Declared, Paper, Rejected
from kg.sources import detect, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)


def jsonl(tmp_path: Path, *records: object, columns: Mapping[str, str] | None = None) -> list[Paper | Rejected]:
    """The records of a file, of which each line is an object or a text as it stands."""
    path = tmp_path / "papers"
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return list(read(path, format="jsonl", columns=columns))


def table(tmp_path: Path, content: str | bytes, columns: Mapping[str, str] | None = None) -> list[Paper | Rejected]:
    path = tmp_path / "papers"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(path, format="csv", columns=columns))


def only(found: Sequence[Paper | Rejected]) -> Paper:
    (paper,) = found
    assert isinstance(paper, Paper), paper
    return paper


def outcome(found: Sequence[Paper | Rejected]) -> list[str]:
    """The titles of papers, and the reasons and lines of what is rejected."""
    return [record.title if isinstance(record, Paper) else f"{record.line}: {record.reason}" for record in found]


# What the columns may hold

GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"abstract": "", "authors": (), "ids": (), "published": None, "venue": None, "declared": Declared()}),
    ({"abstract": "  as it stands \n"}, {"abstract": "  as it stands \n"}),
    ({"abstract": None, "venue": None, "authors": None, "year": None}, {"abstract": "", "authors": ()}),
    ({"TITLE": "other", "Abstract": "any case"}, {"title": "T", "abstract": "any case"}),
    ({"authors": ["A B", "C D"]}, {"authors": ("A B", "C D"), "anonymous": False}),
    ({"authors": [{"name": "A B"}, {"name": "C D", "id": 7}]}, {"authors": ("A B", "C D")}),
    ({"authors": "A B; C D"}, {"authors": ("A B", "C D")}),
    ({"authors": "B, A and D, C"}, {"authors": ("B, A", "D, C")}),
    ({"authors": "A B, C D, and E F"}, {"authors": ("A B", "C D", "E F")}),
    ({"authors": '["A B", "C D"]'}, {"authors": ("A B", "C D")}),
    ({"authors": "Anonymous"}, {"authors": ("Anonymous",), "anonymous": True}),
    ({"authors": ["Anonymous Authors"]}, {"anonymous": True}),
    ({"published": "2020-01-31"}, {"published": "2020-01-31", "year": 2020}),
    ({"published": "soon", "date": "2020-01"}, {"published": "2020-01"}),
    ({"date": "2020-13-45"}, {"published": "2020"}),
    ({"date": "March 3, 2020"}, {"published": "2020-03-03"}),
    ({"year": 2020}, {"published": "2020"}),
    ({"year": 2020.0}, {"published": "2020"}),
    ({"year": float("nan")}, {"published": None}),
    ({"year": "n/a"}, {"published": None}),
    ({"venue": " ICLR "}, {"venue": "ICLR"}),
    ({"id": "a7"}, {"id": "key:a7", "ids": (("key", "a7"),)}),
    ({"id": 7}, {"id": "key:7"}),
    ({"id": "a7", "doi": "https://doi.org/10.1145/AB"}, {"id": "doi:10.1145/ab"}),
    ({"id": "a7", "arxiv": "arXiv:2001.00001v3"}, {"id": "arxiv:2001.00001"}),
    ({"id": "a7", "arxiv": "n/a"}, {"id": "key:a7"}),
    ({"openreview": "HklkeR4KPB"}, {"id": "openreview:HklkeR4KPB", "urls": ()}),
    ({"acl": "p18-1001"}, {"id": "acl:P18-1001"}),
    ({"pwc": "a-b-1"}, {"id": "pwc:a-b-1", "urls": ()}),
    (
        {"url": "https://proceedings.mlr.press/v13/bifet10a.html", "pdf": "https://example.org/a.pdf"},
        {
            "id": "pmlr:v13/bifet10a",
            "urls": (("url", "https://proceedings.mlr.press/v13/bifet10a.html"), ("pdf", "https://example.org/a.pdf")),
        },
    ),
    ({"tasks": ["A, B"], "keywords": "a; b, c"}, {"declared": Declared(("A, B",), ("a", "b, c"))}),
    ({"tasks": "A, B"}, {"declared": Declared(("A", "B"))}),
    ({"repo": "r", "framework": "tf"}, {"declared": Declared(repository="r", framework="tf")}),
    ({"code": "r"}, {"declared": Declared(repository="r")}),
    ({"mentions": [1], "metadata": {"title": "no"}}, {"title": "T"}),
]


@pytest.mark.parametrize(("record", "expected"), GOOD)
def test_columns(tmp_path: Path, record: dict[str, Any], expected: dict[str, Any]) -> None:
    paper = only(jsonl(tmp_path, {"title": "T", **record}))
    assert {name: getattr(paper, name) for name in expected} == expected


BAD = [
    ('{"title": "cut', "not JSON: Unterminated string starting at (column 11)"),
    ("title,abstract", "not JSON: Expecting value (column 1)"),
    ('["title"]', "not a JSON object"),
    ('"title"', "not a JSON object"),
    ("null", "not a JSON object"),
    ('{"title": ' + "[" * 100_000, "not JSON that can be read: a number too long, or nested too deep"),
    ('{"title": "T", "year": ' + "9" * 9_999 + "}", "not JSON that can be read: a number too long, or nested too deep"),
    ('{"abstract": "A"}', "no title (the columns are abstract): say which with --map title=NAME"),
    ('{"title": " "}', "no title"),
    ('{"title": 7}', "the title is a number, not a text"),
    ('{"title": ["T"]}', "the title is a list, not a text"),
    ('{"title": "T", "abstract": {}}', "the abstract is an object, not a text"),
    ('{"title": "T", "abstract": false}', "the abstract is true or false, not a text"),
    ('{"title": "T", "authors": {"name": "A"}}', "the authors are an object, not a list"),
    ('{"title": "T", "authors": [{"first": "A"}]}', "the authors are not all names"),
    ('{"title": "T", "tasks": [1]}', "the tasks are not all names"),
    ('{"title": "T", "venue": []}', "the venue is a list, not a text"),
    ('{"title": "T\\ud83d"}', "the title has half a character (a lone surrogate)"),
    ('{"title": "T", "keywords": ["\\udc00"]}', "the keywords has half a character (a lone surrogate)"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_rejected_and_the_rest_kept(tmp_path: Path, line: str, reason: str) -> None:
    first, bad, last = jsonl(tmp_path, {"title": "First"}, line, {"title": "Last"})
    assert bad == Rejected(str(tmp_path / "papers"), 2, reason, line[:2000])
    assert isinstance(first, Paper)
    assert isinstance(last, Paper)
    assert (first.title, last.title, last.source.line, last.source.position) == ("First", "Last", 3, 3)


def test_a_line_in_another_encoding_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "papers"
    path.write_bytes(
        b'\xef\xbb\xbf{"title": "First"}\r\n\r\n{"title": "caf\xe9"}\n{"title": "Last\xe2\x80\xa8\xc2\x85"}'
    )
    assert outcome(list(read(path))) == ["First", "3: byte 0xe9 at column 15 is not UTF-8", "Last\u2028\x85"]


@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS), min_size=1, max_size=5))
def test_json_lines_are_verbatim(tmp_path_factory: pytest.TempPathFactory, papers: list[tuple[str, str]]) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "papers"
    lines = (json.dumps({"title": title, "abstract": abstract}, ensure_ascii=False) for title, abstract in papers)
    path.write_text("\n".join(lines), "utf-8", newline="\n")
    found = [record for record in read(path) if isinstance(record, Paper)]
    assert [(paper.title, paper.abstract) for paper in found] == papers


@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_tables_are_verbatim(
    tmp_path_factory: pytest.TempPathFactory, papers: list[tuple[str, str]], separator: str
) -> None:
    rows = io.StringIO()
    csv.writer(rows, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("title", "abstract"), *papers])
    found = table(tmp_path_factory.mktemp("csv"), rows.getvalue())
    assert [(paper.title, paper.abstract) for paper in found if isinstance(paper, Paper)] == papers


# Tables


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("title,year\nA,2020\nB,2021\n", ["A", "B"]),
        ("title;year\nA, a;2020\n", ["A, a"]),
        ("title\tyear\r\nA\t2020\r\n", ["A"]),
        ("\ufefftitle,year\nA,2020\n", ["A"]),
        ("title\nA\n\nB\n", ["A", "B"]),
        ('title,abstract\n"A ""a""","two\nlines"\nB,b', ['A "a"', "B"]),
        ("title,abstract\rA,a\rB,b\r", ["A", "B"]),
        ("title,abstract\nA\nB,\n", ["A", "B"]),
        ("title,abstract\nA,a,b\nB,b\n", ["2: 3 cells where the first line names 2 columns", "B"]),
        ('title,abstract\nA,"a\nB,b\nC,c\n', ["2: not CSV: a quote is never closed", "B", "C"]),
        ('title,abstract\nA,"a"a\nB,b\n', ["2: not CSV: ',' expected after '\"'", "B"]),
        ("title,abstract\n,a\nB,b\n", ["2: no title", "B"]),
        (b'title,abstract\nA,"a\n\xe9"\nB,b\n', ["2: byte 0xe9 in 'abstract' is not UTF-8 (line 3)", "B"]),
    ],
)
def test_tables(tmp_path: Path, content: str | bytes, expected: list[str]) -> None:
    assert outcome(table(tmp_path, content)) == expected


def test_a_huge_cell(tmp_path: Path) -> None:
    abstract = "word " * 100_000
    assert only(table(tmp_path, f"title,abstract\nA,{abstract}\n")).abstract == abstract


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("title,year\n", {}, "no rows below the column names: check how it was saved"),
        ("Titel,year\nA,2020\n", {}, "line 1: no column for the title: the columns are Titel, year: say which"),
        ("title,title\nA,B\n", {}, "line 1: two columns are named 'title': rename one"),
        (b"title,ann\xe9e\nA,2020\n", {}, "line 1: the column names are not UTF-8: save the file as UTF-8"),
        ("title,year\nA,2020\n", {"venue": "Ort"}, "no column 'Ort' for venue: the columns are title, year"),
        ("title,year\nA,2020\n", {"name": "title"}, "no field 'name' to map a column to: the fields are title, abs"),
    ],
)
def test_tables_that_cannot_serve(tmp_path: Path, content: str | bytes, columns: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError) as error:
        table(tmp_path, content, columns)
    assert str(error.value).startswith(f"{tmp_path / 'papers'}: {message}")
    assert "\n" not in str(error.value)


# Names of columns


def test_a_mapped_column_that_no_record_has(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="papers: no column 'Title' for title: the columns are Titel, Jahr"):
        jsonl(tmp_path, {"Titel": "A"}, {"Jahr": 2020}, columns={"title": "Title"})


def test_a_mapped_column_that_some_records_have(tmp_path: Path) -> None:
    records = [{"title": "A"}] * 40 + [{"title": "B", "Ort": "ICLR"}]
    assert outcome(jsonl(tmp_path, *records, columns={"venue": "Ort"}))[-1] == "B"


def test_the_mapped_column_is_the_only_one(tmp_path: Path) -> None:
    record = {"title": "no", "Name": "yes", "repository": "no", "Code": "yes"}
    paper = only(jsonl(tmp_path, record, columns={"title": "Name", "repo": "Code"}))
    assert (paper.title, paper.declared.repository) == ("yes", "yes")


def test_the_examples() -> None:
    papers = list(read(ROOT / "examples" / "papers.jsonl"))
    assert [paper.id for paper in papers if isinstance(paper, Paper)] == [f"key:demo-{n}" for n in range(1, 5)]
    columns = {
        "title": "Paper Name",
        "abstract": "Summary",
        "authors": "Written By",
        "year": "Year of Publication",
        "venue": "Where",
        "url": "Link",
        "tasks": "Topics",
    }
    rows = [paper for paper in read(ROOT / "examples" / "papers.csv", columns=columns) if isinstance(paper, Paper)]
    assert [paper.published for paper in rows] == ["2022", "2021-03-02", "2023"]
    assert rows[1].abstract.startswith("A quoted, comma-laden abstract:\n")
    assert rows[2].authors == ("Hana Moreau", "Viktor Osei", "Li Park")


# Large files


def test_records_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "papers"
    line = json.dumps({"title": "A Title of a Paper", "abstract": "word " * 200, "authors": ["A B"], "year": 2020})
    path.write_text(f"{line}\n" * 5_000, "utf-8")
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 5_000
    assert peak < path.stat().st_size / 4


def test_the_first_record_needs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "papers"
    path.write_text('{"title": "A"}\n' * 100_000, "utf-8")
    assert len(list(islice(read(path), 3))) == 3


@pytest.mark.parametrize("name", ["mlanthology", "acl_anthology", "paperlists"])
def test_the_corpora(tmp_path: Path, name: str) -> None:
    packed = SHARED / "corpora" / f"{name}.jsonl.gz"
    if not packed.is_file():
        pytest.skip("the corpora are not beside this checkout")
    path = tmp_path / "papers"
    with gzip.open(packed, "rb") as lines:
        content = list(islice(lines, 2000))
    path.write_bytes(b"".join(content))
    assert detect(path) == "jsonl"
    found = list(read(path))
    assert len(found) == 2000
    for line, paper in zip(content, found, strict=True):
        record = json.loads(line)
        assert isinstance(paper, Paper)
        assert (paper.title, paper.abstract, list(paper.authors), paper.year) == (
            record["title"],
            record["abstract"],
            record["authors"],
            record["year"],
        )
        assert ("key", record["id"]) in paper.ids


def test_the_gold() -> None:
    gold = SHARED / "gold" / "seed" / "seed.jsonl"
    if not gold.is_file():
        pytest.skip("the annotated papers are not beside this checkout")
    papers = [paper for paper in read(gold, format="jsonl") if isinstance(paper, Paper)]
    assert len(papers) == 15
    stated = [paper for paper in read(gold) if isinstance(paper, Paper)]
    assert [paper.abstract for paper in stated] == [paper.abstract for paper in papers]
    assert stated[6].id == "openreview:HklkeR4KPB"  # which stands in its metadata
    assert papers[6].id == "key:remixmatch-semi-supervised-learning-with"
    assert papers[6].abstract.endswith("labels per class. |")
