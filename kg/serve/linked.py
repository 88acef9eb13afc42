"""Linked data: what the graph says of an IRI of ours, at the path of that IRI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from starlette.responses import Response

from kg.ontology import schema
from kg.serve import pages, parts
from kg.serve.addresses import IRI, iri_of
from kg.serve.explorer import VIEWS, Explorer
from kg.serve.markup import LONGEST
from kg.serve.negotiation import GRAPH_TYPES, HTML, wanted
from kg.serve.replies import NOT_FOUND, STATUS, Refusal, page, replied, unacceptable
from kg.serve.worker import Answer, Question
from kg.store import from_lines
from kg.vocab import BASE, ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from kg.serve.pool import Pool

__all__ = ["LinkedData"]

#: Of the statements in which an IRI is the object, so many are in its document.
MOST: Final = 1000
#: So many are on a page that tells them in other ways too.
_FEW: Final = 100
_OFFERS: Final = (*GRAPH_TYPES, HTML)
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_LABELS: Final = "skos:prefLabel|dcterms:title|rdfs:label|foaf:name"


class LinkedData:
    """Documents about IRIs, as RDF or as plain pages."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._explorer = pool, Explorer(pool)

    async def get(self, request: Request) -> Response:
        """The document at a path. Raises Refusal."""
        chosen = wanted(request.headers.get("accept"), _OFFERS)
        if chosen is None:
            raise unacceptable(_OFFERS)
        raw = request.scope.get("raw_path") or request.url.path.encode()
        path = raw.decode("ascii", "replace").removeprefix("/")
        if BASE + path == ONTOLOGY:
            return _ontology(chosen)
        if chosen == HTML and path.startswith(tuple(VIEWS)):
            for iri in _iris(path):
                shown = await self._explorer.about(path, iri)
                if shown is not None:
                    return shown
        iri, about = await self._found(path)
        if about is None:
            raise Refusal(NOT_FOUND, "the graph says nothing of this address")
        if chosen == HTML:
            rows = await self._rows(iri, MOST)
            return page(pages.about(iri, rows, most=MOST, more=about > MOST))
        more = f"SELECT ?subject ?predicate WHERE {{ ?subject ?predicate <{iri}> }}"
        link = {"Link": f'</sparql?query={quote(more, safe="")}>; rel="related"'} if about > MOST else {}
        answer = await self._pool.ask(Question(_described(iri), None, GRAPH_TYPES[chosen]))
        return replied(answer, {"triples": chosen}, link)

    async def statements(self, request: Request) -> Response:
        """A page of the plain statements about an IRI. Raises Refusal."""
        iri = iri_of(request.query_params.get("of", ""))
        about = await self._about(iri)
        if about is None:
            raise Refusal(NOT_FOUND, "the graph says nothing of this address")
        rows = await self._rows(iri, _FEW)
        return page(parts.statements(iri, pages.statements(iri, rows, most=_FEW, more=about > _FEW)), scripts=True)

    async def _rows(self, iri: str, most: int) -> list[dict[str, Any]]:
        answer = await self._pool.ask(Question(_shown(iri, most), "json", None))
        if answer.outcome != "answer":
            raise Refusal(STATUS[answer.outcome], answer.body.decode())
        return _bindings(answer)

    async def _found(self, path: str) -> tuple[str, int | None]:
        """The IRI that a path stands for, with the number of statements about it, up to a limit; None if none are."""
        for iri in _iris(path):
            about = await self._about(iri)
            if about is not None:
                return iri, about
        return "", None

    async def _about(self, iri: str) -> int | None:
        """Count the statements about an IRI, up to a limit; None if the graph says nothing of it."""
        answer = await self._pool.ask(Question(_counted(iri), "json", None))
        if answer.outcome == "wrong":  # no IRI after all
            return None
        if answer.outcome != "answer":
            raise Refusal(STATUS[answer.outcome], answer.body.decode())
        row = _bindings(answer)[0]
        says, said = int(row["says"]["value"]), int(row["said"]["value"])
        return said if says or said else None


def _iris(path: str) -> Iterator[str]:
    """The IRIs that a path may stand for."""
    for each in dict.fromkeys((path, unquote(path))):
        iri = BASE + each
        if IRI.fullmatch(iri) and "\ufffd" not in iri:
            yield iri


def _ontology(chosen: str) -> Response:
    """The terms themselves, from the ontology that came with this program."""
    graph = from_lines(schema())
    if chosen != HTML:
        body = graph.answer(_ALL, format=GRAPH_TYPES[chosen])
        return Response(body, media_type=chosen, headers={"Vary": "Accept"})
    rows = graph.select(
        "SELECT ?term ?label ?comment WHERE { ?term rdfs:comment ?comment OPTIONAL { ?term rdfs:label ?label } } "
        "ORDER BY ?term"
    )
    return page(pages.ontology([{name: str(value or "") for name, value in row.items()} for row in rows]))


def _counted(iri: str) -> str:
    return (
        "SELECT ?says ?said WHERE { "
        f"{{ SELECT (COUNT(*) AS ?says) WHERE {{ SELECT ?p WHERE {{ <{iri}> ?p ?o }} LIMIT 1 }} }} "
        f"{{ SELECT (COUNT(*) AS ?said) WHERE {{ SELECT ?s WHERE {{ ?s ?p <{iri}> }} LIMIT {MOST + 1} }} }} }}"
    )


def _described(iri: str) -> str:
    return (
        f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ "
        f"{{ <{iri}> ?p ?o }} UNION {{ SELECT ?s ?q WHERE {{ ?s ?q <{iri}> }} LIMIT {MOST} }} }}"
    )


def _shown(iri: str, most: int) -> str:
    """What a page shows: each statement once, long text cut, with a label of the other end."""
    return (
        "SELECT ?way ?predicate "
        f"(IF(isLITERAL(?end), SUBSTR(STR(?end), 1, {LONGEST}), ?end) AS ?other) (STRLEN(STR(?end)) AS ?length) "
        f"(SUBSTR(MIN(STR(?name)), 1, {LONGEST}) AS ?label) WHERE {{ "
        f"{{ <{iri}> ?predicate ?end BIND (1 AS ?way) }} UNION "
        f"{{ {{ SELECT ?end ?predicate WHERE {{ ?end ?predicate <{iri}> }} LIMIT {most} }} BIND (2 AS ?way) }} "
        f"OPTIONAL {{ ?end {_LABELS} ?name }} }} GROUP BY ?way ?predicate ?end ORDER BY ?way ?predicate ?end"
    )


def _bindings(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer.body)["results"]["bindings"]
    return found
