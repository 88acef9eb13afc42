"""How much of what annotators found in papers was extracted, and how much of the extracted they found.

Four measures, each with precision, recall and F1 over all papers together (micro-averaged): mentions
(same field, start, end and type), entities (same type and name), claims (same predicate as well),
results (same metric and number). What annotators call optional counts neither way.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from kg.learn.annotated import GOLD, PREDICTED, Row, by_title, normal, read
from kg.learn.scores import Score, Scores, total
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["evaluate"]

Span = tuple[str, int, int, str]
Group = tuple[str, str]
Names = frozenset[str]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)*")


def evaluate(gold: Path, predicted: Iterable[Mapping[str, Any]]) -> Scores:
    """Compare predicted records with a JSON Lines file of annotated papers; papers are matched by title.

    A gold paper without prediction counts as missed whole; a prediction for no gold paper counts
    neither way. Raises SourceError if either side is not what it should be.
    """
    wanted = by_title(read(gold), GOLD, str(gold))
    told = by_title(predicted, PREDICTED, "predictions")
    none: Row = {column: [] for column in PREDICTED}
    pairs = [(row, told.get(title, none)) for title, row in wanted.items()]
    return Scores(
        papers=len(wanted),
        found=sum(title in told for title in wanted),
        mentions=total(score for want, have in pairs for score in _mentions(want["mentions"], have["mentions"])),
        entities=total(score for want, have in pairs for score in _entities(want["entities"], have["claims"])),
        claims=total(score for want, have in pairs for score in _claims(want["entities"], have["claims"])),
        results=total(("result", _results(want["results"], have["results"])) for want, have in pairs),
    )


def _mentions(gold: Sequence[Row], said: Sequence[Row]) -> Iterator[tuple[str, Score]]:
    have = {_span(mention) for mention in said}
    want = {_span(mention) for mention in gold if not mention.get("optional")}
    neutral = {span for mention in gold if mention.get("optional") for span in _readings(mention)}
    for kind in KINDS:
        mine, theirs = ({span for span in spans if span[-1] == kind} for spans in (have, want))
        yield kind, Score(len(mine & theirs), len(mine - theirs - neutral), len(theirs - mine))


def _span(mention: Row) -> Span:
    return mention["field"], mention["start"], mention["end"], mention["type"]


def _readings(mention: Row) -> Iterator[Span]:
    """Yield every way in which annotators let a mention be drawn and typed."""
    for place in (mention, *mention.get("alt_spans", ())):
        for kind in (mention["type"], *mention.get("alt_types", ())):
            yield mention["field"], place["start"], place["end"], kind


def _entities(gold: Sequence[Row], said: Sequence[Row]) -> Iterator[tuple[str, Score]]:
    def groups(row: Row) -> list[Group]:
        return [(row["type"], "")]

    yield from _grouped(gold, said, groups, groups)


def _claims(gold: Sequence[Row], said: Sequence[Row]) -> Iterator[tuple[str, Score]]:
    def wanted(row: Row) -> list[Group]:
        return [(predicate, row["type"]) for predicate in row["relations"] if predicate != "mentions"]

    def told(row: Row) -> list[Group]:
        return [(row["predicate"], row["type"])] if row["predicate"] != "mentions" else []

    yield from _grouped(gold, said, wanted, told)


def _grouped(
    gold: Sequence[Row],
    said: Sequence[Row],
    wanted: Callable[[Row], list[Group]],
    told: Callable[[Row], list[Group]],
) -> Iterator[tuple[str, Score]]:
    """Compare the entities of each group; a label that is told twice in a group counts once."""
    want: dict[Group, list[tuple[Names, bool]]] = defaultdict(list)
    have: dict[Group, dict[str, Names]] = defaultdict(dict)
    for row in gold:
        for group in wanted(row):
            want[group].append((_names(row, "canonical"), bool(row.get("optional"))))
    for row in said:
        for group in told(row):
            have[group][normal(row["label"])] = _names(row, "label")
    for group in dict.fromkeys([*want, *have]):
        yield group[0], _paired(want[group], have[group].values())


def _names(row: Row, label: str) -> Names:
    return frozenset(normal(name) for name in (row[label], *(row.get("aliases") or ())) if name)


def _paired(want: Sequence[tuple[Names, bool]], have: Iterable[Names]) -> Score:
    """Give each predicted entity the first gold one that shares a name with it and is still free.

    One entity told under two names is one right and one wrong.
    """
    free, right, wrong = dict(enumerate(want)), 0, 0
    for names in have:
        place = next((place for place, (known, _) in free.items() if known & names), None)
        if place is None:
            wrong += 1
        else:
            _, optional = free.pop(place)
            right += not optional
    return Score(right, wrong, sum(not optional for _, optional in free.values()))


def _results(gold: Sequence[Row], said: Sequence[Row]) -> Score:
    have = _numbers(said)
    want = _numbers(row for row in gold if not row.get("optional"))
    neutral = _numbers(row for row in gold if row.get("optional"))
    return Score((have & want).total(), (have - want - neutral).total(), (want - have).total())


def _numbers(rows: Iterable[Row]) -> Counter[tuple[str, float]]:
    found = ((row.get("metric"), _number(row.get("value"))) for row in rows)
    return Counter((normal(metric), value) for metric, value in found if metric and value is not None)


def _number(value: object) -> float | None:
    """Return the first number of a value as written; commas in it group digits, and 1.2.3 is none."""
    found = _NUMBER.search(str(value).replace(",", ""))
    return float(found[0]) if found and found[0].count(".") < 2 else None  # noqa: PLR2004 - one decimal point at most
