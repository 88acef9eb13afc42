"""Terms of RDF as plain values: the one place where pyoxigraph's terms end."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Value", "line", "plain"]

Value = str | int | Decimal | float | bool | None

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_WHOLE: Final = (
    "integer long int short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedLong unsignedInt unsignedShort unsignedByte"
)
_READ: Final[Mapping[str, Callable[[str], Value]]] = {
    **{_XSD + name: int for name in _WHOLE.split()},
    _XSD + "decimal": Decimal,
    _XSD + "double": float,
    _XSD + "float": float,
    _XSD + "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}


#: Valid within N-Triples as they are, but some reader takes them for the end of a line or drops them.
_ODD: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")


def line(triple: ox.Triple) -> str:
    """Write a triple as a line of N-Triples, without newline; it never holds anything that ends a line."""
    return f"{_ODD.sub(lambda odd: f'{chr(92)}u{ord(odd[0]):04X}', str(triple))} ."


def plain(term: object) -> Value:
    """Give a term as a plain value: numbers and truth values as such, all else as text.

    >>> plain(ox.Literal("93.73", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")))
    Decimal('93.73')
    >>> plain(ox.NamedNode("https://example.org/x"))
    'https://example.org/x'
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return _literal(term)
    if isinstance(term, ox.NamedNode):
        return term.value
    return str(term)


def _literal(literal: ox.Literal) -> Value:
    read = _READ.get(literal.datatype.value)
    if read is None:
        return literal.value
    try:
        return read(literal.value)
    except (ValueError, KeyError, InvalidOperation):
        return literal.value  # not what its datatype promises, or too long to be a number: the text as it stands
