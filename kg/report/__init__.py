"""Reports: what the graph says, counted, with the papers behind every number.

Each is a function of a graph, or of the name of one, that gives a typed result: `cooccurrence` a `Report` of pairs, the
others a `Sheet`. `.to_pandas()` and `.to_polars()` give data frames, and a notebook shows a report as its heat map.
"""

from kg.report.compare import compare
from kg.report.cooccurrence import cooccurrence
from kg.report.coverage import coverage
from kg.report.formats import footer, table
from kg.report.leaderboard import leaderboard
from kg.report.model import CORRECTIONS, MEASURES, NOTE, Extraction, Meta, Pair, Report
from kg.report.novelty import novelty
from kg.report.outputs import FORMATS, SHEET_FORMATS
from kg.report.pictures import PICTURES, draw_heat, draw_lines
from kg.report.rows import PaperRef
from kg.report.sheets import Sheet, as_strings
from kg.report.trends import trends

__all__ = [
    "CORRECTIONS",
    "FORMATS",
    "MEASURES",
    "NOTE",
    "PICTURES",
    "SHEET_FORMATS",
    "Extraction",
    "Meta",
    "Pair",
    "PaperRef",
    "Report",
    "Sheet",
    "as_strings",
    "compare",
    "cooccurrence",
    "coverage",
    "draw_heat",
    "draw_lines",
    "footer",
    "leaderboard",
    "novelty",
    "table",
    "trends",
]
