"""A build that adds to a graph, or takes from it, in which only what that changes is decided and written anew.

The graph is byte for byte the one that a fresh build makes: the counts of `kg/engine/ledger.py` tell as much as all
papers do. Where they are of another build, or much is new, nothing is done here.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, NamedTuple

from kg import ontology
from kg.claims.decided import Decided
from kg.engine import reports, resigned, state, subjects
from kg.engine.counting import UncountedError, count_facts, count_names, naming, pages, person
from kg.engine.decisions import decide, united
from kg.engine.ledger import Ledger, counted, text
from kg.engine.plan import Plan
from kg.engine.records import Records
from kg.engine.state import State
from kg.engine.watch import Summary
from kg.engine.work import Caches, Work
from kg.graph import of_corpus, usual
from kg.model import Listing
from kg.ontology import schema
from kg.store import kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.engine.chunks import Facts
    from kg.engine.decisions import Decisions
    from kg.engine.listings import Listings
    from kg.engine.watch import Watch
    from kg.engine.work import Options
    from kg.graph import SourceCount
    from kg.model import Paper
    from kg.report.matrices import Matrices

__all__ = ["LEDGER", "added", "rest"]

LEDGER = "ledger"
_DRAWN = 3000  # papers that may change although nothing new is said of them


class Build(NamedTuple):
    """What a build is made of: the key of all but the papers, that of all, and the digest of the code that draws."""

    form: str
    inputs: str
    drawing: str


class _Row(NamedTuple):
    """A paper of the ledger."""

    number: int
    name: bytes
    record: int
    key: str
    found: str
    signature: str


def added(
    directory: Path, cache: Path, listings: Listings, options: Options, before: State, build: Build, watch: Watch
) -> Summary | None:
    """Bring a graph to what its sources say now; None where that must be done by deciding all anew."""
    if not (cache / LEDGER).exists():
        return None
    try:
        with Ledger.opened(cache / LEDGER) as ledger, ExitStack() as files:
            if ledger.told("of") != [build.form, before.inputs]:
                return None
            ledger.begin()
            caches = files.enter_context(Caches.opened(cache))
            workers = files.enter_context(options.workers())
            return _Addition(directory, ledger, caches, listings, options, before, build, workers, watch).made()
    except (sqlite3.Error, UncountedError):
        return None


class _Addition:
    def __init__(self, directory, ledger, caches, listings, options, before, build, workers, watch) -> None:
        self.directory, self.ledger, self.caches, self.listings = directory, ledger, caches, listings
        self.options, self.before, self.build, self.workers = options, before, build, workers
        self.watch = watch

    def made(self) -> Summary:
        """All of it."""
        ledger, caches, before = self.ledger, self.caches, self.before
        matrices, corpus = reports.kept(self.directory), state.corpus_lines(self.directory)
        if matrices is None or corpus is None or before.extractor is None:
            raise UncountedError("what the last build kept is not there")
        self.watch("comparing papers", 0, None, 0)
        records = Records(ledger, self.directory, self.listings)
        change = records.change()
        gone = self._rows("id", [counted(name) for name in change.gone])
        if not all(row.key in caches.names and row.signature in caches.blocks for row in gone.values()):
            raise UncountedError("what papers said is not kept")
        come = [change.come[name] for name in sorted(change.come)]
        names = self._work(come).read()
        for row in gone.values():
            self._forget(row)
        for each in names:
            count_names(ledger, each, 1)
        ledger.write()
        self.watch("deciding over all papers", 0, None, 0)
        decisions = decide(ledger)
        signed = self._rows("number", resigned.papers(ledger, decisions.told.final))
        if len(signed) > max(_DRAWN, len(before.blocks) // 5):
            raise UncountedError("much is changed")
        others = records.papers({name: row.record for name, row in signed.items()})
        drawn = self._drawn([*come, *others.values()], decisions)
        changed = [name for name, row in signed.items() if drawn[name] != row.signature]
        lines = self._counted(
            change, gone, [signed[name] for name in changed], {n: drawn[n] for n in [*change.come, *changed]}
        )
        now_of = {extractor: n for extractor, n in self._totals("extractor ")}
        if usual([now_of]) != before.extractor:
            raise UncountedError("another extractor is the usual one")
        self._write(change, drawn, changed, names)
        touched = self._touched(decisions)
        less, more = lines
        counts = records.counts()
        told = rest(ledger, counts, self.options.told([]), before.extractor)
        old_rest = {line.encode() for line in ledger.told("rest")}
        less |= old_rest
        more |= {line.encode() for line in told}
        old_of = set(subjects.lines_before(corpus, touched))
        new_of = {line.encode() for line in subjects.lines_now(ledger, touched, decisions)}
        less, more = (less | old_of) - (more | new_of), (more | new_of) - (less | old_of)
        paired = dict(ledger.rows("SELECT id, signature FROM paper"))
        ids = sorted(map(text, paired))
        blocks = [paired[counted(name)] for name in ids]
        summary = self._summary(records, counts, len(corpus) - len(less) + len(more))
        told_counts = {name: getattr(summary, name) for name in self.before.counts}
        now = State(self.build.inputs, self.listings.names, told_counts, [], blocks, before.extractor)
        self.watch("writing the graph", 0, None, len(summary.rejects))
        kept.save_rejects(self.directory, summary.rejects)
        tables = self._tables(matrices, change, [*others.values()], changed, drawn, (old_of, new_of), ids)
        ledger.tell("rest", sorted(told))
        ledger.tell("final", {iri: entity.iri for iri, entity in decisions.told.final.items()})
        ledger.tell("notes", decisions.notes)
        ledger.tell("of", [self.build.form, self.build.inputs])
        state.amend(self.directory, before, now, corpus, (less, more), caches.blocks)
        ledger.save()
        with suppress(OSError):
            kept.drop(self.directory, self.listings.names)
            reports.keep(self.directory, tables, [caches.blocks.place(block) for block in blocks])
        return summary

    def _work(self, papers: Sequence[Paper]) -> Work:
        return Work(
            papers, self.options, self.caches, self.workers, lambda what, done, total: self.watch(what, done, total, 0)
        )

    def _rows(self, column: str, values: Sequence[object]) -> dict[str, _Row]:
        question = f"SELECT number, id, record, key, found, signature FROM paper WHERE {column} IN ({{}})"  # noqa: S608
        rows = (_Row(*row) for row in self.ledger.many(question, values))
        return {text(row.name): row for row in sorted(rows, key=lambda row: row.name)}

    def _forget(self, row: _Row) -> None:
        """Take a paper out of the counts of names."""
        names = self.caches.names.facts(row.key)
        count_names(self.ledger, names, -1)
        tokens = [(token, row.number) for token in naming(names)]
        self.ledger.change("DELETE FROM naming WHERE token = ? AND paper = ?", tokens)
        self.ledger.change("DELETE FROM paper WHERE number = ?", [(row.number,)])

    def _drawn(self, papers: list[Paper], decisions: Decisions) -> dict[str, str]:
        """What papers say, by their ids: the keys of it."""
        work = self._work(papers)
        names = work.read()
        known = united(self.ledger, {entity.iri for each in names for entity in each.entities})
        plan = Plan(papers, names, work.keys, (), Decided.of(known, decisions.told, decisions.notes))
        signatures, _ = work.draw(plan, self.build.drawing, self.before.extractor, settled=True)
        self.found = {
            paper.id: pair for paper, pair in zip(papers, zip(work.keys, work.found, strict=True), strict=True)
        }
        return dict(zip((paper.id for paper in papers), signatures, strict=True))

    def _counted(self, change, gone, changed, new) -> tuple[set[bytes], set[bytes]]:
        """Count what papers say now; gives the triples about people that go, and that come."""
        blocks, people = self.caches.blocks, dict[bytes, str]()
        for number, signatures in ((-1, [row.signature for row in (*gone.values(), *changed)]), (1, new.values())):
            for signature in signatures:
                facts: Facts = blocks.facts(signature)
                count_facts(self.ledger, facts, number)
                people.update((person(line), line) for line in facts.people)
        self.ledger.counts["total"].subtract(pages(change.gone.values()))
        self.ledger.counts["total"].update(pages(change.come.values()))
        less, more = set[bytes](), set[bytes]()
        for (key,), number in self.ledger.counts["person"].items():
            rows = self.ledger.rows("SELECT n FROM person WHERE line = ?", key)
            before = rows[0][0] if rows else 0
            if not before and before + number:
                more.add(people[key].encode())
            elif before and not before + number:
                less.add(people[key].encode())
        self.ledger.write()
        return less, more

    def _write(self, change, drawn, changed, names) -> None:
        """Bring the list of papers to what they are."""
        ledger = self.ledger
        ledger.change(
            "UPDATE paper SET record = ? WHERE id = ?", [(at, counted(name)) for name, at in change.spoken.items()]
        )
        ledger.change("UPDATE paper SET signature = ? WHERE id = ?", [(drawn[name], counted(name)) for name in changed])
        (first,) = ledger.rows("SELECT coalesce(max(number), 0) + 1 FROM paper")[0]
        for number, (name, each) in enumerate(zip(sorted(change.come), names, strict=True), start=first):
            row = (number, counted(name), change.spoken[name], *self.found[name], drawn[name])
            ledger.change("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", [row])
            ledger.change("INSERT INTO naming VALUES (?, ?)", [(token, number) for token in naming(each)])

    def _touched(self, decisions: Decisions) -> set[str]:
        """The IRIs of all of which something else may be told now."""
        old_final, old_notes = self.ledger.told("final"), self.ledger.told("notes")
        final = {iri: entity.iri for iri, entity in decisions.told.final.items()}
        found = {iri for tally in self.ledger.touched.values() for iri in tally.iris}
        found |= {
            iri for iri in old_notes.keys() | decisions.notes.keys() if old_notes.get(iri) != decisions.notes.get(iri)
        }
        for iri in {iri for iri in old_final.keys() | final.keys() if old_final.get(iri) != final.get(iri)}:
            found |= {iri, *filter(None, (old_final.get(iri), final.get(iri)))}
        found |= subjects.broad(self.ledger)
        return found | {iri for each in (old_final, final) for iri, target in each.items() if target in found}

    def _totals(self, prefix: str) -> list[tuple[str, int]]:
        rows = self.ledger.rows("SELECT name, n FROM total")
        return [(name[len(prefix) :], n) for key, n in rows if (name := text(key)).startswith(prefix) and n]

    def _summary(self, records: Records, counts: Sequence[SourceCount], lines: int) -> Summary:
        totals = dict(self._totals(""))
        return Summary(
            read=sum(count.read for count in counts),
            accepted=sum(count.accepted for count in counts),
            merged=sum(count.merged for count in counts),
            rejected=sum(count.rejected for count in counts),
            rejects=records.rejects(),
            mentions=totals.get("mentions", 0),
            claims=totals.get("claims", 0),
            results=totals.get("results", 0),
            entities=totals.get("entities", 0),
            triples=lines + totals.get("lines", 0),
        )

    def _tables(self, matrices: Matrices, change, others, changed, drawn, lines, ids):
        old, new = lines
        again = set(changed)
        papers = [*change.come.values(), *(paper for paper in others if paper.id in again)]
        facts = [self.caches.blocks.facts(drawn[paper.id]) for paper in papers]
        return reports.amended(matrices, [*change.gone], papers, facts, (old ^ new, new), ids)


def rest(ledger: Ledger, counts: Sequence[SourceCount], options: str, extractor: str | None) -> set[str]:
    """The triples that are of no paper and no entity."""
    names = [text(key) for (key,) in ledger.rows("SELECT name FROM total WHERE n > 0")]
    pages = [json.loads(name.removeprefix("listing ")) for name in names if name.startswith("listing ")]
    parts = [name.split(" ", 1)[1] for name in names if name.startswith(("extractor ", "counter "))]
    lines = of_corpus(
        sources=counts,
        options=options,
        vocabulary=ontology.digest(),
        listings=[(Listing(**{**page, "slugs": tuple(page["slugs"])}), sha256) for page, sha256 in pages],
        usual_extractor=extractor,
        extractors=parts,
        named=(),
        entities=(),
        curated=(),
        replaced={},
        notes={},
    )
    return {*schema(), *lines}
