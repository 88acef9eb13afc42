"""What the vocabulary knows of a name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg.extract.tokens import compact, shape
from kg.ontology import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Entity, Kind, Mention

__all__ = ["by_name", "curated", "is_curated", "is_spelled", "lookup", "other_names", "variant"]

_JOINTS = re.compile(r"[\s/‐‑–—-]+")

#: Words for parts of a dataset.
_PARTS = frozenset(
    ("clean", "dev", "distractor", "full", "hard", "large", "lite", "mini", "small", "test", "train", "val")
)

#: Up to how many characters a name is so short that its capitals tell it from others.
_SHORT = 5


def curated(kind: Kind, name: str) -> Entity | None:
    """The entity of the vocabulary that bears a name."""
    return by_name().get((kind, compact(name)))


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
        known = by_name().get((entity.kind, compact(" ".join(words[:size]))))
        if known is not None and known.iri == entity.iri and compact(mention.surface) != compact(entity.label):
            return " ".join(words[size:])
    return None


def lookup(kind: Kind, surface: str) -> Entity | None:
    """The entity of the vocabulary that a name is, a dataset with a part or with numbers behind its name too."""
    known = by_name().get((kind, compact(surface)))
    if known is not None:
        return known if is_spelled(surface, known) else None
    words = surface.split()
    for size in range(len(words) - 1, 0, -1) if kind == "Dataset" else ():
        rest = words[size:]
        known = by_name().get((kind, compact(" ".join(words[:size]))))
        if known is not None and (all(map(_is_number, rest)) or (len(rest) == 1 and _is_part(rest[0]))):
            return known
    return None


def _is_number(word: str) -> bool:
    return len(word) == 1 or any(map(str.isdigit, word))


def _is_part(word: str) -> bool:
    """Whether a word behind a dataset's name is a part of it: "FullWiki", "test-dev"; "Helicopter" is none."""
    return shape(word) == "name" or word.lower().split("-")[0] in _PARTS


def is_spelled(surface: str, known: Entity) -> bool:
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


def other_names(names: set[str], label: str) -> tuple[str, ...]:
    """The names beside a label, each in one spelling."""
    kept: dict[str, str] = {}
    for name in sorted(names):
        if compact(name) != compact(label):
            kept.setdefault(compact(name), name)
    return tuple(sorted(kept.values()))


@cache
def by_name() -> Mapping[tuple[Kind, str], Entity]:
    """The entities of the vocabulary by their kind and each of their names, without what is only spelling."""
    found: dict[tuple[Kind, str], Entity] = {}
    for entity in vocabulary():
        for name in (entity.label, *entity.aliases):
            found.setdefault((entity.kind, compact(name)), entity)
    return found
