"""How much of what annotators found in papers was extracted, and how much of the extracted they found.

Four measures, each with precision, recall and F1 over all papers together (micro-averaged): mentions
(same field, start, end and type), entities (same type and name), claims (same predicate as well),
results (same metric and number). What annotators call optional counts neither way. A fifth, grounding, says
of the mentions that were found whether those of one thing were linked to one entity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.learn import matching
from kg.learn.annotated import GOLD, PREDICTED, Row, by_title, read
from kg.learn.clusters import grounding
from kg.learn.scores import Score, Scores, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.learn.matching import Outcome

__all__ = ["Pair", "evaluate", "paired", "score"]

#: A gold paper and what was predicted for it, None if nothing was.
Pair = tuple[Row, Row | None]


def evaluate(gold: Path, predicted: Iterable[Mapping[str, Any]]) -> Scores:
    """Compare predicted records with a JSON Lines file of annotated papers; papers are matched by title.

    A gold paper without prediction counts as missed whole; a prediction for no gold paper counts
    neither way. Raises SourceError if either side is not what it should be.
    """
    return score(paired(gold, predicted))


def paired(gold: Path, predicted: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Give each gold paper its prediction. Raises SourceError if either side is not what it should be."""
    wanted = by_title(read(gold), GOLD, str(gold))
    told = by_title(predicted, PREDICTED, "predictions")
    return [(row, told.get(title)) for title, row in wanted.items()]


def score(pairs: Sequence[Pair]) -> Scores:
    """Compare each gold paper with its prediction."""
    none: Row = {column: [] for column in PREDICTED}
    both = [(want, have or none) for want, have in pairs]
    return Scores(
        papers=len(pairs),
        found=sum(have is not None for _, have in pairs),
        mentions=total(_counted(matching.mentions, both, "mentions", "mentions")),
        entities=total(_counted(matching.entities, both, "entities", "claims")),
        claims=total(_counted(matching.claims, both, "entities", "claims")),
        results=total(("result", _score(matching.results(want["results"], have["results"]))) for want, have in both),
        grounding=grounding((want["mentions"], have["mentions"]) for want, have in both),
    )


def _counted(
    compare: Callable[[Sequence[Row], Sequence[Row]], Iterator[tuple[str, Outcome]]],
    both: Sequence[tuple[Row, Row]],
    wanted: str,
    told: str,
) -> Iterator[tuple[str, Score]]:
    for want, have in both:
        yield from ((group, _score(outcome)) for group, outcome in compare(want[wanted], have[told]))


def _score(outcome: Outcome) -> Score:
    return Score(len(outcome.right), len(outcome.wrong), len(outcome.missed))
