"""The routes of the API, written once: the server answers them, and the OpenAPI description tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from kg import __version__
from kg.model import KINDS
from kg.report.model import MEASURES
from kg.report.neighbours import ORDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPERATIONS", "Operation", "Value", "openapi"]


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter of a query string. One of type "iri" may also be a path, such as dataset/hotpotqa."""

    name: str
    type: Literal["iri", "iris", "string", "integer"]
    says: str
    default: str | int | None = None
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """A route: its path, its view, what it says, and its parameters. A `long` one waits with the queries."""

    path: str
    view: str
    says: str
    values: tuple[Value, ...] = ()
    example: str = ""
    long: bool = False


_KINDS: Final = tuple(kind.lower() for kind in KINDS)
_SIDES: Final = (*_KINDS, "venue", "year")
_ENTITY: Final = Value("iri", "iri", "The IRI of an entity, or its path, such as dataset/hotpotqa", needed=True)
_OFFSET: Final = Value("offset", "integer", "How many to leave out", 0, 0, 10_000_000)


def _limit(default: int, most: int = 100) -> Value:
    return Value("limit", "integer", "How many at most", default, 1, most)


OPERATIONS: Final = (
    Operation(
        "/api/search",
        "search",
        "Entities and papers by name, or by words of it",
        (Value("q", "string", "What to search for; the last word may be the begin of one", needed=True), _limit(10)),
        "/api/search?q=hotpot",
    ),
    Operation(
        "/api/entity",
        "entity",
        "An entity: names, links, papers by year",
        (_ENTITY,),
        "/api/entity?iri=dataset/hotpotqa",
    ),
    Operation(
        "/api/entity/neighbours",
        "beside",
        "What papers name together with an entity, significant ones first",
        (
            _ENTITY,
            Value("measure", "string", "What they are ordered by", "association", choices=ORDERS),
            Value("kind", "string", "Of this kind only", choices=_KINDS),
            _limit(30, 200),
        ),
        "/api/entity/neighbours?iri=dataset/hotpotqa&measure=npmi",
    ),
    Operation(
        "/api/entity/grid",
        "grid",
        "Two kinds of entities against each other, in the papers that name an entity",
        (_ENTITY,),
        "/api/entity/grid?iri=dataset/hotpotqa",
    ),
    Operation(
        "/api/papers",
        "papers",
        "Papers that name all of some entities, newest first, with quotes and the offsets of the mentions in them",
        (
            Value("iri", "iris", "The IRI or path of an entity; may be given more than once"),
            Value("year", "integer", "Of this year only", None, 1, 9999),
            _OFFSET,
            _limit(20),
        ),
        "/api/papers?iri=dataset/hotpotqa",
    ),
    Operation(
        "/api/paper",
        "paper",
        "A paper: its source, its texts, what it says with quotes, and the numbers that it reports",
        (Value("iri", "iri", "The IRI of a paper, or its path, such as paper/arxiv:1905.02249", needed=True),),
    ),
    Operation(
        "/api/cooccurrence",
        "together",
        "Pairs that the same papers name, with measures and p-values",
        (
            Value("rows", "string", "One side of the pairs", "dataset", choices=_SIDES),
            Value("columns", "string", "The other side", "method", choices=_SIDES),
            Value("sort", "string", "What they are ordered by", "papers", choices=("papers", *MEASURES)),
            Value("min_papers", "integer", "Pairs in fewer papers are left out", 1, 1, 1_000_000),
            _limit(50, 1000),
        ),
        "/api/cooccurrence?rows=dataset&columns=task&limit=10",
        long=True,
    ),
    Operation(
        "/api/leaderboard",
        "leaderboard",
        "The numbers that abstracts report on a dataset; it ranks nothing, for settings differ",
        (Value("dataset", "iri", "The IRI or path of a dataset", needed=True), _limit(100, 1000)),
        "/api/leaderboard?dataset=dataset/cifar-10",
    ),
    Operation("/api/stats", "stats", "What is in the graph, counted", example="/api/stats", long=True),
    Operation("/api/queries", "queries", "The named queries, with their parameters", example="/api/queries"),
)


def openapi() -> dict[str, Any]:
    """The description of the API (https://spec.openapis.org/oas/v3.1.0)."""
    errors = {
        code: {
            "description": words,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for code, words in (
            ("400", "A parameter is wrong"),
            ("404", "The graph has no such thing"),
            ("500", "It took too long, or failed"),
            ("503", "Too many are waiting"),
        )
    }
    own = {"200": {"description": "This description", "content": {"application/json": {"schema": {"type": "object"}}}}}
    described: dict[str, Any] = {each.path: {"get": _described(each, errors)} for each in OPERATIONS}
    described["/api/openapi.json"] = {
        "get": {"operationId": "openapi", "summary": "This description", "responses": own}
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kg: a graph of machine-learning papers",
            "version": __version__,
            "description": "Read only. Titles and abstracts are read, and no more.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": described,
        "components": {
            "schemas": {"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}
        },
    }


def _described(operation: Operation, errors: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operationId": operation.path.removeprefix("/api/").replace("/", "_"),
        "summary": operation.says,
        "parameters": [_parameter(value) for value in operation.values],
        "responses": {
            "200": {"description": "The answer", "content": {"application/json": {"schema": {"type": "object"}}}},
            **errors,
        },
    }


def _parameter(value: Value) -> dict[str, Any]:
    if value.type == "integer":
        schema: dict[str, Any] = {"type": "integer", "minimum": value.least, "maximum": value.most}
    else:
        schema = {"type": "string", "maxLength": 2000}
    if value.choices:
        schema["enum"] = list(value.choices)
    if value.default is not None:
        schema["default"] = value.default
    if value.type == "iris":
        schema = {"type": "array", "items": schema, "maxItems": 8}
    return {"name": value.name, "in": "query", "required": value.needed, "description": value.says, "schema": schema}
