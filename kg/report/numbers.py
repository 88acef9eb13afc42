"""The numbers that papers report on a dataset, as the store holds them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.report import cache
from kg.report.bodies import MovedError, value_of
from kg.report.rows import asked
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.store import Graph, Value

__all__ = ["Number", "amount", "numbers", "texts"]

_PROPERTIES: Final = (
    *("paper", "metric", "value", "upper", "unit", "comparator", "method", "condition", "delta", "baseline"),
    "declared",
)
_ORIGIN: Final = "wasDerivedFrom"
_PAPERS: Final = "SELECT DISTINCT ?paper WHERE {{ ?result kg:dataset <{dataset}> ; kg:paper ?paper }}"
# One walk over what is said of each result: an OPTIONAL for each property would go through all its triples.
_RESULTS: Final = """
SELECT ?result ?property ?value WHERE {{
  {papers} ?result kg:dataset <{dataset}> ; kg:paper ?paper ; ?property ?value .
  FILTER(?property IN ({properties}, prov:wasDerivedFrom))
}}"""
_LABELS: Final = "SELECT ?entity ?label WHERE {{ {values} ?entity skos:prefLabel ?label }}"
_TEXTS: Final = "SELECT ?sentence ?text WHERE {{ {values} ?sentence kg:text ?text }}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a paper; `result`, `paper` and `origin` are IRIs, and `metric` and `method` labels.

    `origin` is the sentence that it stands in or, if it is `declared`, the source that states it. A value that is no
    number is the text as it stands.
    """

    result: str
    paper: str
    metric: str
    value: Value
    upper: Value = None
    unit: str = ""
    comparator: str = ""
    method: str = ""
    condition: str = ""
    delta: bool = False
    baseline: bool = False
    declared: bool = False
    origin: str = ""

    @property
    def amount(self) -> float | None:
        """The value as a number, if it is one."""
        return amount(self.value)


def amount(value: Value) -> float | None:
    """Give a value as a number, if it is one."""
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def numbers(graph: Graph, dataset: str, papers: Collection[str] | None = None) -> list[Number]:
    """Read the numbers on the dataset with an IRI, in the order of theirs; of some papers, by IRI, or of all."""
    held = _kept(graph, dataset, papers) or _looked_up(graph, dataset, papers)
    whole = {result: said for result, said in sorted(held.items()) if {"paper", "metric", "value"} <= said.keys()}
    named = (str(said[name]) for said in whole.values() for name in ("metric", "method") if name in said)
    labels = _labels(graph, named)
    return [_number(result, said, labels) for result, said in whole.items()]


def _looked_up(graph: Graph, dataset: str, papers: Collection[str] | None) -> dict[str, dict[str, Value]]:
    """Ask the store what is said of each number."""
    chosen = "" if papers is None else f"VALUES ?paper {{ {' '.join(f'<{paper}>' for paper in papers)} }}"
    properties = ", ".join(f"kg:{name}" for name in _PROPERTIES)
    held: dict[str, dict[str, Value]] = defaultdict(dict)
    for row in graph.select(_RESULTS.format(papers=chosen, dataset=dataset, properties=properties)):
        said, value = held[str(row["result"])], row["value"]
        name = str(row["property"]).removeprefix(PREFIXES["kg"]).removeprefix(PREFIXES["prov"])
        said[name] = min(value, said.get(name, value), key=str)
    return held


def _kept(graph: Graph, dataset: str, papers: Collection[str] | None) -> dict[str, dict[str, Value]]:
    """Read what is said of each number where the build kept it; nothing if it is not there."""
    bodies, matrices = cache.bodies(graph), cache.load(graph)
    if bodies is None:
        return {}
    if papers is None:
        papers = [str(row["paper"]) for row in graph.select(_PAPERS.format(dataset=dataset))]
    places = sorted(at for at in map(matrices.papers.place, papers) if at is not None)
    held: dict[str, dict[str, Value]] = {}
    try:
        for _, triples in bodies.said(places, matrices.papers, ("dataset", *_PROPERTIES, _ORIGIN)):
            of: dict[str, dict[str, Value]] = defaultdict(dict)
            for subject, name, term in triples:
                value = value_of(term)
                of[subject[1:-1]][name] = min(value, of[subject[1:-1]].get(name, value), key=str)
            held |= {result: said for result, said in of.items() if said.get("dataset") == dataset}
    except MovedError:
        return {}
    return held


def texts(graph: Graph, sentences: Iterable[str]) -> dict[str, str]:
    """Give the words of sentences, by their IRIs."""
    rows = asked(graph, _TEXTS, "sentence", sorted(set(sentences)))
    return {str(row["sentence"]): str(row["text"]) for row in rows}


def _labels(graph: Graph, entities: Iterable[str]) -> dict[str, str]:
    """Give what entities are called; of several labels the first."""
    found: dict[str, str] = {}
    for row in asked(graph, _LABELS, "entity", sorted(set(entities))):
        entity, label = str(row["entity"]), str(row["label"])
        found[entity] = min(label, found.get(entity, label))
    return found


def _number(result: str, said: dict[str, Value], labels: dict[str, str]) -> Number:
    def words(name: str) -> str:
        return "" if said.get(name) is None else str(said[name])

    return Number(
        result,
        words("paper"),
        labels.get(words("metric"), ""),
        said["value"],
        said.get("upper"),
        words("unit"),
        words("comparator"),
        labels.get(words("method"), ""),
        words("condition"),
        bool(said.get("delta")),
        bool(said.get("baseline")),
        bool(said.get("declared")),
        words(_ORIGIN),
    )
