"""What stands above the papers of a listing page: its date, its reading time, its name, its teaser."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import Listing
from kg.sources.dates import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FOOTER", "Header", "footer", "listing"]

_READING: Final = re.compile(r"(?<![0-9,])([0-9][0-9,]{0,11}) words?\W+([0-9]{1,6}) min(?:ute)?s? read", re.IGNORECASE)
_DATE: Final = re.compile(
    r"[A-Za-z]{3,9}\.? [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_INDEX: Final = re.compile(r"(?<![0-9])([0-9]{1,9})$")
FOOTER: Final = re.compile(r"comments powered by \w+\.?\s*$", re.IGNORECASE)
_BETWEEN: Final = " \t·•|,-\u2013\u2014"
_ELLIPSIS: Final = ("…", "...")


@dataclass(frozen=True, slots=True)
class Header:
    """The lines above the first paper, and what a form says by name (`group`, `teaser`)."""

    lines: Sequence[str] = ()
    first_title: str = ""
    group: str | None = None
    teaser: str | None = None


def listing(
    header: Header, *, papers: int, slugs: tuple[str, ...], footer: str | None, characters: int
) -> Listing | None:
    """The page's own words, or None for a page that has none above its papers.

    The name is what stands twice, else what the form calls so, else the first line that is neither date
    nor reading time. The teaser is what the form calls so, else the line that begins with the first
    title, else one that ends in an ellipsis, else the last.
    """
    reading = next(filter(None, map(_READING.search, header.lines)), None)
    rest = [_without(reading[0] if reading else None, line.strip()) for line in header.lines]
    date = next((found[0] for line in rest if (found := _DATE.match(line)) and iso(found[0])), None)
    rest = [_without(date, line) for line in rest]
    rest = [line for line in rest if line and line != header.first_title.strip()]
    twice = next((line for line, count in Counter(rest).items() if count > 1), None)
    group = twice or header.group or next(iter(rest), None)
    teaser = header.teaser or _teaser([line for line in rest if line != group], header.first_title.strip())
    if not (group or teaser or date or reading):
        return None
    index = _INDEX.search(group or "")
    return Listing(
        group=group or "",
        group_index=int(index[1]) if index else None,
        date_text=date,
        date=iso(date) if date else None,
        reading_text=reading[0] if reading else None,
        word_count=int(reading[1].replace(",", "")) if reading else None,
        read_minutes=int(reading[2]) if reading else None,
        teaser=teaser,
        teaser_truncated=bool(teaser) and str(teaser).endswith(_ELLIPSIS),
        footer=footer,
        papers=papers,
        slugs=slugs,
        characters=characters,
    )


def footer(lines: Sequence[str]) -> str | None:
    """What stands below the papers: the line of the comment box if there is one, else all of it."""
    box = [line.strip() for line in lines if FOOTER.match(line.strip())]
    return box[-1] if box else "\n".join(line.strip() for line in lines if line.strip()) or None


def _without(part: str | None, line: str) -> str:
    """A line without a part that was read from it, and without what stood between."""
    return line.replace(part, "", 1).strip(_BETWEEN) if part and part in line else line


def _teaser(lines: Sequence[str], first_title: str) -> str | None:
    begun = [line for line in lines if first_title and line.startswith(first_title)]
    open_ended = [line for line in lines if line.endswith(_ELLIPSIS)]
    return next((found[-1] for found in (begun, open_ended, lines) if found), None)
