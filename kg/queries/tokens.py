"""The pieces of a query: names, texts, signs, and the blanks between them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Token", "tokens"]

_TOKEN: Final = re.compile(
    r"(?P<blank>\s+|\#[^\r\n]*)"
    r"|(?P<iri><[^<>\"{}|^`\\\s]*>)"
    r"|(?P<text>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|\"(?:\\.|[^\"\\\r\n])*\"|'(?:\\.|[^'\\\r\n])*')"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<name>_:\w(?:[\w.-]*[\w-])?|(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%]|\\.)(?:(?:[\w:.%-]|\\.)*(?:[\w:%-]|\\.))?)?)"
    r"|(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<word>[A-Za-z]\w*)"
    r"|(?P<sign>\^\^|<<|>>|\{\||\|\}|.)",
    re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: its kind, and its text."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """A keyword, in capitals; of anything else nothing."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(sparql: str) -> list[Token]:
    """Cut a query into pieces, which put together are the query.

    >>> [token.kind for token in tokens("ASK { ?s a kg:Task }") if token.kind != "blank"]
    ['word', 'sign', 'variable', 'word', 'name', 'sign']
    """
    return [Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(sparql)]
