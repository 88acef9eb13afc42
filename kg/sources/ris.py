"""RIS: records of lines with a tag each, from TY to ER; books, data and the like are rejected as no papers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.sources import files, people, records
from kg.sources.identifiers import from_address
from kg.sources.records import LARGEST, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["NO_PAPERS", "is_records", "read"]

NO_PAPERS: Final = re.compile(
    "ADVS|AGGR|ART|BILL|BOOK|CASE|CHART|CLSWK|COMP|CTLG|DATA|DBASE|DICT|EBOOK|EDBOOK|ENCYC|EQUA|FIGURE|GOVDOC|GRANT"
    "|HEAR|LEGAL|MAP|MPCT|MULTI|MUSIC|PAMP|PAT|PCOMM|SER|SLIDE|SOUND|STAND|STAT|UNBILL|VIDEO"
)
"""Types of records that are no papers."""

_TAG: Final = re.compile(r"([A-Z][A-Z0-9]) {0,2}-(?: (.*))?")
_START: Final = re.compile(r"^TY {0,2}- [A-Z]", re.MULTILINE)
_DATE: Final = re.compile(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?")
_TITLES: Final = ("TI", "T1", "CT")
_ABSTRACTS: Final = ("AB", "N2")
_AUTHORS: Final = ("AU", "A1")
_DATES: Final = ("DA", "Y1", "PY")
_VENUES: Final = ("T2", "JO", "JF", "JA", "J2", "BT", "C3", "T3")
_ADDRESSES: Final = ("UR", "L2", "LK")


@dataclass(slots=True)
class _Block:
    """The lines of one record: the first of them, their text, and what each tag says."""

    line: int
    lines: list[str] = field(default_factory=list)
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    size: int = 0
    ended: bool = False
    fault: str | None = None


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file, one by one; a record that is none, or is broken, is rejected alone."""
    return records.papers(path, sha256, "ris", map(_record, _blocks(path)))


def is_records(text: str) -> bool:
    r"""Whether a text, or its beginning, has a record's first line.

    >>> is_records("\nTY  - CPAPER\nTI  - A"), is_records("TY - to you")
    (True, False)
    """
    return _START.search(text) is not None


def _blocks(path: Path) -> Iterator[_Block]:
    """The records of a file; lines without a tag between them are left out."""
    block = None
    for number, data in files.lines(path):
        line = _text(data)
        found = _TAG.fullmatch(line or "")
        tag, value = (found[1], (found[2] or "").strip()) if found else (None, "")
        if block is not None and tag == "TY":  # the one before lacks its end
            block.ended = True
            yield block
            block = None
        if block is None and tag is None:
            continue
        if block is None:
            block = _Block(number, fault=None if tag == "TY" else "a record that does not begin with TY")
        _add(block, number, line, tag, value)
        if tag == "ER":
            block.ended = True
            yield block
            block = None
    if block is not None:
        yield block


def _text(data: bytes | None) -> str | None:
    """A line as text; None for one that cannot be read."""
    try:
        return None if data is None else data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return None


def _add(block: _Block, number: int, line: str | None, tag: str | None, value: str) -> None:
    block.size += len(line or "")
    if line is None:
        block.fault = block.fault or f"line {number} is not UTF-8, or too long"
    elif block.size > LARGEST:
        block.fault = block.fault or f"a record of more than {LARGEST >> 20} MiB"
    else:
        block.lines.append(line)
        if tag is not None:
            block.tags.append((tag, [value]))
        elif block.tags and line.strip():  # a long value goes on
            block.tags[-1][1].append(line.strip())


def _record(block: _Block) -> Record:
    raw = "\n".join(block.lines)
    tags = dict[str, list[str]]()
    for tag, parts in block.tags:
        if value := " ".join(filter(None, parts)):
            tags.setdefault(tag, []).append(value)
    type_ = tags.get("TY", [""])[0].upper()
    if block.fault is None and not block.ended:
        return Record(block.line, raw, fault="the file ends inside this record, before its ER: get the whole file")
    if block.fault is None and NO_PAPERS.fullmatch(type_):
        return Record(block.line, raw, fault=f"TY {type_} is no paper")
    return Record(block.line, raw, _values(tags), block.fault)


def _values(tags: Mapping[str, list[str]]) -> dict[str, object]:
    addresses = _all(tags, _ADDRESSES)
    ids = {scheme: value for address in addresses[1:] for scheme, value in from_address(address)}
    return {
        **ids,
        "title": _first(tags, _TITLES),
        "abstract": _first(tags, _ABSTRACTS),
        "authors": [people.straight(name.split(",")) for name in _all(tags, _AUTHORS)],
        "published": max((_date(value) for value in _all(tags, _DATES)), key=len, default=None),
        "venue": _first(tags, _VENUES),
        "url": addresses[0] if addresses else None,
        "pdf": _first(tags, ("L1",)),
        "doi": _first(tags, ("DO",)) or ids.get("doi"),
        "id": _first(tags, ("ID", "AN")),
        "keywords": _all(tags, ("KW",)),
    }


def _all(tags: Mapping[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in tags.get(name, ())]


def _first(tags: Mapping[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next(iter(_all(tags, names)), None)


def _date(text: str) -> str:
    """YYYY/MM/DD/other, of which all but the year may lack."""
    found = _DATE.match(text)
    return "-".join(filter(None, found.groups())) if found else text
