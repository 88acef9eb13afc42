"""Annotated papers, and predictions for them: one JSON object a line."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from kg.errors import SourceError
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["GOLD", "PREDICTED", "Row", "by_title", "mentions_of", "normal", "read"]

Row = dict[str, Any]
Columns = dict[str, dict[str, type]]

_MENTION: Final[dict[str, type]] = {"field": str, "start": int, "end": int, "type": str}

#: What is compared of an annotated paper, and what each item needs.
GOLD: Final[Columns] = {
    "mentions": _MENTION,
    "entities": {"canonical": str, "type": str, "relations": list},
    "results": {},
}

#: What is compared of a prediction, and what each item needs.
PREDICTED: Final[Columns] = {
    "mentions": _MENTION,
    "claims": {"predicate": str, "type": str, "label": str},
    "results": {},
}

_OPTIONAL: Final[dict[str, type]] = {"metric": str, "aliases": list}

_JOINTS = re.compile("[\\s\\-\u2010\u2011\u2013\u2014_/]+")
_SHORT = 3


def read(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSON Lines file. Raises SourceError, with the line, if it is not one."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}: name a JSON Lines file of annotated papers") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from error
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise SourceError(f"{path}: empty: give one paper a line, as JSON")
    for number, line in lines:
        yield _object(line, f"{path}:{number}")


def by_title(rows: Iterable[Mapping[str, Any]], columns: Columns, where: str) -> dict[str, Row]:
    """Return each paper, its columns checked, under its normalised title; of two with one title the last stays.

    Raises SourceError if a paper has no title, or an item lacks what the comparison needs.
    """
    found: dict[str, Row] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row.get("title"), str):
            raise SourceError(f'{where}: paper {number} has no "title"')
        found[normal(row["title"])] = dict(row) | _checked(row, columns, f"{where}: paper {number}")
    return found


def mentions_of(path: Path) -> list[Row]:
    """The title, abstract and mentions of each paper in a file. Raises SourceError if one lacks them."""
    found = []
    for number, row in enumerate(read(path), start=1):
        where = f"{path}: paper {number}"
        for field in ("title", "abstract"):
            if not isinstance(row.get(field), str):
                raise SourceError(f'{where} has no "{field}"')
        checked = _checked(row, {"mentions": _MENTION}, where)
        for mention in checked["mentions"]:
            if mention["type"] not in KINDS:
                raise SourceError(f"{where}: {mention['type']!r} is no kind: use one of {', '.join(KINDS)}")
        found.append(row | checked)
    return found


def normal(name: str) -> str:
    """Return a name as it is compared: case, spaces, hyphens and a plural s do not count.

    >>> normal("CIFAR 10"), normal("Neural-Networks"), normal("loss")
    ('cifar10', 'neuralnetwork', 'loss')
    """
    name = _JOINTS.sub("", unicodedata.normalize("NFKC", name).casefold())
    plural = len(name) > _SHORT and name.endswith("s") and not name.endswith("ss")
    return name[:-1] if plural else name


def _object(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise SourceError(f"{where}: not JSON ({error})") from error
    if not isinstance(row, dict):
        raise SourceError(f"{where}: not a JSON object: give one paper a line")
    return row


def _checked(row: Mapping[str, Any], columns: Columns, where: str) -> Row:
    checked = {column: row.get(column) or [] for column in columns}
    for column, items in checked.items():
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise SourceError(f'{where}: "{column}" is not a list of objects')
        for item in items:
            _check(item, columns[column], f'{where}: an item of "{column}"')
    return checked


def _check(item: Row, needs: Mapping[str, type], where: str) -> None:
    for key, kind in needs.items():
        if not isinstance(item.get(key), kind):
            raise SourceError(f'{where} has no "{key}" of type {kind.__name__}')
    for key, kind in _OPTIONAL.items():
        if item.get(key) is not None and not isinstance(item[key], kind):
            raise SourceError(f'{where} has a "{key}" that is not of type {kind.__name__}')
