"""The dump evaluation-tables.json of Papers with Code: tasks, their datasets, and rows of numbers of papers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Declared, DeclaredClaim, DeclaredResult, Rejected, Source
from kg.sources import documents
from kg.sources.columns import Columns, UnreadableError, paper
from kg.sources.listing import RAW
from kg.sources.values import listed, name, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper
    from kg.sources.documents import Found

__all__ = ["is_tables", "read"]

_NUMBER: Final = re.compile(r"([-+−]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?\s*(%?)(?:\s*(?:±|\+/-|\+-)\s*[\d.]+\s*(%?))?")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table, and what its table is of."""

    task: str
    dataset: str
    cells: Mapping[str, object]


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """A paper with nothing but a title for each number of each row, to be one with what other sources tell of it.

    A number is counted as a record: it is a paper with a result, or it is rejected. So is a row without numbers, and
    a task whose tables cannot be read; a task without rows says nothing. Raises `SourceError` if no task has any.
    """
    known = Columns(path, {})
    count = 0
    for found in documents.objects(path):
        for each in [found] if isinstance(found, Rejected) else _task(found, path, known, sha256):
            count += 1
            yield each if isinstance(each, Rejected) else replace(each, source=replace(each.source, position=count))
    if not count:
        raise SourceError(f"{path}: no rows in these tables: check how it was saved")


def is_tables(start: str) -> bool:
    """Whether a text, or its beginning, is this dump.

    >>> is_tables('[{"task": "Image Classification", "datasets": [], "subtasks": []}]')
    True
    """
    row = documents.first(start)
    return row is not None and row.keys() >= {"task", "datasets"}


def _task(found: Found, path: Path, known: Columns, sha256: str) -> Iterator[Paper | Rejected]:
    try:
        if "datasets" not in found.value:
            raise UnreadableError("no datasets")  # noqa: TRY301 - rejected like what is read below
        rows = list(_rows(found.value))
    except UnreadableError as error:
        yield Rejected(str(path), found.line, str(error), found.raw)
        return
    for row in rows:
        yield from _papers(row, found, path, known, sha256)


def _rows(table: Mapping[str, object]) -> Iterator[_Row]:
    """The rows of a task, of its datasets and their parts, and of the tasks below it."""
    tasks = [table]
    while tasks:
        task = tasks.pop(0)
        tasks += listed(task, "subtasks")
        datasets = listed(task, "datasets")
        while datasets:
            dataset = datasets.pop(0)
            datasets += listed(dataset, "subdatasets")
            for cells in listed(dataset, "sota", "rows"):
                yield _Row(name(task, "task"), name(dataset, "dataset"), cells)


def _papers(row: _Row, found: Found, path: Path, known: Columns, sha256: str) -> Iterator[Paper | Rejected]:
    """The numbers of a row, each with its paper; what is no number, or of no paper, is rejected."""
    raw = json.dumps({"task": row.task, "dataset": row.dataset, **row.cells}, ensure_ascii=False)[:RAW]
    raw = raw.encode("utf-8", "replace").decode()
    metrics = row.cells.get("metrics")
    if not isinstance(metrics, dict) or not metrics:
        yield Rejected(str(path), found.line, "a row without numbers", raw)
        return
    for metric, written in metrics.items():
        try:
            yield _paper(row, metric, written, known, Source(sha256, "pwc-tables", found.line))
        except UnreadableError as error:
            yield Rejected(str(path), found.line, f"{error} ({metric[:80]!a})", raw)


def _paper(row: _Row, metric: str, written: object, known: Columns, source: Source) -> Paper:
    address = text(row.cells, "paper_url")
    stub = {"title": text(row.cells, "paper_title"), "url": address, "published": row.cells.get("paper_date")}
    found = paper(stub, known, source)
    value, unit = _figure(written)
    measured = name({"metric": metric}, "metric")
    if not measured:
        raise UnreadableError("a number without a metric")
    result = DeclaredResult(
        metric=measured,
        value=value,
        source=source.sha256,
        unit=unit,
        dataset=row.dataset or None,
        method=name(row.cells, "model_name") or None,
        task=row.task or None,
    )
    said: list[DeclaredClaim] = [DeclaredClaim("measures", "Metric", result.metric, source.sha256)]
    if row.dataset:
        said.append(DeclaredClaim("evaluatesOn", "Dataset", row.dataset, source.sha256))
    if row.task:
        said.append(DeclaredClaim("addresses", "Task", row.task, source.sha256))
    return replace(found, declared=Declared(claims=tuple(said), results=(result,)))


def _figure(written: object) -> tuple[str, str | None]:
    """A number as a decimal, and its unit; how far it varies is left out.

    >>> _figure("96.53%"), _figure("1,024"), _figure("78.4 ± 0.2"), _figure(0.5)
    (('96.53', '%'), ('1024', None), ('78.4', None), ('0.5', None))
    """
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise UnreadableError("a number that is no text")
    plain = str(written).strip()
    found = _NUMBER.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None or not (found[2] or found[3]):
        raise UnreadableError(f"no number: {plain[:_LONGEST]!r}")
    sign = "-" if found[1] in ("-", "−") else ""
    return f"{sign}{(found[2] or '0').replace(',', '')}{found[3] or ''}", "%" if found[4] or found[5] else None
