"""The page of a paper."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from kg.model import KINDS, PREDICATES
from kg.serve.markup import cut, framed, kind, link, outside, text
from kg.serve.parts import later
from kg.serve.quotes import WORDS, marked, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["paper"]

_ABSTRACT: Final = 6000
_TITLE: Final = 400
_SOURCES: Final = {"url": "Page", "pdf": "PDF", "paperswithcode": "Papers with Code", "repository": "Code"}
_TEXTS: Final = 5


def paper(found: Mapping[str, Any]) -> str:
    """The page of a paper, from its view."""
    said: Mapping[str, list[str]] = found["said"]
    title = _one(said, "title") or found["iri"]
    spans = {field: [tuple(mark) for mark in marks] for field, marks in found["marks"].items()}
    facts = [text(cut(value, most)) for name, most in (("authorNames", 400), ("year", 10), ("venue", 120))
             if (value := _one(said, name))]  # fmt: skip
    sources = [
        f"<a href='{escape(address)}' rel='noreferrer nofollow'>{name}</a>"
        for prop, name in _SOURCES.items()
        for address in said.get(prop, [])[:_TEXTS]
        if outside(address)
    ]
    heading = (
        f"<div class='heading'><span class='soft'>Paper</span><h1>{marked(title, spans.get('title', []), _TITLE)}</h1>"
        f"<p class='lead'>{' · '.join(facts)}</p><p>{' · '.join(sources)}</p></div>"
    )
    abstract = _one(said, "abstract")
    shown = (
        f"<p class='abstract'>{marked(abstract, spans.get('abstract', []), _ABSTRACT)}</p>"
        "<p class='soft'>Marked: "
        f"{' '.join(map(kind, KINDS))}</p>"
        if abstract
        else "<p class='empty'>Its source has no abstract.</p>"
    )
    parts = [
        f"<section><h2>Abstract</h2>{shown}</section>",
        _claims(found),
        _results(found["results"]),
        _others(said),
        later("statements", found["iri"]),
    ]
    return framed(title, "".join(parts), heading=heading, scripts=("explorer.js", "parts.js"))


def _claims(found: Mapping[str, Any]) -> str:
    entities = found["entities"]
    known = [each for each in found["sayings"] if each["entity"] in entities]
    if not known:
        return "<section><h2>What it says</h2><p class='empty'>Nothing was found in its text.</p></section>"
    order = {predicate: at for at, predicate in enumerate(PREDICATES)}
    known.sort(key=lambda each: (each["negated"], order.get(each["predicate"], len(order))))
    parts = []
    for (negated, predicate), group in groupby(known, key=lambda each: (each["negated"], each["predicate"])):
        words = ("not: " if negated else "") + WORDS.get(predicate, predicate)
        parts.append(f"<h3>{escape(words.capitalize())}</h3>{_group(group, entities)}")
    return f"<section><h2>What it says</h2>{''.join(parts)}</section>"


def _group(group: Iterable[Mapping[str, Any]], entities: Mapping[str, list[str]]) -> str:
    items = []
    for each in group:
        name, label = entities[each["entity"]]
        about = f"{link(each['entity'], cut(label, 100))} {kind(name)}"
        items.append(f"<li>{quoted(each, about)}</li>")
    return f"<ul class='claims'>{''.join(items)}</ul>"


def _results(results: list[Mapping[str, list[str]]]) -> str:
    if not results:
        return ""
    rows = []
    for each in results:
        cells = [
            link(*each[name]) if name in each and name != "condition" else text(cut(each.get(name, ("", ""))[0], 80))
            for name in ("metric", "method", "dataset", "condition")
        ]
        sign = each.get("comparator", ("=", ""))[0]
        upper = f" to {each['upper'][0]}" if "upper" in each else ""
        notes = [words for name, words in (("delta", "a change"), ("baseline", "a baseline")) if name in each]
        value = f"{'' if sign in {'=', 'range'} else sign + ' '}{each['value'][0]}{upper}"
        unit = each.get("unit", ("", ""))[0]
        rows.append(
            f"<tr><td>{cells[0]}</td><td class='n'>{text(cut(value + unit, 60))}</td><td>{cells[1]}</td>"
            f"<td>{cells[2]}</td><td>{cells[3]} {', '.join(notes)}</td><td>{link(each['iri'][0], 'evidence')}</td></tr>"
        )
    return (
        "<section><h2>Reported numbers</h2><div class='wide' tabindex='0' role='region' aria-label='Table of reported "
        "numbers'><table class='rows'><thead><tr><th>Metric</th><th class='n'>Value</th><th>Method</th><th>Dataset</th>"
        f"<th>Note</th><th>From</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _others(said: Mapping[str, list[str]]) -> str:
    texts = [*said.get("otherTitle", [])[:_TEXTS], *said.get("otherAbstract", [])[:_TEXTS]]
    if not texts:
        return ""
    items = "".join(f"<li>{text(each)}</li>" for each in texts)
    return f"<section><h2>Other versions of its title and abstract</h2><ul>{items}</ul></section>"


def _one(said: Mapping[str, list[str]], name: str) -> str:
    return next(iter(said.get(name, [])), "")
