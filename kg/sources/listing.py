"""What the three forms of a listing page share: labelled fields become papers, the rest the page's own words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Declared, Paper, Rejected, Source
from kg.sources import dates, people
from kg.sources.header import Header, listing
from kg.sources.identifiers import identifiers, paper_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["ADDRESSES", "LABELS", "RAW", "Block", "Page", "Row", "blocks", "papers"]

LABELS: Final = ("Title", "Authors", "Abstract", "Tasks", "Published", "URL", "PDF", "PWC", "Repo", "Framework")
"""The fields of a paper, in the order in which a page prints them."""

ADDRESSES: Final = ("URL", "PDF", "PWC", "Repo")
RAW: Final = 2000
"""How much of a rejected record is kept."""

_ABSTRACT: Final = LABELS.index("Abstract")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a paper's table: a label, its value, verbatim, and its line."""

    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """What a page prints of one paper: the values of its labels, verbatim, and the line of the first."""

    line: int
    fields: Mapping[str, str]
    raw: str

    @property
    def last(self) -> int:
        """The rank of its last label."""
        return max(map(LABELS.index, self.fields), default=0)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as one of the readers took it apart. `open_ended`: the last line has no end, so it may be cut."""

    form: str
    header: Header
    blocks: Sequence[Block]
    footer: str | None
    characters: int
    open_ended: bool = False


def papers(page: Page, path: Path, sha256: str) -> Iterator[Paper | Rejected]:
    """The papers of a page, in its order. A block without a title, and a last one that is cut, are rejected."""
    if not page.blocks:
        raise SourceError(f"{path}: no papers on this page: check the file, or name its format with --format")
    cut = _is_cut(page)
    read = [_paper(block, Source(sha256, page.form, block.line, n)) for n, block in enumerate(page.blocks, start=1)]
    whole = read[:-1] if cut else read
    slugs = tuple(value for paper in whole for scheme, value in paper.ids if scheme == "pwc" and paper.title.strip())
    about = listing(page.header, papers=len(read), slugs=slugs, footer=page.footer, characters=page.characters)
    for block, paper in zip(page.blocks, read, strict=True):
        if not paper.title.strip():
            yield Rejected(str(path), block.line, "no title", block.raw[:RAW])
        elif cut and block is page.blocks[-1]:
            reason = f"the page ends inside this paper, after {LABELS[block.last]}: get the whole page"
            yield Rejected(str(path), block.line, reason, block.raw[:RAW])
        else:
            yield replace(paper, source=replace(paper.source, listing=about))


def blocks(rows: Iterable[Row]) -> list[Block]:
    """The papers that rows make: "Title" begins one, and so does "Authors" or "Abstract" come again without it."""
    groups = list[dict[str, Row]]()
    for row in rows:
        if not groups or row.label == "Title" or (row.label in LABELS[: _ABSTRACT + 1] and row.label in groups[-1]):
            groups.append({})
        groups[-1].setdefault(row.label, row)
    return [
        Block(
            line=next(iter(group.values())).line,
            fields={label: row.value for label, row in group.items()},
            raw="\n".join(f"{label} {row.value}" for label, row in group.items()),
        )
        for group in groups
    ]


def _is_cut(page: Page) -> bool:
    """Whether the last paper lacks its end.

    It does if the others go on further (the only one: if it has not all labels) and either its last
    line is not ended, for a cut address would be another paper's, or nothing shows that its abstract is.
    """
    last = page.blocks[-1].last
    furthest = max((block.last for block in page.blocks[:-1]), default=len(LABELS) - 1 if page.open_ended else last)
    return page.footer is None and last < furthest and (page.open_ended or last <= _ABSTRACT)


def _paper(block: Block, source: Source) -> Paper:
    def value(label: str) -> str | None:
        return block.fields.get(label, "").strip() or None

    title = block.fields.get("Title", "")
    authors = people.listed(value("Authors") or "")
    published = dates.iso(value("Published") or "")
    addresses = tuple((label.lower(), address) for label in ("URL", "PDF", "PWC") if (address := value(label)))
    ids = identifiers((), (address for _, address in addresses))
    return Paper(
        id=paper_id(ids, title, int(published[:4]) if published else None),
        title=title,
        abstract=block.fields.get("Abstract", ""),
        source=source,
        ids=ids,
        authors=authors,
        anonymous=people.is_anonymous(authors),
        published=published,
        urls=addresses,
        declared=Declared(
            tasks=tuple(filter(None, map(str.strip, (value("Tasks") or "").split(",")))),
            repository=value("Repo"),
            framework=value("Framework"),
        ),
    )
