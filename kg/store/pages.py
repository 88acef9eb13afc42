"""A SELECT query cut into pages, and the prefixes in front of a query, by the query's text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.store.syntax import pieces
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Page", "countable", "prefixed"]

_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def prefixed(text: str) -> str:
    r"""Put those of our prefixes in front of a query that it uses and does not declare.

    >>> prefixed("SELECT * { ?x skos:prefLabel ?y }")
    'PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT * { ?x skos:prefLabel ?y }'
    """
    said = {name for name in PREFIXES if re.search(rf"(?<![\w.-]){name}:", text)}
    own = {name for name in said if re.search(rf"\bPREFIX\s+{name}:", text, re.IGNORECASE)}
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in PREFIXES if name in said - own) + text


def countable(text: str, name: str) -> str | None:
    r"""Ask for the number of rows of a SELECT query; None for one with FROM, which cannot stand within another.

    >>> countable("PREFIX a: <http://a/>\nSELECT ?x { ?x a a:B }", "n")
    'PREFIX a: <http://a/>\nSELECT (COUNT(*) AS ?n) WHERE { {\nSELECT ?x { ?x a a:B }\n} }'
    """
    head, body = _split(text)
    words = [token.text.upper() for token in pieces(body)]
    if "FROM" in words[: words.index("{")]:
        return None
    return f"{head}SELECT (COUNT(*) AS ?{name}) WHERE {{ {{\n{body}\n}} }}"


@dataclass(frozen=True, slots=True)
class Page:
    """A SELECT query whose rows are wanted page by page; `names` are its columns.

    Rows are put into one order, that of the query first: rows that still tie are equal, so that pages neither
    repeat nor lose one.
    """

    query: str
    names: Sequence[str]

    def text(self, size: int, start: int, *, nested: bool) -> str:
        """Ask for `size` rows from `start` on, counted from 0.

        `nested` cuts the page from the rows of an ordered subquery: some servers sort no farther than so many rows
        otherwise. SPARQL does not promise that such a subquery keeps its order; those servers do.
        """
        head, body = _split(self.query)
        cut = f"LIMIT {size} OFFSET {start}"
        columns = " ".join(f"?{name}" for name in self.names)
        base, order = _order(body)
        if base is None:  # it has a limit of its own, and is ordered within it
            return f"{head}SELECT {columns} WHERE {{ {{\n{body}\n}} }}\nORDER BY {columns}\n{cut}"
        ordered = f"{base}\nORDER BY {order} {columns}"
        return f"{head}SELECT {columns} WHERE {{ {{\n{ordered}\n}} }}\n{cut}" if nested else f"{head}{ordered}\n{cut}"


def _split(text: str) -> tuple[str, str]:
    """Part the declarations of a query from the query."""
    start = next(token.start for token in pieces(text) if token.text.upper() in _FORMS)
    return text[:start], text[start:]


def _order(body: str) -> tuple[str | None, str]:
    """Part a query from its ORDER BY; gives no query if there is a LIMIT, OFFSET or VALUES behind its pattern."""
    depth, order, last = 0, None, len(body)
    found = list(pieces(body))
    for index, token in enumerate(found):
        word = token.text.upper()
        if word in ("{", "(", "["):
            depth += 1
        elif word in ("}", ")", "]"):
            depth -= 1
        elif depth == 0 and word == "ORDER" and found[index + 1].text.upper().startswith("BY"):
            order = token.start, found[index + 1].start + len("BY")
        elif depth == 0 and word in ("LIMIT", "OFFSET", "VALUES"):
            return None, ""
    if order is None:
        return body, ""
    return body[: order[0]], body[order[1] : last]
