"""BibTeX: entries become papers, their LaTeX text; books, whole proceedings and data are rejected as no papers."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pybtex.bibtex.utils import split_name_list, split_tex_string

from kg.errors import SourceError
from kg.sources import latex, people, records
from kg.sources.bibtex_entries import Entry, entries
from kg.sources.dates import iso
from kg.sources.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["NO_PAPERS", "read"]

Fields = dict[str, str]

NO_PAPERS: Final = {
    **dict.fromkeys(("proceedings", "mvproceedings", "collection", "mvcollection"), "a whole volume"),
    **dict.fromkeys(("book", "mvbook", "booklet"), "a book"),
    **dict.fromkeys(("periodical", "manual", "patent", "software", "dataset", "artwork", "audio", "video"), ""),
}
"""Types of entries that are no papers, and what they are where their name does not say it."""

_VOLUMES: Final = frozenset({"proceedings", "mvproceedings", "collection", "book"})
_INHERITED: Final = ("booktitle", "year", "month", "date", "volume", "published")
_VENUES: Final = ("booktitle", "journal", "journaltitle", "school", "institution", "eventtitle")
_YEAR: Final = re.compile(r"\b(1[89]|20|21)\d\d\b")
_MONTH: Final = re.compile(r"1[0-2]|0?[1-9]")
_ARXIV: Final = re.compile(r"\barXiv:\s*([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[^\s{}\"<>]+")
_ESCAPED: Final = re.compile(r"\\([_&%#~$])|[{}]")
_OTHERS: Final = frozenset({"others", "et al.", "et al"})
_LISTED: Final = re.compile(r"\s*[;,]\s*")


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file, one by one; an entry that is none, or is broken, is rejected alone.

    The file is gone through once more before, for the volumes that entries refer to.
    """
    volumes, first = _volumes(path)
    found = (_record(entry, volumes, first) for entry in entries(path))
    return records.papers(path, sha256, "bibtex", found)


def _volumes(path: Path) -> tuple[dict[str, Fields], str | None]:
    """The volumes by their keys, in any case, and the key of the one that PMLR puts above the papers of a file."""
    found = dict[str, Fields]()
    first = None
    with suppress(SourceError):  # of a damaged file, which is told where its papers are read
        for entry in entries(path, _VOLUMES):
            if entry.type in _VOLUMES and entry.fields is not None:
                key = entry.key.lower()
                found[key] = dict(entry.fields)
                is_pmlr = {"shortname", "volume", "published"} <= entry.fields.keys()
                first = key if is_pmlr and first is None else first
    return found, first


def _record(entry: Entry, volumes: Mapping[str, Fields], first: str | None) -> Record:
    if entry.fields is None or entry.fault is not None:
        return Record(entry.line, entry.raw, fault=entry.fault)
    if entry.type in NO_PAPERS:
        return Record(entry.line, entry.raw, fault=f"@{entry.type} is {NO_PAPERS[entry.type] or 'none'}, not a paper")
    fields = dict(entry.fields)
    parent, of_pmlr = fields.get("crossref", "").strip().lower(), False
    if not parent and first is not None and "booktitle" not in fields and entry.type == "inproceedings":
        parent, of_pmlr = first, True
    volume = volumes.get(parent, {})
    inherited: Fields = {name: volume[name] for name in _INHERITED if name in volume}
    if "title" in volume:
        inherited.setdefault("booktitle", volume["title"])
    whole = {**inherited, **fields}
    values = _values(whole)
    if of_pmlr and re.fullmatch(r"[vr]?\d+", whole.get("volume", "")):
        name = whole["volume"] if whole["volume"][0] in "vr" else f"v{whole['volume']}"
        values = {
            **values,
            "pmlr": f"{name}/{entry.key}",
            "url": values["url"] or f"https://proceedings.mlr.press/{name}/{entry.key}.html",
            "published": iso(whole["published"]) or values["published"],
        }
    return Record(entry.line, entry.raw, {**values, "id": entry.key})


def _values(fields: Mapping[str, str]) -> dict[str, object]:
    plain = {name: latex.plain(fields[name]) for name in ("title", "abstract", "subtitle") if name in fields}
    title = plain.get("title", "")
    if plain.get("subtitle"):
        title = f"{title}: {plain['subtitle']}"
    links = [found[0] for name in ("url", "ee", "howpublished", "note") for found in _links(fields.get(name, ""))]
    return {
        "title": title,
        "abstract": plain.get("abstract"),
        "authors": _authors(fields.get("author", "")),
        "published": _published(fields),
        "venue": next((latex.plain(fields[name]) for name in _VENUES if fields.get(name, "").strip()), None),
        "url": links[0] if links else None,
        "pdf": _bare(fields.get("pdf")),
        "doi": _bare(fields.get("doi")),
        "arxiv": _arxiv(fields),
        "openreview": _bare(fields.get("openreview")),
        "keywords": [each for each in _LISTED.split(latex.plain(fields.get("keywords", ""))) if each],
        "repository": _bare(fields.get("software") or fields.get("code")),
    }


def _links(text: str) -> Iterator[re.Match[str]]:
    return _ADDRESS.finditer(_ESCAPED.sub(lambda found: found[1] or " ", text))


def _bare(text: str | None) -> str | None:
    """An address or identifier without escapes and braces."""
    return _ESCAPED.sub(lambda found: found[1] or "", text).strip() if text else None


def _authors(text: str) -> list[str]:
    """The names, given name first; "and others" is nobody."""
    names = (_name(name) for name in split_name_list(" ".join(text.split())))
    return [name for name in names if name and name.lower() not in _OTHERS]


def _name(name: str) -> str:
    return latex.plain(people.straight(split_tex_string(name, ",")))


def _published(fields: Mapping[str, str]) -> str | None:
    """As precisely as an entry says it: `date`, or `year` with `month`."""
    if found := iso(_bare(fields.get("date", "").split("/")[0]) or ""):
        return found
    year = _YEAR.search(fields.get("year", "") or fields.get("date", ""))
    month = latex.plain(fields.get("month", ""))
    if year is None:
        return None
    if _MONTH.fullmatch(month):
        return f"{year[0]}-{int(month):02}"
    return iso(f"{month} {year[0]}") or year[0]


def _arxiv(fields: Mapping[str, str]) -> str | None:
    """What says that it is of arXiv: `eprint`, or a journal such as "arXiv preprint arXiv:1706.03762"."""
    prefix = fields.get("archiveprefix") or fields.get("eprinttype") or ""
    eprint = _bare(fields.get("eprint")) or ""
    if eprint and (prefix.strip("{} ").lower() == "arxiv" or not prefix):
        return eprint
    said = next(
        filter(None, (_ARXIV.search(fields.get(name, "")) for name in ("journal", "note", "howpublished"))), None
    )
    return said[1] if said else None
