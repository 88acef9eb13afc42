"""From scores of tags to names: a linear-chain conditional random field, read by the probability of each span."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kg.model import Kind

    Scores = NDArray[np.float64]

__all__ = ["TAGS", "Chain", "Span", "allowed", "spans", "tags"]

_LONGEST = 12
_LEAST = 0.05
_SCALED = 8


class Chain(NamedTuple):
    """The scores of one tag after another (tags x tags), of a first and of a last tag."""

    steps: Scores
    first: Scores
    last: Scores


class Span(NamedTuple):
    """A stretch of units, first and last included, and the probability that it is a name of the kind."""

    probability: float
    first: int
    last: int
    kind: Kind


@cache
def tags(kinds: Sequence[Kind]) -> Sequence[str]:
    """The tags for names of some kinds: outside one, at the begin, inside or at the end of one, or a single unit.

    >>> tags(("Task",))
    ('O', 'B-Task', 'I-Task', 'E-Task', 'S-Task')
    """
    return ("O", *(f"{place}-{kind}" for kind in kinds for place in "BIES"))


#: The tags of a network that is trained now.
TAGS: Final = tags(KINDS)


def allowed(before: str, after: str) -> bool:
    """Whether a tag may follow another: a name that has begun goes on to its end.

    >>> allowed("B-Task", "E-Task"), allowed("B-Task", "O"), allowed("O", "I-Task"), allowed("E-Task", "S-Metric")
    (True, False, False, True)
    """
    if before[0] in "BI":
        return after[0] in "IE" and after[1:] == before[1:]
    return after[0] in "OBS"


def spans(scores: Scores, chain: Chain, kinds: Sequence[Kind] = KINDS) -> Iterator[Span]:
    """The spans of up to 12 units with their marginal probability, overlapping ones too; those below 0.05 are left out.

    `scores` are units x tags of the kinds. The probability is exact: the share of all paths of tags that hold the span,
    by the forward-backward algorithm (Lafferty, McCallum and Pereira, "Conditional random fields", ICML 2001), scaled
    every 8 units (Rabiner, "A tutorial on hidden Markov models", 1989, section V.A).
    """
    before, step, after = _forward_backward(scores, chain)
    steps = np.exp(chain.steps)
    begin, inside, end, single = ([tags(kinds).index(f"{place}-{kind}") for kind in kinds] for place in "BIES")
    found = [_likely(before[:, single] * after[:, single], 1, kinds)]
    paths, at = before[:, begin], begin
    for length in range(2, min(_LONGEST, len(scores)) + 1):
        paths = paths[: len(scores) - length + 1]
        whole = paths * steps[at, end] * step[length - 1 :, end] * after[length - 1 :, end]
        found.append(_likely(whole, length, kinds))
        paths = paths * steps[at, inside] * step[length - 1 :, inside]
        at = inside
        if (paths * after[length - 1 :, inside]).max(initial=0) < _LEAST / 2:
            break  # whatever is longer is among these paths
    for number in range(len(kinds)):
        yield from (span for some in found for span in some[number])


def _likely(probabilities: Scores, length: int, kinds: Sequence[Kind]) -> list[list[Span]]:
    """The spans of a length that are likely enough, for each kind."""
    found: list[list[Span]] = [[] for _ in kinds]
    if probabilities.max(initial=0) < _LEAST:
        return found
    for first, number in np.argwhere(probabilities >= _LEAST).tolist():
        sure = min(1.0, float(probabilities[first, number]))
        found[number].append(Span(sure, first, first + length - 1, kinds[number]))
    return found


def _forward_backward(scores: Scores, chain: Chain) -> tuple[Scores, Scores, Scores]:
    """What the paths up to a tag, through a unit, and from a tag on come to; first times last is the tag's marginal.

    Both ways are gone at once, as one vector whose second half begins at the end.
    """
    size = len(chain.first)
    through = np.exp(scores - scores.max(axis=1, keepdims=True))
    steps, scales = np.zeros((2 * size, 2 * size)), np.ones(len(scores))
    steps[:size, :size] = np.exp(chain.steps)
    steps[size:, size:] = steps[:size, :size].T
    rows = np.concatenate([through, through[::-1]], axis=1)
    reached, dot = np.empty_like(rows), np.dot
    reached[0] = np.exp(np.concatenate([chain.first, chain.last]))
    paths = reached[0] * rows[0]
    for number, (row, into) in enumerate(zip(list(rows)[1:], list(reached)[1:], strict=True), start=1):
        if number % _SCALED == 0:
            sums = paths.reshape(2, size).sum(axis=1)
            paths /= sums.repeat(size)
            scales[number] = sums[0]
        dot(paths, steps, into)
        paths = into * row
    before, after = reached[:, :size] * through, reached[::-1, size:]
    return before, through / scales[:, None], after / (before * after).sum(axis=1, keepdims=True)
