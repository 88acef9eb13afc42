"""Curates the vocabulary of `ontologies/` out of the raw name lists.

Run as `python -m kg.learn.curate LISTS TRAIN.jsonl EXCLUDED.txt CORPUS.jsonl.gz…`: LISTS is the folder of raw lists,
TRAIN the annotated papers that show which names are used as names. A name stays out when the papers use it
mostly as an ordinary word, when it is one short or common word that no annotated paper marks, when annotated
papers mark it as another kind, or when `ontologies/decisions.tsv` drops it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from kg.extract.tokens import compact, key, shape
from kg.learn.decisions import Decision, Decisions, read
from kg.learn.names import Usage, count_corpus, count_papers, raw_names
from kg.model import KINDS
from kg.ontology import VOCABULARIES, ambiguous, folder
from kg.terms import node, slug

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

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
    """An entity in the making; `links` says for each identifier under which name its list has it."""

    kind: str
    names: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    label: str = ""


def curate(
    raw: Iterable[tuple[str, str, str, tuple[str, ...], str]],
    rows: Iterable[Mapping[str, object]],
    evidence: Evidence,
    decisions: Decisions,
) -> list[Name]:
    """The entities of the vocabulary: a name is in one of a kind, and in one of another only by decision."""
    table = _Table(decisions)
    for each in decisions.groups:
        table.decide(each)
    for kind, label, names in _annotated(rows, evidence):
        table.add(kind, label, names, "annotated")
    for source, kind, name, aliases, link in raw:
        if kind in KINDS and accepted(source, kind, name, evidence):
            table.add(kind, name, [a for a in aliases if accepted(source, kind, a, evidence)], source, link)
    entities = [entity for entity in table.entities.values() if entity.names]
    for entity in entities:
        entity.label = entity.label or _label(entity, evidence)
        entity.sources = entity.sources or {"kg"}
    return sorted(entities, key=lambda entity: (entity.kind, entity.label))


class _Table:
    """The entities in the making, and which of them a name belongs to."""

    def __init__(self, decisions: Decisions) -> None:
        self.decisions = decisions
        self.entities: dict[tuple[str, str], Name] = {}
        self.owner: dict[tuple[str, str], tuple[str, str]] = {}
        self.kinds: dict[str, str] = {}

    def decide(self, decision: Decision) -> None:
        """A decision of a person: its entity has these names, and no other entity of its kind has them."""
        home = self.owner.get((decision.kind, compact(decision.name)), (decision.kind, compact(decision.name)))
        entity = self.entities.setdefault(home, Name(decision.kind))
        entity.label = decision.name
        entity.sources |= {"kg"} if decision.action == "add" else set()
        self._give(home, (decision.name, *decision.more))

    def add(self, kind: str, label: str, names: Iterable[str], source: str, link: str = "") -> None:
        """What a list has: nothing, if the name was dropped or is another kind's."""
        label, *group = (self.decisions.renamed.get((kind, compact(name)), name) for name in (label, *names))
        if not label.strip() or (kind, compact(label)) in self.decisions.dropped:
            return
        home = self.owner.get((kind, compact(label)), (kind, compact(label)))
        if home not in self.entities and self.kinds.get(compact(label), kind) != kind:
            return
        entity = self.entities.setdefault(home, Name(kind))
        entity.sources.add(source)
        if link:
            entity.links.setdefault(link, label)
        self._give(home, (label, *(n for n in group if self.kinds.get(compact(n), kind) == kind)))

    def _give(self, home: tuple[str, str], names: Iterable[str]) -> None:
        for name in dict.fromkeys(names):
            at = (home[0], compact(name))
            if name.strip() and at not in self.decisions.dropped and self.owner.setdefault(at, home) == home:
                self.kinds.setdefault(compact(name), home[0])
                self.entities[home].names[name] += 1


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


def write(
    entities: Iterable[Name], target: Path, decisions: Decisions, ambiguous: Container[str] = frozenset()
) -> None:
    """One Turtle file for each kind; a name in `ambiguous` (compact) has no exact match."""
    entities = list(entities)
    for kind in KINDS:
        homes = {compact(name): e for e in entities if e.kind == kind for name in (e.label, *e.names)}
        chosen = sorted((e for e in entities if e.kind == kind), key=lambda e: slug(e.label))
        head = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in _PREFIXES.items()]
        head.append(f"@prefix : <{_BASE}{kind.lower()}/> .\n")
        head.insert(
            0, f"# {len(chosen)} entities, made by kg/learn/curate.py; sources and licences: ontologies/SOURCES.md"
        )
        body = [_turtle(e, broader(e, homes, decisions), decisions, ambiguous) for e in chosen]
        (target / VOCABULARIES[kind]).write_text("\n".join([*head, *body]), "utf-8")


def broader(entity: Name, homes: Mapping[str, Name], decisions: Decisions) -> Name | None:
    """What a person decided, or the entity whose name this one's ends with: multi-hop question answering.

    Of tasks and methods only, and the longest such name; one word alone says too little of a method.
    """
    at = (entity.kind, compact(entity.label))
    if at in decisions.broader:
        return homes[compact(wider)] if (wider := decisions.broader[at]) else None
    words = entity.label.split()
    least = {"Task": 1, "Method": 2}.get(entity.kind, len(words))
    for size in range(len(words) - 1, least - 1, -1):
        found = homes.get(compact(" ".join(words[-size:])))
        if found is not None and found.label != entity.label and found.label == " ".join(words[-size:]):
            return found
    return None


def _node(entity: Name, decisions: Decisions) -> str:
    kept = decisions.slugs.get((entity.kind, compact(entity.label)))
    return node(entity.kind.lower(), kept or slug(entity.label))


def _turtle(entity: Name, wider: Name | None, decisions: Decisions, ambiguous: Container[str]) -> str:
    def text(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    types = f"kg:{entity.kind}, skos:Concept" + (", schema:Dataset" if entity.kind == "Dataset" else "")
    lines = [f"{_node(entity, decisions)} a {types}", f"skos:prefLabel {text(entity.label)}"]
    aliases: dict[str, str] = {}
    for name in sorted(entity.names):
        if compact(name) != compact(entity.label):
            aliases.setdefault(compact(name), name)
    if aliases:
        lines.append("skos:altLabel " + ", ".join(text(name) for name in aliases.values()))
    lines.append(f"skos:inScheme <{_BASE}scheme/{entity.kind.lower()}>")
    if wider:
        lines.append(f"skos:broader {_node(wider, decisions)}")
    vague = (entity.kind, compact(entity.label)) in decisions.close or compact(entity.label) in ambiguous
    exact = {link for link, name in entity.links.items() if not vague and _same(entity.label, name, link)}
    for predicate, links in (("exactMatch", exact), ("closeMatch", entity.links.keys() - exact)):
        if links:
            shown = ", ".join(f"<{quote(link, safe=':/#%')}>" for link in sorted(links))
            lines.append(f"skos:{predicate} {shown}")
    lines.append("dcterms:source " + ", ".join(map(text, sorted(entity.sources))))
    return " ;\n  ".join(lines) + " .\n"


def _same(label: str, name: str, link: str) -> bool:
    """Whether a list has an identifier for exactly this name: the name and the identifier's own say so."""
    last = re.split(r"[/#]", unquote(link))[-1]
    return compact(label) == compact(name) == compact(re.sub(r"-\d$", "", last).replace("-", " "))


def main(lists: str, train: str, excluded: str, *corpora: str) -> None:
    """Count, curate, write."""
    raw = list(raw_names(Path(lists)))
    rows = [json.loads(line) for line in Path(train).read_text("utf-8").splitlines()]
    keys = {key(n.split()) for _, _, name, aliases, _ in raw for n in (name, *aliases) if n.split()}
    usage = count_papers(rows, keys)
    barred = set(Path(excluded).read_text("utf-8").split())
    forms, lower = count_corpus([Path(path) for path in corpora], keys | set(usage), barred)
    decisions = Decisions.of(read(folder()))
    vague = {compact(each.name) for each in ambiguous()}
    write(curate(raw, rows, Evidence(usage, forms, lower), decisions), folder(), decisions, vague)


if __name__ == "__main__":
    main(*sys.argv[1:])
