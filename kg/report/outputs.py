"""The forms that reports are written in, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.report import delimited, formats, networks
from kg.report.html import html, sheet_page
from kg.report.sheets import SHEET_FORMATS as _TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.report.model import Report
    from kg.report.sheets import Sheet

__all__ = ["FORMATS", "SHEET_FORMATS"]

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "csv": delimited.csv,
    "gexf": networks.gexf,
    "html": html,
    "json": formats.json,
    "latex": formats.latex,
    "markdown": formats.markdown,
    "text": formats.text,
    "tsv": delimited.tsv,
    "vosviewer": networks.vosviewer,
}
SHEET_FORMATS: Final[Mapping[str, Callable[[Sheet], str]]] = {**_TEXTS, "html": sheet_page}
