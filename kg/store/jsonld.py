"""Triples as compact JSON-LD (https://www.w3.org/TR/json-ld11/), in the words of ontologies/context.jsonld.

The context stands in the document: nobody has to fetch it. A statement that its words cannot carry is written out, so
that every reader gets the triples that there were.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import ontology
from kg.errors import GraphError
from kg.vocab import BASE, ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["document", "parts"]

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_TEXT: Final = f"{_XSD}string"
#: Of an IRI of ours, what any reader puts behind the base without changing it; some take what has a colon for whole.
_LOCAL: Final = re.compile(r"[a-z]+/(?!.*(?://|/\.))[!-9;->@-~]+")
#: What may follow a prefix.
_NAME: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
#: Numbers that every reader of JSON gives back as they were written.
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_TRUTH: Final = {"true": True, "false": False}


def document(triples: Iterable[ox.Triple]) -> bytes:
    """Give the document of some triples, whose context has the words that it uses. Raises GraphError."""
    nodes: dict[object, list[ox.Triple]] = {}
    for triple in triples:
        nodes.setdefault(triple.subject, []).append(triple)
    writer = _Writer(*_words())
    body = ",\n".join(writer.node(found) for found in nodes.values())
    return f"{_head(writer.used)}{body}\n]}}\n".encode()


def parts(triples: Iterable[ox.Triple]) -> Iterator[bytes]:
    """Give the document of triples bit by bit, with the whole context; those of one subject must follow each other.

    Raises GraphError on the way, for what JSON-LD cannot say.
    """
    writer = _Writer(*_words())
    yield _head(None).encode()
    ahead = ""
    for _, found in groupby(triples, attrgetter("subject")):
        yield f"{ahead}{writer.node(found)}".encode()
        ahead = ",\n"
    yield b"\n]}\n"


def _head(used: set[str] | None) -> str:
    said = _context()
    if used is not None:
        needed = used | {part.partition(":")[0] for word in used for part in _meaning(said[word])}
        said = {word: meaning for word, meaning in said.items() if word[0] == "@" or word in needed}
    return f'{{"@context":{json.dumps(said, separators=(",", ":"))},"@graph":[\n'


def _meaning(rule: str | Mapping[str, str]) -> Iterable[str]:
    return (rule,) if isinstance(rule, str) else (rule["@id"], rule.get("@type", ""))


@cache
def _context() -> dict[str, Any]:
    found = json.loads(ontology.read("context.jsonld"))["@context"]
    if (found["@base"], found["@vocab"]) != (BASE, f"{ONTOLOGY}#"):
        raise GraphError("context.jsonld has another base than the graph: run python -m kg.ontology_page")
    return dict(found)


@cache
def _words() -> tuple[dict[str, tuple[str, Any]], dict[str, str]]:
    """Give the word of each property and class, with how it reads its values, and the prefix of each namespace."""
    context = _context()
    spaces: dict[str, str] = {
        meaning: word for word, meaning in context.items() if word[0] != "@" and str(meaning)[-1] in "/#"
    }
    prefixes = {prefix: space for space, prefix in spaces.items()}

    def whole(short: str) -> str:
        prefix, _, name = short.partition(":")
        return prefixes[prefix] + name

    words: dict[str, tuple[str, Any]] = {}
    for word, meaning in context.items():
        if word[0] == "@" or word in prefixes or str(meaning)[0] == "@":
            continue
        rule = {"@id": meaning} if isinstance(meaning, str) else dict(meaning)
        kind = rule.get("@type")
        if kind not in (None, "@id"):
            rule["@type"] = whole(kind)
        words[whole(rule["@id"])] = word, rule
    return words, spaces


class _Writer:
    """Writes nodes, and keeps which words of the context they used."""

    def __init__(self, words: Mapping[str, tuple[str, Any]], spaces: Mapping[str, str]) -> None:
        self.used: set[str] = {"id", "type"}
        self._words = words
        self._spaces = spaces
        self._prefixes = frozenset(spaces.values())

    def node(self, triples: Iterable[ox.Triple]) -> str:
        """Write all triples of one subject as an object of JSON, in one line."""
        said: dict[str, list[Any]] = {}
        rules: dict[str, Mapping[str, Any]] = {}
        subject: Any = None
        for triple in triples:
            subject = triple.subject
            prop = triple.predicate.value
            if prop == _TYPE and not isinstance(triple.object, ox.Literal):
                said.setdefault("type", []).append(self._class(triple.object))
                continue
            word, rule = self._words.get(prop) or (self._iri(prop), {})
            if rule:
                self.used.add(word)
            rules[word] = rule
            said.setdefault(word, []).append(self._value(triple.object, rule.get("@type")))
        made: dict[str, Any] = {"id": self._name(subject)}
        for word, values in said.items():
            alone = len(values) == 1 and "@container" not in rules.get(word, {})
            made[word] = values[0] if alone else values
        return json.dumps(made, ensure_ascii=False, separators=(",", ":"))

    def _class(self, term: object) -> str:
        if isinstance(term, ox.NamedNode) and term.value in self._words:
            word = self._words[term.value][0]
            self.used.add(word)
            return word
        return self._iri(term.value) if isinstance(term, ox.NamedNode) else self._name(term)

    def _value(self, term: object, kind: str | None) -> Any:
        if not isinstance(term, ox.Literal):
            name = self._name(term)
            return name if kind == "@id" else {"id": name}
        text, datatype = term.value, term.datatype.value
        if datatype == (kind or _TEXT):
            return _plain(text, datatype)
        if term.language:
            turned = {"@direction": term.direction.value} if term.direction else {}
            return {"@value": text, "@language": term.language, **turned}
        return {"@value": text} if datatype == _TEXT else {"@value": text, "@type": self._iri(datatype)}

    def _name(self, term: object) -> str:
        """Give the name of a node: behind the base where it can be, else by a prefix, else whole."""
        if isinstance(term, ox.BlankNode):
            return str(term)
        if not isinstance(term, ox.NamedNode):
            raise GraphError("a statement about a statement cannot be written as json-ld")
        iri = term.value
        if iri.startswith(BASE) and _LOCAL.fullmatch(iri, len(BASE)):
            return iri[len(BASE) :]
        return self._iri(iri)

    def _iri(self, iri: str) -> str:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._spaces.get(iri[:cut])
        if prefix and _NAME.fullmatch(iri, cut):
            self.used.add(prefix)
            return f"{prefix}:{iri[cut:]}"
        scheme, _, rest = iri.partition(":")
        if scheme in self._prefixes and not rest.startswith("//"):
            raise GraphError(f"<{iri}> cannot be written as json-ld: {scheme} is a prefix there")
        return iri


def _plain(text: str, datatype: str) -> str | int | bool:
    """Give a value that its word already tells the type of."""
    if datatype == f"{_XSD}integer" and _WHOLE.fullmatch(text):
        return int(text)
    if datatype == f"{_XSD}boolean" and text in _TRUTH:
        return _TRUTH[text]
    return text
