"""Papers by what they say, when and where they appeared, and the words in them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.model import PREDICATES
from kg.queries.entities import find
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.store import Graph, Value

__all__ = ["Listed", "Selection", "listed"]

_PAPERS: Final = """
SELECT DISTINCT ?paper ?title ?year ?venue ?url WHERE {{
  ?paper a fabio:ResearchPaper . FILTER(isIRI(?paper))
  {chosen}
  OPTIONAL {{ ?paper dcterms:title ?title }}
  {year} ?paper kg:year ?year {end}
  OPTIONAL {{ ?paper kg:venue ?venue }}
  OPTIONAL {{ ?paper schema:url ?url }}
}}"""
_VENUES: Final = "SELECT DISTINCT ?venue WHERE { ?paper kg:venue ?venue }"
_WORDS: Final = """
  ?paper dcterms:title|dcterms:abstract ?text{at} . FILTER(CONTAINS(LCASE(?text{at}), {word}))"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper: its IRI, and what its source says of it, as far as it says so."""

    iri: str
    title: str
    year: int | None
    venue: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked of papers; nothing asked lets all pass.

    Each of `entities` (names or IRIs) must be in an asserted claim of the paper, with one of `predicates` if there are
    any. `years` are the first and the last, both included, either of them open. A paper is of one of `venues`, as the
    graph writes them in any case. Each word of `text` stands in the title or in the abstract, whatever its case.
    """

    entities: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    venues: tuple[str, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return self != Selection()


def listed(graph: Graph, selection: Selection) -> tuple[Listed, ...]:
    """Give the papers that a selection lets pass, newest first, then by title.

    Raises QueryError for an entity, a predicate or a venue that there is not; the message names the nearest.
    """
    parts = [*_said(graph, selection), *_at(graph, selection.venues)]
    words = dict.fromkeys(selection.text.lower().split())
    parts += [_WORDS.format(at=at, word=literal(word)) for at, word in enumerate(words)]
    first, last = selection.years
    if first is not None and last is not None and first > last:
        raise QueryError(f"the years {first} to {last} end before they begin: write {last}:{first}")
    bounds = [f"?year {sign} {year:d}" for sign, year in ((">=", first), ("<=", last)) if year is not None]
    year, end = ("", f". FILTER({' && '.join(bounds)})") if bounds else ("OPTIONAL {", "}")
    rows = graph.select(_PAPERS.format(chosen="\n  ".join(parts), year=year, end=end))
    found: dict[str, Listed] = {}
    for row in sorted(rows, key=lambda row: [str(value) for value in row.values()]):
        found.setdefault(str(row["paper"]), _listed(row))  # of several titles or addresses the first
    return tuple(sorted(found.values(), key=lambda each: (-(each.year or 0), each.title.casefold(), each.iri)))


def _said(graph: Graph, selection: Selection) -> list[str]:
    for predicate in selection.predicates:
        if predicate not in PREDICATES:
            near = get_close_matches(predicate, PREDICATES, n=1, cutoff=0.4) or PREDICATES
            raise QueryError(f"no predicate {predicate[:60]!r}: did you mean {', '.join(near)}?")
    says = "|".join(f"kg:{predicate}" for predicate in selection.predicates or PREDICATES)
    if selection.predicates and not selection.entities:
        return [f"?paper {says} ?any ."]
    return [f"?paper {says} <{find(graph, name).iri}> ." for name in selection.entities]


def _at(graph: Graph, venues: Collection[str]) -> list[str]:
    if not venues:
        return []
    known = sorted(str(row["venue"]) for row in graph.select(_VENUES))
    chosen = [_venue(name, known) for name in venues]
    return [f"VALUES ?venue {{ {' '.join(literal(name) for name in chosen)} }} ?paper kg:venue ?venue ."]


def _venue(name: str, known: list[str]) -> str:
    for rule in (str, str.casefold):
        for venue in known:
            if rule(venue) == rule(name):
                return venue
    folded = {venue.casefold(): venue for venue in known}
    near = get_close_matches(name.casefold(), folded, n=3, cutoff=0.3)
    hint = f"try {', '.join(folded[each] for each in near)}" if near else "no venue of this graph is like it"
    raise QueryError(f"no venue is called {name[:60]!r}: {hint}")


def _listed(row: dict[str, Value]) -> Listed:
    year = row["year"]
    return Listed(
        iri=str(row["paper"]),
        title=str(row["paper"] if row["title"] is None else row["title"]),
        year=year if isinstance(year, int) else None,
        venue=None if row["venue"] is None else str(row["venue"]),
        url=None if row["url"] is None else str(row["url"]),
    )
