"""How fast `kg serve` answers: requests a second and latencies at 1, 8 and 32 clients, on loopback.

    python benchmarks/serve.py GRAPH [--seconds 5] [--output FILE]

Starts a server on a free port. Entity pages are those of the 60 entities in most papers and searches are begins of
their names, so that this is the worst of what visitors ask, and not the best. The table is Markdown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from kg.queries import NAMED

if TYPE_CHECKING:
    from collections.abc import Sequence

RUN = "from kg.cli import main\nif __name__ == '__main__':\n    main()\n"
CLIENTS = (1, 8, 32)
QUERY = "datasets-most-used"
BASE = "https://w3id.org/ml-kg/"
ENTITIES = 60


def load(url: str, paths: Sequence[str], clients: int, seconds: float) -> tuple[list[float], int, float]:
    """Latencies in ms of what was answered, the number of what was not, and the seconds that it took."""
    found: list[float] = []
    failed = 0
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def visit(number: int) -> None:
        nonlocal failed
        with httpx.Client(base_url=url, timeout=60, headers={"Accept": "text/html, application/json"}) as client:
            for path in islice(cycle(paths), number * 7 % len(paths), None):
                if time.monotonic() >= end:
                    return
                begun = time.perf_counter()
                status = client.get(path).status_code
                spent = 1000 * (time.perf_counter() - begun)
                with lock:
                    if status == 200:
                        found.append(spent)
                    else:
                        failed += 1

    begun = time.monotonic()
    threads = [threading.Thread(target=visit, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found), failed, time.monotonic() - begun


def at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def asked(url: str) -> dict[str, list[str]]:
    """The paths of each kind of request."""
    query = (
        "SELECT ?e (COUNT(?p) AS ?n) { ?p kg:uses|kg:evaluatesOn|kg:addresses ?e } "
        f"GROUP BY ?e ORDER BY DESC(?n) LIMIT {ENTITIES}"
    )
    answer = httpx.get(f"{url}/sparql", params={"query": query}, headers={"Accept": "text/csv"}, timeout=120)
    answer.raise_for_status()
    pages = [line.removeprefix(BASE).rpartition(",")[0] for line in answer.text.splitlines()[1:]]
    names = [page.partition("/")[2].replace("-", " ") for page in pages]
    named = httpx.URL("/sparql", params={"query": NAMED[QUERY].sparql.replace("$limit", "20")})
    return {
        "entity page": [f"/{page}" for page in pages],
        "search": [f"/api/search?q={name[:size]}" for name in names for size in (1, 3, 5)],
        f"named query ({QUERY})": [str(named)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each line of the table")
    parser.add_argument("--output", type=Path, help="a file for the table")
    given = parser.parse_args()
    words = [sys.executable, "-c", RUN, "serve", str(given.graph), "--port", "0"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"})
    assert process.stderr is not None
    try:
        first = process.stderr.readline()
        if not first.startswith("Serving "):
            sys.exit(first.strip())
        threading.Thread(target=process.stderr.read, daemon=True).start()  # the log must not fill the pipe
        url = first.split(" at ")[1].split()[0].rstrip("/")
        table = [
            "| request | clients | requests/s | p50 ms | p95 ms | p99 ms | refused |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        for what, paths in asked(url).items():
            for clients in CLIENTS:
                found, failed, spent = load(url, paths, clients, given.seconds)
                shown = " | ".join(f"{at(found, share):.0f}" for share in (0.5, 0.95, 0.99))
                table.append(f"| {what} | {clients} | {len(found) / spent:.1f} | {shown} | {failed} |")
        text = "\n".join(table) + "\n"
        print(text, end="")
        if given.output:
            given.output.write_text(text, "utf-8")
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
