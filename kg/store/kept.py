"""What a graph directory keeps beside its store: the papers as they were read, the rejects, a log.

`papers.jsonl` and `sources.json` are what the next build adds to; `rejects.jsonl` is for people; `builds.log`
tells when and from which files. Only the log knows a clock or a path of papers that were read.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kg.annotation import Annotation, Figure, Marked, Stated
from kg.errors import GraphError
from kg.model import Declared, DeclaredClaim, DeclaredResult, Listing, Paper, Rejected, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["Kept", "Origin", "load", "log", "save", "save_rejects"]

_PAPERS, _SOURCES, _REJECTS, _LOG = "papers.jsonl", "sources.json", "rejects.jsonl", "builds.log"


@dataclass(slots=True)
class Origin:
    """A file that was read: its format, its papers, and the records of it that are none."""

    format: str
    papers: list[Paper] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)


Kept = dict[str, Origin]
"""The files behind a graph by their SHA-256."""


def load(directory: Path) -> Kept:
    """What earlier builds read; empty for a new directory. Raises GraphError where it is damaged."""
    if not (directory / _SOURCES).exists():
        return {}
    try:
        rows = json.loads((directory / _SOURCES).read_text("utf-8"))
        kept = {
            sha256: Origin(row["format"], rejects=[Rejected(**reject) for reject in row["rejects"]])
            for sha256, row in rows.items()
        }
        with (directory / _PAPERS).open(encoding="utf-8", newline="\n") as lines:
            for paper in map(_paper, map(json.loads, lines)):
                kept[paper.source.sha256].papers.append(paper)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(f"{directory}: what earlier builds kept is damaged: build again with --fresh") from error
    return kept


def save(directory: Path, kept: Kept) -> None:
    """Keep what was read, each file whole or as it was before."""
    order = sorted(kept)
    papers = (_line(_row(paper)) for sha256 in order for paper in kept[sha256].papers)
    _write(directory / _PAPERS, papers)
    rows = {s: {"format": kept[s].format, "rejects": [asdict(r) for r in kept[s].rejects]} for s in order}
    _write(directory / _SOURCES, [json.dumps(rows, ensure_ascii=True, indent=1)])
    save_rejects(directory / _REJECTS, [reject for sha256 in order for reject in kept[sha256].rejects])


def save_rejects(path: Path, rejects: Sequence[Rejected]) -> None:
    """Write the records that are no papers, one JSON object a line; no file if there are none."""
    if rejects:
        _write(path, (_line(asdict(reject)) for reject in rejects))
    else:
        path.unlink(missing_ok=True)


def log(directory: Path, paths: Iterable[Path], told: dict[str, object]) -> None:
    """Add a line to the log of builds."""
    row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "sources": [str(path) for path in paths], **told}
    with (directory / _LOG).open("a", encoding="utf-8") as lines:
        lines.write(_line(row) + "\n")


def _row(paper: Paper) -> dict[str, object]:
    row = asdict(paper)
    if paper.annotation is None:
        del row["annotation"]
    return row


def _line(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=True)


def _write(path: Path, lines: Iterable[str]) -> None:
    waiting = path.with_name(f".{path.name}")
    with waiting.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    waiting.replace(path)


def _paper(row: dict[str, Any]) -> Paper:
    source = row.pop("source")
    listing = source.pop("listing")
    if listing is not None:
        listing = Listing(**{**listing, "slugs": tuple(listing["slugs"])})
    declared = row.pop("declared")
    stated = row.pop("annotation", None)
    pairs = {name: tuple((a, b) for a, b in row.pop(name)) for name in ("ids", "urls")}
    return Paper(
        **{**row, **pairs, "authors": tuple(row["authors"])},
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
