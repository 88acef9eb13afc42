"""The page of a method, dataset, task or metric."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from kg.serve.markup import cut, framed, href, kind, link, number, text, visible
from kg.serve.parts import later
from kg.serve.pictures import trend
from kg.serve.quotes import listed, pager

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["entity"]

_ALIASES: Final = 24
_LINKS: Final = {
    "exactMatch": "The same",
    "closeMatch": "Nearly the same",
    "homepage": "Home page",
    "seeAlso": "See also",
    "source": "Source",
    "isReplacedBy": "Replaced by",
}
_SCRIPTS: Final = ("explorer.js", "parts.js", "graphology.js", "sigma.js", "network.js")


def entity(found: Mapping[str, Any]) -> str:
    """The page of an entity, from its view; what takes longer comes when it is scrolled to."""
    iri = found["iri"]
    heading = (
        f"<div class='heading'>{kind(found['kind'])}<h1>{text(cut(found['label'], 200))}</h1>"
        f"<p class='lead'>{number(found['papers'], (iri,))} {'paper' if found['papers'] == 1 else 'papers'}</p></div>"
    )
    parts = [
        _names(found),
        "<section><h2>Trend</h2>" + trend(iri, found["years"], found["incomplete"]) + "</section>",
        _neighbours(iri, found),
        _papers(iri, found["said"]),
        later("board", iri) if found["kind"] == "Dataset" and found["kinds"] else "",
        later("grid", iri, kinds=found["kinds"]) if found["kinds"] else "",
        later("statements", iri),
    ]
    return framed(found["label"], "".join(parts), heading=heading, scripts=_SCRIPTS)


def _names(found: Mapping[str, Any]) -> str:
    rows = []
    if found["aliases"]:
        names = [text(cut(name, 80)) for name in found["aliases"][:_ALIASES]]
        more = len(found["aliases"]) - _ALIASES
        rows.append(("Also called", ", ".join(names) + (f" and {more} more" if more > 0 else "")))
    for name, words in (("broader", "Part of"), ("narrower", "Parts")):
        if found[name]:
            rows.append((words, ", ".join(link(iri, cut(label, 80)) for iri, label in found[name][:_ALIASES])))
    for prop, address in found["links"][:_ALIASES]:
        rows.append((_LINKS[prop], link(address, cut(address.partition("://")[2] or address, 90))))
    rows += [("Note", text(cut(note, 300))) for note in found["notes"][:_ALIASES]]
    if not rows:
        return ""
    return "<dl class='facts'>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows) + "</dl>"


def _neighbours(iri: str, found: Mapping[str, Any]) -> str:
    beside: Sequence[Mapping[str, Any]] = found["beside"]
    head = "<section><h2>Named together with</h2>"
    if not beside:
        return f"{head}<p class='empty'>Nothing is named in the same papers.</p></section>"
    rows = []
    for each in beside:
        sure = "" if each["significant"] else " <small class='soft'>may be chance</small>"
        rows.append(
            f"<li data-iri='{escape(each['iri'])}' data-label='{escape(visible(cut(each['label'], 60)))}' "
            f"data-kind='{escape(each['kind'])}' data-papers='{each['papers']}'>"
            f"<span><a href='{href(each['iri'])}'>{text(cut(each['label'], 80))}</a> {kind(each['kind'])}{sure}</span>"
            f"<span class='n'>{number(each['shared'], (iri, each['iri']))}</span></li>"
        )
    return (
        f"{head}<p class='soft'>By association strength; the number is that of the papers that name both. "
        "First what is significant at 5% (Fisher’s exact test, Benjamini–Hochberg).</p><div class='beside'>"
        f"<div class='network' id='network' data-iri='{escape(iri)}' "
        f"data-label='{escape(visible(cut(found['label'], 60)))}' data-kind='{escape(found['kind'])}' "
        f"data-papers='{found['papers']}' hidden>"
        "<div class='canvas' id='canvas' role='img' aria-label='Network of what is named together; the same as a list "
        "stands beside it'></div>"
        "<p class='status' id='status' role='status'></p></div>"
        f"<ol class='neighbours' id='neighbours'>{''.join(rows)}</ol></div></section>"
    )


def _papers(iri: str, said: Mapping[str, Any] | None) -> str:
    head = "<section><h2>Papers</h2>"
    if said is None or not said["papers"]:
        return f"{head}<p class='empty'>No paper says anything of it that is sure enough.</p></section>"
    return f"{head}{listed(said['papers'])}{pager([iri], said['total'], said['offset'], said['limit'])}</section>"
