"""The lines of a listing page in plain text: which begin with a label, where papers start and end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.sources.dates import iso
from kg.sources.listing import ADDRESSES, LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "ABSTRACT",
    "AUTHORS",
    "TASKS",
    "TITLE",
    "Line",
    "Run",
    "is_cut_label",
    "labelled",
    "lines",
    "runs",
    "starts",
]

TITLE, AUTHORS, ABSTRACT, TASKS = range(4)

_LABEL: Final = re.compile(rf"({'|'.join(LABELS)})(?:[ \t](.*))?", re.DOTALL)
_ADDRESS: Final = re.compile(r"(?:\w+://\S+|[^\s/]+\.[^\s/]+/\S*)")
_PROSE: Final = re.compile(r"[.,;:!?]\s*$")
SURE: Final = 3  # lines of a run that no prose has
_LONG: Final = 3  # labels in a run whose values need no second look


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, by its place from 0, with the rank of the label that it begins with and what follows it."""

    index: int
    text: str
    rank: int | None = None
    value: str = ""

    @property
    def convincing(self) -> bool:
        """Whether the value is what no prose has after its label: a date, an address, a name, or nothing."""
        label, value = LABELS[self.rank or TITLE], self.value.strip()
        if label == "Published" and value:
            return iso(value) is not None
        if label in ADDRESSES and value:
            return _ADDRESS.match(value) is not None
        prose = _PROSE.search(value) or (value[:1].islower() if label == "Tasks" else " " in value)
        return not prose

    @property
    def plausible(self) -> bool:
        """Whether the value may be one of its label; only names of tasks and frameworks look like prose."""
        names = LABELS[self.rank or TITLE] in {"Tasks", "Framework"} and not _PROSE.search(self.value)
        return names or self.convincing


@dataclass(frozen=True, slots=True)
class Run:
    """Labels from "Tasks" on, in their order, with nothing but blanks between them."""

    lines: Sequence[Line]

    @property
    def evidence(self) -> int:
        """How many of its lines no prose has."""
        return sum(line.convincing for line in self.lines)

    @property
    def is_tail(self) -> bool:
        """Whether it can be the end of a paper, and is no prose that begins like it."""
        long = len(self.lines) >= _LONG
        return self.evidence > 0 and (long or all(line.plausible for line in self.lines))


def lines(text: str) -> list[Line]:
    """The lines of a text. Only line feeds end a line: other control characters belong to what they stand in."""
    return [labelled(index, line.removesuffix("\r")) for index, line in enumerate(text.split("\n"))]


def labelled(index: int, text: str) -> Line:
    """A line with its label, if it has one."""
    found = _LABEL.fullmatch(text)
    return Line(index, text, LABELS.index(found[1]), found[2] or "") if found else Line(index, text)


def runs(block: Sequence[Line]) -> list[Run]:
    """The ends of papers within some lines."""
    trimmed = (Run(_trimmed(found)) for found in _runs(_solid(block)))
    return [run for run in trimmed if run.is_tail]


def _runs(solid: Sequence[Line]) -> Iterator[list[Line]]:
    run = list[Line]()
    for line, after in zip(solid, [*solid[1:], None], strict=False):
        rank = None if after and _is_heading(line, after) else line.rank
        if run and (rank is None or rank <= (run[-1].rank or TITLE)):
            yield run
            run = []
        if rank is not None and rank >= TASKS:
            run.append(line)
    if run:
        yield run


def _trimmed(run: list[Line]) -> list[Line]:
    """A run without what its first lines are if they only begin like labels."""
    return run[next((place for place, line in enumerate(run) if line.plausible), len(run)) :]


def starts(every: Sequence[Line]) -> list[int]:
    """The places of the lines at which papers start.

    Below its heading, or at the top, or after the sure end of another paper, "Title" needs only the next
    label; after an end that is less sure, or a blank line in a page without headings, all of its own.
    """
    solid = _solid(every)
    ends = {run.lines[-1].index: run.evidence >= SURE for run in runs(every)}
    headed = [_is_heading(before, line) for before, line in zip([None, *solid], solid, strict=False)]
    bare = not any(headed)
    found = list[int]()
    for place, line in enumerate(solid):
        after = solid[place + 1].rank if place + 1 < len(solid) else None
        last = place + 1 == len(solid) or (place + 2 == len(solid) and is_cut_label(solid[-1]))
        if line.rank != TITLE or not (last or after):
            continue
        near = [ends[before.index] for before in solid[max(place - 2, 0) : place] if before.index in ends]
        apart = bare and not every[line.index - 1].text.strip()
        fresh = not found or any(near) or ((near or apart) and _is_signed(solid[place + 1 : place + 3]))
        if headed[place] or (fresh and (last or after in (AUTHORS, ABSTRACT))):
            found.append(line.index)
    return found


def _is_signed(after: Sequence[Line]) -> bool:
    """Whether lines give the names of authors and begin an abstract."""
    names = after[0].value.strip() if [line.rank for line in after] == [AUTHORS, ABSTRACT] else ""
    return names[:1].isupper() and _PROSE.search(names) is None


def is_cut_label(line: Line) -> bool:
    """Whether a line, the last of a page, may be the beginning of a label, such as "Auth"."""
    return any(label.startswith(line.text) for label in LABELS)


def _is_heading(line: Line | None, title: Line) -> bool:
    """Whether a line is the heading above the "Title" line that repeats it."""
    return line is not None and title.rank == TITLE and line.text.strip() == title.value.strip() != ""


def _solid(block: Sequence[Line]) -> list[Line]:
    return [line for line in block if line.text.strip()]
