"""What is printed: data on standard output, talk on standard error."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from rich import box
from rich.console import Console
from rich.progress import (
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rich.console import JustifyMethod
    from rich.progress import Task, TaskID

__all__ = [
    "QUIET",
    "VERBOSE",
    "WIDTH",
    "complain",
    "is_verbose",
    "lines",
    "progress",
    "raw",
    "say",
    "table",
    "visible",
    "waiting",
    "warn",
    "watched",
    "write_json",
]

QUIET: Final = "kg.quiet"
VERBOSE: Final = "kg.verbose"

_Item = TypeVar("_Item")
#: Columns and lines where no terminal says how many it has.
WIDTH: Final = (120, 40)
_LEGIBLE: Final = 22
_GAP: Final = 3
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_WHAT: Final = TextColumn("{task.description}", markup=False)
_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
_JOINERS: Final = "\u200c\u200d"


def visible(text: str, *, keep: str = "") -> str:
    r"""Return text with every character that a terminal would obey and not show written as an escape.

    >>> print(visible("red \x1b[31m, reversed \u202e"))
    red \x1b[31m, reversed \u202e
    """
    if text.isascii() and text.isprintable():
        return text
    allowed = keep + _JOINERS
    return "".join(
        sign if sign in allowed or unicodedata.category(sign) not in _HIDDEN else _escape(sign) for sign in text
    )


def raw(data: bytes) -> None:
    """Write data as it is, and at once."""
    click.echo(data, nl=False)


def lines(*texts: str) -> None:
    """Write lines of text; characters that steer a terminal are made visible."""
    raw("".join(f"{visible(text)}\n" for text in texts).encode())


def write_json(value: Any, *, indent: int | None = None) -> None:
    """Write a value as JSON; on one line, whatever a reader takes for the end of one, unless an indent is given."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    text = _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", text)
    raw(f"{text}\n".encode("utf-8", "backslashreplace"))  # half a surrogate pair becomes JSON's own escape


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Collection[int] = (),
    spare: Sequence[int] = (),
) -> None:
    """Write a table; the columns in `numbers` are aligned to the right, and long text is folded.

    Columns in `spare` are left out, the first one first, as long as the table has no room for legible names.

    Where a cell is longer than a line, each row is a block with a field a line instead: folding would cut its
    text, and the addresses beside it, into slivers.
    """
    rows, width = list(rows), shutil.get_terminal_size(WIDTH).columns
    if any(len(cell) > width for row in rows for cell in row):
        lines(*_blocks(header, rows))
        return
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    least = [_least([name, *(row[place] for row in rows)], place in numbers) for place, name in enumerate(header)]
    kept = _fitting(least, spare, width)
    for place in kept:
        narrowest = min(least[place], width // len(kept))
        justify: JustifyMethod = "right" if place in numbers else "left"
        drawn.add_column(_cell(header[place]), justify=justify, overflow="fold", min_width=narrowest)
    for row in rows:
        drawn.add_row(*(_cell(row[place]) for place in kept))
    page = io.StringIO()
    Console(file=page, force_terminal=sys.stdout.isatty(), width=width, highlight=False, emoji=False).print(drawn)
    text = page.getvalue() if drawn.row_count else page.getvalue().rstrip("\n")
    raw("".join(f"{line.rstrip()}\n" for line in text.splitlines()).encode())
    if out := [name for place, name in enumerate(header) if place not in kept and name]:
        say(f"Without {', '.join(out)}: the terminal is too narrow. CSV (-o csv) has all.")


def _least(cells: Sequence[str], number: bool) -> int:  # noqa: FBT001 - which of the two a column is
    """Find the room that a column needs to be read: of numbers that of the widest, of names that of a few words."""
    heading = max(map(len, cells[0].split()), default=0)
    return max(heading, *(len(cell) if number else min(len(cell), _LEGIBLE) for cell in cells[1:]), 0)


def _fitting(least: Sequence[int], spare: Sequence[int], width: int) -> list[int]:
    """Choose the columns that there is room for."""
    kept = list(range(len(least)))
    for place in spare:
        if sum(least[each] + _GAP for each in kept) <= width + _GAP:
            break
        kept.remove(place)
    return kept


def _blocks(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of each row: the names of its columns and what stands in them, unless nothing does."""
    widest = max(map(len, header))
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield from (f"{name:{widest}}   {cell}" for name, cell in zip(header, row, strict=True) if cell)


def say(text: str) -> None:
    """Tell the user something, unless they asked for quiet."""
    if not _meta(QUIET):
        with contextlib.suppress(BrokenPipeError):  # nobody listens; the work goes on
            click.echo(visible(text), err=True)


def warn(text: str) -> None:
    """Tell the user that something was not as it should be."""
    say(f"Warning: {text}")


def complain(text: str) -> None:
    """Tell the user of an error after which the work went on, however quiet they want it."""
    with contextlib.suppress(BrokenPipeError):
        click.echo(visible(f"Error: {text}"), err=True)


def is_verbose() -> bool:
    """Tell whether the user wants to see more."""
    return _meta(VERBOSE)


def watched(items: Iterable[_Item], what: str, *, beside_data: bool = False) -> Iterator[_Item]:
    """Yield the items, and count them for the user; not where data appears on the same terminal meanwhile."""
    if not _shows_progress() or (beside_data and sys.stdout.isatty()):
        yield from items
        return
    with Progress(SpinnerColumn(), _WHAT, MofNCompleteColumn(), console=_talk(), transient=True) as progress:
        yield from progress.track(items, description=what)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, int, int | None, int], None]]:
    """Show how far the work on papers is: what is done, how many of how many, how fast, how long yet, the rejects."""
    if not _shows_progress():
        yield lambda what, done, total, rejects: None  # noqa: ARG005 - nobody is told
        return
    columns = (_WHAT, MofNCompleteColumn(), _Speed(), TimeRemainingColumn(), _Rejects())
    with Progress(SpinnerColumn(), *columns, console=_talk(), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int | None, rejects: int) -> None:
            if what not in tasks:
                for task in tasks.values():
                    shown.update(task, visible=False)
                tasks[what] = shown.add_task(visible(what), total=total, rejects=rejects)
            shown.update(tasks[what], completed=done, total=total, rejects=rejects)

        yield show


class _Speed(ProgressColumn):
    """Papers a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f} papers/s" if task.speed and task.completed else "")


class _Rejects(ProgressColumn):
    """Records that are no papers, where there are any."""

    def render(self, task: Task) -> Text:
        count = task.fields.get("rejects", 0)
        return Text(f"{count} rejected" if count else "")


@contextlib.contextmanager
def waiting(what: str) -> Iterator[Callable[[str], None]]:
    """Show that something goes on that has no measure; what is shown can be changed meanwhile."""
    if not _shows_progress():
        yield lambda now: None  # noqa: ARG005 - nobody is told
        return
    with _talk().status(Text(visible(what))) as status:
        yield lambda now: status.update(Text(visible(now)))


def _shows_progress() -> bool:
    return sys.stderr.isatty() and not _meta(QUIET)


def _talk() -> Console:
    return Console(stderr=True, highlight=False)


def _meta(key: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(key))


def _cell(value: str) -> Text:
    return Text(visible(value))


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode()
