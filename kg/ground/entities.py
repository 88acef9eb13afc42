"""Which entity a mention names.

Within a paper: a defined acronym is its long form, a name of the vocabulary is that entity, a dataset's name with
a variant is the dataset, and any other name is an entity of its own. Over a corpus: names that differ only in case,
hyphens or plural are one entity, called as most papers call it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.extract.acronyms import acronyms
from kg.extract.tokens import compact, normal, shape
from kg.model import Entity, Kind
from kg.ontology import vocabulary
from kg.terms import digest, node, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.model import Mention, Paper, Text

__all__ = ["Linked", "declared", "ground", "mint", "plainest", "unify", "variant"]

#: Words that end in s and are no plurals.
_SINGULAR = re.compile(r"(?:us|is|ics|bias|atlas|alias|canvas|lens|series|species|bayes|news)$", re.IGNORECASE)

Linked = tuple[tuple["Mention", Entity], ...]


def mint(kind: Kind, label: str) -> str:
    """The IRI of an entity that no vocabulary has. Names that differ in more than spelling get different ones.

    >>> mint("Dataset", "CIFAR-10")
    'https://w3id.org/ml-kg/dataset/cifar-10'
    >>> mint("Method", "C") == mint("Method", "C++")
    False
    """
    name = slug(label)
    if name.replace("-", "") not in (compact(label), compact(label) + "s"):
        name = f"{name}-{digest(compact(label))[:6]}"
    return node(kind.lower(), name)[1:-1]


def ground(mentions: Sequence[Mention]) -> Linked:
    """Each mention of a paper with its entity; mentions of one name, or of its variants, share it."""
    long_forms = _long_forms({mention.text for mention in mentions})
    surfaces: dict[tuple[Kind, str], Counter[str]] = defaultdict(Counter)
    names = [long_forms.get(mention.surface, mention.surface) for mention in mentions]
    for mention, name in zip(mentions, names, strict=True):
        surfaces[mention.kind, compact(name)].update([name, mention.surface])
    entities = {home: _entity(home[0], found) for home, found in surfaces.items()}
    whole = _whole(entities.values())
    return tuple(
        (mention, whole[entities[mention.kind, compact(name)].iri])
        for mention, name in zip(mentions, names, strict=True)
    )


def declared(paper: Paper) -> tuple[Entity, ...]:
    """The tasks that the source declares, in its order; a blank is none."""
    tasks = filter(str.strip, dict.fromkeys(paper.declared.tasks))
    return tuple(_entity("Task", Counter([task])) for task in tasks)


def plainest(surfaces: Counter[str]) -> str:
    """The plainest spelling: a common noun in lower case and singular, a proper name as it is written."""
    longest = max(len(name.split()) for name in surfaces)
    name = min((n for n in surfaces if len(n.split()) == longest), key=lambda n: (sum(map(str.isupper, n)), len(n), n))
    words = name.split()
    if len(words) > 1 and all(shape(word) != "name" for word in words):
        words = [word.lower() for word in words] if words[-1][0].islower() or words[0][0].isupper() else words
    if shape(words[-1]) == "plain" and normal(words[-1]) != words[-1] and not _SINGULAR.search(words[-1]):
        words[-1] = words[-1][:-1]
    return " ".join(words)


def variant(mention: Mention, entity: Entity) -> str | None:
    """What a dataset's mention says beyond the dataset's name: "FullWiki" of "HotpotQA FullWiki"."""
    words = mention.surface.split()
    for size in range(1, len(words)):
        known = _known().get((entity.kind, compact(" ".join(words[:size]))))
        if known is not None and known.iri == entity.iri and compact(mention.surface) != compact(entity.label):
            return " ".join(words[size:])
    return None


def unify(papers: Iterable[Iterable[Entity]]) -> Mapping[str, Entity]:
    """What each entity is over a whole corpus, by its IRI within a paper; takes the entities of each paper.

    The label is the one that most papers use, the earlier in the alphabet among equals, so that the order of
    papers decides nothing; aliases are united.
    """
    labels: dict[tuple[Kind, str], Counter[str]] = defaultdict(Counter)
    aliases: dict[tuple[Kind, str], set[str]] = defaultdict(set)
    known = {entity.iri for entity in vocabulary()}
    local: dict[str, Entity] = {}
    for entities in papers:
        for entity in set(entities):
            home = (entity.kind, compact(entity.label))
            labels[home][entity.label] += 1
            aliases[home].update(entity.aliases)
            local[entity.iri] = entity
    final = {}
    for iri, entity in local.items():
        home = (entity.kind, compact(entity.label))
        if iri in known:
            final[iri] = replace(entity, aliases=_other_names(aliases[home] | set(entity.aliases), entity.label))
        else:
            label = min(labels[home], key=lambda name: (-labels[home][name], name))
            names = _other_names(aliases[home] | set(labels[home]), label)
            final[iri] = Entity(mint(entity.kind, label), entity.kind, label, names)
    return final


def _entity(kind: Kind, surfaces: Counter[str]) -> Entity:
    for surface in sorted(surfaces, key=lambda name: (-len(name), name)):
        if (known := _lookup(kind, surface)) is not None:
            return replace(known, aliases=_other_names({*known.aliases, *surfaces}, known.label))
    label = plainest(surfaces)
    return Entity(mint(kind, label), kind, label, _other_names(set(surfaces), label))


def _whole(entities: Iterable[Entity]) -> dict[str, Entity]:
    """One entity for each IRI, with the other names that any of them has."""
    found: dict[str, Entity] = {}
    for entity in entities:
        first = found.setdefault(entity.iri, entity)
        found[entity.iri] = replace(first, aliases=_other_names({*first.aliases, *entity.aliases}, first.label))
    return found


def _lookup(kind: Kind, surface: str) -> Entity | None:
    known = _known().get((kind, compact(surface)))
    words = surface.split()
    if known is None and kind == "Dataset" and len(words) > 1:
        return _lookup(kind, " ".join(words[:-1]))
    return known


def _other_names(names: set[str], label: str) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in sorted(names):
        if compact(name) != compact(label):
            kept.setdefault(compact(name), name)
    return tuple(sorted(kept.values()))


def _long_forms(texts: Iterable[Text]) -> dict[str, str]:
    """Each short form that the paper defines, its plural too, with its long form."""
    found: dict[str, str] = {}
    for text in sorted(texts):
        for pair in acronyms(text.text):
            short, long = text.text[slice(*pair.short)], text.text[slice(*pair.long)]
            for form in (short, short + "s", short.removesuffix("s")):
                found.setdefault(form, long)
    return found


@cache
def _known() -> Mapping[tuple[Kind, str], Entity]:
    found: dict[tuple[Kind, str], Entity] = {}
    for entity in vocabulary():
        for name in (entity.label, *entity.aliases):
            found.setdefault((entity.kind, compact(name)), entity)
    return found
