"""The numbers that papers report on a dataset, as they stand in abstracts: what was claimed, not a ranking."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.report.parts import find, opened
from kg.report.rows import PaperRef
from kg.report.sheets import Column, Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from kg.report.parts import Source
    from kg.report.sheets import Cell
    from kg.store import Graph, Value

__all__ = ["board", "leaderboard", "lower_is_better"]

_RESULTS: Final = """
SELECT ?result ?paper ?metric ?value ?upper ?unit ?comparator ?method ?condition ?delta ?baseline ?sentence WHERE {{
  {papers} ?result kg:dataset <{dataset}> .
  ?result kg:paper ?paper ; kg:metric ?measured ; kg:value ?value .
  OPTIONAL {{ ?measured skos:prefLabel ?metric }}
  OPTIONAL {{ ?result kg:upper ?upper }} OPTIONAL {{ ?result kg:unit ?unit }}
  OPTIONAL {{ ?result kg:comparator ?comparator }}
  OPTIONAL {{ ?result kg:method/skos:prefLabel ?method }} OPTIONAL {{ ?result kg:condition ?condition }}
  OPTIONAL {{ ?result kg:delta ?delta }} OPTIONAL {{ ?result kg:baseline ?baseline }}
  OPTIONAL {{ ?result prov:wasDerivedFrom/kg:text ?sentence }}
}}"""
_LOWER: Final = re.compile(
    r"\b(?:error|loss|perplexity|ppl|fid|kid|rmse|mae|mse|mape|wer|cer|eer|regret|latency|time|memory|parameters?|flops|"
    r"distance|divergence|energy|cost|nll|bits per|miss rate|false positive|ece)\b",
    re.IGNORECASE,
)
_COLUMNS: Final = (
    Column("metric", "Metric"),
    Column("better", "Better"),
    Column("method", "Method"),
    Column("value", "Value", number=True),
    Column("upper", "To", number=True),
    Column("unit", "Unit"),
    Column("condition", "Condition"),
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
    """List the numbers that papers report on a dataset, by metric and the better first, each with its sentence.

    The direction of a metric is read from its name. Notes say what a number is not: a change and no level, a baseline
    of the paper, a bound. Two levels of one method, metric, unit and condition that differ between papers conflict, and
    say so. Raises QueryError for a dataset that there is not.
    """
    source = opened(graph, years, venues, as_of)
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
    found = [row for row in _reported(source, dataset, papers) if not metric or _alike(str(row["metric"]), metric)]
    conflicts = _conflicts(found)
    found.sort(key=_order)
    shown = found[:top]
    return Sheet(
        title=f"Numbers reported on {label}",
        columns=_COLUMNS,
        rows=tuple(_row(row, conflict=_key(row) in conflicts) for row in shown),
        meta={"kind": "leaderboard", **source.meta, "dataset": label, "dataset_iri": dataset},
        says=(
            *source.says,
            f"{len(shown)} of {len(found)} numbers from abstracts; {len(conflicts)} in conflict.",
            "Settings differ between papers: this lists what they report and ranks nothing.",
        ),
        partial=source.partial,
        behind=tuple((row["ref"],) if isinstance(row["ref"], PaperRef) else () for row in shown),
    )


Row = dict[str, "Value | PaperRef"]


def _reported(source: Source, dataset: str, papers: Collection[str] | None) -> list[Row]:
    chosen = "" if papers is None else f"VALUES ?paper {{ {' '.join(f'<{paper}>' for paper in papers)} }}"
    found = source.graph.select(_RESULTS.format(dataset=dataset, papers=chosen))
    rows: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: str(sorted(row.items(), key=str))):
        at = source.matrices.papers.place(str(row["paper"]))
        if at is None or not source.mask[at]:
            continue
        quote = () if row["sentence"] is None else (str(row["sentence"]),)
        year, url = int(source.matrices.years[at]) or None, source.matrices.urls[at] or None
        cited = PaperRef(str(row["paper"]), source.matrices.titles[at], year, url, quote)
        rows.setdefault(str(row["result"]), {**row, "ref": cited, "metric": row["metric"] or ""})
    return list(rows.values())


def _order(row: Mapping[str, Value | PaperRef]) -> tuple[str, str, bool, float, str]:
    value = _number(row["value"])
    known = value is not None
    better = (value or 0.0) if lower_is_better(str(row["metric"])) else -(value or 0.0)
    return (
        str(row["metric"]).casefold(),
        str(row["unit"] or ""),
        not known or bool(row["delta"]),
        better,
        str(row["result"]),
    )


def _row(row: Mapping[str, Value | PaperRef], *, conflict: bool) -> tuple[Cell, ...]:
    cited = row["ref"]
    assert isinstance(cited, PaperRef)
    bound = row["comparator"] not in {None, "=", "range"}
    notes = [
        *(["change"] if row["delta"] else []),
        *(["baseline"] if row["baseline"] else []),
        *([f"{row['comparator']}"] if bound else []),
        *(["in conflict"] if conflict else []),
    ]
    value = _number(row["value"])
    return (
        str(row["metric"]),
        "lower" if lower_is_better(str(row["metric"])) else "higher",
        _words(row["method"]),
        str(row["value"]) if value is None else value,
        _number(row["upper"]),
        _words(row["unit"]),
        _words(row["condition"]),
        ", ".join(notes),
        cited.year,
        cited.title,
        cited.quotes[0] if cited.quotes else None,
    )


def _conflicts(rows: Iterable[Mapping[str, Value | PaperRef]]) -> set[tuple[str, ...]]:
    """Find what papers report differently: one method, metric, unit and condition, and two levels."""
    seen: dict[tuple[str, ...], dict[str, set[float]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        value = _number(row["value"])
        if row["method"] and value is not None and not row["delta"]:
            seen[_key(row)][str(row["paper"])].add(value)
    return {
        key
        for key, papers in seen.items()
        if len(papers) > 1 and len({frozenset(values) for values in papers.values()}) > 1
    }


def _key(row: Mapping[str, Value | PaperRef]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in ("method", "metric", "unit", "condition"))


def _number(value: Value | PaperRef) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _words(value: Value | PaperRef) -> str | None:
    return None if value is None else str(value)


def _alike(label: str, wanted: str) -> bool:
    return wanted.casefold() in label.casefold()
