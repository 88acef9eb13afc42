"""Finding the entities of a report by a name that people use."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.errors import QueryError
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from kg.report.matrices import Side
    from kg.report.strings import Strings
    from kg.store import Graph

    Places = NDArray[np.int64]

__all__ = ["find", "nearest", "places"]

_BREAKS: Final = re.compile(r"[\s\-‐‑–—_/]+")
_MANY: Final = 20_000
_ALIASES: Final = "SELECT ?entity WHERE {{ VALUES ?name {{ {name} }} ?entity skos:altLabel ?name }}"


def find(graph: Graph, sides: tuple[Side, Side], name: str, *, same: bool) -> tuple[str, Places, Places]:
    """Give the label of what a name stands for, and its places among the rows and the columns.

    The strictest rule that finds any counts: the IRI or the label as written, the label in any case, without spaces and
    hyphens, another name as written. Of several with one label the one in most papers is meant. Raises QueryError with
    the nearest labels.
    """
    rows = places(graph, sides[0], name)
    columns = rows if same else places(graph, sides[1], name)
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


def places(graph: Graph, side: Side, name: str) -> Places:
    """Give the places of what a name stands for on one side; none if there is nothing."""
    labels = _labels(side)
    if "://" in name and side.iris is not None:
        iris = _part(side.iris, side)
        return np.array([iris.index(name)] if name in iris else [], dtype=np.int64)
    rules: tuple[Callable[[str], str], ...] = (str, str.casefold, _bare)
    for rule in rules:
        wanted = rule(name)
        hits = [place for place, label in enumerate(labels) if wanted and rule(label) == wanted]
        if hits:
            return _commonest(side, hits)
    if side.iris is None:
        return np.zeros(0, dtype=np.int64)
    known = {str(row["entity"]) for row in graph.select(_ALIASES.format(name=literal(name)))}
    hits = [place for place, iri in enumerate(_part(side.iris, side)) if iri in known] if known else []
    return _commonest(side, hits) if hits else np.zeros(0, dtype=np.int64)


def _bare(name: str) -> str:
    return _BREAKS.sub("", name.casefold())


def _commonest(side: Side, hits: list[int]) -> Places:
    if len(hits) == 1:
        return np.array(hits, dtype=np.int64)
    papers = np.asarray(side.matrix[:, hits].sum(axis=0))
    return np.array([hits[int(papers.argmax())]], dtype=np.int64)


def _labels(side: Side) -> list[str]:
    return _part(side.labels, side)


def _part(strings: Strings, side: Side) -> list[str]:
    return strings.part(side.first, side.first + side.matrix.shape[1])
