"""The graph as four tables: papers, entities, claims and results, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import unquote

from kg.export.facts import Saying, about_entities, about_papers, entity_names, text, texts, usual_extractor
from kg.model import PREDICATES
from kg.terms import offsets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kg.export.facts import About, Facts
    from kg.store import Graph

    Entities = Mapping[str, tuple[str, str]]

__all__ = ["TABLES", "Cell", "Column", "Row", "rows"]

Cell = str | int | float | bool | list[str] | None
Row = tuple[Cell, ...]
Type = Literal["text", "texts", "integer", "number", "flag"]

_LONGEST: Final = 15
_ROLES: Final = ("kg:metric", "kg:dataset", "kg:method", "kg:backbone", "kg:task")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, and what its cells are."""

    name: str
    type: Type = "text"


def _columns(words: str) -> tuple[Column, ...]:
    """Read names, each with its type behind a colon unless it is text."""
    parts = (word.partition(":") for word in words.split())
    return tuple(Column(name, kind or "text") for name, _, kind in parts)  # type: ignore[arg-type]  # as written below


#: The columns of each table. Offsets are of the name, or of the number, in the title or abstract as it is written.
TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "papers": _columns(
        "paper title abstract year:integer issued authors anonymous:flag venue identifiers:texts url pdf "
        "paperswithcode repositories:texts framework keywords:texts tasks:texts other_titles:texts "
        "other_abstracts:texts source"
    ),
    "entities": _columns(
        "entity kind label aliases:texts broader:texts exact_match:texts close_match:texts papers:integer "
        "first_year:integer last_year:integer notes:texts"
    ),
    "claims": _columns(
        "claim paper predicate entity kind label confidence:number asserted:flag negated:flag declared:flag role "
        "winner variant extractor field quote start:integer end:integer sentence"
    ),
    "results": _columns(
        "result paper metric metric_label value:number value_text upper:number upper_text unit comparator dataset "
        "dataset_label method method_label backbone backbone_label task task_label condition variant delta:flag "
        "baseline:flag confidence:number declared:flag extractor field quote start:integer end:integer sentence"
    ),
}


def rows(graph: Graph, papers: Collection[str] | None = None) -> Iterator[tuple[str, Row]]:
    """Give the rows of all tables, each with the name of its table; the same graph gives the same rows in one order.

    `papers` are the IRIs of those that are wanted, with what they say and the entities that they name; all unless
    given. A claim that only mentions has neither a node nor a confidence: it has a row for each sentence that names the
    entity.
    """
    entities = entity_names(graph)
    usual = usual_extractor(graph)
    counts: dict[str, tuple[int, int | None, int | None]] = {}
    spoken: set[str] = set()
    for about in about_papers(graph, papers):
        yield "papers", _paper(about)
        year = _whole(text(about.facts, "kg:year"))
        for entity in {entity for predicate in PREDICATES for entity in texts(about.facts, f"kg:{predicate}")}:
            counts[entity] = _counted(counts.get(entity), year)
        for saying in (*about.sayings, *_bare(about)):
            spoken.add(saying.entity)
            yield "claims", _claim(about, saying, entities, usual)
        for result in about.results:
            spoken.update(entity for role in _ROLES for entity in texts(result[1], role))
            yield "results", _result(about.iri, *result, entities)
    wanted = entities if papers is None else entities.keys() & (spoken | counts.keys())
    for iri, facts in about_entities(graph, wanted):
        yield "entities", _entity(iri, facts, entities[iri], counts.get(iri, (0, None, None)))


def _bare(about: About) -> Iterator[Saying]:
    """Give what is asserted with neither claim nor sentence, as in a graph of somebody else's."""
    told = {(saying.predicate, saying.entity) for saying in about.sayings}
    for predicate in PREDICATES:
        for entity in texts(about.facts, f"kg:{predicate}"):
            if (predicate, entity) not in told:
                yield Saying(None, predicate, entity, {}, {}, None)


def _counted(before: tuple[int, int | None, int | None] | None, year: int | None) -> tuple[int, int | None, int | None]:
    papers, first, last = before or (0, None, None)
    if year is not None:
        first, last = min(year, first or year), max(year, last or year)
    return papers + 1, first, last


def _paper(about: About) -> Row:
    facts = about.facts
    return (
        about.iri,
        text(facts, "dcterms:title"),
        text(facts, "dcterms:abstract"),
        _whole(text(facts, "kg:year")),
        text(facts, "dcterms:issued"),
        text(facts, "kg:authorNames"),
        text(facts, "kg:authorsAnonymous") == "true",
        text(facts, "kg:venue"),
        texts(facts, "dcterms:identifier"),
        *(text(facts, term) for term in ("schema:url", "kg:pdf", "kg:paperswithcode")),
        texts(facts, "kg:repository"),
        text(facts, "kg:framework"),
        *(texts(facts, term) for term in ("kg:keyword", "kg:declaredTask", "kg:otherTitle", "kg:otherAbstract")),
        text(facts, "dcterms:source"),
    )


def _entity(iri: str, facts: Facts, name: tuple[str, str], count: tuple[int, int | None, int | None]) -> Row:
    lists = ("skos:altLabel", "skos:broader", "skos:exactMatch", "skos:closeMatch")
    return (
        iri,
        *name,
        *(texts(facts, term) for term in lists),
        *count,
        texts(facts, "skos:changeNote"),
    )


def _claim(about: About, saying: Saying, entities: Entities, usual: str | None) -> Row:
    facts = saying.claim
    kind, label = entities.get(saying.entity, (None, None))
    asserted = saying.predicate in PREDICATES and saying.entity in texts(about.facts, f"kg:{saying.predicate}")
    negated = text(facts, "kg:polarity") == "negated"
    extractor = text(facts, "prov:wasGeneratedBy") or (usual if saying.iri else None)
    return (
        saying.iri,
        about.iri,
        saying.predicate,
        saying.entity,
        kind,
        label,
        _number(text(facts, "kg:confidence")),
        asserted and not negated,
        negated,
        text(facts, "kg:declared") == "true",
        *(text(facts, term) for term in ("kg:role", "kg:winner", "kg:variant")),
        _called(extractor),
        *_evidence(facts, saying.sentence),
        saying.sentence_iri,
    )


def _result(paper: str, iri: str, facts: Facts, sentence: Facts, entities: Entities) -> Row:
    value, upper = text(facts, "kg:value"), text(facts, "kg:upper")
    origin = text(facts, "prov:wasDerivedFrom")
    called = []
    for role in _ROLES:
        entity = text(facts, role)
        called.append((entity, entities.get(entity or "", (None, entity))[1]))
    return (
        iri,
        paper,
        *called[0],
        *(_number(value), value, _number(upper), upper),
        *(text(facts, term) for term in ("kg:unit", "kg:comparator")),
        *(cell for pair in called[1:] for cell in pair),
        *(text(facts, term) for term in ("kg:condition", "kg:variant")),
        *(text(facts, term) == "true" for term in ("kg:delta", "kg:baseline")),
        _number(text(facts, "kg:confidence")),
        text(facts, "kg:declared") == "true",
        _called(text(facts, "prov:wasGeneratedBy")),
        *_evidence(facts, sentence),
        origin if sentence else None,
    )


def _evidence(facts: Facts, sentence: Facts) -> Row:
    """Give field, quote, start and end."""
    start, end = offsets(text(facts, "kg:span")) or (None, None)
    field = (text(sentence, "kg:field") or "abstract") if sentence else None
    return field, text(sentence, "kg:text"), start, end


def _called(iri: str | None) -> str | None:
    """Give the name of an extractor."""
    return None if iri is None else unquote(iri.partition("/extractor/")[2] or iri)


def _whole(value: str | None) -> int | None:
    plain = value is not None and value.isdecimal() and len(value) <= _LONGEST
    return int(value) if plain and value is not None else None


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None
