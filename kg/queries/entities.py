"""Entities by the names that people use."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import QueryError
from kg.model import KINDS
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from kg.store import Graph

__all__ = ["Found", "find", "key"]

_CLASSES: Final = " ".join(f"kg:{kind}" for kind in KINDS)
_NAMES: Final = f"""
SELECT DISTINCT ?iri ?class ?label ?name ?preferred WHERE {{
  VALUES (?property ?preferred) {{ (skos:prefLabel true) (skos:altLabel false) }}
  %s
  ?iri ?property ?name ; a ?class ; skos:prefLabel ?label .
  FILTER(?class IN ({_CLASSES.replace(" ", ", ")}))
}}
"""
_DROPPED: Final = re.compile(r"[\s\-‐‑–—_/]+")  # the hyphens and dashes that papers use
_SHOWN: Final = 60
_NEAR: Final = 5
_SHORTEST_PLURAL: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """An entity of the graph."""

    iri: str
    kind: str
    label: str


class _Name(NamedTuple):
    """A name that an entity has in the graph."""

    found: Found
    name: str
    preferred: bool


def key(name: str) -> str:
    """Reduce a name to what makes it the same name: letters and digits without case, hyphens or a plural s.

    >>> key("Convolutional Neural-Networks") == key("convolutional neural network")
    True
    """
    folded = _DROPPED.sub("", unicodedata.normalize("NFKC", name).casefold())
    plural = len(folded) >= _SHORTEST_PLURAL and folded.endswith("s") and not folded.endswith("ss")
    return folded[:-1] if plural else folded


def find(graph: Graph, name: str, *, kind: str | None = None, choice: str = "--kind {kind}") -> Found:
    """Find the entity that bears a name, or has this IRI.

    A preferred name goes before another one, the name as written before one in other letters, and that before one
    with other hyphens or a plural s. `kind` is one of KINDS; `choice` is how a person may give it.
    Raises QueryError if no entity, or more than one, is called so; the message says what to ask for instead.
    """
    if kind is not None and kind not in KINDS:
        raise QueryError(f"no kind {kind!r}: choose one of {', '.join(KINDS)}")
    names = _named(graph, f"VALUES ?name {{ {literal(name)} }}") if name else []
    matches = _best(name, _of(names, kind))
    if not matches:
        names = _named(graph, "")
        matches = _by_iri(name, names) or _best(name, _of(names, kind))
    if not matches:
        raise _unknown(name, names, kind)
    if len(matches) > 1:
        raise _ambiguous(name, matches, choice)
    return matches[0]


def _named(graph: Graph, values: str) -> list[_Name]:
    return [
        _Name(
            Found(str(row["iri"]), str(row["class"]).rpartition("#")[2], str(row["label"])),
            str(row["name"]),
            row["preferred"] is True,
        )
        for row in graph.select(_NAMES % values)
    ]


def _of(names: Sequence[_Name], kind: str | None) -> list[_Name]:
    return [each for each in names if kind in (None, each.found.kind)]


def _best(name: str, names: Sequence[_Name]) -> list[Found]:
    """Give the entities that match by the strictest rule that any matches by."""
    rules: tuple[Callable[[str], str], ...] = (str, str.casefold, key)
    for rule in rules:
        wanted = rule(name)
        if not wanted:
            continue
        for preferred in (True, False):
            hits = {each.found for each in names if each.preferred is preferred and rule(each.name) == wanted}
            if hits:
                return sorted(hits, key=lambda found: (KINDS.index(found.kind), found.label, found.iri))
    return []


def _by_iri(name: str, names: Sequence[_Name]) -> list[Found]:
    return [each.found for each in names if each.preferred and each.found.iri == name][:1]


def _ambiguous(name: str, matches: Sequence[Found], choice: str) -> QueryError:
    kinds = list(dict.fromkeys(found.kind for found in matches))
    if len(kinds) > 1:
        choices = " or ".join(choice.format(kind=kind) for kind in kinds)
        return QueryError(f"{_shown(name)} is a {' and a '.join(kinds)}: say {choices}")
    labels = [found.label for found in matches]
    alike = len(set(labels)) < len(labels)
    named = [found.iri if alike else _line(found.label) for found in matches[:_NEAR]]
    return QueryError(f"{_shown(name)} names {len(matches)} entities of kind {kinds[0]}: say one of {', '.join(named)}")


def _unknown(name: str, names: Sequence[_Name], kind: str | None) -> QueryError:
    what = f"no {kind}" if kind else "nothing"
    elsewhere = _best(name, names)
    if kind and elsewhere:
        return QueryError(
            f"{what} is called {_shown(name)}, but a {' and a '.join(found.kind for found in elsewhere)} is"
        )
    near = _nearest(name, _of(names, kind))
    hint = f"did you mean {', '.join(near)}?" if near else "no name in the graph is like it"
    return QueryError(f"{what} is called {_shown(name)}: {hint}")


def _nearest(name: str, names: Collection[_Name]) -> list[str]:
    """Give the labels of up to five entities with names like this one: those that hold it first, then the alike."""
    wanted = key(name)[:_SHOWN]
    if not wanted:
        return []
    labels: dict[str, list[str]] = {}
    for each in sorted(names, key=lambda each: (len(each.name), each.name, each.found.label)):
        labels.setdefault(key(each.name), []).append(_line(each.found.label))
    holding = [known for known in labels if wanted in known]
    alike = get_close_matches(wanted, labels, n=_NEAR, cutoff=0.6)
    return list(dict.fromkeys(label for known in (*holding, *alike) for label in labels[known]))[:_NEAR]


def _shown(name: str) -> str:
    return repr(name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…")


def _line(label: str) -> str:
    return " ".join(label.split())[:_SHOWN]
