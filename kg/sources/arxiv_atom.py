"""Answers of the arXiv API: Atom feeds, of which each entry is a paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from lxml import etree

from kg.errors import SourceError
from kg.model import Rejected, Source
from kg.sources import files
from kg.sources.arxiv import unwrapped
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.identifiers import from_address
from kg.sources.listing import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from kg.model import Paper

__all__ = ["answer", "entries", "is_feed", "read", "record"]

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_TOTAL: Final = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a feed, entry by entry. What comes behind a place that is not XML is rejected as one record."""
    known = Columns(path, {})
    count = 0
    with files.opened(path) as file:
        try:
            for entry in entries(file):
                count += 1
                line = _line(entry)
                try:
                    yield paper(record(entry), known, Source(sha256, "arxiv-atom", line, count))
                except UnreadableError as error:
                    yield Rejected(str(path), line, str(error), _raw(entry))
        except etree.XMLSyntaxError as error:
            count += 1
            why = f"not XML: {error.msg}: the rest of the file is not read"
            yield Rejected(str(path), error.lineno or 1, why)
    if not count:
        raise SourceError(f"{path}: no entries in this feed: check the query that it answers")


def is_feed(text: str) -> bool:
    """Whether a text, or its beginning, is an Atom feed of arXiv.

    >>> is_feed('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>'), is_feed("<html>")
    (True, False)
    """
    return text.lstrip().startswith("<") and "http://www.w3.org/2005/Atom" in text and "arxiv.org" in text


def entries(file: BinaryIO) -> Iterator[etree._Element]:
    """The entries of a feed, one held at a time; no entity is resolved and nothing is loaded.

    Raises XMLSyntaxError where it is not XML.
    """
    parts = etree.iterparse(
        file, tag=f"{_ATOM}entry", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    for _, entry in parts:
        yield entry
        entry.clear()
        while (before := entry.getprevious()) is not None and (parent := entry.getparent()) is not None:
            parent.remove(before)


def answer(body: bytes) -> tuple[list[dict[str, object]], int]:
    """The papers of one answer as arXiv's snapshot has them, and how many answer the query in all.

    Raises ValueError where it is no feed, or is arXiv's word of an error.
    """
    total = 0
    papers = []
    try:
        for _, part in etree.iterparse(
            io.BytesIO(body), tag=(f"{_ATOM}entry", _TOTAL), resolve_entities=False, load_dtd=False, no_network=True
        ):
            if part.tag == _TOTAL:
                total = int(part.text or 0)
            else:
                papers.append(_as_in_snapshot(part))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error.msg}") from error
    return papers, total


def _as_in_snapshot(entry: etree._Element) -> dict[str, object]:
    found = record(entry)
    (_, identifier), *_ = from_address(str(found["arxiv"])) or (("arxiv", ""),)
    if not identifier:
        raise ValueError(f"an entry without an identifier: {str(found['arxiv'])[:80]}")
    days = [_text(entry, f"{_ATOM}{name}").strip() for name in ("published", "updated")]
    return {
        "id": identifier,
        "title": found["title"],
        "abstract": found["abstract"],
        "authors": found["authors"],
        "categories": " ".join(each.get("term") or "" for each in entry.iterfind(f"{_ATOM}category")),
        "doi": found["doi"] or None,
        "journal-ref": found["venue"] or None,
        "published": days[0],
        "update_date": days[1][:10],
    }


def record(entry: etree._Element) -> dict[str, object]:
    """An entry under the names of our columns. Raises `UnreadableError` where it is arXiv's word of an error."""
    identifier, title = _text(entry, f"{_ATOM}id"), " ".join(_text(entry, f"{_ATOM}title").split())
    if "/api/errors" in identifier:
        raise UnreadableError(f"an error of arXiv: {' '.join(_text(entry, f'{_ATOM}summary').split())[:RAW]}")
    links = {link.get("title") or link.get("rel"): link.get("href") for link in entry.iterfind(f"{_ATOM}link")}
    names = (_text(author, f"{_ATOM}name").strip() for author in entry.iterfind(f"{_ATOM}author"))
    return {
        "title": title,
        "abstract": unwrapped(_text(entry, f"{_ATOM}summary")),
        "authors": [name for name in names if name],
        "published": _text(entry, f"{_ATOM}published"),
        "venue": " ".join(_text(entry, f"{_ARXIV}journal_ref").split()),
        "url": links.get("alternate") or identifier,
        "pdf": links.get("pdf"),
        "doi": _text(entry, f"{_ARXIV}doi"),
        "arxiv": identifier,
    }


def _text(parent: etree._Element, name: str) -> str:
    """The text of a child and of all in it, comments left out."""
    child = parent.find(name)
    return "" if child is None else str(child.xpath("string()"))


def _line(entry: etree._Element) -> int:
    return entry.sourceline if isinstance(entry.sourceline, int) else 1


def _raw(entry: etree._Element) -> str:
    return etree.tostring(entry, encoding="unicode")[:RAW]
