"""Lets a shipped model annotate unlabelled papers, for another one to learn from.

Run as `python -m kg.learn.silver MODEL COUNT EXCLUDED.txt CORPUS.jsonl.gz… SILVER.jsonl`: COUNT papers, chosen by the
hash of their identifier, none whose identifier or lower-case title is a line of EXCLUDED. What the model is sure of
becomes a mention; what it half believes is left open, as annotators do with an optional name (Yarowsky, ACL 1995;
knowledge distillation: Hinton, Vinyals and Dean, 2015).
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.extract.evidence import weigh
from kg.extract.features import units
from kg.extract.network import load
from kg.extract.tagger import weighed
from kg.model import FIELDS, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.extract.evidence import Weighed
    from kg.extract.features import Unit

__all__ = ["annotated", "chosen", "main"]

_SURE: Final = 0.55
_OPEN: Final = 0.15
_LONGEST: Final = 600


def chosen(paths: Iterable[Path], count: int, excluded: frozenset[str]) -> list[Mapping[str, Any]]:
    """The papers of a corpus whose identifiers have the smallest hashes."""

    def papers() -> Iterator[tuple[str, Mapping[str, Any]]]:
        for path in paths:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for paper in map(json.loads, lines):
                    title = (paper.get("title") or "").strip()
                    known = paper["id"] in excluded or title.casefold() in excluded
                    if paper.get("abstract") and not known:
                        yield hashlib.sha256(paper["id"].encode()).hexdigest(), paper

    return [paper for _, paper in heapq.nsmallest(count, papers(), key=lambda pair: pair[0])]


def annotated(paper: Mapping[str, Any], model: str) -> dict[str, Any] | None:
    """A paper with the mentions that a model finds; None if it is too long to learn from."""
    row = units([Text("", field, "", paper.get(field) or "") for field in FIELDS])
    if not 0 < len(row) <= _LONGEST:
        return None
    found = list(weighed(row, load(model), model))
    sure = weigh(found, _SURE)
    taken = {place for each in sure for place in range(each.span.first, each.span.last + 1)}
    half = [each for each in found if each.confidence >= _OPEN and taken.isdisjoint(_places(each))]
    mentions = [_mention(row, each, optional=False) for each in sure]
    mentions += [_mention(row, each, optional=True) for each in half]
    return {field: paper.get(field) or "" for field in FIELDS} | {"silver": True, "mentions": mentions}


def _places(each: Weighed) -> range:
    return range(each.span.first, each.span.last + 1)


def _mention(row: list[Unit], each: Weighed, *, optional: bool) -> dict[str, Any]:
    first, last = row[each.span.first], row[each.span.last]
    place = {"field": first.text.field, "start": first.start, "end": last.end, "type": each.span.kind}
    return place | ({"optional": True} if optional else {})


def main(model: str, count: str, excluded: str, *paths: str) -> None:
    """Write the annotated papers."""
    barred = frozenset(line.strip() for line in Path(excluded).read_text("utf-8").splitlines())
    with Path(paths[-1]).open("w", encoding="utf-8") as out:
        for paper in chosen(map(Path, paths[:-1]), int(count), barred):
            if (row := annotated(paper, model)) is not None:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
