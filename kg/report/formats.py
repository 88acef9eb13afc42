"""A report as text: for a terminal, a spreadsheet, a program, a wiki page or an article."""

from __future__ import annotations

import json as json_module
import re
import unicodedata
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from kg.report.rows import address

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from kg.report.model import Pair, Report
    from kg.report.rows import PaperRef

__all__ = [
    "escaped",
    "footer",
    "json",
    "latex",
    "latex_table",
    "line",
    "markdown",
    "rounded",
    "sentences",
    "table",
    "text",
    "visible",
]

URL: Final = "/:?#@!$&'()*+,;=%-._~[]"
TITLES: Final = 3
LATEX: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}  # fmt: skip
CORRECTED: Final = {
    "benjamini-hochberg": "q by Benjamini and Hochberg",
    "benjamini-yekutieli": "q by Benjamini and Yekutieli",
    "tarone": "p corrected by Tarone",
}


def table(report: Report) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Give a header and rows of strings: the names, the counts, measures if anything was tested, the first few titles.

    Numbers are rounded for people. Control characters are shown as a replacement sign, so that no title can steer a
    terminal.
    """
    a, b = (report.rows, report.columns) if report.rows != report.columns else (f"{report.rows} A", f"{report.rows} B")
    header = (a, b, "Papers", f"{a} in", f"{b} in", *_shown(report), "Named together in")
    return header, [tuple(visible(cell) for cell in _cells(report, pair)) for pair in report.pairs]


def footer(report: Report) -> str:
    """Say what was counted, and what the counts cannot say."""
    return " ".join(sentences(report))


def sentences(report: Report) -> Iterator[str]:
    """Say what a report was made of, a sentence at a time."""
    meta = report.meta
    filters = f" ({', '.join(meta.filters)})" if meta.filters else ""
    yield f"N = {report.papers} {meta.rule}{filters}; {len(report.pairs)} of {meta.found} pairs."
    if meta.emptied:
        yield f"Nothing is left: {meta.emptied}."
    if meta.tested:
        within = f" within each {' and '.join(meta.within)} ({meta.strata} strata)" if meta.within else ""
        yield (
            f"{meta.tested} pairs tested{within}, seen or not: all whose two are each in {meta.min_margin} papers or "
            f"more; {meta.significant} significant at 5% ({CORRECTED[meta.correction]})."
        )
        if meta.extraction:
            right, found = meta.extraction.precision / 100, meta.extraction.recall / 100
            yield (
                f"Beside chance there is misreading: of claims such as these {right:.0%} are right and {found:.0%} of "
                f"what papers say is found; of the papers of a pair, were the two independent, {right * right:.0%} and "
                f"{found * found:.0%}."
            )
    elif not meta.emptied:
        least = f"{meta.min_margin} {'paper' if meta.min_margin == 1 else 'papers'}"
        yield f"0 pairs tested: no pair has both names in {least} or more (--min-margin {meta.min_margin})."
    if meta.listed and any(len(pair.papers) < pair.count for pair in report.pairs):
        yield f"Of each pair at most {meta.listed} papers are listed, the newest: all with --papers."
    if meta.partial and meta.newest and meta.newest >= meta.partial and "Year" in (report.rows, report.columns):
        yield f"{meta.partial} is not complete."
    yield meta.note


def text(report: Report) -> str:
    """Write columns of plain text, with the footer below."""
    header, rows = table(report)
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (header, *rows))
    return "\n".join([*(line.rstrip() for line in lines), "", footer(report), ""])


def json(report: Report) -> str:
    """Write `meta`, and `pairs` with `a`, `b`, `papers`, `count`, `count_a`, `count_b` and all measures; all verbatim.

    An infinite number is null, as JSON has none.
    """
    meta = {"rows": report.rows, "columns": report.columns, "papers": report.papers, **asdict(report.meta)}
    meta["predicates"] = dict(report.meta.predicates)
    pairs = [
        {name: _finite(value) for name, value in pair._asdict().items()}
        | {"papers": [ref._asdict() for ref in pair.papers]}
        for pair in report.pairs
    ]
    return json_module.dumps({"meta": meta, "pairs": pairs}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def markdown(report: Report) -> str:
    """Write a table with links to the papers; names and titles cannot break out of it."""
    header, rows = table(report)
    lines = [line(map(escaped, header)), line(["---", "---", *["--:"] * (len(header) - 3), "---"])]
    for pair, cells in zip(report.pairs, rows, strict=True):
        papers = "<br>".join(_markdown_link(ref) for ref in pair.papers)
        lines.append(line([*map(escaped, cells[:-1]), papers]))
    return "\n".join([*lines, "", escaped(footer(report)), ""])


def latex(report: Report) -> str:
    """Write a table for LaTeX with the package booktabs; what was counted is a comment and the note below it."""
    header, rows = table(report)
    return latex_table(header[:-1], [row[:-1] for row in rows], footer(report), numbers=range(2, len(header) - 1))


def latex_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], note: str, *, numbers: Collection[int] = ()
) -> str:
    """Write rows between the rules of booktabs; signs that LaTeX would obey are escaped."""
    spec = "".join("r" if place in numbers else "l" for place in range(len(header)))
    body = (" & ".join(map(_latex, row)) + r" \\" for row in rows)
    return "\n".join(
        [
            r"% \usepackage{booktabs}, with XeLaTeX or LuaLaTeX for names beyond Latin letters",
            rf"\begin{{tabular}}{{{spec}}}",
            r"\toprule",
            " & ".join(map(_latex, header)) + r" \\",
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
            rf"\par\smallskip\noindent{{\footnotesize {_latex(note)}}}",
            "",
        ]
    )


def rounded(value: float | None, digits: int = 3) -> str:
    """Round a number for people, to some significant digits; nothing for none.

    >>> rounded(1234.5), rounded(0.01234), rounded(1.5e-9), rounded(None)
    ('1234', '0.0123', '1.5e-09', '')
    """
    if value is None:
        return ""
    if not isfinite(value):
        return "∞" if value > 0 else "-∞"
    if value == 0 or 10**-digits <= abs(value) < 10**digits:
        return f"{value:.{digits}g}"
    return f"{value:.0f}" if abs(value) >= 1 else f"{value:.2g}"


def _shown(report: Report) -> tuple[str, ...]:
    if not report.meta.tested:
        return ()
    within = ("Odds ratio", "q within") if report.meta.within else ()
    return ("Expected", "Lift", "NPMI", "G²", "q", *within)


def _cells(report: Report, pair: Pair) -> tuple[str, ...]:
    titles = [ref.title for ref in pair.papers[:TITLES]]
    more = [f"and {pair.count - TITLES} more"] if pair.count > TITLES else []
    values: list[float | None] = []
    if report.meta.tested:
        values = [pair.expected, pair.lift, pair.npmi, pair.g2, pair.q]
    if report.meta.tested and report.meta.within:
        values += [pair.odds, pair.q_within]
    counts = map(str, (pair.count, pair.count_a, pair.count_b))
    return pair.a, pair.b, *counts, *map(rounded, values), "; ".join([*titles, *more])


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not isfinite(value) else value


def visible(cell: str) -> str:
    """Put words on one line, with no character that moves the cursor or turns the text around."""
    line = " ".join(cell.split())
    return "".join("\ufffd" if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} else sign for sign in line)


def line(cells: Iterable[str]) -> str:
    """Write one row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def escaped(words: str) -> str:
    """Write words so that Markdown takes none of them for its own."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&$])", r"\\\1", visible(words))


def _markdown_link(ref: PaperRef) -> str:
    title, target = escaped(ref.title), address(ref)
    link = f"[{title}](<{quote(target, safe=URL)}>)" if target else title
    return f"{link} ({ref.year})" if ref.year else link


def _latex(words: str) -> str:
    return re.sub(r"[\\&%$#_{}~^<>|\"]", lambda sign: LATEX[sign[0]], visible(words))
