"""The rows of an answer: a list of dictionaries that knows its columns and becomes a data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, overload

from kg.queries.shown import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.report.frames import Frame
    from kg.store import Value

__all__ = ["Row", "Rows"]

Row = Mapping[str, "Value"]

_SHOWN: Final = 50


class Rows(Sequence[Row]):
    """Rows in the order of the answer; each has a value, or None, for every one of `columns`.

    >>> rows = Rows(("title", "year"), [{"title": "A", "year": 2020}])
    >>> rows[0]["year"], len(rows), rows.column("title")
    (2020, 1, ['A'])
    >>> rows
    Rows(1 row: title, year)
    """

    __slots__ = ("_rows", "columns")

    def __init__(self, columns: Iterable[str], rows: Iterable[Row]) -> None:
        """Take rows that have these columns."""
        self.columns = tuple(columns)
        self._rows = tuple(rows)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        return Rows(self.columns, self._rows[at]) if isinstance(at, slice) else self._rows[at]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Rows):
            return self.columns == other.columns and self._rows == other._rows
        return list(self._rows) == other if isinstance(other, list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it holds dictionaries

    def __repr__(self) -> str:
        return f"Rows({len(self)} {'row' if len(self) == 1 else 'rows'}: {', '.join(self.columns)})"

    def column(self, name: str) -> list[Value]:
        """Give the values of a column. Raises KeyError if there is none."""
        if name not in self.columns:
            raise KeyError(name)
        return [row[name] for row in self._rows]

    def to_pandas(self) -> Frame:
        """Give a pandas DataFrame; decimals become floats. Raises QueryError if pandas is not installed."""
        from kg.report.frames import frame  # noqa: PLC0415 - only who asks for one waits for the reports to load

        return frame("pandas", self._columns())

    def to_polars(self) -> Frame:
        """Give a Polars DataFrame; decimals become floats. Raises QueryError if Polars is not installed."""
        from kg.report.frames import frame  # noqa: PLC0415 - as above

        return frame("polars", self._columns())

    def _columns(self) -> dict[str, list[Value]]:
        return {name: [_number(value) for value in self.column(name)] for name in self.columns}

    def _repr_html_(self) -> str:
        """Give the first rows as a notebook shows them."""
        shown = self._rows[:_SHOWN]
        rows = ([row[name] for name in self.columns] for row in shown)
        return table(self.columns, rows, len(self) - len(shown))


def _number(value: Value) -> Value:
    return float(value) if isinstance(value, Decimal) else value
