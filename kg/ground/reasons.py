"""Why names are one entity, in words, over all papers that say so."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from kg.extract.tokens import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Entity, Join

__all__ = ["reasons"]

#: How many names of an entity a note explains.
_TOLD: Final = 8


def reasons(joins: Mapping[Join, int], entities: Mapping[str, Entity | None]) -> dict[str, str]:
    """A note for each entity that has names by what single papers say of them, by its IRI.

    `joins` are those of all papers, with how many have each; `entities` what their IRIs have become. The names that
    most papers have go first.
    """
    counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for join, count in joins.items():
        entity, key = entities.get(join.iri), compact(join.name)
        if entity is not None and key != compact(entity.label):
            counts[entity.iri][key, join.reason] += count
            spellings[key][join.name] += count
    usual = {key: min(names, key=lambda name: (-names[name], name)) for key, names in spellings.items()}
    return {
        iri: _note(Counter({(usual[key], reason): count for (key, reason), count in found.items()}))
        for iri, found in sorted(counts.items())
    }


def _note(found: Counter[tuple[str, str]]) -> str:
    """Tell of each name why it is the entity's, and in how many papers.

    >>> _note(Counter({("NMT", "is defined as it"): 2, ("neural MT", "leaves out a word of it"): 1}))
    "'NMT' is defined as it (2 papers); 'neural MT' leaves out a word of it (1 paper)"
    """
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{name!r} {reason} ({_papers(count)})" for (name, reason), count in ranked[:_TOLD]]
    left = len(ranked) - len(told)
    return "; ".join([*told, f"and {left} more"] if left > 0 else told)


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"
