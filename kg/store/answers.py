"""Answers in the formats that other programs read."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.errors import QueryError
from kg.store.jsonld import document
from kg.store.terms import line
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["GRAPH_FORMATS", "TABLE_FORMATS", "serialize", "table", "triples", "used_prefixes"]

#: For SELECT and ASK.
TABLE_FORMATS: Final[Mapping[str, ox.QueryResultsFormat]] = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
#: For CONSTRUCT and DESCRIBE.
GRAPH_FORMATS: Final[Mapping[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "json-ld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
#: Written one triple a line, all in the default graph.
_LINES: Final = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_STRING: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def table(answer: ox.QuerySolutions | ox.QueryBoolean, name: str, most: int | None = None) -> bytes:
    """Rows, or yes or no, in a format of TABLE_FORMATS, of at most so many bytes. Raises QueryError."""
    _fits(name, TABLE_FORMATS, "a SELECT or ASK query")
    made = _Bounded(most)
    answer.serialize(made, format=TABLE_FORMATS[name])
    return _checked(name, made.getvalue())


def triples(answer: Iterable[ox.Triple], name: str, most: int | None = None) -> bytes:
    """Triples, each once and in order, in a format of GRAPH_FORMATS. Raises QueryError.

    `most` bounds the bytes of the answer, and of its triples as lines.
    """
    _fits(name, GRAPH_FORMATS, "a CONSTRUCT or DESCRIBE query")
    found: dict[ox.Triple, str] = {}
    size = 0
    for triple in answer:
        if triple not in found:
            found[triple] = line(triple)
            size += len(found[triple])
            _small(size, most)
    made = _checked(name, serialize(sorted(found, key=found.__getitem__), GRAPH_FORMATS[name]))
    _small(len(made), most)
    return made


class _Bounded(io.BytesIO):
    """Bytes in memory, up to a limit."""

    def __init__(self, most: int | None) -> None:
        super().__init__()
        self._most = most

    def write(self, part: Any) -> int:
        _small(self.tell() + len(part), self._most)
        return super().write(part)


def _small(size: int, most: int | None) -> None:
    if most is not None and size > most:
        shown = f"{most >> 20} MB" if most >> 20 else f"{most} bytes"
        raise QueryError(f"the answer is larger than {shown}: ask for less, or part by part with LIMIT and OFFSET")


def serialize(found: Iterable[ox.Triple], form: ox.RdfFormat) -> bytes:
    """Triples in the order given, with those of our prefixes that they use."""
    if form in _LINES:
        return "".join(f"{line(triple)}\n" for triple in found).encode()
    if form == ox.RdfFormat.JSON_LD:
        return document(found)
    kept = list(found)
    rows = [ox.Quad(*triple) for triple in kept] if form.supports_datasets else kept
    return ox.serialize(rows, format=form, prefixes=used_prefixes(kept)) or b""


def used_prefixes(found: Iterable[ox.Triple]) -> dict[str, str]:
    """Find the prefixes that some IRI of these triples starts with."""
    spaces = {_space(iri) for triple in found for iri in _iris(triple)}
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}


def _iris(triple: ox.Triple) -> Iterable[str]:
    for term in triple:
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal) and term.datatype != _STRING:
            yield term.datatype.value


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _fits(name: str, formats: Mapping[str, object], what: str) -> None:
    if name not in {**TABLE_FORMATS, **GRAPH_FORMATS}:
        raise QueryError(f"no format {name!r}: for {what} choose one of {', '.join(formats)}")
    if name not in formats:
        raise QueryError(f"{name} does not fit {what}: choose one of {', '.join(formats)}")


def _checked(name: str, made: bytes) -> bytes:
    if name in {"xml", "rdfxml"} and _NOT_XML.search(made.decode()):
        raise QueryError("the answer holds a control character, which XML cannot carry: ask for another format")
    return made
