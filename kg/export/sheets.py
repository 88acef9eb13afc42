"""The tables as CSV files, for spreadsheets; and as those that Neo4j imports."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from kg.export.folders import folder
from kg.export.tables import TABLES, rows
from kg.report.delimited import inert, record

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kg.export.tables import Cell
    from kg.store import Graph

__all__ = ["csv", "plain"]

_BROKEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def csv(graph: Graph, place: Path, papers: Collection[str] | None = None) -> dict[str, int]:
    """Write `papers.csv`, `entities.csv`, `claims.csv` and `results.csv`; gives the rows of each.

    The values of a list stand in one cell, divided by " | ". A cell that a spreadsheet would take for a formula gets an
    apostrophe before it, and control characters become U+FFFD.
    """
    counts = dict.fromkeys(TABLES, 0)
    with folder(place, [f"{table}.csv" for table in TABLES]) as target, ExitStack() as stack:
        files = {
            table: stack.enter_context((target / f"{table}.csv").open("w", encoding="utf-8", newline=""))
            for table in TABLES
        }
        for table, columns in TABLES.items():
            files[table].write(record([column.name for column in columns], ","))
        for table, row in rows(graph, papers):
            files[table].write(record([_cell(cell) for cell in row], ","))
            counts[table] += 1
    return counts


def plain(text: str) -> str:
    """Put U+FFFD where a control character stands that readers of text files choke on."""
    return _BROKEN.sub("\ufffd", text)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return inert(plain(" | ".join(cell)))
    return inert(plain(cell)) if isinstance(cell, str) else repr(cell)
