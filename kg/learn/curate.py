"""Curates the vocabulary of `ontologies/` out of the raw name lists.

Run as `python -m kg.learn.curate LISTS TRAIN.jsonl EXCLUDED.txt CORPUS.jsonl.gz…`: LISTS is the folder of raw lists,
TRAIN the annotated papers that show which names are used as names. A name stays out when the papers use it
mostly as an ordinary word, when it is one short or common word that no annotated paper marks, when annotated
papers mark it as another kind, or when `ontologies/decisions.tsv` drops it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kg.extract.tokens import compact, key, shape
from kg.learn.names import Usage, count_corpus, count_papers, raw_names
from kg.model import KINDS
from kg.ontology import folder
from kg.terms import node, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Evidence", "Name", "curate", "write"]

_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "kg": "https://w3id.org/ml-kg/ontology#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_BASE = "https://w3id.org/ml-kg/"
_ORDINARY, _COMMON, _SHORT, _LONG, _FEW, _MOST_WORDS, _TWO, _OWNED = 0.35, 20, 3, 60, 3, 6, 2, 0.7
_STRICT = ("sota_models", "sota_metrics", "nlptdms_metrics", "openml_metrics")


@dataclass(slots=True)
class Evidence:
    """What annotated papers and the corpus say of names, by key."""

    usage: Mapping[str, Usage]
    forms: Mapping[str, Counter[str]]
    lower: Mapping[str, int]


@dataclass(slots=True)
class Name:
    """An entity in the making."""

    kind: str
    names: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    label: str = ""


def curate(  # noqa: C901 - three sources, one after the other, into one table
    raw: Iterable[tuple[str, str, str, tuple[str, ...], str]],
    rows: Iterable[Mapping[str, object]],
    evidence: Evidence,
    decisions: Iterable[tuple[str, str, str, tuple[str, ...]]],
) -> list[Name]:
    """The entities of the vocabulary, each name in one of them only."""
    decisions = list(decisions)
    dropped = {(kind, compact(n)) for action, kind, name, more in decisions if action == "drop" for n in (name, *more)}
    entities: dict[tuple[str, str], Name] = {}
    owner: dict[str, tuple[str, str]] = {}

    def add(kind: str, label: str, names: Iterable[str], source: str, link: str = "") -> None:
        group = [n for n in dict.fromkeys((label, *names)) if n.strip() and (kind, compact(n)) not in dropped]
        if not group or group[0] != label:
            return
        home = owner.get(compact(label), (kind, compact(label)))
        if home[0] != kind:
            return
        entity = entities.setdefault(home, Name(kind))
        entity.sources.add(source)
        entity.links |= {link} - {""}
        for name in group:
            if owner.setdefault(compact(name), home) == home:
                entity.names[name] += 1

    for action, kind, name, more in decisions:
        if action != "drop":
            add(kind, name, more, "kg")
            entities[owner[compact(name)]].label = name
    for kind, label, names in _annotated(rows, evidence):
        add(kind, label, names, "annotated")
    for source, kind, name, aliases, link in raw:
        if kind in KINDS and accepted(source, kind, name, evidence):
            add(kind, name, [a for a in aliases if accepted(source, kind, a, evidence)], source, link)
    for entity in entities.values():
        entity.label = entity.label or _label(entity, evidence)
    return sorted(entities.values(), key=lambda entity: (entity.kind, entity.label))


def accepted(source: str, kind: str, name: str, evidence: Evidence) -> bool:
    """Whether a name of a raw list is one that papers use as such."""
    units = name.split()
    if not units or len(name) > _LONG or len(units) > _MOST_WORDS or not name.isprintable():
        return False
    found = key(units)
    used, forms = evidence.usage.get(found, Usage()), evidence.forms.get(found, Counter())
    if used.seen >= _FEW and used.named / used.seen < _ORDINARY:
        return False
    if used.kinds:
        return used.kinds.most_common(1)[0][0] == kind
    if source in _STRICT or (source == "scirex_entities" and kind in ("Metric", "Method")):
        return False
    if len(units) == 1:
        return (
            shape(name) == "name"
            and len(name) > _SHORT
            and evidence.lower.get(name.casefold(), 0) < _COMMON
            and (source != "hf_datasets" or forms.total() >= _FEW)
        )
    return source.startswith(("pwc", "nlptdms", "hf_tasks", "sota_tasks")) or forms.total() >= _FEW


def _annotated(rows: Iterable[Mapping[str, object]], evidence: Evidence) -> list[tuple[str, str, list[str]]]:
    """Entities that two annotated papers or more name, with the aliases that two or more give to them alone."""
    papers: dict[tuple[str, str], set[str]] = defaultdict(set)
    labels: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    surfaces: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in rows:
        entities: list[dict[str, object]] = row["entities"]  # type: ignore[assignment]
        for entity in entities:
            canonical, kind = str(entity["canonical"]), str(entity["type"])
            home = (kind, key(canonical.split()))
            papers[home].add(str(row["id"]))
            labels[home][canonical] += 1
            for alias in {canonical, *entity["aliases"]}:  # type: ignore[misc]
                surfaces[key(str(alias).split())][home] += 1
    found = []
    for home, ids in sorted(papers.items(), key=lambda item: (-len(item[1]), item[0])):
        used = evidence.usage.get(home[1], Usage())
        if len(ids) < _TWO or (used.seen >= _FEW and used.named / used.seen < _ORDINARY):
            continue
        if used.kinds and used.kinds.most_common(1)[0][0] != home[0]:
            continue
        aliases = [
            evidence.usage[alias].surfaces.most_common(1)[0][0]
            for alias, homes in sorted(surfaces.items())
            if homes[home] > 1
            and homes[home] / homes.total() > _OWNED
            and alias != home[1]
            and alias in evidence.usage
            and evidence.usage[alias].named / evidence.usage[alias].seen >= _ORDINARY
        ]
        found.append((home[0], min(labels[home], key=lambda name: (-labels[home][name], name)), aliases))
    return found


def _label(entity: Name, evidence: Evidence) -> str:
    """The first name in the form that papers write most; a common noun has no capital."""
    name = next(iter(entity.names))
    forms = evidence.forms.get(key(name.split()), Counter())
    plain = {form: n for form, n in forms.items() if len(form) <= len(name)}
    if plain and (entity.kind != "Dataset" or name.islower()):
        return min(plain, key=lambda form: (-plain[form], form))
    if entity.kind == "Task":
        return " ".join(word if shape(word) == "name" else word.lower() for word in name.split())
    return name


def write(entities: Iterable[Name], target: Path) -> None:
    """One Turtle file for each kind."""
    entities = list(entities)
    for kind in KINDS:
        homes = {compact(name): e for e in entities if e.kind == kind for name in (e.label, *e.names)}
        chosen = sorted((e for e in entities if e.kind == kind), key=lambda e: slug(e.label))
        head = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in _PREFIXES.items()]
        head.append(f"@prefix : <{_BASE}{kind.lower()}/> .\n")
        head.insert(
            0, f"# {len(chosen)} entities, made by kg/learn/curate.py; sources and licences: ontologies/SOURCES.md"
        )
        (target / f"{kind.lower()}s.ttl").write_text(
            "\n".join([*head, *(_turtle(e, broader(e, homes)) for e in chosen)]), "utf-8"
        )


def broader(entity: Name, homes: Mapping[str, Name]) -> Name | None:
    """The entity whose name this one's ends with: multi-hop question answering is question answering.

    Of tasks and methods only, and the longest such name; one word alone says too little of a method.
    """
    words = entity.label.split()
    least = {"Task": 1, "Method": 2}.get(entity.kind, len(words))
    for size in range(len(words) - 1, least - 1, -1):
        wider = homes.get(compact(" ".join(words[-size:])))
        if wider is not None and wider.label != entity.label and wider.label == " ".join(words[-size:]):
            return wider
    return None


def _turtle(entity: Name, wider: Name | None) -> str:
    def text(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    types = f"kg:{entity.kind}, skos:Concept" + (", schema:Dataset" if entity.kind == "Dataset" else "")
    lines = [f"{node(entity.kind.lower(), slug(entity.label))} a {types}", f"skos:prefLabel {text(entity.label)}"]
    aliases: dict[str, str] = {}
    for name in sorted(entity.names):
        if compact(name) != compact(entity.label):
            aliases.setdefault(compact(name), name)
    if aliases:
        lines.append("skos:altLabel " + ", ".join(text(name) for name in aliases.values()))
    lines.append(f"skos:inScheme <{_BASE}scheme/{entity.kind.lower()}>")
    if wider:
        lines.append(f"skos:broader {node(wider.kind.lower(), slug(wider.label))}")
    if entity.links:
        lines.append("skos:closeMatch " + ", ".join(f"<{quote(link, safe=':/#%')}>" for link in sorted(entity.links)))
    lines.append("dcterms:source " + ", ".join(map(text, sorted(entity.sources))))
    return " ;\n  ".join(lines) + " .\n"


def _decisions() -> list[tuple[str, str, str, tuple[str, ...]]]:
    rows = [line.split("\t") for line in (folder() / "decisions.tsv").read_text("utf-8").splitlines()]
    return [
        (r[0], r[1], r[2], tuple(n for n in "".join(r[3:]).split("|") if n)) for r in rows if not r[0].startswith("#")
    ]


def main(lists: str, train: str, excluded: str, *corpora: str) -> None:
    """Count, curate, write."""
    raw = list(raw_names(Path(lists)))
    rows = [json.loads(line) for line in Path(train).read_text("utf-8").splitlines()]
    keys = {key(n.split()) for _, _, name, aliases, _ in raw for n in (name, *aliases) if n.split()}
    usage = count_papers(rows, keys)
    barred = set(Path(excluded).read_text("utf-8").split())
    forms, lower = count_corpus([Path(path) for path in corpora], keys | set(usage), barred)
    write(curate(raw, rows, Evidence(usage, forms, lower), _decisions()), folder())


if __name__ == "__main__":
    main(*sys.argv[1:])
