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
from typing import TYPE_CHECKING

from kg.extract.acronyms import acronyms
from kg.extract.tokens import compact, shape
from kg.ground.declared import names
from kg.ground.labels import bare, plainest
from kg.ground.same import Named, joined
from kg.model import KINDS, Entity, Kind
from kg.ontology import ambiguous, vocabulary
from kg.terms import digest, node, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kg.ground.declared import Name
    from kg.model import Mention, Paper, Text
    from kg.ontology import Sense

__all__ = ["Linked", "curated", "declared", "ground", "is_curated", "mint", "unify", "variant"]

#: How many words of a sense a paper must have for an ambiguous name to have that sense.
_TELLING = 2

_JOINTS = re.compile(r"[\s/‐‑–—-]+")

#: Words for parts of a dataset.
_PARTS = frozenset(
    ("clean", "dev", "distractor", "full", "hard", "large", "lite", "mini", "small", "test", "train", "val")
)

#: Up to how many characters a name is so short that its capitals tell it from others.
_SHORT = 5

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
    texts = {mention.text for mention in mentions}
    long_forms = _long_forms(texts)
    surfaces: dict[tuple[Kind, str], Counter[str]] = defaultdict(Counter)
    names = [long_forms.get(m.surface) or _sense(m, texts) or bare(m.surface) for m in mentions]
    for mention, name in zip(mentions, names, strict=True):
        surfaces[mention.kind, compact(name)].update([name, mention.surface])
    entities = {home: _entity(home[0], found) for home, found in surfaces.items()}
    whole = _joined(_whole(entities.values()), entities, surfaces, long_forms)
    return tuple(
        (mention, whole[entities[mention.kind, compact(name)].iri])
        for mention, name in zip(mentions, names, strict=True)
    )


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
) -> dict[str, Entity]:
    """The entity of each IRI, where several are one in this paper (`kg/ground/same.py`) the first of them."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for home, entity in entities.items():
        names[entity.iri] += surfaces[home]
    found = [Named(entity, names[iri], is_curated(iri)) for iri, entity in whole.items()]
    final, same = dict(whole), joined(found, long_forms, _written_out)
    for other, (one, aliases) in same.items():
        if aliases:
            together = {*final[one].aliases, *whole[other].aliases, whole[other].label}
            final[one] = replace(final[one], aliases=_other_names(together, final[one].label))
    return final | {other: final[one] for other, (one, _) in same.items()}


def _written_out(acronym: str) -> str | None:
    """What an acronym stands for in the vocabulary, if that is several words."""
    for kind in KINDS:
        entity = _known().get((kind, compact(acronym)))
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
    return replace(entity, aliases=_other_names(known, entity.label)) if name.aliases else entity


def curated(kind: Kind, name: str) -> Entity | None:
    """The entity of the vocabulary that bears a name."""
    return _known().get((kind, compact(name)))


@cache
def _curated() -> frozenset[str]:
    return frozenset(entity.iri for entity in vocabulary())


def is_curated(iri: str) -> bool:
    """Whether the vocabulary has an entity of this IRI."""
    return iri in _curated()


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
    known = {entity.iri: entity for entity in vocabulary()}
    local: dict[str, Entity] = {}
    for entities in papers:
        for entity in set(entities):
            home = (entity.kind, compact(known.get(entity.iri, entity).label))
            labels[home][entity.label] += 1
            aliases[home].update(entity.aliases)
            local[entity.iri] = known.get(entity.iri, entity)
    final = {}
    for iri, entity in local.items():
        home = (entity.kind, compact(entity.label))
        if iri in known:
            known_as = aliases[home] | set(labels[home]) | set(entity.aliases)
            final[iri] = replace(entity, aliases=_other_names(known_as, entity.label))
        else:
            label = min(labels[home], key=lambda name: (-labels[home][name], name))
            names = _other_names(aliases[home] | set(labels[home]), label)
            final[iri] = Entity(mint(entity.kind, label), entity.kind, label, names)
    return final


def _entity(kind: Kind, surfaces: Counter[str]) -> Entity:
    """The entity of the vocabulary with the longest of these names, or the one that is called by another of them.

    An acronym that the paper defines is not what the vocabulary's alias of these letters stands for.
    """
    ranked = sorted(surfaces, key=lambda name: (-len(name), name))
    for surface in ranked:
        known = _lookup(kind, surface)
        if known is not None and compact(surface) in (compact(ranked[0]), compact(known.label)):
            return replace(known, aliases=_other_names({*known.aliases, *surfaces}, known.label))
    label = plainest(surfaces, proper=kind == "Dataset")
    return Entity(mint(kind, label), kind, label, _other_names(set(surfaces), label))


def _whole(entities: Iterable[Entity]) -> dict[str, Entity]:
    """One entity for each IRI, with the other names that any of them has."""
    found: dict[str, Entity] = {}
    for entity in entities:
        first = found.setdefault(entity.iri, entity)
        found[entity.iri] = replace(first, aliases=_other_names({*first.aliases, *entity.aliases}, first.label))
    return found


def _lookup(kind: Kind, surface: str) -> Entity | None:
    """The entity of the vocabulary that a name is, a dataset with a part or with numbers behind its name too."""
    known = _known().get((kind, compact(surface)))
    if known is not None:
        return known if _is_spelled(surface, known) else None
    words = surface.split()
    for size in range(len(words) - 1, 0, -1) if kind == "Dataset" else ():
        rest = words[size:]
        known = _known().get((kind, compact(" ".join(words[:size]))))
        if known is not None and (all(map(_is_number, rest)) or (len(rest) == 1 and _is_part(rest[0]))):
            return known
    return None


def _is_number(word: str) -> bool:
    return len(word) == 1 or any(map(str.isdigit, word))


def _is_part(word: str) -> bool:
    """Whether a word behind a dataset's name is a part of it: "FullWiki", "test-dev"; "Helicopter" is none."""
    return shape(word) == "name" or word.lower().split("-")[0] in _PARTS


def _is_spelled(surface: str, known: Entity) -> bool:
    """Whether a short name is written as the entity's: LMS is no plural of LM, and SfT is not SFT."""
    if len(surface) > _SHORT:
        return True
    names = [_JOINTS.sub("", name) for name in (known.label, *known.aliases) if compact(name) == compact(surface)]
    bare = _JOINTS.sub("", surface)
    single = bare.removesuffix("s")
    if any(name.removesuffix("s") == single for name in names):
        return True
    alike = [name for name in names if name.removesuffix("s").casefold() == single.casefold()]
    return any(shape(surface) != "name" or single.isupper() or not name.isupper() for name in alike)


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
