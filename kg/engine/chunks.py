"""The work on a chunk of papers: pure functions of plain records, for this process, another, or another machine.

A paper is read in two steps. The first needs its text alone; the second needs also what its entities are over the
corpus. Both give bytes to keep, and facts that are small.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.claims import corpus, measured
from kg.claims.corrected import accept_or_reject, named_anew
from kg.claims.decided import Names, names
from kg.claims.stated import stated
from kg.extract import mentions as find
from kg.extract.texts import text_of
from kg.graph import counters, extractors, of_paper, of_people, records, used
from kg.model import FIELDS, KINDS, PREDICATES, Entity, Mention
from kg.vocab import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.model import Kind, Paper, Predicate, Reading

__all__ = [
    "Decision",
    "Drawn",
    "Facts",
    "Read",
    "Undrawn",
    "Unread",
    "draw",
    "entity_of",
    "facts_of",
    "marked",
    "names_of",
    "read",
    "row_of",
]

_LEVEL: Final = 1
_BITS: Final = {f"<{KG[predicate]}>": 1 << bit for bit, predicate in enumerate(PREDICATES)}
_PLAIN: Final = 4  # columns of an entity that is linked to nothing


class Unread(NamedTuple):
    """A paper, with its mentions if they are known."""

    paper: Paper
    marks: bytes | None


class Read(NamedTuple):
    """The mentions of a paper, what it names (`names_of` reads that), and which name each mention is."""

    marks: bytes
    names: list[Any]
    links: bytes


Decision = tuple[str, "Predicate", Entity]
"""A correction of a claim: its action, and the predicate and entity that it is about."""


class Undrawn(NamedTuple):
    """A paper with what its names stand for over the corpus, in the order of its `Names.seen`.

    `stated` gives for an annotated paper each entity by IRI and name. `decisions` are corrections of its claims.
    """

    paper: Paper
    marks: bytes
    links: bytes
    entities: tuple[Entity | None, ...]
    declared: tuple[Entity | None, ...]
    stated: Mapping[tuple[str, str], Entity | None] | None
    decisions: tuple[Decision, ...]


class Facts(NamedTuple):
    """What must be known of what a paper says to tell the corpus: `lines` are the triples that are its own.

    `claimed` and `measured` are the IRIs of the entities of its claims and of its results, `records` what is known of
    entities that no mention has, `people` triples that other papers may say too, `idle` the numbers of decisions that
    found nothing. `said` is about the entities of `named`: a sign for each, whose number has a bit for each of
    PREDICATES that a plain triple says.
    """

    lines: int
    mentions: int
    claims: int
    results: int
    claimed: list[str]
    measured: list[str]
    records: list[Entity]
    extractors: dict[str, int]
    counters: list[str]
    people: list[str]
    idle: list[int]
    named: list[str]
    said: str


class Drawn(NamedTuple):
    """What a paper says: facts (`facts_of` reads them), and its triples as compressed N-Triples."""

    facts: list[Any]
    body: bytes


def marked(paper: Paper, model: str) -> list[Mention]:
    """The mentions that the extractors find and, in their order, the metrics that only a number speaks for."""
    if paper.annotation is not None:
        return []
    found = find(paper, model)
    more = measured([text_of(paper, field) for field in FIELDS], found)
    return sorted([*found, *more], key=lambda mention: (FIELDS.index(mention.text.field), mention.start))


def read(papers: Sequence[Unread], model: str) -> list[Read]:
    """The first step: what each paper names, on its own."""
    return [_read(*each, model) for each in papers]


def _read(paper: Paper, marks: bytes | None, model: str) -> Read:
    found = marked(paper, model) if marks is None else _mentions(paper, marks)
    named, links = names(paper, found)
    rows = [[FIELDS.index(m.text.field), m.start, m.end, KINDS.index(m.kind), m.confidence, m.extractor] for m in found]
    seen = [[KINDS.index(kind), surface, at] for kind, surface, at in named.seen]
    told = [[row_of(entity) for entity in named.entities], seen, named.declared, int(named.stated), named.joins]
    return Read(_packed(rows) if marks is None else marks, told, _packed(links))


def draw(papers: Sequence[Undrawn], min_confidence: float, extractor: str | None) -> list[Drawn]:
    """The second step: what each paper says, as triples."""
    return [_drawn(each, min_confidence, extractor) for each in papers]


def _drawn(each: Undrawn, min_confidence: float, extractor: str | None) -> Drawn:
    said, idle = _said(each)
    own = sorted(set(of_paper(said, min_confidence, extractor)))
    known = {*each.entities, *each.declared}
    claimed = dict.fromkeys(claim.entity.iri for claim in said.claims)
    links = dict[str, int]()
    for line in own:
        _, predicate, *rest = line.split(" ", 3)
        if (bit := _BITS.get(predicate)) is not None:
            links[rest[0][1:-1]] = links.get(rest[0][1:-1], 0) | bit
    facts = [
        len(own),
        len(said.linked),
        len(said.claims),
        len(said.results),
        list(claimed),
        [iri for iri in dict.fromkeys(used(said)) if iri not in claimed],
        [row_of(entity) for entity in dict.fromkeys(records(said)) if entity not in known],
        extractors(said),
        sorted(counters(said)),
        list(of_people(said.paper)),
        idle,
        list(links),
        "".join(map(chr, links.values())),
    ]
    return Drawn(facts, zlib.compress("".join(f"{line}\n" for line in own).encode(), _LEVEL))


def _said(each: Undrawn) -> tuple[Reading, list[int]]:
    """What a paper says after corrections; and the numbers of those that found nothing to correct."""
    if each.stated is not None:
        table = each.stated
        said = named_anew(stated(each.paper), lambda entity, name: table.get((entity.iri, name), table[entity.iri, ""]))
    else:
        mentions = _mentions(each.paper, each.marks)
        found = ((mentions[at], each.entities[link]) for at, link in json.loads(zlib.decompress(each.links)))
        linked = tuple((_of_kind(mention, entity.kind), entity) for mention, entity in found if entity is not None)
        said = corpus.reading(each.paper, linked, each.declared)
    idle = []
    for number, (action, predicate, entity) in enumerate(each.decisions):
        after = accept_or_reject(said, action, predicate, entity)
        if after == said:
            idle.append(number)
        said = after
    return said, idle


def _of_kind(mention: Mention, kind: Kind) -> Mention:
    if mention.kind == kind:
        return mention
    return Mention(
        mention.text, mention.start, mention.end, mention.surface, kind, mention.confidence, mention.extractor
    )


def _mentions(paper: Paper, marks: bytes) -> list[Mention]:
    texts = [text_of(paper, field) for field in FIELDS]
    return [
        Mention(texts[at], start, end, texts[at].text[start:end], KINDS[kind], confidence, extractor)
        for at, start, end, kind, confidence, extractor in json.loads(zlib.decompress(marks))
    ]


def names_of(row: Sequence[Any], same: dict[Any, Any]) -> Names:
    """The names of a paper as `read` gave them; equal values become one, which `same` remembers."""
    entities, seen, declared, stated, joins = row
    found = tuple(entity_of(each, same) for each in entities)
    rows = tuple((KINDS[kind], same.setdefault(surface, surface), at) for kind, surface, at in seen)
    told = tuple((at, same.setdefault(name, name), same.setdefault(reason, reason)) for at, name, reason in joins)
    return Names(found, rows, tuple((name, at) for name, at in declared), bool(stated), told)


def facts_of(row: Sequence[Any], same: dict[Any, Any]) -> Facts:
    """The facts of what a paper says as `draw` gave them; equal values become one, which `same` remembers."""
    lines, mentions, claims, results, claimed, numbered, known, told, others, people, idle, named, said = row
    once = same.setdefault
    return Facts(
        lines,
        mentions,
        claims,
        results,
        [once(iri, iri) for iri in claimed],
        [once(iri, iri) for iri in numbered],
        [entity_of(each, same) for each in known],
        told,
        others,
        [once(line, line) for line in people],
        idle,
        [once(iri, iri) for iri in named],
        once(said, said),
    )


def row_of(entity: Entity) -> list[Any]:
    """An entity as JSON."""
    row = [entity.iri, KINDS.index(entity.kind), entity.label, entity.aliases]
    linked = entity.links or entity.broader or entity.variant_of
    return [*row, entity.links, entity.broader, entity.variant_of] if linked else row


def entity_of(row: Sequence[Any], same: dict[Any, Any]) -> Entity:
    """The entity of such a row; equal values become one, which `same` remembers."""
    iri, kind, label, aliases = row[:_PLAIN]
    key = (iri, label, *aliases)
    found = same.get(key)
    if found is not None and len(row) == _PLAIN:
        entity: Entity = found
        return entity
    links, broader, variant_of = row[_PLAIN:] or ((), (), None)
    once = same.setdefault
    made = Entity(
        once(iri, iri),
        KINDS[kind],
        once(label, label),
        tuple(once(name, name) for name in aliases),
        tuple((name, address) for name, address in links),
        tuple(broader),
        variant_of,
    )
    if len(row) == _PLAIN:
        same[key] = made
    return made


def _packed(rows: Iterable[Any]) -> bytes:
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode("ascii"), _LEVEL)
