"""Values within values of a record: what has another shape than a format says makes the record unreadable."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kg.sources.columns import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["date_of", "listed", "name", "text", "within"]

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONGEST_NAME: Final = 300
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def within(record: Mapping[str, object], *names: str) -> object:
    """What stands in a member of a member; None where one of them is absent.

    >>> within({"source": {"name": "ICLR"}}, "source", "name"), within({"source": None}, "source", "name")
    ('ICLR', None)
    """
    value: object = record
    for place, name in enumerate(names):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise UnreadableError(f"the {'.'.join(names[:place])} is not an object")
        value = value.get(name)
    return value


def listed(record: Mapping[str, object], *names: str) -> list[dict[str, object]]:
    """The objects of a list in a record; empty where there is no list."""
    value = within(record, *names)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableError(f"the {'.'.join(names)} are not a list of objects")
    return value


def text(record: Mapping[str, object], *names: str) -> str:
    """A text within a record, without blanks around it; empty where there is none."""
    value = within(record, *names)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableError(f"the {'.'.join(names)} is not a text")
    if _SURROGATE.search(value):
        raise UnreadableError(f"the {'.'.join(names)} has half a character (a lone surrogate)")
    return value.strip()


def name(record: Mapping[str, object], *names: str) -> str:
    """A text that names something: none is longer than what a person would call it."""
    found = text(record, *names)
    if len(found) > _LONGEST_NAME:
        raise UnreadableError(f"the {'.'.join(names)} has {len(found)} characters, and names nothing")
    return found


def date_of(record: Mapping[str, object], name: str) -> str | None:
    """The day of a time in milliseconds since 1970.

    >>> date_of({"cdate": 1601308800000}, "cdate")
    '2020-09-28'
    """
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableError(f"the {name} is not a number")
    try:
        return (_EPOCH + timedelta(milliseconds=value)).date().isoformat()
    except (OverflowError, ValueError) as error:  # ValueError: not a number
        raise UnreadableError(f"the {name} is no time") from error
