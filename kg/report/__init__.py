"""Reports: what the graph says, counted, with the papers behind every number."""

from kg.report.cooccurrence import cooccurrence
from kg.report.formats import FORMATS, footer, table
from kg.report.model import CORRECTIONS, MEASURES, NOTE, Meta, Pair, Report
from kg.report.rows import PaperRef

__all__ = [
    "CORRECTIONS",
    "FORMATS",
    "MEASURES",
    "NOTE",
    "Meta",
    "Pair",
    "PaperRef",
    "Report",
    "cooccurrence",
    "footer",
    "table",
]
