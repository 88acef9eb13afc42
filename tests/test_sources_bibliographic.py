"""The formats of bibliographies: ACL Anthology XML, BibTeX, ML Anthology JSON, PMLR pages, RIS. All texts are ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kg import pipeline
from kg.errors import SourceError
from kg.model import Paper, Rejected
from kg.sources import detect, read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def found(tmp_path: Path, content: str | bytes, format_: str) -> list[Paper | Rejected]:
    """What a file holds, which must be taken for this format."""
    path = tmp_path / "papers.dat"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert detect(path) == format_
    return list(pipeline.papers([path]))


def only(records: Sequence[Paper | Rejected]) -> Paper:
    (paper,) = records
    assert isinstance(paper, Paper), paper
    return paper


def outcome(records: Sequence[Paper | Rejected]) -> list[str]:
    """The titles of papers, and the lines and reasons of what is rejected."""
    return [each.title if isinstance(each, Paper) else f"{each.line}: {each.reason}" for each in records]


# ACL Anthology

ACL = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="P99">
  <volume id="2" type="proceedings">
    <meta><booktitle>Proceedings of a Meeting</booktitle><month>July</month><year>1999</year><venue>acl</venue></meta>
    <frontmatter><url>P99-2000</url><bibkey>acl-1999</bibkey></frontmatter>
    <paper id="1">
      <title>On <fixed-case>BERT</fixed-case> in <tex-math>O(n^2 \\log \\beta)</tex-math> <i>ms</i> &amp; more</title>
      <author><first>Ada</first><last>Lovelace</last></author>
      <author><first/><last>Plato</last></author>
      <abstract>We <b>show</b>
        it (<url>https://example.org/code</url>) &#233;ven so.</abstract>
      <url hash="0">P99-2001</url>
      <doi>10.18653/v1/P99-2001</doi>
      <bibkey>lovelace-plato-1999</bibkey>
      <pwccode url="https://github.com/example/bert" additional="false">example/bert</pwccode>
    </paper>
    <paper id="2"><title>No address</title></paper>
    <paper id="3"><author><first>A</first><last>B</last></author></paper>
    <paper id="4" type="backmatter"><title>Index of authors</title></paper>
  </volume>
</collection>
"""


def test_acl(tmp_path: Path) -> None:
    first, second, *rejected = found(tmp_path, ACL, "acl")
    assert isinstance(first, Paper)
    assert first.title == "On BERT in O(n^2 log β) ms & more"
    assert first.abstract == "We show it (https://example.org/code) éven so."
    assert first.authors == ("Ada Lovelace", "Plato")
    assert first.ids == (("acl", "P99-2001"), ("doi", "10.18653/v1/p99-2001"), ("key", "lovelace-plato-1999"))
    assert (first.published, first.venue, first.source.line) == ("1999-07", "acl", 6)
    assert first.urls == (
        ("url", "https://aclanthology.org/P99-2001"),
        ("pdf", "https://aclanthology.org/P99-2001.pdf"),
    )
    assert first.declared.repository == "https://github.com/example/bert"
    assert isinstance(second, Paper)
    assert (second.title, second.ids, second.abstract) == ("No address", (("acl", "P99-2002"),), "")
    assert outcome(rejected) == ["18: no title", "19: back matter, not a paper"]


def test_acl_without_end(tmp_path: Path) -> None:
    *before, last = found(tmp_path, ACL[: ACL.index('<paper id="4"') + 9], "acl")
    assert outcome(before)[:1] == ["On BERT in O(n^2 log β) ms & more"]
    assert isinstance(last, Rejected)
    assert last.line == 0
    assert last.reason.startswith("line ")
    assert "not XML: " in last.reason


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE collection [<!ENTITY leak SYSTEM "{secret}">]>',
        f'<!DOCTYPE collection [<!ENTITY l1 "ha">{LAUGHS}<!ENTITY leak "&l12;">]>',
        '<!DOCTYPE collection SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_acl_entities_are_not_resolved(tmp_path: Path, document_type: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    content = ACL.replace("<collection", f"{document_type.replace('{secret}', secret.as_uri())}<collection", 1)
    records = found(tmp_path, content.replace("We <b>", "&leak; <b>"), "acl")
    told = repr(records)
    assert "SECRET" not in told
    assert "hahaha" not in told
    assert len(told) < 10_000


# BibTeX

BIB = r"""% made by hand
@preamble{ "\newcommand{\x}{y}" }
@string{NIPS = "Advances in Neural " # "Information Processing Systems"}
@comment{nothing}
@InProceedings{godel31,
  Title = {{\"U}ber {GPU}s \& formal  unentscheidbare
           S{\"a}tze: an $O(n^{2})$ \emph{Study}},
  author = {G{\"o}del, Kurt and von Neumann, Jr., John and Ada Lovelace and {The {\v C}ech Group and Us} and others},
  booktitle = NIPS, month = jul, year = 1931,
  doi = {https://doi.org/10.1234/AB\_C}, url = "http://example.org/~g/a\_b.html",
  keywords = {logic; incompleteness},
  abstract = {Half (50%) of it -- ``as is''.}
}
An email@example.org between entries, (which BibTeX passes over).
@misc(vaswani, title="Attention", eprint={1706.03762}, archivePrefix={arXiv}, date={2017-06-12}, note={A note})
@article{noid, title={Other}, journal={arXiv preprint arXiv:2001.00001v2}, year={2020}, month={3}, author={Anonymous}}
@book{knuth, title = {The Art}, year = 1968}
@inproceedings{child, title={Child}, crossref={Parent}, author={X Y}}
@proceedings{parent, title={Proceedings of Parents}, year={2001}}
"""


def test_bibtex(tmp_path: Path) -> None:
    first, misc, other, book, child, whole = found(tmp_path, BIB, "bibtex")
    assert isinstance(first, Paper)
    assert first.title == "Über GPUs & formal unentscheidbare Sätze: an $O(n^{2})$ Study"
    assert first.authors == ("Kurt Gödel", "John von Neumann, Jr.", "Ada Lovelace", "The Čech Group and Us")
    assert first.venue == "Advances in Neural Information Processing Systems"
    assert first.published == "1931-07"
    assert first.ids == (("doi", "10.1234/ab_c"), ("key", "godel31"))
    assert first.urls == (("url", "http://example.org/~g/a_b.html"),)
    assert first.declared.keywords == ("logic", "incompleteness")
    assert first.abstract == "Half (50%) of it – “as is”."
    assert first.source.line == 5
    assert isinstance(misc, Paper)
    assert (misc.id, misc.published, misc.source.line) == ("arxiv:1706.03762", "2017-06-12", 15)
    assert isinstance(other, Paper)
    assert (other.id, other.published, other.anonymous) == ("arxiv:2001.00001", "2020-03", True)
    assert isinstance(child, Paper)
    assert (child.venue, child.published) == ("Proceedings of Parents", "2001")
    assert outcome([book, whole]) == [
        "17: @book is a book, not a paper",
        "19: @proceedings is a whole volume, not a paper",
    ]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("@article{k, title = {Open", "4: not BibTeX: premature end of file (line 4)"),
        ("@article{k, title = {A}, year 2000}", "4: not BibTeX: '=' expected (line 4)"),
        ("@article{k, title = {A} author = {B}}", "4: not BibTeX: '}' expected (line 4)"),
        ("@article{k,\n title = {A}}}, x = {B}}", "A"),
        ("@article{k, author = {B}}", "4: no title"),
        ("@article{k, title = {}}", "4: no title"),
        ("@article{k, title = " + "{" * 200 + "A" + "}" * 201, "4: not BibTeX: too many nested braces (line 4)"),
        ("@article{k, title = {A}, month = nonsense}", "A"),
        ("@article{k, title = undefined # { B}}", "undefined B"),
        (r"@article{k, title = {\href{x} \textbf $ \( \' A}}", "$ Á"),
        ("@software{k, title = {A}}", "4: @software is none, not a paper"),
    ],
)
def test_a_bad_entry_is_bad_alone(tmp_path: Path, entry: str, reason: str) -> None:
    content = f"@misc{{a,\n title = {{Before}}}}\n\n{entry}\n@misc{{b, title = {{After}}}}\n"
    before, *middle, after = outcome(found(tmp_path, content, "bibtex"))
    assert (before, after) == ("Before", "After")
    assert len(middle) == 1
    assert middle[0].endswith(reason)


def test_an_entry_that_is_not_utf_8(tmp_path: Path) -> None:
    content = b"@misc{a, title = {One}}\n@misc{b,\n title = {Caf\xe9}}\n@misc{c, title = {Three}}\n"
    assert outcome(found(tmp_path, content, "bibtex")) == ["One", "2: byte 0xe9 is not UTF-8 (line 3)", "Three"]


def test_strings_within_strings_do_not_grow(tmp_path: Path) -> None:
    strings = "".join(f"@string{{s{n + 1} = s{n} # s{n} # s{n} # s{n}}}\n" for n in range(40))
    records = found(tmp_path, f"@string{{s0 = {{ha}}}}\n{strings}@misc{{a, title = s40}}\n", "bibtex")
    told = outcome(records)
    assert len(told[-1]) <= 500
    assert told[0] == "5: a @string of more than 500 letters"


def test_the_volume_of_pmlr_stands_above_its_papers(tmp_path: Path) -> None:
    content = """@Proceedings{X-2024, booktitle = {Proceedings of X}, shortname = {X}, volume = {999}, year = {2024},
  published = {2024-05-06}}
@InProceedings{doe24, title = {A Title}, author = {Doe, Jane}, openreview = {AbC_1}}
@InProceedings{roe24, title = {Another}, author = {Roe, Jo}, booktitle = {Elsewhere}, year = 2020}
"""
    _, first, second = found(tmp_path, content, "bibtex")
    assert isinstance(first, Paper)
    assert first.ids == (("key", "doe24"), ("openreview", "AbC_1"), ("pmlr", "v999/doe24"))
    assert (first.published, first.venue) == ("2024-05-06", "Proceedings of X")
    assert isinstance(second, Paper)
    assert (second.id, second.venue, second.published) == ("key:roe24", "Elsewhere", "2020")


# ML Anthology


def volume(*papers: Any) -> str:
    return json.dumps({"venue": "x", "year": "2020", "papers": papers}, indent=1)


GOOD = {
    "bibtex_key": "doe2020x-title",
    "title": "A Title",
    "authors": [{"given": "Jane", "family": "Doe", "slug": "doe-jane"}, {"given": "", "family": "Plato"}],
    "year": "2020",
    "venue": "x",
    "abstract": "So.",
    "pdf_url": "https://example.org/a.pdf",
    "venue_url": "https://openreview.net/forum?id=AbC",
    "doi": "",
    "code_url": "https://github.com/example/a",
    "source": "openreview",
    "source_id": "AbC",
}


def test_mlanthology(tmp_path: Path) -> None:
    bad = [{**GOOD, "title": ""}, {**GOOD, "authors": [7]}, "text", {**GOOD, "abstract": {}}]
    records = found(tmp_path, volume(GOOD, *bad, {"title": "Bare"}), "mlanthology")
    paper = records[0]
    assert isinstance(paper, Paper)
    assert (paper.title, paper.authors, paper.published) == ("A Title", ("Jane Doe", "Plato"), "2020")
    assert paper.ids == (("key", "doe2020x-title"), ("openreview", "AbC"))
    assert paper.declared.repository == "https://github.com/example/a"
    assert paper.source.line == 5
    assert [told.split(": ", 1)[1] for told in outcome(records[1:-1])] == [
        "no title",
        "the authors are not all names",
        "not an object",
        "the abstract is an object, not a text",
    ]
    assert outcome(records[-1:]) == ["Bare"]


def test_mlanthology_on_one_line_and_cut(tmp_path: Path) -> None:
    content = json.dumps({"papers": [GOOD] * 3})
    assert outcome(found(tmp_path, content, "mlanthology")) == ["A Title"] * 3
    *before, last = found(tmp_path, content[:-40], "mlanthology")
    assert outcome(before) == ["A Title"] * 2
    assert isinstance(last, Rejected)
    assert last.reason.startswith("line 1: the JSON is broken here, or ends too early (")


@pytest.mark.parametrize("inner", ["[" * 100_000, "1" * 5_000, "nul", '{"a": 1, }', "\x00"])
def test_mlanthology_broken_within(tmp_path: Path, inner: str) -> None:
    content = f'{{"papers": [{json.dumps(GOOD)}, {inner}'
    first, *_, last = found(tmp_path, content, "mlanthology")
    assert isinstance(first, Paper)
    assert isinstance(last, Rejected)


# PMLR pages

POST = """---
title: 'A Title: Really'
abstract: |-
  First line.
  Second.
layout: inproceedings
id: doe12
tex_title: "A {T}itle"
author:
- given: Jane
  family: Doe
- given: Anna
  prefix: de
  family: Roe
date: 2012-03-21
container-title: Proceedings of X
volume: '99'
openreview: AbC
software: https://github.com/example/x
pdf: http://proceedings.mlr.press/v99/doe12/doe12.pdf
---
"""


def test_pmlr(tmp_path: Path) -> None:
    paper = only(found(tmp_path, POST, "pmlr"))
    assert (paper.title, paper.abstract) == ("A Title: Really", "First line.\nSecond.")
    assert paper.authors == ("Jane Doe", "Anna de Roe")
    assert paper.ids == (("key", "doe12"), ("openreview", "AbC"), ("pmlr", "v99/doe12"))
    assert (paper.published, paper.venue) == ("2012-03-21", "Proceedings of X")
    assert paper.urls[0] == ("url", "https://proceedings.mlr.press/v99/doe12.html")
    assert paper.declared.repository == "https://github.com/example/x"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (POST.replace("layout: inproceedings", "layout: proceedings"), "1: describes a volume, not a paper"),
        (POST.replace("title: 'A", "title: 'A' 'B"), "1: not YAML: "),
        (POST.replace("title: 'A Title: Really'\n", ""), "1: no title"),
        (POST.replace("'A Title: Really'", "[a, b]"), "1: the title is a list, not a text"),
        (POST.replace("- given: Jane\n  family: Doe", "- [a]"), "1: the authors are not all names"),
        (POST.replace("'A Title: Really'", "!!python/object/apply:os.getcwd []"), "1: the title is a list, not a text"),
        ("---\nlayout: proceedings\n? [a\n", "1: not YAML: "),
        ("---\n- a\n...\nlayout: proceedings\n", "1: its front matter is not a mapping"),
        ("---\nlayout: inproceedings\ntitle: " + "[" * 10_000 + "\n---\n", "1: not YAML"),
    ],
)
def test_pmlr_pages_that_are_no_papers(tmp_path: Path, content: str, reason: str) -> None:
    (told,) = outcome(found(tmp_path, content, "pmlr"))
    assert told.startswith(reason)


# RIS

RIS = """Provider: by hand
TY  - CPAPER
AU  - Lovelace, Ada
AU  - King, Martin Luther, Jr.
A1  - Plato
TI  - A Title that
 goes on
AB  - We do,
and do.
PY  - 2020
DA  - 2020/03/04/spring
T2  - Proceedings of X
DO  - 10.1234/XYZ
UR  - https://example.org/a
UR  - https://arxiv.org/abs/2001.00001v2
L1  - https://example.org/a.pdf
KW  - logic
KW  - nets
ID  - a7
ER  -

TY  - BOOK
TI  - A Book
ER  -
TY  - JOUR
T1  - No end
Y1  - 2019///
TY  - JOUR
N2  - No title
ER  -
TI  - No beginning
ER  -
"""


def test_ris(tmp_path: Path) -> None:
    first, *others = found(tmp_path, RIS, "ris")
    assert isinstance(first, Paper)
    assert (first.title, first.abstract) == ("A Title that goes on", "We do, and do.")
    assert first.authors == ("Ada Lovelace", "Martin Luther King, Jr.", "Plato")
    assert first.ids == (("arxiv", "2001.00001"), ("doi", "10.1234/xyz"), ("key", "a7"))
    assert (first.published, first.venue) == ("2020-03-04", "Proceedings of X")
    assert first.urls == (("url", "https://example.org/a"), ("pdf", "https://example.org/a.pdf"))
    assert first.declared.keywords == ("logic", "nets")
    assert (first.source.line, first.source.position) == (2, 1)
    assert outcome(others) == [
        "22: TY BOOK is no paper",
        "No end",
        "28: no title",
        "31: a record that does not begin with TY",
    ]


def test_ris_without_end(tmp_path: Path) -> None:
    told = outcome(found(tmp_path, "TY  - JOUR\r\nTI  - A\r\nER  - \r\nTY  - JOUR\r\nTI  - B\r\n", "ris"))
    assert told == ["A", "4: the file ends inside this record, before its ER: get the whole file"]


def test_ris_not_utf_8(tmp_path: Path) -> None:
    content = b"TY  - JOUR\nTI  - Caf\xe9\nER  - \nTY  - JOUR\nTI  - B\nER  - \n"
    assert outcome(found(tmp_path, content, "ris")) == ["1: line 2 is not UTF-8, or too long", "B"]


@pytest.mark.parametrize("format_", ["acl", "bibtex", "mlanthology", "pmlr", "ris"])
def test_a_file_without_records(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "papers"
    path.write_text('{"papers": []}' if format_ == "mlanthology" else "<collection/>")
    try:
        records = list(read(path, format=format_))
    except SourceError as error:
        assert "no records: check how it was saved" in str(error)  # noqa: PT017 - either is a clear answer
    else:
        assert format_ == "pmlr"
        assert {type(each) for each in records} == {Rejected}
