"""The closed namespace and the ontology say the same, both ways."""

from __future__ import annotations

import subprocess
import sys

import pytest
import rdflib

from kg import model, ontology
from kg.vocab import BASE, KG, ONTOLOGY, PREFIXES, names

CODE = {str(KG[name]) for name in KG.__annotations__ if not name.startswith("_")}
HEADER = rdflib.URIRef(ONTOLOGY)


@pytest.fixture(scope="module")
def schema() -> rdflib.Graph:
    return rdflib.Graph().parse(data=ontology.read("schema.ttl"), format="turtle")


def declared(schema: rdflib.Graph) -> set[str]:
    return {str(term) for term in schema.subjects() if str(term).startswith(f"{ONTOLOGY}#")}


def test_every_term_in_code_is_declared(schema: rdflib.Graph) -> None:
    assert sorted(CODE - declared(schema)) == []


def test_every_declared_term_is_in_code(schema: rdflib.Graph) -> None:
    assert sorted(declared(schema) - CODE) == []


def test_no_term_of_ours_is_used_without_being_declared(schema: rdflib.Graph) -> None:
    terms = {term for triple in schema for term in triple if isinstance(term, rdflib.URIRef)}
    used = {str(term) for term in terms if term.startswith(f"{ONTOLOGY}#")}
    assert sorted(used - declared(schema)) == []


@pytest.mark.parametrize("term", ["evaluateOn", "Paper", "methods", "", "__wrapped__"])
def test_a_typing_error_is_an_error(term: str) -> None:
    with pytest.raises(AttributeError):
        getattr(KG, term)


@pytest.mark.parametrize("term", sorted(CODE))
def test_every_term_is_explained(schema: rdflib.Graph, term: str) -> None:
    subject = rdflib.URIRef(term)
    for prop in (names.RDFS.label, names.RDFS.comment, names.SKOS.example):
        assert len(list(schema.objects(subject, prop))) == 1, prop
    kinds = {names.OWL.Class, names.OWL.ObjectProperty, names.OWL.DatatypeProperty}
    kind = schema.value(subject, names.RDF.type)
    assert kind in kinds
    assert (kind == names.OWL.Class) == term.split("#")[1][0].isupper()
    if kind != names.OWL.Class:
        is_literal = str(schema.value(subject, names.RDFS.range)).startswith(str(names.XSD))
        assert is_literal == (kind == names.OWL.DatatypeProperty)


def test_the_kinds_and_predicates_are_those_of_the_records(schema: rdflib.Graph) -> None:
    concepts = {str(kind) for kind in schema.subjects(names.RDFS.subClassOf, names.SKOS.Concept)}
    assert concepts == {str(KG[kind]) for kind in model.KINDS}
    predicates = {str(term) for term in schema.subjects(names.RDFS.subPropertyOf, KG.mentions)} | {str(KG.mentions)}
    assert predicates == {str(KG[predicate]) for predicate in model.PREDICATES}
    schemes = {str(scheme) for scheme in schema.subjects(names.RDF.type, names.SKOS.ConceptScheme)}
    assert schemes == {f"{BASE}scheme/{kind.lower()}" for kind in model.KINDS}


def test_the_ontology_has_a_header(schema: rdflib.Graph) -> None:
    for prop in (names.OWL.versionIRI, names.DCTERMS.title, names.DCTERMS.license):
        assert schema.value(HEADER, prop) is not None, prop


def test_the_ontology_has_no_blank_nodes(schema: rdflib.Graph) -> None:
    assert not [triple for triple in schema if any(isinstance(term, rdflib.BNode) for term in triple)]


@pytest.mark.parametrize("name", ["schema.ttl", "shapes.ttl"])
def test_every_prefix_is_used_and_means_what_it_means_elsewhere(name: str) -> None:
    text = ontology.read(name)
    for line in text.splitlines():
        if line.startswith("@prefix"):
            _, prefix, address, _ = line.split()
            assert text.count(f" {prefix}") > 1 or f"\n{prefix}" in text or f"({prefix}" in text, prefix
            assert PREFIXES.get(prefix[:-1], address.strip("<>")) == address.strip("<>")


def test_importing_the_vocabulary_warns_of_nothing() -> None:
    command = [sys.executable, "-W", "error", "-m", "doctest", ontology.__file__.replace("ontology.py", "vocab.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
