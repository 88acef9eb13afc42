"""The named queries: SPARQL with a head that says what it asks, and which parameters it takes.

    # name: datasets-together
    # question: Which datasets are named in the same papers as a given one?
    # parameter: dataset Dataset CIFAR-10 the dataset's name
    # parameter: limit integer =20 how many datasets at most

A parameter has a name, a type, a value and a line of help. The value is an example, and the parameter must be set;
behind `=` it is a default. One that holds blanks stands in quotes.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["NAMED", "TYPES", "NamedQuery", "Parameter", "parse"]

#: What a parameter may be: an entity of one kind or of any, a paper, or a plain value.
TYPES: Final = (*KINDS, "entity", "paper", "text", "integer", "number", "year")

_HEAD: Final = re.compile(r"# (name|question|parameter): (.+)")
_PARAMETER: Final = re.compile(r'(\w+) (\w+) (=?)(?:"([^"]*)"|(\S+)) (?:"([^"]*)"|(.+))')


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a query must be told; without a default it must be set. `example` is a value that fits."""

    name: str
    type: str
    example: str
    default: str | None
    help: str

    @property
    def quoted(self) -> str:
        """The example as a shell wants it."""
        return shlex.quote(self.example)


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question by name; `sparql` has `$parameter` where a value belongs."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    sparql: str


def parse(text: str) -> NamedQuery:
    """Read a query with its head. Raises QueryError if the head is not as it should be."""
    head = [(match[1], match[2]) for line in text.splitlines() if (match := _HEAD.fullmatch(line))]
    said = dict(head)
    if not {"name", "question"} <= set(said):
        raise QueryError("a named query begins with the lines '# name: …' and '# question: …'")
    parameters = tuple(_parameter(value) for key, value in head if key == "parameter")
    sparql = "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("#"))
    return NamedQuery(said["name"], said["question"], parameters, sparql)


def _parameter(line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None or match[2] not in TYPES:
        raise QueryError(f"not a parameter: {line!r}: say its name, one of {', '.join(TYPES)}, a value, and what it is")
    example = match[4] if match[4] is not None else match[5]
    return Parameter(match[1], match[2], example, example if match[3] else None, match[6] or match[7])


def _shipped() -> Iterator[NamedQuery]:
    for file in files("kg.queries").iterdir():
        if file.name.endswith(".rq"):
            yield parse(file.read_text("utf-8"))


NAMED: Final[Mapping[str, NamedQuery]] = MappingProxyType(
    {query.name: query for query in sorted(_shipped(), key=lambda query: query.name)}
)
