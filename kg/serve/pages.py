"""Plain pages, for who follows a link with a browser. All text of papers is escaped, and isolated in its direction."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from kg.serve.markup import framed, link, short, text
from kg.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["about", "ontology", "statements"]

_TITLES: Final = ("skos:prefLabel", "dcterms:title", "rdfs:label", "foaf:name", "kg:text")


def ontology(terms: Sequence[Mapping[str, str]]) -> str:
    """The terms: each has `term`, `label` and `comment`."""
    rows = [
        f"<dt id='{escape(each['term'].rpartition('#')[2])}'>{escape(short(each['term']))}</dt>"
        f"<dd>{text(each['comment'])}</dd>"
        for each in terms
    ]
    return framed("Terms of the graph", f"<dl>{''.join(rows)}</dl>")


def about(iri: str, rows: Sequence[Mapping[str, Any]], *, most: int, more: bool) -> str:
    """What the graph says of an IRI.

    The rows are SPARQL's JSON, with way (1 says, 2 is said), predicate, other, length
    (characters of `other` before it was cut) and label.
    """
    return framed(_titled(iri, rows), statements(iri, rows, most=most, more=more))


def statements(iri: str, rows: Sequence[Mapping[str, Any]], *, most: int, more: bool) -> str:
    """The list of these rows, for a page."""
    says = [row for row in rows if row["way"]["value"] == "1"]
    said = [row for row in rows if row["way"]["value"] == "2"]
    body = f"<p class='iri'>{text(iri)}</p>{_list(says)}"
    if said:
        body += f"<h2>What refers to it</h2>{_list(said)}"
    if more:
        body += (
            f"<p>These are {most} of the statements that refer to it: ask <a href='/sparql'>/sparql</a> for all.</p>"
        )
    return body


def _titled(iri: str, says: Sequence[Mapping[str, Any]]) -> str:
    named = {
        short(row["predicate"]["value"]): row["other"]["value"] for row in reversed(says) if row["way"]["value"] == "1"
    }
    return next((named[each] for each in _TITLES if each in named), "") or iri.removeprefix(BASE)


def _list(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for predicate, group in groupby(rows, key=lambda row: str(row["predicate"]["value"])):
        parts.append(f"<dt>{link(predicate, short(predicate))}</dt>")
        parts += [f"<dd>{_value(row)}</dd>" for row in group]
    return f"<dl>{''.join(parts)}</dl>"


def _value(row: Mapping[str, Any]) -> str:
    term = row["other"]
    if term["type"] != "uri":
        return text(term["value"], int(row["length"]["value"]))
    label = row["label"]["value"] if "label" in row else short(term["value"])
    return link(term["value"], label)
