"""The page of /sparql: a form that works by itself, and an editor where scripts run."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from kg import __version__
from kg.ontology import schema
from kg.queries.named import NAMED
from kg.serve.replies import NOT_FOUND, Refusal
from kg.store import from_lines
from kg.vocab import BASE, KG, PREFIXES
from kg.web import style, vendored

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["asset", "editor"]

_EXAMPLE: Final = """\
# The datasets that most papers evaluate on
SELECT ?dataset ?name (COUNT(DISTINCT ?paper) AS ?papers) WHERE {
  ?paper kg:evaluatesOn ?dataset .
  ?dataset skos:prefLabel ?name
}
GROUP BY ?dataset ?name
ORDER BY DESC(?papers) ?name
LIMIT 20
"""
#: Terms of others that the graph uses.
_REUSED: Final = (
    "rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "rdfs:label", "rdfs:comment", "skos:prefLabel",
    "skos:altLabel", "skos:broader", "skos:narrower", "skos:exactMatch", "skos:closeMatch", "dcterms:title",
    "dcterms:abstract", "dcterms:issued", "dcterms:creator", "dcterms:identifier", "dcterms:isPartOf",
    "fabio:ResearchPaper", "prov:wasDerivedFrom", "prov:wasGeneratedBy", "schema:url", "foaf:name",
)  # fmt: skip
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}
_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


def editor() -> Response:
    """The page; its text is the same for all graphs."""
    return Response(_page(), media_type="text/html", headers=_HEADERS)


async def asset(request: Request) -> Response:
    """A script or style sheet of the page. Raises Refusal."""
    found = _assets().get(request.path_params["name"])
    if found is None:
        raise Refusal(NOT_FOUND, "there is no such file")
    return Response(found[0], media_type=found[1], headers=_FOREVER)


@cache
def _assets() -> dict[str, tuple[str, str]]:
    own = files(__package__)
    css = "\n".join((vendored("yasqe.css"), style(), own.joinpath("editor.css").read_text("utf-8")))
    yasqe = vendored("yasqe.js").replace("//# sourceMappingURL=yasqe.min.js.map", "")
    return {
        "yasqe.js": (yasqe, "text/javascript"),
        "editor.js": (own.joinpath("editor.js").read_text("utf-8"), "text/javascript"),
        "editor.css": (css, "text/css"),
    }


@cache
def _page() -> str:
    queries = [
        {
            "name": query.name,
            "question": query.question,
            "sparql": query.sparql,
            "parameters": [
                {"name": each.name, "type": each.type, "example": each.example, "help": each.help}
                for each in query.parameters
            ],
        }
        for query in NAMED.values()
    ]
    facts = {"base": BASE, "prefixes": PREFIXES, "terms": _terms(), "queries": queries, "example": _EXAMPLE}
    choices = "".join(
        f"<option value='{escape(each.name)}'>{escape(each.question)}</option>" for each in NAMED.values()
    )
    declared = "".join(f"<dt>{escape(name)}:</dt><dd>{escape(space)}</dd>" for name, space in PREFIXES.items())
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><title>SPARQL</title>"
        f"<link rel='stylesheet' href='/sparql/editor.css?v={__version__}'></head><body><div class='ask'>"
        "<nav><a href='/'>Graph</a> · <a href='/sparql' aria-current='page'>SPARQL</a> · "
        "<a href='/ontology'>Terms</a></nav>"
        "<main><h1>Ask the graph in SPARQL</h1>"
        "<form class='named' id='tools' hidden><label for='named'>A question to begin with</label>"
        f"<select id='named'><option value=''>choose one …</option>{choices}</select></form>"
        "<form id='values' hidden></form>"
        "<div id='editor'></div>"
        "<form action='/sparql' id='plain'><p><label for='query'>Query</label></p>"
        f"<textarea id='query' name='query' rows='12' spellcheck='false'>{escape(_EXAMPLE)}</textarea>"
        "<p><button>Ask</button></p></form>"
        "<div class='bar'><button id='run' title='Ctrl-Enter'>Run</button><button id='stop' hidden>Stop</button>"
        "<span id='saves' hidden>"
        f"{_saves()}</span></div>"
        "<p id='status' role='status'></p><div id='answer'></div>"
        f"<details id='prefixes'><summary>Prefixes that need no declaration</summary><dl>{declared}</dl></details>"
        "</main>"
        "<footer class='soft'><p>Titles and abstracts are read, and no more: that something is not here does not mean "
        "that it is not so.</p></footer></div>"
        f"<script type='application/json' id='facts'>{_json(facts)}</script>"
        f"<script src='/sparql/yasqe.js?v={__version__}'></script>"
        f"<script src='/sparql/editor.js?v={__version__}'></script></body></html>\n"
    )


def _saves() -> str:
    rows: tuple[tuple[str, str, str], ...] = (
        ("CSV", "text/csv", "csv"),
        ("TSV", "text/tab-separated-values", "tsv"),
        ("JSON", "application/sparql-results+json", "json"),
    )
    triples = (("Turtle", "text/turtle", "ttl"), ("JSON-LD", "application/ld+json", "jsonld"))
    return "".join(
        f"<button value='{kind}' data-ending='{ending}' data-for='{what}'>{name}</button>"
        for what, some in (("rows", rows), ("triples", triples))
        for name, kind, ending in some
    )


def _terms() -> list[str]:
    rows = from_lines(schema()).select("SELECT DISTINCT ?term WHERE { ?term rdfs:comment ?comment } ORDER BY ?term")
    space = str(KG.uses).removesuffix("uses")
    own = [str(row["term"]).replace(space, "kg:") for row in rows if str(row["term"]).startswith(space)]
    return [*own, *_REUSED]


def _json(data: dict[str, Any]) -> str:
    """JSON that no HTML parser takes for markup."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
