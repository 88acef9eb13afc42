"""Reports as pages: one file each that needs nothing else, with a heat map whose cells open their papers."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from math import log
from string import Template
from typing import TYPE_CHECKING, Final

from kg.report.formats import sentences, table
from kg.report.heat import heat, significant
from kg.report.model import NOTE
from kg.report.rows import address
from kg.report.sheets import as_strings, span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from kg.report.model import Pair, Report
    from kg.report.rows import PaperRef
    from kg.report.sheets import Line, Sheet

    Spot = Callable[[float, float], str]

__all__ = ["fragment", "html", "sheet_page"]

_SHADES: Final = 8
_LINES: Final = 6
#: Columns that say what the papers behind a row say.
_BEHIND: Final = frozenset({"paper", "quote", "introduced_in"})
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 720, 260, 64, 28


def html(report: Report) -> str:
    """Write a page: the heat map, and a table to sort and filter; each row opens to its papers and their sentences."""
    header, rows = table(report)
    body = [
        _row(f"p{at}", cells[:-1], range(2, len(header)), pair.papers, _papers(len(pair.papers), pair.count))
        for at, (pair, cells) in enumerate(zip(report.pairs, rows, strict=True))
    ]
    return _page(
        f"{report.rows} × {report.columns}",
        _heat(report) if report.meta.tested or len(report.pairs) > 1 else "",
        header[:-1],
        range(2, len(header) - 1),
        body,
        list(sentences(report)),
        [*([f"Graph: {report.meta.graph}."] if report.meta.graph else []), *report.meta.builds],
    )


def sheet_page(sheet: Sheet) -> str:
    """Write a page of a report that is a table, with its lines if it has any."""
    kept = [at for at, column in enumerate(sheet.columns) if not sheet.behind or column.key not in _BEHIND]
    header, rows = as_strings(sheet)
    header, rows = tuple(header[at] for at in kept), [tuple(row[at] for at in kept) for row in rows]
    behind: Iterable[tuple[PaperRef, ...] | None] = sheet.behind or [None] * len(rows)
    numbers = [at for at, place in enumerate(kept) if sheet.columns[place].number]
    body = [
        _row(f"p{at}", cells, numbers, papers, _papers(len(papers or ()), _counted(sheet, at)))
        for at, (cells, papers) in enumerate(zip(rows, behind, strict=True))
    ]
    builds = sheet.meta.get("builds", ())
    made = [str(each) for each in builds] if isinstance(builds, tuple | list) else []
    # above the table what was counted and, last, what it came to
    above = " ".join(dict.fromkeys((*sheet.says[:1], *sheet.says[-1:])))
    return _page(sheet.title, _chart(sheet), header, numbers, body, [above, *sheet.says[1:-1], NOTE], made)


def fragment(report: Report) -> str:
    """Write the heat map alone, with its style, for a notebook."""
    style = _asset("page.css")
    says = escape(" ".join(sentences(report)))
    return f"<style>{style}</style><div class='kg'>{_heat(report, links=False)}<p>{says}</p></div>"


def _page(  # noqa: PLR0917 - the parts of the page, in their order
    title: str,
    picture: str,
    header: Sequence[str],
    numbers: Iterable[int],
    rows: Sequence[str],
    says: Sequence[str],
    builds: Sequence[str],
) -> str:
    script, right = _asset("page.js"), set(numbers)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Template(_asset("page.html")).substitute(
        title=escape(title),
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:",
        style=_asset("page.css"),
        script=script,
        picture=picture,
        header="".join(_head(name, number=at in right) for at, name in enumerate(header)),
        rows="\n".join(rows),
        count=len(rows),
        summary=escape(says[0] if says else ""),
        footer="".join(f"<p>{escape(each)}</p>" for each in says[1:]),
        builds=escape("; ".join(builds)),
    )


def _head(name: str, *, number: bool) -> str:
    kind = " class=n" if number else ""
    return f'<th scope="col"{kind} aria-sort="none"><button type="button">{escape(name)}</button></th>'


def _papers(listed: int, count: int | None) -> str:
    """Tell how many papers are listed, of how many."""
    papers = f"{count or listed} paper{'s' if (count or listed) != 1 else ''}"
    return papers if count is None or listed == count else f"{papers}, the newest {listed} of them listed"


def _counted(sheet: Sheet, at: int) -> int | None:
    """Give how many papers a row is about, if it says so."""
    values = dict(zip((column.key for column in sheet.columns), sheet.rows[at], strict=True))
    papers = values.get("papers")
    return papers if isinstance(papers, int) else None


def _row(
    name: str, cells: Sequence[str], numbers: Collection[int], papers: Sequence[PaperRef] | None, summary: str
) -> str:
    made = []
    for at, cell in enumerate(cells):
        if at in numbers:
            made.append(f"<td class=n>{escape(cell)}</td>")
        elif at < 2:  # noqa: PLR2004 - the names of the row
            made.append(f'<th scope="row"><bdi>{escape(cell)}</bdi></th>')
        else:
            made.append(f"<td><bdi>{escape(cell)}</bdi></td>")
    names = "".join(made)
    if papers is None:
        return f"<tr id={name}>{names}</tr>"
    listed = "".join(map(_paper, papers))
    opened = f"<details><summary>{escape(summary)}</summary><ul>{listed}</ul></details>"
    more = f'<tr class="more"><td colspan="{len(cells)}">{opened}</td></tr>'
    return f"<tr id={name}>{names}</tr>{more}"


def _heat(report: Report, *, links: bool = True) -> str:
    drawn = heat(report)
    if not drawn.rows:
        return ""
    most = max(pair.count for pair in report.pairs)
    head = "".join(f'<th scope="col"><span><bdi>{escape(label)}</bdi></span></th>' for label in drawn.columns)
    filled = ["".join(_heat_cell(report, at, most, links=links) for at in row) for row in drawn.cells]
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape(label)}</bdi></th>{cells}</tr>'
        for label, cells in zip(drawn.rows, filled, strict=True)
    )
    shades = "".join(f'<i class="s{shade}"></i>' for shade in range(1, _SHADES + 1))
    key = f'<p class="key"><span>1 paper</span> {shades} <span>{most}</span>'
    key += ' <span class="mark">• significant at 5%</span></p>' if report.meta.tested else "</p>"
    return (
        f'<section aria-label="Heat map">{key}<div class="wide"><table class="heat">'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _heat_cell(report: Report, at: int, most: int, *, links: bool) -> str:
    if at < 0:
        return "<td></td>"
    pair: Pair = report.pairs[at]
    shade = 1 + round((_SHADES - 1) * log(pair.count) / log(most)) if most > 1 else 1
    mark = "•" if significant(pair) else ""
    words = f"{pair.a} and {pair.b}: {pair.count} papers, {pair.expected or 0:.1f} expected"
    inner = (
        f'<a href="#p{at}" title="{escape(words)}">{pair.count}<b>{mark}</b></a>' if links else f"{pair.count}{mark}"
    )
    return f'<td class="s{shade}">{inner}</td>'


def _paper(ref: PaperRef) -> str:
    title, target = f"<bdi>{escape(ref.title)}</bdi>", address(ref)
    if target:
        title = f'<a href="{escape(target)}" rel="noopener noreferrer">{title}</a>'
    year = f" ({ref.year})" if ref.year else ""
    quotes = "".join(f"<blockquote dir=auto>{escape(words)}</blockquote>" for words in ref.quotes)
    return f"<li>{title}{year}{quotes}</li>"


def _chart(sheet: Sheet) -> str:
    """Draw the lines of a sheet as SVG; each has its own dashes beside its colour."""
    lines = sheet.lines[:_LINES]
    first, top = span(lines)
    years = sorted({year for line in lines for year in line.years if year >= first})
    if len(years) < 2:  # noqa: PLR2004 - a line has two ends
        return ""

    def spot(year: float, value: float) -> str:
        value = min(value, top)
        x = _LEFT + (year - years[0]) / (years[-1] - years[0]) * (_WIDTH - _LEFT - 24)
        return f"{x:.1f},{_HEIGHT - _BOTTOM - value / top * (_HEIGHT - _BOTTOM - 12):.1f}"

    lines = tuple(line.since(first) for line in lines)
    drawn = "".join(_line(line, at, sheet.partial, spot) for at, line in enumerate(lines, start=1))
    step = max(1, -(-(years[-1] - years[0]) // 6))
    ticks = "".join(
        '<text x="{}" y="{}" text-anchor="middle">{}</text>'.format(spot(year, 0).split(",")[0], _HEIGHT - 8, year)
        for year in range(years[0], years[-1] + 1, step)
    )
    form = "{:.1%}" if sheet.unit.startswith("share") else "{:.3g}"
    levels = "".join(
        '<text x="{}" y="{}" dy="4" text-anchor="end">{}</text>'.format(
            _LEFT - 6, spot(years[0], top * part).split(",")[1], form.format(top * part)
        )
        for part in (0, 0.5, 1)
    )
    key = "".join(
        f'<li><svg width="34" height="10" aria-hidden="true"><line class="l{at}" x1="1" x2="33" y1="5" y2="5"/></svg> '
        f"<bdi>{escape(line.label)}</bdi></li>"
        for at, line in enumerate(lines, start=1)
    )
    return (
        f'<figure><figcaption>{escape(sheet.unit)}</figcaption><svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'role="img" aria-label="{escape(sheet.title)}: the numbers are in the table">{ticks}{levels}{drawn}</svg>'
        f'<ul class="legend">{key}</ul></figure>'
    )


def _line(line: Line, at: int, partial: int | None, spot: Spot) -> str:
    points = " ".join(spot(year, value) for year, value in zip(line.years, line.values, strict=True))
    band = ""
    if line.low and line.high:
        sure = [at for at, year in enumerate(line.years) if not partial or year < partial]
        there = [spot(line.years[at], line.high[at]) for at in sure]
        back = [spot(line.years[at], line.low[at]) for at in sure]
        band = '<polygon class="b{}" points="{}"/>'.format(at, " ".join([*there, *reversed(back)]))
    hollow = "".join(
        '<circle class="l{}" cx="{}" cy="{}" r="4"/>'.format(at, *spot(year, value).split(","))
        for year, value in zip(line.years, line.values, strict=True)
        if partial and year >= partial
    )
    return f'{band}<polyline class="l{at}" points="{points}"/>{hollow}'


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
