"""A small graph for the explorer, written by us: papers, what they say, and text that means harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "https://w3id.org/ml-kg/"
KG = f"{BASE}ontology#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
HOSTILE = (
    "</script><script>document.title='harmed'</script><img src=x onerror=\"document.title='harmed'\"> \u202eevil\u0007"
)

ENTITIES = {
    "dataset/hotpotqa": ("Dataset", "HotpotQA", ("Hotpot QA",)),
    "dataset/squad": ("Dataset", "SQuAD", ()),
    "dataset/evil": ("Dataset", HOSTILE, (HOSTILE + "2",)),
    "method/bert": ("Method", "BERT", ("bidirectional encoder",)),
    "method/graph-reader": ("Method", "graph reader", ()),
    "method/retriever": ("Method", "dense retriever", ()),
    "task/question-answering": ("Task", "question answering", ("QA",)),
    "task/retrieval": ("Task", "passage retrieval", ()),
    "metric/f1": ("Metric", "F1", ()),
}
#: Title, year, and of each claim: predicate, entity, the words that name it.
PAPERS = [
    (f"Reading graphs, part {number}", 2015 + number % 6, claims)
    for number, claims in enumerate(
        [
            [("evaluatesOn", "dataset/hotpotqa", "HotpotQA"), ("uses", "method/bert", "BERT"),
             ("addresses", "task/question-answering", "question answering")],
            [("evaluatesOn", "dataset/squad", "SQuAD"), ("uses", "method/retriever", "dense retriever"),
             ("addresses", "task/retrieval", "passage retrieval")],
        ]
        * 7
    )
]  # fmt: skip


def node(path: str) -> str:
    return f"<{BASE}{path}>"


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\u0007", "\\u0007")


def lines() -> Iterator[str]:
    for path, (kind, label, aliases) in ENTITIES.items():
        yield f"{node(path)} <{TYPE}> <{KG}{kind}> ."
        yield f"{node(path)} <{SKOS}prefLabel> {text(label)} ."
        yield from (f"{node(path)} <{SKOS}altLabel> {text(alias)} ." for alias in aliases)
    yield f"{node('dataset/hotpotqa')} <{SKOS}exactMatch> <https://example.org/hotpotqa> ."
    yield f"{node('dataset/hotpotqa')} <{SKOS}closeMatch> <javascript:alert(1)> ."
    for number, (title, year, claims) in enumerate(PAPERS):
        yield from paper(number, title, year, claims)
    yield from paper(90, HOSTILE, 2020, [("evaluatesOn", "dataset/evil", HOSTILE), ("uses", "method/bert", "BERT")])
    yield from paper(
        91, "<b>" * 350_000, 2020, [("evaluatesOn", "dataset/evil", "<i>"), ("uses", "method/bert", "BERT")]
    )
    quote = "We do not use a graph reader."
    yield from claim(0, 99, "uses", "method/graph-reader", quote, "graph reader", 0, negated=True)
    yield from result()


def paper(number: int, title: str, year: int, claims: list[tuple[str, str, str]]) -> Iterator[str]:
    here, abstract = node(f"paper/p{number}"), ""
    sentences = []
    for predicate, entity, words in claims:
        quote = f"Here «{words}» stands 🎉 in a sentence."
        sentences.append((predicate, entity, quote, words, len(abstract)))
        abstract += quote + " "
    yield f"{here} <{TYPE}> <http://purl.org/spar/fabio/ResearchPaper> ."
    yield f"{here} <{DCT}title> {text(title)} ."
    yield f"{here} <{DCT}abstract> {text(abstract.strip())} ."
    yield f'{here} <{KG}year> "{year}"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    yield f'{here} <https://schema.org/url> "https://example.org/p{number}" .'
    yield f'{here} <{KG}pdf> "javascript:alert(1)" .'
    for at, (predicate, entity, quote, words, start) in enumerate(sentences):
        yield f"{here} <{KG}{predicate}> {node(entity)} ."
        yield from claim(number, at, predicate, entity, quote, words, start)


def claim(  # noqa: PLR0917 - what a claim is made of
    number: int, at: int, predicate: str, entity: str, quote: str, words: str, start: int, *, negated: bool = False
) -> Iterator[str]:
    here, sentence = node(f"claim/c{number}-{at}"), node(f"sentence/s{number}-{at}")
    first = start + quote.index(words)
    yield f"{here} <{TYPE}> <{KG}Claim> ."
    yield f"{here} <{RDF}subject> {node(f'paper/p{number}')} ."
    yield f"{here} <{RDF}predicate> <{KG}{predicate}> ."
    yield f"{here} <{RDF}object> {node(entity)} ."
    yield f'{here} <{KG}confidence> "0.9"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    yield f'{here} <{KG}span> "char={first},{first + len(words)}" .'
    yield f"{here} <http://www.w3.org/ns/prov#wasDerivedFrom> {sentence} ."
    if negated:
        yield f'{here} <{KG}polarity> "negated" .'
    yield f"{sentence} <{KG}paper> {node(f'paper/p{number}')} ."
    yield f'{sentence} <{KG}span> "char={start},{start + len(quote)}" .'
    yield f"{sentence} <{KG}text> {text(quote)} ."


def result() -> Iterator[str]:
    here = node("result/r1")
    yield f"{here} <{TYPE}> <{KG}Result> ."
    for name, path in (
        ("paper", "paper/p0"),
        ("dataset", "dataset/hotpotqa"),
        ("metric", "metric/f1"),
        ("method", "method/bert"),
    ):
        yield f"{here} <{KG}{name}> {node(path)} ."
    yield f'{here} <{KG}value> "71.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    yield f"{here} <http://www.w3.org/ns/prov#wasDerivedFrom> {node('sentence/s0-0')} ."
