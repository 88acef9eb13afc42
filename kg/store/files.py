"""A graph in one RDF file, plain or compressed."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import GraphError
from kg.store.answers import serialize
from kg.store.directory import locked
from kg.store.terms import line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["load", "read_lines", "save"]


def load(path: Path, form: ox.RdfFormat) -> ox.Store:
    """Load what a file says into memory. Raises GraphError with the line where the file is wrong."""
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".gz":
            data = gzip.decompress(data)
        return _parsed(data, form)
    except FileNotFoundError as error:
        raise GraphError(f"{path}: no such graph: make one with kg build") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise GraphError(f"{path}: not a whole gzip file ({error})") from error
    except OSError as error:
        raise GraphError(f"{path}: {error.strerror or error}") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise GraphError(f"{path}{_where(error)}: {' '.join(str(getattr(error, 'msg', error)).split())}") from error


def _parsed(data: bytes, form: ox.RdfFormat) -> ox.Store:
    store = ox.Store()
    store.bulk_load(io.BytesIO(data), format=form)
    return store


def _where(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return "" if line is None else f", line {line}"


def read_lines(lines: Iterable[str]) -> ox.Store:
    """Load N-Triples lines into memory. Raises GraphError with the number of a line that is none."""
    try:
        return _parsed("\n".join(lines).encode(), ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, UnicodeEncodeError) as error:
        reason = " ".join(str(getattr(error, "msg", error)).split())
        raise GraphError(f"not N-Triples{_where(error)}: {reason}") from error


def save(path: Path, form: ox.RdfFormat, store: ox.Store) -> int:
    """Write what a store in memory holds, the same bytes for the same triples; gives their number.

    The file appears whole or not at all.
    """
    found = sorted((ox.Triple(quad.subject, quad.predicate, quad.object) for quad in store), key=line)
    data = serialize(found, form)
    if path.suffix.lower() == ".gz":
        data = gzip.compress(data, mtime=0)
    waiting = path.with_name(f".{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(waiting) as file:
        os.truncate(file, 0)
        try:
            with os.fdopen(os.dup(file), "wb") as out:
                out.write(data)
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)
    return len(found)
