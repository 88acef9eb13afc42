"""Parts of a page that take longer: a script fetches them when they are scrolled to, a link leads there without."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from kg.serve.markup import cut, framed, href, text
from kg.serve.pictures import heat
from kg.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["board", "grid", "later", "statements"]


_NUMBERS: Final = "Reported numbers"


def later(name: str, iri: str, kinds: Sequence[str] = ()) -> str:
    """The place of a part: a link to the page that has it alone, which a script puts there instead."""
    to = escape(f"/part/{name}?of={quote(iri.removeprefix(BASE), safe='/:')}")
    if name == "statements":
        return f"<details class='statements'><summary>All statements</summary>{_asked(name, to)}</details>"
    title = _crossed(kinds) if name == "grid" else _NUMBERS
    return f"<section><h2>{title}</h2>{_asked(name, to)}</section>"


def _asked(name: str, to: str) -> str:
    return f"<div class='later {name}' data-part='{to}'><p class='empty'><a href='{to}'>Show them</a></p></div>"


def _crossed(kinds: Sequence[str]) -> str:
    rows, columns = (name.lower() + "s" for name in kinds)
    return f"{rows.capitalize()} and {columns} in its papers"


def grid(found: Mapping[str, Any]) -> str:
    """Two kinds of entities against each other."""
    rows, columns = (name.lower() for name in found["kinds"])
    iri = found["entity"]["iri"]
    body = (
        f"<p class='soft'>How many papers name it together with a {rows} and a {columns}: the commonest of each.</p>"
        f"{heat(iri, found)}"
    )
    return _alone(iri, found["entity"]["label"], _crossed(found["kinds"]), body)


def board(found: Mapping[str, Any]) -> str:
    """The numbers that abstracts report on a dataset."""
    iri, head = found["dataset"]["iri"], ""
    if found["papers"]:
        every = f"<a href='/api/leaderboard?dataset={quote(iri, safe='')}'>as JSON</a>"
        head = f"<p class='soft'>Of the {found['papers']} papers that name it last; all are there {every}.</p>"
    if not found["rows"]:
        body = f"{head}<p class='empty'>No abstract reports a number on it that could be read.</p>"
        return _alone(iri, found["dataset"]["label"], _NUMBERS, body)
    says = escape(" ".join(found["says"]))
    return _alone(
        iri,
        found["dataset"]["label"],
        _NUMBERS,
        f"{head}<p class='soft'>{says}</p><div class='wide' tabindex='0' role='region' "
        "aria-label='Table of reported numbers'><table class='rows'><thead><tr><th>Metric</th><th>Method</th>"
        "<th class='n'>Value</th><th>Note</th><th>Paper</th></tr></thead><tbody>"
        f"{''.join(map(_row, found['rows']))}</tbody></table></div>",
    )


def _row(row: Mapping[str, Any]) -> str:
    value = f"{row['value']:g}" if isinstance(row["value"], int | float) else text(cut(str(row["value"]), 40))
    upper = f" to {row['upper']:g}" if row["upper"] is not None else ""
    notes = ", ".join(part for part in (row["condition"], row["note"]) if part)
    paper = f"<a href='{href(row['paper_iri'] or '')}'>{text(cut(str(row['paper']), 90))}</a>"
    return (
        f"<tr><td>{text(cut(row['metric'], 40))}</td><td>{text(cut(row['method'] or '', 50))}</td>"
        f"<td class='n'>{value}{upper}{text(cut(row['unit'] or '', 12))}</td><td>{text(cut(notes, 60))}</td>"
        f"<td>{paper} <span class='soft'>{row['year'] or ''}</span></td></tr>"
    )


def statements(iri: str, rows: str) -> str:
    """All statements about something, from their plain list."""
    return _alone(iri, iri.removeprefix(BASE), "All statements", rows)


def _alone(iri: str, label: str, title: str, body: str) -> str:
    heading = f"<h1><a href='{href(iri)}'>{text(cut(label))}</a>: {title[:1].lower()}{title[1:]}</h1>"
    return framed(
        f"{cut(label)}: {title}", f"<div id='part'>{body}</div>", heading=heading, scripts=("explorer.js",)
    )  # fmt: skip
