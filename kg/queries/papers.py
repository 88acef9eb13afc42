"""Papers by identifier or title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.queries.entities import key
from kg.terms import literal

if TYPE_CHECKING:
    from kg.store import Graph

__all__ = ["find_paper"]

_EXACT: Final = """
SELECT DISTINCT ?paper WHERE {
  VALUES ?name { %s }
  ?paper dcterms:identifier|dcterms:title ?name ; a fabio:ResearchPaper .
}
"""
_TITLES: Final = "SELECT DISTINCT ?paper ?title WHERE { ?paper a fabio:ResearchPaper ; dcterms:title ?title }"
_SHOWN, _LISTED = 60, 5


def find_paper(graph: Graph, name: str) -> str:
    """Find the IRI of the paper with this identifier, IRI or title; a part of a title will do if one paper has it.

    Raises QueryError if no paper is called so, or more than one.
    """
    exact = sorted(str(row["paper"]) for row in graph.select(_EXACT % literal(name)))
    titles = [(str(row["paper"]), str(row["title"])) for row in graph.select(_TITLES)]
    wanted = key(name)
    for found in (
        exact,
        [iri for iri, _ in titles if iri == name],
        [iri for iri, title in titles if wanted and key(title) == wanted],
        [iri for iri, title in titles if wanted and wanted in key(title)],
    ):
        papers = sorted(set(found))
        if len(papers) == 1:
            return papers[0]
        if papers:
            raise _ambiguous(name, sorted((title, iri) for iri, title in titles if iri in papers))
    raise QueryError(
        f"no paper is called {_shown(name)!r}: give its identifier (such as arxiv:1905.02249) or its title"
    )


def _ambiguous(name: str, papers: list[tuple[str, str]]) -> QueryError:
    listed = "; ".join(f"{_shown(title)} ({iri.partition('/paper/')[2] or iri})" for title, iri in papers[:_LISTED])
    return QueryError(f"{_shown(name)!r} names {len(papers)} papers: say the identifier of one: {listed}")


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
