"""The large page in a real browser: Debian's Chromium with WebGL in software, opened from the file."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from kg.render import overview, overview_html
from kg.store import open_graph
from tests.test_browser import FLAGS, GRAPH, Page, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

DRAWING = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
HOSTILE = "</script><script>window.hacked = 1</script><b>"


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = program("chromium")
    flags = [flag for flag in FLAGS if flag != "--disable-gpu"]
    for flag in (*flags, *DRAWING, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(program("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def drawn() -> str:
    graph = open_graph(GRAPH)
    return overview_html(graph, overview(graph))


@pytest.fixture
def page(chrome: Chrome, tmp_path: Path) -> Page:
    return Page(chrome, tmp_path / "page.html")


def opened(page: Page, text: str, *, width: int = 1280, scheme: str = "light") -> Page:
    page.open(text, width=width, scheme=scheme)
    page.wait(lambda: page.js("return document.documentElement.dataset.ready"))
    return page


def test_search_panel_and_link(page: Page, drawn: str) -> None:
    opened(page, drawn)
    assert page.text("#summary") == "9 entities · 5 papers · 11 lines"
    page.chrome.find_element(By.TAG_NAME, "body").send_keys("/")
    field = page.chrome.switch_to.active_element
    field.send_keys("street view", Keys.ENTER)
    assert page.text("#panel h2") == "SVHN"
    field = page.chrome.find_element(By.ID, "search")
    field.send_keys("cifar10", Keys.ARROW_DOWN, Keys.ENTER)
    assert page.text("#panel h2") == "CIFAR-10"
    assert "also CIFAR10" in page.text("#panel")
    assert "CIFAR10" in page.text("#panel mark").replace("-", "")
    assert page.js("return document.querySelectorAll('.spark rect').length") > 0
    link = page.js("return location.hash")
    assert link.startswith("#focus=https%3A%2F%2F")
    page.chrome.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert page.js("return [location.hash, kgView.state.node]") == ["", None]
    page.js("location.hash = arguments[0]", link)
    page.wait(lambda: page.js("return document.querySelector('#panel h2')?.textContent") == "CIFAR-10")
    page.js("location.hash = '#focus=mix match'")
    page.wait(lambda: page.text("#panel h2") == "MixMatch")
    assert [url for url in page.requests() if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.complaints() == []


def test_filters_communities_and_exports(page: Page, drawn: str) -> None:
    opened(page, drawn)
    visible = "return [...Array(9).keys()].filter((one) => kgView.visible(one)).length"
    assert page.js(visible) == 9
    page.js("document.querySelector('#kinds input[value=Dataset]').click()")
    assert page.js(visible) == 6
    page.js("document.querySelector('#kinds input[value=Dataset]').click()")
    page.js("const one = document.querySelector('#to'); one.value = one.min; one.dispatchEvent(new Event('input'))")
    page.wait(lambda: page.js(visible) < 9)
    page.js("const one = document.querySelector('#to'); one.value = one.max; one.dispatchEvent(new Event('input'))")
    page.wait(lambda: page.js(visible) == 9)
    choose = "let one = document.getElementById('said');one.value = arguments[0];one.dispatchEvent(new Event('change'))"
    page.js(choose, page.js("return String(kgPanel.told().predicates.indexOf('proposes'))"))
    proposed = page.js(
        "const { predicates, said } = kgPanel.told();"
        "return said.filter((one) => one[predicates.indexOf('proposes')]).length"
    )
    assert 0 < page.js(visible) == proposed < 9
    page.js(choose, "")
    assert page.js(visible) == 9
    page.js("document.querySelector('.group').click()")
    assert page.js("return kgView.state.community") == 0
    assert page.js("return document.querySelectorAll('#panel .entity').length") < 9
    page.js("document.querySelector('.group').click()")
    shapes = (
        "const made = new DOMParser().parseFromString(kgExport.svg(kgView.scene()), 'image/svg+xml');"
        "return ['circle', 'path', 'parsererror'].map((name) => made.querySelectorAll(name).length)"
    )
    page.wait(lambda: page.js(shapes) == [9, 11, 0])
    size = page.chrome.execute_async_script("kgExport.png(kgView.scene(), (blob) => arguments[0](blob.size))")
    assert size > 5000
    assert page.complaints() == []


def test_hostile_words_are_inert(page: Page) -> None:
    turtle = GRAPH.read_text("utf-8").replace('"CIFAR-10"', '"' + HOSTILE + '"')
    source = page.path.with_suffix(".ttl")
    source.write_text(turtle, "utf-8")
    graph = open_graph(source)
    opened(page, overview_html(graph, overview(graph)))
    number = page.js("return kgPanel.data.labels.findIndex((one) => one.includes('hacked'))")
    page.js("kgView.act.choose(arguments[0])", number)
    assert page.text("#panel h2") == HOSTILE
    assert page.js("return [window.hacked === undefined, document.querySelectorAll('#panel b').length]") == [True, 0]
    assert "<script" not in page.js("return kgExport.svg(kgView.scene())")
    assert page.complaints() == []


def test_names_are_written_and_cover_none(page: Page, drawn: str) -> None:
    opened(page, drawn)
    page.wait(lambda: page.js("return kgLabels.names().length"))
    written = page.js("return kgLabels.names().map(({ text, x, right, y, size }) => [text, x, right, y, size])")
    labels = page.js("return kgPanel.data.labels")
    assert len(written) > 4
    assert {text for text, *_ in written} <= set(labels)
    for (_, left, right, y, size), (_, other_left, other_right, other_y, other_size) in combinations(written, 2):
        assert right < other_left or other_right < left or abs(y - other_y) >= (size + other_size) / 2


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_it_fits(page: Page, drawn: str, width: int, scheme: str) -> None:
    opened(page, drawn, width=width, scheme=scheme)
    assert page.js("return [document.documentElement.scrollWidth, document.body.scrollHeight]") == [width, 800]


def test_a_picture_that_is_slow_to_draw_slides_while_it_moves(page: Page, drawn: str) -> None:
    opened(page, drawn)
    page.wait(lambda: page.js("return Number.isFinite(kgView.slide.cost)"))
    node, shift = 3, 100
    place = "kgView.renderer.graphToViewport({ x: kgPanel.data.x[arguments[0]], y: kgPanel.data.y[arguments[0]] })"
    before = page.js(f"return {place}", node)
    moving, copied = page.chrome.execute_async_script(
        """
        const [shift, done] = arguments;
        const { camera, renderer, slide } = kgView;
        slide.cost = 1000;
        slide.keep();
        const [from, to] = [shift, 0].map((x) => renderer.viewportToFramedGraph({ x, y: 0 }));
        camera.setState({ x: camera.x + to.x - from.x, y: camera.y + to.y - from.y });
        requestAnimationFrame(() => requestAnimationFrame(() => {
          done([slide.moving, document.querySelector("#network canvas[style*=matrix]")?.style.transform]);
        }));
        """,
        shift,
    )
    assert moving
    along, across, _, _, right, down = (float(each) for each in copied[7:-1].split(","))
    assert (along, across, right, down) == pytest.approx((1, 0, shift, 0), abs=0.01)
    page.wait(lambda: not page.js("return kgView.slide.moving"))
    assert page.js(f"return {place}", node)["x"] == pytest.approx(before["x"] + shift, abs=0.01)
    assert page.complaints() == []
