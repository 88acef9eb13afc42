"""The tables as Parquet files, for whoever analyses them: pandas, Polars, DuckDB, Spark."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from kg.errors import GraphError
from kg.export.folders import folder
from kg.export.tables import TABLES, rows
from kg.extras import install

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kg.export.tables import Row
    from kg.store import Graph

__all__ = ["parquet"]

#: So many rows wait in memory for each table, and stand in each group of a file.
_GROUP: Final = 20_000


def parquet(graph: Graph, place: Path, papers: Collection[str] | None = None) -> dict[str, int]:
    """Write `papers.parquet`, `entities.parquet`, `claims.parquet` and `results.parquet`; gives the rows of each.

    The same graph gives the same bytes with the same version of pyarrow. Raises GraphError if that is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet as pq  # noqa: PLC0415 - as above
    except ImportError as error:
        raise GraphError(f"Parquet needs pyarrow: {install('parquet')}") from error
    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "integer": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
    }
    schemas = {
        table: pa.schema([(column.name, types[column.type]) for column in columns]) for table, columns in TABLES.items()
    }
    counts = dict.fromkeys(TABLES, 0)
    waiting: dict[str, list[Row]] = {table: [] for table in TABLES}
    files = [f"{table}.parquet" for table in TABLES]
    with folder(place, files) as target, ExitStack() as stack:
        writers: dict[str, Any] = {
            table: stack.enter_context(pq.ParquetWriter(target / f"{table}.parquet", schema, compression="zstd"))
            for table, schema in schemas.items()
        }

        def write(table: str) -> None:
            some = waiting[table]
            columns = zip(*some, strict=True) if some else [[] for _ in TABLES[table]]
            arrays = [pa.array(cells, field.type) for cells, field in zip(columns, schemas[table], strict=True)]
            writers[table].write_table(pa.Table.from_arrays(arrays, schema=schemas[table]))
            counts[table] += len(some)
            some.clear()

        for table, row in rows(graph, papers):
            waiting[table].append(row)
            if len(waiting[table]) == _GROUP:
                write(table)
        for table in TABLES:
            write(table)
    return counts
