"""The SPARQL editor in a real browser, on a real server. Our own graph."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from kg.store import write
from tests.test_browser import chrome  # noqa: F401 - a fixture
from tests.test_serve import BASE, ENDLESS, HOSTILE, KG, ROWS, lines, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

    from tests.test_serve import Server

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")
pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "web" / "axe.js"
SAYS = f"<{BASE}paper/doi:10.1/x%3Cy> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Paper> ."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("asked") / "small.kg"
    write(place, [*lines(), SAYS])
    with serving(place, "--timeout", "20") as found:
        yield found


class Visit:
    """The page, and what a visitor does to it."""

    def __init__(self, chrome: Chrome, url: str, *, width: int = 1280, scheme: str = "light") -> None:  # noqa: F811
        self.chrome, self.url = chrome, url
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        for kind in ("browser", "performance"):
            chrome.get_log(kind)  # type: ignore[no-untyped-call]
        chrome.get("about:blank")
        chrome.get(url)

    def ask(self, query: str) -> str:
        self.chrome.execute_script("editor.setValue(arguments[0])", query)
        self.chrome.find_element(By.ID, "run").click()
        return self.answered()

    def answered(self) -> str:
        WebDriverWait(self.chrome, 25).until(lambda _: self.status not in ("", "Asking …"))
        return self.status

    @property
    def status(self) -> str:
        return self.chrome.find_element(By.ID, "status").text

    @property
    def answer(self) -> str:
        return self.chrome.find_element(By.ID, "answer").text

    def errors(self) -> list[str]:
        return [each["message"] for each in self._log("browser") if each["level"] == "SEVERE"]

    def strangers(self) -> list[str]:
        told = [json.loads(each["message"])["message"] for each in self._log("performance")]
        asked = [each["params"]["request"]["url"] for each in told if each["method"] == "Network.requestWillBeSent"]
        assert any(address.startswith(self.url) for address in asked)
        own = self.url.split("/sparql", maxsplit=1)[0]
        return [each for each in asked if not each.startswith((own, "blob:", "data:", "about:"))]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        return list(self.chrome.get_log(kind))  # type: ignore[no-untyped-call]

    def axe(self) -> list[str]:
        self.chrome.execute_script(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.chrome.execute_async_script("axe.run().then(arguments[0])")
        bad = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        return [f"{each['id']}: {node['html'][:120]}" for each in bad for node in each["nodes"]]


def test_a_query_is_asked_and_answered(chrome: Chrome, server: Server) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql")
    assert visit.ask(ROWS).startswith("1 row, ")
    assert "MNIST" in visit.answer
    assert visit.ask("ASK { ?s ?p ?o }").endswith(" ms")
    assert visit.answer == "Yes"
    visit.ask("CONSTRUCT { ?s skos:prefLabel ?o } WHERE { ?s skos:prefLabel ?o }")
    assert "skos:prefLabel" in visit.answer
    visit.ask("SELECT ?s { ?s kg:uses ?o } LIMIT 900")
    assert len(chrome.find_elements(By.CSS_SELECTOR, "#answer tbody tr")) == 200
    chrome.find_element(By.CSS_SELECTOR, "#answer .quiet").click()
    assert len(chrome.find_elements(By.CSS_SELECTOR, "#answer tbody tr")) == 700
    assert visit.errors() == []
    assert visit.strangers() == []


def test_prefixes_of_the_graph_need_no_declaration(chrome: Chrome, server: Server) -> None:  # noqa: F811
    Visit(chrome, f"{server.url}/sparql")
    marks = "return document.querySelectorAll('.parseErrorIcon').length"
    assert chrome.execute_script(marks) == 0
    chrome.execute_script("editor.setValue('SELECT * { ?s unknown:x ?o }')")
    assert chrome.execute_script(marks) == 1


def test_the_address_holds_the_query(chrome: Chrome, server: Server) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql")
    visit.ask(ROWS)
    again = Visit(chrome, chrome.current_url)
    assert again.answered().startswith("1 row")
    assert "MNIST" in again.answer


def test_what_is_wrong_is_told_where_it_is(chrome: Chrome, server: Server) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql")
    assert "line 2, column 3" in visit.ask("SELECT ?s {\n  nonsense:x ?p ?o }")
    place = chrome.execute_script("return editor.getDoc().getCursor()")
    assert (place["line"], place["ch"]) == (1, 2)


def test_a_query_is_stopped(chrome: Chrome, server: Server) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql")
    chrome.execute_script("editor.setValue(arguments[0])", ENDLESS)
    chrome.find_element(By.ID, "run").click()
    time.sleep(0.3)
    chrome.find_element(By.ID, "stop").click()
    assert visit.answered() == "Stopped."
    assert visit.ask(ROWS).startswith("1 row")


def test_a_named_query_is_filled(chrome: Chrome, server: Server) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql")
    chrome.execute_script(
        "const named = document.getElementById('named'); named.value = 'evaluated-on';"
        "named.dispatchEvent(new Event('change'))"
    )
    field = chrome.find_element(By.CSS_SELECTOR, "#values input[name=dataset]")
    field.clear()
    field.send_keys("no such dataset", Keys.ENTER)
    assert "no dataset named no such dataset" in visit.answered()
    field.clear()
    field.send_keys("MNIST", Keys.ENTER)
    WebDriverWait(chrome, 10).until(lambda _: "row" in visit.status)
    assert f"<{BASE}dataset/mnist>" in chrome.execute_script("return editor.getValue()")
    assert "$dataset" not in chrome.execute_script("return editor.getValue()")


def test_terms_are_completed(chrome: Chrome, server: Server) -> None:  # noqa: F811
    Visit(chrome, f"{server.url}/sparql")
    chrome.execute_script(
        "editor.setValue('SELECT * { ?s kg:eval'); editor.focus();"
        "editor.setCursor({ line: 0, ch: 21 }); editor.autocomplete()"
    )
    hint = WebDriverWait(chrome, 5).until(lambda _: chrome.find_elements(By.CSS_SELECTOR, ".CodeMirror-hint"))
    assert hint[0].text == "kg:evaluatesOn"


def test_hostile_text_is_inert(chrome: Chrome, server: Server) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql")
    visit.ask(f"SELECT ?o {{ <{BASE}dataset/evil> ?p ?o }} ORDER BY STRLEN(STR(?o))")
    assert HOSTILE.replace("\u202e", "\\u202e") in visit.answer
    links = [each.get_attribute("href") for each in chrome.find_elements(By.CSS_SELECTOR, "#answer a")]
    assert not any(link and link.startswith("javascript") for link in links)
    assert chrome.find_elements(By.CSS_SELECTOR, "#answer img, #answer script") == []
    assert len(visit.answer) < 3000
    assert visit.errors() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_can_be_read_by_all(chrome: Chrome, server: Server, width: int, scheme: str) -> None:  # noqa: F811
    visit = Visit(chrome, f"{server.url}/sparql", width=width, scheme=scheme)
    visit.ask("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 5")
    assert chrome.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert visit.axe() == []
