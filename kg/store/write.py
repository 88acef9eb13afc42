"""Writing a graph, whole: a crash leaves the old one or the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.store import directory, files
from kg.store.places import place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["prepare", "unwritable", "write"]


def write(graph: str | Path, lines: Iterable[str], *, fresh: bool = False) -> int:
    """Write N-Triples lines as a graph; gives the number of triples.

    A directory gets a new store in the place of its old one and keeps its other files. An RDF file is written
    only if there is none, or if `fresh`. Lines may repeat and come in any order: the same triples give the same
    graph, and the same bytes of a file.

    Raises GraphError if the place is taken, cannot be written, or is being written, or if a line is no triple.
    """
    prepare(graph, fresh=fresh)
    path, form = place(graph)
    try:
        if form is not None:
            return files.save(path, form, files.read_lines(lines))
        return directory.replace(path, _sorted(lines))
    except OSError as error:
        raise unwritable(path, error) from error
    except (SyntaxError, UnicodeEncodeError) as error:
        reason = " ".join(str(error).split())
        raise GraphError(f"{path}: nothing was written: not N-Triples: {reason}") from error


def prepare(graph: str | Path, *, fresh: bool = False) -> None:
    """Find out whether a graph could be written here, before the work is done; a new directory is made.

    Raises GraphError as `write` does.
    """
    path, form = place(graph)
    try:
        if form is None:
            directory.mark(path, fresh=fresh)
        elif path.exists() and not fresh:
            raise GraphError(
                f"{path} exists; an RDF file is written whole: "
                "add --fresh to replace it, or build into a directory to update it"
            )
    except OSError as error:
        raise unwritable(path, error) from error


def _sorted(lines: Iterable[str]) -> Iterable[str]:
    """Each line once, in order: where a sort on disk would go, if graphs outgrow the memory."""
    return sorted(set(lines))


def unwritable(path: Path, error: OSError) -> GraphError:
    """Say of a graph that it cannot be written, and why."""
    return GraphError(f"{path} cannot be written: {error.strerror or ' '.join(str(error).split())}")
