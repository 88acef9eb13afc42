"""Papers in a list, each with the sentences that it is there for and the mentions marked in them."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from kg.model import PREDICATES
from kg.serve.markup import cut, href, outside, text, visible
from kg.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["WORDS", "listed", "marked", "pager", "quoted"]

#: What a predicate is called on a page.
WORDS: Final[Mapping[str, str]] = {
    predicate: re.sub("[A-Z]", lambda found: f" {found[0].lower()}", predicate) for predicate in PREDICATES
}
_QUOTE: Final = 600


def listed(papers: Sequence[Mapping[str, Any]]) -> str:
    """A list of papers, each with what it says."""
    return f"<ol class='papers'>{''.join(_item(each) for each in papers)}</ol>"


def _item(paper: Mapping[str, Any]) -> str:
    facts = [str(paper["year"])] if paper["year"] else []
    facts += [text(cut(paper["venue"], 80))] if paper["venue"] else []
    if paper["url"] and outside(paper["url"]):
        facts.append(f"<a href='{escape(paper['url'])}' rel='noreferrer nofollow'>source</a>")
    said = "".join(quoted(each) for each in paper["says"])
    return (
        f"<li><a class='title' href='{href(paper['iri'])}'>{text(cut(paper['title'], 300))}</a>"
        f" <span class='soft'>{' · '.join(facts)}</span>{said}</li>"
    )


def quoted(saying: Mapping[str, Any], about: str = "") -> str:
    """What a paper says, and its sentence; `about` is markup of the entity, in place of the predicate."""
    facts = [about or WORDS.get(saying["predicate"], escape(saying["predicate"]))]
    if saying["negated"]:
        facts.insert(0, "<strong class='not'>not:</strong>")
    signs = []
    if saying["role"]:
        signs.append(text(f"as {cut(saying['role'], 60)}"))
    if saying["confidence"] is not None and not saying["declared"]:
        signs.append(f"confidence {saying['confidence']:.2f}")
    if saying["declared"]:
        signs.append("declared by the source")
    if not saying["asserted"] and not saying["negated"]:
        signs.append("too unsure to be a statement of the graph")
    if saying["claim"]:
        signs.append(f"<a href='{href(saying['claim'])}'>claim</a>")
    line = f"<p class='says'>{' '.join(facts)} <span class='soft'>{' · '.join(signs)}</span></p>"
    if saying["quote"] is None:
        return line
    spans = [(*saying["mention"], "", "")] if saying["mention"] else []
    return f"{line}<blockquote>{marked(saying['quote'], spans, _QUOTE)}</blockquote>"


def marked(of: str, spans: Sequence[tuple[int, int, str, str]], most: int) -> str:
    """A text with stretches marked, each (start, end, IRI, kind); only the begin of a long text is shown.

    Where the first mark of a long text lies behind that, the text is shown from shortly before it.
    """
    first = 0
    if spans and spans[0][1] > most:
        first = max(0, spans[0][0] - most // 3)
    last, at, parts = min(len(of), first + most), first, ["…"] if first else []
    for start, end, iri, kind in spans:
        if start < at or end > last:
            continue
        parts.append(escape(visible(of[at:start])))
        inside = escape(visible(of[start:end]))
        to = href(iri) if iri else None
        parts.append(
            f"<mark class='{escape(kind.lower())}'>" + (f"<a href='{to}'>{inside}</a>" if to else inside) + "</mark>"
        )
        at = end
    parts.append(escape(visible(of[at:last])))
    rest = f" <small>({most} of {len(of)} characters)</small>" if last - first < len(of) else ""
    return f"<bdi>{''.join(parts)}</bdi>{rest}"


def pager(entities: Sequence[str], total: int, offset: int, limit: int, year: int | None = None) -> str:
    """Links to the pages before and after."""
    if total <= limit and not offset:
        return ""

    def to(first: int, words: str, rel: str) -> str:
        values = [("of", iri.removeprefix(BASE)) for iri in entities]
        values += [("year", str(year))] if year else []
        query = urlencode([*values, ("offset", str(first))], quote_via=quote, safe="/:")
        return f"<a href='/papers?{escape(query)}' rel='{rel}'>{words}</a>"

    links = [to(max(0, offset - limit), "Newer", "prev")] if offset else []
    links += [to(offset + limit, "Older", "next")] if offset + limit < total else []
    shown = f"{min(offset + 1, total):,} to {min(offset + limit, total):,} of {total:,}"
    return f"<nav class='pager' aria-label='Pages'>{shown} {' '.join(links)}</nav>"
