"""Plain pages, for who follows a link with a browser. All text of papers is escaped, and isolated in its direction."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from kg.vocab import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LONGEST", "STYLE", "about", "home", "ontology"]

STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#595959, #a8a8a8); }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
nav, footer, .iri { color: var(--quiet); font-size: .9rem } footer { margin-top: 3rem }
dl { margin: 0 } dt { font-weight: 600; border-top: 1px solid var(--line); padding-top: .5rem; margin-top: .5rem }
dd { margin: 0 0 0 1rem } textarea { width: 100%; font: .9rem/1.5 ui-monospace, monospace }
"""
#: Longer text is cut, in characters.
LONGEST: Final = 2000
_TITLE: Final = 200
_TITLES: Final = ("skos:prefLabel", "dcterms:title", "rdfs:label", "foaf:name", "kg:text")
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NOTE: Final = "Titles and abstracts are read, and no more: that something is not here does not mean that it is not so."


def home() -> str:
    """What is at this address."""
    return _page(
        "Knowledge graph of machine-learning papers",
        "<p>Each statement of this graph quotes the sentence that it comes from.</p>"
        "<ul><li><a href='/sparql'>/sparql</a>: a SPARQL 1.1 endpoint</li>"
        "<li><a href='/ontology'>/ontology</a>: the terms of the graph</li>"
        "<li>each IRI of the graph has a page at its path, also as Turtle, N-Triples, RDF/XML or JSON-LD</li></ul>",
    )


def ontology(terms: Sequence[Mapping[str, str]]) -> str:
    """The terms: each has `term`, `label` and `comment`."""
    rows = [
        f"<dt id='{escape(each['term'].rpartition('#')[2])}'>{escape(_short(each['term']))}</dt>"
        f"<dd>{_text(each['comment'])}</dd>"
        for each in terms
    ]
    return _page("Terms of the graph", f"<dl>{''.join(rows)}</dl>")


def about(iri: str, rows: Sequence[Mapping[str, Any]], *, most: int, more: bool) -> str:
    """What the graph says of an IRI.

    The rows are SPARQL's JSON, with way (1 says, 2 is said), predicate, other, length
    (characters of `other` before it was cut) and label.
    """
    says = [row for row in rows if row["way"]["value"] == "1"]
    said = [row for row in rows if row["way"]["value"] == "2"]
    body = f"<p class='iri'>{_text(iri)}</p>{_list(says)}"
    if said:
        body += f"<h2>What refers to it</h2>{_list(said)}"
    if more:
        body += (
            f"<p>These are {most} of the statements that refer to it: ask <a href='/sparql'>/sparql</a> for all.</p>"
        )
    return _page(_titled(iri, says), body)


def _titled(iri: str, says: Sequence[Mapping[str, Any]]) -> str:
    named = {_short(row["predicate"]["value"]): row["other"]["value"] for row in reversed(says)}
    return next((named[each] for each in _TITLES if each in named), "") or iri.removeprefix(BASE)


def _list(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for predicate, group in groupby(rows, key=lambda row: str(row["predicate"]["value"])):
        parts.append(f"<dt>{_link(predicate, _short(predicate))}</dt>")
        parts += [f"<dd>{_value(row)}</dd>" for row in group]
    return f"<dl>{''.join(parts)}</dl>"


def _value(row: Mapping[str, Any]) -> str:
    term = row["other"]
    if term["type"] != "uri":
        return _text(term["value"], int(row["length"]["value"]))
    label = row["label"]["value"] if "label" in row else _short(term["value"])
    return _link(term["value"], label)


def _link(iri: str, label: str) -> str:
    """A link to a page of ours, or to a web address; any other IRI is text."""
    rest = iri.removeprefix(BASE)
    if rest != iri and not rest.startswith("/"):
        return f"<a href='/{escape(rest.replace('?', '%3F'))}'>{_text(label)}</a>"
    try:
        on_the_web = urlsplit(iri).scheme in {"http", "https"}
    except ValueError:
        on_the_web = False
    return f"<a href='{escape(iri)}' rel='noreferrer nofollow'>{_text(label)}</a>" if on_the_web else _text(label)


def _text(text: str, length: int = 0) -> str:
    """Text of a paper: no markup, at sane length, and what would steer a reader is made visible.

    `length` is that of the whole text, if this is only its begin.
    """
    length = max(length, len(text))
    cut = f" <small>(the first {LONGEST} of {length} characters)</small>" if length > LONGEST else ""
    return f"<bdi>{escape(_visible(text[:LONGEST]))}</bdi>{cut}"


def _visible(text: str) -> str:
    return "".join(
        sign if sign.isprintable() or sign == "\n" or unicodedata.category(sign) not in _HIDDEN else _code(sign)
        for sign in text
    )


def _code(sign: str) -> str:
    return f"\\u{ord(sign):04x}"


def _short(iri: str) -> str:
    """An IRI with one of our prefixes, if one fits.

    >>> _short("https://w3id.org/ml-kg/ontology#uses")
    'kg:uses'
    """
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and re.fullmatch(r"[\w.:-]+", iri[len(space) :]):
            return f"{prefix}:{iri[len(space) :]}"
    return iri


def _page(title: str, body: str) -> str:
    plain = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(_visible(' '.join(plain.split())))}</title><link rel='stylesheet' href='/style.css'></head>"
        f"<body><nav><a href='/'>Graph</a> · <a href='/sparql'>SPARQL</a> · <a href='/ontology'>Terms</a></nav>"
        f"<main><h1>{_text(plain)}</h1>{body}</main><footer>{escape(_NOTE)}</footer></body></html>\n"
    )
