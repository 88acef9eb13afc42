"""A whole graph in a syntax of RDF, in order and piece by piece: what it takes of the memory does not grow with it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import GraphError, QueryError
from kg.store.jsonld import parts
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.store.graph import Graph

__all__ = ["DUMPS", "dump"]

#: The syntaxes of RDF that a graph is written in, by name.
DUMPS: Final[Mapping[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "n-quads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "json-ld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
#: Written one triple a line: N-Quads of the default graph are N-Triples.
_LINES: Final = ("n-triples", "n-quads")
#: So many lines are sorted in memory, and wait for the others on the disk.
_RUN: Final = 1 << 19
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def dump(graph: Graph, out: IO[bytes], form: str, *, kept: Iterable[bytes] | None = None) -> int:
    """Write all triples in a syntax of DUMPS, each once, sorted as N-Triples are; gives their number.

    The same triples give the same bytes. Statements of named graphs are written as if they stood in the default graph.
    XML has no control characters: in RDF/XML each becomes U+FFFD. Large graphs are sorted on the disk, in the directory
    for temporary files. `kept` are the triples of the graph as lines of N-Triples, in any order, where somebody has
    them at hand; they are all read before anything is written. Raises QueryError for another syntax, and GraphError.
    """
    if form not in DUMPS:
        raise QueryError(f"no format {form!r}: choose one of {', '.join(DUMPS)}")
    used: set[str] = set()
    with ExitStack() as stack:
        rows = (f"{line}\n".encode() for line in graph.unsorted()) if kept is None else kept
        lines = _Lines(_sorted(rows, used, stack))
        if form in _LINES:
            out.writelines(lines)
            return lines.count
        prefixes = {prefix: PREFIXES[prefix] for prefix in PREFIXES if prefix in used}
        if form == "json-ld":
            out.writelines(parts(quad.triple for quad in _quads(lines)))
            return lines.count
        try:
            target = _Xml(out) if form == "rdfxml" else out
            ox.serialize(_statements(lines, form), target, DUMPS[form], prefixes=prefixes)  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            raise GraphError(f"the graph cannot be written as {form}: {' '.join(str(error).split())}") from error
        return lines.count


def _sorted(lines: Iterable[bytes], used: set[str], stack: ExitStack) -> Iterator[bytes]:
    """Sort lines as their code points are, each once, and find the prefixes that they use."""
    rest = iter(lines)
    runs: list[Iterable[bytes]] = []
    last: list[bytes] = []
    while some := sorted(set(islice(rest, _RUN))):
        if last:
            runs.append(_spilled(last, stack))
        last = some
        _use(b"".join(some), used)
    return _once(merge(*runs, last))


def _spilled(lines: list[bytes], stack: ExitStack) -> IO[bytes]:
    run = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    run.writelines(lines)
    run.seek(0)
    return run


def _use(text: bytes, used: set[str]) -> None:
    used.update(prefix for prefix, space in PREFIXES.items() if prefix not in used and f"<{space}".encode() in text)


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    last = b""
    for line in lines:
        if line != last:
            yield line
        last = line


class _Lines:
    """Lines that are read one by one, or as a file is; they are counted."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.count = 0
        self._lines = lines
        self._rest = b""

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.count += 1
            yield line

    def read(self, size: int) -> bytes:
        """Give at most so many bytes; none at the end."""
        while len(self._rest) < size and (some := list(islice(self._lines, 256))):
            self.count += len(some)
            self._rest += b"".join(some)
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


class _Xml:
    """A stream that keeps a carriage return, which readers of XML take for a line end."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        """Write bytes of XML, in which a carriage return is always part of a text."""
        self._out.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Flush the stream."""
        self._out.flush()


def _statements(lines: _Lines, form: str) -> Iterator[ox.Triple] | Iterator[ox.Quad]:
    quads = _quads(lines)
    if form == "rdfxml":
        return map(_fit, quads)
    return quads if DUMPS[form].supports_datasets else (quad.triple for quad in quads)


def _quads(lines: _Lines) -> Iterator[ox.Quad]:
    return ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)  # type: ignore[arg-type]  # it only reads


def _fit(quad: ox.Quad) -> ox.Triple:
    """Give a triple that XML can carry."""
    value = quad.object
    if isinstance(value, ox.Literal) and _NOT_XML.search(value.value):
        text = _NOT_XML.sub("\ufffd", value.value)
        value = (
            ox.Literal(text, language=value.language) if value.language else ox.Literal(text, datatype=value.datatype)
        )
    return ox.Triple(quad.subject, quad.predicate, value)
