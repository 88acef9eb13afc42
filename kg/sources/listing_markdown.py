"""The listing page as Markdown: each paper is a table whose rows have a label and a value.

markdown_it finds the tables; the rows are then taken from the page itself, so that a bar that its
writer left bare, and anything that looks like emphasis, stay what they were.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from kg.sources import files
from kg.sources.header import Header, footer
from kg.sources.listing import ADDRESSES, LABELS, Page, Row, blocks, papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_page", "page", "plain", "read"]

_FENCE: Final = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?)^\1[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_SETTING: Final = re.compile(r"^([A-Za-z_]+)[ \t]*[:=](.+)$", re.MULTILINE)
_BAR: Final = re.compile(r"(?<!\\)\|")
_WRITTEN: Final = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<br><br ?/?>)",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"<([^<>\s]+)>|\[[^\]]*\]\(<?([^\s<>]+?)>?\)")
_ROW: Final = re.compile(r"^ {0,3}\|? {0,3}[*_]{0,2}(Title|Authors|Abstract)[*_]{0,2} {0,3}\|", re.MULTILINE)


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a page in Markdown."""
    return papers(page(files.text(path)), path, sha256)


def is_page(text: str) -> bool:
    r"""Whether a text, or its beginning, has table rows for a paper's fields.

    >>> is_page("| **Title** | A |\n|---|---|\n| **Authors** | B |\n"), is_page("# Title | Authors")
    (True, False)
    """
    return len({found[1] for found in _ROW.finditer(text)}) > 1


def page(text: str) -> Page:
    """A page taken apart."""
    source = text.replace("\r\n", "\n")
    front = _FENCE.match(source)
    settings = _settings(front[2]) if front else {}
    body = "\n" * front[0].count("\n") + source[front.end() :] if front else source
    rows, above, below = _walk(body)
    found = blocks(rows)
    return Page(
        form="listing-markdown",
        header=Header(
            [settings.get("date", ""), *above],
            first_title=found[0].fields.get("Title", "") if found else "",
            group=settings.get("title"),
            teaser=next((settings[key] for key in ("description", "summary", "excerpt") if key in settings), None),
        ),
        blocks=found,
        footer=footer(below),
        characters=len(text),
        open_ended=not text.endswith("\n"),
    )


def plain(markdown: str) -> str:
    r"""The text that Markdown stands for: escapes, entities and `<br>` undone, all else verbatim.

    >>> plain(r"a \* b &amp; ``c *d*<br>e")
    'a * b & ``c *d*\ne'
    """
    return _WRITTEN.sub(_meant, markdown)


def _meant(found: re.Match[str]) -> str:
    return found["escaped"] or ("\n" if found["br"] else html.unescape(found["entity"]))


def _settings(front: str) -> dict[str, str]:
    """The simple settings of the front matter (YAML or TOML): one line each."""
    return {found[1].lower(): _unquoted(found[2].strip()) for found in _SETTING.finditer(front)}


def _unquoted(value: str) -> str:
    if value[:1] == value[-1:] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value[1:-1]
    return value[1:-1].replace("''", "'") if len(value) > 1 and value[0] == value[-1] == "'" else value


def _walk(body: str) -> tuple[list[Row], list[str], list[str]]:
    """The labelled rows of all tables, and the lines of text above the first and below the last."""
    source = re.split(r"\r\n?|\n", body)  # as markdown_it counts lines
    rows, above, pending = list[Row](), list[str](), list[str]()
    read_to = 0
    for token in _parser().parse(body):
        start, end = token.map or (0, 0)
        if token.type in {"table_open", "paragraph_open"}:
            found = [row for number in range(start, end) if (row := _row(source[number], number + 1))]
            if found:
                above = above if rows else pending
                rows += found
                pending, read_to = [], end
        if token.type == "inline" and start >= read_to:
            pending += plain(token.content).splitlines()
    return rows, above, pending


def _parser() -> MarkdownIt:
    """Blocks only: what is within a line stays as it is."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _row(line: str, number: int) -> Row | None:
    """A table row whose first cell is one of our labels; the second goes to the last bar of the line."""
    body = line.strip().removeprefix("|")
    bar = _BAR.search(body)
    label = body[: bar.start()].strip(" \t*_:") if bar else ""
    if bar is None or label not in LABELS:
        return None
    value = body[bar.end() :].strip()
    if value.endswith("|") and not value.endswith("\\|"):
        value = value[:-1].strip()
    if label in ADDRESSES and (link := _LINK.fullmatch(value)):
        value = link[1] or link[2]
    return Row(label, plain(value.replace("\\|", "|")), number)
