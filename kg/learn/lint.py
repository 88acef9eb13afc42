"""What is wrong with a vocabulary: names that two entities have, cycles, links that lead nowhere.

Each problem is one line: the file, the entity, and what is the matter.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.tokens import compact
from kg.learn.decisions import read
from kg.ontology import VOCABULARIES, ambiguous, concepts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.learn.decisions import Decision
    from kg.ontology import Ambiguous, Concept

__all__ = ["Verdict", "check"]

_TWO = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entities there are, and what is wrong with them."""

    entities: int
    problems: tuple[str, ...]


def check(folder: Path) -> Verdict:
    """Look through the vocabulary of a folder, its ambiguous names and the decisions that made it."""
    found = [each for name in VOCABULARIES.values() for each in concepts(folder / name)]
    checks = (_each(found), _shared(found), _wider(found), _senses(ambiguous(folder), found), _decided(read(folder)))
    return Verdict(len(found), tuple(dict.fromkeys(problem for problems in checks for problem in problems)))


def _each(found: Iterable[Concept]) -> Iterator[str]:
    """What can be seen of one entity alone."""
    for each in found:
        where = f"{each.file}: {_called(each)}"
        if len(each.labels) != 1:
            yield f"{where}: {len(each.labels)} labels, not one"
        if not each.sources:
            yield f"{where}: no source"
        for name in (*each.labels, *each.aliases):
            if name != " ".join(name.split()) or not name:
                yield f"{where}: empty or padded name {name!r}"
            if any(unicodedata.category(char) == "Cc" for char in name):
                yield f"{where}: control character in {name!r}"
        for alias, other in _alike(each):
            yield f"{where}: alias {alias!r} differs from {other!r} in nothing but spelling"


def _alike(each: Concept) -> Iterator[tuple[str, str]]:
    seen = {compact(label): label for label in each.labels}
    for alias in each.aliases:
        if (other := seen.setdefault(compact(alias), alias)) != alias:
            yield alias, other


def _shared(found: Iterable[Concept]) -> Iterator[str]:
    """Names that two entities of a kind have, and IRIs that two lists describe."""
    files: dict[str, str] = {}
    owners: dict[tuple[str, str], list[tuple[Concept, str]]] = defaultdict(list)
    for each in found:
        if files.setdefault(each.iri, each.file) != each.file:
            yield f"{each.file}: {_called(each)}: described in {files[each.iri]} too"
        for name in (*each.labels, *each.aliases):
            if all(other is not each for other, _ in owners[each.kind, compact(name)]):
                owners[each.kind, compact(name)].append((each, name))
    for (first, label), *rest in owners.values():
        for other, name in rest:
            role = "label" if name in other.labels else "alias"
            its = "label" if label in first.labels else "alias"
            yield f"{other.file}: {_called(other)}: {role} {name!r} is {its} of {_called(first)} <{first.iri}> too"


def _wider(found: Sequence[Concept]) -> Iterator[str]:
    """Broader entities that do not exist, are of another kind, or lead back to where they started."""
    kinds = {each.iri: each.kind for each in found}
    wider = {each.iri: each.broader for each in found}
    for each in found:
        where = f"{each.file}: {_called(each)}"
        for iri in each.broader:
            if iri not in kinds:
                yield f"{where}: broader {iri} does not exist"
            elif kinds[iri] != each.kind:
                yield f"{where}: broader {iri} is a {kinds[iri]}"
        if each.iri in _above(each.iri, wider):
            yield f"{where}: is broader than itself"


def _above(iri: str, wider: Mapping[str, Sequence[str]]) -> set[str]:
    """Whatever is broader than an entity, at any distance."""
    above: set[str] = set()
    waiting = list(wider[iri])
    while waiting:
        if (at := waiting.pop()) not in above:
            above.add(at)
            waiting += wider.get(at, ())
    return above


def _senses(names: Iterable[Ambiguous], found: Iterable[Concept]) -> Iterator[str]:
    labels = {(each.kind, label) for each in found for label in each.labels}
    seen: set[str] = set()
    for each in names:
        where = f"ambiguous.tsv: {each.name}"
        if each.name in seen:
            yield f"{where}: stands there twice"
        seen.add(each.name)
        if len({(sense.kind, sense.label) for sense in each.senses}) < _TWO:
            yield f"{where}: has one sense only"
        for sense in each.senses:
            if (sense.kind, sense.label) not in labels:
                yield f"{where}: no {sense.kind} is labelled {sense.label!r}"
            if not sense.words:
                yield f"{where}: no word tells {sense.label!r}"


def _decided(decisions: Sequence[Decision]) -> Iterator[str]:
    """A name that is both dropped and kept, or is decided to be in two groups."""
    dropped = {(d.kind, compact(n)): d for d in decisions if d.action == "drop" for n in (d.name, *d.more)}
    homes: dict[tuple[str, str], Decision] = {}
    for each in decisions:
        if each.action not in ("add", "merge"):
            continue
        for name in (each.name, *each.more):
            at = (each.kind, compact(name))
            if at in dropped:
                yield f"{each.where}: {name}: {each.action} contradicts drop in {dropped[at].where}"
            if homes.setdefault(at, each).name != each.name:
                yield f"{each.where}: {name}: belongs to {homes[at].name!r} in {homes[at].where}"


def _called(each: Concept) -> str:
    return next((label for label in each.labels if label.strip()), f"<{each.iri}>")
