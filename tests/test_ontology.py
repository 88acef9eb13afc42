"""The ontology as others use it: its page, its JSON-LD context, alignments and shapes, and what follows from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import owlrl
import pytest
import rdflib

from kg import ontology
from kg.ontology_page import context, page
from kg.vocab import BASE, KG, ONTOLOGY, names
from tests.readings import lines

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
REMIX = rdflib.URIRef(f"{BASE}paper/openreview:HklkeR4KPB")
CIFAR = rdflib.URIRef(f"{BASE}dataset/cifar-10")
#: Whose terms ours are aligned to.
OTHERS = (
    "http://cso.kmi.open.ac.uk/schema/cso#",
    "http://purl.org/dc/terms/",
    "http://purl.org/spar/fabio/",
    "http://w3id.org/mlso/",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/ns/mls#",
    "http://www.w3.org/ns/oa#",
    "https://linkedpaperswithcode.com/",
    "https://schema.org/",
)


def parsed(*files: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in files:
        graph.parse(data=ontology.read(file), format="turtle")
    return graph


@pytest.fixture(scope="module")
def schema() -> rdflib.Graph:
    return parsed("schema.ttl")


@pytest.fixture(scope="module")
def alignments() -> rdflib.Graph:
    return parsed("alignments.ttl")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return parsed("shapes.ttl")


# The page and the context.


@pytest.mark.parametrize(
    ("file", "made"), [("docs/ontology.md", page), ("ontologies/context.jsonld", context)], ids=["page", "context"]
)
def test_what_is_made_of_the_ontology_is_current(file: str, made: object) -> None:
    assert callable(made)
    assert (ROOT / file).read_text("utf-8") == made(), "run python -m kg.ontology_page"


def test_the_page_tells_of_every_term(schema: rdflib.Graph) -> None:
    text = page()
    for term in schema.subjects(names.RDFS.comment):
        if str(term).startswith(f"{ONTOLOGY}#"):
            assert f"| IRI | `{term}` |" in text
            assert str(schema.value(term, names.RDFS.comment)) in text


def test_the_versions_agree(schema: rdflib.Graph, alignments: rdflib.Graph) -> None:
    for graph, name in ((schema, ONTOLOGY), (alignments, f"{ONTOLOGY}/alignments")):
        header = rdflib.URIRef(name)
        version = graph.value(header, names.OWL.versionInfo)
        assert graph.value(header, names.OWL.versionIRI) == rdflib.URIRef(f"{name}/{version}")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's reader of JSON-LD
def test_a_document_with_the_context_means_what_the_graph_says() -> None:
    document = {
        **json.loads(context()),
        "id": "paper/openreview:HklkeR4KPB",
        "type": "ResearchPaper",
        "title": "ReMixMatch",
        "year": 2020,
        "evaluatesOn": {"id": "dataset/cifar-10", "type": "Dataset", "prefLabel": "CIFAR-10", "altLabel": ["CIFAR10"]},
        "url": ["https://example.org/x"],
    }
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    xsd = names.XSD
    assert set(graph) == {
        (REMIX, names.RDF.type, rdflib.URIRef("http://purl.org/spar/fabio/ResearchPaper")),
        (REMIX, names.DCTERMS.title, rdflib.Literal("ReMixMatch")),
        (REMIX, KG.year, rdflib.Literal("2020", datatype=xsd.integer)),
        (REMIX, KG.evaluatesOn, CIFAR),
        (REMIX, names.SDO.url, rdflib.Literal("https://example.org/x", datatype=xsd.anyURI)),
        (CIFAR, names.RDF.type, KG.Dataset),
        (CIFAR, names.SKOS.prefLabel, rdflib.Literal("CIFAR-10")),
        (CIFAR, names.SKOS.altLabel, rdflib.Literal("CIFAR10")),
    }


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_the_context_has_every_term(schema: rdflib.Graph) -> None:
    terms = {str(term) for term in schema.subjects() if str(term).startswith(f"{ONTOLOGY}#")}
    document = json.loads(context()) | {term.rpartition("#")[2]: "1" for term in terms}
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert {str(term) for term in graph.predicates()} == terms


# The alignments.


def test_alignments_speak_of_our_terms_and_of_known_others(schema: rdflib.Graph, alignments: rdflib.Graph) -> None:
    ours = {str(term) for term in schema.subjects()}
    met = set()
    for subject, prop, value in alignments:
        if prop not in (names.RDFS.subClassOf, names.RDFS.subPropertyOf, names.RDFS.seeAlso):
            continue
        for term in (str(subject), str(value)):
            if term.startswith(ONTOLOGY):
                assert term in ours, term
            else:
                met |= {space for space in OTHERS if term.startswith(space)}
                assert term.startswith(OTHERS), term
    assert met == set(OTHERS)
    assert not [triple for triple in alignments if any(isinstance(term, rdflib.BNode) for term in triple)]


def test_alignments_repeat_nothing_and_import_by_reference(schema: rdflib.Graph, alignments: rdflib.Graph) -> None:
    assert not [triple for triple in alignments if triple in schema]
    imports = {str(each) for each in alignments.objects(None, names.OWL.imports)}
    assert {ONTOLOGY, "http://www.w3.org/2004/02/skos/core", "http://www.w3.org/ns/prov-o#"} <= imports


# Shapes for every class.


def test_every_class_that_a_graph_has_instances_of_has_a_shape_that_speaks(
    schema: rdflib.Graph, shapes: rdflib.Graph
) -> None:
    graph = rdflib.Graph().parse(data="\n".join(lines()), format="nt")
    used = {*graph.objects(None, names.RDF.type), *schema.subjects(names.RDF.type, names.OWL.Class)}
    by_property: dict[rdflib.term.Node, rdflib.URIRef] = {
        KG.Sentence: KG.text,
        names.FOAF.Person: names.DCTERMS.creator,
    }
    for kind in used:
        targets = set(shapes.subjects(names.SH.targetClass, kind))
        if kind in by_property:
            targets |= set(shapes.subjects(names.SH.targetSubjectsOf, by_property[kind]))
        assert targets, kind
        told = [list(shapes.objects(part, names.SH.message)) for one in targets for part in _parts(shapes, one)]
        assert told
        assert all(len(messages) == 1 and str(messages[0]).endswith(".") for messages in told), kind


def _parts(shapes: rdflib.Graph, target: rdflib.term.Node) -> Iterable[rdflib.term.Node]:
    yield from shapes.objects(target, names.SH.property)
    if shapes.value(target, names.SH.message) is not None:
        yield target


# What follows, by an OWL 2 RL reasoner.


def closed(*more: str) -> rdflib.Graph:
    """The smallest of our graphs with the ontology and its alignments, and all that follows from them."""
    graph = parsed("schema.ttl", "alignments.ttl")
    wanted = ("HklkeR4KPB", "dataset/cifar-10>", "method/", "claim/", "result/", "sentence/")
    few = [line for line in lines() if any(part in line.split()[0] for part in wanted)]
    graph.parse(data="\n".join((*few, *more)), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


@pytest.fixture(scope="module")
def closure() -> rdflib.Graph:
    return closed()


def faults(graph: rdflib.Graph) -> list[str]:
    found = set(graph.subjects(names.RDF.type, ERROR)) if (None, names.RDF.type, ERROR) in graph else set()
    return [str(graph.value(each, None)) for each in found]


def test_the_ontology_and_a_graph_are_consistent(closure: rdflib.Graph) -> None:
    assert faults(closure) == []
    nothing = list(closure.subjects(names.RDF.type, names.OWL.Nothing))
    assert nothing == []


def test_what_follows(closure: rdflib.Graph) -> None:
    assert (REMIX, KG.mentions, CIFAR) in closure
    assert (REMIX, names.SDO.mentions, CIFAR) in closure
    assert (REMIX, names.RDF.type, names.SDO.ScholarlyArticle) in closure
    assert (CIFAR, names.RDF.type, names.SKOS.Concept) in closure
    assert (CIFAR, names.RDF.type, names.SDO.Dataset) in closure
    assert (CIFAR, names.SKOS.inScheme, rdflib.URIRef(f"{BASE}scheme/dataset")) in closure
    sentence = next(closure.subjects(KG.text))
    assert (sentence, names.RDF.type, KG.Sentence) in closure
    assert (sentence, names.RDF.type, names.SDO.Quotation) in closure


def test_an_entity_of_two_kinds_is_a_contradiction() -> None:
    assert faults(closed(f"<{CIFAR}> <{names.RDF.type}> <{KG.Method}> ."))
