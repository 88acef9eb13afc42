"""The triples of a graph as its build kept them: to read them out of the store takes several times as long."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from kg.report import cache
from kg.report.bodies import MovedError
from kg.store.directory import CORPUS, beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.report.bodies import Bodies
    from kg.store import Graph

__all__ = ["lines"]


def lines(graph: Graph) -> Iterator[bytes] | None:
    """Give every triple as a line of N-Triples, some twice, in no order; None where no build kept them for this store.

    Raises MovedError on the way, where what was kept is damaged or is another build's by now.
    """
    bodies = cache.bodies(graph)
    if bodies is None or graph.directory is None:
        return None
    corpus = beside(graph.directory, CORPUS)
    return None if corpus is None else _lines(bodies, corpus)


def _lines(bodies: Bodies, corpus: bytes) -> Iterator[bytes]:
    try:
        yield from gzip.decompress(corpus).splitlines(keepends=True)
        with bodies.path.open("rb") as file:
            for start, size in sorted(zip(bodies.starts.tolist(), bodies.sizes.tolist(), strict=True)):
                file.seek(start)
                yield from zlib.decompress(file.read(size)).splitlines(keepends=True)
    except (OSError, EOFError, zlib.error) as error:
        raise MovedError(str(bodies.path)) from error
