"""What the last build counted over all papers, in one file, so that an addition changes the counts that it touches.

It is a cache: of another build, or damaged, it only costs time. All of it changes in one transaction, and a checksum
beside it tells whether it is as it was saved.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections import Counter
from contextlib import closing, contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from kg.engine.tally import Tally, home

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

__all__ = ["Ledger", "counted", "forget", "is_whole", "replace", "text"]

_SUM: Final = ".sum"  # ends the name of the file with the checksum of a ledger
_TABLES: Final = """
CREATE TABLE told (name TEXT PRIMARY KEY, value BLOB);
CREATE TABLE source (number INTEGER PRIMARY KEY, name TEXT UNIQUE, sha256 TEXT, format TEXT, papers INT, merged INT,
    rejects BLOB);
CREATE TABLE token (token INT, record INT, PRIMARY KEY (token, record)) WITHOUT ROWID;
CREATE TABLE paper (number INTEGER PRIMARY KEY, id BLOB UNIQUE, record INT, found TEXT, key TEXT, signature TEXT);
CREATE TABLE naming (token INT, paper INT, PRIMARY KEY (token, paper)) WITHOUT ROWID;
CREATE TABLE tally (name BLOB, kind INT, seen INT, linked INT, label BLOB, said BLOB, PRIMARY KEY (name, kind))
    WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX token_record ON token (record);
CREATE INDEX tally_linked ON tally (kind) WHERE linked;
"""
#: Tables of things with a number, by the columns of their keys.
_COUNTS: Final = {
    "total": ("name",),
    "person": ("line",),
    "short": ("kind", "name", "iri"),
    "joined": ("home", "kind", "iri", "name", "reason"),
    "surface": ("name",),
}
_FEW: Final = 500


class Ledger:
    """The counts of a build; see the tables."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = sqlite3.connect(path, isolation_level=None)
        self._tallies: dict[tuple[str, int], Tally] = {}
        self._of: dict[str, Tally] = {}
        self._fresh = False
        self.counts: dict[str, Counter[tuple[Any, ...]]] = {name: Counter() for name in _COUNTS}

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Ledger]:
        """Open a file, which need not exist; what is not saved is as if it had not been. Raises sqlite3.Error."""
        ledger = cls(path)
        with closing(ledger._file) as file:
            file.execute("PRAGMA cache_size = -64000")
            yield ledger

    def clear(self) -> None:
        """Begin anew, in a file that did not exist."""
        self._fresh = True
        self._file.execute("PRAGMA synchronous = OFF")  # it takes its place once it is whole
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("BEGIN")
        for statement in filter(str.strip, _TABLES.split(";")):
            self._file.execute(statement)
        for name, columns in _COUNTS.items():
            keys = ", ".join(columns)
            self._file.execute(f"CREATE TABLE {name} ({keys}, n INT, PRIMARY KEY ({keys})) WITHOUT ROWID")

    def begin(self) -> None:
        """Begin to change what is there."""
        self._file.execute("BEGIN IMMEDIATE")

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """The answer to a question."""
        return self._file.execute(question, values).fetchall()

    def many(self, question: str, values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
        """The answers for each of many values, for which `{}` stands in the question."""
        every = list(values)
        for at in range(0, len(every), _FEW):
            some = every[at : at + _FEW]
            yield from self._file.execute(question.format(", ".join("?" * len(some))), some)

    def change(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Change many rows."""
        self._file.executemany(statement, rows)

    def told(self, name: str) -> Any:
        """Something that was told; None if nothing was."""
        found = self.rows("SELECT value FROM told WHERE name = ?", name)
        return json.loads(zlib.decompress(found[0][0])) if found else None

    def tell(self, name: str, value: Any) -> None:
        """Tell something, as JSON."""
        content = zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), 1)
        self.change("INSERT OR REPLACE INTO told VALUES (?, ?)", [(name, content)])

    def tally(self, name: str, kind: int) -> Tally:
        """What is counted under a name of a kind, to be changed."""
        found = self._tallies.get((name, kind))
        if found is None:
            found = None if self._fresh else self.glance([(name, kind)]).get((name, kind))
            found = self._tallies[name, kind] = found or Tally(kind)
            if not self._fresh:
                found.begin()
        return found

    def of(self, iri: str) -> Tally:
        """What is counted of an IRI and of others of its name, to be changed. Raises UncountedError."""
        found = self._of.get(iri)
        if found is None:
            found = self._of[iri] = self.tally(*home(iri))
        return found

    @property
    def touched(self) -> dict[tuple[str, int], Tally]:
        """What was counted under names that may have changed."""
        return self._tallies

    def glance(self, names: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Tally]:
        """What is counted under names of kinds, as far as anything is; to be left as it is."""
        found: dict[tuple[str, int], Tally] = {}
        wanted = list(dict.fromkeys(names))
        for name, kind in wanted:
            if (name, kind) in self._tallies:
                found[name, kind] = self._tallies[name, kind]
                continue
            for (said,) in self._file.execute(
                "SELECT said FROM tally WHERE name = ? AND kind = ?", (counted(name), kind)
            ):
                found[name, kind] = Tally.read(kind, said)
        return found

    def write(self) -> None:
        """Bring the tables to what is in memory, so that questions see it."""
        gone = [(counted(name), kind) for (name, kind), each in self._tallies.items() if each.is_empty]
        rows = (
            (counted(name), kind, each.seen, int(each.linked), counted(each.label or ""), each.written())
            for (name, kind), each in sorted(self._tallies.items(), key=itemgetter(0))
            if not each.is_empty
        )
        if not self._fresh:
            self.change("DELETE FROM tally WHERE name = ? AND kind = ?", gone)
        self.change("INSERT OR REPLACE INTO tally VALUES (?, ?, ?, ?, ?, ?)", rows)
        for name, counts in self.counts.items():
            columns = _COUNTS[name]
            marks, same = ", ".join("?" * len(columns)), " AND ".join(f"{each} = ?" for each in columns)
            self.change(
                f"INSERT INTO {name} VALUES ({marks}, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",  # noqa: S608
                ((*key, number) for key, number in sorted(counts.items()) if number),
            )
            if not self._fresh:
                self.change(f"DELETE FROM {name} WHERE {same} AND n = 0", list(counts))  # noqa: S608
            counts.clear()

    def save(self) -> None:
        """End the transaction."""
        if self._fresh:
            for statement in filter(str.strip, _INDEXES.split(";")):
                self._file.execute(statement)
        self._file.execute("COMMIT")
        self._path.with_name(f"{self._path.name}{_SUM}").write_text(_sum(self._path), "ascii")


def is_whole(path: Path) -> bool:
    """Whether a file is there as it was saved."""
    try:
        return path.with_name(f"{path.name}{_SUM}").read_bytes() == _sum(path).encode("ascii")
    except OSError:
        return False


def replace(path: Path, new: Path) -> None:
    """Put a ledger that was saved in the place of another. Raises OSError."""
    forget(path)
    new.replace(path)
    new.with_name(f"{new.name}{_SUM}").replace(path.with_name(f"{path.name}{_SUM}"))


def forget(path: Path) -> None:
    """Remove a ledger, and what SQLite has beside it. Raises OSError."""
    for name in (f"{path.name}{_SUM}", path.name, f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def counted(name: str) -> bytes:
    """A text as a key: half a surrogate pair is no text for SQLite."""
    return name.encode("utf-8", "surrogatepass")


def text(key: bytes) -> str:
    """The text of a key."""
    return key.decode("utf-8", "surrogatepass")
