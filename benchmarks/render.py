"""Time to the first picture and frames per second while panning: pyvis and sigma.js side by side, headless Chromium.

    python benchmarks/render.py papers.kg --sizes 500,5000,20000 [--output FILE]

WebGL is drawn in software: a graphics card makes it faster. "First picture" is the first frame behind the load event,
from the begin of navigation, and "complete" the first frame with all lines, and a search that answers. Panning drags
with the mouse for four seconds, a step each 16 ms, while the page counts its frames; the longest wait between two of
them is told too, and what all processes of the browser work for a frame, which other work on the machine disturbs
little. Each page has a browser of its own, and `--patience` seconds; "-" is one that was not ready by then. Beyond 500
entities, where `kg render` leaves it, pyvis gets the places of ours and is not charged for them: it would take hours
to find its own. It has no panel and search there. Writes a Markdown table; the graph of 150,000 papers takes some five
minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pyvis.network import Network
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from kg.render import html, network, overview, overview_html
from kg.store import open_graph

if TYPE_CHECKING:
    from kg.render import Overview
    from kg.store import Graph

FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader")
PATIENCE = 60
COUNT = """
window.frames_ = [];
const tick = (now) => { window.frames_.push(now); requestAnimationFrame(tick); };
requestAnimationFrame(tick);"""
PICTURE = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));"""
#: A page of pyvis is complete with its first picture.
COMPLETE = """
const done = arguments[0];
const wait = () => {
  if (document.documentElement.dataset.ready || !document.getElementById("told")) {
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  } else setTimeout(wait, 20);
};
wait();"""
#: The largest picture that `kg render` has pyvis draw.
SMALL = 500
#: Milliseconds between two steps of a drag, there and back again and again, and seconds that it takes.
STEP, SECONDS = 16, 4
HEAD = (
    "| entities | engine | made in, s | file, MB | first picture, s | complete, s | frames/s panning "
    "| longest frame, ms | CPU for a frame, ms |"
)


def page(graph: Graph, engine: str, size: int) -> str:
    if engine == "pyvis" and size <= SMALL:
        return html(network(graph, top=size))
    drawn = laid_out(graph, size)
    return overview_html(graph, drawn) if engine == "sigma" else bare(drawn)


@cache
def laid_out(graph: Graph, size: int) -> Overview:
    return overview(graph, top=size)


def bare(drawn: Overview) -> str:
    """What pyvis makes of the nodes, lines and places of a large picture, without our panel and search."""
    picture = Network(cdn_resources="in_line", height="800px")
    for at, (place, (x, y)) in enumerate(zip(drawn.entities.tolist(), drawn.places.tolist(), strict=True)):
        picture.add_node(at, drawn.matrices.labels[place], x=x, y=y, size=float(drawn.radii[at]))
    # pyvis compares each line with all before it, which takes minutes for as many
    picture.edges = [{"from": a, "to": b} for a, b in zip(drawn.ties.a.tolist(), drawn.ties.b.tolist(), strict=True)]
    picture.set_options('{"physics": {"enabled": false}, "edges": {"smooth": false}}')
    return re.sub(r"<link[^>]*>|<script[^>]* src=[^>]*></script>", "", picture.generate_html())


def measured(path: Path, canvas: str, patience: float) -> tuple[float, float, float, float, float]:
    """Seconds to the first picture and to all of it; then frames a second, and the longest and the CPU ms of one."""
    options = ChromeOptions()
    for flag in (*FLAGS, "--enable-unsafe-swiftshader", "--window-size=1280,800"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    service = ChromeService(shutil.which("chromedriver"))
    chrome = Chrome(options=options, service=service)
    try:
        chrome.set_page_load_timeout(patience)
        chrome.set_script_timeout(patience)
        chrome.get(path.as_uri())
        first, whole = (float(chrome.execute_async_script(script)) / 1000 for script in (PICTURE, COMPLETE))
        time.sleep(2)  # what the page does once it has time
        box = chrome.execute_script(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]",
            canvas,
        )
        chrome.execute_script(COUNT)
        mouse(chrome, "mousePressed", *box)
        begun, sent, worked = time.monotonic(), 0, cpu(service.process.pid)
        while time.monotonic() < begun + SECONDS:
            part = sent % 50
            shift = 4 * (part if part < 25 else 50 - part)
            mouse(chrome, "mouseMoved", box[0] + shift, box[1] + shift / 2)
            sent += 1
            time.sleep(max(0.0, begun + sent * STEP / 1000 - time.monotonic()))
        frames = chrome.execute_script("return window.frames_")
        worked = cpu(service.process.pid) - worked
        mouse(chrome, "mouseReleased", *box)
    finally:
        chrome.quit()
    waits = [after - before for before, after in pairwise(frames)]
    return first, whole, 1000 * len(waits) / sum(waits), max(waits), 1000 * worked / len(waits)


def cpu(process: int) -> float:
    """Seconds of a processor that a process and those that it started have had."""
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            facts = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(facts[1])
            spent[int(path.parent.name)] = sum(map(int, facts[11:15])) / os.sysconf("SC_CLK_TCK")
    ours = {process}
    while more := {each for each, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(each, 0.0) for each in ours)


def mouse(chrome: Chrome, kind: str, x: float, y: float) -> None:
    event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": int(kind != "mouseMoved")}
    chrome.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def row(graph: Graph, engine: str, size: int, folder: Path, patience: float) -> str:
    start = time.perf_counter()
    text = page(graph, engine, size)
    made = time.perf_counter() - start
    path = folder / f"{engine}-{size}.html"
    path.write_text(text, "utf-8")
    canvas = {"pyvis": "#mynetwork", "sigma": "#network"}[engine]
    try:
        found = "{:.1f} | {:.1f} | {:.0f} | {:.0f} | {:.0f}".format(*measured(path, canvas, patience))
    except WebDriverException:
        found = "- | - | - | - | -"
    return f"| {size} | {engine} | {made:.1f} | {len(text.encode()) / 1e6:.1f} | {found} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("graph")
    options.add_argument("--sizes", default="500,5000,20000")
    options.add_argument("--patience", type=float, default=PATIENCE, help="seconds for a page until it is given up")
    options.add_argument("--output", type=Path, help="a file for the table")
    given = options.parse_args()
    graph = open_graph(given.graph)
    table = [HEAD, "|---:|---|---:|---:|---:|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, given.sizes.split(",")):
            for engine in ("sigma", "pyvis"):
                table.append(row(graph, engine, size, Path(folder), given.patience))
                print(table[-1], file=sys.stderr, flush=True)
    text = "\n".join(table) + "\n"
    print(text, end="")
    if given.output:
        given.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
