r"""Terms of RDF as N-Triples text: IRIs, literals, and the IRIs that we mint.

Whatever a paper holds, what comes out is one valid term on one line
(N-Triples 1.1, https://www.w3.org/TR/n-triples/, productions 8 to 10).

>>> literal('the "best"\nmodel')
'"the \\"best\\"\\nmodel"'
>>> node("paper", "doi:10.1000/1 2")
'<https://w3id.org/ml-kg/paper/doi:10.1000%2F1%202>'
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from kg.errors import GraphError
from kg.vocab import BASE, names

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["decimal", "digest", "flag", "iri", "issued", "literal", "node", "offsets", "slug", "span", "typed", "whole"]

# Escaped: what the grammar forbids, and all that some reader takes for the end of a line or cannot store.
_ODD: Final = re.compile('[\\x00-\\x1f"\\\\\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]')
_NAMED: Final[Mapping[str, str]] = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip
_IRI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|[^\W\x00-\x7f])+"
    r"(?:#(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|[^\W\x00-\x7f])*)?"
)
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_SPAN: Final = re.compile(r"char=([0-9]{1,15}),([0-9]{1,15})", re.ASCII)
_SAFE: Final = re.compile(r"[A-Za-z0-9_.~:-]*")
_INTEGER: Final = str(names.XSD.integer)
_DECIMAL: Final = str(names.XSD.decimal)
_TRUE: Final = f'"true"^^<{names.XSD.boolean}>'
_LONGEST_SLUG: Final = 100
_DIGITS: Final = 40


def literal(text: str) -> str:
    """Write a plain string, verbatim.

    Half a surrogate pair is no character and cannot be written in UTF-8: it becomes U+FFFD, so that all
    offsets stay true.
    """
    return f'"{_ODD.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return _NAMED.get(char) or f"\\u{ord(char):04X}"


def typed(text: str, datatype: str) -> str:
    """Write a literal of a datatype; the text must be in the datatype's lexical space."""
    return f"{literal(text)}^^<{datatype}>"


def whole(number: int) -> str:
    """Write a whole number."""
    return f'"{number}"^^<{_INTEGER}>'


def flag(*, on: bool) -> str | None:
    """Write true, or nothing: what is false is not said."""
    return _TRUE if on else None


def decimal(number: str) -> str:
    """Write a number in its shortest form without exponent; what is no finite number of sane length stays plain text.

    >>> decimal("93.730"), decimal("1e-3"), decimal("4e2"), decimal("about 4")[:9]
    ('"93.73"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"0.001"^^<http://www.w3.org/2001/XMLSchema#decimal>', \
'"400"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"about 4"')
    """
    try:
        value = Decimal(number)
    except InvalidOperation:
        return literal(number)
    if not value.is_finite() or len(value.as_tuple().digits) > _DIGITS or abs(value.adjusted()) > _DIGITS:
        return literal(number)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f'"{"0" if text == "-0" else text}"^^<{_DECIMAL}>'


def issued(text: str) -> str:
    """Write a date, a month or a year, by its length; what the calendar does not know stays plain text.

    >>> issued("2020-02-29"), issued("2019-02-29")
    ('"2020-02-29"^^<http://www.w3.org/2001/XMLSchema#date>', '"2019-02-29"')
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return literal(text)
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return literal(text)
    return typed(text, names.XSD.date if day else names.XSD.gYearMonth if month else names.XSD.gYear)


def span(start: int, end: int) -> str:
    """Write a stretch of text as a fragment identifier of plain text (RFC 5147): code points from 0, end-exclusive.

    >>> span(853, 861)
    '"char=853,861"'
    """
    return f'"char={start},{end}"'


def offsets(text: object) -> tuple[int, int] | None:
    """Read what `span` writes; None for anything else.

    >>> offsets("char=853,861"), offsets("853")
    ((853, 861), None)
    """
    match = _SPAN.fullmatch(str(text))
    return (int(match[1]), int(match[2])) if match else None


@lru_cache(1 << 14)
def iri(address: str) -> str:
    """Write an IRI that someone else minted, checked.

    Raises GraphError if it is not an absolute IRI: the vocabulary that it comes from is at fault.
    """
    if _IRI.fullmatch(address) is None:
        raise GraphError(f"not an IRI: {address!r}: write an absolute one, with spaces and brackets percent-encoded")
    return f"<{address}>"


def node(kind: str, key: str) -> str:
    """Write the IRI of a thing of ours: its kind and its key, the key percent-encoded as one segment.

    Different keys give different IRIs, half surrogate pairs apart.
    """
    quoted = key if _SAFE.fullmatch(key) else quote(key, safe=":", errors="replace")
    return f"<{BASE}{kind}/{quoted}>"


def slug(name: str) -> str:
    """Make a name part of an IRI: lower case, words joined by hyphens; one without letters becomes a digest.

    >>> slug("Jürgen  Schmidhuber"), slug("A. B. O'Neil"), len(slug("???"))
    ('jürgen-schmidhuber', 'a-b-o-neil', 16)
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    joined = "-".join(kept.split())
    return joined if 0 < len(joined) <= _LONGEST_SLUG else digest(name)


def digest(*parts: str | None) -> str:
    """Give sixteen hexadecimal digits that stand for these parts and their order."""
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()[:16]
