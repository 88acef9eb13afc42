"""Names in the raw lists and in annotated papers: the material of the vocabulary.

A name is compared by its key: no case, no hyphens, no plural ending.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.extract.tokens import LONGEST, Word, cut, key, windows, words
from kg.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["Usage", "count_corpus", "count_papers", "marked", "raw_names"]

LISTS = {
    "pwc_tasks": "Task",
    "sota_tasks": "Task",
    "nlptdms_tasks": "Task",
    "hf_tasks": "Task",
    "pwc_methods": "Method",
    "sota_models": "Method",
    "sota_datasets": "Dataset",
    "nlptdms_datasets": "Dataset",
    "tfds_datasets": "Dataset",
    "hf_datasets": "Dataset",
    "sota_metrics": "Metric",
    "nlptdms_metrics": "Metric",
    "openml_metrics": "Metric",
    "scirex_entities": "",
}
_TAIL = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")


@dataclass(slots=True)
class Usage:
    """How often a key is used, and as what."""

    surfaces: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    papers: set[str] = field(default_factory=set)
    seen: int = 0
    named: int = 0


def raw_names(folder: Path) -> Iterator[tuple[str, str, str, tuple[str, ...], str]]:
    """Each (list, kind, name, aliases, identifier) of the raw lists; a name "Long Form (LF)" gives the alias LF."""
    for source, kind in LISTS.items():
        for entry in json.loads((folder / f"{source}.json").read_text("utf-8")):
            name = (
                " ".join(entry["name"].replace("_", " ").split())
                if "tfds" in source or "openml" in source
                else entry["name"]
            )
            aliases = []
            if tail := _TAIL.match(name):
                name, alias = tail[1], tail[2]
                if "".join(word[0] for word in re.split(r"[\s-]+", name) if word).casefold() == alias.casefold():
                    aliases.append(alias)
            yield source, kind or entry["type"], " ".join(name.split()), tuple(aliases), _identifier(source, entry)


def _identifier(source: str, entry: dict[str, str]) -> str:
    if source == "pwc_tasks":
        return "https://linkedpaperswithcode.com/task/" + entry["uri"].rsplit("/", 1)[-1]
    if source == "pwc_methods":
        return entry["uri"]
    if source == "hf_datasets" and entry.get("pwc_id"):
        return "https://linkedpaperswithcode.com/dataset/" + entry["pwc_id"]
    return ""


def count_papers(rows: Iterable[Mapping[str, object]], keys: set[str]) -> dict[str, Usage]:
    """How annotated papers use each of the keys and whatever else they name.

    `seen` counts the places where the key stands on its own, `named` those that the annotator marked.
    """
    rows = list(rows)
    usage: dict[str, Usage] = defaultdict(Usage)
    docs = [(row, name, words(cut(str(row[name])))) for row in rows for name in FIELDS]
    for row, name, units in docs:
        for first, last, mention in marked(row, name, units):
            used = usage[key([word.text for word in units[first : last + 1]])]
            used.named += 1
            used.kinds[mention["type"]] += 1
            used.surfaces[mention["text"]] += 1
            used.papers.add(str(row["id"]))
    keys = keys | set(usage)
    for row, name, units in docs:
        inside = {i for first, last, _ in marked(row, name, units) for i in range(first, last + 1)}
        spans = {(first, last) for first, last, _ in marked(row, name, units)}
        for first, last, found in windows(units):
            if found in keys and ((first, last) in spans or not inside & {first, last}):
                usage[found].seen += 1
    return dict(usage)


def marked(row: Mapping[str, object], name: str, units: Sequence[Word]) -> list[tuple[int, int, dict[str, str]]]:
    """The (first, last, mention) of the annotated mentions that consist of whole units."""
    starts = {word.start: i for i, word in enumerate(units)}
    ends = {word.end: i for i, word in enumerate(units)}
    mentions: list[Mapping[str, object]] = row["mentions"]  # type: ignore[assignment]
    return [
        (starts[m["start"]], ends[m["end"]], m)  # type: ignore[misc]
        for m in mentions
        if m["field"] == name and m["start"] in starts and m["end"] in ends
    ]


def count_corpus(
    paths: Sequence[Path], keys: set[str], excluded: set[str], *, every: int = 2
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """In how many abstracts each written form of the keys occurs, and each word in lower case.

    Reads every `every`-th abstract of the corpora and none of the excluded papers.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    lower: Counter[str] = Counter()
    beginnings = {name[: at.end()] for name in keys for at in re.finditer(" ", name)}
    for abstract in _abstracts(paths, excluded, every):
        units = words(cut(abstract))
        lower.update({word.text for word in units if word.text.islower()})
        for name, surface in set(_found(units, keys, beginnings)):
            forms[name][surface] += 1
    return dict(forms), lower


def _found(units: Sequence[Word], keys: set[str], beginnings: set[str]) -> Iterator[tuple[str, str]]:
    """Each (key, written form) of the keys in a text: `windows`, but ends where no key goes on."""
    for first in range(len(units)):
        begun = ""
        for last in range(first, min(first + LONGEST, len(units))):
            word = units[last]
            if last > first and word.starts:
                break
            if (name := begun + key([word.text])) in keys:
                yield name, " ".join(each.text for each in units[first : last + 1])
            begun += word.text.casefold().replace("-", " ").replace("_", " ") + " "
            if begun not in beginnings:
                break


def _abstracts(paths: Sequence[Path], excluded: set[str], every: int) -> Iterator[str]:
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % every == 0 and (paper := json.loads(line))["id"] not in excluded and paper["abstract"]:
                    yield paper["abstract"]
