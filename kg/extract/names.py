"""Names that the vocabulary knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kg.extract.passages import Candidate
from kg.extract.tables import tables
from kg.extract.tokens import compact, key, shape, windows
from kg.ontology import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.extract.passages import Passage
    from kg.model import Entity, Kind

__all__ = ["Known", "is_dataset", "known", "lexicon", "variant_end"]

_TRUST: Mapping[Kind, float] = {"Dataset": 0.9, "Method": 0.8, "Task": 0.75, "Metric": 0.7}
_REVERSAL = 4
_ALGORITHM = "/ml_algorithm/"
_VARIANT = re.compile(
    r"^(?:[A-Z]|[vV]\d[\d.]*|[12]\d{3}|\d{2,3}[kKMB]?|[A-Z][\w+-]*[A-Z\d][\w+-]*|[A-Z][a-z]-[A-Z][a-z])$"
)


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


def known(passage: Passage) -> Iterator[Candidate]:
    """The names in a passage that the vocabulary holds, overlapping ones too.

    A learning paradigm that the paper uses as a means is a Method (guidelines T4): the word before decides.
    """
    before = tables().before
    for first, last, name in windows(passage.words):
        entry = lexicon().get(name.replace(" ", ""))
        if entry is None or not _written(passage.surface(first, last), entry):
            continue
        kind, speaks = entry.kind, before.get(passage.before(first))
        if kind == "Task" and name.endswith("learning") and speaks and speaks["Method"] > _REVERSAL * speaks["Task"]:
            kind = "Method"
        end = variant_end(passage, last) if kind == "Dataset" else last
        yield Candidate(first, end, kind, _TRUST[kind], "vocabulary")


def is_dataset(word: str) -> bool:
    """Whether one word is the name of a dataset, or ends or begins with one (DVS-CIFAR10)."""
    pieces = [word, *word.split("-")]
    return any(
        (entry := lexicon().get(compact(piece))) and entry.kind == "Dataset" and _written(piece, entry)
        for piece in pieces
        if piece
    )


def variant_end(passage: Passage, last: int) -> int:
    """Where a dataset's name ends with its variant: HotpotQA FullWiki, ImageNet V2, KITTI 2015 (guidelines S6)."""
    following = last + 1
    if following < len(passage.words) and not passage.words[following].starts:
        word = passage.words[following].text
        if _VARIANT.match(word) and key([word]) not in tables().ordinary and compact(word) not in lexicon():
            return following
    return last


def _written(surface: str, entry: Known) -> bool:
    if not entry.spellings:
        return True
    return any(
        surface in (name, name + "s") or surface.upper() == surface == name.upper() for name in entry.spellings
    ) or (all(shape(name) == "capital" for name in entry.spellings) and surface.rstrip("s") in entry.spellings)
