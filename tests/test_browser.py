"""The page in a real browser: Debian's Chromium, headless, opened from the file."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from kg.learn.mistakes import Mistake
from kg.learn.mistakes_page import html as mistakes_html
from kg.learn.quotes import Quote
from kg.render import Edge, Network, Node, Paper, Shared, Statement, html, network
from kg.report import FORMATS, cooccurrence
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.browser

GRAPH = Path(__file__).parent / "data" / "report.ttl"
PLACES = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "chromedriver": ("chromedriver",)}
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
)  # fmt: skip


def program(name: str) -> str:
    """Where Chromium or its driver is; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, PLACES[name])), None)
    if not found:
        pytest.skip(f"no {name} on this machine: apt-get install {name}")
    return found


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = program("chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(program("chromedriver")))
    yield driver
    driver.quit()


@dataclass
class Page:
    """A page that was opened, and what a visitor does to it."""

    chrome: Chrome
    path: Path

    def open(self, text: str, *, width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        self.path.write_text(text, "utf-8", newline="\n")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.log("browser")
        self.log("performance")
        self.chrome.get(self.path.as_uri())
        return self

    def js(self, script: str, *given: object) -> Any:
        return self.chrome.execute_script(script, *given)

    def text(self, selector: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).textContent", selector))

    def wait(self, condition: Callable[[], object]) -> None:
        WebDriverWait(self.chrome, 5).until(lambda _: condition())

    def click_on(self, script: str) -> None:
        """Click with the mouse on the canvas, at the place that the script returns in its own coordinates."""
        x, y = self.js(
            f"const at = network.canvasToDOM({script});"
            "const box = document.querySelector('#mynetwork').getBoundingClientRect();"
            "return [box.x + at.x, box.y + at.y];"
        )
        for kind in ("mousePressed", "mouseReleased"):
            event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
            self.chrome.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def number(self, label: str) -> int:
        return int(self.js("return kgPanel.data.nodes.findIndex((one) => one.label === arguments[0])", label))

    def hidden(self) -> list[str]:
        """The labels of the nodes that are not drawn."""
        script = "return nodes.get().filter((one) => one.hidden).map((one) => kgPanel.data.nodes[one.id].label)"
        return sorted(self.js(script))

    def log(self, name: str) -> list[str]:
        """What was logged since the last time."""
        entries: list[dict[str, Any]] = self.chrome.get_log(name)  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries]

    def complaints(self) -> list[str]:
        return self.log("browser")

    def requests(self) -> list[str]:
        events = (json.loads(message)["message"] for message in self.log("performance"))
        sent = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [event["request"]["url"] for event in sent]


@pytest.fixture
def page(chrome: Chrome, tmp_path: Path) -> Page:
    return Page(chrome, tmp_path / "page.html")


@pytest.fixture(scope="module")
def drawn() -> str:
    return html(network(open_graph(GRAPH)))


def hostile() -> str:
    words = (
        "</script><script>window.hacked = 1</script>",
        '<img src=x onerror="window.hacked = 1">',
        "<b>bold</b> & \u202etxet",
        "x" * 50_000,
    )
    paper = Paper("p", words[1], 2020, "javascript:window.hacked=1")
    said = tuple(Statement("uses", paper, f"{text} 🎲 here", ((0, 3),), 0.5) for text in words)
    nodes = tuple(Node(f"n{at}", text, "Method", 1, words[:3], said) for at, text in enumerate(words))
    edge = Edge("n0", "n1", 1, (Shared(paper, said, said),))
    return html(Network(nodes, (edge,), 1, 4, focus=words[0]))


def test_nothing_is_requested_and_nothing_complains(page: Page, drawn: str) -> None:
    page.open(drawn)
    page.js("document.querySelectorAll('#panel .entity')[0].click()")
    page.js("document.querySelector('#panel .more').click()")
    requests = page.requests()
    assert page.path.as_uri() in requests
    assert [url for url in requests if url != page.path.as_uri() and not url.startswith(("data:", "blob:"))] == []
    assert page.complaints() == []


def test_the_policy_lets_nothing_else_run(page: Page, drawn: str) -> None:
    page.open(drawn)
    page.js(
        "const added = document.createElement('script'); added.textContent = 'window.hacked = 1';"
        "document.body.append(added); new Image().src = 'https://example.org/x.png';"
    )
    assert page.js("return window.hacked") is None
    complaints = " ".join(page.complaints())
    assert complaints.count("Content Security Policy") == 2


def test_the_network_is_drawn(page: Page, drawn: str) -> None:
    page.open(drawn)
    assert page.js("return nodes.length") == 9
    assert page.js("return network.body.nodeIndices.length") == 9
    assert page.js("return edges.length") == 9
    assert page.text("#summary") == "9 entities · 5 papers · 9 lines"
    colours = page.js(
        "const canvas = document.querySelector('#mynetwork canvas');"
        "const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
        "const seen = new Set(); for (let at = 0; at < pixels.length; at += 4) {"
        "  if (pixels[at + 3] === 255) seen.add([...pixels.slice(at, at + 3)].join(',')); }"
        "return [...seen]"
    )
    assert {"0,114,178", "230,159,0", "0,158,115", "204,121,167"} <= set(colours)
    assert "absence means nothing" in page.text("footer")


def test_places_are_still_and_the_same(page: Page, drawn: str) -> None:
    first = page.open(drawn).js("return network.getPositions()")
    assert page.js("return network.physics.physicsEnabled") is False
    assert page.open(drawn, width=360, height=740).js("return network.getPositions()") == first


def test_search_finds_and_selects(page: Page, drawn: str) -> None:
    page.open(drawn)
    field = page.chrome.find_element(By.ID, "search")
    field.send_keys("cifar")
    assert [one.text for one in page.chrome.find_elements(By.CSS_SELECTOR, "#found .label")] == ["CIFAR-10"]
    faded = page.js("return nodes.get().filter((one) => one.opacity < 1).length")
    assert faded == 8
    field.send_keys(Keys.ENTER)
    assert page.js("return network.getSelectedNodes()") == [page.number("CIFAR-10")]
    assert page.text("#panel h2") == "CIFAR-10"
    assert page.js("return document.activeElement === document.querySelector('#panel h2')") is True


@pytest.mark.parametrize(
    ("typed", "first"), [("street view", "SVHN"), ("CIFAR10", "CIFAR-10"), ("match", "MixMatch"), ("RES net", "ResNet")]
)
def test_search_goes_by_letters_and_aliases(page: Page, drawn: str, typed: str, first: str) -> None:
    page.open(drawn)
    page.chrome.find_element(By.ID, "search").send_keys(typed)
    assert page.text("#found .label") == first


def test_search_by_keyboard(page: Page, drawn: str) -> None:
    page.open(drawn)
    body = page.chrome.find_element(By.TAG_NAME, "body")
    body.send_keys("/")
    field = page.chrome.switch_to.active_element
    assert field.get_attribute("id") == "search"
    field.send_keys("match", Keys.ARROW_DOWN, Keys.ENTER)
    assert page.text("#panel h2") == "ReMixMatch"
    page.chrome.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert page.js("return network.getSelectedNodes()") == []
    page.chrome.find_element(By.ID, "search").send_keys("no such thing", Keys.ENTER)
    assert page.text("#found") == "Nothing here has this name."


def test_kinds_can_be_left_out(page: Page, drawn: str) -> None:
    page.open(drawn)
    legend = page.js("return [...document.querySelectorAll('#kinds label')].map((one) => one.textContent)")
    assert legend == ["Method3", "Dataset3", "Task2", "Metric1"]
    assert page.hidden() == []
    page.js("document.querySelector('#kinds input[value=Dataset]').click()")
    assert page.hidden() == ["CIFAR-10", "ImageNet", "SVHN"]
    ends = page.js("return edges.get().filter((one) => !one.hidden).flatMap((one) => [one.from, one.to])")
    assert not {page.number("CIFAR-10"), page.number("SVHN")} & set(ends)
    page.chrome.find_element(By.ID, "search").send_keys("svhn", Keys.ENTER)
    assert page.hidden() == []
    assert page.text("#panel h2") == "SVHN"


def test_a_click_on_a_node_shows_its_sentences(page: Page, drawn: str) -> None:
    page.open(drawn)
    page.click_on(f"network.getPosition({page.number('CIFAR-10')})")
    page.wait(lambda: page.js("return network.getSelectedNodes().length"))
    assert page.text("#panel h2") == "CIFAR-10"
    assert "also CIFAR10" in page.text("#panel")
    assert "Named in 3 papers" in page.text("#panel")
    quotes = page.js("return [...document.querySelectorAll('#panel blockquote')].map((one) => one.innerHTML)")
    assert "On <mark>CIFAR-10</mark> it reaches 93.73% accuracy." in quotes
    assert "MixMatch obtains the best error on <mark>CIFAR10</mark> and SVHN." in quotes
    links = page.chrome.find_elements(By.CSS_SELECTOR, "#panel a")
    assert [(link.get_attribute("href"), link.get_attribute("rel")) for link in links] == [
        ("https://example.org/1", "noopener noreferrer")
    ]
    assert "evaluates on90%" in page.text("#panel .how")


def test_a_click_on_a_line_shows_what_both_share(page: Page, drawn: str) -> None:
    page.open(drawn)
    one, other = page.number("CIFAR-10"), page.number("MixMatch")
    page.click_on(
        f"(() => {{ const a = network.getPosition({one}), b = network.getPosition({other});"
        "return { x: a.x + (b.x - a.x) * 0.6, y: a.y + (b.y - a.y) * 0.6 }; })()"
    )
    page.wait(lambda: page.js("return network.getSelectedEdges().length"))
    assert "Named together in 2 papers" in page.text("#panel")
    how = page.js("return [...document.querySelectorAll('#panel .how')].map((one) => one.firstChild.textContent)")
    assert how == ["evaluates on CIFAR-10", "compares with MixMatch", "evaluates on CIFAR-10", "proposes MixMatch"]
    marks = page.js("return [...document.querySelectorAll('#panel mark')].map((one) => one.textContent)")
    assert marks == ["CIFAR-10", "MixMatch", "MixMatch", "CIFAR10"]


def test_all_can_be_reached_without_a_mouse(page: Page, drawn: str) -> None:
    page.open(drawn)
    buttons = page.chrome.find_elements(By.CSS_SELECTOR, "#panel .entity")
    assert len(buttons) == 9
    buttons[0].send_keys(Keys.ENTER)
    assert page.text("#panel h2") == "CIFAR-10"
    page.chrome.find_element(By.CSS_SELECTOR, "#panel .row .more").send_keys(Keys.ENTER)
    assert "Named together in" in page.text("#panel")
    assert page.js("return network.getSelectedEdges().length") == 1


def test_offsets_count_code_points(page: Page, drawn: str) -> None:
    page.open(drawn).click_on(f"network.getPosition({page.number('ReMixMatch')})")
    page.wait(lambda: page.js("return document.querySelector('#panel mark')"))
    assert page.text("#panel mark") == "ReMixMatch"


def test_hostile_words_are_inert(page: Page) -> None:
    page.open(hostile())
    assert page.js("return nodes.length") == 4
    for number in range(4):
        page.js("document.querySelector('.close')?.click()")
        page.js("document.querySelectorAll('#panel .entity')[arguments[0]].click()", number)
    page.js("document.querySelector('.close').click()")
    page.chrome.find_element(By.ID, "search").send_keys("script")
    assert page.js("return window.hacked") is None
    assert page.js("return document.querySelectorAll('img, iframe, b, #panel script, a[href^=javascript]').length") == 0
    assert page.js("return document.documentElement.scrollWidth <= innerWidth") is True
    assert page.complaints() == []


def test_an_empty_network_says_so(page: Page) -> None:
    page.open(html(Network()))
    assert "No entities" in page.text("#empty")
    assert page.js("return document.querySelector('#empty').checkVisibility()") is True
    assert page.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_every_width_in_light_and_dark(page: Page, drawn: str, width: int, scheme: str) -> None:
    page.open(drawn, width=width, height=740, scheme=scheme)
    assert page.js("return document.documentElement.scrollWidth") == width
    assert page.js("return document.documentElement.scrollHeight") == 740
    box = page.js(
        "const box = document.querySelector('#mynetwork').getBoundingClientRect(); return [box.width, box.height]"
    )
    assert box[0] >= 350
    assert box[1] >= 200
    ground = page.js("return getComputedStyle(document.body).backgroundColor")
    assert (int(ground[4:-1].split(",")[0]) < 64) == (scheme == "dark")


def test_what_papers_say_and_years_are_chosen(page: Page, drawn: str) -> None:
    page.open(drawn)
    choices = page.js("return [...document.querySelectorAll('#said option')].map((one) => one.textContent)")
    assert choices[0] == "anything"
    assert "evaluates on" in choices
    choose = "let one = document.getElementById('said');one.value = arguments[0];one.dispatchEvent(new Event('change'))"
    page.js(choose, page.js("return String(kgPanel.data.predicates.indexOf('proposes'))"))
    shown = sorted(set(page.js("return kgPanel.data.nodes.map((one) => one.label)")) - set(page.hidden()))
    assert shown == page.js(
        "const at = kgPanel.data.predicates.indexOf('proposes');"
        "return kgPanel.data.nodes.filter((one) => one.said[at]).map((one) => one.label).sort()"
    )
    assert 0 < len(shown) < 9
    hidden = page.hidden()[0]
    page.chrome.find_element(By.ID, "search").send_keys(hidden, Keys.ENTER)
    assert page.text("#panel h2") == hidden
    assert page.hidden() == []
    assert page.js("return document.querySelector('#said').value") == ""
    page.js("const one = document.querySelector('#to'); one.value = one.min; one.dispatchEvent(new Event('input'))")
    page.wait(page.hidden)
    assert page.complaints() == []


def test_a_link_opens_the_same_view(page: Page, drawn: str) -> None:
    page.open(drawn)
    page.chrome.find_element(By.ID, "search").send_keys("cifar", Keys.ENTER)
    link = page.js("return location.hash")
    assert link.startswith("#focus=https%3A%2F%2F")
    assert page.js("return document.querySelectorAll('.spark rect').length") > 0
    page.chrome.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert page.js("return location.hash") == ""
    page.js("location.hash = arguments[0]", link)
    page.wait(lambda: page.js("return document.querySelector('#panel h2')?.textContent") == "CIFAR-10")
    page.js("location.hash = '#focus=mix match'")
    page.wait(lambda: page.text("#panel h2") == "MixMatch")


def test_the_picture_is_saved(page: Page, drawn: str) -> None:
    page.open(drawn)
    shapes = page.js(
        "const made = new DOMParser().parseFromString(kgExport.svg(kgView.scene()), 'image/svg+xml');"
        "return ['circle', 'polygon', 'path', 'parsererror'].map((name) => made.querySelectorAll(name).length)"
    )
    assert shapes == [3, 6, 9, 0]
    size = page.chrome.execute_async_script("kgExport.png(kgView.scene(), (blob) => arguments[0](blob.size))")
    assert size > 5000
    assert page.complaints() == []


def test_the_report_page_asks_for_nothing(page: Page) -> None:
    page.open(FORMATS["html"](cooccurrence(open_graph(GRAPH))))
    assert page.requests() == [page.path.as_uri()]
    page.js("document.querySelector('summary').click()")
    assert "On CIFAR-10 it reaches 93.73% accuracy." in page.text("details")
    assert page.complaints() == []


def mistakes_page(evil: str = "") -> str:
    quote = Quote("abstract", (("We train a ", ""), ("GAN", "gold ours"), (f" on data {evil}", "")))
    listed = [
        Mistake("First paper", "mention", "kind", "GAN", ("Method", "Task"), gold="GAN (Method)", ours="GAN (Task)"),
        Mistake("First paper", "claim", "miss", f"GAN{evil}", ("Method",), "uses", quotes=(quote,)),
        Mistake(f"Second paper{evil}", "claim", "false alarm", "MNIST", ("Dataset",), "evaluatesOn", confidence=0.5),
        *(Mistake("Third paper", "result", "miss", f"accuracy {value}") for value in range(120)),
    ]
    return mistakes_html(listed, name="gold.jsonl", papers=5)


def names(page: Page) -> list[str]:
    """The names of the mistakes that are listed."""
    return list(page.js("return [...document.querySelectorAll('article .name')].map((one) => one.textContent)"))


def test_mistakes_are_filtered(page: Page) -> None:
    page.open(mistakes_page())
    assert page.text("#summary") == "5 annotated papers, 3 with mistakes"
    assert page.text("#shown") == "123 mistakes in 3 papers"
    assert len(names(page)) == 100
    page.js("document.querySelector('#more').click()")
    assert len(names(page)) == 123
    page.js("document.querySelector('#measures input[value=claim]').click()")
    assert names(page) == ["GAN", "MNIST"]
    assert page.js("return [...document.querySelectorAll('#verdicts .count')].map((one) => one.textContent)") == [
        *("1", "1", "0", "0", "0")
    ]
    choose = "const one = document.querySelector(arguments[0]); one.value = arguments[1];"
    choose += "one.dispatchEvent(new Event('input', { bubbles: true }));"
    page.js(choose, "#predicate", "uses")
    assert names(page) == ["GAN"]
    assert page.js("return document.querySelector('mark.gold.ours:not(header *)').textContent") == "GAN"
    page.js(choose, "#predicate", "")
    page.js("document.querySelector('#measures input[value=claim]').click()")
    page.js(choose, "#kind", "Task")
    assert names(page) == ["GAN"]
    page.js(choose, "#kind", "")
    page.js(choose, "#search", "  SECOND ")
    assert names(page) == ["MNIST"]
    page.js(choose, "#search", "nowhere")
    assert page.text("#shown") == "No mistake is like that: choose less."
    assert page.complaints() == []


def test_mistakes_fit_a_narrow_screen_and_run_nothing(page: Page) -> None:
    words = "</script><img src=x onerror='window.hacked = 1'> \u202etxet " + "x" * 5000
    page.open(mistakes_page(words), width=360, height=700, scheme="dark")
    assert page.js("return document.documentElement.scrollWidth") <= 360
    assert page.js("return [window.hacked === undefined, document.querySelectorAll('img').length]") == [True, 0]
    assert words in page.text("#list")
    assert page.complaints() == []
    assert [url for url in page.requests() if not url.startswith(("file:", "data:"))] == []


def test_no_mistakes(page: Page) -> None:
    page.open(mistakes_html([], name="gold.jsonl", papers=1))
    assert (page.text("#summary"), page.text("#shown")) == ("1 annotated paper, 0 with mistakes", "No mistakes.")


def test_a_community_stands_out_and_goes_back(page: Page) -> None:
    turtle = GRAPH.parent / "small.ttl"
    page.open(html(network(open_graph(turtle))))
    groups = page.js(
        "return kgPanel.data.communities.map((members) => members.map((n) => kgPanel.data.nodes[n].label))"
    )
    assert len(groups) > 1
    button = "const one = document.querySelector('#panel [aria-pressed]'); const was = one.textContent; {} return was"
    assert page.js(button.format("one.click();")) == f"{', '.join(groups[0][:3])}{len(groups[0])}"
    assert page.js("return document.querySelector('#panel [aria-pressed]').getAttribute('aria-pressed')") == "true"
    page.js(button.format("one.click();"))
    assert page.js("return document.querySelector('#panel [aria-pressed]').getAttribute('aria-pressed')") == "false"
    assert page.complaints() == []
