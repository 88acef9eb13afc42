"""Whether a graph is well made, in words: the shapes of `ontologies/shapes.ttl`, and what SHACL cannot say quickly."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pyshacl
import rdflib
from rdflib import URIRef

from kg import ontology
from kg.errors import GraphError
from kg.terms import issued
from kg.vocab import BASE, KG, ONTOLOGY, PREFIXES, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Node

__all__ = ["Verdict", "validate"]

_LONGEST: Final = 80
_MOST: Final = 5
_FIELDS: Final = {"title": names.DCTERMS.title, "abstract": names.DCTERMS.abstract}
_SUM: Final = (KG.papersAccepted, KG.papersMerged, KG.papersRejected)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a graph conforms, and if not why: one line for each fault, sorted."""

    conforms: bool
    messages: tuple[str, ...] = ()


def validate(graph: str | Iterable[str]) -> Verdict:
    """Check a graph, given as Turtle text or as lines of N-Triples.

    The ontology's own triples are known and may be left out. Raises GraphError if the text is not RDF.

    >>> validate("<https://w3id.org/ml-kg/paper/x> <https://w3id.org/ml-kg/ontology#title> 'X' .").messages
    ('paper/x: kg:title is no term of the ontology',)
    """
    with _verbatim():
        data = _parsed(graph)
        found = sorted({line for check in (_shapes, *_CHECKS) for line in check(data)})
    return Verdict(conforms=not found, messages=tuple(found))


@contextmanager
def _verbatim() -> Iterator[None]:
    """Keep rdflib from rewriting literals ("01" to "1"), and from logging a stack trace for each bad one."""
    log, normalize = logging.getLogger("rdflib.term"), rdflib.NORMALIZE_LITERALS
    disabled = log.disabled
    log.disabled, rdflib.NORMALIZE_LITERALS = True, False
    try:
        yield
    finally:
        log.disabled, rdflib.NORMALIZE_LITERALS = disabled, normalize


def _parsed(graph: str | Iterable[str]) -> rdflib.Graph:
    data = rdflib.Graph()
    try:
        if isinstance(graph, str):
            data.parse(data=graph, format="turtle")
        else:
            data.parse(data="\n".join(graph), format="nt")
    except Exception as error:  # rdflib raises SyntaxError, ParserError or ValueError, by parser and fault
        what = " ".join(str(error).split())[:200]
        raise GraphError(f"the graph cannot be read: {what}: mend that line, or write the graph anew") from error
    return data.parse(data=ontology.read("schema.ttl"), format="turtle")


@cache
def _shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=ontology.read("shapes.ttl"), format="turtle")


def _shapes(data: rdflib.Graph) -> Iterator[str]:
    """Check what the shapes say; each message is the rule, then what was found instead."""
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes_graph(), inference="none", do_owl_imports=False)
    for result in report.subjects(names.RDF.type, names.SH.ValidationResult):
        node, path = report.value(result, names.SH.focusNode), report.value(result, names.SH.resultPath)
        rule = f"{_name(node, data)}: {report.value(result, names.SH.resultMessage)}"
        if isinstance(path, URIRef):
            values = sorted(_name(value) for value in data.objects(node, path))
            shown = values if len(values) <= _MOST else [*values[:_MOST], "and more"]
            rule += f" Here {_name(path)} is {', '.join(shown) or 'absent'}."
        yield rule


def _terms(data: rdflib.Graph) -> Iterator[str]:
    """Check that all terms of ours are in the ontology."""
    for subject, predicate, value in data:
        for term in (predicate, value):
            if isinstance(term, URIRef) and term.startswith(f"{ONTOLOGY}#") and term not in KG:
                yield f"{_name(subject, data)}: {_name(term)} is no term of the ontology"


def _literals(data: rdflib.Graph) -> Iterator[str]:
    """Check that numbers are numbers and that dates are in the calendar."""
    for subject, predicate, value in data:
        if not isinstance(value, rdflib.Literal):
            continue
        date = predicate == names.DCTERMS.issued and value.datatype and issued(str(value)) != value.n3()
        if value.ill_typed or date:
            datatype = _name(value.datatype) if value.datatype else "plain text"
            yield f"{_name(subject, data)}: {_name(predicate)} is {_name(value)}, which is no {datatype}"


def _references(data: rdflib.Graph) -> Iterator[str]:
    """Check that what is pointed at is there."""
    there = set(data.subjects())
    for subject, predicate, value in data:
        ours = isinstance(value, URIRef) and value.startswith(BASE) and not value.startswith(ONTOLOGY)
        if ours and value not in there:
            yield f"{_name(subject, data)}: {_name(predicate)} points at {_name(value)}, which is not in the graph"


def _quotes(data: rdflib.Graph) -> Iterator[str]:
    """Check that a sentence is what its paper says between its offsets."""
    for sentence in data.subjects(names.RDF.type, KG.Sentence):
        text = data.value(sentence, KG.inText)
        span, quote, field = _span(data, sentence), data.value(sentence, KG.text), data.value(sentence, KG.field)
        if text is None or span is None or quote is None:
            continue  # the shapes have said so
        if field != data.value(text, KG.field):
            yield f"{_name(sentence)}: it is in the {field} and its text is not"
        paper = data.value(text, KG.paper)
        start, end = span
        if len(str(quote)) != end - start:
            yield f"{_name(sentence)}: it quotes {len(str(quote))} characters for the stretch {start} to {end}"
        elif not any(str(words)[start:end] == str(quote) for words in data.objects(paper, _FIELDS.get(str(field)))):
            yield f"{_name(sentence)}: {_name(paper)} does not say {_name(quote)} at {start} in its {field}"


def _offsets(data: rdflib.Graph) -> Iterator[str]:
    """Check that what was found lies in its sentence, and the sentence in its paper."""
    for kind, of in ((KG.Claim, names.RDF.subject), (KG.Result, KG.paper)):
        for found in data.subjects(names.RDF.type, kind):
            papers = set(data.objects(found, of))
            for sentence in (*data.objects(found, names.PROV.wasDerivedFrom), *data.objects(found, KG.alsoIn)):
                told = data.value(data.value(sentence, KG.inText), KG.paper)
                if told and told not in papers:
                    yield f"{_name(found, data)}: its {_name(sentence)} is of another paper, {_name(told)}"
            span, whole = _span(data, found), _span(data, data.value(found, names.PROV.wasDerivedFrom))
            if span and whole and not whole[0] <= span[0] < span[1] <= whole[1]:
                yield f"{_name(found, data)}: {span} is not within its sentence, {whole}"


def _span(data: rdflib.Graph, node: Node | None) -> tuple[int, int] | None:
    """Give the offsets of a node, if it has some that are numbers."""
    start, end = _number(data, node, KG.start), _number(data, node, KG.end)
    return None if start is None or end is None else (start, end)


def _number(data: rdflib.Graph, node: Node | None, prop: URIRef) -> int | None:
    number = getattr(data.value(node, prop), "value", None) if node else None
    return number if isinstance(number, int) else None


def _support(data: rdflib.Graph) -> Iterator[str]:
    """Check that every plain triple has a positive claim, and `mentions` is said only where nothing else is."""
    claims: dict[tuple[Node | None, ...], set[bool]] = {}
    for claim in data.subjects(names.RDF.type, KG.Claim):
        claims.setdefault(_said(data, claim), set()).add((claim, KG.polarity, None) not in data)
    finer = set(data.subjects(names.RDFS.subPropertyOf, KG.mentions))
    for predicate in (*finer, KG.mentions):
        for paper, entity in data.subject_objects(predicate):
            said = f"{_name(paper)}: that it {_name(predicate)} {_name(entity)} is stated"
            positive = claims.get((paper, predicate, entity))
            if positive is None:
                yield f"{said}, and no claim says so"
            elif True not in positive:
                yield f"{said}, and every claim denies it"
            if predicate == KG.mentions and not finer.isdisjoint(data.predicates(paper, entity)):
                yield f"{said}, and more is stated too"


def _said(data: rdflib.Graph, claim: Node) -> tuple[Node | None, ...]:
    return tuple(data.value(claim, prop) for prop in (names.RDF.subject, names.RDF.predicate, names.RDF.object))


def _counts(data: rdflib.Graph) -> Iterator[str]:
    """Check that the papers of each source add up."""
    for source in data.subjects(names.RDF.type, KG.Source):
        read, *parts = (_number(data, source, prop) for prop in (KG.papersRead, *_SUM))
        if read is not None and None not in parts and read != sum(filter(None, parts)):
            added = "{} accepted + {} merged + {} rejected".format(*parts)
            yield f"{_name(source)}: {read} papers read are not {added}"


_CHECKS: Final[tuple[Callable[[rdflib.Graph], Iterator[str]], ...]] = (
    _terms,
    _literals,
    _references,
    _quotes,
    _offsets,
    _support,
    _counts,
)


def _name(node: Node | None, data: rdflib.Graph | None = None) -> str:
    """Name a node for a person: short, on one line; a claim by what it claims."""
    if isinstance(node, URIRef):
        short = str(node).removeprefix(BASE) if not node.startswith(ONTOLOGY) else _curie(node)
        short = _curie(node) if short == str(node) else short
        if data is not None and (node, names.RDF.type, KG.Claim) in data:
            return f"{short} ({' '.join(_name(part) if part else '?' for part in _said(data, node))})"
        return short
    text = repr(str(node))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]}…{text[0]}"


def _curie(node: URIRef) -> str:
    for prefix, space in PREFIXES.items():
        if node.startswith(space):
            return f"{prefix}:{node[len(space) :]}"
    return f"<{node}>"
