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

__all__ = ["shaped", "speaks_of_data"]

_QUANTITY = re.compile(r"^\W*\d[\d.,]*[A-Za-z%×x]{0,3}\W*$|^[A-Z]$|^\d+-?[A-Z]$")
_COMPOUND = re.compile(r"-(?:based|like|free|aware|driven|style|hard|trained|level|guided|enhanced|augmented|only|type)$")
_SET = r"(?:data ?sets?|benchmarks?|corpus|corpora|challenge|test ?sets?|test ?beds?|leaderboard|treebank)"
_LIST = r"(?:(?:the|both|several|standard|popular|conditional)\s)*(?:[\w.+-]+(?:\s(?!and\b)[\w.+-]+){0,2}(?:,\s(?:and\s)?|\sand\s|\s?/\s?))*"
_BEFORE = re.compile(
    r"(?:\b(?:evaluat\w*|experiment\w*|results?|tested?|validat\w*|performance|accuracy|scores?|conducted|state-of-the-art"
    r"|SOTA|improve\w*|gains?|outperform\w*|trained|pre-?trained)\b[^.;:]{0,60}\son\s"
    rf"|\b{_SET}\b[^.;]{{0,25}}?(?:\s(?:including|such as|namely|like|e\.g\.,?|i\.e\.,?|called|named|termed|dubbed)\s|[:,]\s|\s?[(–—-]+\s?|\s)"
    rf"){_LIST}[`'\"“*]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"^[*'\"”]*(?:\s?\([^)]{{0,40}}\))?(?:\s(?:[\w-]+\s){{0,2}}{_SET}\b|(?:,?\s(?:which is\s|is\s)?|:\s)(?:an?|the)\s(?:[\w-]+,?\s){{0,6}}"
    rf"(?:{_SET}|collection of)\b|(?:,\s|\sand\s|,\sand\s)[\w.+-]+(?:,?\sand\s[\w.+-]+)?\s{_SET}\b)",
    re.IGNORECASE,
)
_DIRECTLY = re.compile(r"(?<!based)(?<!Based)(?<!built)(?<!relies)(?<!rely)(?<!build)(?<!focus)(?<!focuses)(?<!depends)\son\s$")
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
            kind = "Dataset" if is_dataset(text) or speaks_of_data(passage, index, index) else "Method"
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
