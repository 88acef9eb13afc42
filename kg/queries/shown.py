"""Answers as a notebook shows them: small pieces of HTML in which every text is only text."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.queries.cards import Card, Reported, Said
    from kg.queries.search import Hits

__all__ = ["card_html", "cell", "hits_html", "table"]

_LONGEST: Final = 300
_SHOWN: Final = 10
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def cell(value: object) -> str:
    r"""Write a value so that it can do nothing: on one line, of sane length; an address of the web becomes a link.

    >>> cell("<b>\x1b"), cell(None), cell(93.73)
    ('&lt;b&gt;\ufffd', '', '93.73')
    """
    if value is None:
        return ""
    words = _line(str(value))
    return link(words, str(value)) if isinstance(value, str) else escape(words)


def link(words: str, address: str | None) -> str:
    """Write words as a link, if the address is one of the web."""
    shown = escape(_line(words))
    if address is None or len(address) > _LONGEST or not _is_web(address):
        return shown
    return f'<a href="{escape(address)}" rel="noopener noreferrer" target="_blank">{shown}</a>'


def table(header: Sequence[str], rows: Iterable[Sequence[object]], more: int = 0) -> str:
    """Write a table of values; `more` is how many rows are not shown."""
    return _table(header, ([cell(value) for value in row] for row in rows), more)


def card_html(card: Card) -> str:
    """Write what an entity is, what papers say of it, newest first, their numbers, and what is named beside it."""
    return f"<div>{''.join(_card(card))}</div>"


def hits_html(hits: Hits) -> str:
    """Write the entities and the papers that were found."""
    entities = [
        [link(each.label, each.iri), cell(each.kind), cell(each.papers), cell(each.name)] for each in hits.entities
    ]
    papers = [[link(each.title, each.iri), cell(each.year)] for each in hits.papers]
    parts = [
        _table(("entity", "kind", "papers", "found as"), entities) if entities else "",
        _table(("paper", "year"), papers) if papers else "",
    ]
    return f"<div>{''.join(parts) or 'Nothing was found.'}</div>"


def _card(card: Card) -> Iterator[str]:
    yield f"<h4>{link(card.label, card.iri)} <small>{escape(card.kind)}</small></h4>"
    links = ", ".join(f"{cell(what)} {link(address, address)}" for what, address in card.links)
    facts = (
        ("also", ", ".join(map(cell, card.aliases[:_SHOWN]))),
        ("broader", ", ".join(map(cell, card.broader))),
        ("narrower", ", ".join(map(cell, card.narrower[:_SHOWN]))),
        ("links", links),
        ("papers by year", ", ".join(f"{year}: {papers}" for year, papers in card.years)),
    )
    yield "".join(f"<div>{name}: {value}</div>" for name, value in facts if value)
    said = [_said(each) for each in card.papers[:_SHOWN]]
    if said:
        yield _table(("a paper ...", "title", "year", "where it says so"), said, len(card.papers) - len(said))
    numbers = [_number(each) for each in card.results[:_SHOWN]]
    if numbers:
        header = ("metric", "value", "dataset", "method", "condition", "paper")
        yield _table(header, numbers, len(card.results) - len(numbers))
    if card.neighbours:
        names = ", ".join(f"{link(each.label, each.iri)} ({each.papers})" for each in card.neighbours[:_SHOWN])
        yield f"<div>named together with: {names}</div>"


def _said(each: Said) -> list[str]:
    return [cell(each.predicate), link(each.title, each.url), cell(each.year), cell(each.quote)]


def _number(each: Reported) -> list[str]:
    upper = f" to {each.upper}" if each.upper is not None else ""
    sign = "" if each.comparator in (None, "=", "range") else f"{each.comparator} "
    value = f"{sign}{each.value}{upper} {each.unit or ''}"
    names = (each.metric, value, each.dataset, each.method, each.condition)
    return [*(escape(_line(str(name or ""))) for name in names), link(each.title, each.url)]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], more: int = 0) -> str:
    head = "".join(f"<th>{escape(_line(name))}</th>" for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in rows)
    rest = f"<div>and {more} more</div>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _line(words: str) -> str:
    """Put words on one line of sane length, with no character that cannot be seen."""
    line = " ".join(words[: 4 * _LONGEST].split())
    short = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    return "".join("\ufffd" if unicodedata.category(sign) in _HIDDEN else sign for sign in short)


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    clean = not any(sign in "<>\"'`" or sign.isspace() or not sign.isprintable() for sign in address)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and clean
