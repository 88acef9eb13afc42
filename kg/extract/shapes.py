"""Names by the way they are written: ReMixMatch, STOVE, YOLO-v2; and which of them are datasets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.extract.names import is_dataset
from kg.extract.passages import Candidate
from kg.extract.tables import tables
from kg.extract.tokens import key, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.passages import Passage
    from kg.model import Kind

__all__ = ["shaped", "speaks_of_data"]

_QUANTITY = re.compile(r"^\W*\d[\d.,]*[A-Za-z%×x]{0,3}\W*$|^[A-Z]$|^\d+-?[A-Z]$")
_COMPOUND = re.compile(
    r"-(?:based|like|free|aware|driven|style|hard|trained|level|guided|enhanced|augmented|only|type)$"
)
_SET = r"(?:data ?sets?|benchmarks?|corpus|corpora|challenge|test ?sets?|test ?beds?|leaderboard|treebank)"
_NAME = r"[\w.+-]+"
_ARTICLE = r"(?:(?:the|both|several|standard|popular|conditional)\s)*"
_LIST = rf"{_ARTICLE}(?:{_NAME}(?:\s(?!and\b){_NAME}){{0,2}}(?:,\s(?:and\s)?|\sand\s|\s?/\s?))*"
_MEASURED = (
    r"(?:evaluat\w*|experiment\w*|results?|tested?|validat\w*|performance|accuracy|scores?|conducted|state-of-the-art"
    r"|SOTA|improve\w*|gains?|outperform\w*|trained|pre-?trained)"
)
_INTRODUCED = (
    r"(?:\s(?:including|such as|namely|like|e\.g\.,?|i\.e\.,?|called|named|termed|dubbed)\s|[:,]\s|\s?[(–—-]+\s?|\s)"
)
_BEFORE = re.compile(
    rf"(?:\b{_MEASURED}\b[^.;:]{{0,60}}\son\s|\b{_SET}\b[^.;]{{0,25}}?{_INTRODUCED}){_LIST}[`'\"“*]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"^[*'\"”]*(?:\s?\([^)]{{0,40}}\))?(?:\s(?:[\w-]+\s){{0,2}}{_SET}\b"
    rf"|(?:,?\s(?:which is\s|is\s)?|:\s)(?:an?|the)\s(?:[\w-]+,?\s){{0,6}}(?:{_SET}|collection of)\b"
    rf"|(?:,\s(?:and\s)?|\sand\s){_NAME}(?:,?\sand\s{_NAME})?\s{_SET}\b)",
    re.IGNORECASE,
)
_DIRECTLY = re.compile(
    r"(?<!based)(?<!Based)(?<!built)(?<!relies)(?<!rely)(?<!build)(?<!focus)(?<!focuses)(?<!depends)\son\s$"
)
_REACH = 160
_TRUST = 0.7


def shaped(passage: Passage) -> Iterator[Candidate]:
    """Words that are written like names and that no table calls ordinary."""
    if _shouts(passage):
        return
    for index, word in enumerate(passage.words):
        text = word.text
        if shape(text) != "name" or _QUANTITY.match(text) or _COMPOUND.search(text) or "@" in text or "\\" in text:
            continue
        if key([text]) not in tables().ordinary and not text.startswith(("http", "www")):
            kind: Kind = "Dataset" if is_dataset(text) or speaks_of_data(passage, index, index) else "Method"
            yield Candidate(index, index, kind, _TRUST, "shape")


def speaks_of_data(passage: Passage, first: int, last: int) -> bool:
    """Whether the words around a name say that it is a dataset."""
    start, end = passage.words[first].start, passage.words[last].end
    text = passage.text.text
    before = text[max(0, start - _REACH) : start]
    return bool(_AFTER.match(text[end : end + _REACH]) or _BEFORE.search(before) or _DIRECTLY.search(before))


def _shouts(passage: Passage) -> bool:
    """Whether the text is in capitals, where capitals say nothing."""
    letters = [char for char in passage.text.text if char.isalpha()]
    return sum(map(str.isupper, letters)) > len(letters) / 2
