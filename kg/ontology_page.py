"""What is made of the ontology for readers and programs: docs/ontology.md, and ontologies/context.jsonld.

`python -m kg.ontology_page` writes both into a checkout; a test sees that they are current.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import rdflib

from kg import ontology
from kg.model import KINDS
from kg.vocab import BASE, ONTOLOGY, PREFIXES, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

__all__ = ["context", "page"]

_KINDS: Final = {
    str(names.OWL.Class): "class",
    str(names.OWL.ObjectProperty): "property, to a node",
    str(names.OWL.DatatypeProperty): "property, to a value",
}
_INSTANCES: Final = ("paper", *(kind.lower() for kind in KINDS))
#: The words that a document uses for terms of others.
_OTHERS: Final[dict[str, Any]] = {
    "id": "@id",
    "type": "@type",
    "ResearchPaper": "fabio:ResearchPaper",
    "title": "dcterms:title",
    "abstract": "dcterms:abstract",
    "identifier": {"@id": "dcterms:identifier", "@container": "@set"},
    "creator": {"@id": "dcterms:creator", "@type": "@id", "@container": "@set"},
    "source": {"@id": "dcterms:source", "@type": "@id"},
    "isPartOf": {"@id": "dcterms:isPartOf", "@type": "@id"},
    "issued": "dcterms:issued",
    "url": {"@id": "schema:url", "@type": "xsd:anyURI", "@container": "@set"},
    "prefLabel": "skos:prefLabel",
    "altLabel": {"@id": "skos:altLabel", "@container": "@set"},
    "broader": {"@id": "skos:broader", "@type": "@id", "@container": "@set"},
    "exactMatch": {"@id": "skos:exactMatch", "@type": "@id", "@container": "@set"},
    "closeMatch": {"@id": "skos:closeMatch", "@type": "@id", "@container": "@set"},
    "subject": {"@id": "rdf:subject", "@type": "@id"},
    "predicate": {"@id": "rdf:predicate", "@type": "@id"},
    "object": {"@id": "rdf:object", "@type": "@id"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
}
_HEAD: Final = """\
# Ontology

{description}

| | |
|---|---|
| namespace | `{namespace}`, prefix `kg` |
| this version | `{version}` |
| licence | {licence} |
| part of every graph | [schema.ttl](../ontologies/schema.ttl) |
| alignments | [alignments.ttl](../ontologies/alignments.ttl) |
| SHACL | [shapes.ttl](../ontologies/shapes.ttl) |
| JSON-LD | [context.jsonld](../ontologies/context.jsonld) |

An ontology of yours imports this one by reference, `owl:imports <{version}>`, and the alignments by
`owl:imports <{alignments}>`. What the graph is made of, with an example: [the graph](graph.md); what can be asked:
[questions](questions.md). This page is made of the files above by `python -m kg.ontology_page`.

In JSON-LD, `{{"@context": …}}` with the content of context.jsonld lets a document say `"evaluatesOn"` for
`kg:evaluatesOn` and `"dataset/cifar-10"` for the IRI of a dataset. A decimal (`confidence`, `value`) is written as a
string there, because a number of JSON would become a double.

| prefix | namespace |
|---|---|
{prefixes}
"""


def page() -> str:
    """The documentation of all terms, as Markdown."""
    graph, shapes = _graph("schema.ttl", "alignments.ttl"), _graph("shapes.ttl")
    ours = rdflib.URIRef(ONTOLOGY)
    parts = [
        _HEAD.format(
            description=graph.value(ours, names.DCTERMS.description),
            namespace=f"{ONTOLOGY}#",
            version=graph.value(ours, names.OWL.versionIRI),
            licence=graph.value(ours, names.DCTERMS.license),
            alignments=f"{ONTOLOGY}/alignments",
            prefixes="\n".join(f"| `{prefix}` | `{space}` |" for prefix, space in sorted(_spaces(graph).items())),
        )
    ]
    terms = sorted((term for term in set(graph.subjects()) if str(term).startswith(f"{ONTOLOGY}#")), key=str)
    classes = [term for term in terms if (term, names.RDF.type, names.OWL.Class) in graph]
    parts += ["## Classes\n", *(_term(graph, shapes, term) for term in classes)]
    for title, domain in _domains(graph):
        inside = [term for term in terms if term not in classes and graph.value(term, names.RDFS.domain) == domain]
        if inside:
            parts += [f"## {title}\n", *(_term(graph, shapes, term) for term in inside)]
    parts += [
        "## Terms of others\n",
        "What is said here of terms that are not ours.\n",
        *_lines(_foreign(graph)),
    ]
    return "\n".join(parts).rstrip() + "\n"


def context() -> str:
    """The JSON-LD context (https://www.w3.org/TR/json-ld11/) of the graph, as JSON."""
    graph = _graph("schema.ttl")
    found: dict[str, Any] = {"@version": 1.1, "@base": BASE, "@vocab": f"{ONTOLOGY}#"}
    found |= {prefix: space for prefix, space in sorted(PREFIXES.items()) if prefix not in _INSTANCES}
    found |= _OTHERS
    for term in sorted(set(graph.subjects()), key=str):
        name = str(term).removeprefix(f"{ONTOLOGY}#")
        if name != str(term):
            found[name] = _definition(graph, term, name)
    return json.dumps({"@context": found}, indent=2) + "\n"


def _definition(graph: rdflib.Graph, term: Node, name: str) -> str | dict[str, str]:
    reach = str(graph.value(term, names.RDFS.range))
    if (term, names.RDF.type, names.OWL.ObjectProperty) in graph:
        return {"@id": f"kg:{name}", "@type": "@id"}
    if reach in ("None", str(names.XSD.string)):
        return f"kg:{name}"
    return {"@id": f"kg:{name}", "@type": reach.replace(str(names.XSD), "xsd:")}


def _graph(*files: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in files:
        graph.parse(data=ontology.read(file), format="turtle")
    return graph


def _spaces(graph: rdflib.Graph) -> dict[str, str]:
    """The prefixes of ours and of those that are pointed at."""
    used = {str(term) for triple in graph for term in triple}
    return {prefix: space for prefix, space in _known(graph).items() if any(iri.startswith(space) for iri in used)}


def _known(graph: rdflib.Graph) -> dict[str, str]:
    found = {**PREFIXES, **{prefix: str(space) for prefix, space in graph.namespaces()}}
    return {prefix: space for prefix, space in found.items() if prefix not in _INSTANCES}


def _domains(graph: rdflib.Graph) -> Iterator[tuple[str, Node | None]]:
    """The sections of properties: what they are properties of."""
    places = set(graph.objects(None, names.RDFS.domain))
    for place in sorted(places, key=str):
        yield f"Properties of {_called(graph, place)}", place
    yield "Properties of several classes", None


def _called(graph: rdflib.Graph, place: Node) -> str:
    label = graph.value(place, names.RDFS.label)
    return f"a {str(label).lower()}" if label else f"`{_curie(graph, place)}`"


def _term(graph: rdflib.Graph, shapes: rdflib.Graph, term: Node) -> str:
    rows = [("IRI", f"`{term}`"), ("what", _KINDS[str(graph.value(term, names.RDF.type))])]
    for title, prop in (
        ("of", names.RDFS.domain),
        ("leads to", names.RDFS.range),
        ("is a", names.RDFS.subClassOf),
        ("implies", names.RDFS.subPropertyOf),
        ("differs from", names.OWL.disjointWith),
        ("see also", names.RDFS.seeAlso),
    ):
        values = sorted(_linked(graph, value) for value in graph.objects(term, prop))
        rows += [(title, ", ".join(values))] if values else []
    example = " ".join(f"{graph.value(term, names.SKOS.example)}".split())
    rows.append(("example", example.replace("|", "\\|")))
    local = str(term).rpartition("#")[2]
    told = [f"### {'Class ' if local[0].isupper() else ''}kg:{local}\n", f"{graph.value(term, names.RDFS.comment)}\n"]
    told += [f"{note}\n" for note in graph.objects(term, names.SKOS.scopeNote)]
    told += ["| | |\n|---|---|", *(f"| {title} | {value} |" for title, value in rows), ""]
    rules = list(_rules(shapes, term))
    return "\n".join(told + (["A graph is checked for this:\n", *_lines(rules)] if rules else []))


def _rules(shapes: rdflib.Graph, term: Node) -> list[str]:
    """What the shapes ask of the instances of a class, or of the values of a property."""
    heads = {*shapes.subjects(names.SH.targetClass, term), *shapes.subjects(names.SH.path, term)}
    if str(term) == f"{ONTOLOGY}#Sentence":  # the graph does not say that something is one
        heads |= set(shapes.subjects(names.SH.targetSubjectsOf, rdflib.URIRef(f"{ONTOLOGY}#text")))
    parts = {part for head in heads for part in shapes.objects(head, names.SH.property)}
    return sorted({str(message) for head in heads | parts for message in shapes.objects(head, names.SH.message)})


def _foreign(graph: rdflib.Graph) -> list[str]:
    rows = []
    for prop in (names.RDFS.subClassOf, names.RDFS.subPropertyOf, names.RDFS.seeAlso):
        for subject, value in graph.subject_objects(prop):
            if not str(subject).startswith(BASE):
                word = {"subClassOf": "is a", "subPropertyOf": "implies"}.get(str(prop).rpartition("#")[2], "is like")
                rows.append(f"`{_curie(graph, subject)}` {word} `{_curie(graph, value)}`")
    return sorted(rows)


def _lines(rows: Iterable[str]) -> list[str]:
    return [*(f"- {row}" for row in rows), ""]


def _linked(graph: rdflib.Graph, term: Node) -> str:
    """A term as a link to its place on this page, or as it is written."""
    name = str(term)
    if name.startswith(f"{ONTOLOGY}#"):
        local = name.rpartition("#")[2]
        return f"[kg:{local}](#{'class-' if local[0].isupper() else ''}kg{local.lower()})"
    if name.endswith("#members"):
        return f"what is in the scheme `{name.removesuffix('#members')}`"
    return f"`{_curie(graph, term)}`"


def _curie(graph: rdflib.Graph, term: Node) -> str:
    spaces = sorted(_known(graph).items(), key=lambda pair: -len(pair[1]))
    for prefix, space in spaces:
        if str(term).startswith(space):
            return f"{prefix}:{str(term)[len(space) :]}"
    return str(term)


def _main() -> None:
    root = Path(__file__).parents[1]
    (root / "docs" / "ontology.md").write_text(page(), "utf-8")
    (root / "ontologies" / "context.jsonld").write_text(context(), "utf-8")


if __name__ == "__main__":
    _main()
