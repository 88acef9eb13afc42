"""The ACL Anthology's XML: a collection of volumes, each with what it is and its papers."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from kg.errors import SourceError
from kg.sources import files, latex, records
from kg.sources.dates import iso
from kg.sources.listing import RAW
from kg.sources.records import Record

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["identifier", "is_collection", "read"]

_SITE: Final = "https://aclanthology.org/"
_COLLECTION: Final = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!(?:--.*?--|DOCTYPE[^>\[]*(?:\[.*?\]\s*)?)>\s*)*<collection\b", re.DOTALL
)
_NEW_STYLE: Final = re.compile(r"\d{4}\.")
_FOUR_VOLUMES: Final = 5  # the D19 of one digit: its volumes from here on number their papers as workshops do
_NO_PAPERS: Final = {"frontmatter": "front matter, not a paper", "backmatter": "back matter, not a paper"}


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a collection, one by one; its front matter is none. Entities are not resolved.

    Raises `SourceError` with its line where the XML is broken, after the papers before.
    """
    return records.papers(path, sha256, "acl", _records(path))


def is_collection(text: str) -> bool:
    """Whether a text, or its beginning, is a collection of the ACL Anthology.

    >>> is_collection('<?xml version="1.0"?><collection id="P18">'), is_collection("<html>")
    (True, False)
    """
    return _COLLECTION.match(text) is not None


def identifier(collection: str, volume: str, paper: str) -> str | None:
    """The Anthology's identifier of a paper; None where a number is none.

    >>> identifier("2020.iwpt", "1", "3"), identifier("P18", "1", "27"), identifier("W18", "5", "4")
    ('2020.iwpt-1.3', 'P18-1027', 'W18-0504')
    """
    if _NEW_STYLE.match(collection):
        return f"{collection}-{volume}.{paper}"
    if not (volume.isdecimal() and paper.isdecimal()):
        return None
    workshop = collection[:1] == "W" or collection == "C69" or (collection == "D19" and int(volume) >= _FOUR_VOLUMES)
    return f"{collection}-{int(volume):02}{int(paper):02}" if workshop else f"{collection}-{int(volume)}{int(paper):03}"


class _Chunks:
    """A file that gives what it has before it says that the rest is damaged."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        return self._file.read1(size)


def _records(path: Path) -> Iterator[Record]:
    with files.opened(path) as file:
        found = etree.iterparse(
            _Chunks(file),
            events=("start", "end"),
            tag=("collection", "volume", "meta", "paper"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        collection, volume, about = "", "", dict[str, str | None]()
        try:
            for event, element in found:
                if event == "start":
                    collection = element.get("id", "") if element.tag == "collection" else collection
                    if element.tag == "volume":
                        volume, about = element.get("id", ""), {}
                    continue
                if element.tag == "meta":
                    about = _about(element)
                elif element.tag == "paper":
                    yield _record(element, identifier(collection, volume, element.get("id", "")), about)
                if element.tag != "collection":
                    _forget(element)
        except etree.XMLSyntaxError as error:
            why = f"line {error.lineno}: not XML: {error.msg}"
            raise SourceError(f"{path}: {why}: get it anew (what came before is kept)") from error


def _forget(element: Any) -> None:
    """Let go of what was read: an element, and what stands before it."""
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]


def _about(meta: Any) -> dict[str, str | None]:
    """The year and month, and the venue, of the papers of a volume."""
    year, month = _text(meta.find("year")), _text(meta.find("month"))
    venue = _text(meta.find("venue")) or _text(meta.find("booktitle"))
    return {"published": iso(f"{month} {year}") or year, "venue": venue}


def _record(paper: Any, name: str | None, about: Mapping[str, str | None]) -> Record:
    record = partial(Record, paper.sourceline or 1, etree.tostring(paper, encoding="unicode", with_tail=False)[:RAW])
    if fault := _NO_PAPERS.get(paper.get("type", "")):
        return record(fault=fault)
    url = _text(paper.find("url"))
    is_elsewhere = url is not None and "://" in url
    name = name if url is None or is_elsewhere else url
    code = paper.find("pwccode")
    return record(
        {
            **about,
            "title": _text(paper.find("title")),
            "abstract": _text(paper.find("abstract")),
            "authors": [author for each in paper.findall("author") if (author := _name(each))],
            "doi": _text(paper.find("doi")),
            "acl": name,
            "id": _text(paper.find("bibkey")),
            "url": url if is_elsewhere else name and f"{_SITE}{name}",
            "pdf": f"{_SITE}{url}.pdf" if url and not is_elsewhere else None,
            "repository": None if code is None else code.get("url"),
        }
    )


def _name(author: Any) -> str:
    return " ".join(filter(None, (_text(author.find("first")), _text(author.find("last")))))


def _text(element: Any) -> str | None:
    """The text of an element, its formulas as text, its other markup left out, blanks as one space."""
    return None if element is None else " ".join("".join(_parts(element)).split()) or None


def _parts(element: Any) -> Iterator[str]:
    if element.tag == "tex-math":
        yield latex.formula("".join(element.itertext()))
    elif isinstance(element.tag, str):
        yield element.text or ""
        for child in element:
            yield from _parts(child)
            yield child.tail or ""
