"""Reports as data frames of pandas or Polars, whichever the reader has."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kg.errors import QueryError
from kg.report.model import Pair

if TYPE_CHECKING:
    from kg.report.model import Report
    from kg.report.sheets import Sheet

__all__ = ["Frame", "frame", "pairs_frame", "sheet_frame"]

#: A DataFrame of the library that was asked for: neither is among our own requirements.
Frame = Any


def pairs_frame(report: Report, library: str) -> Frame:
    """Give a row a pair, with a list of paper IRIs. Raises QueryError if the library is not installed."""
    names = [name for name in Pair._fields if name != "papers"]
    data: dict[str, list[Any]] = {name: [getattr(pair, name) for pair in report.pairs] for name in names}
    data["papers"] = [[paper.iri for paper in pair.papers] for pair in report.pairs]
    return frame(library, data)


def sheet_frame(sheet: Sheet, library: str) -> Frame:
    """Give a sheet with the keys of its columns. Raises QueryError if the library is not installed."""
    return frame(library, {column.key: [row[at] for row in sheet.rows] for at, column in enumerate(sheet.columns)})


def frame(library: str, data: dict[str, list[Any]]) -> Frame:
    """Give named columns as a DataFrame of pandas or polars. Raises QueryError if the library is not installed."""
    try:
        module = importlib.import_module(library)
    except ImportError as error:
        raise QueryError(f"{library} is not installed: pip install {library}") from error
    return module.DataFrame(data, strict=False) if library == "polars" else module.DataFrame(data)
