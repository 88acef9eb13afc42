"""Files of papers, read once each: what was read is kept in the graph directory under the digest of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg import sources
from kg.engine import digests
from kg.errors import GraphError, SourceError
from kg.model import Paper, Rejected
from kg.sources.files import digest
from kg.store import kept
from kg.store.kept import Origin
from kg.terms import digest as digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.engine.watch import Watch

__all__ = ["Listings", "collected", "papers"]

_SHORTEST = 6  # digits of a digest that name a source


def papers(
    paths: Sequence[Path],
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    columns: Mapping[str, str] | None = None,
) -> Iterator[Paper | Rejected]:
    """The papers of all files, those in directories and of patterns too, each file once.

    A file that cannot be read at all, or not to its end, is one `Rejected` with line 0.
    """
    for path in sources.expand(paths).paths:
        try:
            yield from sources.read(path, format=format, columns=columns)
        except SourceError as error:
            yield Rejected(str(path), 0, str(error).removeprefix(f"{path}: "))


def collected(paths: Sequence[Path], form: str, columns: Mapping[str, str] | None, watch: Watch) -> _Found:
    """What the files hold, by their digests; and the files that cannot be read."""
    found, failed = dict[str, Origin](), list[Rejected]()
    for path in sources.expand(paths).paths:
        origin, whole = _read(path, form, columns, watch)
        failed += whole
        if origin is not None:
            found[origin.sha256] = origin
    return found, failed


_Found = tuple[dict[str, Origin], list[Rejected]]


def _read(
    path: Path, form: str, columns: Mapping[str, str] | None, watch: Watch
) -> tuple[Origin | None, list[Rejected]]:
    good, rejects, failed = list[Paper](), list[Rejected](), list[Rejected]()
    for count, item in enumerate(papers([path], format=form, columns=columns), start=1):
        if isinstance(item, Paper):
            good.append(item)
        elif item.line:
            rejects.append(item)
        else:
            failed.append(item)
        watch("reading papers", count, None, len(rejects))
    if not good and not rejects:
        return None, failed
    name = good[0].source.format if good else sources.detect(path) if form == "auto" else form
    return Origin(digest(path), name, good, rejects), failed


class Listings:
    """The sources of a graph directory by the names that they are kept under; a file is read when it is new.

    A source is known by what its file holds, never by its path, and by how it was read. A `fresh` one is read anew.
    """

    def __init__(self, directory: Path, before: Iterable[str], watch: Watch, *, fresh: bool = False) -> None:
        self._directory, self._fresh = directory, fresh
        self._watch = watch
        self._names = list(before)
        self._read: dict[str, Origin] = {}

    @property
    def names(self) -> list[str]:
        """The names of the sources, in an order that does not depend on when they were read."""
        return sorted(self._names)

    def add(self, path: Path, form: str, columns: Mapping[str, str] | None) -> list[Rejected]:
        """Take a file in; gives the reason if it cannot be read, or not to its end."""
        try:
            sha256 = digest(path)
        except SourceError as error:
            return [Rejected(str(path), 0, str(error).removeprefix(f"{path}: "))]
        how = digest_of(form, repr(sorted((columns or {}).items())), digests.reading())
        name = f"{sha256}-{how[:8]}"
        if self._fresh or not kept.holds(self._directory, name):
            origin, failed = _read(path, form, columns, self._watch)
            if origin is None:
                return failed
            if origin.sha256 != sha256:
                return [Rejected(str(path), 0, "it changed while it was read: wait until it is complete")]
            origin.failed = failed
            kept.keep(self._directory, name, origin)
            self._read[name] = origin
        else:
            failed = kept.failures(self._directory, name)
        self._names = [other for other in self._names if not other.startswith(sha256)] + [name]
        return [replace(each, source=str(path)) for each in failed]

    def remove(self, source: Path) -> None:
        """Take a source out: a file, or the first digits of its digest. Raises GraphError if there is none."""
        given = digest(source) if source.exists() else str(source).lower()
        gone = [name for name in self._names if len(given) >= _SHORTEST and name.startswith(given)]
        if len({name.partition("-")[0] for name in gone}) != 1:
            told = "names several sources" if gone else "is no source"
            raise GraphError(
                f"{source} {told} of {self._directory}: kg stats {self._directory} shows the digests of its sources"
            )
        self._names = [name for name in self._names if name not in gone]

    def load(self) -> dict[str, Origin]:
        """The papers of all sources, by digest. Raises GraphError where they are damaged."""
        found = {origin.sha256: origin for origin in map(self.origin, self.names)}
        self._read.clear()
        return found

    def origin(self, name: str) -> Origin:
        """The papers of one source, by its name. Raises GraphError where they are damaged."""
        return self._read[name] if name in self._read else kept.load(self._directory, name)
