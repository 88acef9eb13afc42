"""What a person decided about names: the tables `additions.tsv` and `decisions.tsv` of `ontologies/`.

One decision a line, its parts between tabs: action, kind, name, further names with `|` between them.

- `add`: an entity that no list has, with its aliases
- `merge`: all names are one entity, called by the first
- `drop`: no such name
- `rename`: the further name is a slip of a list for the first; the IRI stays
- `iri`: the entity keeps the IRI that the further name gave it
- `broader`: the further name is the broader entity; without one, there is none
- `close`: its links are no exact matches
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.errors import OntologyError
from kg.extract.tokens import compact
from kg.model import KINDS
from kg.terms import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["ACTIONS", "FILES", "Decision", "Decisions", "read"]

ACTIONS: Final = ("add", "merge", "drop", "rename", "iri", "broader", "close")
FILES: Final = ("additions.tsv", "decisions.tsv")
_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of a table; `where` is its file and line."""

    action: str
    kind: str
    name: str
    more: tuple[str, ...]
    where: str


@dataclass(slots=True)
class Decisions:
    """All decisions, by what they are asked for; a name is known by its kind and its compact form."""

    groups: list[Decision] = field(default_factory=list)
    dropped: set[tuple[str, str]] = field(default_factory=set)
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    broader: dict[tuple[str, str], str | None] = field(default_factory=dict)
    close: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Decisions:
        """Sort decisions by their action."""
        made = cls()
        for each in decisions:
            at = (each.kind, compact(each.name))
            if each.action in ("add", "merge"):
                made.groups.append(each)
            elif each.action == "drop":
                made.dropped |= {(each.kind, compact(name)) for name in (each.name, *each.more)}
            elif each.action == "rename":
                made.renamed |= {(each.kind, compact(name)): each.name for name in each.more}
                made.slugs[at] = slug(each.more[0])
            elif each.action == "iri":
                made.slugs[at] = slug(each.more[0])
            elif each.action == "broader":
                made.broader[at] = each.more[0] if each.more else None
            else:
                made.close.add(at)
        return made


def read(folder: Path) -> list[Decision]:
    """The decisions of a folder, in order; one that is no decision is an error that says where it stands."""
    paths = [folder / name for name in FILES]
    return [each for path in paths if path.is_file() for each in _decisions(path)]


def _decisions(path: Path) -> Iterator[Decision]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        where = f"{path.name}:{number}"
        if len(parts) < _LEAST or parts[0] not in ACTIONS or parts[1] not in KINDS:
            raise OntologyError(f"{path}:{number}: not an action ({', '.join(ACTIONS)}), a kind and a name")
        more = tuple(name for name in "".join(parts[3:]).split("|") if name)
        if parts[0] in ("rename", "iri") and not more:
            raise OntologyError(f"{path}:{number}: {parts[0]} wants a further name")
        yield Decision(parts[0], parts[1], parts[2], more, where)
