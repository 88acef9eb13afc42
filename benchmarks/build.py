"""What a build costs: papers a second, peak memory, triples, size on disk, by the number of papers and processes.

    python benchmarks/build.py papers.jsonl --sizes 1000 10000 50000 all --jobs 1 2 --out build

Each build is a process of its own, into a new directory that is deleted afterwards. Beside the first build of the
papers, two more are timed: the same file again, and 1,000 papers more (where the file has them). Writes OUT.csv, a
table on standard output, and OUT.svg, a plot of the time by papers. Memory is that of the largest process. What stands
in OUT.csv is not measured again, so that a run of hours can be stopped and continued; delete it to begin anew.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

KG: Final = [sys.executable, "-c", "from kg.cli import main; main()", "--quiet"]
COLUMNS: Final = (
    "papers",
    "jobs",
    "seconds",
    "papers/s",
    "cpu seconds",
    "GB",
    "triples",
    "MB on disk",
    "again",
    "more",
)
MORE: Final = 1000
STATS: Final = "from kg.store import open_graph; import sys; print(sum(1 for _ in open_graph(sys.argv[1])._store))"
WIDTH, HEIGHT, EDGE = 640, 400, 50


def build(source: Path, graph: Path, jobs: int) -> tuple[float, float, float]:
    """Seconds, seconds of processors, and the gigabytes of the largest process."""
    start = time.monotonic()
    process = subprocess.Popen([*KG, "build", str(source), "--graph", str(graph), "--jobs", str(jobs)])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the build of {source} failed")
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e9


def measure(source: Path, size: int, jobs: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first, more = folder / "first.jsonl", folder / "more.jsonl"
        with source.open(encoding="utf-8") as lines:
            count = write(first, lines, size)
            further = write(more, lines, MORE)
        graph = folder / "graph"
        seconds, processors, memory = build(first, graph, jobs)
        row = {
            "papers": count,
            "jobs": jobs,
            "seconds": round(seconds, 1),
            "papers/s": round(count / seconds, 1),
            "cpu seconds": round(processors, 1),
            "GB": round(memory, 2),
            "triples": int(subprocess.check_output([sys.executable, "-c", STATS, str(graph)])),
            "MB on disk": round(sum(path.stat().st_size for path in graph.rglob("*") if path.is_file()) / 1e6, 1),
            "again": round(build(first, graph, jobs)[0], 1),
            "more": round(build(more, graph, jobs)[0], 1) if further == MORE else "",
        }
        shutil.rmtree(graph)
        return row


def write(path: Path, lines: Any, size: int) -> int:
    found = list(islice(lines, size))
    path.write_text("".join(found), "utf-8")
    return len(found)


def table(rows: Sequence[dict[str, Any]]) -> str:
    cells = [list(COLUMNS), *([f"{row[name]}" for name in COLUMNS] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)


def plot(rows: Sequence[dict[str, Any]]) -> str:
    """Minutes by thousands of papers, a line for each number of processes."""
    papers, seconds = max(row["papers"] for row in rows), max(row["seconds"] for row in rows)
    drawn = []
    for number, jobs in enumerate(sorted({row["jobs"] for row in rows})):
        points = sorted((row["papers"], row["seconds"]) for row in rows if row["jobs"] == jobs)
        places = [
            (EDGE + x / papers * (WIDTH - 2 * EDGE), HEIGHT - EDGE - y / seconds * (HEIGHT - 2 * EDGE))
            for x, y in [(0, 0), *points]
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        shade = ("#1b6ca8", "#c8553d", "#5b8c5a", "#7a5195")[number % 4]
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{shade}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{shade}"/>' for x, y in places[1:]]
        drawn.append(f'<text x="{EDGE + 16}" y="{EDGE + 20 + 16 * number}" fill="{shade}">--jobs {jobs}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>'
        f'<path d="M{EDGE} {EDGE}V{HEIGHT - EDGE}H{WIDTH - EDGE}" fill="none" stroke="black"/>{"".join(drawn)}'
        f'<text x="{WIDTH - EDGE}" y="{HEIGHT - EDGE + 20}" text-anchor="end">{papers:,} papers</text>'
        f'<text x="{EDGE}" y="{EDGE - 10}">{seconds / 60:,.1f} minutes</text></svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="papers as JSON Lines, unpacked")
    parser.add_argument("--sizes", nargs="+", default=["1000", "10000"], help="numbers of papers, or all")
    parser.add_argument("--jobs", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--out", type=Path, default=Path("build"), help="where the table and the plot go")
    given = parser.parse_args()
    with given.source.open("rb") as lines:
        count = sum(1 for _ in lines)
    rows = measured(given.out.with_suffix(".csv"))
    for size in given.sizes:
        papers = count if size == "all" else min(int(size), count)
        for jobs in given.jobs:
            if (papers, jobs) not in {(row["papers"], row["jobs"]) for row in rows}:
                rows.append(measure(given.source, papers, jobs))
                print(table(rows[-1:]), file=sys.stderr, flush=True)
                keep(given.out, rows)
    print(table(rows))


def measured(path: Path) -> list[dict[str, Any]]:
    """What an earlier run has measured."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: number(value) for name, value in row.items()} for row in csv.DictReader(file)]


def number(value: str) -> float | str:
    return float(value) if "." in value else int(value) if value else ""


def keep(out: Path, rows: Sequence[dict[str, Any]]) -> None:
    with out.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    out.with_suffix(".svg").write_text(plot(rows), "utf-8")


if __name__ == "__main__":
    main()
