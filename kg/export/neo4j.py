"""CSV files for `neo4j-admin database import full`.

Nodes are papers, entities and results; relationships are what papers assert, one for each statement, with the quote
that is surest. Cells are data for a program: no apostrophe stands before a sign, as in the files for spreadsheets. A
line end within a text becomes a blank, so that no option is needed, and a semicolon within a list a comma.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from kg.export.facts import entity_names
from kg.export.folders import folder
from kg.export.sheets import plain
from kg.export.tables import TABLES, rows
from kg.report.delimited import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from kg.export.tables import Cell
    from kg.store import Graph

    Values = dict[str, Any]

__all__ = ["FILES", "neo4j"]

_TYPES: Final = {"text": "", "texts": ":string[]", "integer": ":int", "number": ":double", "flag": ":boolean"}
#: The columns of the tables that become properties of nodes.
_NODES: Final = {
    "papers": ("paper", [column for column in TABLES["papers"] if column.name != "paper"]),
    "entities": ("entity", [column for column in TABLES["entities"] if column.name not in {"entity", "broader"}]),
    "results": (
        "result",
        [
            column
            for column in TABLES["results"]
            if column.name not in {"result", "paper", "sentence", "metric", "dataset", "method", "backbone", "task"}
        ],
    ),
}
_LINKS: Final = {
    "metric": "OF_METRIC", "dataset": "ON_DATASET", "method": "OF_METHOD", "backbone": "WITH_BACKBONE",
    "task": "FOR_TASK",
}  # fmt: skip
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"{table}.csv": ("iri:ID", *(f"{each.name}{_TYPES[each.type]}" for each in columns), ":LABEL")
        for table, (_, columns) in _NODES.items()
    },
    "statements.csv": (":START_ID", ":END_ID", ":TYPE", "confidence:double", "declared:boolean", "quote", "claim"),
    "links.csv": (":START_ID", ":END_ID", ":TYPE"),
}
FILES: Final = tuple(_HEADERS)
_ENDS: Final = re.compile("[\r\n\x85\u2028\u2029]+")
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def neo4j(graph: Graph, place: Path, papers: Collection[str] | None = None) -> dict[str, int]:
    """Write the files of FILES; gives the rows of each. Raises GraphError and OSError as `folder` does."""
    known = entity_names(graph)
    counts = dict.fromkeys(FILES, 0)
    with folder(place, FILES) as target, ExitStack() as stack:
        files = {name: stack.enter_context((target / name).open("w", encoding="utf-8", newline="")) for name in FILES}
        for name, header in _HEADERS.items():
            files[name].write(record(header, ","))
        for name, cells in _records(graph, papers, known):
            files[name].write(record([_cell(cell) for cell in cells], ","))
            counts[name] += 1
    return counts


def _records(
    graph: Graph, papers: Collection[str] | None, known: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, list[Cell]]]:
    said: dict[tuple[str, str], Values] = {}
    broader: list[tuple[str, str]] = []
    entities: set[str] = set()
    paper = ""
    for table, row in rows(graph, papers):
        values: Values = dict(zip((column.name for column in TABLES[table]), row, strict=True))
        if table == "claims":
            key = (values["predicate"], values["entity"])
            if values["asserted"] and key[1] in known and _surer(values, said.get(key)):
                said[key] = values
            continue
        if table == "results":
            yield from _links(values, known)
        else:  # all that the paper before says is known now
            yield from _statements(paper, said)
            said, paper = {}, values.get("paper", "")
        if table == "entities":
            entities.add(values["entity"])
            broader += [(values["entity"], other) for other in values["broader"]]
        iri, columns = _NODES[table]
        label = {"papers": "Paper", "results": "Result"}.get(table) or f"Entity;{values['kind']}"
        yield f"{table}.csv", [values[iri], *(values[column.name] for column in columns), label]
    yield from _statements(paper, said)
    for narrow, wide in broader:
        if wide in entities:
            yield "links.csv", [narrow, wide, "BROADER"]


def _links(values: Values, known: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, list[Cell]]]:
    """Tie a result to its paper and to what it is of."""
    yield "links.csv", [values["paper"], values["result"], "REPORTS"]
    for role, kind in _LINKS.items():
        if values[role] in known:
            yield "links.csv", [values["result"], values[role], kind]


def _surer(values: Values, before: Values | None) -> bool:
    return before is None or (values["confidence"] or 0.0) > (before["confidence"] or 0.0)


def _statements(paper: str, said: Mapping[tuple[str, str], Values]) -> Iterator[tuple[str, list[Cell]]]:
    for (predicate, entity), values in sorted(said.items()):
        yield (
            "statements.csv",
            [
                *(paper, entity, _WORD.sub("_", predicate).upper()),
                *(values[name] for name in ("confidence", "declared", "quote", "claim")),
            ],
        )


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return ";".join(_line(value).replace(";", ",") for value in cell)
    return _line(cell) if isinstance(cell, str) else repr(cell)


def _line(text: str) -> str:
    return plain(_ENDS.sub(" ", text))
