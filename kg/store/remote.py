"""A graph on a server that speaks the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

import pyoxigraph as ox

from kg.errors import GraphError, QueryError
from kg.store.addresses import shown
from kg.store.pages import Page, countable, prefixed
from kg.store.protocol import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.protocol import Reply

__all__ = ["Endpoint"]

_LONGEST_GET: Final = 2000
_RESULTS: Final = "application/sparql-results+json, application/json;q=0.5"
_JSON: Final = frozenset({"application/sparql-results+json", "application/json"})
_TRIPLES: Final = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
_FORMS: Final = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
#: Virtuoso's ways to say that an answer is not whole: a limit of rows, and of time.
_LIMITED, _STOPPED = "x-sparql-maxrows", "x-sql-state"
#: Virtuoso's complaint about a page too far within sorted rows.
_NOT_SORTED: Final = "SR353"
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUTH: Final = {"1": "true", "0": "false"}
_ROUND: Final = 100
_TOTAL: Final = "kg_rows"


class Endpoint:
    """A SPARQL endpoint that is asked as a store is.

    Where a server gives no more than so many rows an answer, the rest is asked for page by page, and what cannot be
    had whole is a GraphError.
    """

    def __init__(self, url: str) -> None:
        """Name an endpoint; nothing is asked yet. Raises GraphError if the address is none."""
        self._server = Server(url)
        self._where = shown(self._server.url)

    def query(
        self, text: str, kind: Literal["select", "ask", "construct"]
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
        """Ask; the text is SPARQL that is known to be well formed. Raises GraphError."""
        whole = prefixed(text)
        if kind == "construct":
            return iter(self._triples(whole))
        answer = self._results(whole)
        if kind == "select":
            self._complete(whole, answer)
        return _solutions(answer)

    def triples(self) -> Iterator[ox.Triple]:
        """All triples of the endpoint's default graph, in no order."""
        rows = self.query("SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }", "select")
        return (ox.Triple(row["s"], row["p"], row["o"]) for row in rows)  # type: ignore[union-attr]

    def _reply(self, text: str, accept: str) -> Reply:
        values = {"query": text}
        if len(self._server.address(values)) <= _LONGEST_GET:
            reply = self._server.get(values, accept)
        else:
            reply = self._server.post(values, accept, again=True)
        if _STOPPED in reply.headers:
            raise GraphError(f"{self._where} gave up before the end ({reply.headers[_STOPPED]}): ask for less")
        return reply

    def _results(self, text: str) -> dict[str, Any]:
        reply = self._reply(text, _RESULTS)
        try:
            answer: dict[str, Any] | None = json.loads(reply.body) if reply.type in _JSON else None
        except ValueError as error:
            raise GraphError(f"{self._where}: the answer is broken JSON ({' '.join(str(error).split())})") from error
        if answer is None or not _is_answer(answer):
            got = reply.type or "no media type"
            raise GraphError(f"{self._where} gives no SPARQL results ({got}): name a SPARQL endpoint, such as …/sparql")
        if _LIMITED in reply.headers:
            answer["limited"] = True
        return answer

    def _triples(self, text: str) -> list[ox.Triple]:
        reply = self._reply(text, _TRIPLES)
        if _LIMITED in reply.headers:
            most = reply.headers[_LIMITED]
            raise GraphError(f"{self._where} gives no more than {most} rows: ask part by part, with LIMIT and OFFSET")
        form = _FORMS.get(reply.type)
        if form is None:
            raise GraphError(f"{self._where} gives no RDF that kg reads ({reply.type or 'no media type'})")
        try:
            return [quad.triple for quad in ox.parse(reply.body, format=form, base_iri="http://localhost/")]
        except SyntaxError as error:
            raise GraphError(f"{self._where}: the answer is broken: {' '.join(str(error).split())}") from error

    def _complete(self, text: str, answer: dict[str, Any]) -> None:
        """Fetch what a limit of the server kept back."""
        if "results" not in answer:
            raise GraphError(f"{self._where} answers yes or no to a question for rows: is it a SPARQL 1.1 endpoint?")
        rows = answer["results"]["bindings"]
        limited = answer.pop("limited", False)
        if not limited and (not rows or (len(rows) % _ROUND and len(rows) & (len(rows) - 1))):
            return  # limits are round numbers, or powers of two
        if not limited and len(rows) < _ROUND:
            return
        counting = countable(text, _TOTAL)
        if counting is None:
            if limited:
                raise GraphError(f"{self._where} gives no more than {len(rows)} rows: ask without FROM, or with LIMIT")
            return
        try:
            total = int(self._results(counting)["results"]["bindings"][0][_TOTAL]["value"])
        except (KeyError, IndexError, ValueError) as error:
            raise GraphError(f"{self._where} does not count its rows: is it a SPARQL 1.1 endpoint?") from error
        if total > len(rows):
            answer["results"]["bindings"] = self._paged(Page(text, answer["head"]["vars"]), len(rows), total)

    def _paged(self, page: Page, size: int, total: int) -> list[Any]:
        rows: list[Any] = []
        nested = False
        while len(rows) < total:
            try:
                part = self._results(page.text(size, len(rows), nested=nested))
            except GraphError as error:
                if nested or _NOT_SORTED not in str(error):
                    raise
                nested, rows = True, []  # all pages are cut from one order
                continue
            found = part["results"]["bindings"]
            if not found:
                break
            rows += found
        if len(rows) != total:
            raise GraphError(f"{self._where} counts {total} rows and gives {len(rows)}: ask again")
        return rows


def _is_answer(answer: Any) -> bool:
    if not isinstance(answer, dict) or not isinstance(answer.get("head"), dict):
        return False
    if isinstance(answer.get("boolean"), bool):
        return True
    results = answer.get("results")
    rows = results.get("bindings") if isinstance(results, dict) else None
    return (
        isinstance(answer["head"].get("vars"), list)
        and isinstance(rows, list)
        and all(isinstance(row, dict) and all(map(_is_term, row.values())) for row in rows)
    )


def _is_term(term: Any) -> bool:
    return isinstance(term, dict) and isinstance(term.get("type"), str) and "value" in term


def _solutions(answer: dict[str, Any]) -> ox.QuerySolutions | ox.QueryBoolean:
    """Give rows as the store gives them: truth values in words, as some servers write digits."""
    for row in answer.get("results", {}).get("bindings", ()):
        for term in row.values():
            if term.get("datatype") == _BOOLEAN:
                term["value"] = _TRUTH.get(term["value"], term["value"])
    answer = {"head": {"vars": answer["head"].get("vars", [])}} | {
        key: answer[key] for key in ("boolean", "results") if key in answer
    }
    if "boolean" in answer:
        answer["head"] = {}
    else:
        answer["results"] = {"bindings": answer["results"]["bindings"]}
    try:
        found = ox.parse_query_results(json.dumps(answer).encode(), format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"not SPARQL results: {' '.join(str(error).split())}") from error
    if isinstance(found, ox.QueryTriples):
        raise QueryError("rows come from a SELECT query")
    return found
