"""Lines of N-Triples about one thing, and the pairs of property and value that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.terms import digest, literal, node, span, typed, whole
from kg.vocab import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Evidence

__all__ = ["Pair", "a", "about", "address", "content", "count", "stretch", "words"]

#: A property and its value as an N-Triples term; None says nothing.
Pair = tuple[str, str | None]

_TYPE: Final = names.RDF.type


def about(subject: str, *pairs: Pair) -> Iterator[str]:
    """Write a line for each pair that has a value."""
    for predicate, value in pairs:
        if value is not None:
            yield f"{subject} <{predicate}> {value} ."


def a(kind: str) -> Pair:
    """Say what kind of thing it is."""
    return _TYPE, f"<{kind}>"


def words(text: str | None) -> str | None:
    """Give a string, if there is one."""
    return literal(text) if text else None


def address(text: str | None) -> str | None:
    """Give an address, verbatim, if there is one: a literal, for it may be no IRI."""
    return typed(text, names.XSD.anyURI) if text else None


def count(number: int | None) -> str | None:
    """Give a whole number, if there is one."""
    return None if number is None else whole(number)


def stretch(evidence: Evidence | None) -> str | None:
    """Give the offsets of a stretch of text, if there is one."""
    return span(evidence.start, evidence.end) if evidence else None


def content(kind: str, pairs: Iterable[Pair]) -> str:
    """Give an IRI that stands for all that is said under it, so that it can never say two things."""
    return node(kind, digest(*(f"{predicate} {value}" for predicate, value in pairs if value is not None)))
