"""A report as separated values, which a spreadsheet opens without obeying any of them."""

from __future__ import annotations

import csv as csv_module
import re
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.report.model import Pair, Report

__all__ = ["csv", "inert", "record", "records", "tsv"]

_MEASURED: Final = ("expected", "association", "jaccard", "cosine", "inclusion", "lift", "pmi", "npmi", "g2")
_TESTED: Final = ("p", "log10_p", "q", "odds", "odds_low", "odds_high", "p_within", "q_within")
_NAMED: Final = ("a", "b", "count", "count_a", "count_b", "a_iri", "b_iri", "papers", "titles")
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


def csv(report: Report) -> str:
    """Write comma-separated values, one pair a line, with all its papers (IRIs divided by spaces, titles by " | ").

    A cell that a spreadsheet would take for a formula (its first character is = + - @, a tab or a line
    end) gets an apostrophe before it; JSON has every name verbatim.
    """
    return _delimited(report, ",")


def tsv(report: Report) -> str:
    """Write tab-separated values, otherwise as in CSV."""
    return _delimited(report, "\t")


def _delimited(report: Report, delimiter: str) -> str:
    safe, numbers = cache(inert), attrgetter(*_MEASURED, *_TESTED)
    named = _records((_named(pair, safe) for pair in report.pairs), delimiter)
    # most pairs share their counts with others, and so their measures: each row of numbers is written once
    measured = cache(lambda row: delimiter.join("" if each is None else repr(each) for each in row))
    lines = (f"{line}{delimiter}{measured(numbers(pair))}\n" for line, pair in zip(named, report.pairs, strict=True))
    return "".join([delimiter.join((*_NAMED, *_MEASURED, *_TESTED)), "\n", *lines])


def _named(pair: Pair, safe: Callable[[str], str]) -> tuple[object, ...]:
    """Give the cells of a pair before its measures."""
    iris, titles = " ".join([ref.iri for ref in pair.papers]), " | ".join([ref.title for ref in pair.papers])
    counts = pair.count, pair.count_a, pair.count_b
    return safe(pair.a), safe(pair.b), *counts, safe(pair.a_iri), safe(pair.b_iri), inert(iris), inert(titles)


def records(rows: Iterable[Sequence[object]], delimiter: str) -> str:
    """Write lines; both kinds of line end are quoted, as only the writer of CRLF does, and each ends in LF."""
    return "".join([f"{line}\n" for line in _records(rows, delimiter)])


def record(cells: Sequence[object], delimiter: str) -> str:
    """Write one line, as `records` does."""
    return records([cells], delimiter)


def _records(rows: Iterable[Sequence[object]], delimiter: str) -> list[str]:
    lines = _Lines()
    csv_module.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return lines


class _Lines(list[str]):
    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n"))


def inert(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return "'" + cell if _FORMULA.match(cell.lstrip(" ")) else cell
