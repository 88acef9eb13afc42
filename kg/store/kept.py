"""What a graph directory keeps beside its store: the papers as they were read, the rejects, a log.

`papers/` has a file for each source, which is written once and never changed: the papers and rejects as JSON Lines, and
a last line that says whose they are, so that a torn file is known for one. `rejects.jsonl` is for people; `builds.log`
tells when and from which files. Only the log knows a clock or a path of papers that were read.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from kg.annotation import Annotation, Figure, Marked, Stated
from kg.errors import GraphError
from kg.model import Declared, DeclaredClaim, DeclaredResult, Listing, Paper, Rejected, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "Origin",
    "drop",
    "failures",
    "holds",
    "keep",
    "lines",
    "load",
    "log",
    "paper",
    "rejects",
    "save_rejects",
    "written",
]

_PAPERS, _REJECTS, _LOG = "papers", "rejects.jsonl", "builds.log"
_FORMER: Final = ("papers.jsonl", "sources.json")  # of the first layout
_LEVEL: Final = 1


@dataclass(slots=True)
class Origin:
    """A file that was read: its digest, its format, its papers, and the records of it that are none.

    `failed` says why it could not be read to its end.
    """

    sha256: str
    format: str
    papers: list[Paper] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    failed: list[Rejected] = field(default_factory=list)


def holds(directory: Path, name: str) -> bool:
    """Whether the papers of a source are kept under a name."""
    return _path(directory, name).exists()


def load(directory: Path, name: str) -> Origin:
    """The papers of a source. Raises GraphError where the file is damaged."""
    papers, rejected = list[Paper](), list[Rejected]()
    try:
        with gzip.open(_path(directory, name), "rt", encoding="ascii") as lines:
            for line in lines:
                row = json.loads(line)
                if "end" in row:
                    return Origin(row["end"], row["format"], papers, rejected)
                if "reason" in row:
                    rejected.append(Rejected(**row))
                else:
                    papers.append(_paper(row))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise GraphError(f"{directory}: what earlier builds kept is damaged: build again with --fresh") from error
    raise GraphError(f"{directory}: what earlier builds kept is damaged: build again with --fresh")


def lines(directory: Path, name: str) -> list[bytes]:
    """The papers of a source, unread, each at its place in `load`. Raises GraphError where the file is damaged."""
    try:
        return gzip.decompress(_path(directory, name).read_bytes()).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise GraphError(f"{directory}: what earlier builds kept is damaged: build again with --fresh") from error


def paper(line: bytes) -> Paper:
    """A paper of `lines`."""
    return _paper(json.loads(line))


def keep(directory: Path, name: str, origin: Origin) -> None:
    """Keep what was read from a source: all of it or nothing. Raises OSError."""
    path = _path(directory, name)
    path.parent.mkdir(exist_ok=True)
    _failed(directory, name).unlink(missing_ok=True)
    if origin.failed:
        written(_failed(directory, name), json.dumps([asdict(each) for each in origin.failed]).encode("ascii"))
    waiting = path.with_name(f".{path.name}")
    with (
        waiting.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
    ):
        for row in (*map(_row, origin.papers), *map(asdict, origin.rejects)):
            packed.write(f"{_line(row)}\n".encode("ascii"))
        packed.write(f"{_line({'end': origin.sha256, 'format': origin.format})}\n".encode("ascii"))
        packed.close()
        raw.flush()
        os.fsync(raw.fileno())
    waiting.replace(path)


def failures(directory: Path, name: str) -> list[Rejected]:
    """Why a source could not be read to its end; empty if it could. Raises GraphError where that is damaged."""
    try:
        return [Rejected(**each) for each in json.loads(_failed(directory, name).read_bytes())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise GraphError(f"{directory}: what earlier builds kept is damaged: build again with --fresh") from error


def written(path: Path, content: bytes) -> None:
    """Write a file whole, or leave the one that is there, whatever happens. Raises OSError."""
    waiting = path.with_name(f".{path.name}")
    try:
        with waiting.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    except OSError:
        waiting.unlink(missing_ok=True)
        raise


def drop(directory: Path, but: Iterable[str]) -> None:
    """Forget the sources that are not named."""
    kept = {path(directory, name).name for name in but for path in (_path, _failed)}
    for path in (directory / _PAPERS).glob("*"):
        if path.name not in kept:
            path.unlink()
    for name in _FORMER:
        (directory / name).unlink(missing_ok=True)


def rejects(directory: Path) -> list[Rejected]:
    """The records of the last build that are no papers."""
    try:
        with (directory / _REJECTS).open(encoding="utf-8", newline="\n") as lines:
            return [Rejected(**json.loads(line)) for line in lines]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise GraphError(f"{directory / _REJECTS} is damaged: remove it") from error


def save_rejects(path: Path, rejects: Sequence[Rejected]) -> None:
    """Write the records that are no papers, one JSON object a line; no file if there are none.

    A directory gets them under a name of its own.
    """
    path = path / _REJECTS if path.is_dir() else path
    if not rejects:
        path.unlink(missing_ok=True)
        return
    written(path, "".join(f"{_line(asdict(reject))}\n" for reject in rejects).encode("ascii"))


def log(directory: Path, paths: Iterable[Path], told: Mapping[str, object]) -> None:
    """Add a line to the log of builds."""
    row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "sources": [str(path) for path in paths], **told}
    with (directory / _LOG).open("a", encoding="utf-8") as lines:
        lines.write(_line(row) + "\n")


def _path(directory: Path, name: str) -> Path:
    return directory / _PAPERS / f"{name}.jsonl.gz"


def _failed(directory: Path, name: str) -> Path:
    return directory / _PAPERS / f"{name}.failed.json"


def _row(paper: Paper) -> dict[str, object]:
    row = {name: _plain(getattr(paper, name)) for name in _fields(Paper)}
    if paper.annotation is None:
        del row["annotation"]
    return row


def _plain(value: Any) -> Any:
    """Give a record as `dataclasses.asdict` does, without copies of what never changes."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return {name: _plain(getattr(value, name)) for name in _fields(value.__class__)}


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _line(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=True)


def _paper(row: dict[str, Any]) -> Paper:
    source = row.pop("source")
    listing = source.pop("listing")
    if listing is not None:
        listing = Listing(**{**listing, "slugs": tuple(listing["slugs"])})
    declared = row.pop("declared")
    stated = row.pop("annotation", None)
    pairs = {name: tuple((a, b) for a, b in row.pop(name)) for name in ("ids", "urls")}
    return Paper(
        **{**row, **pairs, "authors": tuple(row["authors"]), "versions": tuple(map(tuple, row.get("versions", ())))},
        source=Source(**source, listing=listing),
        declared=_declared(declared),
        annotation=None if stated is None else _annotation(stated),
    )


def _declared(row: dict[str, Any]) -> Declared:
    """What a source declares; an earlier version kept less of it."""
    texts = {name: tuple(row.get(name, ())) for name in ("tasks", "keywords", "repositories")}
    claims = (DeclaredClaim(**{**each, "aliases": tuple(each["aliases"])}) for each in row.get("claims", ()))
    results = tuple(DeclaredResult(**each) for each in row.get("results", ()))
    return Declared(**{**row, **texts, "claims": tuple(claims), "results": results})


def _annotation(row: dict[str, Any]) -> Annotation:
    lists = ("aliases", "predicates")
    return Annotation(
        mentions=tuple(Marked(**marked) for marked in row["mentions"]),
        entities=tuple(Stated(**{**each, **{name: tuple(each[name]) for name in lists}}) for each in row["entities"]),
        figures=tuple(
            Figure(**{**each, "span": tuple(each["span"]) if each["span"] else None}) for each in row["figures"]
        ),
    )
