"""HTML from text that may be hostile: escaped, isolated in its direction, cut, with what would steer a reader shown."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from kg.serve.static import address
from kg.vocab import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LONGEST", "cut", "framed", "href", "kind", "link", "number", "outside", "short", "text", "visible"]

#: Longer text is cut, in characters.
LONGEST: Final = 2000
_TITLE: Final = 200
_LABEL: Final = 120
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NOTE: Final = "Titles and abstracts are read, and no more: that something is not here does not mean that it is not so."


def text(of: str, length: int = 0) -> str:
    """Text of a paper: no markup, at sane length, and what would steer a reader is made visible.

    `length` is that of the whole text, if this is only its begin.
    """
    length = max(length, len(of))
    rest = f" <small>(the first {LONGEST} of {length} characters)</small>" if length > LONGEST else ""
    return f"<bdi>{escape(visible(of[:LONGEST]))}</bdi>{rest}"


def cut(of: str, most: int = _LABEL) -> str:
    """A label, on one line."""
    line = " ".join(of[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def visible(of: str) -> str:
    """Text in which control characters and marks of direction are written out."""
    return "".join(
        sign
        if sign.isprintable() or sign == "\n" or unicodedata.category(sign) not in _HIDDEN
        else f"\\u{ord(sign):04x}"
        for sign in of
    )


def href(iri: str) -> str | None:
    """The address of an IRI, escaped: a page of ours, or one on the web; any other IRI has none."""
    rest = iri.removeprefix(BASE)
    if rest != iri and not rest.startswith("/"):
        return f"/{escape(rest.replace('?', '%3F'))}"
    return escape(iri) if outside(iri) else None


def outside(iri: str) -> bool:
    """Whether a browser may be sent there."""
    try:
        return urlsplit(iri).scheme in {"http", "https"}
    except ValueError:
        return False


def link(iri: str, label: str) -> str:
    """A link, or text where there is nothing that a browser may be sent to."""
    to = href(iri)
    if to is None:
        return text(label)
    rel = "" if iri.startswith(BASE) else " rel='noreferrer nofollow'"
    return f"<a href='{to}'{rel}>{text(label)}</a>"


def kind(name: str) -> str:
    """The sign and the name of a kind of entity."""
    return f"<span class='kind {escape(name.lower())}'>{escape(name)}</span>"


def number(of: int, papers: Sequence[str] = (), **more: object) -> str:
    """A number, as a link to the papers that it counts: those that name all of some entities."""
    shown = f"{of:,}"
    if not papers or not of:
        return shown
    values = [f"of={quote(iri.removeprefix(BASE), safe='/:')}" for iri in papers]
    values += [f"{name}={quote(str(value))}" for name, value in more.items()]
    return f"<a href='/papers?{escape('&'.join(values))}'>{shown}</a>"


def short(iri: str) -> str:
    """An IRI with one of our prefixes, if one fits.

    >>> short("https://w3id.org/ml-kg/ontology#uses")
    'kg:uses'
    """
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and re.fullmatch(r"[\w.:-]+", iri[len(space) :]):
            return f"{prefix}:{iri[len(space) :]}"
    return iri


def framed(
    title: str,
    body: str,
    *,
    heading: str | None = None,
    asked: str = "",
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
) -> str:
    """A whole page. `heading` takes the place of the title at its top, if it is given."""
    plain = cut(title, _TITLE)
    sheets = "".join(
        f"<link rel='stylesheet' href='{address(name)}'>" for name in ("style.css", "explorer.css", *styles)
    )
    loaded = "".join(f"<script src='{address(name)}' defer></script>" for name in scripts)
    top = f"<h1>{text(plain)}</h1>" if heading is None else heading
    search = (
        "<form class='search' role='search' action='/search'><label class='unseen' for='q'>Search entities and papers"
        f"</label><input id='q' name='q' type='search' value='{escape(visible(asked), quote=True)}' maxlength='300' "
        "placeholder='Search: hotpot, graph convolution …' autocomplete='off' spellcheck='false'>"
        "<button>Search</button></form>"
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(visible(plain))}</title><link rel='icon' href='data:,'>"
        f"{sheets}{loaded}</head><body><header class='top'><a class='brand' href='/'>Literature graph</a>{search}"
        "<nav aria-label='Site'><a href='/sparql'>SPARQL</a> <a href='/api'>API</a> <a href='/ontology'>Terms</a></nav>"
        f"</header><main>{top}{body}</main><footer>{escape(_NOTE)}</footer></body></html>\n"
    )
