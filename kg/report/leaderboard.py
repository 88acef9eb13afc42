"""The numbers that papers report on a dataset: what abstracts claim, and what tables declare."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Final

from kg.report.numbers import amount, numbers, texts
from kg.report.parts import find, opened
from kg.report.rows import ref
from kg.report.sheets import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from kg.report.numbers import Number
    from kg.report.parts import Source
    from kg.report.rows import PaperRef
    from kg.report.sheets import Cell
    from kg.store import Graph

__all__ = ["board", "is_change", "leaderboard", "lower_is_better"]

_LOWER: Final = re.compile(
    r"\b(?:error|loss|perplexity|ppl|fid|kid|rmse|mae|mse|mape|wer|cer|eer|regret|latency|time|memory|parameters?|flops|"
    r"distance|divergence|energy|cost|nll|bits per|miss rate|false positive|ece)\b",
    re.IGNORECASE,
)
#: What says, close before a number, that it is by how much something changed and not what was reached.
_CHANGED: Final = re.compile(
    r"\b(?:los(?:e[sd]?|t|ing|s(?:es)? of)|drop(?:s|ped|ping)?(?: of)?|(?:de|in)creas(?:e[sd]?|ing)|"
    r"degrad(?:e[sd]?|ing|ation of)|improv(?:e[sd]?|ing|ements? of)|reduc(?:e[sd]?|ing|tions? of)|"
    r"gain(?:s|ed|ing)?(?: of)?)(?: (?:it|accuracy|performance|only))?(?: by)?"
    r"(?: (?:at (?:most|least)|up to|more than|less than|about|around|only|over|nearly|an?|average))*\W{0,2}$",
    re.IGNORECASE,
)
_BEFORE: Final = 60
_COLUMNS: Final = (
    Column("metric", "Metric"),
    Column("method", "Method"),
    Column("value", "Value", number=True),
    Column("upper", "To", number=True),
    Column("unit", "Unit"),
    Column("better", "Better"),
    Column("condition", "Condition"),
    Column("source", "Source"),
    Column("note", "Note"),
    Column("year", "Year", number=True),
    Column("paper", "Paper"),
    Column("quote", "Quote"),
)


def lower_is_better(metric: str) -> bool:
    """Tell whether less of a metric is better, by the words of its name.

    >>> lower_is_better("word error rate"), lower_is_better("accuracy")
    (True, False)
    """
    return _LOWER.search(metric) is not None


def is_change(sentence: str, value: str) -> bool:
    """Tell whether a sentence says of every place where it has a number that something changed by it.

    >>> is_change("We quantize it and lose at most 1.4% of accuracy.", "1.4"), is_change("It reaches 93.1%.", "93.1")
    (True, False)
    """
    places = [match.start() for match in re.finditer(rf"(?<![\d.]){re.escape(value)}(?![\d]|\.\d)", sentence)]
    return bool(places) and all(_CHANGED.search(sentence[max(at - _BEFORE, 0) : at]) for at in places)


def leaderboard(
    graph: Graph | str | Path,
    dataset: str,
    *,
    metric: str | None = None,
    years: tuple[int | None, int | None] = (None, None),
    venues: Collection[str] = (),
    top: int | None = 100,
    as_of: int | None = None,
) -> Sheet:
    """List the numbers that papers report on a dataset, the commonest metrics first, each number with its sentence.

    Of a metric the commonest unit comes first, and of a unit the better numbers.

    It is a leaderboard only where rows of a table that a source declares are among them; these are marked, and have no
    sentence. The direction of a metric is read from its name. Notes say what a number is not: a change and no level
    (also by the words before it, as in "lose at most 1.4%"), a baseline of the paper, a bound. Levels of one method,
    metric, unit and condition conflict, and say so, where two papers, or the text of a paper and its row of a table,
    have none in common. Raises QueryError for a dataset that there is not.
    """
    source = opened(graph, years, venues, as_of, results=True)
    thing = find(source, dataset, "Dataset")
    return board(source, thing.iri, thing.label, metric=metric, top=top)


def board(
    source: Source,
    dataset: str,
    label: str,
    *,
    metric: str | None = None,
    top: int | None = 100,
    papers: Collection[str] | None = None,
) -> Sheet:
    """List these numbers for the dataset with an IRI, as `leaderboard` does; of some papers, by IRI, or of all."""
    said = numbers(source.graph, dataset, papers)
    places = {paper: source.matrices.papers.place(paper) for paper in {number.paper for number in said}}
    found = [
        number
        for number in said
        if (at := places[number.paper]) is not None
        and source.mask[at]
        and (not metric or metric.casefold() in number.metric.casefold())
    ]
    conflicts, declared = _conflicts(found), sum(number.declared for number in found)
    found.sort(key=_order(found))
    shown = found[:top]
    spoken = texts(source.graph, (number.origin for number in shown if number.origin and not number.declared))
    cited = [_cited(source, places[number.paper] or 0, spoken.get(number.origin)) for number in shown]
    return Sheet(
        title=f"Leaderboard of {label}" if declared else f"Numbers reported on {label}",
        columns=_COLUMNS,
        rows=tuple(_row(number, paper, conflicts) for number, paper in zip(shown, cited, strict=True)),
        meta={
            "kind": "leaderboard",
            **source.meta,
            "dataset": label,
            "dataset_iri": dataset,
            "found": len(found),
            "declared": declared,
            "conflicts": len(conflicts),
        },
        says=(*source.says, *_says(len(shown), len(found), declared, len(conflicts))),
        partial=source.partial,
        behind=tuple((paper,) for paper in cited),
    )


def _says(shown: int, found: int, declared: int, conflicts: int) -> tuple[str, str]:
    if not declared:
        return (
            f"{shown} of {found} numbers from abstracts; {conflicts} in conflict.",
            "Settings differ between papers: this lists what they report and ranks nothing.",
        )
    of = f"{declared} from tables that a source declares, {found - declared} from abstracts"
    return (
        f"{shown} of {found} numbers: {of}; {conflicts} in conflict.",
        "Rows of such a table are as comparable as their source makes them; settings of numbers from abstracts differ.",
    )


def _cited(source: Source, at: int, sentence: str | None) -> PaperRef:
    return ref(source.matrices, at, () if sentence is None else (sentence,))


def _order(found: Collection[Number]) -> Callable[[Number], tuple[object, ...]]:
    """Put what most numbers are of first: metrics, and of each the units; then levels, the better ones first."""
    of_metric = Counter(number.metric.casefold() for number in found)
    of_unit = Counter((number.metric.casefold(), number.unit) for number in found)

    def key(number: Number) -> tuple[object, ...]:
        metric, value = number.metric.casefold(), number.amount
        better = (value or 0.0) if lower_is_better(metric) else -(value or 0.0)
        rank = -of_metric[metric], metric, -of_unit[metric, number.unit], number.unit
        return *rank, value is None or number.delta, better, number.result

    return key


def _row(number: Number, paper: PaperRef, conflicts: Collection[tuple[str, ...]]) -> tuple[Cell, ...]:
    notes = [
        *(["change"] if number.delta or (paper.quotes and is_change(paper.quotes[0], str(number.value))) else []),
        *(["baseline"] if number.baseline else []),
        *([number.comparator] if number.comparator not in {"", "=", "range"} else []),
        *(["in conflict"] if _key(number) in conflicts and not number.delta else []),
    ]
    return (
        number.metric,
        number.method or None,
        str(number.value) if number.amount is None else number.amount,
        amount(number.upper),
        number.unit or None,
        "lower" if lower_is_better(number.metric) else "higher",
        number.condition or None,
        "declared table" if number.declared else "abstract",
        ", ".join(notes),
        paper.year,
        paper.title,
        paper.quotes[0] if paper.quotes else None,
    )


def _conflicts(found: Iterable[Number]) -> set[tuple[str, ...]]:
    """Find what is told differently: one method, metric, unit and condition, and two tellers without a common level."""
    seen: dict[tuple[str, ...], dict[tuple[str, bool], set[float]]] = defaultdict(lambda: defaultdict(set))
    for number in found:
        if number.method and number.amount is not None and not number.delta:
            seen[_key(number)][number.paper, number.declared].add(number.amount)
    return {
        key for key, told in seen.items() if any(one.isdisjoint(other) for one, other in combinations(told.values(), 2))
    }


def _key(number: Number) -> tuple[str, ...]:
    return number.method, number.metric, number.unit, number.condition
