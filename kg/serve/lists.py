"""The first page, the page of what a search finds, and that of papers behind a number."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from kg.model import KINDS, plural
from kg.serve.markup import cut, framed, href, kind, link, number, text, visible
from kg.serve.quotes import listed, pager

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["failed", "found", "home", "papers"]

_ENTRIES: Final = ("Dataset", *(each for each in KINDS if each != "Dataset"))


def home(view: Mapping[str, Any]) -> str:
    """What the graph holds, and where one may begin."""
    total, newest = view["papers"], view["newest"]
    span = f" from {view['first']} to {newest}" if newest else ""
    held = ", ".join(f"{view['entities'][name]:,} {plural(name).lower()}" for name in _ENTRIES)
    heading = (
        "<div class='hero'><h1>What machine-learning papers say</h1><p class='lead'>"
        f"{total:,} papers{span}; {held}. Every statement quotes the sentence that it comes from.</p></div>"
    )
    columns = []
    for name in _ENTRIES:
        rows = "".join(
            f"<li>{link(each['iri'], cut(each['label'], 60))}"
            f"<span class='n'>{number(each['papers'], (each['iri'],))}</span></li>"
            for each in view["most"][name]
        )
        columns.append(
            f"<section><h2><span class='kind {name.lower()}'>{plural(name)}</span> "
            "<small class='soft'>in most papers</small></h2>"
            + (f"<ol>{rows}</ol>" if rows else "<p class='empty'>None.</p>")
            + "</section>"
        )
    last = (
        f"<p><a href='/papers?year={newest}'>The {view['newest_papers']:,} papers of {newest}</a>, the newest year</p>"
        if newest
        else ""
    )
    return framed(
        "Literature graph",
        f"<div class='entries'>{''.join(columns)}</div><section><h2>More ways in</h2>{last}"
        "<p><a href='/sparql'>Ask with SPARQL</a>, or with one of the named queries there</p>"
        "<p><a href='/api'>The same as JSON</a> · <a href='/ontology'>The terms of the graph</a></p></section>",
        heading=heading,
        scripts=("explorer.js",),
    )


def found(view: Mapping[str, Any]) -> str:
    """What a search found."""
    asked = view["text"]
    if not asked.strip():
        body = "<p class='empty'>Type a name, such as <a href='/search?q=hotpot'>hotpot</a>, or words of a title.</p>"
        return framed("Search", body, scripts=("explorer.js",))
    entities = "".join(
        f"<li>{link(each['iri'], cut(each['label'], 120))} {kind(each['kind'])}"
        f"<span class='n'>{number(each['papers'], (each['iri'],))} papers</span></li>"
        for each in view["entities"]
    )
    titles = "".join(
        f"<li><a href='{href(each['iri'])}'>{text(cut(each['title'], 200))}</a> "
        f"<span class='soft'>{each['year'] or ''}</span></li>"
        for each in view["papers"]
    )
    parts = [f"<section><h2>Entities</h2><ol class='hits'>{entities}</ol></section>"] if entities else []
    parts += [f"<section><h2>Papers</h2><ol class='hits'>{titles}</ol></section>"] if titles else []
    if not parts:
        parts = ["<p class='empty'>Nothing is called so, and no title has all these words. Try fewer of them.</p>"]
    heading = f"<h1>Search: {text(cut(asked, 100))}</h1>"
    return framed(f"{cut(asked, 60)}: search", "".join(parts), heading=heading, asked=asked, scripts=("explorer.js",))


def papers(view: Mapping[str, Any]) -> str:
    """The papers behind a number."""
    entities = view["entities"]
    names = [f"{link(each['iri'], cut(each['label'], 100))} {kind(each['kind'])}" for each in entities]
    year = f" of {view['year']}" if view["year"] else ""
    what = f" that name {' and '.join(names)}" if names else ""
    heading = f"<h1>{view['total']:,} {'paper' if view['total'] == 1 else 'papers'}{year}{what}</h1>"
    iris = [each["iri"] for each in entities]
    turn = pager(iris, view["total"], view["offset"], view["limit"], view["year"])
    body = listed(view["papers"]) if view["papers"] else "<p class='empty'>There are none here.</p>"
    title = " and ".join(cut(each["label"], 40) for each in entities) or "Papers"
    return framed(f"{title}{year}: papers", f"{turn}{body}{turn}", heading=heading, scripts=("explorer.js",))


def failed(status: int, line: str) -> str:
    """A page that says in one line why there is nothing else."""
    return framed(
        f"{status}", f"<p class='empty'>{escape(visible(line))}</p>", heading="<h1>That did not work</h1>",
        scripts=("explorer.js",),
    )  # fmt: skip
