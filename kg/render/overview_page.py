"""A large picture as one HTML page: sigma.js and graphology draw it, our scripts search, filter and tell.

What is drawn and what is told stand in two blocks of JSON, so that the second is read after the first picture.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg.model import KINDS
from kg.render.details import QUOTED, details
from kg.render.document import document, own
from kg.render.texts import line
from kg.web import safe_json, style, vendored

if TYPE_CHECKING:
    from kg.render.overview import Overview
    from kg.store import Graph

__all__ = ["overview_html"]

NAMED_BY: Final = 3
NAMED: Final = 3
_DIGITS: Final = 4
_PARTS: Final = ("panel", "search", "export", "labels", "programs", "slide")
_METHOD: Final = (
    "Lines: the strongest three of each entity by {measure}, significant ones (q < 0.05) first. Colours: communities "
    "by Louvain's method. Places: computed beforehand by forces."
)


def overview_html(graph: Graph, drawn: Overview, *, quoted: int = QUOTED) -> str:
    """Draw an overview as one page; the same gives the same bytes."""
    picture = _picture(drawn)
    title = f"Around {picture['labels'][drawn.focus]}" if drawn.focus is not None else "Knowledge network"
    names = ("shared", *(f"overview_{part}" for part in _PARTS), "overview")
    return document(
        "overview.html",
        title=title,
        scripts=[
            _closed(vendored("graphology.js")),
            _closed(vendored("sigma.js")),
            *(own(f"{name}.js") for name in names),
        ],
        style=style() + own("overview.css") + own("shared.css"),
        note=escape(f"{drawn.note} {_METHOD.format(measure=drawn.measure)}"),
        picture=safe_json(picture),
        told=safe_json(details(graph, drawn, quoted=quoted)),
    )


def _closed(script: str) -> str:
    """Leave out the remark on a source map, which a browser's tools would ask for."""
    return "\n".join(row for row in script.splitlines() if not row.startswith("//# sourceMappingURL"))


def _picture(drawn: Overview) -> dict[str, Any]:
    matrices, places = drawn.matrices, drawn.entities.tolist()
    iris = [matrices.entities[place] for place in places]
    labels = [line(matrices.labels[place]) for place in places]
    base = _shared(min(iris, default=""), max(iris, default=""))
    papers = np.asarray(drawn.columns.sum(axis=0), dtype=np.int64)
    ties = drawn.ties
    return {
        "base": base,
        "ids": [iri[len(base) :] for iri in iris],
        "labels": labels,
        "kindNames": list(KINDS),
        "kinds": matrices.kinds[drawn.entities].tolist(),
        "papers": papers.tolist(),
        "x": np.round(drawn.places[:, 0], 1).tolist(),
        "y": np.round(-drawn.places[:, 1], 1).tolist(),
        "radii": np.round(drawn.radii, 2).tolist(),
        "community": drawn.communities.tolist(),
        "communities": _communities(drawn, labels),
        "edges": {
            "a": ties.a.tolist(),
            "b": ties.b.tolist(),
            "papers": ties.papers.tolist(),
            "value": [_short(value) for value in ties.value.tolist()],
            "sure": ties.significant.astype(np.int8).tolist(),
        },
        "measure": drawn.measure,
        "counted": drawn.counted,
        "of": drawn.of,
        "filters": list(drawn.filters),
        "focus": drawn.focus,
    }


def _shared(first: str, last: str) -> str:
    """Give what the first and the last of the alphabet, and so all between, begin with.

    >>> _shared("https://example.org/method/a", "https://example.org/task/b")
    'https://example.org/'
    """
    same = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, min(len(first), len(last)))]


def _communities(drawn: Overview, labels: list[str]) -> list[list[Any]]:
    """Name each community by its members in most papers, which come first: [names, members]."""
    found: list[list[Any]] = [[[], 0] for _ in range(int(drawn.communities.max(initial=-1)) + 1)]
    for place, group in enumerate(drawn.communities.tolist()):
        found[group][1] += 1
        if len(found[group][0]) < NAMED:
            found[group][0].append(labels[place])
    return [[names if members >= NAMED_BY else names[:1], members] for names, members in found]


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS - 1}e}")
