"""Which format a file has, and files that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.model import Paper, Rejected
from kg.sources import FORMATS, detect, read

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGE = "Title A B C\nAuthors D\nAbstract E, f\nTasks\nPublished 2020\nURL\n"
ROWS = "| **Title** | A B C |\n|---|---|\n| **Authors** | D |\n| **Abstract** | E |\n"


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (PAGE, "listing-text"),
        ("\ufeffA Blog, 2020\n\n" + PAGE.replace("\n", "\r\n"), "listing-text"),
        ("Group, one\n\n" + PAGE, "listing-text"),
        ("<!DOCTYPE html>\n<html><body></body></html>", "listing-html"),
        ("<!-- made by hand --><table><tr><td>Title</td></tr></table>", "listing-html"),
        ('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"></html>', "listing-html"),
        (ROWS, "listing-markdown"),
        ("---\ntitle: A, b\n---\n\n" + ROWS.replace("**", ""), "listing-markdown"),
        ("# Papers\n\n" + ROWS.replace("| **", "**"), "listing-markdown"),
        ('{"title": "A"}\n', "jsonl"),
        ('\n{ "title": "A", "abstract": "<html> | Title |"}', "jsonl"),
        ('not JSON\n{"title": "A"}\n', "jsonl"),
        ('[1, 2]\n{"title": "A"}\n', "jsonl"),
        ('{"title": "cut', "jsonl"),
        ('{"title": "A", "mentions": []}\n', "annotated"),
        ('{"title": "A", "mentions": [], "claims": []}\n', "jsonl"),
        ("title,abstract\nA,B\n", "csv"),
        ("Title;Abstract\n", "csv"),
        ('"title"\t"abstract"\r\nA\tB\r\n', "csv"),
        ("title\nA\nB\n", "csv"),
        ("Name,Summary\nA,B\n", "csv"),
        ("% mine\n@string{a = {b}}\n\n  @InProceedings {key,\n title = {A}}", "bibtex"),
        ("TY  - JOUR\r\nTI  - A\r\nER  - \r\n", "ris"),
        ('<?xml version="1.0"?>\n<!-- ours -->\n<collection id="P18">', "acl"),
        ('{"venue": "x",\n "papers": [\n {"bibtex_key": "a"}]}', "mlanthology"),
        ("---\nlayout: inproceedings\ntitle: A\n---\n", "pmlr"),
    ],
)
def test_detect(tmp_path: Path, content: str, format_: str) -> None:
    path = tmp_path / "misleading.xyz"
    path.write_text(content, "utf-8", newline="")
    assert detect(path) == format_


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("paper-group-nanr-96.txt", "listing-text"),
        ("paper-group-nanr-96.html", "listing-html"),
        ("paper-group-nanr-96.md", "listing-markdown"),
        ("papers.jsonl", "jsonl"),
        ("papers.csv", "csv"),
    ],
)
def test_detect_the_examples(name: str, format_: str) -> None:
    assert detect(EXAMPLES / name) == format_


UNKNOWN = f"its format is not recognised: name it with --format ({', '.join(FORMATS)})"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: check how it was saved"),
        (b" \n\t\n", "holds only blanks: check how it was saved"),
        (b"\xef\xbb\xbf", "holds only blanks: check how it was saved"),
        (b"Dear all,\n\nthis is, as it were, prose.\n", UNKNOWN),
        (b"Title of the book: A\n\nAuthors are many.\n", UNKNOWN),
        (b"@preamble{a}\nmail me @ home {a, b}\n", UNKNOWN),
        (b"<?xml version='1.0'?>\n<records><title>A</title></records>", UNKNOWN),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF: save its text first"),
        (b"\x00\x01\x02,\x03\n", "is not text: name a file of papers"),
        (b'[{"title": "A"}]', "is JSON but not JSON Lines: write one object a line (jq -c '.[]')"),
        (
            b'[\n{"title": "A"},\n{"title": "B"}\n]\n',
            "is JSON but not JSON Lines: write one object a line (jq -c '.[]')",
        ),
        (b'{\n  "title": "A"\n}', "is JSON but not JSON Lines: write one object a line (jq -c '.[]')"),
        (
            b"\x1f\x8b\x08\x00",
            "the gzip file ends too early, after 0 unpacked bytes: get it anew (what came before is kept)",
        ),
        (b"PK\x03\x04rest", "is a ZIP archive: unpack it first"),
        (PAGE.encode("utf-16"), "is not UTF-8 but UTF-16: save it as UTF-8"),
        (PAGE.encode("utf-16-le"), "is not UTF-8 but UTF-16: save it as UTF-8"),
        ('{"title": "A"}\n'.encode("utf-16-be"), "is not UTF-8 but UTF-16: save it as UTF-8"),
        (PAGE.encode("utf-32"), "is not UTF-8 but UTF-32: save it as UTF-8"),
    ],
)
def test_files_that_are_no_papers(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_bytes(content)
    for reader in (detect, read):
        with pytest.raises(SourceError) as error:
            reader(path)
        assert str(error.value) == f"{path}: {message}"


def test_garbage(tmp_path: Path) -> None:
    path = tmp_path / "papers.csv"
    path.write_bytes(b"\x00" + os.urandom(100_000))
    with pytest.raises(SourceError, match="its format is not recognised"):
        read(path)


PAGES_AND_TABLES = ("annotated", "csv", "jsonl", "listing-html", "listing-markdown", "listing-text")


@pytest.mark.parametrize("format_", PAGES_AND_TABLES)
def test_garbage_in_a_named_format(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "papers"
    path.write_bytes(b"\xfe\x00\n" + bytes(range(256)) * 40)
    if format_ in {"jsonl", "annotated"}:
        assert {type(record) for record in read(path, format=format_)} == {Rejected}
    else:
        said = "line 1: .* UTF-8|no column for the title|line 1: not XML|no records|no array"
        with pytest.raises(SourceError, match=f"^{path}: (?:{said})"):
            list(read(path, format=format_))


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - set(PAGES_AND_TABLES)))
def test_garbage_in_an_answer_or_a_dump(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "papers"
    path.write_bytes(b"\xfe\x00\n" + bytes(range(256)) * 40)
    try:
        found = [type(record) for record in read(path, format=format_)]
    except SourceError as error:
        found = [Rejected] if str(error).startswith(f"{path}: ") else []
    assert set(found) == {Rejected}


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        read(tmp_path / "none.txt")
    assert str(error.value) == f"{tmp_path / 'none.txt'}: no such file: check the name"
    with pytest.raises(SourceError) as error:
        detect(tmp_path)
    assert str(error.value) == f"{tmp_path}: is a directory without files: name files of papers"
    with pytest.raises(SourceError, match="cannot be read"):
        read(Path("a\x00b"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="pipe: is a pipe, and sources are read twice: save it to a file first"):
        read(tmp_path / "pipe")


def test_an_unknown_format() -> None:
    with pytest.raises(SourceError, match=r"no format 'marc': use one of listing-text, .*, csv, .*, or auto"):
        read(EXAMPLES / "papers.jsonl", format="marc")


def test_the_digest_is_the_files() -> None:
    paper = next(iter(read(EXAMPLES / "paper-group-nanr-96.txt")))
    assert isinstance(paper, Paper)
    assert paper.source.sha256 == "49edb6e98668abf4f34e3239e353846631f270d86f91bd6e181d9971f3780142"
