"""Answers that were given before, for as long as the graph is the same."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from kg.serve.worker import Answer, Call, Question

if TYPE_CHECKING:
    from kg.serve.worker import Update

__all__ = ["Kept", "key"]

_MB: Final = 1 << 20
#: A query with one of these has another answer each time.
_FICKLE: Final = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


class Kept:
    """The answers that were asked for last, of `most` bytes together; one alone has an eighth of that at most.

    >>> kept = Kept(80)
    >>> kept.put("graph", "a", Answer("answer", b"1")), kept.get("graph", "a").body, kept.get("later", "a")
    (None, b'1', None)
    """

    def __init__(self, most: int = 64 * _MB) -> None:
        self._most, self._size = most, 0
        self._version: object = None
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, version: object, key: str) -> Answer | None:
        """Give the answer to a question about a version of the graph, if it is known."""
        if version != self._version or key not in self._answers:
            return None
        self._answers.move_to_end(key)
        return self._answers[key]

    def put(self, version: object, key: str, answer: Answer) -> None:
        """Keep an answer; those about another version are dropped."""
        if version != self._version:
            self._answers.clear()
            self._version, self._size = version, 0
        if answer.outcome != "answer" or 8 * len(answer.body) > self._most or key in self._answers:
            return
        self._answers[key] = answer
        self._size += len(answer.body)
        while self._size > self._most:
            _, oldest = self._answers.popitem(last=False)
            self._size -= len(oldest.body)


def key(question: Question | Update | Call) -> str | None:
    """Give what makes a question the same again; None where the answer may be another each time."""
    if isinstance(question, Call):
        view = question.view
        name = view if isinstance(view, str) else f"{view.__module__}.{view.__qualname__}"
        return json.dumps([name, question.arguments], sort_keys=True)
    if isinstance(question, Question) and not _FICKLE.search(question.sparql):
        return json.dumps([question.sparql, question.rows, question.triples, question.dataset])
    return None
