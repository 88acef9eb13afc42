"""The explorer in Debian's Chromium, and its API against SPARQL, on a small graph of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from kg.store import open_graph, write
from tests.explored import BASE, ENTITIES, HOSTILE, lines
from tests.test_browser import FLAGS, program
from tests.test_serve import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.test_serve import Server

AXE = Path(__file__).parent / "web" / "axe.js"
HOTPOT = f"{BASE}dataset/hotpotqa"
PAGES = (
    "/", "/search?q=question", "/search?q=", "/search?q=xyzzy", "/dataset/hotpotqa", "/dataset/evil", "/method/bert",
    "/metric/f1", "/paper/p0", "/paper/p90", "/claim/c0-0", "/papers?of=dataset/hotpotqa&of=method/bert",
    "/papers?of=x", "/part/grid?of=dataset/evil", "/part/board?of=dataset/evil", "/part/statements?of=dataset/evil",
    "/api", "/ontology",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("explored") / "small.kg"
    write(found, lines())
    return found


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    with serving(place) as found:
        yield found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Browser]:
    options = ChromeOptions()
    options.binary_location = program("chromium")
    drawn = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")  # WebGL without a card
    for flag in (*(flag for flag in FLAGS if flag != "--disable-gpu"), *drawn,
                 f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(program("chromedriver")))
    yield Browser(driver, server.url)
    driver.quit()


class Browser:
    """Chromium, and where the server is."""

    def __init__(self, chrome: Chrome, url: str) -> None:
        self.chrome, self.url = chrome, url

    def open(self, path: str, *, width: int = 1280, scheme: str = "light") -> Browser:
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.chrome.get(self.url + path)
        return self

    def js(self, script: str, *given: object) -> Any:
        return self.chrome.execute_script(script, *given)

    def wait(self, condition: Callable[[], object], seconds: float = 10) -> None:
        WebDriverWait(self.chrome, seconds, poll_frequency=0.05).until(lambda _: condition())

    def keys(self, *texts: str) -> None:
        self.chrome.switch_to.active_element.send_keys(*texts)

    def parts(self) -> None:
        """Wait for what comes later."""
        self.js("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        for place in range(self.js("return document.querySelectorAll('.later').length")):
            self.js(f"document.querySelectorAll('.later')[{place}].scrollIntoView()")
            self.wait(lambda: self.js(f"return !document.querySelectorAll('.later')[{place}].dataset.part"))  # noqa: B023

    def log(self, name: str) -> list[str]:
        entries: list[dict[str, Any]] = self.chrome.get_log(name)  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries]


@pytest.mark.browser
def test_from_a_few_letters_to_the_quote(browser: Browser) -> None:
    browser.open("/")
    browser.keys("hotpot")
    browser.wait(lambda: browser.js("return document.querySelectorAll('#suggestions [data-to]').length"))
    assert browser.js("return document.activeElement.getAttribute('aria-expanded')") == "true"
    first = browser.js("return document.querySelector('#suggestions [data-to]').innerText")
    assert first.split("\n") == ["HotpotQA", "Dataset", "7 papers"]
    browser.keys(Keys.ARROW_DOWN)
    assert browser.js("return document.activeElement.getAttribute('aria-activedescendant')") == "suggestion-0"
    browser.keys(Keys.ENTER)
    browser.wait(lambda: "/dataset/hotpotqa" in browser.chrome.current_url)
    assert browser.js("return document.querySelector('h1').innerText") == "HotpotQA"
    quotes = browser.js("return [...document.querySelectorAll('blockquote')].map((each) => each.textContent)")
    assert quotes == ["Here «HotpotQA» stands 🎉 in a sentence."] * 7
    marks = browser.js("return [...document.querySelectorAll('blockquote mark')].map((each) => each.textContent)")
    assert marks == ["HotpotQA"] * 7
    browser.parts()
    assert "71.5" in browser.js("return document.querySelector('.rows').innerText")
    links = browser.js("return [...document.querySelectorAll('.heat td a')].map((each) => each.textContent)")
    assert links == ["7"]
    assert browser.js("return document.querySelectorAll('.trend a').length") == 3


@pytest.mark.browser
def test_a_part_that_cannot_be_had_says_so(browser: Browser) -> None:
    browser.open("/paper/p0")
    browser.js("document.querySelector('.later').dataset.part = '/part/none'")
    browser.js("document.querySelector('details').open = true")
    browser.wait(lambda: "could not be had" in browser.js("return document.querySelector('.later').innerText"))
    browser.log("browser")  # the console has the 404
    link = browser.js("return document.querySelector('.later a').getAttribute('href')")
    assert link == "/part/statements?of=paper/p0"


def test_parts_are_pages_too(server: Server) -> None:
    page = server.document("/dataset/hotpotqa", "text/html").text
    places = [part.partition("'")[0] for part in page.split("data-part='")[1:]]
    assert [place.partition("?")[0] for place in places] == ["/part/board", "/part/grid", "/part/statements"]
    for place, words in zip(places, ("71.5", "BERT", "skos:altLabel"), strict=True):
        assert f"href='{place}'" in page
        assert words in server.document(place, "text/html").text
    assert server.document("/part/grid?of=dataset/none", "text/html").status_code == 404
    assert server.document("/part/board?of=method/bert", "text/html").status_code == 404
    assert server.document("/part/statements?of=dataset/none", "text/html").status_code == 404
    assert server.document("/part/grid?of=%3E", "text/html").status_code == 400


@pytest.mark.browser
def test_marks_in_an_abstract_are_at_their_offsets(browser: Browser) -> None:
    browser.open("/paper/p0")
    marks = browser.js("return [...document.querySelectorAll('.abstract mark')].map((each) => each.textContent)")
    assert marks == ["HotpotQA", "BERT", "question answering"]
    assert "not" in browser.js("return document.querySelector('.not').textContent")
    assert browser.js("return [...document.querySelectorAll('a[href^=javascript]')].length") == 0


@pytest.mark.browser
def test_the_network_grows(browser: Browser) -> None:
    browser.open("/dataset/hotpotqa")
    browser.wait(lambda: browser.js("return window.kgNetwork && kgNetwork.graph.order") == 3)
    assert browser.js("return kgNetwork.picture !== null")
    browser.js("document.querySelector('#canvas').scrollIntoView({block: 'center'})")
    browser.js("kgNetwork.picture.refresh()")
    x, y = browser.js(
        f"const at = kgNetwork.picture.graphToViewport(kgNetwork.graph.getNodeAttributes('{BASE}method/bert'));"
        "const box = document.querySelector('#canvas').getBoundingClientRect(); return [box.x + at.x, box.y + at.y];"
    )
    for kind in ("mousePressed", "mouseReleased"):
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        browser.chrome.execute_cdp_cmd("Input.dispatchMouseEvent", event)
    browser.wait(lambda: browser.js("return kgNetwork.graph.order") == 4)
    browser.js("document.querySelector('.neighbours .grow').focus()")
    browser.keys(Keys.ENTER)
    browser.wait(lambda: browser.js("return document.querySelectorAll('.neighbours ol li').length"))


@pytest.mark.browser
def test_every_page_is_accessible_and_fits(browser: Browser) -> None:
    found = []
    for number, path in enumerate(PAGES):
        browser.log("browser")
        browser.log("performance")
        browser.open(path, width=360, scheme=("light", "dark")[number % 2])
        if path.startswith("/dataset"):
            browser.wait(lambda: browser.js("return document.querySelector('#status').textContent.includes('in all')"))
        browser.parts()
        if browser.js("return document.documentElement.scrollWidth") > 360:
            found.append((path, "wider than 360 pixels"))
        browser.chrome.execute_script(AXE.read_text("utf-8"))
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            browser.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
            rules = "{runOnly: ['color-contrast']}" if scheme == "dark" else "{resultTypes: ['violations']}"
            worst = browser.chrome.execute_async_script(
                f"axe.run(document, {rules}).then((r) => arguments[0](r.violations"
                ".filter((v) => ['serious', 'critical'].includes(v.impact))"
                ".map((v) => v.id + ': ' + v.nodes[0].html)))"
            )
            found += [(path, f"{scheme}: {each}") for each in worst]
        if path != "/papers?of=x":  # a page of an error is one to the console, too
            found += [(path, str(each)) for each in browser.log("browser")]
        sent = [json.loads(each)["message"] for each in browser.log("performance")]
        urls = [each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"]
        found += [(path, url) for url in urls if not url.startswith((browser.url, "data:"))]
    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/dataset/evil", "/paper/p90", "/paper/p91", "/search?q=evil", "/method/bert"])
def test_hostile_text_is_inert(browser: Browser, path: str) -> None:
    browser.open(path)
    browser.parts()
    assert "harmed" not in browser.chrome.title.replace(HOSTILE[:40], "").replace("'harmed'", "")
    assert browser.js("return document.querySelectorAll('main script, main img, main b, main i').length") == 0
    text = browser.js("return document.body.innerText")
    assert "\u202e" not in text
    assert "\u0007" not in text
    assert len(text) < 60_000


def test_search(server: Server) -> None:
    found = server.client.get("/api/search", params={"q": "hotpot"}).json()
    assert [(each["label"], each["papers"], each["kind"]) for each in found["entities"]] == [("HotpotQA", 7, "Dataset")]
    words = server.client.get("/api/search", params={"q": "graphs part 1", "limit": 3}).json()
    assert [each["title"] for each in words["papers"]][:1] == ["Reading graphs, part 11"]
    assert server.client.get("/api/search", params={"q": 'a" OR * ^ NEAR( ½ \u0000'}).status_code == 200
    page = server.client.get("/search", params={"q": HOSTILE}).text
    assert "<script>" not in page
    assert "harmed" in page


def test_the_api_says_what_sparql_says(server: Server, place: Path) -> None:
    graph = open_graph(place)
    asked = "SELECT DISTINCT ?p ?y { ?p kg:evaluatesOn <%s> ; kg:year ?y } ORDER BY DESC(?y)"
    wanted = {str(row["p"]): row["y"] for row in graph.select(asked % HOTPOT)}
    found = server.client.get("/api/papers", params={"iri": "dataset/hotpotqa", "limit": 5}).json()
    rest = server.client.get("/api/papers", params={"iri": HOTPOT, "limit": 5, "offset": 5}).json()
    papers = [*found["papers"], *rest["papers"]]
    assert {each["iri"]: each["year"] for each in papers} == wanted
    assert [each["year"] for each in papers] == sorted(map(int, map(str, wanted.values())), reverse=True)
    for each in papers:
        [said] = each["says"]
        start, end = said["mention"]
        assert (said["quote"][start:end], said["predicate"], said["negated"]) == ("HotpotQA", "evaluatesOn", False)
    entity = server.client.get("/api/entity", params={"iri": HOTPOT}).json()
    assert (entity["papers"], sum(year["papers"] for year in entity["years"])) == (7, 7)
    beside = server.client.get("/api/entity/neighbours", params={"iri": HOTPOT, "measure": "papers"}).json()
    shared = "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p kg:evaluatesOn <%s> ; kg:uses|kg:addresses <%s> }"
    assert len(beside["neighbours"]) == 2
    for each in beside["neighbours"]:
        assert [{"n": each["shared"]}] == graph.select(shared % (HOTPOT, each["iri"]))
    paper = server.client.get("/api/paper", params={"iri": "paper/p0"}).json()
    assert {(each["predicate"], each["negated"]) for each in paper["sayings"]} == {
        ("evaluatesOn", False), ("uses", False), ("addresses", False), ("uses", True)}  # fmt: skip
    board = server.client.get("/api/leaderboard", params={"dataset": HOTPOT}).json()
    assert [(row["metric"], row["value"], row["paper_iri"]) for row in board["rows"]] == [
        ("F1", 71.5, f"{BASE}paper/p0")
    ]
    pairs = server.client.get("/api/cooccurrence", params={"rows": "dataset", "columns": "method"}).json()["pairs"]
    assert {(each["a"], each["b"], each["count"]) for each in pairs} >= {("HotpotQA", "BERT", 7)}
    names = {each["name"] for each in server.client.get("/api/queries").json()["queries"]}
    assert "evaluated-on" in names


def test_stats(server: Server) -> None:
    found = server.client.get("/api/stats").json()
    assert found["papers"] == 16
    assert dict(found["entities"])["Dataset"] == sum(kind == "Dataset" for kind, *_ in ENTITIES.values())


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/entity", 400, "iri is missing"),
        ("/api/entity?iri=dataset/none", 404, "no entity"),
        ("/api/entity?iri=a%3E%20b", 400, "is no IRI"),
        ("/api/paper?iri=dataset/hotpotqa", 404, "no paper"),
        ("/api/papers?iri=dataset/hotpotqa&limit=1000", 400, "from 1 to 100"),
        ("/api/entity/neighbours?iri=dataset/hotpotqa&measure=luck", 400, "association, papers"),
        ("/api/search?q=a&page=2", 400, "no parameter 'page'"),
        ("/api/leaderboard?dataset=method/bert", 404, "no dataset"),
        ("/api/nothing", 404, "/api lists"),
    ],
)
def test_an_error_of_the_api_is_one_line(server: Server, path: str, status: int, words: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_the_description_lists_exactly_the_routes(server: Server) -> None:
    from kg.serve.app import application  # noqa: PLC0415 - the libraries of an extra
    from kg.serve.limits import Limits  # noqa: PLC0415
    from kg.serve.pool import Pool  # noqa: PLC0415

    described = server.client.get("/api/openapi.json").json()
    pool = Pool("none", 1, Limits())
    app = application(pool, pool, Limits(), lambda _: None)
    routes = {str(getattr(each, "path", "")) for each in app.routes}
    assert {path for path in routes if path.startswith("/api/") and "{" not in path} == set(described["paths"])
    page = server.client.get("/api").text
    for path, operations in described["paths"].items():
        assert path in page
        assert operations["get"]["summary"]


def test_files_are_kept_by_browsers(server: Server) -> None:
    page = server.document("/dataset/hotpotqa", "text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    addresses = [part.split("'")[0] for part in page.text.split("'/static/")[1:]]
    assert len(addresses) == 7
    for each in addresses:
        assert "immutable" in server.client.get(f"/static/{each}").headers["cache-control"]
    assert server.client.get("/static/explorer.css").headers["cache-control"] == "no-cache"
    assert server.client.get("/static/app.py").status_code == 404


def test_a_graph_written_anew_is_searched_anew(tmp_path: Path) -> None:
    file = tmp_path / "small.nt"
    write(file, lines())
    with serving(file) as server:
        assert server.client.get("/api/search", params={"q": "newer"}).json()["entities"] == []
        label = f'<{BASE}task/newer> <http://www.w3.org/2004/02/skos/core#prefLabel> "newer task" .'
        kind = f"<{BASE}task/newer> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Task> ."
        write(file, [label, kind], fresh=True)
        found = server.client.get("/api/search", params={"q": "newer"}).json()["entities"]
        assert [each["label"] for each in found] == ["newer task"]
