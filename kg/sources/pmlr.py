"""Proceedings of Machine Learning Research: a page a paper, whose front matter in YAML says all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from kg.sources import files, records
from kg.sources.dates import iso
from kg.sources.records import LARGEST, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_post", "read"]

_FRONT: Final = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LAYOUT: Final = re.compile(r"^layout:[ \t]*['\"]?(?:in)?proceedings\b", re.MULTILINE)
_VOLUME: Final = re.compile(r"[rvRV]?[0-9]+")
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # texts, lists and mappings; nothing is made of a tag


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The paper of a page; what describes a volume is rejected."""
    return records.papers(path, sha256, "pmlr", iter([_record(files.text(path))]))


def is_post(text: str) -> bool:
    r"""Whether a text, or its beginning, has the front matter of a paper or a volume of the proceedings.

    >>> is_post("---\ntitle: A\nlayout: inproceedings\n---\n"), is_post("---\ntitle: A\nlayout: post\n---\n")
    (True, False)
    """
    return re.match(r"---[ \t]*\r?\n", text) is not None and _LAYOUT.search(text) is not None


def _record(text: str) -> Record:
    front = _FRONT.match(text)
    written = front[1] if front else text
    if len(written) > LARGEST:
        return Record(1, text, fault=f"a front matter of more than {LARGEST >> 20} MiB")
    try:
        found = yaml.load(written, Loader=_LOADER)  # noqa: S506 - the loader is a safe one
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        return Record(1, text, fault=f"not YAML: {error.problem}{line}")
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return Record(1, text, fault="not YAML that can be read")
    if not isinstance(found, dict):
        return Record(1, text, fault="its front matter is not a mapping")
    if found.get("layout") == "proceedings":
        return Record(1, text, fault="describes a volume, not a paper")
    return Record(1, text, _values(found))


def _values(found: Mapping[str, Any]) -> dict[str, object]:
    volume, key, date = (found.get(name) for name in ("volume", "id", "date"))
    is_named = isinstance(volume, str) and _VOLUME.fullmatch(volume) and isinstance(key, str) and key
    name = str(volume).lower() if is_named and not str(volume).isdecimal() else f"v{volume}"
    return {
        "title": found.get("title"),
        "abstract": found.get("abstract"),
        "authors": _authors(found.get("author")),
        "published": date if isinstance(date, str) and iso(date) else found.get("year"),
        "venue": found.get("container-title") or found.get("booktitle"),
        "url": f"https://proceedings.mlr.press/{name}/{key}.html" if is_named else found.get("url"),
        "pdf": found.get("pdf"),
        "doi": found.get("doi"),
        "arxiv": found.get("arxiv"),
        "openreview": found.get("openreview"),
        "id": key,
        "keywords": found.get("keywords"),
        "repository": found.get("software") or found.get("code"),
    }


def _authors(value: object) -> object:
    """The names, given name first; what is no list of authors is left for who reads the columns."""
    if not isinstance(value, list):
        return value
    return [_name(author) if isinstance(author, dict) else author for author in value]


def _name(author: Mapping[str, object]) -> str:
    parts = (author.get(name) for name in ("given", "prefix", "family", "suffix"))
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
