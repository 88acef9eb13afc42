"""A graph that is open: questions in, plain values or bytes out."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

import pyoxigraph as ox

from kg.errors import GraphError, QueryError
from kg.store import answers
from kg.store.pieces import Outside, pieces
from kg.store.syntax import explain, guard, parse
from kg.store.terms import Value, line, plain
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.store.pieces import Triples
    from kg.store.remote import Endpoint

    _Answer = ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]

__all__ = ["Dataset", "Graph"]

Kind = Literal["select", "ask", "construct"]


class Dataset(NamedTuple):
    """The graphs, by IRI, that a query asks of: those that make up its default graph, and those that it may name."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Graph:
    """A graph, open for reading. Questions may use PREFIXES without declaring them.

    Every question that is wrong, that would change the graph, or that would use the network is a QueryError
    with its place.
    """

    def __init__(self, store: ox.Store | Endpoint | Closed, *, directory: Path | None = None) -> None:
        """Wrap a store; statements in its named graphs are seen as if they stood in the default graph.

        A server decides by itself what its default graph is. `directory` is the one that the graph is kept in, if it
        is: what is derived from it may be kept there too.
        """
        self.directory = directory
        self._store = store
        self._named = isinstance(store, ox.Store) and any(True for _ in store.named_graphs())

    def close(self) -> None:
        """Let go of the store; whatever is asked of the graph from now on is a GraphError."""
        self._store = Closed()

    def select(self, sparql: str, *, most: int | None = None) -> list[dict[str, Value]]:
        """Give the rows of a SELECT query, or so many of them, in its order of columns; an unbound variable is None."""
        answer = self._ask(sparql)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError(f"rows come from a SELECT query, and this is {self.kind(sparql).upper()}")
        names = [variable.value for variable in answer.variables]
        with _told(sparql):
            return [{name: plain(row[name]) for name in names} for row in islice(answer, most)]

    def answer(
        self,
        sparql: str,
        *,
        format: str,  # noqa: A002 - the option's name on the command line
        most: int | None = None,
        dataset: Dataset | None = None,
    ) -> bytes:
        """Give the answer in a format: one of TABLE_FORMATS for rows, yes or no, one of GRAPH_FORMATS for triples.

        An answer of more than `most` bytes is a QueryError. `dataset` says of which graphs is asked; a server that
        the graph is kept on is not told.
        """
        answer = self._ask(sparql, dataset)
        with _told(sparql):
            if isinstance(answer, ox.QuerySolutions | ox.QueryBoolean):
                return answers.table(answer, format, most)
            return answers.triples(answer, format, most)

    def kind(self, sparql: str) -> Kind:
        """Say what a query asks for, without asking it."""
        text = sparql.removeprefix("\ufeff")
        guard(text)
        with _told(text):
            return _name(parse(text))

    def lines(self) -> Iterator[str]:
        """All triples as N-Triples lines without newline, each once, sorted by code point."""
        if isinstance(self._store, ox.Store):
            return iter(sorted({line(ox.Triple(quad.subject, quad.predicate, quad.object)) for quad in self._store}))
        return iter(sorted({line(triple) for triple in self._store.triples()}))

    def unsorted(self) -> Iterator[str]:
        """All triples as such lines, in the order of the store: the same store gives the same order."""
        if isinstance(self._store, ox.Store):
            return (line(quad.triple) for quad in self._store)
        return (line(triple) for triple in self._store.triples())

    def pieces(self, size: int) -> tuple[Iterator[Triples], Outside] | None:
        """The triples in pieces of so many papers, and what each piece says of nodes in others; None if they have none.

        Only a store of one graph that is kept here has pieces.
        """
        if not isinstance(self._store, ox.Store) or self._named:
            return None
        return pieces(self._store, size), Outside(self._store)

    def _ask(self, sparql: str, dataset: Dataset | None = None) -> _Answer:
        text = sparql.removeprefix("\ufeff")
        guard(text)
        with _told(text):
            if not isinstance(self._store, ox.Store):
                return self._store.query(text, self.kind(text))
            if dataset is not None:
                default, named = (_nodes(graphs) for graphs in dataset)
                return self._store.query(text, prefixes=dict(PREFIXES), default_graph=[*default], named_graphs=[*named])
            return self._store.query(text, prefixes=dict(PREFIXES), use_default_graph_as_union=self._named)


class Closed:
    """What stands in the place of a store that was let go."""

    def query(self, text: str, kind: Kind) -> _Answer:  # noqa: ARG002 - as of an Endpoint
        """Raise GraphError."""
        raise GraphError("the graph is closed: open it again")

    def triples(self) -> Iterator[ox.Triple]:
        """Raise GraphError."""
        raise GraphError("the graph is closed: open it again")


def _nodes(graphs: Iterable[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(graph) for graph in graphs]
    except ValueError as error:
        raise QueryError(f"the name of a graph is no IRI: {_line(error)}") from error


@contextmanager
def _told(text: str) -> Iterator[None]:
    """Turn what the store raises into what a person can mend."""
    try:
        yield
    except SyntaxError as error:
        raise explain(text, error) from error
    except (OSError, RuntimeError) as error:
        if "custom function" in str(error):
            raise QueryError(f"query: {_line(error)}: kg adds no functions to SPARQL") from error
        raise GraphError(f"the graph cannot be read: {_line(error)}: if it was built anew, ask again") from error


def _name(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Kind:
    if isinstance(answer, ox.QueryBoolean):
        return "ask"
    return "select" if isinstance(answer, ox.QuerySolutions) else "construct"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
