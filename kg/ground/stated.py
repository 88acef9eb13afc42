"""The entities of an annotated paper, as the annotator tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.given import given
from kg.extract.tokens import compact
from kg.ground.entities import mint
from kg.ground.known import curated
from kg.model import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.annotation import Annotation
    from kg.ground.entities import Linked
    from kg.model import Paper

__all__ = ["Home", "entities", "home", "linked"]

Home = tuple[Kind, str]
"""A kind, and a name without what is only spelling."""


def home(kind: Kind, name: str) -> Home:
    """What two names have in common that the annotator means as one.

    >>> home("Dataset", "CIFAR 10") == home("Dataset", "CIFAR-10")
    True
    """
    return kind, compact(name)


def entities(annotation: Annotation) -> Mapping[Home, Entity]:
    """The entities that an annotation names, by every name that it has for them; the annotator's name is the label.

    An entity of the vocabulary has its IRI, unless the annotator tells two entities apart that the vocabulary unites:
    then only the one that is called as there has it.
    """
    names = [(stated.kind, stated.name) for stated in annotation.entities]
    names += [(marked.kind, marked.name) for marked in annotation.mentions]
    labels: dict[Home, str] = {}
    for kind, name in names:
        labels.setdefault(home(kind, name), name)
    aliases = _aliases(annotation)
    found: dict[Home, Entity] = {}
    taken: set[str] = set()
    for key in sorted(labels, key=lambda key: (not _called_so(key, labels[key]), key)):
        entity = _entity(key[0], labels[key], aliases.get(key, ()), taken)
        taken.add(entity.iri)
        found[key] = entity
    for key, others in aliases.items():
        for alias in others:
            found.setdefault(home(key[0], alias), found[key])
    return found


def linked(paper: Paper) -> Linked:
    """Each mention that the annotator marked with its entity."""
    if paper.annotation is None:
        return ()
    found = entities(paper.annotation)
    names = {(marked.field, marked.start, marked.end, marked.kind): marked.name for marked in paper.annotation.mentions}
    return tuple(
        (mention, found[home(mention.kind, names[mention.text.field, mention.start, mention.end, mention.kind])])
        for mention in given(paper)
    )


def _aliases(annotation: Annotation) -> dict[Home, tuple[str, ...]]:
    found: dict[Home, tuple[str, ...]] = {}
    for stated in annotation.entities:
        key = home(stated.kind, stated.name)
        found[key] = (*found.get(key, ()), *stated.aliases)
    return found


def _called_so(key: Home, label: str) -> bool:
    """Whether the vocabulary prefers this very name."""
    known = curated(key[0], label)
    return known is not None and compact(known.label) == key[1]


def _entity(kind: Kind, label: str, aliases: tuple[str, ...], taken: set[str]) -> Entity:
    others = tuple(sorted({compact(name): name for name in aliases if compact(name) != compact(label)}.values()))
    known = curated(kind, label)
    if known is None or known.iri in taken:
        return Entity(mint(kind, label), kind, label, others)
    return Entity(known.iri, kind, label, others, known.links, known.broader)
