"""Records with named columns become papers: which column is which, and what may stand in it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Declared, Paper, Source
from kg.sources import dates, people
from kg.sources.identifiers import SCHEMES, identifiers, paper_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["NAMES", "Columns", "UnreadableError", "paper", "shown"]

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title",),
    "abstract": ("abstract",),
    "authors": ("authors",),
    "published": ("published", "date", "year"),
    "venue": ("venue",),
    "url": ("url",),
    "pdf": ("pdf",),
    "pwc": ("pwc",),
    "doi": ("doi",),
    "arxiv": ("arxiv",),
    "openreview": ("openreview",),
    "acl": ("acl",),
    "pmlr": ("pmlr",),
    "id": ("id",),
    "tasks": ("tasks",),
    "keywords": ("keywords",),
    "repository": ("repository", "repo", "code"),
    "framework": ("framework",),
}
"""What a column may be, and the names that it may have; each may also be written in other case."""

_OURS: Final = {alias: name for name, aliases in NAMES.items() for alias in aliases}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ADDRESS: Final = re.compile(r"\s*(?:\w+://|[^\s/]+\.[^\s/]+/)")
_SCHEMES: Final = {scheme: "id" if scheme == "key" else scheme for scheme in SCHEMES}
_SHOWN: Final = 30  # columns in a message, and letters of each


class UnreadableError(ValueError):
    """A record that is no paper; its text says why."""


class Columns:
    """Which columns of a file hold what; remembers which of the mapped ones it has met.

    `mapping` says what the file calls our names; those names are then taken to the letter.
    """

    def __init__(self, path: Path, mapping: Mapping[str, str]) -> None:
        unknown = sorted(set(mapping) - set(_OURS))
        if unknown:
            raise SourceError(f"{path}: no field {unknown[0]!r} to map a column to: the fields are {', '.join(_OURS)}")
        self._path = path
        self._mapped = {_OURS[name]: theirs for name, theirs in mapping.items()}
        self._met = dict[str, None]()
        self.resolved = lru_cache(maxsize=64)(self._resolved)

    def _resolved(self, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Which of a record's columns hold each of our names, the best first."""
        self._met.update(dict.fromkeys(name for name in names if len(self._met) < _SHOWN or name in self._wanted))
        lowered = {name.strip().lower(): name for name in reversed(names)}
        found = dict[str, tuple[str, ...]]()
        for name, aliases in NAMES.items():
            theirs = self._mapped.get(name)
            if theirs is not None:
                found[name] = (theirs,) if theirs in names else ()
            else:
                exact = (alias if alias in names else lowered.get(alias) for alias in aliases)
                found[name] = tuple(column for column in exact if column is not None)
        return found

    @property
    def _wanted(self) -> frozenset[str]:
        return frozenset(self._mapped.values())

    def check(self) -> None:
        """Raise `SourceError` if no record so far has one of the columns that the mapping names."""
        for name, theirs in self._mapped.items():
            if theirs not in self._met:
                raise SourceError(f"{self._path}: no column {theirs!r} for {name}: the columns are {shown(self._met)}")


def shown(names: Iterable[str]) -> str:
    """Names of columns for a message: not all of many, nor all of a long one."""
    short = (" ".join(name.encode("utf-8", "replace").decode().split())[:_SHOWN] for name in names)
    return ", ".join(islice(short, _SHOWN)) or "none"


def paper(record: Mapping[str, object], columns: Columns, source: Source) -> Paper:
    """A record as a paper. Raises `UnreadableError` where it has no title, or a value of a wrong type."""
    cells = _Cells(record, columns)
    title = cells.verbatim("title")
    if not title.strip():
        which = "" if cells.has("title") else f" (the columns are {shown(record)}): say which with --map title=NAME"
        raise UnreadableError(f"no title{which}")
    authors = cells.names("authors")
    published = next(filter(None, (dates.iso(value) for value in cells.texts("published"))), None)
    urls = tuple((role, address) for role in ("url", "pdf", "pwc") if _ADDRESS.match(address := cells.text(role) or ""))
    named = [(scheme, cells.text(column) or "") for scheme, column in _SCHEMES.items()]
    ids = identifiers(named, (address for _, address in urls))
    return Paper(
        id=paper_id(ids, title, int(published[:4]) if published else None),
        title=title,
        abstract=cells.verbatim("abstract"),
        source=source,
        ids=ids,
        authors=authors,
        anonymous=people.is_anonymous(authors),
        published=published,
        venue=cells.text("venue"),
        urls=urls,
        declared=Declared(
            tasks=cells.names("tasks"),
            keywords=cells.names("keywords"),
            repository=cells.text("repository"),
            framework=cells.text("framework"),
        ),
    )


class _Cells:
    """The values of one record, by our names."""

    def __init__(self, record: Mapping[str, object], columns: Columns) -> None:
        self._record = record
        self._columns = columns.resolved(tuple(record))

    def has(self, name: str) -> bool:
        """Whether there is a column for it."""
        return bool(self._columns[name])

    def _all(self, name: str) -> Iterator[object]:
        for column in self._columns[name]:
            value = self._record[column]
            if value is not None and value != "" and value == value:  # noqa: PLR0124 NaN is how tables say nothing
                yield value

    def verbatim(self, name: str) -> str:
        """A text as it stands; nothing else may stand there."""
        value = next(self._all(name), "")
        if not isinstance(value, str):
            raise UnreadableError(f"the {name} is {_kind(value)}, not a text")
        return _sound(name, value)

    def texts(self, name: str) -> Iterator[str]:
        """Short texts, or numbers as such."""
        for value in self._all(name):
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise UnreadableError(f"the {name} is {_kind(value)}, not a text")
            whole = isinstance(value, float) and value.is_integer()
            yield _sound(name, str(int(value) if whole else value).strip())

    def text(self, name: str) -> str | None:
        """The first of the short texts."""
        return next(self.texts(name), None) or None

    def names(self, name: str) -> tuple[str, ...]:
        """A list of names, or a text that holds one."""
        value = next(self._all(name), ())
        if isinstance(value, str):
            value = _unpacked(value)
        if isinstance(value, str):
            return _split(name, _sound(name, value))
        if not isinstance(value, list | tuple):
            raise UnreadableError(f"the {name} are {_kind(value)}, not a list")
        named = [item.get("name") if isinstance(item, dict) else item for item in value]
        if not all(isinstance(item, str) for item in named):
            raise UnreadableError(f"the {name} are not all names")
        return tuple(filter(None, (_sound(name, str(item)).strip() for item in named)))


def _unpacked(text: str) -> object:
    """The list that a table wrote as JSON into one cell, else the text."""
    if not text.lstrip().startswith("["):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, list) else text


def _split(name: str, text: str) -> tuple[str, ...]:
    if name == "authors":
        return people.split(text)
    return tuple(filter(None, map(str.strip, text.split(";" if ";" in text else ","))))


def _sound(name: str, value: str) -> str:
    """The text itself, if it can be written in UTF-8."""
    if _SURROGATE.search(value):
        raise UnreadableError(f"the {name} has half a character (a lone surrogate)")
    return value


def _kind(value: object) -> str:
    kinds: dict[type, str] = {
        dict: "an object",
        list: "a list",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return kinds.get(type(value), "no text")
