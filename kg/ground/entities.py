"""Which entity a mention names.

Within a paper: a defined acronym is its long form, an ambiguous one what the words of the paper tell, a name of the
vocabulary is that entity, a dataset's name with a variant is the dataset, names that `kg/ground/same.py` joins are one,
and any other name is an entity of its own. Over a corpus: names that differ only in case, hyphens or plural are one
entity, called as most papers call it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.extract.acronyms import acronyms
from kg.extract.tokens import compact
from kg.ground.declared import names
from kg.ground.known import by_name, curated, is_curated, is_spelled, lookup, other_names
from kg.ground.labels import bare, plainest, spelled_out
from kg.ground.same import Named, agree, joined, stems
from kg.model import KINDS, Entity, Join, Kind
from kg.ontology import ambiguous, vocabulary
from kg.terms import digest, node, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.ground.declared import Name
    from kg.ground.same import Same
    from kg.model import Mention, Paper, Text
    from kg.ontology import Sense

__all__ = ["Home", "Linked", "declared", "ground", "home_of", "joins", "mint", "unify"]

#: How many words of a sense a paper must have for an ambiguous name to have that sense.
_TELLING = 2

#: Up to how many capitals stand for many things.
_FEW = 5

#: Why a name is an entity's, as predicates of the name.
_DEFINED, _WORDS, _SENSE, _SEVERAL, _PART = (
    "is defined as it",
    "is what it stands for",
    "stands for it by the words of the paper",
    "names it beside another",
    "names a part of it",
)

Linked = tuple[tuple["Mention", Entity], ...]


def mint(kind: Kind, label: str) -> str:
    """The IRI of an entity that no vocabulary has. Names that differ in more than spelling get different ones.

    It is made of what all spellings share, so that the spelling that most papers prefer can change and the IRI not.

    >>> mint("Dataset", "CIFAR-10")
    'https://w3id.org/ml-kg/dataset/cifar10'
    >>> mint("Dataset", "CIFAR 10") == mint("Dataset", "Cifar-10"), mint("Method", "C") == mint("Method", "C++")
    (True, False)
    """
    key = compact(label)
    name = slug(key)
    if name != key:
        name = f"{name}-{digest(key)[:6]}"
    return node(kind.lower(), name)[1:-1]


def ground(mentions: Sequence[Mention]) -> Linked:
    """Each mention of a paper with its entity; mentions of one name, or of its variants, share it."""
    return joins(mentions)[0]


def joins(mentions: Sequence[Mention]) -> tuple[Linked, tuple[Join, ...]]:
    """Each mention of a paper with its entity, and why a name is the entity's that neither it nor the vocabulary has.

    A mention that names several datasets of the vocabulary is there with each of them.
    """
    texts = {mention.text for mention in mentions}
    long_forms = _long_forms(texts)
    surfaces: dict[tuple[Kind, str], Counter[str]] = defaultdict(Counter)
    named = [(mention, *name) for mention in mentions for name in _names(mention, texts, long_forms)]
    for mention, name, reason in named:
        surfaces[mention.kind, compact(name)].update([name] if reason == _SEVERAL else [name, mention.surface])
    entities = {home: _entity(home[0], found, long_forms) for home, found in surfaces.items()}
    whole, same = _joined(_whole(entities.values()), entities, surfaces, long_forms)
    words = set(map(compact, long_forms.values()))
    linked: list[tuple[Mention, Entity]] = []
    why: dict[tuple[str, str], Join] = {}
    for mention, name, reason in named:
        alone = entities[mention.kind, compact(name)].iri
        entity = whole[alone]
        linked.append((mention, entity))
        told = reason or (same[alone].reason if alone in same else _WORDS if compact(name) in words else _PART)
        if not _bears(entity, mention.surface) and (reason or alone in same or is_curated(alone)):
            why.setdefault((entity.iri, compact(mention.surface)), Join(entity.iri, mention.surface, told))
    return tuple(linked), tuple(sorted(why.values()))


def _names(mention: Mention, texts: Collection[Text], long_forms: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a mention names, in words, and why that is not what it says."""
    key = mention.kind, compact(mention.surface)
    is_name = mention.kind != "Dataset" or mention.surface in long_forms or key in by_name()
    several = () if is_name else spelled_out(mention.surface)
    known = [curated(mention.kind, name) for name in several]
    found = {each.iri: name for name, each in zip(several, known, strict=True) if each and is_spelled(name, each)}
    sense = _sense(mention, texts)
    if len(found) > 1 and all(known):
        yield from ((name, _SEVERAL) for name in found.values())
    elif mention.surface in long_forms:
        yield long_forms[mention.surface], _DEFINED
    else:
        yield (sense, _SENSE) if sense else (bare(mention.surface), "")


def _bears(entity: Entity, surface: str) -> bool:
    """Whether an entity is called so, or has the name in the vocabulary."""
    known = by_name().get((entity.kind, compact(surface)))
    return compact(bare(surface)) == compact(entity.label) or (known is not None and known.iri == entity.iri)


def _sense(mention: Mention, texts: Collection[Text]) -> str | None:
    """What an ambiguous name stands for, if the paper has several words of one of its senses, and fewer of others."""
    senses = _ambiguous().get(mention.surface) or _ambiguous().get(mention.surface.removesuffix("s")) or ()
    if not senses:
        return None
    present = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.text.lower())}
    counts = sorted(
        ((sum(word in present for word in sense.words), sense.label) for sense in senses if sense.kind == mention.kind),
        reverse=True,
    )
    if not counts or counts[0][0] < _TELLING or (len(counts) > 1 and counts[1][0] == counts[0][0]):
        return None
    return counts[0][1]


@cache
def _ambiguous() -> Mapping[str, tuple[Sense, ...]]:
    return {each.name: each.senses for each in ambiguous()}


def _joined(
    whole: Mapping[str, Entity],
    entities: Mapping[tuple[Kind, str], Entity],
    surfaces: Mapping[tuple[Kind, str], Counter[str]],
    long_forms: Mapping[str, str],
) -> tuple[dict[str, Entity], dict[str, Same]]:
    """The entity of each IRI, where several are one in this paper (`kg/ground/same.py`) the first of them."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for home, entity in entities.items():
        names[entity.iri] += surfaces[home]
    found = [Named(entity, names[iri], is_curated(iri)) for iri, entity in whole.items()]
    final, same = dict(whole), joined(found, long_forms, _written_out)
    for other, (one, aliases, _) in same.items():
        if aliases:
            together = {*final[one].aliases, *whole[other].aliases, whole[other].label}
            final[one] = replace(final[one], aliases=other_names(together, final[one].label))
    return final | {other: final[one] for other, (one, *_) in same.items()}, same


def _written_out(acronym: str) -> str | None:
    """What an acronym stands for in the vocabulary, if that is several words."""
    for kind in KINDS:
        entity = by_name().get((kind, compact(acronym)))
        if entity is not None and " " in entity.label and acronym in entity.aliases:
            return entity.label
    return None


def declared(paper: Paper) -> tuple[Entity, ...]:
    """The entities of all names that the source declares, in their order (`kg/ground/declared.py`)."""
    return tuple(_named(name) for name in names(paper))


def _named(name: Name) -> Entity:
    """The entity of a name that stands alone, with the other names that its source has for it."""
    entity = _entity(name.kind, Counter([name.name]))
    known = {*entity.aliases, *name.aliases}
    return replace(entity, aliases=other_names(known, entity.label)) if name.aliases else entity


def unify(papers: Iterable[Sequence[Entity]]) -> Mapping[str, Entity]:
    """What each entity is over a whole corpus, by its IRI within a paper; takes the entities of each paper, each once.

    The label is the one that most papers use, the earlier in the alphabet among equals, so that the order of
    papers decides nothing; aliases are united.
    """
    known = {entity.iri: entity for entity in vocabulary()}
    homes: dict[str, Home] = {}
    minted: dict[str, Home] = {}
    for entity, count in _counted(papers):
        home = homes.get(entity.iri)
        if home is None:
            name = home_of(entity.iri)
            home = homes[entity.iri] = minted.setdefault(name, Home(entity.kind, {}, set()))
        home.labels[entity.label] = home.labels.get(entity.label, 0) + count
        home.aliases.update(entity.aliases)
    return {iri: home.entity(iri, known.get(iri)) for iri, home in homes.items()}


@cache
def _minted() -> Mapping[str, str]:
    return {entity.iri: mint(entity.kind, entity.label) for entity in vocabulary()}


def home_of(iri: str) -> str:
    """What the IRIs share that are called by one name: the one of them that no vocabulary has."""
    return _minted().get(iri, iri)


class Home(NamedTuple):
    """The names of one entity: how many papers prefer which, and the others."""

    kind: Kind
    labels: dict[str, int]
    aliases: set[str]

    def entity(self, iri: str, known: Entity | None) -> Entity:
        """The entity of this IRI, which is this one if the vocabulary knows it."""
        if known is not None:
            names = {*self.aliases, *self.labels, *known.aliases}
            return replace(known, aliases=other_names(names, known.label))
        label = min(self.labels, key=lambda name: (-self.labels[name], name))
        others = other_names({*self.aliases, *self.labels}, label) if self.aliases or len(self.labels) > 1 else ()
        return Entity(iri, self.kind, label, others)


def _counted(papers: Iterable[Sequence[Entity]]) -> Iterator[tuple[Entity, int]]:
    """Each entity with the number of papers that have it; equal ones may come several times."""
    counts, found = Counter[int](), dict[int, Entity]()
    for entities in papers:
        objects = list(map(id, entities))  # cheaper than to compare what they are made of
        counts.update(objects)
        found.update(zip(objects, entities, strict=True))
    return zip(found.values(), map(counts.__getitem__, found), strict=True)


def _entity(kind: Kind, surfaces: Counter[str], long_forms: Mapping[str, str] | None = None) -> Entity:
    """The entity of the vocabulary with the longest of these names, or the one that is called by another of them.

    An acronym that the paper defines is not what the vocabulary's alias of these letters stands for, nor the entity
    that is called by these letters alone, if that is known to stand for something else, or if the letters are so few
    that they stand for many things.
    """
    ranked = sorted(surfaces, key=lambda name: (-len(name), name))
    for surface in ranked:
        known = lookup(kind, surface)
        if known is not None and compact(surface) in (compact(ranked[0]), compact(known.label)):
            long = (long_forms or {}).get(surface)
            if long is None or _may_stand_for(known, long):
                return replace(known, aliases=other_names({*known.aliases, *surfaces}, known.label))
    label = plainest(surfaces, proper=kind == "Dataset")
    return Entity(mint(kind, label), kind, label, other_names(set(surfaces), label))


def _may_stand_for(known: Entity, long: str) -> bool:
    """Whether the name of an entity may be short for these words."""
    words = [found for name in (known.label, *known.aliases) if len(found := stems(name)) > 1]
    if words:
        return any(agree(found, stems(long)) for found in words)
    return len(known.label) > _FEW or not known.label.isupper()


def _whole(entities: Iterable[Entity]) -> dict[str, Entity]:
    """One entity for each IRI, with the other names that any of them has."""
    found: dict[str, Entity] = {}
    for entity in entities:
        first = found.setdefault(entity.iri, entity)
        found[entity.iri] = replace(first, aliases=other_names({*first.aliases, *entity.aliases}, first.label))
    return found


def _long_forms(texts: Iterable[Text]) -> dict[str, str]:
    """Each short form that the paper defines, its plural too, with its long form."""
    found: dict[str, str] = {}
    for text in sorted(texts):
        for pair in acronyms(text.text):
            short, long = text.text[slice(*pair.short)], text.text[slice(*pair.long)]
            for form in (short, short + "s", short.removesuffix("s")):
                found.setdefault(form, long)
    return found
