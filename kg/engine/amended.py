"""What is told of a graph as a whole once its counts are changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from kg import ontology
from kg.engine import subjects
from kg.engine.ledger import text
from kg.engine.watch import Summary
from kg.graph import of_corpus
from kg.model import Listing
from kg.ontology import schema

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg.engine.decisions import Decisions
    from kg.engine.ledger import Ledger
    from kg.engine.records import Records
    from kg.graph import SourceCount

__all__ = ["Lines", "lines", "rest", "summary", "tell", "totals"]


class Lines(NamedTuple):
    """The triples of no paper that go, and that come.

    `entities` are those of entities that do either, and all that are told now of entities of which some may.
    """

    less: set[bytes]
    more: set[bytes]
    entities: tuple[set[bytes], set[bytes]]


def lines(
    ledger: Ledger,
    decisions: Decisions,
    corpus: Sequence[bytes],
    people: tuple[set[bytes], set[bytes]],
    others: Collection[str],
) -> Lines:
    """What changes in the sorted triples of the last build, given what does of people, and what `rest` tells now."""
    touched = _touched(ledger, decisions)
    old = set(subjects.lines_before(corpus, touched))
    new = {line.encode() for line in subjects.lines_now(ledger, touched, decisions)}
    less = {*people[0], *old, *map(str.encode, ledger.told("rest"))}
    more = {*people[1], *new, *map(str.encode, others)}
    return Lines(less - more, more - less, (old ^ new, new))


def _touched(ledger: Ledger, decisions: Decisions) -> set[str]:
    """The IRIs of all entities of which something else may be told now."""
    before, notes = ledger.told("final"), ledger.told("notes")
    now = {iri: entity.iri for iri, entity in decisions.told.final.items()}
    found = {iri for tally in ledger.touched.values() for iri in tally.iris}
    found |= {iri for iri in notes.keys() | decisions.notes.keys() if notes.get(iri) != decisions.notes.get(iri)}
    for iri in before.keys() | now.keys():
        if before.get(iri) != now.get(iri):
            found |= {iri, *filter(None, (before.get(iri), now.get(iri)))}
    found |= subjects.broad(ledger)
    return found | {iri for each in (before, now) for iri, target in each.items() if target in found}


def rest(ledger: Ledger, counts: Sequence[SourceCount], options: str, extractor: str | None) -> set[str]:
    """The triples that are of no paper, no entity and no person."""
    names = [text(key) for (key,) in ledger.rows("SELECT name FROM total WHERE n > 0")]
    pages = [json.loads(name.removeprefix("listing ")) for name in names if name.startswith("listing ")]
    told = of_corpus(
        sources=counts,
        options=options,
        vocabulary=ontology.digest(),
        listings=[(Listing(**{**page, "slugs": tuple(page["slugs"])}), sha256) for page, sha256 in pages],
        usual_extractor=extractor,
        extractors=[name.partition(" ")[2] for name in names if name.startswith(("extractor ", "counter "))],
        named=(),
        entities=(),
        curated=(),
        replaced={},
        notes={},
    )
    return {*schema(), *told}


def totals(ledger: Ledger, prefix: str = "") -> list[tuple[str, int]]:
    """The totals of which the names begin so, by what follows."""
    rows = [(text(key), number) for key, number in ledger.rows("SELECT name, n FROM total WHERE n > 0")]
    return [(name.removeprefix(prefix), number) for name, number in rows if name.startswith(prefix)]


def summary(ledger: Ledger, records: Records, counts: Sequence[SourceCount], corpus: int) -> Summary:
    """What a build did, given the number of triples that are of no paper alone."""
    total = dict(totals(ledger))
    return Summary(
        read=sum(count.read for count in counts),
        accepted=sum(count.accepted for count in counts),
        merged=sum(count.merged for count in counts),
        rejected=sum(count.rejected for count in counts),
        rejects=records.rejects(),
        mentions=total.get("mentions", 0),
        claims=total.get("claims", 0),
        results=total.get("results", 0),
        entities=total.get("entities", 0),
        triples=corpus + total.get("lines", 0),
    )


def tell(ledger: Ledger, decisions: Decisions, others: Collection[str], of: Sequence[str]) -> None:
    """Keep what the next build must know: what was decided, what `rest` told, what the build is made of."""
    ledger.tell("rest", sorted(others))
    ledger.tell("final", {iri: entity.iri for iri, entity in decisions.told.final.items()})
    ledger.tell("notes", decisions.notes)
    ledger.tell("of", list(of))
