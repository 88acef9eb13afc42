"""Finding the entities of a report by a name that people use."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.errors import QueryError
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from kg.report.matrices import Side
    from kg.report.strings import Strings
    from kg.store import Graph

    Places = NDArray[np.int64]

__all__ = ["find", "nearest", "places"]

#: Spaces, hyphens and what is used like them.
_BREAKS: Final = "-‐‑–—_/ \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2009\u202f\u2003\u2002\u3000"
_MANY: Final = 20_000
_ALIASES: Final = "SELECT ?entity WHERE {{ VALUES ?name {{ {name} }} ?entity skos:altLabel ?name }}"


def find(graph: Graph, sides: tuple[Side, Side], name: str, *, same: bool) -> tuple[str, Places, Places]:
    """Give the label of what a name stands for, and its places among the rows and the columns.

    The strictest rule that finds any counts: the IRI or the label as written, the label in any case, without spaces and
    hyphens, another name as written. Of several with one label the one in most papers is meant. Raises QueryError with
    the nearest labels.
    """
    rows, *rest = places(graph, sides[:1] if same else sides, name)
    columns = rows if same else rest[0]
    if not rows.size and not columns.size:
        near = nearest(sides, name)
        raise QueryError(
            f"nothing of these kinds is called {name[:60]!r}" + (f": try {', '.join(near)}" if near else "")
        )
    side, found = (sides[0], rows) if rows.size else (sides[1], columns)
    return side.label(int(found[0])), rows, columns


def nearest(sides: Collection[Side], name: str) -> list[str]:
    """Give up to three labels that are like a name."""
    labels = sorted({label for side in sides for label in _labels(side)})
    if len(labels) > _MANY:  # to compare with all would take minutes
        start = name[:2].casefold()
        labels = [label for label in labels if label[:2].casefold() == start][:_MANY]
    return get_close_matches(name[:60], labels, n=3, cutoff=0.5)


def places(graph: Graph, sides: Sequence[Side], name: str) -> list[Places]:
    """Give the places of what a name stands for on each side, by the strictest rule that finds any; mostly none."""
    if "://" in name:
        return [np.array(_found(_joined(side.iris, side), name), dtype=np.int64) for side in sides]
    joined = [_joined(side.labels, side) for side in sides]
    rules: tuple[Callable[[str], str], ...] = (str, str.casefold, _bare)
    for rule in rules:
        hits = [_found(rule(labels), rule(name)) for labels in joined]
        if any(hits):
            return [_commonest(side, each) for side, each in zip(sides, hits, strict=True)]
    known = sorted({str(row["entity"]) for row in graph.select(_ALIASES.format(name=literal(name)))})
    hits = [
        sorted(place for iri in known for place in _found(_joined(side.iris, side), iri)) if known else []
        for side in sides
    ]
    return [_commonest(side, each) for side, each in zip(sides, hits, strict=True)]


def _found(joined: str, wanted: str) -> list[int]:
    """The places of a string among those that `Strings.joined` gave."""
    hits: list[int] = []
    if not wanted or "\0" in wanted:
        return hits
    place, counted, at = 0, 0, joined.find(f"\0{wanted}\0")
    while at >= 0:
        place, counted = place + joined.count("\0", counted, at), at
        hits.append(place)
        at = joined.find(f"\0{wanted}\0", at + len(wanted) + 1)
    return hits


def _bare(name: str) -> str:
    bare = name.casefold()
    for sign in _BREAKS:  # as a regular expression this would take ten times as long for all labels at once
        bare = bare.replace(sign, "")
    return bare


def _commonest(side: Side, hits: list[int]) -> Places:
    if len(hits) <= 1:
        return np.array(hits, dtype=np.int64)
    papers = np.asarray(side.matrix[:, hits].sum(axis=0))
    return np.array([hits[int(papers.argmax())]], dtype=np.int64)


def _labels(side: Side) -> list[str]:
    return side.labels.part(side.first, side.first + side.matrix.shape[1])


def _joined(strings: Strings | None, side: Side) -> str:
    return "" if strings is None else strings.joined(side.first, side.first + side.matrix.shape[1])
