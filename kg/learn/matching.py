"""Which of what was said of a paper is right, which is wrong, and what was missed: one rule for scores and errors."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.learn.annotated import normal
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.learn.annotated import Row

__all__ = ["Outcome", "Span", "claims", "entities", "mentions", "names_of", "number", "results", "span_of"]

#: Field, start, end, kind.
Span = tuple[str, int, int, str]
Group = tuple[str, str]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Right (gold, said), wrong (said) and missed (gold) rows; what counts neither way is in none of them."""

    right: Sequence[tuple[Row, Row]]
    wrong: Sequence[Row]
    missed: Sequence[Row]


def mentions(gold: Sequence[Row], said: Sequence[Row]) -> Iterator[tuple[str, Outcome]]:
    """Compare mentions by kind: field, start, end and kind must be the same. Said twice is said once."""
    have = {span_of(mention): mention for mention in said}
    want = {span_of(mention): mention for mention in gold if not mention.get("optional")}
    neutral = {span for mention in gold if mention.get("optional") for span in _readings(mention)}
    for kind in KINDS:
        mine, theirs = ({span: row for span, row in rows.items() if span[-1] == kind} for rows in (have, want))
        yield (
            kind,
            Outcome(
                right=[(theirs[span], row) for span, row in mine.items() if span in theirs],
                wrong=[row for span, row in mine.items() if span not in theirs and span not in neutral],
                missed=[row for span, row in theirs.items() if span not in mine],
            ),
        )


def span_of(mention: Row) -> Span:
    """Where a mention is, and its kind."""
    return mention["field"], mention["start"], mention["end"], mention["type"]


def _readings(mention: Row) -> Iterator[Span]:
    """Yield every way in which annotators let a mention be drawn and typed."""
    for place in (mention, *mention.get("alt_spans", ())):
        for kind in (mention["type"], *mention.get("alt_types", ())):
            yield mention["field"], place["start"], place["end"], kind


def entities(gold: Sequence[Row], said: Sequence[Row]) -> Iterator[tuple[str, Outcome]]:
    """Compare annotated entities with those that claims are about, by kind: they must share a name."""

    def groups(row: Row) -> list[Group]:
        return [(row["type"], "")]

    yield from _grouped(gold, said, groups, groups)


def claims(gold: Sequence[Row], said: Sequence[Row]) -> Iterator[tuple[str, Outcome]]:
    """Compare claims by predicate, once for each kind of entity; "mentions" is no claim."""

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
) -> Iterator[tuple[str, Outcome]]:
    """Compare the entities of each group; a label that is told twice in a group counts once."""
    want: dict[Group, list[Row]] = defaultdict(list)
    have: dict[Group, dict[str, Row]] = defaultdict(dict)
    for row in gold:
        for group in wanted(row):
            want[group].append(row)
    for row in said:
        for group in told(row):
            have[group][normal(row["label"])] = row
    for group in dict.fromkeys([*want, *have]):
        yield group[0], _paired(want[group], have[group].values())


def names_of(row: Row, label: str) -> frozenset[str]:
    """All names of an entity, as they are compared: `label` is "canonical" if annotated, "label" if a claim's."""
    return frozenset(normal(name) for name in (row[label], *(row.get("aliases") or ())) if name)


def _paired(want: Sequence[Row], have: Iterable[Row]) -> Outcome:
    """Give each predicted entity the first gold one that shares a name with it and is still free.

    One entity told under two names is one right and one wrong.
    """
    free = {place: (row, names_of(row, "canonical")) for place, row in enumerate(want)}
    right: list[tuple[Row, Row]] = []
    wrong: list[Row] = []
    for said in have:
        names = names_of(said, "label")
        place = next((place for place, (_, known) in free.items() if known & names), None)
        if place is None:
            wrong.append(said)
            continue
        row, _ = free.pop(place)
        if not row.get("optional"):
            right.append((row, said))
    return Outcome(right, wrong, [row for row, _ in free.values() if not row.get("optional")])


def results(gold: Sequence[Row], said: Sequence[Row]) -> Outcome:
    """Compare results: the metric and the number must be the same, as often as they are told."""
    have = _numbers(said)
    want = _numbers(row for row in gold if not row.get("optional"))
    neutral = _numbers(row for row in gold if row.get("optional"))
    right: list[tuple[Row, Row]] = []
    wrong: list[Row] = []
    missed: list[Row] = []
    for key in dict.fromkeys([*want, *have]):
        mine, theirs = have.get(key, []), want.get(key, [])
        right += zip(theirs, mine, strict=False)
        wrong += mine[len(theirs) + len(neutral.get(key, [])) :]
        missed += theirs[len(mine) :]
    return Outcome(right, wrong, missed)


def _numbers(rows: Iterable[Row]) -> Mapping[tuple[str, float], list[Row]]:
    found: dict[tuple[str, float], list[Row]] = defaultdict(list)
    for row in rows:
        value = number(row.get("value"))
        if row.get("metric") and value is not None:
            found[normal(row["metric"]), value].append(row)
    return found


def number(value: object) -> float | None:
    """Return the first number of a value as written; commas in it group digits, and 1.2.3 is none.

    >>> number("1,234 %"), number("v1.2.3")
    (1234.0, None)
    """
    found = _NUMBER.search(str(value).replace(",", ""))
    return float(found[0]) if found and found[0].count(".") < 2 else None  # noqa: PLR2004 - one decimal point at most
