"""The extraction as components of a spaCy pipeline.

>>> doc = nlp()("Graph neural networks (GNNs) are evaluated on CIFAR-10.")
>>> [(span.text, span.label_) for span in doc.spans["kg_entities"]]
[('Graph neural networks', 'Method'), ('GNNs', 'Method'), ('CIFAR-10', 'Dataset')]

Each component writes a group of spans into `doc.spans` under its own name: `kg_vocabulary` (labelled by kind),
`kg_acronyms` (labelled "short" and "long"), `kg_contributions`, and `kg_entities`, the mentions, which stand in
`doc.ents` too where the entities of other components leave room. `doc.spans["kg_entities"].attrs` has a list of their
confidences and one of the parts that found them. The components need no other:
`spacy.blank("en").add_pipe("kg_entities")` is enough, with any tokenizer; a mention that ends inside a token is
widened to it. What stands before the first blank line of a text is read as its title if something follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import spacy
from spacy.language import Language
from spacy.tokens import SpanGroup
from spacy.util import filter_spans

from kg.extract.features import acronym_spans, contribution_spans, known_spans, units
from kg.extract.tagger import MODELS, read
from kg.extract.tokens import tokenizer
from kg.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from spacy.tokens import Doc, Span

    from kg.extract.features import Unit

__all__ = ["COMPONENTS", "nlp"]

#: The components of the pipeline, in its order.
COMPONENTS = ("kg_vocabulary", "kg_acronyms", "kg_contributions", "kg_entities")

_GAP = "\n\n"


def nlp(model: str = MODELS[0]) -> Language:
    """A pipeline with all components and our tokenizer."""
    language = spacy.blank("en")
    language.tokenizer = tokenizer(language.vocab)
    for name in COMPONENTS:
        language.add_pipe(name, config={"model": model} if name == "kg_entities" else {})
    return language


@Language.component("kg_vocabulary")
def vocabulary(doc: Doc) -> Doc:
    """Mark the names that the vocabulary knows, overlapping ones too."""
    row = _units(doc)
    found = [_span(doc, row, each.first, each.last, each.kind) for each in known_spans(row) if each.written]
    return _with(doc, "kg_vocabulary", found)


@Language.component("kg_acronyms")
def acronyms(doc: Doc) -> Doc:
    """Mark the short and long forms of the acronyms that the text defines."""
    row = _units(doc)
    forms = ("short", "long")
    found = [_span(doc, row, first, last, forms[form]) for form, first, last in acronym_spans(row)]
    return _with(doc, "kg_acronyms", found)


@Language.component("kg_contributions")
def contributions(doc: Doc) -> Doc:
    """Mark what the title names before its colon, and what the text calls its own."""
    row = _units(doc)
    return _with(doc, "kg_contributions", [_span(doc, row, *place, "") for place in contribution_spans(row)])


@Language.factory("kg_entities", default_config={"model": MODELS[0]})
def entities(nlp: Language, name: str, model: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy's signature
    """Mark the methods, datasets, tasks and metrics."""

    def mark(doc: Doc) -> Doc:
        row = _units(doc)
        found = read(row, model)
        spans = [_span(doc, row, each.span.first, each.span.last, each.span.kind) for each in found]
        attributes = {
            "confidence": [round(each.confidence, 3) for each in found],
            "parts": ["+".join(each.parts) for each in found],
        }
        doc.spans["kg_entities"] = SpanGroup(doc, name="kg_entities", attrs=attributes, spans=spans)
        held = {token.i for ent in doc.ents for token in ent}
        doc.ents = [*doc.ents, *(span for span in filter_spans(spans) if held.isdisjoint(range(span.start, span.end)))]
        return doc

    return mark


def _units(doc: Doc) -> Sequence[Unit]:
    """Our units of a text, whatever its tokens are; their offsets are those of the whole text."""
    title, gap, rest = doc.text.partition(_GAP)
    if not rest.strip():
        return units([Text("", "abstract", "", doc.text)])
    padded = " " * (len(title) + len(gap)) + rest
    return units([Text("", "title", "", title), Text("", "abstract", "", padded)])


def _span(doc: Doc, row: Sequence[Unit], first: int, last: int, label: str) -> Span:
    span = doc.char_span(row[first].start, row[last].end, label=label, alignment_mode="expand")
    if span is None:  # pragma: no cover - a unit is never outside of its text
        raise ValueError(f"no tokens at {row[first].start} to {row[last].end}")
    return span


def _with(doc: Doc, name: str, spans: Iterable[Span]) -> Doc:
    doc.spans[name] = SpanGroup(doc, name=name, spans=list(spans))
    return doc
