"""Names that the vocabulary knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kg.extract.tokens import compact, shape
from kg.ontology import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Entity, Kind

__all__ = ["Known", "is_written", "lexicon"]

_ALGORITHM = "/ml_algorithm/"


@dataclass(frozen=True, slots=True)
class Known:
    """What the vocabulary has under a key: the kind, and the spellings if case decides (GLUE is no glue).

    `algorithm` says that a list of algorithms has it, so that no declaration makes it a task.
    """

    kind: Kind
    spellings: frozenset[str] = frozenset()
    algorithm: bool = False


@cache
def lexicon() -> Mapping[str, Known]:
    """Every name of the vocabulary by its compact form."""
    return read(vocabulary())


def read(entities: tuple[Entity, ...]) -> dict[str, Known]:
    """The lexicon of some entities. A name in one unit that has capitals within must be written so in the text."""
    found: dict[str, Known] = {}
    for entity in entities:
        for name in (entity.label, *entity.aliases):
            single = len(name.split()) == 1
            cased = frozenset({name}) if single and shape(name) != "plain" else frozenset()
            before = found.get(compact(name))
            if before is None:
                found[compact(name)] = Known(entity.kind, cased, any(_ALGORITHM in iri for _, iri in entity.links))
            elif before.kind == entity.kind and before.spellings:
                found[compact(name)] = replace(before, spellings=before.spellings | cased if cased else frozenset())
    return found


def is_written(surface: str, entry: Known) -> bool:
    """Whether a name stands in the text with the capitals that the vocabulary asks for; hyphens do not count."""
    if not entry.spellings:
        return True
    bare, names = surface.replace("-", ""), [name.replace("-", "") for name in entry.spellings]
    return any(bare in (name, name + "s") or bare.upper() == bare == name.upper() for name in names) or (
        all(shape(name) == "capital" for name in entry.spellings) and surface.rstrip("s") in entry.spellings
    )
