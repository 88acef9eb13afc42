"""Why a named query may answer nothing: what it was told stands in no name of the graph."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from kg.model import KINDS
from kg.queries.named import NAMED
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.store import Graph

__all__ = ["missed"]

_VENUES: Final = "SELECT DISTINCT ?name WHERE { ?paper kg:venue ?name }"
_HAS: Final = """
SELECT ?name WHERE {{
  ?entity a kg:{kind} ; skos:prefLabel|skos:altLabel ?name . FILTER(CONTAINS(LCASE(?name), LCASE({text})))
}} LIMIT 1"""
_LABELS: Final = "SELECT DISTINCT ?name WHERE {{ ?entity a kg:{kind} ; skos:prefLabel ?name }}"
_KIND: Final = re.compile(rf"\ba kg:({'|'.join(KINDS)})\b")
_SHOWN: Final = 60


def missed(graph: Graph, name: str, values: Mapping[str, str]) -> Iterator[str]:
    """Say of each text of a named query that is in no venue, or in no name of the kind it asks for, what is near it."""
    query = NAMED[name]
    kind = _KIND.search(query.sparql)
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default or "").strip()
        if parameter.type != "text" or not value:
            continue
        if "kg:venue" in query.sparql:
            venues = _names(graph, _VENUES)
            if not any(f" {_words(value)} " in f" {_words(venue)} " for venue in venues):
                yield _told("venue", value, venues)
        elif kind and not _names(graph, _HAS.format(kind=kind[1], text=literal(value))):
            yield _told(kind[1].lower(), value, _names(graph, _LABELS.format(kind=kind[1])))


def _names(graph: Graph, question: str) -> list[str]:
    return sorted({str(row["name"]) for row in graph.select(question)})


def _told(what: str, value: str, names: Iterable[str]) -> str:
    folded = {name.casefold(): name for name in names}
    if not folded:
        return f"the graph names no {what}"
    near = [folded[each] for each in get_close_matches(value.casefold(), sorted(folded), n=3, cutoff=0.4)]
    hint = f"the nearest are {', '.join(near)}" if near else f"there are {', '.join(sorted(folded.values())[:3])} ..."
    return f"no {what} of this graph is called {value[:_SHOWN]!r}: {hint}"


def _words(text: str) -> str:
    """Only letters and digits count, as in the queries.

    >>> _words("Proc. of NAACL-HLT")
    'proc of naacl hlt'
    """
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
