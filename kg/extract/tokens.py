"""Texts cut into the units that names are made of, by spaCy."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import spacy
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Token

    from kg.extract.features import Unit

__all__ = [
    "LONGEST",
    "Word",
    "compact",
    "cut",
    "is_word",
    "is_wordlike",
    "key",
    "language",
    "normal",
    "shape",
    "tokenizer",
    "units_of",
    "windows",
    "words",
    "words_of",
]

#: How many words a name of the vocabulary has at most.
LONGEST = 7

_PREFIX = re.compile(r"^(?:``|[(\[{\"'“‘`*<|~,.;:!?•…–—-])")
_SUFFIX = re.compile(r"(?:['’]s|''|[)\]}\"'”’`*>|~,.;:!?…–—])$")
_INFIX = re.compile(r"[/—–()\[\]{}“”\"|~;]|--+|(?<=[a-z])[.,](?=[A-Z])")
_FORMULA = re.compile(r"^[\w-]*\$[^\s$]+\$[\w-]*$")
#: What needs no tokenizer, for it has neither prefix nor infix: a word, and at most one mark behind it.
_PLAIN = re.compile(r"([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)([,.:;])?")
_PLURAL = 3
_ACRONYM = 5  # letters that an acronym may have
#: A corpus has half a million names, and goes through them several times.
_NAMES = 1 << 19
_WORDS = 1 << 16
_LONGEST_UNIT = 400
_NO_LIMIT = 2**31 - 1
_HALF = re.compile("[\\ud800-\\udfff]")
_BLOB = re.compile(rf"\S{{{_LONGEST_UNIT + 1},}}")
_STRETCH = re.compile(r"\S+")


@cache
def language() -> Language:
    """A blank English pipeline whose tokens are units: a word with its hyphens, or a mark between words.

    A hyphenated word is one unit because a name never ends inside one: *high-accuracy* is not *accuracy*.

    >>> [token.text for token in language()("A data-efficient (multi-hop) QA system’s F1/EM, e.g. GPT-4.")]
    ['A', 'data-efficient', '(', 'multi-hop', ')', 'QA', 'system', '’s', 'F1', '/', 'EM', ',', 'e.g', '.', 'GPT-4', '.']
    """
    blank = spacy.blank("en")
    blank.max_length = _NO_LIMIT  # spaCy's is for its parser, which is not here
    blank.tokenizer = tokenizer(blank.vocab)
    return blank


def tokenizer(vocab: Vocab) -> Tokenizer:
    """The tokenizer of that pipeline."""
    return Tokenizer(
        vocab,
        prefix_search=_PREFIX.search,
        suffix_search=_SUFFIX.search,
        infix_finditer=_INFIX.finditer,
        token_match=_FORMULA.match,
    )


def cut(text: str) -> Doc:
    """A text as units. A stretch without a space longer than any name is one mark, or it would cost its square.

    Half a surrogate pair, which spaCy refuses, is read as one other character.
    """
    return language().make_doc(_BLOB.sub(lambda blob: "\0" * len(blob[0]), _HALF.sub("\ufffd", text)))


def units_of(text: str) -> Iterator[tuple[int, str, bool]]:
    """Where each unit of a text begins, the unit, and whether it can be part of a name.

    As `cut` has them, white space left out; but each stretch between white space is cut once, and remembered.

    >>> list(units_of("A (deep) net"))
    [(0, 'A', True), (2, '(', False), (3, 'deep', True), (7, ')', False), (9, 'net', True)]
    """
    for stretch in _STRETCH.finditer(text):
        start, found = stretch.start(), stretch[0]
        if len(found) > _LONGEST_UNIT:
            yield start, "\0" * len(found), False
            continue
        for at, unit, word in _pieces(found):
            yield start + at, unit, word


@lru_cache(_WORDS)
def _pieces(stretch: str) -> tuple[tuple[int, str, bool], ...]:
    if plain := _PLAIN.fullmatch(stretch):
        word, mark = plain.groups()
        return ((0, word, True), (len(word), mark, False)) if mark else ((0, word, True),)
    doc = _bare()(_HALF.sub("\ufffd", stretch))
    return tuple((token.idx, token.text, is_wordlike(token.text)) for token in doc)


@cache
def _bare() -> Tokenizer:
    """The tokenizer with a vocabulary that knows nothing of a word but its letters, which is faster."""
    return tokenizer(Vocab())


def is_word(token: Token) -> bool:
    """Whether a token can be part of a name: it holds a letter or a digit.

    >>> [is_word(token) for token in language()("R2-D2, -")]
    [True, False, False]
    """
    return is_wordlike(token.text)


@lru_cache(_WORDS)
def is_wordlike(text: str) -> bool:
    """Whether a token of this text is one that `is_word` takes for a word."""
    return any(map(str.isalnum, text)) and text not in {"'s", "’s"}


@lru_cache(_WORDS)
def normal(word: str) -> str:
    """A word without case and plural ending, as names are compared. The last letter of an acronym is no plural ending.

    >>> normal("Networks"), normal("loss"), normal("GANs"), normal("NETWORKS"), normal("MOTS"), normal("ViT-S")
    ('network', 'loss', 'gan', 'network', 'mots', 'vit-s')
    """
    folded = word.casefold()
    if len(folded) <= _PLURAL or not folded.endswith("s") or folded.endswith("ss"):
        return folded
    is_plural = word[-1] == "s" or (word.isupper() and word.isalpha() and len(word) > _ACRONYM)
    return folded[:-1] if is_plural else folded


@lru_cache(_WORDS)
def shape(word: str) -> str:
    """How a word is written: "name" (CamelCase, ACRONYM, with digits), "capital" or "plain".

    >>> [shape(word) for word in ("ReMixMatch", "BERT", "GANs", "YOLO-v2", "Adam", "learning", "2020", "3d")]
    ['name', 'name', 'name', 'name', 'capital', 'plain', 'plain', 'plain']
    """
    letters = [piece for piece in re.split(r"[^A-Za-z]+", word) if piece]
    if any(len(piece) > 1 and piece[1:] != piece[1:].lower() for piece in letters):
        return "name"
    has_capital = any(piece[0].isupper() for piece in letters)
    if has_capital and any(map(str.isdigit, word)):
        return "name"
    return "capital" if has_capital and word[0].isupper() else "plain"


@dataclass(frozen=True, slots=True)
class Word:
    """A unit of a text that can be part of a name; `starts` where a mark or the text's start stands before it."""

    start: int
    end: int
    text: str
    starts: bool


def words(doc: Doc) -> list[Word]:
    """The words of a text with their offsets.

    >>> [(word.text, word.starts) for word in words(language()("Bert, a novel (deep) model"))]
    [('Bert', True), ('a', True), ('novel', False), ('deep', True), ('model', True)]
    """
    found, starts = [], True
    for token in doc:
        if is_word(token):
            found.append(Word(token.idx, token.idx + len(token), token.text, starts))
            starts = False
        elif not token.is_space:
            starts = True
    return found


def words_of(units: Iterable[Unit]) -> list[Word]:
    """The words among the units of one text."""
    found, starts = [], True
    for unit in units:
        if unit.word:
            found.append(Word(unit.start, unit.end, unit.surface, starts))
        starts = not unit.word
    return found


def key(units: Sequence[str]) -> str:
    """A name as the vocabulary knows it: no case, no hyphens, no plural ending.

    >>> key(["Q", "Learning"]), key(["Q-learning"]), key(["Graph", "Neural", "Networks"])
    ('q learning', 'q learning', 'graph neural network')
    """
    return " ".join([*(unit.casefold() for unit in units[:-1]), normal(units[-1])]).replace("-", " ").replace("_", " ")


@lru_cache(_NAMES)
def compact(name: str) -> str:
    """What two spellings of one name share: the key without its spaces.

    >>> compact("CIFAR-10") == compact("CIFAR10"), compact("pre-training") == compact("Pretraining")
    (True, True)
    """
    units = unicodedata.normalize("NFKC", name).split()
    return re.sub(r"[\s/‐‑–—]+", "", key(units)) if units else ""


def windows(row: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
    """All (first, last, key) of up to LONGEST words without a mark between them."""
    for first in range(len(row)):
        for last in range(first, min(first + LONGEST, len(row))):
            if last > first and row[last].starts:
                break
            yield first, last, key([word.text for word in row[first : last + 1]])
