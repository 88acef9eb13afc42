"""Dates as sources write them, made into YYYY, YYYY-MM or YYYY-MM-DD."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final

__all__ = ["iso"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERIC: Final = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?(?:[T\s].*)?", re.DOTALL)
_NAME: Final = r"([A-Za-z]{3,9})\.?"
_DAY: Final = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST: Final = re.compile(rf"{_NAME}\s+(?:{_DAY},?\s+)?([0-9]{{4}})")
_DAY_FIRST: Final = re.compile(rf"{_DAY}\s+{_NAME},?\s+([0-9]{{4}})")


def iso(text: str) -> str | None:
    """The date, as precise as it can be read; None where there is none.

    What is wrong in a date is dropped from its end: a 30 February is a February.

    >>> iso("2020-01-01"), iso("April 1, 2020"), iso("March 2020"), iso("2020-02-30"), iso("soon")
    ('2020-01-01', '2020-04-01', '2020-03', '2020-02', None)
    """
    text = text.strip()
    if found := _NUMERIC.fullmatch(text):
        return _checked(found[1], int(found[2] or 0), int(found[3] or 0))
    if found := _MONTH_FIRST.fullmatch(text):
        return _named(found[3], found[1], int(found[2] or 0))
    if found := _DAY_FIRST.fullmatch(text):
        return _named(found[3], found[2], int(found[1]))
    return None


def _named(year: str, name: str, day: int) -> str | None:
    short = name[:3].lower()
    return _checked(year, _MONTHS.index(short) + 1, day) if short in _MONTHS else None


def _checked(year: str, month: int, day: int) -> str | None:
    """As much of the date as the calendar has."""
    if int(year) < 1:
        return None
    if not 1 <= month <= len(_MONTHS):
        return year
    longest = monthrange(int(year), month)[1]
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= longest else f"{year}-{month:02}"
