"""Through the text of a query by the grammar of SPARQL, property by property: what is no property is copied.

SPARQL 1.1, https://www.w3.org/TR/sparql11-query/#sparqlGrammar; the numbers of rules are those of that page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.queries.tokens import Token, tokens
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["walked"]

_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
_TYPE: Final = f"{PREFIXES['rdf']}type"
_PATTERNS: Final = frozenset(["OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES"])


def walked(sparql: str, replace: Callable[[str, Sequence[str | None]], str | None]) -> str:
    """Give a query with other paths in the place of properties.

    `replace` is told the IRI of a property, and the IRIs of its objects (None for one that is none); it gives a path,
    or None for as it is. The query must be well-formed. Raises QueryError for one whose forms are not known here.
    """
    return _Walk(sparql, replace).query()


class _Walk:
    """Goes through a query from its begin to its end, and copies it; properties are replaced on the way."""

    def __init__(self, sparql: str, replace: Callable[[str, Sequence[str | None]], str | None]) -> None:
        self._tokens = tokens(sparql)
        self._at = 0
        self._made: list[str] = []
        self._replace = replace
        self._prefixes = dict(PREFIXES)

    def query(self) -> str:
        """The whole query."""
        self._outside(end="")
        return "".join(self._made)

    # Reading.

    def _next(self) -> Token:
        """The next token that is no blank; blanks before it are copied."""
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "blank":
            self._made.append(self._tokens[self._at].text)
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else Token("end", "")

    def _copy(self) -> Token:
        token = self._next()
        if token.kind == "end":
            raise QueryError("--reason cannot follow this query to its end: ask it without")
        self._made.append(token.text)
        self._at += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._copy()
        if token.text != text:
            raise QueryError(f"--reason cannot follow this query: {token.text[:40]!r} stands where {text!r} might")

    def _balanced(self) -> None:
        """Copy brackets with all that is in them; patterns within expressions are patterns."""
        closing = _CLOSING[self._copy().text]
        while self._next().text != closing:
            token = self._next()
            if token.word == "EXISTS":
                self._copy()
                self._group()
            elif token.text in _CLOSING:
                self._balanced()
            else:
                self._copy()
        self._copy()

    # The grammar of SPARQL 1.1, https://www.w3.org/TR/sparql11-query/#sparqlGrammar, rules 2 to 83.

    def _outside(self, end: str) -> None:
        """Rules 2 to 28: all around the pattern of a query, or of one within another up to its bracket."""
        last = ""
        while (token := self._next()).kind != "end" and token.text != end:
            if token.word == "PREFIX":
                self._copy()
                name, iri = self._copy(), self._copy()
                self._prefixes[name.text[:-1]] = iri.text[1:-1]
            elif token.text == "{" and last in {"CONSTRUCT", "VALUES"}:
                self._balanced_template()
                last = ""
            elif token.text == "{":
                self._group()
                last = ""
            elif token.text == "(":
                self._balanced()
            else:
                if token.word == "WHERE" and last == "CONSTRUCT":
                    raise QueryError("--reason cannot widen CONSTRUCT WHERE: write the template before WHERE")
                last = token.word or last
                self._copy()

    def _balanced_template(self) -> None:
        """Copy a template, or rows of data, as they are."""
        depth = 0
        while True:
            text = self._copy().text
            depth += (text in _CLOSING) - (text in _CLOSING.values())
            if not depth:
                return

    def _group(self) -> None:  # noqa: C901 - one branch for each rule
        """Rules 53 to 67: a pattern between braces."""
        self._expect("{")
        if self._next().word == "SELECT":
            self._outside(end="}")
            self._copy()
            return
        while (token := self._next()).text != "}":
            word = token.word
            if token.text == "{":
                self._group()
            elif token.text == "." or word in {"OPTIONAL", "UNION", "MINUS"}:
                self._copy()
            elif word in {"GRAPH", "SERVICE"}:
                while self._next().text != "{":
                    self._copy()
            elif word == "FILTER":
                self._filter()
            elif word == "BIND":
                self._copy()
                self._balanced()
            elif word == "VALUES":
                while self._next().text != "{":
                    self._copy()
                self._balanced_template()
            else:
                self._triples()
        self._copy()

    def _filter(self) -> None:
        """Rule 68: brackets, a function with brackets, or a pattern that exists."""
        self._copy()
        while True:
            token = self._next()
            if token.text == "(":
                self._balanced()
                return
            self._copy()
            if token.word == "EXISTS":
                self._group()
                return

    def _triples(self) -> None:
        """Rules 75 to 83: a subject, and what is said of it."""
        alone = self._next().text in {"[", "("}
        self._node()
        if not (alone and self._next().text in {".", "}"}):
            self._properties(ends={".", "}"})

    def _properties(self, ends: set[str]) -> None:
        while True:
            if self._next().kind == "variable":
                self._copy()
            else:
                self._path()
            self._objects()
            more = False
            while self._next().text == ";":
                self._copy()
                more = True
            if not more or self._ended(ends):
                return

    def _ended(self, ends: set[str]) -> bool:
        token = self._next()
        return token.text in ends or token.text == "{" or token.word in _PATTERNS

    def _objects(self) -> None:
        self._node()
        while self._next().text == ",":
            self._copy()
            self._node()

    def _node(self) -> None:
        """A term, a list, or a node without a name and what is said of it."""
        token = self._next()
        if token.text == "(":
            self._copy()
            while self._next().text != ")":
                self._node()
            self._copy()
        elif token.text == "[":
            self._copy()
            if self._next().text != "]":
                self._properties(ends={"]"})
            self._expect("]")
        elif token.kind in {"iri", "name", "variable", "number", "text"} or token.word in {"TRUE", "FALSE"}:
            self._copy()
            if token.kind == "text" and self._next().kind == "tag":
                self._copy()
            elif token.kind == "text" and self._next().text == "^^":
                self._copy()
                self._copy()
        else:
            raise QueryError(f"--reason cannot follow this query: {token.text[:40]!r} is no term that it knows")

    def _path(self) -> None:
        """Rules 88 to 95: a property, or a path of them."""
        self._step()
        while self._next().text in {"/", "|"}:
            self._copy()
            self._step()

    def _step(self) -> None:
        if self._next().text == "^":
            self._copy()
        token = self._next()
        if token.text == "(":
            self._copy()
            self._path()
            self._expect(")")
        elif token.text == "!":  # not these, whatever follows from others
            self._copy()
            self._negated()
        else:
            self._property()
        if self._next().text in {"?", "*", "+"}:
            self._copy()

    def _negated(self) -> None:
        if self._next().text == "(":
            self._balanced_template()
            return
        if self._next().text == "^":
            self._copy()
        self._copy()

    def _property(self) -> None:
        token = self._next()
        iri = self._iri(token)
        if iri is None:
            raise QueryError(f"--reason cannot follow this query: {token.text[:40]!r} is no property that it knows")
        path = self._replace(iri, self._after())
        if path is None:
            self._copy()
            return
        self._made.append(f"({path})" if self._follows({"?", "*", "+"}) else path)
        self._at += 1

    def _after(self) -> list[str | None]:
        """What the objects of a property may be, as far as they are IRIs."""
        found: list[str | None] = []
        for token in self._tokens[self._at + 1 :]:
            if token.text in {";", ".", "}", "]"}:
                break
            if token.kind != "blank" and token.text != ",":
                found.append(self._iri(token))
        return found

    def _follows(self, signs: set[str]) -> bool:
        return self._at + 1 < len(self._tokens) and self._tokens[self._at + 1].text in signs

    def _iri(self, token: Token) -> str | None:
        if token.text == "a":
            return _TYPE
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        return self._prefixes.get(prefix, "") + local.replace("\\", "") if token.kind == "name" else None
