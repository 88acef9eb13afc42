"""Each mention with the words around it, so that cues can be looked for.

Other names in the sentence are masked by their kind (`⟨Method⟩`), and lists are folded: of "than A, B and C"
each name is seen right after "than".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.extract.sentences import sentences
from kg.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import Entity, Mention, Text

__all__ = ["Sight", "sights", "spans"]

REACH = 160

_OWN_WORDS = re.compile(
    r"\b(?:we|our|ours|this (?:paper|work|article|study|thesis|letter|survey|report)|in this)\b|\bi (?=[a-z])"
)
_MARKUP = re.compile(
    r"(?:\\(?:text(?:it|bf|tt|sc|rm|sf)?|emph|it|bf|em|tt|sc|mathbf|underline)\b|[\s\"'“\u2018`({\[$~*_])+$"
)
_SPACE = re.compile(r"\s+")
_JOINT = r"(?:,\s*+(?:and|or)?|and|or|/|&|as well as|\+)"
_LIST_BEFORE = re.compile(rf"(?:⟨\w+⟩(?:\s*+\(⟨\w+⟩\))?[-\w]*\s*+{_JOINT}\s*+(?:(?:the|an|a|our|its|also)\s+)?)++$")
_LIST_AFTER = re.compile(
    r"\s*+(?:\(⟨\w+⟩\)|\([^()⟨⟩]{1,12}\))?"
    rf"(?:\s*+{_JOINT}\s*+(?:the |an |a )?⟨\w+⟩(?:\s*+\(⟨\w+⟩\))?)*"
)
_IN_BRACKETS = re.compile(r"⟨\w+⟩\s*\($")
_LAST_NAME = re.compile(r"⟨\w+⟩\s*$")


@dataclass(frozen=True, slots=True)
class Sight:
    """One mention as a reader meets it.

    `before` and `after` are lower-case, masked and folded; `whole` is the lower-case sentence near the mention.
    `index` counts the sentences of the text, of which there are `count`; `own` is the first of them in which the
    authors speak of themselves, None if they never do.
    """

    mention: Mention
    entity: Entity
    sentence: Evidence
    index: int
    count: int
    own: int | None
    before: str
    after: str
    whole: str
    listed: bool
    bracketed: bool

    @property
    def background(self) -> bool:
        """Whether the authors have not yet spoken of themselves."""
        return self.own is not None and self.index < self.own

    @property
    def in_title(self) -> bool:
        """Whether the title names it."""
        return self.mention.text.field == "title"


@lru_cache(8)
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text, which are asked for more than once."""
    return tuple(sentences(text))


def sights(texts: Sequence[Text], linked: Sequence[tuple[Mention, Entity]]) -> list[Sight]:
    """All mentions with their surroundings, in the order of the texts. Mentions outside of their text are left out."""
    found: list[Sight] = []
    for text in dict.fromkeys([*texts, *(mention.text for mention, _ in linked)]):
        inside = sorted(
            ((m, e) for m, e in linked if m.text == text and 0 <= m.start < m.end <= len(text.text)),
            key=lambda pair: (pair[0].start, -pair[0].end, pair[1].iri),
        )
        if inside:
            found += _of_text(text, inside)
    return found


def _of_text(text: Text, linked: Sequence[tuple[Mention, Entity]]) -> Iterable[Sight]:
    found = spans(text.text) or ((0, len(text.text)),)
    starts = [start for start, _ in found]
    own = next((i for i, (start, end) in enumerate(found) if _OWN_WORDS.search(text.text[start:end].lower())), None)
    names = [mention for mention, _ in linked]
    firsts = [name.start for name in names]
    for at, (mention, entity) in enumerate(linked):
        index = max(0, bisect_right(starts, mention.start) - 1)
        start, end = found[index][0], max(found[index][1], mention.end)
        near = names[bisect_right(firsts, mention.start - 2 * REACH) : bisect_right(firsts, mention.end + REACH)]
        near = [name for name in near if name is not names[at]]
        before, listed, bracketed = _before(_masked(text.text, max(start, mention.start - REACH), mention.start, near))
        after = _masked(text.text, mention.end, min(end, mention.end + REACH), near).lstrip("$}'\"”*")
        window = text.text[max(start, mention.start - 2 * REACH) : min(end, mention.end + 2 * REACH)]
        yield Sight(
            mention=mention,
            entity=entity,
            sentence=Evidence(text, start, end),
            index=index,
            count=len(found),
            own=own,
            before=before.lower(),
            after=_LIST_AFTER.sub("", after, count=1).lower(),
            whole=_SPACE.sub(" ", window).lower(),
            listed=listed,
            bracketed=bracketed,
        )


def _masked(text: str, start: int, end: int, names: Iterable[Mention]) -> str:
    """Return the text from start to end with each name in it replaced by its kind."""
    pieces, place = [], start
    for name in names:
        if place <= name.start and name.end <= end:
            pieces += [text[place : name.start], f"⟨{name.kind}⟩"]
            place = name.end
    return _SPACE.sub(" ", "".join([*pieces, text[place:end]]))


def _before(words: str) -> tuple[str, bool, bool]:
    """Return the words before a name without markup and without the names that it is listed with."""
    plain = _MARKUP.sub(" ", words)
    bracketed = bool(_IN_BRACKETS.search(words.rstrip("$ ")))
    if bracketed:
        plain = _LAST_NAME.sub("", plain)
    folded = _LIST_BEFORE.sub("", plain)
    return _MARKUP.sub(" ", folded), folded != plain, bracketed
