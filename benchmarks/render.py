"""Time to the first picture and frames per second while panning: pyvis and sigma.js side by side, headless Chromium.

    python benchmarks/render.py papers.kg --sizes 500,5000,20000

WebGL is drawn in software. The first picture is the first frame after the load event; panning drags the mouse for some
seconds while the page counts its own frames. Writes a Markdown table; "-" is a page that was not ready in two minutes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By

from kg.render import html, network, overview, overview_html
from kg.store import open_graph

if TYPE_CHECKING:
    from kg.store import Graph

FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader")
PATIENCE = 120
COUNT = """
window.frames_ = 0; window.from_ = performance.now();
const tick = () => { window.frames_ += 1; requestAnimationFrame(tick); }; requestAnimationFrame(tick);"""
PICTURE = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));"""


def page(graph: Graph, engine: str, size: int) -> str:
    if engine == "pyvis":
        return html(network(graph, top=size))
    return overview_html(graph, overview(graph, top=size))


def measured(path: Path, canvas: str) -> tuple[float, float]:
    """Seconds to the first picture, and frames a second while panning."""
    options = ChromeOptions()
    for flag in (*FLAGS, "--enable-unsafe-swiftshader", "--window-size=1280,800"):
        options.add_argument(flag)
    chrome = Chrome(options=options, service=ChromeService())
    try:
        chrome.set_page_load_timeout(PATIENCE)
        chrome.set_script_timeout(PATIENCE)
        chrome.get(path.as_uri())
        first = float(chrome.execute_async_script(PICTURE)) / 1000
        chrome.execute_script(COUNT)
        drag = ActionChains(chrome, duration=30).click_and_hold(chrome.find_element(By.CSS_SELECTOR, canvas))
        for turn in range(60):
            drag.move_by_offset(*((6, 3) if turn // 15 % 2 == 0 else (-6, -3)))
        drag.release().perform()
        rate = chrome.execute_script("return 1000 * window.frames_ / (performance.now() - window.from_)")
    finally:
        chrome.quit()
    return first, float(rate)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("graph")
    options.add_argument("--sizes", default="500,5000,20000")
    options.add_argument("--largest-pyvis", type=int, default=500)
    given = options.parse_args()
    graph = open_graph(given.graph)
    print("| entities | engine | made in, s | file, MB | first picture, s | frames/s panning |")
    print("|---|---|---|---|---|---|")
    for size in map(int, given.sizes.split(",")):
        for engine, canvas in (("pyvis", "#mynetwork"), ("sigma", "#network")):
            if engine == "pyvis" and size > given.largest_pyvis:
                continue
            start = time.perf_counter()
            text = page(graph, engine, size)
            made = time.perf_counter() - start
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "page.html")
                path.write_text(text, "utf-8")
                try:
                    found = "{:.2f} | {:.0f}".format(*measured(path, canvas))
                except WebDriverException:
                    found = "- | -"
            print(f"| {size} | {engine} | {made:.1f} | {len(text.encode()) / 1e6:.1f} | {found} |", flush=True)


if __name__ == "__main__":
    main()
