"""What a paper, its entities and its sources become: every fact once, in the terms of the ontology."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tests.specimens as made
from kg import ontology
from kg.errors import GraphError
from kg.graph import SourceCount, triples
from kg.model import Entity, Reading
from tests.facts import HOSTILE, REMIX, facts, of, write
from tests.readings import lines, readings
from tests.specimens import VOCABULARY


def test_a_paper_of_a_page() -> None:
    plain = {
        ("kg:proposes", "method:remixmatch"),
        ("kg:proposes", "method:distribution-alignment"),
        ("kg:proposes", "method:augmentation-anchoring"),
        ("kg:uses", "method:mixmatch"),
        ("kg:uses", "method:autoaugment"),
        ("kg:addresses", "task:semi-supervised-learning"),
        ("kg:evaluatesOn", "dataset:cifar-10"),
        ("kg:measures", "metric:accuracy"),
        ("kg:comparesWith", "method:mixmatch"),
        ("kg:outperforms", "method:mixmatch"),
    }
    (page,) = {value for prop, value in of(lines(), REMIX) if prop == "dcterms:isPartOf"}
    assert of(lines(), REMIX) == plain | {
        ("rdf:type", "fabio:ResearchPaper"),
        ("dcterms:title", f'"{made.REMIXMATCH.title}"'),
        ("dcterms:abstract", f'"{made.REMIXMATCH.abstract}"'),
        ("dcterms:identifier", '"openreview:HklkeR4KPB"'),
        ("dcterms:identifier", '"pwc:remixmatch-semi-supervised-learning-with"'),
        ("dcterms:issued", '"2020-01-01"^^date'),
        ("kg:year", "2020"),
        ("kg:authorNames", '"Anonymous"'),
        ("kg:authorsAnonymous", "true"),
        ("kg:venue", '"ICLR"'),
        ("schema:url", '"https://openreview.net/forum?id=HklkeR4KPB"^^anyURI'),
        ("kg:pdf", '"https://openreview.net/pdf?id=HklkeR4KPB"^^anyURI'),
        ("kg:paperswithcode", '"https://paperswithcode.com/paper/remixmatch-semi-supervised-learning-with"^^anyURI'),
        ("dcterms:source", "source/5e5e5e5e5e5e5e5e"),
        ("dcterms:isPartOf", page),
        ("kg:position", "7"),
    }
    assert of(lines(), page) == {
        ("rdf:type", "kg:Listing"),
        ("rdfs:label", '"Paper Group NANR 96"'),
        ("kg:groupIndex", "96"),
        ("kg:dateText", '"April 1, 2020"'),
        ("dcterms:issued", '"2020-04-01"^^date'),
        ("kg:readingText", '"2855 words 14 mins read"'),
        ("kg:wordCount", "2855"),
        ("kg:readMinutes", "14"),
        ("kg:teaser", f'"{made.PAGE.listing.teaser if made.PAGE.listing else ""}"'),
        ("kg:teaserTruncated", "true"),
        ("kg:footer", '"comments powered by Disqus"'),
        ("kg:paperCount", "1"),
        ("kg:characters", "22476"),
        ("kg:offsetUnit", '"unicode code points, 0-based, end-exclusive"'),
        ("dcterms:source", "source/5e5e5e5e5e5e5e5e"),
    }


def test_a_paper_whose_every_string_is_hostile() -> None:
    said = of(lines(), HOSTILE)
    assert {
        ("dcterms:title", f'"{made.HOSTILE.title}"'),
        ("dcterms:abstract", f'"{made.HOSTILE.abstract}"'),
        ("dcterms:issued", '"2021-06"^^gYearMonth'),
        ("kg:year", "2021"),
        ("kg:authorNames", "\"Ada O'Brien; 李 明; Ada O'Brien Jr.\""),
        ("dcterms:creator", "person/ada-o-brien"),
        ("dcterms:creator", "person/%E6%9D%8E-%E6%98%8E"),
        ("schema:url", '"https://example.org/a b<c>\n"^^anyURI'),
        ("kg:repository", '"https://github.com/example/tiny"^^anyURI'),
        ("kg:declaredTask", '"Network Quantization"'),
        ("kg:keyword", '"say "hi""'),
    } <= said
    assert of(lines(), "person/ada-o-brien") == {("foaf:name", '"Ada O\'Brien"')}


def test_a_paper_without_an_abstract_has_none() -> None:
    said = {prop for prop, _ in of(lines(), "paper:hash:0123456789abcdef")}
    assert "dcterms:title" in said
    assert said.isdisjoint({"dcterms:abstract", "kg:venue", "kg:position", "dcterms:isPartOf", "kg:authorsAnonymous"})


def test_entities_are_described_with_what_is_broader() -> None:
    assert of(lines(), "task:quantization") == {
        ("rdf:type", "kg:Task"),
        ("skos:prefLabel", '"quantization"'),
        ("skos:altLabel", '"Network Quantization"'),
        ("skos:broader", "task:model-compression"),
    }
    assert ("skos:prefLabel", '"model compression"') in of(lines(), "task:model-compression")
    assert of(lines(), "dataset:cifar-10") == {
        ("rdf:type", "kg:Dataset"),
        ("skos:prefLabel", '"CIFAR-10"'),
        ("skos:altLabel", '"CIFAR10"'),
        ("skos:exactMatch", "https://linkedpaperswithcode.com/dataset/c10"),
    }


def test_an_entity_that_nobody_names_is_left_out() -> None:
    unused = Entity("https://w3id.org/ml-kg/task/unused", "Task", "unused")
    assert of(write(*readings(), vocabulary=(*VOCABULARY, unused)), "task:unused") == set()


def test_the_curated_name_is_preferred_and_none_is_lost() -> None:
    odd = replace(made.CIFAR10, label="Cifar 10", aliases=("CIFAR ten",))
    title = made.text(made.TITLE_ONLY, "title")
    reading = Reading(made.TITLE_ONLY, claims=(made.claim(title, "evaluatesOn", odd, "CIFAR-10"),))
    said = of(write(reading), "dataset:cifar-10")
    assert {value for prop, value in said if prop == "skos:prefLabel"} == {'"CIFAR-10"'}
    assert {value for prop, value in said if prop == "skos:altLabel"} == {'"CIFAR10"', '"Cifar 10"', '"CIFAR ten"'}


def test_two_records_of_one_entity_make_one_entity_in_either_order() -> None:
    title = made.text(made.TITLE_ONLY, "title")
    some = [
        Reading(made.TITLE_ONLY, claims=(made.claim(title, "uses", replace(made.REMIX, label=label), "AutoAugment"),))
        for label in ("remixmatch", "ReMixMatch", "RemixMatch")
    ]
    said = of(write(*some), "method:remixmatch")
    assert [value for prop, value in said if prop == "skos:prefLabel"] == ['"ReMixMatch"']
    assert set(write(*some)) == set(write(*reversed(some)))


def test_the_curated_vocabulary_is_asked_unless_another_is_given() -> None:
    graph = list(triples([], sources=[], options="", min_confidence=0.5))
    (digest,) = {value for _, prop, value in facts(graph) if prop == "kg:vocabularyDigest"}
    assert digest == f'"{ontology.digest()}"'


def test_the_build_and_its_sources() -> None:
    graph = lines()
    (build,) = {subject for subject, _, value in facts(graph) if value == "prov:Activity"}
    assert of(graph, build) == {
        ("rdf:type", "prov:Activity"),
        ("kg:version", '"0.1.0"'),
        ("kg:options", '"test"'),
        ("kg:usualExtractor", "extractor/vocabulary"),
        ("prov:used", "source/5e5e5e5e5e5e5e5e"),
        ("prov:used", "source/a7a7a7a7a7a7a7a7"),
    }
    assert of(graph, "source/a7a7a7a7a7a7a7a7") == {
        ("rdf:type", "kg:Source"),
        ("kg:sha256", f'"{"a7" * 32}"'),
        ("kg:format", '"jsonl"'),
        ("kg:papersRead", "4"),
        ("kg:papersAccepted", "2"),
        ("kg:papersMerged", "1"),
        ("kg:papersRejected", "1"),
    }
    assert of(graph, "extractor/title") == {("rdf:type", "prov:SoftwareAgent"), ("rdfs:label", '"title"')}


def test_a_bad_iri_is_refused() -> None:
    title = made.text(made.REMIXMATCH, "title")
    bad = replace(made.REMIX, iri="https://w3id.org/ml-kg/method/re mix")
    with pytest.raises(GraphError, match=r"not an IRI: 'https://w3id.org/ml-kg/method/re mix'"):
        write(Reading(made.REMIXMATCH, claims=(made.claim(title, "proposes", bad, "ReMixMatch"),)))


def test_no_listing_no_sources_no_readings() -> None:
    assert len(write()) > 0
    count = SourceCount("00" * 32, "csv", read=0, accepted=0, merged=0, rejected=0)
    graph = list(triples([], sources=[count], options="", min_confidence=0.5, vocabulary=()))
    assert ("kg:papersRead", "0") in of(graph, "source/0000000000000000")
