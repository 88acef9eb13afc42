"""IRIs as addresses give them: in full, or as the path behind the base of the graph."""

from __future__ import annotations

import re
from typing import Final

from kg.serve.replies import BAD, Refusal
from kg.vocab import BASE

__all__ = ["IRI", "iri_of"]

#: An IRI that may stand between angle brackets in a query.
IRI: Final = re.compile(r'[^\x00-\x20<>"{}|\\^`\x7f]+')
_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LONGEST: Final = 2000


def iri_of(text: str) -> str:
    """Give the IRI that a text names. Raises Refusal if it can be none.

    >>> iri_of("dataset/mnist")
    'https://w3id.org/ml-kg/dataset/mnist'
    """
    iri = text if _WHOLE.match(text) else BASE + text.lstrip("/")
    if len(iri) > _LONGEST or not IRI.fullmatch(iri) or any("\ud800" <= sign <= "\udfff" for sign in iri):
        raise Refusal(BAD, f"{text[:60]!r} is no IRI")
    return iri
