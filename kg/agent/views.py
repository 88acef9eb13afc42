"""What the tools tell, as plain values for JSON: each statement with its paper, and its sentence verbatim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.agent import found
from kg.agent.bounds import cut, fitted
from kg.errors import QueryError
from kg.model import KINDS
from kg.queries import explore
from kg.queries.sayings import angled, said_of
from kg.report import cooccurrence as count
from kg.report.leaderboard import leaderboard as numbers
from kg.serve import entity_views, views

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.queries.sayings import Saying
    from kg.report import Pair, PaperRef
    from kg.store import Graph

__all__ = ["about", "cooccurrence", "entity", "evidence", "leaderboard", "papers", "search"]

_NAMES: Final = 20
_LABEL: Final = 200
_BESIDE: Final = 10
_SAYINGS: Final = 4
_CITED: Final = 2
_QUOTES: Final = "SELECT ?sentence ?text WHERE {{ VALUES ?sentence {{ {sentences} }} ?sentence kg:text ?text }}"

Json = dict[str, Any]


def about(graph: Graph) -> Json:
    """What the graph holds, counted."""
    whole = views.home(graph)
    return {
        "papers": whole["papers"],
        "first_year": whole["first"],
        "newest_year": whole["newest"],
        "entities": whole["entities"],
        "most": {kind: [_named(each) for each in entries] for kind, entries in whole["most"].items()},
    }


def search(graph: Graph, text: str, limit: int = 10) -> Json:
    """Entities and papers by name or words."""
    hits = views.search(graph, text, limit)
    return fitted(
        {
            "entities": [_named(each) | {"found_by": cut(each["name"], _LABEL)} for each in hits["entities"]],
            "papers": [
                {"title": cut(each["title"]), "year": each["year"], "iri": each["iri"]} for each in hits["papers"]
            ],
        },
        "entities",
        "papers",
    )


def entity(graph: Graph, name: str, kind: str | None = None) -> Json:
    """An entity: names, links, papers by year, what is named beside it. Raises QueryError."""
    hit = found.entity(graph, name, kind)
    told = entity_views.entity(graph, hit["iri"])
    beside = entity_views.beside(graph, hit["iri"], limit=_BESIDE)["neighbours"] if told["papers"] else []
    return {
        **_named(hit | {"papers": told["papers"]}),
        "aliases": [cut(each, _LABEL) for each in told["aliases"][:_NAMES]],
        "links": [{"property": link, "iri": cut(iri)} for link, iri in told["links"][:_NAMES]],
        "broader": [_other(each) for each in told["broader"][:_NAMES]],
        "narrower": [_other(each) for each in told["narrower"][:_NAMES]],
        "years": [{"year": each["year"], "papers": each["papers"]} for each in told["years"]],
        "incomplete_since": told["incomplete"],
        "also_called_so": [_named(each) for each in hit["also"]],
        "beside": [
            _named(each) | {"shared_papers": each["shared"], "significant": each["significant"]} for each in beside
        ],
    }


def papers(graph: Graph, entities: Sequence[str], year: int | None = None, offset: int = 0, limit: int = 10) -> Json:
    """Papers that name all of some entities, newest first, with what they say of them. Raises QueryError."""
    hits = [found.entity(graph, each) for each in entities]
    labels = {hit["iri"]: hit["label"] for hit in hits}
    told = entity_views.papers(graph, list(labels), offset, limit, year)
    return fitted(
        {
            "entities": [_named(hit) for hit in hits],
            "total": told["total"],
            "offset": offset,
            "papers": [
                _paper(each) | {"says": [_said(one, labels) for one in each["says"][:_SAYINGS]]}
                for each in told["papers"]
            ],
        },
        "papers",
    )


def evidence(graph: Graph, paper: str, entity: str | None = None, limit: int = 20) -> Json:
    """What a paper says, of one entity or of all: sentences verbatim, and the numbers. Raises QueryError."""
    iri = found.paper(graph, paper)
    whole = explore.paper(graph, iri)
    if whole is None:
        raise QueryError(f"no paper has the IRI {iri[:200]}")
    only = found.entity(graph, entity)["iri"] if entity else None
    labels = {each: label for each, (_, label) in whole.entities.items()}
    says = [each for each in whole.sayings if only in (None, each.entity)]
    reported = [each for each in explore.results(graph, iri) if only in (None, *(value for value, _ in each.values()))]
    quotes = _quoted(graph, [each["wasDerivedFrom"][0] for each in reported if "wasDerivedFrom" in each])
    return fitted(
        {
            "paper": _paper(
                {
                    "title": _first(whole.said.get("title", ())) or iri,
                    "year": int(year) if (year := _first(whole.said.get("year", ()))) and year.isdecimal() else None,
                    "venue": _first(whole.said.get("venue", ())),
                    "iri": iri,
                    "url": _first(sorted(whole.said.get("url", ()))),
                }
            ),
            "says": [
                _said(each, labels) | {"kind": whole.entities[each.entity][0].lower(), "claim": each.claim}
                for each in says[:limit]
                if each.entity in whole.entities
            ],
            "results": [_result(each, quotes) for each in reported[:limit]],
            "left_out": max(0, len(says) - limit) + max(0, len(reported) - limit),
        },
        "says",
        "results",
    )


def cooccurrence(  # noqa: PLR0917 - the parameters of its tool
    graph: Graph,
    rows: str = "dataset",
    columns: str = "method",
    around: str | None = None,
    sort: str = "papers",
    min_papers: int = 1,
    limit: int = 10,
) -> Json:
    """Pairs that the same papers name, with measures, and two papers of each with sentences. Raises QueryError."""
    centre = None
    if around is not None:
        kinds = [kind for kind in dict.fromkeys((rows, columns)) if kind.capitalize() in KINDS]
        centre = found.entity(graph, around, kinds[0] if len(kinds) == 1 else None)
    report = count(
        graph,
        rows=rows.capitalize(),
        columns=columns.capitalize(),
        around=centre["iri"] if centre else None,
        sort=sort,
        min_papers=min_papers,
        top=limit,
        quotes=False,
    )
    return fitted(
        {
            "rows": rows,
            "columns": columns,
            "papers": report.papers,
            "counted": report.meta.rule,
            "found": report.meta.found,
            "pairs": [_pair(graph, pair) for pair in report.pairs],
        },
        "pairs",
    )


def leaderboard(graph: Graph, dataset: str, metric: str | None = None, limit: int = 20) -> Json:
    """The numbers that abstracts report on a dataset, each with its sentence; no ranking. Raises QueryError."""
    hit = found.entity(graph, dataset, "dataset")
    sheet = numbers(graph, hit["iri"], metric=metric, top=limit)
    keys = [column.key for column in sheet.columns if column.key not in {"year", "paper", "quote"}]
    rows: list[Json] = []
    for row, behind in zip(sheet.rows, sheet.behind, strict=True):
        facts = dict(zip([column.key for column in sheet.columns], row, strict=True))
        told: Json = {key: facts[key] if isinstance(facts[key], int | float) else _short(facts[key]) for key in keys}
        told |= {"paper": _cited(behind[0]) if behind else None, "quote": _short(facts["quote"])}
        rows.append(told)
    return fitted({"dataset": _named(hit), "says": [cut(each) for each in sheet.says], "rows": rows}, "rows")


def _named(hit: Json) -> Json:
    return {"label": cut(hit["label"], _LABEL), "kind": hit["kind"].lower(), "iri": hit["iri"], "papers": hit["papers"]}


def _other(pair: Sequence[str]) -> Json:
    return {"label": cut(pair[1], _LABEL), "iri": pair[0]}


def _paper(each: Json) -> Json:
    return {
        "title": cut(each["title"]),
        "year": each["year"],
        "venue": _short(each["venue"]),
        "iri": each["iri"],
        "url": _short(each["url"]),
    }


def _said(each: Saying | Json, labels: dict[str, str]) -> Json:
    facts = each if isinstance(each, dict) else {name: getattr(each, name) for name in each.__slots__}
    return {
        "entity": cut(labels.get(facts["entity"], facts["entity"]), _LABEL),
        "iri": facts["entity"],
        "predicate": facts["predicate"],
        "quote": _short(facts["quote"]),
        "field": facts["field"],
        "confidence": facts["confidence"],
        "asserted": facts["asserted"],
        "negated": facts["negated"],
        "declared": facts["declared"],
        "role": facts["role"],
    }


def _result(each: dict[str, tuple[str, str]], quotes: dict[str, str]) -> Json:
    of = {name: _short(each[name][1]) if name in each else None for name in _FACTS}
    quote = quotes.get(each["wasDerivedFrom"][0]) if "wasDerivedFrom" in each else None
    flags = {name: name in each for name in ("delta", "baseline", "declared")}
    return {**of, **flags, "quote": _short(quote), "iri": each["iri"][0]}


_FACTS: Final = ("metric", "value", "upper", "unit", "comparator", "dataset", "method", "condition")


def _quoted(graph: Graph, sentences: Iterable[str]) -> dict[str, str]:
    wanted = sorted({each for each in sentences if "/sentence/" in each})
    rows = graph.select(_QUOTES.format(sentences=angled(wanted))) if wanted else []
    return {str(row["sentence"]): str(row["text"]) for row in rows}


def _pair(graph: Graph, pair: Pair) -> Json:
    cited = pair.papers[:_CITED]
    sides = [iri for iri in (pair.a_iri, pair.b_iri) if iri]
    said = said_of(graph, [each.iri for each in cited], sides) if sides else {}
    labels = {pair.a_iri: pair.a, pair.b_iri: pair.b}
    return {
        "a": cut(pair.a, _LABEL),
        "b": cut(pair.b, _LABEL),
        "a_iri": pair.a_iri,
        "b_iri": pair.b_iri,
        "papers": pair.count,
        "papers_a": pair.count_a,
        "papers_b": pair.count_b,
        "expected": pair.expected,
        "npmi": pair.npmi,
        "p": pair.p,
        "q": pair.q,
        "cited": [
            _cited(each) | {"says": [_said(one, labels) for one in _each_once(said.get(each.iri, ()))]}
            for each in cited
        ],
    }


def _each_once(said: Sequence[Saying]) -> list[Saying]:
    """The surest saying of each entity."""
    found_: dict[str, Saying] = {}
    for each in said:
        found_.setdefault(each.entity, each)
    return list(found_.values())


def _cited(ref: PaperRef) -> Json:
    return {"title": cut(ref.title), "year": ref.year, "iri": ref.iri, "url": _short(ref.url)}


def _short(text: object) -> str | None:
    return None if text is None or text == "" else cut(text)


def _first(texts: Sequence[str]) -> str | None:
    return texts[0] if texts else None
