"""Annotation without text: puts the titles and abstracts of a corpus back under annotation that is kept apart.

Run as `python -m kg.learn.standoff ANNOTATION.jsonl CORPUS.jsonl.gz… ANNOTATED.jsonl`. Each line of ANNOTATION is a
paper: its `id`, the `text` that was annotated (the first 16 digits of the SHA-256 of title, line feed, abstract),
`mentions` as [field, start, end, entity] with t or a for the field, and `entities` as [kind, relations] with a
question mark after the kind of one that a careful second reader might leave out. What is written is what `kg train`
and `kg evaluate` read; a paper whose text has changed is left out and counted.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.learn.annotated import read
from kg.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["attached", "detached", "main"]

_FIELDS: Final = dict(zip("ta", FIELDS, strict=True))
_DIGITS: Final = 16


def detached(row: Mapping[str, Any], entities: Iterable[tuple[str, Iterable[str], bool]]) -> dict[str, Any]:
    """An annotated paper without its text. Each mention bears the number of its `entity`: kind, relations, optional."""
    letters = {field: letter for letter, field in _FIELDS.items()}
    return {
        "id": row["id"],
        "text": _digest(row),
        "mentions": [[letters[m["field"]], m["start"], m["end"], m["entity"]] for m in row["mentions"]],
        "entities": [[kind + "?" * optional, list(relations)] for kind, relations, optional in entities],
    }


def attached(apart: Mapping[str, Any], paper: Mapping[str, Any]) -> dict[str, Any] | None:
    """The annotated paper, as `kg train` reads it; None if its text is not the one that was annotated.

    An entity is called by the first of its mentions, and the others are its aliases. It is marked as of the
    `second` annotation, of which training keeps nothing aside.
    """
    text: dict[str, str] = {field: paper.get(field) or "" for field in FIELDS}
    if _digest(text) != apart["text"]:
        return None
    names: dict[int, dict[str, None]] = {}
    mentions = []
    for letter, start, end, entity in apart["mentions"]:
        field, kind = _FIELDS[letter], apart["entities"][entity][0]
        names.setdefault(entity, {})[text[field][start:end]] = None
        mention = {"field": field, "start": start, "end": end, "type": kind.rstrip("?")}
        mention["canonical"] = next(iter(names[entity]))
        mentions.append(mention | ({"optional": True} if kind.endswith("?") else {}))
    entities = [
        {"canonical": first, "type": kind.rstrip("?"), "relations": relations, "aliases": others}
        | ({"optional": True} if kind.endswith("?") else {})
        for number, (kind, relations) in enumerate(apart["entities"])
        if number in names
        for first, *others in [list(names[number])]
    ]
    return {"id": apart["id"], **text, "second": True, "mentions": mentions, "entities": entities}


def _digest(text: Mapping[str, Any]) -> str:
    return hashlib.sha256("\n".join(text[field] for field in FIELDS).encode()).hexdigest()[:_DIGITS]


def _papers(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def main(annotation: str, *paths: str) -> None:
    """Write the annotated papers whose text one of the corpora has, in the order of the annotation."""
    apart = {row["id"]: row for row in read(Path(annotation))}
    found: dict[str, dict[str, Any]] = {}
    for paper in _papers(map(Path, paths[:-1])):
        key = str(paper.get("id"))
        if key in apart and key not in found and (row := attached(apart[key], paper)) is not None:
            found[key] = row
    with Path(paths[-1]).open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(found[key], ensure_ascii=False) + "\n" for key in apart if key in found)
    sys.stderr.write(f"{len(found)} of {len(apart)} papers found with the text that was annotated\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
