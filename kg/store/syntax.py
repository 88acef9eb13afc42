"""What is wrong with a query, and where.

Oxigraph's parser tells the farthest character that it looked at, and it looks ahead by whole keywords: in
`SELECT * { ?s ?p }` it complains eight characters behind the brace. So a query that fails is laid out again with
one token a line and blanks behind each: then the line that the parser names is the token at fault.
"""

from __future__ import annotations

import re
from itertools import product
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from kg.errors import QueryError
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["explain", "guard", "guard_update", "parse", "pieces"]

_DEPTH: Final = 100
_LONGEST_KEYWORD: Final = 40
_SHOWN: Final = 30
_PIECE: Final = re.compile(
    r"(?P<blank>\s+|\#[^\r\n]*)"
    r"|(?P<bracket>[{}()\[\];,])"
    r"|\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
    r"|\"(?:\\.|[^\"\\\r\n])*\"|'(?:\\.|[^'\\\r\n])*'"
    r"|<[^<>\"{}|^`\\\s]*>"
    r"|\\.|.",
    re.DOTALL,
)
_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CHANGES: Final = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_ASKS: Final = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_SERVICE: Final = re.compile("service", re.IGNORECASE)
_LOAD: Final = re.compile(r"load(?![\w:-])", re.IGNORECASE)
#: What the parser expects, in words; what is not here is not worth telling.
_WORDS: Final = {
    '"$"': "a variable", '"?"': "a variable", '"<"': "a name", '":"': "a name",
    '"\\""': "a string", "['0'..='9']": "a number", '"*"': "'*'", '"("': "'('", '")"': "')'", '"{"': "'{'",
    '"}"': "'}'", '"["': "'['", '"]"': "']'", '"."': "'.'", '";"': "';'", '","': "','",
}  # fmt: skip


class Token(NamedTuple):
    """A stretch of a query without blanks, or a bracket, and where it starts."""

    start: int
    text: str


def guard(text: str) -> None:
    """Refuse a query that no store should see: one that would use the network, or end the process.

    Raises QueryError.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"{_at(text, error.start)}: half a surrogate pair is no character") from error
    _shallow(text)
    if _SERVICE.search(text):
        try:
            parse(_without_service(text))
        except SyntaxError as error:
            raise explain(text, error) from error


def guard_update(text: str) -> None:
    """Refuse an update that is wrong, that would use the network, or that would end the process. Raises QueryError."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"{_at(text, error.start)}: half a surrogate pair is no character") from error
    _shallow(text)
    if load := next((token for token in pieces(text) if _LOAD.match(token.text)), None):
        raise QueryError(f"{_at(text, load.start)}: LOAD would use the network, and kg does not")
    try:  # of an empty store, without the word SERVICE: this tells whether it can be read
        ox.Store().update(_without_service(text), prefixes=dict(PREFIXES))
    except SyntaxError as error:
        more = "; SERVICE would use the network, and kg does not" if _SERVICE.search(text) else ""
        raise QueryError(f"update: {' '.join(str(error).split())}{more}") from error


def parse(text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Ask a graph without statements, to see whether the query can be read, and what it asks for.

    Raises SyntaxError as the parser does.
    """
    return ox.Store().query(text, prefixes=dict(PREFIXES))


def explain(text: str, error: SyntaxError) -> QueryError:
    """Say where a query is wrong that the parser refused, and how."""
    tokens = list(pieces(_without_service(text)))
    place = _PLACE.fullmatch(str(error))
    try:
        parse("".join(f"{token.text}{' ' * _LONGEST_KEYWORD}\n" for token in (*tokens, Token(len(text), ""))))
    except SyntaxError as again:
        place = _PLACE.fullmatch(str(again))
    if place is None:
        return QueryError(f"query: {' '.join(str(error).split())}")
    return _explanation(text, tokens, place)


def _shallow(text: str) -> None:
    """Refuse brackets deeper than a person writes them: they overflow the parser's stack and end the process."""
    depth = 0
    for token in pieces(text):
        depth += token.text in ("(", "{", "[")
        depth -= token.text in (")", "}", "]")
        if depth > _DEPTH:
            raise QueryError(f"{_at(text, token.start)}: more than {_DEPTH} brackets inside one another")


def _without_service(text: str) -> str:
    """Replace the word SERVICE by one that is no keyword, of the same length.

    The result parses if and only if SERVICE was just a part of names, strings and comments.
    """
    lower = text.lower()
    words = map("".join, product("s", *[ascii_lowercase[::-1]] * 6))
    return _SERVICE.sub(next(word for word in words if word not in lower), text)


def _explanation(text: str, tokens: Sequence[Token], place: re.Match[str]) -> QueryError:
    index, column = _index(tokens, int(place[1])), int(place[2]) - 1
    if index == len(tokens):
        return QueryError(f"{_at(text, len(text.rstrip()))}: {_reason('', place[3])}")
    token = tokens[index]
    start = token.start + (column if column < len(token.text) and '"' in place[3] else 0)
    end = token.start + len(token.text)
    shown = text[start:end]
    if "Prefix not found" not in place[3] and text[token.start : end] != token.text:
        return QueryError(f"{_at(text, start)}: SERVICE would use the network, and kg does not")
    if shown.upper() in _CHANGES and not any(before.text.upper() in _ASKS for before in tokens[:index]):
        return QueryError(
            f"{_at(text, start)}: {shown.upper()} would change the graph, and kg only reads: "
            "ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    return QueryError(f"{_at(text, start)}: {_reason(shown, place[3])}")


def _index(tokens: Sequence[Token], line: int) -> int:
    """Find the token that a line of the layout holds; a long string takes several lines."""
    last = 0
    for index, token in enumerate(tokens):
        last += 1 + token.text.count("\n")
        if line <= last:
            return index
    return len(tokens)


def _reason(shown: str, expected: str) -> str:
    entries = expected.split(", ")
    phrases = [entry for entry in entries if " " in entry and entry[0] not in "\"'[" and "|" not in entry]
    if "Prefix not found" in phrases:
        return f"the prefix {shown.partition(':')[0]}: is not declared: say PREFIX {shown.partition(':')[0]}: <…> first"
    if "IRI parsing failed" in phrases:
        return f"{_short(shown)} is not an absolute IRI"
    if (piece := _PIECE.match(shown)) and piece[0] in ('"', "'"):
        return f"the string {_short(shown)} does not end"
    if "CONSTRUCT" in entries:
        return f"unexpected {_short(shown)!r}: expected SELECT, ASK, CONSTRUCT or DESCRIBE"
    if phrases:
        return phrases[0][0].lower() + phrases[0][1:].rstrip(".").replace(". ", ": ")
    wanted = list(dict.fromkeys(_WORDS[entry] for entry in entries if entry in _WORDS))
    what = f"unexpected {_short(shown)!r}" if shown else "the query ends too early"
    return f"{what}: expected {' or '.join(filter(None, [', '.join(wanted[:-1]), wanted[-1]]))}" if wanted else what


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _at(text: str, offset: int) -> str:
    """Name the place of an offset as an editor counts: lines and columns from one."""
    before = text[:offset].replace("\r\n", "\n")
    return f"query line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def pieces(text: str) -> Iterator[Token]:
    """Brackets by themselves; all else up to a blank, a comment or a bracket."""
    start, run = 0, ""
    for piece in _PIECE.finditer(text):
        if piece["blank"] is None and piece["bracket"] is None:
            start, run = start if run else piece.start(), run + piece[0]
            continue
        if run:
            yield Token(start, run)
        if piece["bracket"]:
            yield Token(piece.start(), piece[0])
        run = ""
    if run:
        yield Token(start, run)
