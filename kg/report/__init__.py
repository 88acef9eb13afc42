"""Reports: what the graph says, counted, with the papers behind every number."""

from kg.report.cooccurrence import NOTE, Meta, Pair, Report, cooccurrence
from kg.report.formats import FORMATS, footer, table
from kg.report.rows import PaperRef

__all__ = ["FORMATS", "NOTE", "Meta", "Pair", "PaperRef", "Report", "cooccurrence", "footer", "table"]
