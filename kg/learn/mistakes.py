"""Each miss and each false alarm that `kg evaluate` counts, with its sentences: plain data, without markup."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal

from kg.learn import matching
from kg.learn.annotated import PREDICTED, normal
from kg.learn.matching import names_of, number
from kg.learn.quotes import GOLD, OURS, Quote, marks, numbers, quotes, text_at
from kg.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.learn.annotated import Row
    from kg.learn.evaluate import Pair
    from kg.learn.matching import Outcome
    from kg.learn.quotes import Mark

__all__ = ["MEASURES", "VERDICTS", "Mistake", "mistakes"]

Measure = Literal["mention", "entity", "claim", "result"]
Verdict = Literal["miss", "false alarm", "bounds", "kind", "bounds and kind"]

MEASURES: Final = ("mention", "entity", "claim", "result")

#: "bounds" and "kind" are a miss and a false alarm that overlap: they say what is wrong with ours.
VERDICTS: Final = ("miss", "false alarm", "bounds", "kind", "bounds and kind")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: `gold` and `ours` say in words what either side has, "" for nothing.

    `kinds` are those of gold and ours; `predicate` is there for a claim; the confidence is ours.
    """

    paper: str
    measure: Measure
    verdict: Verdict
    name: str
    kinds: tuple[str, ...] = ()
    predicate: str = ""
    gold: str = ""
    ours: str = ""
    confidence: float | None = None
    quotes: tuple[Quote, ...] = ()


def mistakes(pairs: Iterable[Pair]) -> Iterator[Mistake]:
    """Yield all that scores count as wrong or missed, paper by paper, given each gold paper with its prediction."""
    none: Row = {column: [] for column in PREDICTED}
    for gold, said in pairs:
        ours = said or none
        yield from _of_mentions(gold, ours)
        for _, outcome in matching.entities(gold["entities"], ours["claims"]):
            yield from _of_names(gold, ours, "entity", "", outcome)
        for predicate, outcome in matching.claims(gold["entities"], ours["claims"]):
            yield from _of_names(gold, ours, "claim", predicate, outcome)
        yield from _of_results(gold, matching.results(gold["results"], ours["results"]))


def _of_mentions(gold: Row, said: Row) -> Iterator[Mistake]:
    outcomes = [outcome for _, outcome in matching.mentions(gold["mentions"], said["mentions"])]
    wrong = [row for outcome in outcomes for row in outcome.wrong]
    missed = [row for outcome in outcomes for row in outcome.missed]
    for theirs, mine in _overlapping(missed, wrong):
        places = [*marks(theirs, GOLD), *marks(mine, OURS)]
        surfaces = [text_at(gold, place) for place in places]
        yield Mistake(
            paper=gold["title"],
            measure="mention",
            verdict=_verdict(theirs, mine),
            name=surfaces[0],
            kinds=tuple(dict.fromkeys(row["type"] for row in (theirs, mine) if row)),
            gold=f"{surfaces[0]} ({theirs['type']})" if theirs else "",
            ours=f"{surfaces[-1]} ({mine['type']})" if mine else "",
            confidence=_confidence(mine),
            quotes=quotes(gold, places),
        )


def _overlapping(missed: Sequence[Row], wrong: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Join what was missed and what is wrong where they overlap, the most alike first; then yield those alone."""

    def shared(theirs: Row, mine: Row) -> int:
        same = theirs["field"] == mine["field"]
        return min(theirs["end"], mine["end"]) - max(theirs["start"], mine["start"]) if same else 0

    def unlike(pair: tuple[int, int]) -> tuple[bool, bool, int, int, int]:
        theirs, mine = missed[pair[0]], wrong[pair[1]]
        return not _same_bounds(theirs, mine), theirs["type"] != mine["type"], -shared(theirs, mine), *pair

    meeting = [(a, b) for a, theirs in enumerate(missed) for b, mine in enumerate(wrong) if shared(theirs, mine) > 0]
    joined: dict[int, int] = {}
    for theirs, mine in sorted(meeting, key=unlike):
        if theirs not in joined and mine not in joined.values():
            joined[theirs] = mine
    yield from ((row, wrong[joined[at]] if at in joined else None) for at, row in enumerate(missed))
    yield from ((None, row) for at, row in enumerate(wrong) if at not in joined.values())


def _same_bounds(theirs: Row, mine: Row) -> bool:
    return (theirs["start"], theirs["end"]) == (mine["start"], mine["end"])


def _verdict(theirs: Row | None, mine: Row | None) -> Verdict:
    if theirs is None:
        return "false alarm"
    if mine is None:
        return "miss"
    if _same_bounds(theirs, mine):
        return "kind"
    return "bounds" if theirs["type"] == mine["type"] else "bounds and kind"


def _of_names(gold: Row, said: Row, measure: Measure, predicate: str, outcome: Outcome) -> Iterator[Mistake]:
    sides: tuple[tuple[Verdict, Sequence[Row], str], ...] = (
        ("miss", outcome.missed, "canonical"),
        ("false alarm", outcome.wrong, "label"),
    )
    for verdict, rows, label in sides:
        for row in rows:
            names = names_of(row, label)
            yield Mistake(
                paper=gold["title"],
                measure=measure,
                verdict=verdict,
                name=row[label],
                kinds=(row["type"],),
                predicate=predicate,
                gold=_annotated(gold["entities"], names),
                ours=_claimed(said["claims"], names),
                confidence=_confidence(row) if measure == "claim" else None,
                quotes=quotes(gold, _places(gold, said, names, row)),
            )


def _annotated(entities: Sequence[Row], names: frozenset[str]) -> str:
    """What annotators say of the entities with one of these names, of whatever kind."""
    return "; ".join(
        f"{row['canonical']} ({row['type']}): {', '.join(map(str, row['relations'])) or 'mentions'}"
        f"{', optional' if row.get('optional') else ''}"
        for row in entities
        if names_of(row, "canonical") & names
    )


def _claimed(claims: Sequence[Row], names: frozenset[str]) -> str:
    """What we say of the entities with one of these names, of whatever kind."""
    found: dict[str, list[str]] = {}
    for row in claims:
        if names_of(row, "label") & names:
            sure = _confidence(row)
            told = f"{row['predicate']} {sure:.2f}" if sure is not None else row["predicate"]
            found.setdefault(f"{row['label']} ({row['type']})", []).append(told)
    return "; ".join(f"{entity}: {', '.join(told)}" for entity, told in found.items())


def _places(gold: Row, said: Row, names: frozenset[str], row: Row) -> list[Mark]:
    """Where the paper names the entity of a row: first where the row says so itself."""
    places = marks(row.get("mention"), OURS)
    for whose, mentions in ((GOLD, gold["mentions"]), (OURS, said["mentions"])):
        for mention in sorted(mentions, key=lambda each: (each["field"] == FIELDS[0], each["start"])):
            [place] = marks(mention, whose)
            surface = text_at(gold, place)
            if {normal(str(mention.get("canonical") or surface)), normal(surface)} & names:
                places.append(place)
    return places


def _of_results(gold: Row, outcome: Outcome) -> Iterator[Mistake]:
    for row in outcome.missed:
        places = marks(row.get("evidence"), GOLD) or numbers(gold, row)
        told, ours = _figure(row), _same_number(row, outcome.wrong)
        yield Mistake(gold["title"], "result", "miss", told, gold=told, ours=ours, quotes=quotes(gold, places))
    for row in outcome.wrong:
        places = marks(row.get("span") or row.get("evidence"), OURS)
        told, theirs, sure = _figure(row), _same_number(row, outcome.missed), _confidence(row)
        found = quotes(gold, places)
        yield Mistake(
            gold["title"], "result", "false alarm", told, gold=theirs, ours=told, confidence=sure, quotes=found
        )


def _same_number(row: Row, others: Iterable[Row]) -> str:
    """What the other side makes of the number of a result: its metric is another."""
    value = number(row["value"])
    return "; ".join(dict.fromkeys(_figure(other) for other in others if number(other["value"]) == value))


def _figure(row: Row) -> str:
    """Say a result in words.

    >>> _figure({"metric": "accuracy", "value": 93.7, "unit": "%", "dataset": "MNIST", "method": "GAN"})
    'accuracy 93.7 % on MNIST, of GAN'
    """
    told = f"{row['metric']} {row['value']} {row.get('unit') or ''}".rstrip()
    on = f" on {row['dataset']}" if row.get("dataset") else ""
    of = f", of {row['method']}" if row.get("method") else ""
    return f"{told}{on}{of}"


def _confidence(row: Row | None) -> float | None:
    sure = row.get("confidence") if row else None
    return float(sure) if isinstance(sure, int | float) and isfinite(sure) else None
