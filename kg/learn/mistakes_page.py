"""Mistakes as one HTML page that opens without a connection.

All that comes from papers is JSON that the page's own script turns into text nodes. The content security policy names
that script by its digest and allows no address: nothing else runs, nothing is loaded.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from kg.learn.mistakes import MEASURES, VERDICTS
from kg.model import KINDS, PREDICATES
from kg.web import safe_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.learn.mistakes import Mistake

__all__ = ["html"]


def html(found: Iterable[Mistake], *, name: str, papers: int) -> str:
    """Show mistakes in a page with filters, given the name of the annotated file and how many papers it has."""
    script = _own("mistakes.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Template(_own("mistakes.html")).substitute(
        name=escape(name).encode("utf-8", "replace").decode(),
        policy=f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:",
        data=safe_json(_data(found, papers)),
        script=script,
    )


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8").replace("\r\n", "\n")


def _data(found: Iterable[Mistake], papers: int) -> dict[str, Any]:
    titles: dict[str, int] = {}
    told = [_plain(one) | {"paper": titles.setdefault(one.paper, len(titles))} for one in found]
    choices = {"measures": MEASURES, "verdicts": VERDICTS, "kinds": KINDS, "predicates": PREDICATES[:-1]}
    return {**choices, "papers": papers, "titles": list(titles), "mistakes": told}


def _plain(one: Mistake) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "verdict": one.verdict,
        "name": one.name,
        "kinds": one.kinds,
        "predicate": one.predicate,
        "gold": one.gold,
        "ours": one.ours,
        "confidence": one.confidence,
        "quotes": [{"field": quote.field, "pieces": quote.pieces} for quote in one.quotes],
    }
