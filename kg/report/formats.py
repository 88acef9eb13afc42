"""A report as text: for a terminal, a spreadsheet, a program, a wiki page or a browser."""

from __future__ import annotations

import csv as csv_module
import io
import json as json_module
import re
import unicodedata
from dataclasses import asdict
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.report.model import Pair, Report
    from kg.report.rows import PaperRef

__all__ = ["FORMATS", "csv", "footer", "html", "json", "markdown", "table", "text", "tsv"]

COLUMNS: Final = ("a", "b", "count", "count_a", "count_b", "a_iri", "b_iri", "papers", "titles")
FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
URL: Final = "/:?#@!$&'()*+,;=%-._~[]"
TITLES: Final = 3


def table(report: Report) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Give a header and rows of strings: the two names, the three counts, the first few titles.

    Control characters are shown as a replacement sign, so that no title can steer a terminal.
    """
    a, b = (report.rows, report.columns) if report.rows != report.columns else (f"{report.rows} A", f"{report.rows} B")
    header = (a, b, "Papers", f"{a} in", f"{b} in", "Named together in")
    return header, [tuple(_visible(cell) for cell in _cells(pair)) for pair in report.pairs]


def footer(report: Report) -> str:
    """Say what was counted, and what the counts cannot say."""
    pairs = f"{len(report.pairs)} of {report.meta.found} pairs"
    return f"N = {report.papers} {report.meta.rule}; {pairs}. {report.meta.note}"


def text(report: Report) -> str:
    """Write columns of plain text, with the footer below."""
    header, rows = table(report)
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (header, *rows))
    return "\n".join([*(line.rstrip() for line in lines), "", footer(report), ""])


def csv(report: Report) -> str:
    """Write comma-separated values, one pair a line, with all its papers (IRIs divided by spaces, titles by " | ").

    A cell that a spreadsheet would take for a formula (its first character is = + - @, a tab or a line
    end) gets an apostrophe before it; JSON has every name verbatim.
    """
    return _delimited(report, ",")


def tsv(report: Report) -> str:
    """Write tab-separated values, otherwise as in CSV."""
    return _delimited(report, "\t")


def json(report: Report) -> str:
    """Write `meta`, and `pairs` with `a`, `b`, `papers`, `count`, `count_a`, `count_b`; all verbatim."""
    meta = {"rows": report.rows, "columns": report.columns, "papers": report.papers, **asdict(report.meta)}
    meta["predicates"] = dict(report.meta.predicates)
    data = {"meta": meta, "pairs": [asdict(pair) for pair in report.pairs]}
    return json_module.dumps(data, ensure_ascii=False, indent=2) + "\n"


def markdown(report: Report) -> str:
    """Write a table with links to the papers; names and titles cannot break out of it."""
    header, _ = table(report)
    lines = [_line(map(_markdown, header)), _line(["---", "---", "--:", "--:", "--:", "---"])]
    for pair in report.pairs:
        names = [_markdown(pair.a), _markdown(pair.b)]
        counts = [str(count) for count in (pair.count, pair.count_a, pair.count_b)]
        lines.append(_line([*names, *counts, "<br>".join(_markdown_link(ref) for ref in pair.papers)]))
    return "\n".join([*lines, "", _markdown(footer(report)), ""])


def html(report: Report) -> str:
    """Write one page that needs nothing else: each row opens to its papers and their sentences."""
    header, _ = table(report)
    page = Template(files(__package__).joinpath("page.html").read_text("utf-8"))
    return page.substitute(
        title=escape(f"{report.rows} × {report.columns}"),
        header="".join(f'<th scope="col">{escape(name)}</th>' for name in header),
        rows="\n".join(_html_row(pair) for pair in report.pairs),
        footer=escape(footer(report)),
        builds=escape("; ".join(report.meta.builds)),
    )


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "csv": csv,
    "html": html,
    "json": json,
    "markdown": markdown,
    "text": text,
    "tsv": tsv,
}


def _cells(pair: Pair) -> tuple[str, ...]:
    titles = [ref.title for ref in pair.papers[:TITLES]]
    more = [f"and {pair.count - TITLES} more"] if pair.count > TITLES else []
    return pair.a, pair.b, str(pair.count), str(pair.count_a), str(pair.count_b), "; ".join([*titles, *more])


def _delimited(report: Report, delimiter: str) -> str:
    lines = [_record(COLUMNS, delimiter)]
    for pair in report.pairs:
        names = (pair.a, pair.b, pair.count, pair.count_a, pair.count_b, pair.a_iri, pair.b_iri)
        behind = (" ".join(ref.iri for ref in pair.papers), " | ".join(ref.title for ref in pair.papers))
        lines.append(
            _record([_inert(cell) if isinstance(cell, str) else cell for cell in (*names, *behind)], delimiter)
        )
    return "".join(lines)


def _record(cells: Sequence[object], delimiter: str) -> str:
    """Write one line; both kinds of line end are quoted, as only the writer of CRLF does, and it ends in LF."""
    stream = io.StringIO(newline="")
    csv_module.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return stream.getvalue().removesuffix("\r\n") + "\n"


def _inert(cell: str) -> str:
    return "'" + cell if FORMULA.match(cell.lstrip(" ")) else cell


def _visible(cell: str) -> str:
    """Put words on one line, with no character that moves the cursor or turns the text around."""
    line = " ".join(cell.split())
    return "".join("\ufffd" if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} else sign for sign in line)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(words: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~&$])", r"\\\1", _visible(words))


def _markdown_link(ref: PaperRef) -> str:
    title, address = _markdown(ref.title), _address(ref)
    link = f"[{title}](<{quote(address, safe=URL)}>)" if address else title
    return f"{link} ({ref.year})" if ref.year else link


def _address(ref: PaperRef) -> str | None:
    """Give the paper's address, if a browser may be sent there."""
    try:
        scheme = urlsplit(ref.url or "").scheme
    except ValueError:
        return None
    return ref.url if scheme in {"http", "https"} else None


def _html_row(pair: Pair) -> str:
    *cells, _ = _cells(pair)
    numbers: Sequence[str] = cells[2:]
    names = "".join(f'<th scope="row"><bdi>{escape(name)}</bdi></th>' for name in cells[:2])
    counts = "".join(f"<td>{number}</td>" for number in numbers)
    papers = "".join(_html_paper(ref) for ref in pair.papers)
    opened = f"<details><summary>{pair.count} papers</summary><ul>{papers}</ul></details>"
    return f"<tr>{names}{counts}<td>{opened}</td></tr>"


def _html_paper(ref: PaperRef) -> str:
    title = f"<bdi>{escape(ref.title)}</bdi>"
    address = _address(ref)
    if address:
        title = f'<a href="{escape(address)}" rel="noopener noreferrer">{title}</a>'
    year = f" ({ref.year})" if ref.year else ""
    quotes = "".join(f"<blockquote dir=auto>{escape(words)}</blockquote>" for words in ref.quotes)
    return f"<li>{title}{year}{quotes}</li>"
