"""What a source declares of a paper, name by name, and the entities that the names stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import DeclaredResult, Kind, Paper, Predicate

__all__ = ["Name", "names", "parts"]


class Name(NamedTuple):
    """A name that a source has for an entity. `predicate` is what it says of it; a part of a result is only named.

    `source` is the SHA-256 of the file that says so, where that may be another than the paper's own.
    """

    kind: Kind
    name: str
    predicate: Predicate | None = None
    aliases: tuple[str, ...] = ()
    source: str | None = None


def names(paper: Paper) -> tuple[Name, ...]:
    """All names, each once and in the order of the source; none of an annotated paper. A blank is no name."""
    if paper.annotation is not None:
        return ()
    return tuple(name for name in dict.fromkeys(_names(paper)) if name.name.strip())


def parts(result: DeclaredResult) -> Iterator[tuple[str, Name]]:
    """The entities that a result names, by the field of it that they fill."""
    yield "metric", Name("Metric", result.metric)
    if result.dataset:
        yield "dataset", Name("Dataset", result.dataset)
    if result.method:
        yield "method", Name("Method", result.method)
    if result.task:
        yield "task", Name("Task", result.task)


def _names(paper: Paper) -> Iterator[Name]:
    declared = paper.declared
    yield from (Name("Task", task, "addresses") for task in declared.tasks)
    yield from (Name(each.kind, each.name, each.predicate, each.aliases, each.source) for each in declared.claims)
    for result in declared.results:
        yield from (name for _, name in parts(result))
