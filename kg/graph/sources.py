"""How the graph was made: the build, and the files that it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import __version__
from kg.graph.lines import Pair, a, about, words
from kg.terms import digest, literal, node, whole
from kg.vocab import KG, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["SourceCount", "build", "source", "source_iri"]


@dataclass(frozen=True, slots=True)
class SourceCount:
    """One file of papers: its digest, its format, and what became of its records."""

    sha256: str
    format: str
    read: int
    accepted: int
    merged: int
    rejected: int


def build(sources: Sequence[SourceCount], options: str, vocabulary: str | None, extractor: str | None) -> Iterator[str]:
    """Say which version read which files, with which options and vocabulary, and what usually finds a claim."""
    read = sorted(count.sha256 for count in sources)
    pairs: tuple[Pair, ...] = (
        a(names.PROV.Activity),
        (KG.version, literal(__version__)),
        (KG.options, literal(options)),
        (KG.vocabularyDigest, words(vocabulary)),
        (KG.usualExtractor, node("extractor", extractor) if extractor else None),
        *((names.PROV.used, source_iri(sha256)) for sha256 in read),
    )
    yield from about(node("build", digest(__version__, options, vocabulary, *read)), *pairs)


def source(count: SourceCount) -> Iterator[str]:
    """Say what became of one file."""
    yield from about(
        source_iri(count.sha256),
        a(KG.Source),
        (KG.sha256, literal(count.sha256)),
        (KG.format, literal(count.format)),
        (KG.papersRead, whole(count.read)),
        (KG.papersAccepted, whole(count.accepted)),
        (KG.papersMerged, whole(count.merged)),
        (KG.papersRejected, whole(count.rejected)),
    )


def source_iri(sha256: str) -> str:
    """Give the IRI of a file, by its digest."""
    return node("source", sha256[:16])
