"""Where the corrections of a graph are kept: in its directory, or beside its RDF file.

A directory also keeps a copy of the corrections that many graphs share, if it was built with some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import CorrectionError
from kg.ground.corrections import HEADER, check, line, parse
from kg.store.kept import written
from kg.store.places import place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.ground.corrections import Correction

__all__ = ["add", "corrections_file", "keep_shared", "load", "load_all", "remove", "save"]

_OWN, _SHARED = "corrections.tsv", "corrections.shared.tsv"


def corrections_file(graph: str | Path) -> Path:
    """The file of a graph's own corrections, which need not exist. Raises GraphError if the name is no graph's."""
    path, form = place(graph)
    return path / _OWN if form is None else path.with_name(f"{path.name}.{_OWN}")


def load(path: Path) -> list[Correction]:
    """The corrections of a file, none if there is no such file. Raises CorrectionError with the line at fault."""
    try:
        return parse(path.read_text("utf-8"), str(path))
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise CorrectionError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise CorrectionError(f"{path}: {error.strerror}: name a file of corrections") from error


def load_all(graph: str | Path, shared: Path | None = None) -> list[Correction]:
    """The corrections that a build applies: the shared ones, then the graph's own; each once.

    Raises CorrectionError if one cannot be read, or contradicts another.
    """
    if shared is not None and not shared.exists():
        raise CorrectionError(f"{shared}: no such file: check the name")
    path, form = place(graph)
    common = shared if shared is not None or form is not None else path / _SHARED
    found = list(dict.fromkeys([*(load(common) if common else ()), *load(corrections_file(graph))]))
    check(found)
    return found


def keep_shared(directory: Path, shared: Path) -> None:
    """Keep a copy of shared corrections in a directory, for its later builds."""
    text = shared.read_text("utf-8")
    if shared.resolve() != (directory / _SHARED).resolve():
        written(directory / _SHARED, text.encode())


def save(path: Path, corrections: Sequence[Correction]) -> None:
    """Write the corrections of a graph whole; what others wrote between them as a comment is kept at the top."""
    check(corrections)
    comments = HEADER
    if path.exists():
        notes = [row for row in path.read_text("utf-8").splitlines() if row.startswith("#")]
        comments = "".join(f"{note}\n" for note in notes) or HEADER
    waiting = path.with_name(f".{path.name}")
    waiting.write_text(comments + "".join(f"{line(each)}\n" for each in corrections), "utf-8", newline="\n")
    waiting.replace(path)


def add(graph: str | Path, correction: Correction) -> int:
    """Write one more correction of a graph; gives its number. One that is there already is not written again.

    Raises CorrectionError if it contradicts another, or a shared one.
    """
    path = corrections_file(graph)
    own = load(path)
    if correction in own:
        return own.index(correction) + 1
    check([*(each for each in load_all(graph) if each not in own), *own, correction])
    save(path, [*own, correction])
    return len(own) + 1


def remove(graph: str | Path, number: int) -> Correction:
    """Take a correction of a graph back, by its number from 1. Raises CorrectionError if there is none."""
    path = corrections_file(graph)
    own = load(path)
    if not 1 <= number <= len(own):
        counted = f"there {'is' if len(own) == 1 else 'are'} {len(own)}: kg fix {graph} list shows them"
        raise CorrectionError(f"no correction {number}: {counted}")
    gone = own.pop(number - 1)
    save(path, own)
    return gone
