"""The numbers on a dataset in a terminal: a line for what was reached and how, then the paper and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.report import as_strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.report import Sheet

__all__ = ["board_lines"]

#: What is on the line of a number, with the share of the width that it takes at most; the last has what is left.
_PARTS: Final = {"metric": 0.2, "method": 0.25, "value": 0.2, "year": 0.1, "note": 0.2, "condition": 1.0}
_INDENT: Final = "  "


def board_lines(sheet: Sheet, width: int) -> Iterator[str]:
    """Yield the lines of a leaderboard, none of them longer than a terminal is wide; columns without a value are gone.

    A quote is cut around the number that it is quoted for.
    """
    _, rows = as_strings(sheet)
    keys = [column.key for column in sheet.columns]
    found = [dict(zip(keys, row, strict=True)) for row in rows]
    heads = dict(zip(keys, (column.heading for column in sheet.columns), strict=True))
    parts = list(_PARTS)
    cells = [[_value(row) if part == "value" else _source(row) if part == "note" else row[part] for part in parts]
             for row in found]  # fmt: skip
    kept = [at for at, part in enumerate(parts) if part == "value" or any(row[at] for row in cells)]
    table = [
        [heads[parts[at]] for at in kept],
        *([_cut(row[at], int(width * _PARTS[parts[at]])) for at in kept] for row in cells),
    ]
    widths = [max(len(row[at]) for row in table) for at in range(len(kept))]
    for number, row in enumerate(table):
        text = "   ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))
        yield _cut(text.rstrip(), width)
        if not number:
            yield "─" * min(len(text), width)
            continue
        yield _INDENT + _cut(found[number - 1]["paper"], width - len(_INDENT))
        if quote := found[number - 1]["quote"]:
            yield f"{_INDENT}“{_around(quote, found[number - 1]['value'], width - len(_INDENT) - 2)}”"


def _value(row: dict[str, str]) -> str:
    upper = f" to {row['upper']}" if row["upper"] else ""
    return f"{row['value']}{upper} {row['unit']}".rstrip()


def _source(row: dict[str, str]) -> str:
    """Give the notes, and that a table declares the number, which is rare."""
    declared = [row["source"]] if row["source"] != "abstract" else []
    return ", ".join([*declared, *filter(None, [row["note"]])])


def _cut(text: str, width: int) -> str:
    """Shorten text to a width.

    >>> _cut("accuracy", 5), _cut("BLEU", 5)
    ('accu…', 'BLEU')
    """
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def _around(text: str, wanted: str, width: int) -> str:
    """Shorten text on both sides of what is wanted, if it is there and far from the beginning.

    >>> _around("On this set, our method reaches 93.1 of 100", "93.1", 20)
    '…ethod reaches 93.1…'
    """
    at = text.find(wanted) if wanted else -1
    if len(text) <= width or at + len(wanted) < width:
        return _cut(text, width)
    start = max(at + len(wanted) - width * 3 // 4 - 3, 0)
    return f"…{_cut(text[start:], width - 1)}"
