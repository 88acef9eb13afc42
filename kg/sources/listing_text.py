"""The listing page as plain text: fields are lines that begin with their label.

A label is told from the same word in an abstract by its place. A paper starts where "Title" repeats
the heading above or follows the end of another paper, and another label comes next. It ends with a
run of labels in their order, "Tasks" to "Framework", some of which may be missing. All between
"Abstract" and that run is the abstract, whatever its lines begin with.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kg.sources import files
from kg.sources.header import FOOTER, Header, footer
from kg.sources.lines import ABSTRACT, AUTHORS, SURE, TITLE, Line, Run, is_cut_label, labelled, lines, runs, starts
from kg.sources.listing import LABELS, Block, Page, papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.model import Paper, Rejected

__all__ = ["is_page", "page", "read"]


def read(path: Path, sha256: str, _columns: Mapping[str, str]) -> Iterator[Paper | Rejected]:
    """The papers of a page in plain text."""
    return papers(page(files.text(path)), path, sha256)


def is_page(text: str) -> bool:
    r"""Whether a text, or its beginning, holds a paper in the form of such a page.

    >>> is_page("Title A\nAuthors B\nAbstract C\nTasks\n"), is_page("Title of the book: A")
    (True, False)
    """
    every = lines(text)
    found = frozenset(starts(every))
    solid = [line for line in every if line.text.strip()]
    places = (place for place, line in enumerate(solid) if line.index in found)
    return any(ABSTRACT in [line.rank for line in solid[place + 1 : place + 4]] for place in places)


def page(text: str) -> Page:
    """A page taken apart."""
    body, below = _split_footer(lines(text))
    found = starts(body)
    ends = [*found[1:], len(body)]
    above = body[: found[0]] if found else []
    blocks = _stray(above)
    header = [] if blocks else [line.text for line in above]
    rest: Sequence[Line] = ()
    for start, end in zip(found, ends, strict=False):
        block, rest = _block(_without_heading(body[start:end], body[end].value if end < len(body) else ""))
        strays = _stray(rest)
        blocks += [block, *strays]
        rest = () if strays or (len(rest) == 1 and is_cut_label(rest[0])) else rest
    return Page(
        form="listing-text",
        header=Header(header, body[found[0]].value if found else ""),
        blocks=blocks,
        footer=footer([line.text for line in [*rest, *below]]),
        characters=len(text),
        open_ended=not text.endswith("\n"),
    )


def _split_footer(every: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of the page and those from the comment box on, which may be glued to the last field."""
    for last in reversed(every):
        if found := FOOTER.search(last.text):
            kept = labelled(last.index, last.text[: found.start()].rstrip(" \t"))
            return [*every[: last.index], kept], [Line(last.index, found[0]), *every[last.index + 1 :]]
        if last.rank is not None:
            break
    return every, []


def _without_heading(block: Sequence[Line], next_title: str) -> Sequence[Line]:
    """A block without the heading of the paper after it."""
    solid = [line.index for line in block if line.text.strip()]
    heading = block[solid[-1] - block[0].index]
    return block[: heading.index - block[0].index] if heading.text.strip() == next_title.strip() != "" else block


def _block(block: Sequence[Line]) -> tuple[Block, Sequence[Line]]:
    """The fields of one paper, and the lines below the last of them."""
    first = block[0].index
    tail = _tail(runs(block))
    stop = tail.lines[0].index - first if tail else len(block)
    head = _head(block[:stop])
    fields = {LABELS[TITLE]: block[0].value.strip()}
    for (rank, start), (_, end) in zip(head, [*head[1:], (ABSTRACT, stop)], strict=False):
        fields[LABELS[rank]] = _joined([block[start].value, *(line.text for line in block[start + 1 : end])])
    fields.update((LABELS[line.rank], line.value) for line in (tail.lines if tail else ()) if line.rank is not None)
    after = tail.lines[-1].index - first + 1 if tail else stop
    return Block(first + 1, fields, "\n".join(line.text for line in block[:after])), block[after:]


def _head(block: Sequence[Line]) -> list[tuple[int, int]]:
    """Where "Authors" and "Abstract" stand: the first of each, in this order."""
    places = list[tuple[int, int]]()
    for place, line in enumerate(block):
        if line.rank in (AUTHORS, ABSTRACT) and (not places or line.rank > places[-1][0]):
            places.append((line.rank, place))
    return places


def _tail(found: Sequence[Run]) -> Run | None:
    """The run that ends a paper: the first that is sure, else the one that is most so."""
    sure = (run for run in found if run.evidence >= SURE)
    return next(sure, max(found, key=lambda run: (run.evidence, run.lines[0].index), default=None))


def _joined(values: list[str]) -> str:
    """The lines of a value, verbatim, without blank ones around them."""
    solid = [place for place, value in enumerate(values) if value.strip()]
    return "\n".join(values[solid[0] : solid[-1] + 1]) if solid else ""


def _stray(rest: Sequence[Line]) -> list[Block]:
    """A paper that has lost its "Title" line, as a block without a title."""
    solid = [line for line in rest if line.text.strip()]
    for line, after in pairwise(solid):
        if line.rank == AUTHORS and after.rank == ABSTRACT:
            return [Block(line.index + 1, {}, "\n".join(line.text for line in rest).strip("\n"))]
    return []
