"""A graph that is open, with all that may be asked of it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final, Self
from weakref import finalize

from kg.api.rows import Rows
from kg.errors import KgError, QueryError
from kg.model import KINDS
from kg.queries import NAMED, fill
from kg.queries.cards import card, stats
from kg.queries.listed import Listed, Selection, listed
from kg.queries.search import search
from kg.queries.shown import cell, table
from kg.store import Graph as Store

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import TracebackType

    from kg.engine.watch import Summary
    from kg.export.networks import View
    from kg.queries.cards import Card, Stats
    from kg.queries.search import Hits

    Years = int | tuple[int | None, int | None] | None

__all__ = ["Graph"]

_NAME: Final = re.compile(r"[\w.-]+")
_COUNTS: Final = f"""
SELECT ?class (COUNT(?thing) AS ?things) WHERE {{
  VALUES ?class {{ fabio:ResearchPaper {" ".join(f"kg:{kind}" for kind in KINDS)} kg:Claim kg:Result }}
  ?thing a ?class
}} GROUP BY ?class"""
_COUNTED: Final = ("ResearchPaper", *KINDS, "Claim", "Result")


class Graph(Store):
    """A graph to ask: `kg.open` and `kg.build` give one, and every function of `kg.report` takes it.

    A `with` statement closes it at its end. All that is at fault, such as a name that the graph does not know, is a
    KgError that says what to try. `name` is what was opened; `summary` says what was read, if it was just built.

    >>> from kg.store import from_lines
    >>> from kg.vocab import KG, names
    >>> mnist = "<https://w3id.org/ml-kg/dataset/mnist>"
    >>> lines = [f"{mnist} <{names.RDF.type}> <{KG.Dataset}> .", f'{mnist} <{names.SKOS.prefLabel}> "MNIST" .']
    >>> graph = Graph(from_lines(lines), name="an example")
    >>> graph.query("SELECT ?label { ?x a kg:Dataset ; skos:prefLabel ?label }")
    Rows(1 row: label)
    >>> graph.ask("ASK { dataset:mnist a kg:Method }")
    False
    >>> graph.entity("mnist").label, len(graph.papers()), [each.label for each in graph.search("mn").entities]
    ('MNIST', 0, ['MNIST'])
    >>> graph.to_networkx().number_of_nodes(), len(graph.to_rdflib())
    (1, 2)
    >>> graph.entity("MINST")
    Traceback (most recent call last):
    kg.errors.QueryError: nothing is called 'MINST': did you mean MNIST?
    """

    def __init__(
        self, opened: Store, *, name: str, summary: Summary | None = None, scratch: Path | None = None
    ) -> None:
        """Take an open graph; the directory `scratch` is removed once nobody has the graph."""
        super().__init__(opened._store, directory=opened.directory)  # noqa: SLF001 - it is one itself
        self.name = name
        self.summary = summary
        self._clean = finalize(self, shutil.rmtree, scratch, ignore_errors=True) if scratch else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Graph({self.name!r})"

    def close(self) -> None:
        """Let go of the files of the graph, and remove it if it was built without a name."""
        super().close()
        if self._clean:
            self._clean()

    def query(self, query: str, **values: object) -> Rows:
        """Ask a SELECT query in SPARQL, whose prefixes need no declaration, or a named query with its parameters.

        `kg.queries.NAMED` has the named queries. For yes or no there is `ask`, for triples `construct`.
        """
        if _NAME.fullmatch(query):
            query = fill(self, query, {key: str(value) for key, value in values.items()})
        elif values:
            raise QueryError(f"{', '.join(values)}: only a named query takes parameters, such as {next(iter(NAMED))}")
        rows = self.select(query)
        return Rows(rows[0] if rows else json.loads(self.answer(query, format="json"))["head"]["vars"], rows)

    def ask(self, sparql: str) -> bool:
        """Ask an ASK query."""
        if self.kind(sparql) != "ask":
            raise QueryError(f"yes or no is the answer to an ASK query, and this is {self.kind(sparql).upper()}")
        return bool(json.loads(self.answer(sparql, format="json"))["boolean"])

    def construct(self, sparql: str, *, format: str = "turtle") -> str:  # noqa: A002 - the option's name
        """Ask a CONSTRUCT or DESCRIBE query; the answer is in a format of `kg.store.GRAPH_FORMATS`."""
        return self.answer(sparql, format=format).decode()

    def entity(self, name: str, *, kind: str | None = None, neighbours: int = 20) -> Card:
        """Tell all of the entity with this name or IRI: kind, aliases, links, papers, quotes, neighbours, years.

        The name may be written in other letters, with other hyphens, or in the plural. `kind` (Method, Dataset, Task or
        Metric) says which one is meant, where several bear the name.
        """
        return card(self, name, kind.capitalize() if kind else None, neighbours=neighbours)

    def papers(
        self,
        *,
        entity: str | Collection[str] = (),
        predicate: str | Collection[str] = (),
        years: Years = None,
        venue: str | Collection[str] = (),
        text: str = "",
    ) -> Rows:
        """List papers, newest first: `iri`, `title`, `year`, `venue`, `url`.

        A paper speaks of each `entity`, in an asserted claim, with one of the predicates if there are any; it is of one
        of the venues, of a year or of years from and to (both included, None is open), and has each word of `text` in
        its title or abstract. Nothing asked lists all.
        """
        asked = Selection(_all(entity), _all(predicate), _years(years), _all(venue), text)
        names = [field.name for field in fields(Listed)]
        return Rows(names, [asdict(each) for each in listed(self, asked)])

    def search(self, text: str, *, limit: int = 10) -> Hits:
        """Find entities and papers by their names, or by words of them, the best first."""
        return search(self, text, limit=limit)

    def stats(self) -> Stats:
        """Count what is in the graph, and whether all that was read is accounted for."""
        return stats(self)

    def to_networkx(self, view: View = "cooccurrence", *, kinds: Collection[str] = KINDS, **options: Any) -> Any:
        """Make a graph of NetworkX: of entities that papers name together, or, with "statements", of what papers say.

        The nodes are IRIs. `papers` (IRIs), `top` and `min_papers` choose as `kg.export.networks.network` does, whose
        result this is; `kg.export.nx.to_networkx` says what nodes and edges have.
        """
        from kg.export.networks import network  # noqa: PLC0415 - only who asks for one waits for NetworkX
        from kg.export.nx import to_networkx  # noqa: PLC0415 - as above

        return to_networkx(network(self, view=view, kinds=[kind.capitalize() for kind in kinds], **options))

    def to_rdflib(self) -> Any:
        """Make a graph of rdflib in memory, with all triples: some thousands a second."""
        from kg.api.triples import to_rdflib  # noqa: PLC0415 - only who asks for one waits for rdflib

        return to_rdflib(self)

    def export(self, place: str | Path, format: str | None = None, *, papers: Collection[str] | None = None) -> str:  # noqa: A002 - as of `construct`
        """Write a file, or a directory, in a format of `kg.export.formats.FORMATS`; gives what was written, in words.

        The format is told by the suffix unless given; `papers` are the IRIs of those written, all unless given.
        """
        from pathlib import Path  # noqa: PLC0415 - a name for types above

        from kg.export.formats import FORMATS, export, form_of  # noqa: PLC0415 - only who writes waits for its libraries

        chosen = format or form_of(Path(place))
        if chosen is None:
            raise QueryError(f"{place}: its name tells no format: choose one of {', '.join(FORMATS)}")
        return export(self, chosen, Path(place), papers=papers)

    def _repr_html_(self) -> str:
        """Give the counts that a notebook shows."""
        try:
            rows = self.select(_COUNTS)
        except KgError as error:
            return f"<div>{cell(self.name)}: {cell(str(error))}</div>"
        counts = {re.split("[#/]", str(row["class"]))[-1]: row["things"] for row in rows}
        shown = [(name, counts.get(name, 0)) for name in _COUNTED]
        return f"<div><b>{cell(self.name)}</b>{table(('kind', 'number'), shown)}</div>"


def _all(names: str | Collection[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _years(years: Years) -> tuple[int | None, int | None]:
    if isinstance(years, int):
        return years, years
    return years or (None, None)
