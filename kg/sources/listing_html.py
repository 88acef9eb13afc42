"""The listing page as HTML: each paper is a table whose rows have a label and a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from kg.sources import files
from kg.sources.header import Header, footer
from kg.sources.listing import ADDRESSES, LABELS, Page, Row, blocks, papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_page", "page", "read"]

_HTML: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|article|section|main|div|h[1-6]|p)\b", re.IGNORECASE
)
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small"}
    | {"span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_UNSEEN: Final = frozenset({"head", "nav", "noscript", "script", "style", "template"})
_PROLOGUE: Final = 4096


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a page in HTML."""
    return papers(page(files.text(path)), path, sha256)


def is_page(text: str) -> bool:
    """Whether a text begins as HTML does.

    >>> is_page("<!DOCTYPE html><title>A</title>"), is_page("<record/>"), is_page("1 <p 2")
    (True, False, False)
    """
    return text.lstrip().startswith("<") and _HTML.search(text[:_PROLOGUE]) is not None


def page(text: str) -> Page:
    """A page taken apart."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode() or b"<p>", parser)
    rows, above, below = _walk(root) if root is not None else ([], [], [])
    in_a_table = text.lower().rfind("</table") < text.lower().rfind("<table")
    found = blocks(rows[:-1] if in_a_table and rows and rows[-1].label != "Title" else rows)  # that one may be cut
    name = next((_text(heading) for heading in root.iter("h1")), None) if root is not None else None
    return Page(
        form="listing-html",
        header=Header(above, found[0].fields.get("Title", "") if found else "", group=name),
        blocks=found,
        footer=None if in_a_table else footer(below),
        characters=len(text),
        open_ended=in_a_table,
    )


def _walk(root: etree._Element) -> tuple[list[Row], list[str], list[str]]:
    """The labelled rows of all tables, and the lines of text above the first and below the last."""
    rows, above, pieces = list[Row](), list[str](), list[str]()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag not in _INLINE:
            pieces.append("\n")
        if event == "end":
            pieces.append(_unwrapped(element.tail))
        elif element.tag in _UNSEEN:
            walk.skip_subtree()
        elif row := _row(element):
            walk.skip_subtree()
            above = above if rows else _lines(pieces)
            rows.append(row)
            pieces = []
        else:
            pieces.append(_unwrapped(element.text))
    return rows, above, _lines(pieces)


def _lines(pieces: list[str]) -> list[str]:
    return [line.strip() for line in "".join(pieces).split("\n") if line.strip()]


def _row(element: etree._Element) -> Row | None:
    """A table row whose first cell is one of our labels."""
    cells = [cell for cell in element if cell.tag in {"td", "th"}] if element.tag == "tr" else []
    label = _text(cells[0]).rstrip(":").rstrip() if cells else ""
    if label not in LABELS:
        return None
    value = _text(cells[1]) if len(cells) > 1 else ""
    if label in ADDRESSES and "://" not in value:
        value = next((link.get("href", "") for cell in cells[1:] for link in cell.iter("a")), value)
    return Row(label, value, cast("int | None", element.sourceline) or 0)


def _text(cell: etree._Element) -> str:
    """What a cell shows; a line break of the source is a blank, `<br>` is a line break."""
    pieces = list[str]()
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            tail = _unwrapped(element.tail) if element is not cell else ""
            pieces.append(tail.lstrip(" ") if element.tag == "br" and "\n" in (element.tail or "") else tail)
        elif element.tag in _UNSEEN:
            walk.skip_subtree()
        else:
            pieces.append("\n" if element.tag == "br" else _unwrapped(element.text))
    return "".join(pieces).strip()


def _unwrapped(text: str | None) -> str:
    """A text without the line breaks of the source, each with the blanks around it one blank."""
    first, *others = (text or "").split("\n")
    if not others:
        return first
    inner = [line.strip(" \t\r") for line in others[:-1]]
    return " ".join(filter(None, [first.rstrip(" \t\r"), *inner])) + " " + others[-1].lstrip(" \t\r")
