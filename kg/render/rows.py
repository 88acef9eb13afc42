"""What a picture asks the store, answered as plain values that are fit to be shown."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.model import PREDICATES
from kg.terms import offsets
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.store import Graph

    Row = Mapping[str, object]

__all__ = [
    "Named",
    "Paper",
    "Statement",
    "batches",
    "line",
    "marked",
    "named",
    "names",
    "papers",
    "statements",
    "web_address",
    "years",
]

LONGEST_QUOTE: Final = 2000
LONGEST_LINE: Final = 300
FURTHER: Final = 3
_MOST: Final = 200
_JOINTS: Final = re.compile(r"[\s\-‐‑–—_/]+")

NAMED: Final = """
SELECT DISTINCT ?paper ?predicate ?entity ?kind WHERE {{
  VALUES ?kind {{ {kinds} }}
  VALUES ?predicate {{ PREDICATES }}
  ?entity a ?kind .
  ?paper ?predicate ?entity .
}}""".replace("PREDICATES", " ".join(f"kg:{predicate}" for predicate in PREDICATES))

NAMES: Final = "SELECT ?entity ?name WHERE {{ VALUES ?entity {{ {entities} }} ?entity skos:{label} ?name }}"

PAPERS: Final = """
SELECT ?paper ?title ?year ?url ?pdf ?pwc WHERE {{
  VALUES ?paper {{ {papers} }}
  ?paper dcterms:title ?title .
  OPTIONAL {{ ?paper kg:year ?year }}
  OPTIONAL {{ ?paper schema:url ?url }}
  OPTIONAL {{ ?paper kg:pdf ?pdf }}
  OPTIONAL {{ ?paper kg:paperswithcode ?pwc }}
}}"""

CLAIMS: Final = """
SELECT ?claim ?paper ?predicate ?entity ?confidence ?polarity ?declared ?span ?how ?quote ?field ?place WHERE {{
  VALUES ?paper {{ {papers} }}
  ?claim rdf:subject ?paper ; rdf:predicate ?predicate ; rdf:object ?entity ; kg:confidence ?confidence .
  OPTIONAL {{ ?claim kg:polarity ?polarity }}
  OPTIONAL {{ ?claim kg:declared ?declared }}
  OPTIONAL {{ ?claim kg:span ?span }}
  OPTIONAL {{
    VALUES ?how {{ prov:wasDerivedFrom kg:alsoIn }}
    ?claim ?how ?sentence .
    ?sentence kg:text ?quote ; kg:span ?place .
    OPTIONAL {{ ?sentence kg:field ?field }}
  }}
}}"""

MENTIONS: Final = """
SELECT ?paper ?entity ?quote ?field ?place ?name WHERE {{
  VALUES ?paper {{ {papers} }}
  ?sentence kg:paper ?paper ; kg:names ?entity ; kg:text ?quote ; kg:span ?place .
  OPTIONAL {{ ?sentence kg:field ?field }}
  ?entity skos:prefLabel|skos:altLabel ?name .
}}"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to link to; `url` is a web address or nothing."""

    iri: str
    title: str
    year: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a paper says of an entity, and the sentence in which it says so.

    `marks` are the (start, end) of the entity's name within `quote`, in code points. There is no quote
    where only the source declares it.
    """

    predicate: str
    paper: Paper
    quote: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    confidence: float | None = None
    declared: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Who names what: paper → entity → predicates, and the kind of each entity."""

    papers: Mapping[str, Mapping[str, frozenset[str]]]
    kinds: Mapping[str, str]


def named(graph: Graph, kinds: Collection[str]) -> Named:
    """Find what each paper names, of these kinds."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    of_kind: dict[str, str] = {}
    wanted = " ".join(f"kg:{kind}" for kind in sorted(kinds))
    for row in graph.select(NAMED.format(kinds=wanted)) if kinds else []:
        paper, entity = str(row["paper"]), str(row["entity"])
        found[paper][entity].add(_local(row["predicate"]))
        of_kind[entity] = max(_local(row["kind"]), of_kind.get(entity, ""))
    said = {
        paper: {entity: frozenset(found[paper][entity]) for entity in sorted(found[paper])} for paper in sorted(found)
    }
    return Named(said, of_kind)


def names(graph: Graph, entities: Collection[str], label: str) -> dict[str, list[str]]:
    """Find the names of entities, `label` being prefLabel or altLabel."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in batches(entities):
        for row in graph.select(NAMES.format(entities=part, label=label)):
            found[str(row["entity"])].append(line(str(row["name"])))
    return {entity: sorted(set(words)) for entity, words in found.items()}


def papers(graph: Graph, wanted: Collection[str]) -> dict[str, Paper]:
    """Find title, year and address of papers."""
    found: dict[str, Paper] = {}
    rows = [row for part in batches(wanted) for row in graph.select(PAPERS.format(papers=part))]
    for row in sorted(rows, key=lambda row: [str(value) for value in row.values()]):
        iri = str(row["paper"])
        year = None if row["year"] is None else int(str(row["year"]))
        url = next(filter(None, (web_address(row[role]) for role in ("url", "pdf", "pwc"))), None)
        found.setdefault(iri, Paper(iri, line(str(row["title"])), year, url))
    return {iri: found.get(iri, Paper(iri, iri, None, None)) for iri in wanted}


def years(graph: Graph) -> dict[str, int]:
    """Find the year of every paper that has one."""
    return {
        str(row["paper"]): int(str(row["year"])) for row in graph.select("SELECT ?paper ?year { ?paper kg:year ?year }")
    }


def statements(graph: Graph, about: Mapping[str, Paper]) -> dict[tuple[str, str], dict[Statement, None]]:
    """Find what these papers say: (paper, entity) → statements, in the order of the text."""
    found: dict[tuple[str, str], dict[Statement, None]] = defaultdict(dict)
    claims: dict[str, list[Row]] = defaultdict(list)
    for part in batches(about):
        for row in graph.select(CLAIMS.format(papers=part)):
            claims[str(row["claim"])].append(row)
    for claim in sorted(claims):
        rows = sorted(claims[claim], key=_place)
        surface = next((_words(row) for row in rows if _leads(row)), "")
        for sentence in rows[: 1 + FURTHER]:
            paper, entity = str(sentence["paper"]), str(sentence["entity"])
            found[paper, entity][_statement(sentence, about[paper], surface)] = None
    for (paper, entity), told in _mentions(graph, about).items():
        found[paper, entity] |= told
    return found


def _mentions(graph: Graph, about: Mapping[str, Paper]) -> dict[tuple[str, str], dict[Statement, None]]:
    """Find the sentences that only name an entity; its longest name that stands there is marked."""
    called: dict[tuple[str, str, bool, int, str], set[str]] = defaultdict(set)
    for row in (row for part in batches(about) for row in graph.select(MENTIONS.format(papers=part))):
        start, _ = offsets(row["place"]) or (0, 0)
        key = (str(row["paper"]), str(row["entity"]), row["field"] != "title", start, str(row["quote"]))
        called[key].add(str(row["name"]))
    found: dict[tuple[str, str], dict[Statement, None]] = defaultdict(dict)
    for key in sorted(called):
        paper, entity, *_, quote = key
        words, marks = _clip(quote, *_where(quote, called[key]))
        if len(found[paper, entity]) <= FURTHER:
            found[paper, entity][Statement("mentions", about[paper], words, marks)] = None
    return found


def _where(quote: str, names: Iterable[str]) -> tuple[int, int]:
    """Find the longest of some names in a sentence, whatever its case, hyphens or plural.

    >>> _where("Two Q-Networks.", ["network", "q network"])
    (4, 14)
    """
    for name in sorted(names, key=lambda name: (-len(name), name)):
        words = (re.escape(word) for word in _JOINTS.split(name) if word)
        match = re.search(rf"(?<!\w){_JOINTS.pattern.join(words)}(?:e?s)?(?!\w)", quote, re.IGNORECASE)
        if match and match[0]:
            return match.span()
    return 0, 0


def marked(quote: str, names: Iterable[str]) -> tuple[str, tuple[int, int]]:
    """Give a sentence without control characters, and where the longest of some names stands in it; (0, 0) if none."""
    words, marks = _clip(quote, *_where(quote, names))
    return words, marks[0] if marks else (0, 0)


def line(words: str) -> str:
    r"""Put words on one line of sane length: white space and control characters become single spaces.

    >>> line("Adam \n  is\x00 fast")
    'Adam is fast'
    """
    short = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", words[: 4 * LONGEST_LINE]).split())
    return short if len(short) <= LONGEST_LINE else short[: LONGEST_LINE - 1].rstrip() + "…"


def _place(row: Row) -> tuple[bool, bool, int]:
    """Order the sentences of a claim: the leading one, then the title, then by where they stand."""
    return not _leads(row), row["field"] != "title", (offsets(row["place"]) or (0, 0))[0]


def _leads(row: Row) -> bool:
    return row["how"] is None or str(row["how"]).endswith("wasDerivedFrom")


def _words(row: Row) -> str:
    """Cut the name out of its leading sentence."""
    start, end = _span(row)
    return str(row["quote"] or "")[start:end]


def _span(row: Row) -> tuple[int, int]:
    span, place = offsets(row["span"]), offsets(row["place"])
    if span is None or place is None:
        return 0, 0
    start, end = (max(0, edge - place[0]) for edge in span)
    length = len(str(row["quote"] or ""))
    return min(start, length), min(end, length)


def _statement(row: Row, paper: Paper, surface: str) -> Statement:
    quote, (start, end) = row["quote"], _span(row)
    if quote is not None and not _leads(row):
        start, end = _where(str(quote), [surface])
    words, marks = (None, ()) if quote is None else _clip(str(quote), start, end)
    return Statement(
        predicate=_local(row["predicate"]),
        paper=paper,
        quote=words,
        marks=marks,
        confidence=round(float(str(row["confidence"])), 3),
        declared=row["declared"] is True,
        negated=row["polarity"] == "negated",
    )


def _clip(quote: str, start: int, end: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Keep a stretch of sane length around the name; control characters become spaces, one for one."""
    first = 0 if end <= LONGEST_QUOTE else max(0, start - LONGEST_QUOTE // 4)
    last = min(len(quote), first + LONGEST_QUOTE)
    before, after = "…" * (first > 0), "…" * (last < len(quote))
    words = before + re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", quote[first:last]) + after
    shift = len(before) - first
    stop = min(end, last) + shift
    return words, ((start + shift, stop),) if start + shift < stop else ()


def web_address(value: object) -> str | None:
    """Let a web address through, and nothing else that a link could run."""
    words = str(value or "")
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    return words if parts.scheme in {"http", "https"} and parts.netloc and not re.search(r"[\s<>\"]", words) else None


def batches(iris: Iterable[str]) -> Iterator[str]:
    """Give IRIs as SPARQL writes them, so many at a time as every server takes in one question."""
    waiting = iter(sorted(iris))
    while part := list(islice(waiting, _MOST)):
        yield " ".join(f"<{iri}>" for iri in part)


def _local(iri: object) -> str:
    return str(iri).removeprefix(PREFIXES["kg"])
