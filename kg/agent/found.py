"""What an agent calls an entity or a paper, found in the graph; what is unknown is answered with the nearest names."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError
from kg.model import KINDS
from kg.queries.entities import key
from kg.report import cache
from kg.report.neighbours import place_of
from kg.serve import views
from kg.terms import literal
from kg.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.store import Graph

__all__ = ["entity", "paper"]

_IDENTIFIED: Final = "SELECT DISTINCT ?paper WHERE {{ ?paper dcterms:identifier {name} }} ORDER BY ?paper LIMIT 2"
_KINDS: Final = tuple(each.lower() for each in KINDS)
_NEAR: Final = 5
#: So many times the papers of all others of its name an entity has that is meant without being asked for.
_TIMES: Final = 5
_MANY: Final = 50
_SHOWN: Final = 60
#: Names that are compared with one that is unknown differ in length by so many characters at most.
_SPREAD: Final = 3


def entity(graph: Graph, name: str, kind: str | None = None) -> dict[str, Any]:
    """Find an entity by a name or its IRI: `iri`, `kind`, `label` and the number of `papers` that name it.

    The kind may stand before the name, as in task:navigation. A preferred name goes before another one, and the name as
    written before one in other letters or with other hyphens. Of several that bear the name the one is meant that most
    papers name, if they are many times those of all others, which are `also` told. Raises QueryError, with the nearest
    names, if there is none, or if none of several is meant.
    """
    before, _, after = name.partition(":")
    if before.lower() in _KINDS and after.strip():
        name, kind = after.strip(), before.lower()
    if "://" in name:
        place = place_of(cache.load(graph), name)
        if place is None or kind not in (None, place.kind.lower()):
            raise QueryError(f"the graph has no {kind or 'entity'} with the IRI {_line(name)!r}: try search")
        return {"iri": place.iri, "kind": place.kind, "label": place.label, "papers": place.papers, "also": []}
    every = views.search(graph, name, _MANY)["entities"]
    hits = [each for each in every if kind in (None, each["kind"].lower())]
    matches = _best(name, hits)
    if not matches:
        elsewhere = _best(name, every)
        if elsewhere:
            kinds = " and a ".join(each["kind"] for each in elsewhere)
            raise QueryError(f"no {kind} is called {_line(name)!r}, but a {kinds} is")
        raise QueryError(f"no {kind or 'entity'} is called {_line(name)!r}: {_near(graph, name, hits, kind)}")
    first, *others = sorted(matches, key=lambda each: -each["papers"])
    if others and first["papers"] < max(1, _TIMES * sum(each["papers"] for each in others)):
        listed = ", ".join(f"{_line(each['label'])} ({each['kind']}, {each['iri']})" for each in matches[:_NEAR])
        raise QueryError(
            f"{_line(name)!r} names {len(matches)} entities: "
            f"say the kind (task:{_line(name)}), or the IRI of one: {listed}"
        )
    return first | {"also": others}


def paper(graph: Graph, name: str) -> str:
    """Find the IRI of a paper by its IRI, an identifier such as arxiv:1905.02249, or its title.

    Raises QueryError, with the nearest titles, if there is none, or if several have the title.
    """
    papers = cache.load(graph).papers
    for iri in (name, f"{BASE}paper/{name}", f"{BASE}{name}"):
        if papers.place(iri) is not None:
            return iri
    rows = graph.select(_IDENTIFIED.format(name=literal(name)))
    if len(rows) == 1:
        return str(rows[0]["paper"])
    hits = views.search(graph, name, _MANY)["papers"]
    titled = [hit for hit in hits if key(hit["title"]) == key(name)] or (hits if len(hits) == 1 else [])
    if len(titled) == 1:
        return str(titled[0]["iri"])
    listed = "; ".join(f"{_line(hit['title'])} ({hit['iri']})" for hit in (titled or hits)[:_NEAR])
    if listed:
        what = "names several papers" if titled else "is the title of no paper"
        raise QueryError(f"{_line(name)!r} {what}: say the IRI of one: {listed}")
    raise QueryError(f"no paper is called {_line(name)!r}: say its IRI, an identifier or its title, or use search")


def _best(name: str, hits: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the entities that match by the strictest rule that any matches by."""
    rules: tuple[Callable[[str], str], ...] = (str, str.casefold, key)
    for rule in rules:
        for names in (("label",), ("label", "name")):
            found = [hit for hit in hits if any(rule(name) == rule(hit[each]) for each in names)]
            if found and rule(name):
                return found
    return []


def _near(graph: Graph, name: str, hits: Sequence[dict[str, Any]], kind: str | None) -> str:
    """Say which names are like one that is unknown: those that hold its words, then those that are written alike."""
    matrices = cache.load(graph)
    labels = matrices.labels.part(0, len(matrices.labels))
    wanted = name.casefold()[:_SHOWN]
    alike = {
        label.casefold(): label
        for label, at in zip(labels, matrices.kinds.tolist(), strict=True)
        if kind in (None, KINDS[at].lower()) and abs(len(label) - len(wanted)) <= _SPREAD
    }
    close = [alike[each] for each in get_close_matches(wanted, alike, n=_NEAR, cutoff=0.6)]
    near = list(dict.fromkeys(_line(each) for each in (*(hit["label"] for hit in hits), *close)))[:_NEAR]
    return f"did you mean {', '.join(near)}?" if near else "no name in the graph is like it: try search"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
