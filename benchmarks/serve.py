"""How fast `kg serve` answers: requests a second and latencies at 1, 8 and 32 clients, on loopback.

    python benchmarks/serve.py GRAPH [--seconds 5] [--output FILE]

Starts a server on a free port, or asks one that runs (`--url`). Entity pages are those of the entities in most papers
and searches are begins of their names, so that this is the worst of what visitors ask, and not the best. What is asked
"anew" was never asked before; "again" are 60 pages, and 60 searches, that others have asked for. The clients share the
processors with the server; "CPU ms" is what the server alone worked for a request. The table is Markdown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from kg.queries import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUN = "from kg.cli import main\nif __name__ == '__main__':\n    main()\n"
CLIENTS = (1, 8, 32)
QUERY = "datasets-most-used"
BASE = "https://w3id.org/ml-kg/"
AGAIN = 60
#: For each number of clients.
ANEW = 120
PATIENCE = 120
ACCEPT = {"Accept": "text/html, application/json"}


def load(url: str, paths: Iterator[str], clients: int, seconds: float) -> tuple[list[float], int, float]:
    """Latencies in ms of what was answered, the number of what was not, and the seconds that it took."""
    found: list[float] = []
    failed = 0
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def visit() -> None:
        nonlocal failed
        connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        while time.monotonic() < end:
            with lock:
                path = next(paths, None)
            if path is None:
                break
            begun = time.perf_counter()
            try:
                connection.request("GET", path, headers=ACCEPT)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, HTTPException):
                connection.close()
                status = 0
            spent = 1000 * (time.perf_counter() - begun)
            with lock:
                if status == 200:
                    found.append(spent)
                else:
                    failed += 1
        connection.close()

    begun = time.monotonic()
    threads = [threading.Thread(target=visit) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found), failed, time.monotonic() - begun


def at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def entities(url: str) -> list[str]:
    """The paths of the entities in most papers, of those whose names begin with each letter."""
    found: dict[str, int] = {}
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        for letter in ascii_lowercase:
            answer = client.get("/api/search", params={"q": letter, "limit": 100}).raise_for_status().json()
            found |= {each["iri"].removeprefix(BASE): each["papers"] for each in answer["entities"]}
    return sorted(found, key=lambda path: (-found[path], path))[: AGAIN + len(CLIENTS) * ANEW]


def cpu(process: int | None) -> float:
    """Seconds of a processor that a process and those that it started have had; 0 where that cannot be told."""
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat") if process else ():
        with suppress(OSError):
            facts = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(facts[1])
            spent[int(path.parent.name)] = sum(map(int, facts[11:15])) / os.sysconf("SC_CLK_TCK")
    ours = {process}
    while more := {each for each, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(each, 0.0) for each in ours if each is not None)


def lines(url: str) -> Iterator[tuple[str, int, Iterator[str]]]:
    """What is asked, by how many clients, and the paths."""
    known = entities(url)
    pages = [f"/{path}" for path in known]
    names = [path.partition("/")[2].replace("-", " ") for path in known]
    begins = dict.fromkeys(name[:size] for size in (3, 5, 2, 4, 6, 8, 12) for name in names)
    searches = [f"/api/search?q={quote(begin)}" for begin in begins]
    part = len(searches) // (len(CLIENTS) + 1)
    for row, clients in enumerate(CLIENTS, start=1):
        first = AGAIN + (row - 1) * ANEW
        yield "entity page, anew", clients, iter(pages[first : first + ANEW])
    for path in (*pages[:AGAIN], *searches[:AGAIN]):
        httpx.get(f"{url}{path}", headers=ACCEPT, timeout=PATIENCE)
    for clients in CLIENTS:
        yield "entity page, again", clients, cycle(pages[:AGAIN])
    for row, clients in enumerate(CLIENTS, start=1):
        yield "search, anew", clients, iter(searches[row * part : (row + 1) * part])
    for clients in CLIENTS:
        yield "search, again", clients, cycle(searches[:AGAIN])
    named = NAMED[QUERY].sparql
    yield f"named query ({QUERY}), anew", 1, iter([_query(named.replace("$limit", "20"))])
    for clients in CLIENTS:
        yield f"named query ({QUERY}), again", clients, cycle([_query(named.replace("$limit", "20"))])


def _query(sparql: str) -> str:
    return f"/sparql?{urlencode({'query': sparql})}"


@contextmanager
def server(graph: Path) -> Iterator[tuple[str, int]]:
    """Start a server of a graph; gives its address and its number."""
    words = [sys.executable, "-c", RUN, "serve", str(graph), "--port", "0", "--timeout", str(PATIENCE)]
    process: subprocess.Popen[Any] = subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"}
    )
    assert process.stderr is not None
    try:
        told = ""
        for told in process.stderr:
            if told.startswith("Serving "):
                break
        else:
            sys.exit(told.strip())
        threading.Thread(target=process.stderr.read, daemon=True).start()  # the log must not fill the pipe
        yield told.split(" at ")[1].split()[0].rstrip("/"), process.pid
    finally:
        process.terminate()
        process.wait(20)


def measured(url: str, process: int | None, seconds: float) -> str:
    table = [
        "| request | clients | requests/s | p50 ms | p95 ms | p99 ms | CPU ms | refused |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for what, clients, paths in lines(url):
        before = cpu(process)
        found, failed, spent = load(url, paths, clients, seconds)
        worked = 1000 * (cpu(process) - before) / max(1, len(found))
        shown = " | ".join(f"{at(found, share):.0f}" for share in (0.5, 0.95, 0.99))
        table.append(f"| {what} | {clients} | {len(found) / spent:.1f} | {shown} | {worked:.0f} | {failed} |")
        print(table[-1], file=sys.stderr, flush=True)
    return "\n".join(table) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("graph", type=Path, nargs="?")
    parser.add_argument("--url", help="of a server that runs")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each line of the table")
    parser.add_argument("--output", type=Path, help="a file for the table")
    given = parser.parse_args()
    if (given.graph is None) == (given.url is None):
        parser.error("name a graph, or the --url of a server that runs")
    if given.url:
        text = measured(given.url.rstrip("/"), None, given.seconds)
    else:
        with server(given.graph) as (url, process):
            text = measured(url, process, given.seconds)
    print(text, end="")
    if given.output:
        given.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
