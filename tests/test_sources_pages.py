"""The three forms of a listing page."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Listing, Paper, Rejected, Source
from kg.sources import detect, read

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data" / "sources"
GOLD = ROOT.parent / "shared" / "gold" / "seed"
SEED = ROOT / "examples" / "paper-group-nanr-96.txt"
FORMS = {"txt": "listing-text", "html": "listing-html", "md": "listing-markdown"}
LABELS = ("Title", "Authors", "Abstract", "Tasks", "Published", "URL", "PDF", "PWC", "Repo", "Framework")


def papers_of(path: Path) -> list[Paper]:
    found = list(read(path))
    assert not [record for record in found if isinstance(record, Rejected)]
    return [record for record in found if isinstance(record, Paper)]


def bare(papers: Iterable[Paper | Rejected]) -> list[Paper | Rejected]:
    """Papers without the place that they were read from."""
    return [replace(paper, source=Source("", "")) if isinstance(paper, Paper) else paper for paper in papers]


def listing_of(path: Path) -> Listing:
    listing = papers_of(path)[0].source.listing
    assert listing is not None
    return listing


def page_of(tmp_path: Path, text: str | bytes) -> list[Paper | Rejected]:
    path = tmp_path / "page"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read(path))


def block(title: str = "On the Ways of Words", abstract: str = "Words.", authors: str = "A. B", **fields: str) -> str:
    values = {"Title": title, "Authors": authors, "Abstract": abstract, **fields}
    return "".join(f"{label} {values.get(label, '')}".rstrip(" ") + "\n" for label in LABELS)


# The seed


def test_the_seed_has_its_papers() -> None:
    papers = papers_of(SEED)
    assert len(papers) == 15
    assert [paper.source.position for paper in papers] == list(range(1, 16))
    assert {paper.authors for paper in papers} == {("Anonymous",)}
    assert all(paper.anonymous for paper in papers)
    assert {paper.published for paper in papers} == {"2020-01-01"}
    assert [paper.declared.tasks for paper in papers if paper.declared.tasks] == [
        ("Model Compression",),
        ("Q-Learning",),
        ("Object Detection", "Quantization"),
        ("Question Answering",),
        ("Imitation Learning", "Meta-Learning"),
    ]
    assert {(paper.declared.repository, paper.declared.framework) for paper in papers} == {(None, None)}


def test_the_seed_is_verbatim() -> None:
    paper = papers_of(SEED)[6]
    assert paper.id == "openreview:HklkeR4KPB"
    assert paper.ids == (("openreview", "HklkeR4KPB"), ("pwc", "remixmatch-semi-supervised-learning-with"))
    assert paper.abstract.startswith("We improve the recently-proposed ``MixMatch semi-supervised")
    assert "Augmentation anchoring} feeds" in paper.abstract
    assert "MixMatch\u2019s accuracy" in paper.abstract
    assert paper.abstract.endswith("with just four labels per class. |")
    assert paper.source.line == 91
    assert papers_of(SEED)[1].ids[-1] == ("pwc", "convergence-behaviour-of-some-gradient-based-1")


def test_the_seed_says_what_page_it_is() -> None:
    listing = listing_of(SEED)
    assert (listing.group, listing.group_index) == ("Paper Group NANR 96", 96)
    assert (listing.date_text, listing.date) == ("April 1, 2020", "2020-04-01")
    assert (listing.reading_text, listing.word_count, listing.read_minutes) == ("2855 words 14 mins read", 2855, 14)
    assert listing.teaser is not None
    assert listing.teaser.endswith("Implementing Inductive bias \u2026")
    assert listing.teaser_truncated
    assert (listing.footer, listing.papers, listing.characters) == ("comments powered by Disqus", 15, 22476)


def test_the_seed_is_the_gold() -> None:
    if not GOLD.is_dir():
        pytest.skip("the annotated papers are not beside this checkout")
    lines = (GOLD / "seed.jsonl").read_text("utf-8").splitlines()
    gold = [json.loads(line)["metadata"] for line in lines]
    for metadata in gold:
        metadata.pop("file_offset")
    assert [metadata_of(paper) for paper in papers_of(SEED)] == gold


def metadata_of(paper: Paper) -> dict[str, Any]:
    return {
        **dict.fromkeys(("url", "pdf", "pwc")),
        **dict(paper.urls),
        "title": paper.title,
        "authors": list(paper.authors),
        "authors_anonymous": paper.anonymous,
        "abstract": paper.abstract,
        "published": paper.published,
        "tasks": list(paper.declared.tasks),
        "repo": paper.declared.repository,
        "framework": paper.declared.framework,
        "openreview_id": dict(paper.ids)["openreview"],
    }


def test_the_seed_is_the_gold_page() -> None:
    if not GOLD.is_dir():
        pytest.skip("the annotated page is not beside this checkout")
    gold = json.loads((GOLD / "page.json").read_text("utf-8"))
    names = {"n_papers": "papers", "paper_slugs": "slugs", "chars": "characters"}
    listing = asdict(listing_of(SEED))
    elsewhere = {"source_file", "offset_unit"}
    assert {name: listing[names.get(name, name)] for name in gold if name not in elsewhere} == {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in gold.items()
        if name not in elsewhere
    }


# The forms


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("page", [SEED, DATA / "three.txt"], ids=lambda path: path.stem)
def test_forms_give_equal_papers(page: Path, form: str) -> None:
    other = page.with_suffix(f".{form}")
    assert detect(other) == FORMS[form]
    assert bare(papers_of(other)) == bare(papers_of(page))


@pytest.mark.parametrize("page", [SEED, DATA / "three.txt"], ids=lambda path: path.stem)
def test_forms_give_equal_pages(page: Path) -> None:
    text, html, markdown = (listing_of(page.with_suffix(f".{form}")) for form in FORMS)
    assert replace(html, characters=0) == replace(text, characters=0)
    # Front matter has a date as a number; reading time and comment box are the theme's.
    assert replace(markdown, characters=0) == replace(
        text, characters=0, date_text=text.date, reading_text=None, word_count=None, read_minutes=None, footer=None
    )


def test_the_page_of_three() -> None:
    first, second, third = papers_of(DATA / "three.txt")
    assert first.title == "Pipes | and *Stars*: A_b < C & D"
    assert first.authors == ("Ada Lovelace", "Martin Luther King, Jr.", "José Núñez")
    assert not first.anonymous
    assert (first.id, first.ids) == ("arxiv:1812.11111", (("arxiv", "1812.11111"), ("pwc", "pipes-and-stars")))
    assert first.declared.repository == "https://github.com/ada/pipes_and_stars"
    assert first.declared.framework == "pytorch"
    assert first.abstract.endswith(r"&amp; bars ||, `code` \| too.  Two blanks. |")
    assert second.abstract.count("\n") == 8
    assert second.abstract.endswith("Framework of choice")
    assert (second.published, second.declared.tasks) == ("2019-01", ())
    assert third.title == "Title Generation with Little Data"
    assert (third.urls, third.ids, third.published) == ((), (), None)
    assert third.declared.tasks == ("Text Generation",)
    assert listing_of(DATA / "three.txt").word_count == 1204


# The traps of the text form

PROSE = (
    "Tasks such as parsing are hard.",
    "Tasks such as parsing and",
    "Tasks",
    "Title and authors are read.",
    "Title",
    "Authors of pages know",
    "Authors",
    "Abstract nouns",
    "Published work of 2019",
    "URL and PDF",
    "PDF files",
    "PWC was closed",
    "Repo men",
    "Framework",
    "Frameworks help.",
    "",
)


@pytest.mark.parametrize("headed", [True, False], ids=["headings", "no headings"])
@pytest.mark.parametrize("prose", PROSE)
def test_prose_that_begins_like_a_label(tmp_path: Path, prose: str, headed: bool) -> None:  # noqa: FBT001 pytest passes it
    abstract = f"We begin.\n{prose}\nWe end."
    heading = "On the Ways of Words\n\n" if headed else ""
    page = (
        f"{heading}{block(abstract=abstract, Tasks='Parsing', Repo='https://example.org/a')}\n{block('Another Paper')}"
    )
    first, second = page_of(tmp_path, page)
    assert isinstance(first, Paper)
    assert (first.abstract, first.declared.tasks) == (abstract, ("Parsing",))
    assert isinstance(second, Paper)
    assert second.title == "Another Paper"


@pytest.mark.parametrize("missing", [*LABELS[3:], "Authors"])
def test_a_missing_field(tmp_path: Path, missing: str) -> None:
    fields = {"Tasks": "Parsing", "Published": "2020-02-03", "Framework": "tf"}
    fields |= {label: f"https://example.org/{label.lower()}" for label in ("URL", "PDF", "Repo")}
    fields["PWC"] = "https://paperswithcode.com/paper/a-b"
    whole = block(**fields)
    cut = "".join(line for line in whole.splitlines(keepends=True) if not line.startswith(f"{missing} "))
    one, other = page_of(tmp_path, f"{cut}\n{whole}")
    assert isinstance(one, Paper)
    assert isinstance(other, Paper)
    changed = {
        "Authors": {"authors": ()},
        "Tasks": {"declared": replace(other.declared, tasks=())},
        "Published": {"published": None},
        "URL": {"urls": other.urls[1:]},
        "PDF": {"urls": (other.urls[0], other.urls[2])},
        "PWC": {"urls": other.urls[:2], "ids": (), "id": replace(one).id},
        "Repo": {"declared": replace(other.declared, repository=None)},
        "Framework": {"declared": replace(other.declared, framework=None)},
    }[missing]
    assert bare([one]) == bare([replace(other, **changed)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "end",
    [
        "Framework\ncomments powered by Disqus",
        "Framework\n\ncomments powered by Disqus\n",
        "Framework comments powered by Disqus",
        "Frameworkcomments powered by Disqus",
        "Framework\n\ncomments powered by Disqus\n\n© The Blog\n",
    ],
)
def test_the_footer_is_no_framework(tmp_path: Path, end: str) -> None:
    page = "Paper Group X\n\nPaper Group X\n\n" + block().removesuffix("Framework\n") + end
    (paper,) = page_of(tmp_path, page)
    assert isinstance(paper, Paper)
    assert paper.declared.framework is None
    assert paper.source.listing is not None
    assert paper.source.listing.footer == "comments powered by Disqus"


@pytest.mark.parametrize("title", ["Title Generation", "Tasks and Roles", "Framework for All", "Abstract Reasoning"])
def test_titles_that_begin_like_a_label(tmp_path: Path, title: str) -> None:
    teaser = f"{title}. Another Paper. A Third \u2026"
    page = f"Papers 7\n\nPapers 7\n\n{teaser}\n\n{title}\n\n{block(title)}\nAnother Paper\n\n{block('Another Paper')}"
    page += f"\n{title}\n\n{block(title)}"
    papers = page_of(tmp_path, page)
    assert [paper.title for paper in papers if isinstance(paper, Paper)] == [title, "Another Paper", title]
    assert {paper.declared.framework for paper in papers if isinstance(paper, Paper)} == {None}
    (listing,) = {paper.source.listing for paper in papers if isinstance(paper, Paper)}
    assert listing is not None
    assert (listing.group, listing.group_index, listing.teaser) == ("Papers 7", 7, teaser)


def test_no_header_is_no_listing(tmp_path: Path) -> None:
    (paper,) = page_of(tmp_path, block())
    assert isinstance(paper, Paper)
    assert paper.source.listing is None


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u202e", "\ufeff"])
def test_control_characters_stay(tmp_path: Path, control: str) -> None:
    (paper,) = page_of(tmp_path, block(abstract=f"a{control}b"))
    assert isinstance(paper, Paper)
    assert paper.abstract == f"a{control}b"


def test_line_ends_and_byte_order_mark_of_windows(tmp_path: Path) -> None:
    page = f"Group\n\nGroup\n\n{block(abstract='One.' + chr(10) + 'Two.', Tasks='Parsing')}"
    here = page_of(tmp_path, page)
    there = page_of(tmp_path, "\ufeff" + page.replace("\n", "\r\n"))
    assert bare(there) == bare(here)


def test_a_bare_bar_in_markdown_stays(tmp_path: Path) -> None:
    page = "| Title | A | B |\n| --- | --- |\n| Authors | C |\n| Abstract | p(x|y) = |x| |\n| Framework | |\n"
    (paper,) = page_of(tmp_path, page)
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("A | B", "p(x|y) = |x|")


WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r"), max_size=30)
NAMES = st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,2}", fullmatch=True)
PROSES = st.lists(st.one_of(WORDS, st.sampled_from(PROSE)), max_size=6)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)


@st.composite
def fields(draw: st.DrawFn) -> dict[str, str]:
    """What a page may print of one paper."""
    slug = draw(SLUGS)
    lines = ["We begin.", *draw(PROSES), "We end."]
    return {
        "Title": draw(NAMES) + draw(WORDS).rstrip(),
        "Authors": ", ".join(draw(st.lists(NAMES.map("{} Berg".format), min_size=1, max_size=4))),
        "Abstract": "\n".join(lines),
        "Tasks": ", ".join(draw(st.lists(NAMES, max_size=3))),
        "Published": draw(st.dates().map(str)),
        "URL": f"https://openreview.net/forum?id={slug}",
        "PDF": f"https://openreview.net/pdf?id={slug}",
        "PWC": f"https://paperswithcode.com/paper/{slug}",
        "Repo": draw(st.sampled_from(["", f"https://github.com/{slug}"])),
        "Framework": draw(st.sampled_from(["", "pytorch", "tf"])),
    }


@given(st.lists(fields(), min_size=1, max_size=4), st.booleans())
def test_a_page_that_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    papers: list[dict[str, str]],
    headed: bool,  # noqa: FBT001 drawn
) -> None:
    page = "\n".join(
        (f"{paper['Title']}\n\n" if headed else "")
        + block(paper["Title"], paper["Abstract"], paper["Authors"], **{name: paper[name] for name in LABELS[3:]})
        for paper in papers
    )
    found = page_of(tmp_path_factory.mktemp("page"), page)
    assert [metadata_of(paper) for paper in found if isinstance(paper, Paper)] == [
        {
            "title": paper["Title"],
            "authors": paper["Authors"].split(", "),
            "authors_anonymous": False,
            "abstract": paper["Abstract"],
            "published": paper["Published"],
            "url": paper["URL"],
            "pdf": paper["PDF"],
            "pwc": paper["PWC"],
            "tasks": paper["Tasks"].split(", ") if paper["Tasks"] else [],
            "repo": paper["Repo"] or None,
            "framework": paper["Framework"] or None,
            "openreview_id": paper["URL"].partition("=")[2],
        }
        for paper in papers
    ]


# Damaged pages


@pytest.mark.parametrize("form", FORMS)
def test_a_truncated_page_keeps_what_is_whole(tmp_path: Path, form: str) -> None:
    page = SEED.with_suffix(f".{form}").read_text("utf-8")
    whole = bare(papers_of(SEED))
    for end in range(3000, len(page), 997):
        found = bare(page_of(tmp_path, page[:end].rstrip("\n")))
        papers = [record for record in found if isinstance(record, Paper)]
        assert papers == whole[: len(papers)]
        assert len(found) - len(papers) <= 1


def test_a_cut_paper_is_rejected_by_line_and_reason(tmp_path: Path) -> None:
    page = SEED.read_text("utf-8")
    *papers, cut = page_of(tmp_path, page[: page.index("CIFAR-10 and ImageNet")])
    assert len(papers) == 2
    reason = "the page ends inside this paper, after Abstract: get the whole page"
    assert isinstance(cut, Rejected)
    assert (cut.source, cut.line, cut.reason) == (str(tmp_path / "page"), 39, reason)
    assert cut.raw.startswith("Title Dynamic Model Pruning")


@pytest.mark.parametrize("form", ["txt", "md"])
def test_a_page_that_ends_within_a_character_keeps_what_is_whole(tmp_path: Path, form: str) -> None:
    content = SEED.with_suffix(f".{form}").read_bytes()
    path = tmp_path / "page"
    path.write_bytes(content[: content.index("MixMatch’s".encode()) + len("MixMatch") + 1])
    *papers, cut = read(path)
    assert len(papers) == 6
    assert isinstance(cut, Rejected)
    assert cut.reason.startswith("the page ends inside this paper")


def test_an_address_that_is_cut_is_no_identifier(tmp_path: Path) -> None:
    page = SEED.read_text("utf-8")
    *_, cut = page_of(tmp_path, page[: page.index("forum?id=SJem8lSFwB") + 12])
    assert isinstance(cut, Rejected)


def test_a_paper_without_a_title_is_rejected(tmp_path: Path) -> None:
    found = page_of(tmp_path, f"{block('One Good Paper')}\n{block('')}\n{block('Another Good Paper')}")
    assert [record.reason if isinstance(record, Rejected) else record.title for record in found] == [
        "One Good Paper",
        "no title",
        "Another Good Paper",
    ]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_lost_title_line_costs_one_paper(tmp_path: Path, place: int) -> None:
    blocks = [block(f"Paper Number {number}", URL=f"https://example.org/{number}") for number in range(3)]
    blocks[place] = blocks[place].split("\n", 1)[1]
    found = page_of(tmp_path, "\n".join(blocks))
    assert [record.reason if isinstance(record, Rejected) else record.title for record in found] == [
        "no title" if number == place else f"Paper Number {number}" for number in range(3)
    ]


def test_an_empty_abstract_is_accepted(tmp_path: Path) -> None:
    (paper,) = page_of(tmp_path, block(abstract=""))
    assert isinstance(paper, Paper)
    assert paper.abstract == ""


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("listing-text", "Nothing here.\n"),
        ("listing-html", "<html><body><h1>404</h1></body></html>"),
        ("listing-markdown", "# Nothing\n\n| a | b |\n|---|---|\n| c | d |\n"),
    ],
)
def test_a_page_without_papers(tmp_path: Path, form: str, page: str) -> None:
    path = tmp_path / "page"
    path.write_text(page, "utf-8")
    with pytest.raises(SourceError, match=r"page: no papers on this page: check the file"):
        list(read(path, format=form))


@pytest.mark.parametrize("form", FORMS)
def test_a_page_in_another_encoding_names_the_byte(tmp_path: Path, form: str) -> None:
    path = tmp_path / "page"
    content = SEED.with_suffix(f".{form}").read_bytes()
    path.write_bytes(content + b"\ncaf\xe9\n")
    line = content.count(b"\n") + 2
    with pytest.raises(SourceError, match=rf"page: line {line}: byte 0xe9 is not UTF-8: save it as UTF-8"):
        list(read(path))
