"""Which papers some more records change, and some less, without reading the others."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.engine.counting import sign
from kg.engine.tally import UncountedError
from kg.graph import SourceCount
from kg.ground.papers import merge, tokens
from kg.model import Rejected
from kg.store import kept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.engine.ledger import Ledger
    from kg.engine.listings import Listings
    from kg.model import Paper
    from kg.store.kept import Origin

__all__ = ["Change", "Records", "Source", "numbered", "place", "signs", "write_sources"]

_BITS: Final = 32  # of the number of a record those that tell its place in its source
_MOST: Final = 3000  # records that an addition may touch, however few there are
_SHARE: Final = 0.2

Place = tuple[str, int, int]


def signs(record: Paper) -> set[int]:
    """Numbers of which two records share one if they may be one paper, or their papers have one name."""
    return {sign(*token) for token in tokens(record)}


def place(paper: Paper) -> Place:
    """Where the record is that speaks for a paper."""
    return paper.source.sha256, paper.source.line, paper.source.position


class Change(NamedTuple):
    """The papers that are not any more, those that are new, and the number of the record that speaks for each.

    `spoken` has the record of papers that stay as they are too.
    """

    gone: Mapping[str, Paper]
    come: Mapping[str, Paper]
    spoken: Mapping[str, int]


class Records:
    """The records of a graph, by number: the source, and the place in it."""

    def __init__(self, ledger: Ledger, directory: Path, listings: Listings) -> None:
        self._ledger, self._directory = ledger, directory
        self._names = dict(ledger.rows("SELECT number, name FROM source"))
        self._lines: dict[str, list[bytes]] = {}
        known, now = set(self._names.values()), set(listings.names)
        first = max(self._names, default=0) + 1
        self._removed = [number for number, name in self._names.items() if name not in now]
        self._added = {first + at: listings.origin(name) for at, name in enumerate(sorted(now - known))}
        self._new = dict(zip(self._added, sorted(now - known), strict=True))
        (self._count,) = ledger.rows("SELECT count(*) FROM paper")[0]

    def change(self) -> Change:
        """What becomes of the papers; the ledger knows the sources and their records as they are now."""
        new = {
            number << _BITS | at: paper
            for number, origin in self._added.items()
            for at, paper in enumerate(origin.papers)
        }
        marks = {record: signs(paper) for record, paper in new.items()}
        touched = {sign for each in marks.values() for sign in each}
        for number in self._removed:
            rows = self._ledger.rows("SELECT token FROM token WHERE record >= ? AND record < ?", *_range(number))
            touched.update(token for (token,) in rows)
        old = self._papers(self._reached(touched))
        left = {record: paper for record, paper in old.items() if record >> _BITS not in self._removed} | new
        before, after = merge(old.values()), merge(left.values())
        known, now = {paper.id: paper for paper in before.papers}, {paper.id: paper for paper in after.papers}
        records = {place(paper): record for record, paper in left.items()}
        self._write(marks, before.merged, after.merged)
        return Change(
            {name: paper for name, paper in known.items() if now.get(name) != paper},
            {name: paper for name, paper in now.items() if known.get(name) != paper},
            {name: records[place(paper)] for name, paper in now.items()},
        )

    def papers(self, spoken: Mapping[str, int]) -> dict[str, Paper]:
        """Papers by id, given the number of a record of each."""
        rows = self._ledger.many("SELECT token FROM token WHERE record IN ({})", set(spoken.values()))
        records = self._papers(self._reached({token for (token,) in rows}))
        found = {paper.id: paper for paper in merge(records.values()).papers}
        if not spoken.keys() <= found.keys():
            raise UncountedError("a record is not where it was")
        return {name: found[name] for name in spoken}

    def counts(self) -> list[SourceCount]:
        """What became of the records of each source."""
        rows = self._ledger.rows("SELECT sha256, format, papers, merged, rejects FROM source ORDER BY sha256")
        return [
            SourceCount(
                sha256=sha256,
                format=form,
                read=papers + len(found := _rejects(rejects)),
                accepted=papers - merged,
                merged=merged,
                rejected=len(found),
            )
            for sha256, form, papers, merged, rejects in rows
        ]

    def rejects(self) -> tuple[Rejected, ...]:
        """The records of all sources that are no papers."""
        rows = self._ledger.rows("SELECT rejects FROM source ORDER BY sha256")
        return tuple(Rejected(*row) for (rejects,) in rows for row in _rejects(rejects))

    def _reached(self, touched: Collection[int]) -> set[int]:
        """The records that have these signs, or a sign of such a record, and so on."""
        known, waiting, found = set(touched), set(touched), set[int]()
        while waiting:
            records = {record for (record,) in self._ledger.many(_WITH, waiting)} - found
            found |= records
            if len(found) > max(_MOST, _SHARE * self._count):
                raise UncountedError("much is new")
            waiting = {token for (token,) in self._ledger.many(_OF, records)} - known
            known |= waiting
        return found

    def _papers(self, records: Iterable[int]) -> dict[int, Paper]:
        return {record: self._paper(record) for record in sorted(records)}

    def _paper(self, record: int) -> Paper:
        number, at = record >> _BITS, record & ((1 << _BITS) - 1)
        if number in self._added:
            return self._added[number].papers[at]
        name = self._names[number]
        if name not in self._lines:
            self._lines[name] = kept.lines(self._directory, name)
        try:
            return kept.paper(self._lines[name][at])
        except (IndexError, ValueError, KeyError, TypeError) as error:
            raise UncountedError(name) from error

    def _write(self, marks: Mapping[int, Iterable[int]], before: Mapping[str, int], after: Mapping[str, int]) -> None:
        change = self._ledger.change
        for number in self._removed:
            change("DELETE FROM token WHERE record >= ? AND record < ?", [_range(number)])
            change("DELETE FROM source WHERE number = ?", [(number,)])
        change("INSERT INTO token VALUES (?, ?)", [(token, at) for at, each in marks.items() for token in each])
        more = Counter(after)
        more.subtract(before)
        change("UPDATE source SET merged = merged + ? WHERE sha256 = ?", [(n, sha256) for sha256, n in more.items()])
        sources = (
            Source(
                number,
                self._new[number],
                each.sha256,
                each.format,
                len(each.papers),
                after.get(each.sha256, 0),
                each.rejects,
            )
            for number, each in self._added.items()
        )
        write_sources(self._ledger, sources)


class Source(NamedTuple):
    """What is known of a source: its number, the name that it is kept under, its digest, and what became of it."""

    number: int
    name: str
    sha256: str
    format: str
    papers: int
    merged: int
    rejects: Sequence[Rejected]


def write_sources(ledger: Ledger, sources: Iterable[Source]) -> None:
    """Keep what is known of sources."""
    rows = ((*source[:-1], _packed(source.rejects)) for source in sources)
    ledger.change("INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _packed(rejects: Iterable[Rejected]) -> bytes:
    return zlib.compress(
        json.dumps([[each.source, each.line, each.reason, each.raw] for each in rejects]).encode("ascii")
    )


_WITH: Final = "SELECT DISTINCT record FROM token WHERE token IN ({})"
_OF: Final = "SELECT DISTINCT token FROM token WHERE record IN ({})"


def _range(number: int) -> tuple[int, int]:
    return number << _BITS, (number + 1) << _BITS


def _rejects(content: bytes) -> list[tuple[str, int, str, str]]:
    rows: list[tuple[str, int, str, str]] = json.loads(zlib.decompress(content))
    return rows


def numbered(number: int, origin: Origin) -> Iterator[tuple[int, Paper]]:
    """The records of a source with their numbers."""
    return ((number << _BITS | at, paper) for at, paper in enumerate(origin.papers))
