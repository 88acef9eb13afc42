"""Reports as pictures: heat maps and lines over years, by matplotlib (the extra `pictures`)."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any, Final

from kg.errors import QueryError
from kg.extras import install
from kg.report.formats import sentences, visible
from kg.report.heat import heat, significant
from kg.report.sheets import span

if TYPE_CHECKING:
    from kg.report.model import Report
    from kg.report.sheets import Sheet

__all__ = ["PICTURES", "draw_heat", "draw_lines"]

PICTURES: Final = ("png", "svg", "pdf")
_LONGEST: Final = 36
# Paul Tol's bright scheme: told apart by the colour-blind, and each line has its own dashes as well.
_COLOURS: Final = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb")
_DASHES: Final = ("-", "--", "-.", ":")
_STYLE: Final = {"svg.hashsalt": "kg", "font.size": 9, "svg.fonttype": "path", "text.parse_math": False}


def draw_heat(report: Report, form: str) -> bytes:
    """Draw the clustered heat map of a report: darker is more papers, a dot is a significant pair.

    Raises QueryError if matplotlib is not installed.
    """
    plt, drawn = _pyplot(), heat(report)
    rows, columns = len(drawn.rows), len(drawn.columns)
    with plt.rc_context(_STYLE):
        figure, axes = plt.subplots(
            figsize=(3.5 + 0.27 * max(columns, 4), 2.2 + 0.25 * max(rows, 3)), layout="constrained"
        )
        counts = [[report.pairs[at].count if at >= 0 else float("nan") for at in row] for row in drawn.cells]
        if rows and columns:
            most = max(count for row in counts for count in row if count == count)  # noqa: PLR0124 - NaN is not itself
            norm = plt.matplotlib.colors.LogNorm(vmin=1, vmax=max(most, 2))
            shown = axes.imshow(counts, cmap="cividis_r", norm=norm, aspect="auto")
            bar = figure.colorbar(shown, ax=axes, label="papers that name both", fraction=0.04, pad=0.02)
            steps = [step * 10**power for power in range(6) for step in (1, 2, 5) if step * 10**power <= most]
            bar.set_ticks(steps, labels=[str(step) for step in steps])
            bar.ax.minorticks_off()
            marks = [
                (j, i)
                for i, row in enumerate(drawn.cells)
                for j, at in enumerate(row)
                if at >= 0 and significant(report.pairs[at])
            ]
            if marks:
                axes.scatter(*zip(*marks, strict=True), s=14, c="white", edgecolors="black", linewidths=0.7)
        axes.set_xticks(range(columns), [_short(label) for label in drawn.columns], rotation=60, ha="right")
        axes.set_yticks(range(rows), [_short(label) for label in drawn.rows])
        axes.set_title(f"{report.rows} × {report.columns}", loc="left")
        _below(figure, " ".join(sentences(report)))
        return _saved(plt, figure, form)


def draw_lines(sheet: Sheet, form: str) -> bytes:
    """Draw the lines of a report over years, with their bands; the incomplete year is hollow.

    Raises QueryError if the report has no lines, or matplotlib is not installed.
    """
    if not sheet.lines:
        raise QueryError("there is no picture of this report: ask for a table, CSV, JSON or HTML")
    plt = _pyplot()
    with plt.rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
        first, top = span(sheet.lines[: len(_COLOURS)])
        for number, whole in enumerate(sheet.lines[: len(_COLOURS)]):
            line = whole.since(first)
            colour, dash = _COLOURS[number], _DASHES[number % len(_DASHES)]
            axes.plot(line.years, line.values, dash, color=colour, label=_short(line.label), marker="o", markersize=3)
            if line.low and line.high:
                sure = sum(not sheet.partial or year < sheet.partial for year in line.years)
                bands = (line.years[:sure], line.low[:sure], line.high[:sure])
                axes.fill_between(*bands, color=colour, alpha=0.15, linewidth=0)
            for year, value in zip(line.years, line.values, strict=True):
                if sheet.partial and year >= sheet.partial:
                    axes.plot([year], [value], "o", markersize=6, markerfacecolor="white", color=colour)
        axes.set_ylabel(sheet.unit)
        axes.set_ylim(0, top)
        axes.xaxis.set_major_locator(plt.matplotlib.ticker.MaxNLocator(integer=True))
        axes.set_title(_short(sheet.title, 3 * _LONGEST), loc="left")
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        _below(figure, sheet.footer)
        return _saved(plt, figure, form)


def _pyplot() -> Any:
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise QueryError(f"pictures need matplotlib: {install('pictures')}") from error
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - as above

    return plt


def _short(label: str, longest: int = _LONGEST) -> str:
    line = visible(label)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _below(figure: Any, words: str) -> None:
    wide = max(int(figure.get_size_inches()[0] * 20), 40)
    figure.supxlabel(textwrap.fill(visible(words), wide), fontsize=6.5, color="#555555", x=0.01, ha="left")


def _saved(plt: Any, figure: Any, form: str) -> bytes:
    out = io.BytesIO()
    dateless = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form)
    figure.savefig(out, format=form, dpi=160, bbox_inches="tight", metadata=dateless)
    plt.close(figure)
    return out.getvalue()
