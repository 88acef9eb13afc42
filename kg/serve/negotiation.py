"""Which of our media types a client wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["GRAPH_TYPES", "HTML", "ROW_TYPES", "media_type", "wanted"]

HTML: Final = "text/html"
#: Formats of the store by media type, the one that we prefer first.
ROW_TYPES: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
GRAPH_TYPES: Final[Mapping[str, str]] = {
    "text/turtle": "turtle",
    "application/n-triples": "n-triples",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "rdfxml",
    "application/json": "json-ld",
    "application/xml": "rdfxml",
}
_QUALITY: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


class _Range(NamedTuple):
    kind: str
    quality: float


def wanted(accept: str | None, offers: Sequence[str] | Mapping[str, str]) -> str | None:
    """The media type that a client likes best; None if it takes none of them.

    Of types that it likes equally, the one that it names beats the one that it only allows, then the order of `offers`.

    >>> wanted("text/*;q=0.5, application/n-triples", GRAPH_TYPES), wanted(None, GRAPH_TYPES)
    ('application/n-triples', 'text/turtle')
    >>> wanted("image/png", GRAPH_TYPES) is None
    True
    """
    ranges = list(_ranges(accept or "*/*"))
    best, chosen = (0.0, 0), None
    for offer in offers:
        matching = [(_closeness(each.kind, offer), each.quality) for each in ranges]
        closeness, quality = max(matching, default=(0, 0.0))
        if closeness and (quality, closeness) > best and quality > 0:
            best, chosen = (quality, closeness), offer
    return chosen


def media_type(header: str | None) -> str:
    """A media type without its parameters, in lower case."""
    return (header or "").partition(";")[0].strip().lower()


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(","):
        kind, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        if kind and _QUALITY.fullmatch(quality):
            yield _Range(kind, float(quality))


def _closeness(kind: str, offer: str) -> int:
    """How closely a range names a type: 3 by itself, 2 by its first half, 1 with all others, 0 not at all."""
    if kind == offer:
        return 3
    if kind == f"{offer.partition('/')[0]}/*":
        return 2
    return kind == "*/*"
