"""The page of /sparql: a form that works by itself, and an editor where scripts run."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final

from kg.model import KINDS, PREDICATES
from kg.ontology import schema
from kg.queries.named import NAMED
from kg.serve.markup import framed
from kg.serve.replies import page
from kg.store import from_lines
from kg.vocab import BASE, KG, PREFIXES
from kg.web import safe_json

if TYPE_CHECKING:
    from starlette.responses import Response

__all__ = ["editor"]

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


def editor() -> Response:
    """The page; its text is the same for all graphs."""
    return page(_page(), scripts=True)


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
    names = {"kinds": KINDS, "predicates": PREDICATES}
    facts = {"base": BASE, "prefixes": PREFIXES, "terms": _terms(), "queries": queries, "example": _EXAMPLE, **names}
    choices = "".join(
        f"<option value='{escape(each.name)}'>{escape(each.question)}</option>" for each in NAMED.values()
    )
    declared = "".join(f"<dt>{escape(name)}:</dt><dd>{escape(space)}</dd>" for name, space in PREFIXES.items())
    body = (
        "<form class='named' id='tools' hidden><label for='named'>A question to begin with</label>"
        f"<select id='named'><option value=''>choose one …</option>{choices}</select></form>"
        "<form id='values' hidden></form>"
        "<div id='editor'></div>"
        "<form action='/sparql' id='plain'><p><label for='query'>Query</label></p>"
        f"<textarea id='query' name='query' rows='12' spellcheck='false'>{escape(_EXAMPLE)}</textarea>"
        "<p><button>Ask</button></p></form>"
        "<div class='bar'><button id='run' title='Ctrl-Enter'>Run</button><button id='stop' hidden>Stop</button>"
        f"<span id='saves' hidden>{_saves()}</span></div>"
        "<p id='status' role='status'></p><div id='answer'></div>"
        f"<details id='prefixes'><summary>Prefixes that need no declaration</summary><dl>{declared}</dl></details>"
        f"<script type='application/json' id='facts'>{safe_json(facts)}</script>"
    )
    return framed(
        "Ask the graph in SPARQL",
        f"<div class='ask'>{body}</div>",
        styles=("yasqe.css", "editor.css"),
        scripts=("explorer.js", "yasqe.js", "editor.js"),
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
