"""The ledger of a build in which everything was decided anew."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kg.engine.addition import LEDGER
from kg.engine.amended import rest
from kg.engine.counting import count_facts, count_names, naming, pages
from kg.engine.ledger import Ledger, counted, forget, replace
from kg.engine.records import Source, numbered, place, signs, write_sources
from kg.engine.tally import UncountedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.claims.decided import Decided
    from kg.engine.work import Caches
    from kg.graph import SourceCount
    from kg.model import Paper
    from kg.store.kept import Origin

__all__ = ["Remembered"]


_WAITING: Final = f".{LEDGER}"
_Keys = tuple[Sequence[str], Sequence[str], Sequence[str]]


class Remembered:
    """What must be known of records and papers when both are forgotten, for the ledger of their build."""

    def __init__(
        self,
        origins: Mapping[str, Origin],
        names: Sequence[str],
        papers: Sequence[Paper],
        counts: Sequence[SourceCount],
    ) -> None:
        by_name = {name: origins[name.partition("-")[0]] for name in names}
        merged = {count.sha256: count.merged for count in counts}
        self._sources = [
            Source(
                number, name, origin.sha256, origin.format, len(origin.papers), merged[origin.sha256], origin.rejects
            )
            for number, (name, origin) in enumerate(by_name.items(), start=1)
        ]
        self._counts = counts
        self._tokens, self._records = array("q"), array("q")
        spoken: dict[tuple[str, int, int], int] = {}
        for number, origin in enumerate(by_name.values(), start=1):
            for record, paper in numbered(number, origin):
                spoken[place(paper)] = record
                here = signs(paper)
                self._tokens.extend(here)
                self._records.extend([record] * len(here))
        self._papers = [(paper.id, spoken[place(paper)]) for paper in papers]
        self._pages = pages(papers)
        self._final: Mapping[str, str] = {}
        self._notes: Mapping[str, Sequence[str]] = {}

    def decided(self, decided: Decided) -> None:
        """Remember what was decided."""
        self._final, self._notes = dict(decided.replaced), decided.notes

    def write(
        self, folder: Path, caches: Caches, keys: _Keys, *, of: Sequence[str], told: str, extractor: str | None
    ) -> None:
        """Write the ledger of a build that is made of this, beside that of the last one.

        `keys` are those of mentions, names and of what is said, by paper; `told` are the options.
        """
        waiting = folder / _WAITING
        try:
            forget(waiting)
            with Ledger.opened(waiting) as ledger:
                ledger.clear()
                self._fill(ledger, caches, keys)
                ledger.tell("rest", sorted(rest(ledger, self._counts, told, extractor)))
                ledger.tell("final", self._final)
                ledger.tell("notes", self._notes)
                ledger.tell("of", list(of))
                ledger.save()
        except (OSError, sqlite3.Error, UncountedError):  # without it the next build takes longer
            with suppress(OSError):
                forget(waiting)

    @staticmethod
    def keep(folder: Path, *, written: bool) -> None:
        """Put what was written, if it was, in the place of the ledger of the last build. Raises OSError."""
        forget(folder / LEDGER)
        if written and (folder / _WAITING).exists():
            replace(folder / LEDGER, folder / _WAITING)

    def _fill(self, ledger: Ledger, caches: Caches, keys: _Keys) -> None:
        write_sources(ledger, self._sources)
        ledger.change("INSERT INTO token VALUES (?, ?)", sorted(zip(self._tokens, self._records, strict=True)))
        ledger.counts["total"].update(self._pages)
        tokens, papers = array("q"), array("q")
        rows = []
        for number, ((name, record), found, key, signature) in enumerate(
            zip(self._papers, *keys, strict=True), start=1
        ):
            names = caches.names.facts(key)
            count_names(ledger, names, 1)
            count_facts(ledger, caches.blocks.facts(signature), 1)
            here = naming(names)
            tokens.extend(here)
            papers.extend([number] * len(here))
            rows.append((number, counted(name), record, found, key, signature))
        ledger.change("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", rows)
        ledger.change("INSERT INTO naming VALUES (?, ?)", sorted(zip(tokens, papers, strict=True)))
        ledger.write()
