"""Reports that are a table: columns with their meaning, rows, lines over years, and what it was all made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final

from kg.report.delimited import inert, records
from kg.report.formats import escaped, latex_table, line, rounded, visible
from kg.report.model import NOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg.report.frames import Frame
    from kg.report.rows import PaperRef

__all__ = ["SHEET_FORMATS", "Cell", "Column", "Line", "Sheet", "as_strings", "span"]

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in data, its heading for people, and whether it holds numbers, or shares shown as per cent."""

    key: str
    heading: str
    number: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line over years, with its 95% band where there is one."""

    label: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()

    def since(self, first: int) -> Line:
        """Give the part of the line from a year on."""
        start = next((at for at, year in enumerate(self.years) if year >= first), len(self.years))
        parts = (self.years, self.values, self.low, self.high)
        return Line(self.label, *(part[start:] for part in parts))  # type: ignore[arg-type]  # as they were


def span(lines: Sequence[Line]) -> tuple[int, float]:
    """Give what a picture of lines shows: the year before any of them rises, and a top for the values, not the bands.

    Bands of years with few papers reach far up, and would flatten all else.
    """
    risen = [year for line in lines for year, value in zip(line.years, line.values, strict=True) if value > 0]
    top = max((value for line in lines for value in line.values), default=0.0)
    return min(risen, default=0) - 1, 1.3 * top or 1.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report as a table.

    `behind` are the papers of each row, if rows have any; `partial` is the year from which on counts are incomplete,
    `unit` what the lines measure.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    meta: Mapping[str, object]
    says: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    unit: str = ""
    partial: int | None = None
    behind: tuple[tuple[PaperRef, ...], ...] = ()

    @property
    def footer(self) -> str:
        """What was counted, and what the counts cannot say."""
        return " ".join((*self.says, NOTE))

    def to_pandas(self) -> Frame:
        """Give a pandas DataFrame; pandas must be installed."""
        from kg.report.frames import sheet_frame  # noqa: PLC0415 - only who asks for one needs it

        return sheet_frame(self, "pandas")

    def to_polars(self) -> Frame:
        """Give a Polars DataFrame; Polars must be installed."""
        from kg.report.frames import sheet_frame  # noqa: PLC0415 - as above

        return sheet_frame(self, "polars")


def as_strings(sheet: Sheet) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Give a header and rows for people: rounded, one line a cell, with nothing that steers a terminal."""
    header = tuple(column.heading for column in sheet.columns)
    return header, [tuple(_cell(*pair) for pair in zip(sheet.columns, row, strict=True)) for row in sheet.rows]


def _cell(column: Column, value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.1%}" if column.share else rounded(value)
    return visible(value)


def _delimited(sheet: Sheet, delimiter: str) -> str:
    rows = ([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.rows)
    return records([[column.key for column in sheet.columns], *rows], delimiter)


def _json(sheet: Sheet) -> str:
    rows = [{column.key: _finite(cell) for column, cell in zip(sheet.columns, row, strict=True)} for row in sheet.rows]
    meta = {"title": sheet.title, **sheet.meta, "partial": sheet.partial, "says": list(sheet.says), "note": NOTE}
    return json.dumps({"meta": meta, "rows": rows}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _markdown(sheet: Sheet) -> str:
    header, rows = as_strings(sheet)
    rule = ["--:" if column.number else "---" for column in sheet.columns]
    body = [line(map(escaped, row)) for row in rows]
    return "\n".join([line(map(escaped, header)), line(rule), *body, "", escaped(sheet.footer), ""])


def _latex(sheet: Sheet) -> str:
    header, rows = as_strings(sheet)
    numbers = [place for place, column in enumerate(sheet.columns) if column.number]
    return latex_table(header, rows, sheet.footer, numbers=numbers)


def _finite(value: Cell) -> Cell:
    return None if isinstance(value, float) and not isfinite(value) else value


SHEET_FORMATS: Final[Mapping[str, Callable[[Sheet], str]]] = {
    "csv": lambda sheet: _delimited(sheet, ","),
    "json": _json,
    "latex": _latex,
    "markdown": _markdown,
    "tsv": lambda sheet: _delimited(sheet, "\t"),
}
