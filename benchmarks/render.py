"""Time to the first picture and frames per second while panning: pyvis and sigma.js side by side, headless Chromium.

    python benchmarks/render.py papers.kg --sizes 500,5000,20000 [--output FILE]

WebGL is drawn in software: a graphics card makes it faster. The first picture is the first frame behind the load event,
from the begin of navigation. Panning drags with the mouse for four seconds, a step each 16 ms, while the page counts
its frames; the longest wait between two of them is told too. Each page has a browser of its own, and two minutes; "-"
is one that was not ready by then. Beyond 500 entities, where `kg render` leaves it, pyvis gets the places of ours, for
it would take hours to find its own. Writes a Markdown table.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pyvis.network import Network
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from kg.render import html, network, overview, overview_html
from kg.store import open_graph

if TYPE_CHECKING:
    from kg.store import Graph

FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader")
PATIENCE = 120
COUNT = """
window.frames_ = [];
const tick = (now) => { window.frames_.push(now); requestAnimationFrame(tick); };
requestAnimationFrame(tick);"""
PICTURE = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));"""
#: The largest picture that `kg render` has pyvis draw.
SMALL = 500
#: Milliseconds between two steps of a drag, there and back again and again, and seconds that it takes.
STEP, SECONDS = 16, 4
HEAD = "| entities | engine | made in, s | file, MB | first picture, s | frames/s panning | longest frame, ms |"


def page(graph: Graph, engine: str, size: int) -> str:
    if engine == "sigma":
        return overview_html(graph, overview(graph, top=size))
    return html(network(graph, top=size)) if size <= SMALL else bare(graph, size)


def bare(graph: Graph, size: int) -> str:
    """What pyvis makes of the nodes, lines and places of a large picture, without our panel and search."""
    drawn = overview(graph, top=size)
    picture = Network(cdn_resources="in_line", height="800px")
    for at, (place, (x, y)) in enumerate(zip(drawn.entities.tolist(), drawn.places.tolist(), strict=True)):
        picture.add_node(at, drawn.matrices.labels[place], x=x, y=y, size=float(drawn.radii[at]))
    for a, b in zip(drawn.ties.a.tolist(), drawn.ties.b.tolist(), strict=True):
        picture.add_edge(a, b)
    picture.set_options('{"physics": {"enabled": false}, "edges": {"smooth": false}}')
    return re.sub(r"<link[^>]*>|<script[^>]* src=[^>]*></script>", "", picture.generate_html())


def measured(path: Path, canvas: str) -> tuple[float, float, float]:
    """Seconds to the first picture, and frames a second and the longest wait for one while panning."""
    options = ChromeOptions()
    for flag in (*FLAGS, "--enable-unsafe-swiftshader", "--window-size=1280,800"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    chrome = Chrome(options=options, service=ChromeService(shutil.which("chromedriver")))
    try:
        chrome.set_page_load_timeout(PATIENCE)
        chrome.set_script_timeout(PATIENCE)
        chrome.get(path.as_uri())
        first = float(chrome.execute_async_script(PICTURE)) / 1000
        box = chrome.execute_script(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]",
            canvas,
        )
        chrome.execute_script(COUNT)
        mouse(chrome, "mousePressed", *box)
        begun, sent = time.monotonic(), 0
        while time.monotonic() < begun + SECONDS:
            part = sent % 50
            shift = 4 * (part if part < 25 else 50 - part)
            mouse(chrome, "mouseMoved", box[0] + shift, box[1] + shift / 2)
            sent += 1
            time.sleep(max(0.0, begun + sent * STEP / 1000 - time.monotonic()))
        frames = chrome.execute_script("return window.frames_")
        mouse(chrome, "mouseReleased", *box)
    finally:
        chrome.quit()
    waits = [after - before for before, after in pairwise(frames)]
    return first, 1000 * len(waits) / sum(waits), max(waits)


def mouse(chrome: Chrome, kind: str, x: float, y: float) -> None:
    event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": int(kind != "mouseMoved")}
    chrome.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def row(graph: Graph, engine: str, size: int, folder: Path) -> str:
    start = time.perf_counter()
    text = page(graph, engine, size)
    made = time.perf_counter() - start
    path = folder / f"{engine}-{size}.html"
    path.write_text(text, "utf-8")
    canvas = {"pyvis": "#mynetwork", "sigma": "#network"}[engine]
    try:
        found = "{:.2f} | {:.0f} | {:.0f}".format(*measured(path, canvas))
    except WebDriverException:
        found = "- | - | -"
    return f"| {size} | {engine} | {made:.1f} | {len(text.encode()) / 1e6:.1f} | {found} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("graph")
    options.add_argument("--sizes", default="500,5000,20000")
    options.add_argument("--output", type=Path, help="a file for the table")
    given = options.parse_args()
    graph = open_graph(given.graph)
    table = [HEAD, "|---:|---|---:|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, given.sizes.split(",")):
            for engine in ("pyvis", "sigma"):
                table.append(row(graph, engine, size, Path(folder)))
                print(table[-1], file=sys.stderr, flush=True)
    text = "\n".join(table) + "\n"
    print(text, end="")
    if given.output:
        given.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
