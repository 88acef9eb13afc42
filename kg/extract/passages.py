"""What the parts of the extraction work on, and what they give."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.sentences import sentences
from kg.extract.tokens import Word, cut, words
from kg.model import FIELDS, Field, Kind, Paper, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Candidate", "Passage", "passage", "passages", "text_of"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, its words and its sentences."""

    text: Text
    words: Sequence[Word]
    sentences: Sequence[tuple[int, int]]

    def before(self, index: int) -> str:
        """The word before another in lower case, or "^" if a mark or nothing stands there."""
        return self.words[index - 1].text.casefold() if index and not self.words[index].starts else "^"

    def after(self, index: int) -> str:
        """The word after another in lower case, or "$" if a mark or nothing stands there."""
        follows = index + 1 < len(self.words) and not self.words[index + 1].starts
        return self.words[index + 1].text.casefold() if follows else "$"

    def surface(self, first: int, last: int) -> str:
        """The verbatim text from one word to another."""
        return self.text.text[self.words[first].start : self.words[last].end]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of words, first and last included, that may name something."""

    first: int
    last: int
    kind: Kind
    confidence: float
    extractor: str


def text_of(paper: Paper, field: Field) -> Text:
    """The version of a paper's title or abstract at hand."""
    text = paper.title if field == "title" else paper.abstract
    return Text(paper.id, field, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), text)


def passage(text: Text) -> Passage:
    """A text with its words and sentences."""
    return Passage(text, words(cut(text.text)), sentences(text.text))


def passages(paper: Paper) -> tuple[Passage, ...]:
    """The paper's title and abstract."""
    return tuple(passage(text_of(paper, field)) for field in FIELDS)
