"""RDF text as plain triples, for those who look at all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import pyoxigraph as ox

from kg.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Term", "Words", "parsed", "term"]


class Words(NamedTuple):
    """A literal, as written; one without a datatype is an xsd:string."""

    text: str
    datatype: str
    language: str | None = None


#: An IRI, a blank node (`_:` and its name), or a literal.
Term = str | Words

_FORMATS = {"turtle": ox.RdfFormat.TURTLE, "n-triples": ox.RdfFormat.N_TRIPLES}


def parsed(text: str, *, format: Literal["turtle", "n-triples"]) -> Iterator[tuple[str, str, Term]]:  # noqa: A002 - as elsewhere
    """Read RDF text: subject, predicate, object of each triple, literals verbatim. Raises GraphError if it is none."""
    try:
        for quad in ox.parse(text.encode(), format=_FORMATS[format]):
            yield str(term(quad.subject)), quad.predicate.value, term(quad.object)
    except (SyntaxError, UnicodeEncodeError) as error:
        what = " ".join(str(getattr(error, "msg", error)).split())[:200]
        raise GraphError(f"the graph cannot be read: {what}: mend that line, or write the graph anew") from error


def term(found: object) -> Term:
    """A term as a plain value."""
    if isinstance(found, ox.NamedNode):
        return found.value
    if isinstance(found, ox.Literal):
        return Words(found.value, found.datatype.value, found.language)
    return str(found)
