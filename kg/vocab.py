"""The names that the graph is written in: ours, closed, and the few that we reuse.

`KG` holds every term of `ontologies/schema.ttl` and no other: a typing error is an AttributeError, not a
new property. The well-known namespaces are reached through `names`, as in `names.SKOS.prefLabel`.
"""

# ruff: noqa: N815 - the terms of an ontology are in mixed case

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Namespace, URIRef
from rdflib import namespace as names  # as a module: doctest probes bare namespace classes, and they warn
from rdflib.namespace import DefinedNamespace

from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BASE", "FABIO", "KG", "ONTOLOGY", "PREFIXES", "names"]

#: All that we name ourselves stands under this address; the ontology's terms under the second.
BASE: Final = "https://w3id.org/ml-kg/"
ONTOLOGY: Final = "https://w3id.org/ml-kg/ontology"

FABIO: Final = Namespace("http://purl.org/spar/fabio/")


class KG(DefinedNamespace):
    """The terms of `ontologies/schema.ttl`.

    >>> str(KG.evaluatesOn)
    'https://w3id.org/ml-kg/ontology#evaluatesOn'
    >>> KG.evaluateOn
    Traceback (most recent call last):
    AttributeError: term 'evaluateOn' not in namespace 'https://w3id.org/ml-kg/ontology#'
    """

    _NS = Namespace(f"{ONTOLOGY}#")
    _fail = True

    # What a paper names.
    Method: URIRef
    Dataset: URIRef
    Task: URIRef
    Metric: URIRef
    # What a paper says of it.
    mentions: URIRef
    proposes: URIRef
    uses: URIRef
    evaluatesOn: URIRef
    addresses: URIRef
    comparesWith: URIRef
    outperforms: URIRef
    measures: URIRef
    # The paper itself.
    year: URIRef
    authorNames: URIRef
    otherAbstract: URIRef
    otherTitle: URIRef
    authorsAnonymous: URIRef
    venue: URIRef
    pdf: URIRef
    paperswithcode: URIRef
    repository: URIRef
    framework: URIRef
    declaredTask: URIRef
    keyword: URIRef
    position: URIRef
    # Where it says so.
    Sentence: URIRef
    paper: URIRef
    field: URIRef
    span: URIRef
    text: URIRef
    names: URIRef
    # Claims.
    Claim: URIRef
    confidence: URIRef
    polarity: URIRef
    role: URIRef
    winner: URIRef
    variant: URIRef
    declared: URIRef
    alsoIn: URIRef
    # Results.
    Result: URIRef
    metric: URIRef
    dataset: URIRef
    method: URIRef
    backbone: URIRef
    task: URIRef
    value: URIRef
    upper: URIRef
    comparator: URIRef
    unit: URIRef
    condition: URIRef
    delta: URIRef
    baseline: URIRef
    # Where papers were read.
    Source: URIRef
    sha256: URIRef
    format: URIRef
    papersRead: URIRef
    papersAccepted: URIRef
    papersMerged: URIRef
    papersRejected: URIRef
    Listing: URIRef
    groupIndex: URIRef
    dateText: URIRef
    readingText: URIRef
    wordCount: URIRef
    readMinutes: URIRef
    teaser: URIRef
    teaserTruncated: URIRef
    footer: URIRef
    paperCount: URIRef
    characters: URIRef
    offsetUnit: URIRef
    # How the graph was made.
    version: URIRef
    options: URIRef
    vocabularyDigest: URIRef
    usualExtractor: URIRef


for _term in KG.__annotations__:  # rdflib makes a term anew each time that it is asked for one
    setattr(KG, _term, KG[_term])


#: The prefixes that every question may use, and that every file of ours is written with.
PREFIXES: Final[Mapping[str, str]] = {
    "kg": f"{ONTOLOGY}#",
    "paper": f"{BASE}paper/",
    **{kind.lower(): f"{BASE}{kind.lower()}/" for kind in KINDS},
    "dcterms": str(names.DCTERMS),
    "fabio": str(FABIO),
    "foaf": str(names.FOAF),
    "owl": str(names.OWL),
    "prov": str(names.PROV),
    "rdf": str(names.RDF),
    "rdfs": str(names.RDFS),
    "schema": str(names.SDO),
    "skos": str(names.SKOS),
    "void": str(names.VOID),
    "xsd": str(names.XSD),
}
