"""Annotated papers: JSON Lines whose objects also say what an annotator found in the title and the abstract.

`mentions` are stretches of the text (field, start, end, type, canonical), `entities` what the paper says of each thing
that it names (canonical, type, aliases, relations), `results` its numbers (metric, value, comparator, unit, condition,
dataset, task, method, backbone, is_baseline). What a paper's "metadata" say counts as if it stood beside them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from kg.annotation import Annotation, Marked, Stated
from kg.model import FIELDS, FITS, KINDS, PREDICATES, Field, Kind, Predicate, Source
from kg.sources import jsonl
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.figures import figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.annotation import Figure
    from kg.model import Paper, Rejected

__all__ = ["is_annotated", "read"]

Row = dict[str, Any]


def read(path: Path, sha256: str, columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a file, line by line, with their annotation; a line that breaks a rule is rejected whole."""
    known = Columns(path, columns)

    def annotated(row: Mapping[str, object], number: int, count: int) -> Paper:
        stated = row.get("metadata")
        beside = {**stated, **row} if isinstance(stated, dict) else row
        found = paper(beside, known, Source(sha256, "annotated", number, count))
        return replace(found, annotation=_annotation(row, found))

    return jsonl.records(path, known, annotated)


def is_annotated(text: str) -> bool:
    """Whether a text, or its beginning, is made of JSON objects with a list of mentions: no answer of `kg extract`.

    >>> is_annotated('{"title": "A", "mentions": []}'), is_annotated('{"title": "A"}')
    (True, False)
    >>> is_annotated('{"title": "A", "mentions": [], "claims": []}')
    False
    """
    row = jsonl.first(text)
    return row is not None and "title" in row and isinstance(row.get("mentions"), list) and "claims" not in row


def _annotation(row: Mapping[str, object], found: Paper) -> Annotation:
    mentions = tuple(_marked(item, where, found) for where, item in _items(row, "mentions"))
    stated = tuple(_stated(item, where) for where, item in _items(row, "entities"))
    figures = (_figure(item, where, found) for where, item in _items(row, "results"))
    return Annotation(tuple(dict.fromkeys(mentions)), stated, tuple(each for each in figures if each is not None))


def _items(row: Mapping[str, object], name: str) -> Iterator[tuple[str, Row]]:
    """Each item of a list of objects, with the words for where it is."""
    items = row.get(name)
    if items is None:
        return
    if not isinstance(items, list):
        raise UnreadableError(f'"{name}" is not a list')
    for number, item in enumerate(items, start=1):
        where = f'"{name}", item {number}'
        if not isinstance(item, dict):
            raise UnreadableError(f"{where}: not an object")
        yield where, item


def _marked(item: Row, where: str, found: Paper) -> Marked:
    kind = _kind(item, where)
    field, start, end = _stretch(item, where, found)
    surface = (found.title if field == "title" else found.abstract)[start:end]
    if item.get("text", surface) != surface:
        raise UnreadableError(f"{where}: {field}[{start}:{end}] is {surface!r}, not {item['text']!r}")
    return Marked(field, start, end, kind, _text(item, "canonical", where) or surface)


def _stretch(item: Row, where: str, found: Paper) -> tuple[Field, int, int]:
    field, start, end = item.get("field"), item.get("start"), item.get("end")
    if field not in FIELDS:
        raise UnreadableError(f"{where}: no field {field!r}: use one of {', '.join(FIELDS)}")
    if type(start) is not int or type(end) is not int:
        raise UnreadableError(f"{where}: start and end are not both whole numbers")
    size = len(found.title if field == "title" else found.abstract)
    if not 0 <= start < end <= size:
        raise UnreadableError(f"{where}: {start} to {end} is no stretch of the {field}, which has {size} characters")
    return cast("Field", field), start, end


def _stated(item: Row, where: str) -> Stated:
    kind = _kind(item, where)
    name = _text(item, "canonical", where)
    if name is None:
        raise UnreadableError(f"{where}: no canonical name")
    predicates = cast("tuple[Predicate, ...]", _texts(item, "relations", where))
    for predicate in predicates:
        if predicate not in PREDICATES:
            raise UnreadableError(f"{where}: no predicate {predicate!r}: use one of {', '.join(PREDICATES)}")
        if kind not in FITS.get(predicate, KINDS):
            raise UnreadableError(f"{where}: {predicate} leads to no {kind}: {name!r}")
    return Stated(kind, name, _texts(item, "aliases", where), predicates)


def _figure(item: Row, where: str, found: Paper) -> Figure | None:
    stretch = item.get("evidence")
    span = _stretch(stretch, where, found) if isinstance(stretch, dict) else None
    names = ("metric", "unit", "condition", "dataset", "method", "backbone", "task", "metric_variant", "comparator")
    return figure(item, {name: _text(item, name, where) for name in names}, span)


def _kind(item: Row, where: str) -> Kind:
    if item.get("type") not in KINDS:
        raise UnreadableError(f"{where}: no kind {item.get('type')!r}: use one of {', '.join(KINDS)}")
    return cast("Kind", item["type"])


def _text(item: Row, name: str, where: str) -> str | None:
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableError(f"{where}: the {name} is not a text")
    return (value or "").strip() or None


def _texts(item: Row, name: str, where: str) -> tuple[str, ...]:
    values = item.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise UnreadableError(f"{where}: the {name} are not a list of texts")
    return tuple(dict.fromkeys(filter(str.strip, values)))
