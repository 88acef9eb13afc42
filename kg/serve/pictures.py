"""Papers by year as a small picture, and entities by entities as a coloured table; all numbers are in the text too."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from kg.serve.markup import cut, href, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["heat", "trend"]

_SHADES: Final = 8
_HEIGHT, _GAP = 90, 3
_WIDTH: Final = 640
_BARS: Final = (8, 44)
#: A year needs so much room to be written.
_YEAR: Final = 34
#: Fewer papers than these never have the darkest shade.
_DARK: Final = 5


def trend(iri: str, years: Sequence[Mapping[str, int]], incomplete: int | None) -> str:
    """Bars of the papers of each year, each a link to them; years that are not complete are hatched and named."""
    if not years:
        return "<p class='empty'>No paper that names it has a year.</p>"
    top = max(row["papers"] for row in years)
    wide = min(_BARS[1], max(_BARS[0], _WIDTH // len(years) - _GAP))
    step, bars = -(-_YEAR // (wide + _GAP)), []
    for at, row in enumerate(years):
        year, these = row["year"], row["papers"]
        x, size = at * (wide + _GAP), round(_HEIGHT * these / top, 1)
        partial = incomplete is not None and year >= incomplete
        note = f"{year}: {these:,} of {row['of']:,} papers{', a year that is not complete' if partial else ''}"
        bar = (
            f"<rect x='{x}' y='{round(_HEIGHT - size, 1)}' width='{wide}' height='{size}'"
            f"{' class=partial' if partial else ''}><title>{note}</title></rect>"
        )
        if these:
            path = escape(f"/papers?of={_path(iri)}&year={year}")
            bar = f"<a href='{path}' aria-label='{note}'>{bar}</a>"
        bars.append(bar)
        if (len(years) - 1 - at) % step == 0:
            bars.append(f"<text x='{x + wide / 2}' y='{_HEIGHT + 16}'>{year}</text>")
    width = len(years) * (wide + _GAP) + 24
    told = f" {incomplete} is not complete." if incomplete and years[-1]["year"] >= incomplete else ""
    return (
        f"<figure class='trend'><svg viewBox='-12 -4 {width} {_HEIGHT + 26}' width='{width}' height='{_HEIGHT + 26}' "
        f"role='group' aria-label='Papers by year'>{''.join(bars)}</svg>"
        f"<figcaption>Papers by year, at most {top:,}.{told}</figcaption></figure>"
    )


def heat(iri: str, grid: Mapping[str, Any]) -> str:
    """The grid as a table: the darker the more papers, and each number a link to its papers."""
    rows, columns, cells = grid["rows"], grid["columns"], grid["cells"]
    top = max((value for row in cells for value in row), default=0)
    if not top:
        return "<p class='empty'>No paper names it together with one of each.</p>"
    head = "".join(f"<th scope='col'><span>{_name(each)}</span></th>" for each in columns)
    body = []
    for row, values in zip(rows, cells, strict=True):
        line = [f"<th scope='row'>{_name(row)}</th>"]
        for column, value in zip(columns, values, strict=True):
            shade = -(-_SHADES * value // max(top, _DARK))
            shown = number(value, (iri, row["iri"], column["iri"])) if value else ""
            line.append(f"<td class='n shade{shade}'>{shown}</td>")
        body.append(f"<tr>{''.join(line)}</tr>")
    return (
        f"<div class='wide' tabindex='0' role='region' aria-label='Table of what is named together'>"
        f"<table class='heat'><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _name(place: Mapping[str, Any]) -> str:
    return f"<a href='{href(place['iri'])}'>{text(cut(place['label'], 28))}</a>"


def _path(iri: str) -> str:
    return number(1, (iri,)).partition("of=")[2].partition("'")[0]
