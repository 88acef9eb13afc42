"""What holds of every graph: any text comes back, no order matters, and the size is known."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import tests.specimens as made
from kg.graph import triples
from kg.model import Claim, Evidence, Paper, Reading, Source
from tests.facts import facts, write
from tests.readings import lines, readings, sources
from tests.specimens import VOCABULARY

TEXT = st.text(st.characters(codec="utf-8"))


def test_the_order_of_readings_sources_and_claims_does_not_matter() -> None:
    turned = [replace(each, claims=each.claims[::-1], results=each.results[::-1]) for each in readings()[::-1]]
    graph = triples(
        turned, sources=sources()[::-1], options="test", min_confidence=0.5, vocabulary=reversed(VOCABULARY)
    )
    assert sorted(set(graph)) == lines()


def test_the_lines_and_their_order_do_not_hang_on_hashing() -> None:
    program = (
        "import hashlib, readings as r; from kg.graph import triples; "
        "made = triples(r.readings(), sources=r.sources(), options='', min_confidence=0.5, vocabulary=r.VOCABULARY); "
        "print(hashlib.sha256('\\n'.join(made).encode()).hexdigest())"
    )
    place = Path(__file__).parent
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{place}{os.pathsep}{place.parent}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@given(title=TEXT, abstract=TEXT, name=TEXT, date=TEXT | st.dates().map(str))
def test_any_text_makes_a_graph_and_comes_back(title: str, abstract: str, name: str, date: str) -> None:
    paper = Paper(
        id=f"key:{name}",
        title=title,
        abstract=abstract,
        source=Source(made.RECORDS.sha256, name),
        ids=(("key", name),),
        authors=(name, name),
        published=date,
        venue=name,
        urls=(("url", name),),
    )
    text = made.text(paper, "title")
    whole = Evidence(text, 0, len(title))
    claim = Claim(paper.id, "proposes", made.REMIX, 0.9, name, sentence=whole, mention=whole, role=name)
    graph = write(Reading(paper, claims=(claim,)))
    assert all(len(line.splitlines()) == 1 for line in graph)
    found = facts(graph)
    values = {prop: value for _, prop, value in found if prop in ("dcterms:title", "kg:text", "dcterms:abstract")}
    assert values["dcterms:title"] == values["kg:text"] == f'"{title}"'
    assert values.get("dcterms:abstract", '""') == f'"{abstract}"'


def test_half_a_surrogate_pair_moves_no_offset() -> None:
    paper = Paper("key:x", "On \ud83d ReMixMatch", "", Source(made.RECORDS.sha256, "jsonl"))
    text = replace(made.text(made.TITLE_ONLY, "title"), paper=paper.id, text=paper.title)
    claim = made.claim(text, "proposes", made.REMIX, "ReMixMatch")
    (quote,) = {value for _, prop, value in facts(write(Reading(paper, claims=(claim,)))) if prop == "kg:text"}
    assert quote == '"On \ufffd ReMixMatch"'


def test_the_size_of_a_usual_paper() -> None:
    """Nine claims out of seven sentences, three authors, three names more: what the budget of 110 is measured on."""
    sentences = [f"Sentence {number} says something of thing{number}." for number in range(7)]
    paper = replace(
        made.REMIXMATCH, abstract=" ".join(sentences), authors=("A. One", "B. Two", "C. Three"), anonymous=False
    )
    text = made.text(paper, "abstract")
    claims = [
        made.claim(
            text, "uses", replace(made.REMIX, iri=f"https://w3id.org/ml-kg/method/{number}"), f"thing{number % 7}"
        )
        for number in range(9)
    ]
    claims += [
        made.claim(
            text, "mentions", replace(made.REMIX, iri=f"https://w3id.org/ml-kg/method/m{number}"), f"thing{number}"
        )
        for number in range(3)
    ]
    subjects = [line.split("/ml-kg/")[1].split("/")[0] for line in set(write(Reading(paper, claims=tuple(claims))))]
    size = {kind: subjects.count(kind) for kind in ("paper", "person", "sentence", "claim", "method")}
    assert size == {"paper": 30, "person": 3, "sentence": 24, "claim": 63, "method": 24}
