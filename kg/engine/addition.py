"""A build that adds to a graph, or takes from it, in which only what that changes is decided and written anew.

The graph is byte for byte the one that a fresh build makes: the counts of `kg/engine/ledger.py` tell as much as all
papers do. Where they are of another build, or much is new, nothing is done here.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.claims.decided import Decided
from kg.engine import amended, reports, resigned, state
from kg.engine.counting import count_facts, count_names, naming, pages, person
from kg.engine.decisions import decide, united
from kg.engine.ledger import Ledger, counted, is_whole, text
from kg.engine.plan import Plan
from kg.engine.records import Records
from kg.engine.state import State
from kg.engine.tally import UncountedError
from kg.engine.work import Caches, Work
from kg.graph import usual
from kg.store import kept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from kg.claims.decided import Names
    from kg.engine.chunks import Facts
    from kg.engine.decisions import Decisions
    from kg.engine.listings import Listings
    from kg.engine.pool import Workers
    from kg.engine.records import Change
    from kg.engine.watch import Summary, Watch
    from kg.engine.work import Options
    from kg.model import Paper

__all__ = ["LEDGER", "Build", "added"]

LEDGER: Final = "ledger"
_MOST: Final = 3000  # papers that may change although they are not new, however few there are
_SHARE: Final = 0.2


class Build(NamedTuple):
    """What a build is made of: the key of all but the papers, that of all, and the digest of the code that draws."""

    form: str
    inputs: str
    drawing: str


class _Row(NamedTuple):
    """A paper of the ledger: its number, id and record, and the keys of its mentions, its names, and what it says."""

    number: int
    name: bytes
    record: int
    found: str
    key: str
    signature: str


def added(
    directory: Path, folder: Path, listings: Listings, options: Options, *, before: State, build: Build, watch: Watch
) -> Summary | None:
    """Bring a graph to what its sources say now; None where that must be done by deciding all anew.

    `folder` is that of the caches. Raises OSError.
    """
    try:
        if not is_whole(folder / LEDGER):
            return None
        with Ledger.opened(folder / LEDGER) as ledger, ExitStack() as files:
            if ledger.told("of") != [build.form, before.inputs]:
                return None
            ledger.begin()
            caches = files.enter_context(Caches.opened(folder))
            workers = files.enter_context(options.workers())
            return _Addition(directory, ledger, caches, listings, options, before, build, workers, watch).made()
    except (sqlite3.Error, UncountedError):
        return None


@dataclass(slots=True)
class _Addition:
    """One such build."""

    directory: Path
    ledger: Ledger
    caches: Caches
    listings: Listings
    options: Options
    before: State
    build: Build
    workers: Workers
    watch: Watch
    rejects: int = 0
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)  # of the mentions and names of papers

    def made(self) -> Summary:
        """All of it."""
        before, told = self.before, self.options.told(())
        matrices, corpus = reports.kept(self.directory), state.corpus_lines(self.directory)
        if matrices is None or corpus is None or before.extractor is None:
            raise UncountedError("what the last build kept is not there")
        self.watch("comparing papers", 0, None, 0)
        records = Records(self.ledger, self.directory, self.listings)
        change = records.change()
        self.rejects = len(records.rejects())
        come = [change.come[name] for name in sorted(change.come)]
        gone = self._rows("id", [counted(name) for name in change.gone])
        names = self._named(come, list(gone.values()))
        decisions = decide(self.ledger)
        others = self._rows("number", resigned.papers(self.ledger, decisions.told.final))
        if len(others) > max(_MOST, _SHARE * len(before.blocks)):
            raise UncountedError("much is changed")
        again = records.papers({name: row.record for name, row in others.items()})
        drawn = self._drawn([*come, *again.values()], decisions)
        changed = {name: row for name, row in others.items() if drawn[name] != row.signature}
        self._write(change, drawn, changed, names)
        people = self._counted(
            [row.signature for row in (*gone.values(), *changed.values())],
            {drawn[name] for name in (*change.come, *changed)},
        )
        if usual([dict(amended.totals(self.ledger, "extractor "))]) != before.extractor:
            raise UncountedError("another extractor is the usual one")
        counts = records.counts()
        rest = amended.rest(self.ledger, counts, told, before.extractor)
        lines = amended.lines(self.ledger, decisions, corpus, people, rest)
        summary = amended.summary(self.ledger, records, counts, len(corpus) - len(lines.less) + len(lines.more))
        signatures = {text(name): each for name, each in self.ledger.rows("SELECT id, signature FROM paper")}
        ids = sorted(signatures)
        if not ids:
            raise UncountedError("no paper is left")
        blocks = [signatures[name] for name in ids]
        said = [*come, *(again[name] for name in changed)]
        facts = [self.caches.blocks.facts(drawn[paper.id]) for paper in said]
        tables = reports.amended(matrices, [*change.gone], list(zip(said, facts, strict=True)), lines.entities, ids)
        now = {name: getattr(summary, name) for name in before.counts}
        self.watch("writing the graph", 0, None, len(summary.rejects))
        kept.save_rejects(self.directory, summary.rejects)
        amended.tell(self.ledger, decisions, rest, [self.build.form, self.build.inputs])
        after = State(self.build.inputs, self.listings.names, now, [], blocks, before.extractor)
        state.amend(self.directory, before, after, (corpus, lines.less, lines.more), self.caches.blocks)
        with suppress(OSError, sqlite3.Error):  # the graph is there, and the rest only spares time
            self.ledger.save()
            kept.drop(self.directory, self.listings.names)
            self._forget(len(blocks))
            reports.keep(self.directory, tables, [self.caches.blocks.place(block) for block in blocks])
        return summary

    def _forget(self, papers: int) -> None:
        """Bring caches to what is used where most of it is not."""
        keys = zip(*self.ledger.rows("SELECT found, key, signature FROM paper"), strict=True)
        for cache, used in zip(self.caches, keys, strict=True):
            if len(cache) > 2 * papers:
                cache.keep(set(used))

    def _rows(self, column: str, values: Collection[object]) -> dict[str, _Row]:
        """Papers of the ledger, by id."""
        question = f"SELECT number, id, record, found, key, signature FROM paper WHERE {column} IN ({{}})"  # noqa: S608
        rows = (_Row(*row) for row in self.ledger.many(question, values))
        found = {text(row.name): row for row in sorted(rows, key=lambda row: row.name)}
        if not all(row.key in self.caches.names and row.signature in self.caches.blocks for row in found.values()):
            raise UncountedError("what papers said is not kept")
        return found

    def _named(self, come: Sequence[Paper], gone: Sequence[_Row]) -> list[Names]:
        """What new papers name, counted; what others named is not counted any more."""
        names = self._work(come).read()
        for row in gone:
            old = self.caches.names.facts(row.key)
            count_names(self.ledger, old, -1)
            self.ledger.change(
                "DELETE FROM naming WHERE token = ? AND paper = ?", [(token, row.number) for token in naming(old)]
            )
            self.ledger.change("DELETE FROM paper WHERE number = ?", [(row.number,)])
        for each in names:
            count_names(self.ledger, each, 1)
        self.ledger.write()
        self.watch("deciding over all papers", 0, None, self.rejects)
        return names

    def _work(self, papers: Sequence[Paper]) -> Work:
        def watch(what: str, done: int, total: int | None) -> None:
            self.watch(what, done, total, self.rejects)

        return Work(papers, self.options, self.caches, self.workers, watch)

    def _drawn(self, papers: Sequence[Paper], decisions: Decisions) -> dict[str, str]:
        """What papers say, by id: the keys of it."""
        work = self._work(papers)
        names = work.read()
        known = united(self.ledger, {entity.iri for each in names for entity in each.entities})
        plan = Plan(papers, names, work.keys, (), Decided.of(known, decisions.told, decisions.notes))
        signatures, _ = work.draw(plan, self.build.drawing, self.before.extractor, settled=True)
        ids = [paper.id for paper in papers]
        self.keys = dict(zip(ids, zip(work.found, work.keys, strict=True), strict=True))
        return dict(zip(ids, signatures, strict=True))

    def _write(self, change: Change, drawn: dict[str, str], changed: Iterable[str], names: Iterable[Names]) -> None:
        """Bring the list of papers to what they are."""
        write = self.ledger.change
        write("UPDATE paper SET record = ? WHERE id = ?", [(at, counted(name)) for name, at in change.spoken.items()])
        write("UPDATE paper SET signature = ? WHERE id = ?", [(drawn[name], counted(name)) for name in changed])
        (first,) = self.ledger.rows("SELECT coalesce(max(number), 0) + 1 FROM paper")[0]
        for number, (name, each) in enumerate(zip(sorted(change.come), names, strict=True), start=first):
            row = (number, counted(name), change.spoken[name], *self.keys[name], drawn[name])
            write("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", [row])
            write("INSERT INTO naming VALUES (?, ?)", [(token, number) for token in naming(each)])
        total = self.ledger.counts["total"]
        total.subtract(pages(change.gone.values()))
        total.update(pages(change.come.values()))

    def _counted(self, old: Iterable[str], new: Iterable[str]) -> tuple[set[bytes], set[bytes]]:
        """Count what papers say now and said before; gives the triples about people that go, and that come."""
        people: dict[bytes, str] = {}
        for number, signatures in ((-1, old), (1, new)):
            for signature in signatures:
                facts: Facts = self.caches.blocks.facts(signature)
                count_facts(self.ledger, facts, number)
                people.update((person(line), line) for line in facts.people)
        less, more = set[bytes](), set[bytes]()
        for (key,), number in self.ledger.counts["person"].items():
            rows = self.ledger.rows("SELECT n FROM person WHERE line = ?", key)
            before = rows[0][0] if rows else 0
            if bool(before) != bool(before + number):
                (less if before else more).add(people[key].encode())
        self.ledger.write()
        return less, more
