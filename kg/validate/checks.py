"""What SHACL cannot say: quotes are verbatim, spans lie in their sentence, references lead somewhere, counts add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.model import PREDICATES
from kg.store.parsed import Words
from kg.terms import issued, typed
from kg.validate.data import name, read
from kg.vocab import BASE, KG, ONTOLOGY, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.store.parsed import Term
    from kg.validate.data import Data

__all__ = ["CHECKS"]

_FIELDS: Final = {"title": str(names.DCTERMS.title), "abstract": str(names.DCTERMS.abstract)}
_SUM: Final = (KG.papersAccepted, KG.papersMerged, KG.papersRejected)
_SAYS: Final = {str(KG[predicate]) for predicate in PREDICATES}
_TERMS: Final = {str(KG[term]) for term in KG.__annotations__ if not term.startswith("_")}
_PAPER, _TEXT, _NAMES = str(KG.paper), str(KG.text), str(KG.names)
_FROM, _ALSO = str(names.PROV.wasDerivedFrom), str(KG.alsoIn)
_ISSUED, _STRING = str(names.DCTERMS.issued), str(names.XSD.string)


def _terms(data: Data) -> Iterator[str]:
    """Check that all terms of ours are in the ontology."""
    for subject, predicate, value in data.triples():
        for term in (predicate, value):
            if isinstance(term, str) and term.startswith(f"{ONTOLOGY}#") and term not in _TERMS:
                yield f"{data.name(subject)}: {name(term)} is no term of the ontology"


def _literals(data: Data) -> Iterator[str]:
    """Check that numbers are numbers and that dates are in the calendar."""
    for subject, predicate, value in data.triples():
        if not isinstance(value, Words) or value.datatype == _STRING or value.language:
            continue
        date = predicate == _ISSUED and issued(value.text) != typed(value.text, value.datatype)
        if date or read(value).ill_typed:
            yield f"{data.name(subject)}: {name(predicate)} is {name(value)}, which is no {name(value.datatype)}"


def _references(data: Data) -> Iterator[str]:
    """Check that what is pointed at is there."""
    for subject, predicate, value in data.triples():
        if isinstance(value, Words) or not value.startswith(BASE) or value.startswith(ONTOLOGY):
            continue
        if not data.has(value):
            yield f"{data.name(subject)}: {name(predicate)} points at {name(value)}, which is not in the graph"


def _quotes(data: Data) -> Iterator[str]:
    """Check that a sentence is what its paper says in its span."""
    for sentence, quote in data.pairs(_TEXT):
        span, paper = data.span(sentence), data.value(sentence, _PAPER)
        if span is None or paper is None or not isinstance(quote, Words):
            continue  # the shapes have said so
        field = data.value(sentence, str(KG.field))
        part = field.text if isinstance(field, Words) else "abstract"
        start, end = span
        if len(quote.text) != end - start:
            yield f"{name(sentence)}: it quotes {len(quote.text)} characters for the stretch {start} to {end}"
        elif not any(
            isinstance(words, Words) and words.text[start:end] == quote.text
            for words in data.values(paper, _FIELDS.get(part, ""))
        ):
            yield f"{name(sentence)}: {name(paper)} does not say {name(quote)} at {start} in its {part}"


def _spans(data: Data) -> Iterator[str]:
    """Check that what was found lies in its sentence, and the sentence in its paper."""
    for kind, of in ((KG.Claim, names.RDF.subject), (KG.Result, KG.paper)):
        for found in data.instances(str(kind)):
            papers = data.values(found, str(of))
            for sentence in (*data.values(found, _FROM), *data.values(found, _ALSO)):
                told = data.value(sentence, _PAPER)
                if told and told not in papers:
                    yield f"{data.name(found)}: its {name(sentence)} is of another paper, {name(told)}"
            span, whole = data.span(found), data.span(data.value(found, _FROM))
            if span and span[0] >= span[1]:
                yield f"{data.name(found)}: {span} ends before it starts"
            elif span and whole and not whole[0] <= span[0] < span[1] <= whole[1]:
                yield f"{data.name(found)}: {span} is not within its sentence, {whole}"


def _support(data: Data) -> Iterator[str]:
    """Check that every plain triple has a positive claim, and `mentions` is said only where nothing else is."""
    claims: dict[tuple[Term | None, ...], set[bool]] = {}
    for claim in data.instances(str(KG.Claim)):
        claims.setdefault(data.claim(claim), set()).add(not data.values(claim, str(KG.polarity)))
    for sentence, entity in data.pairs(_NAMES):
        claims.setdefault((data.value(sentence, _PAPER), str(KG.mentions), entity), set()).add(True)
    for paper, predicate, entity in data.triples():
        if predicate not in _SAYS:
            continue
        said = f"{name(paper)}: that it {name(predicate)} {name(entity)} is stated"
        positive = claims.get((paper, predicate, entity))
        if positive is None:
            nobody = "no sentence names it" if predicate == str(KG.mentions) else "no claim says so"
            yield f"{said}, and {nobody}"
        elif True not in positive:
            yield f"{said}, and every claim denies it"
        if predicate == str(KG.mentions) and any(
            entity in values for other, values in data.said[paper].items() if other in _SAYS and other != predicate
        ):
            yield f"{said}, and more is stated too"


def _counts(data: Data) -> Iterator[str]:
    """Check that the papers of each source add up."""
    for source in data.instances(str(KG.Source)):
        read_, *parts = (_number(data, source, str(prop)) for prop in (KG.papersRead, *_SUM))
        if read_ is not None and None not in parts and read_ != sum(filter(None, parts)):
            added = "{} accepted + {} merged + {} rejected".format(*parts)
            yield f"{name(source)}: {read_} papers read are not {added}"


def _number(data: Data, node: str, prop: str) -> int | None:
    value = data.value(node, prop)
    number = read(value).value if isinstance(value, Words) else None
    return number if isinstance(number, int) else None


CHECKS: Final[tuple[Callable[[Data], Iterator[str]], ...]] = (
    _terms,
    _literals,
    _references,
    _quotes,
    _spans,
    _support,
    _counts,
)
