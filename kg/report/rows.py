"""What a report asks the store beside its matrices: sentences, and how the graph was built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from kg.asserted import MODEL, RESULTS, worth
from kg.report.model import Extraction
from kg.store import options

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg.report.matrices import Matrices
    from kg.store import Graph, Value

    Papers = NDArray[np.int64]

__all__ = [
    "PaperRef",
    "Quotes",
    "address",
    "asked",
    "builds",
    "extraction",
    "newest",
    "newest_date",
    "quoted",
    "ref",
]

_BUILDS: Final = "SELECT ?version ?options WHERE { ?build a prov:Activity ; kg:version ?version ; kg:options ?options }"
_ASKED_AT_ONCE: Final = 500

#: By the IRIs of a paper and an entity, the sentences about it: whether of the abstract, where it begins, its words.
Quotes = dict[tuple[str, str], set[tuple[bool, int, str]]]


class PaperRef(NamedTuple):
    """A paper behind a number; `quotes` are its sentences about the two entities, in the order of the text."""

    iri: str
    title: str
    year: int | None
    url: str | None
    quotes: tuple[str, ...] = ()


def asked(
    graph: Graph, question: str, about: str, names: Sequence[str], *, few: bool = True
) -> Iterator[dict[str, Value]]:
    """Ask about things by IRI, some at a time; about all at once where they are many of all.

    `question` has a place for `{values}`, which bind the variable that `about` names.
    """
    if names and not few:
        yield from graph.select(question.format(values=""))
        return
    for start in range(0, len(names), _ASKED_AT_ONCE):
        values = " ".join(f"<{name}>" for name in names[start : start + _ASKED_AT_ONCE])
        yield from graph.select(question.format(values=f"VALUES ?{about} {{ {values} }}"))


def address(ref: PaperRef) -> str | None:
    """Give the paper's address, if a browser may be sent there."""
    try:
        scheme = urlsplit(ref.url or "").scheme
    except ValueError:
        return None
    return ref.url if scheme in {"http", "https"} else None


def ref(matrices: Matrices, place: int, quoted: tuple[str, ...] = ()) -> PaperRef:
    """Give a paper as it is cited."""
    year = int(matrices.years[place])
    return PaperRef(matrices.papers[place], matrices.titles[place], year or None, matrices.urls[place] or None, quoted)


def quoted(papers: Sequence[PaperRef], said: Quotes, pair: tuple[str, str]) -> tuple[PaperRef, ...]:
    """Give the papers of a pair, each with its sentences about the two."""
    return tuple(each._replace(quotes=_said(said, each.iri, pair)) for each in papers)


def _said(said: Quotes, paper: str, pair: tuple[str, str]) -> tuple[str, ...]:
    found = {item for entity in pair for item in said.get((paper, entity), ())}
    return tuple(quote for *_, quote in sorted(found))


def newest(matrices: Matrices, papers: Papers) -> int | None:
    """Find the year of the newest of these papers."""
    return int(matrices.years[papers].max(initial=0)) or None


def newest_date(matrices: Matrices, papers: Papers) -> str | None:
    """Find the date of the newest of these papers, as exact as its source gives it."""
    year = newest(matrices, papers)
    of = papers[matrices.years[papers] == year] if year else papers[:0]
    return max((matrices.dates[int(place)] for place in of), default=None) or None


def builds(graph: Graph) -> tuple[str, ...]:
    """Tell which versions of this program made the graph, with their options."""
    rows = graph.select(_BUILDS)
    return tuple(sorted({f"kg {row['version']} {row['options']}".rstrip() for row in rows}))


def extraction(graph: Graph, predicates: Collection[str] = (), *, results: bool = False) -> Extraction | None:
    """Tell what claims of a graph, with some predicates or any, are worth, if the model that built it was measured.

    With `results`, what numbers are.
    """
    built = options(graph)
    measured = built.min_confidence is not None and built.model == MODEL
    row = (RESULTS if results else worth(float(built.min_confidence or 0), predicates)) if measured else None
    return Extraction(row.confidence, row.precision, row.recall, row.papers) if row else None
