"""The pages of reports in a real browser: Debian's Chromium, headless, opened from the file. Our own papers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from kg.report import FORMATS, SHEET_FORMATS, compare, cooccurrence, coverage, leaderboard, novelty, trends
from kg.store import from_lines
from kg.terms import literal
from kg.vocab import PREFIXES
from tests.test_browser import Page, chrome  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

    from kg.store import Graph

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "web" / "axe.js"
BASE = "https://w3id.org/ml-kg/"
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> \u202etxet " + "long" * 90
DATASETS = ("CIFAR-10", "ImageNet", "SVHN", "a dataset with quite a long name, as some have", HOSTILE)
METHODS = ("ResNet", "MixMatch", "vision transformer", "<b>bold</b> & co.", HOSTILE + "2")
#: Each has what the others have.
CHECKED = ("cooccurrence", "trends", "leaderboard")
TASKS = ("image classification", "segmentation")


def node(path: str) -> str:
    return f"<{BASE}{path}>"


def said(subject: str, **values: str) -> Iterator[str]:
    for name, value in values.items():
        prefix, _, local = name.partition("_")
        yield f"{subject} <{PREFIXES[prefix]}{local}> {value} ."


def iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def lines() -> Iterator[str]:
    """Papers of seven years, each with a dataset, a method and a sentence, and numbers on one dataset."""
    for kind, labels in (("Dataset", DATASETS), ("Method", METHODS), ("Task", TASKS), ("Metric", ("accuracy",))):
        for at, label in enumerate(labels):
            yield from said(node(f"{kind.lower()}/{at}"), rdf_type=iri(f"kg:{kind}"), skos_prefLabel=literal(label))
    for number in range(45):
        paper, dataset, method = node(f"paper/t:{number}"), number % 4 if number % 9 else 4, number // 3 % 5
        title = HOSTILE if number % 10 == 0 else f"A study of number {number}"
        year = f'"{2015 + number % 7}"^^{iri("xsd:integer")}'
        url = literal("javascript:window.hacked=1" if number % 10 == 0 else f"https://example.org/{number}")
        yield from said(paper, rdf_type=iri("fabio:ResearchPaper"), dcterms_title=literal(title), kg_year=year)
        yield from said(paper, schema_url=url, kg_venue=literal(("NeurIPS", "ICML", HOSTILE)[number % 3]))
        yield from said(paper, kg_addresses=node(f"task/{number % 2}")) if number % 3 else ()
        things = (("evaluatesOn", f"dataset/{dataset}"), ("proposes", f"method/{method}"))
        for at, (predicate, thing) in enumerate(things[number % 11 == 0 :]):
            sentence, claim = node(f"sentence/{number}-{at}"), node(f"claim/{number}-{at}")
            quote = f"Sentence {at} of paper {number} says so, {HOSTILE if number % 10 == 0 else 'plainly'}."
            yield from said(paper, **{f"kg_{predicate}": node(thing)})
            yield from said(sentence, kg_paper=paper, kg_span=literal(f"char={at},9"), kg_text=literal(quote))
            yield from said(claim, rdf_type=iri("kg:Claim"), rdf_subject=paper, rdf_predicate=iri(f"kg:{predicate}"))
            yield from said(claim, rdf_object=node(thing), prov_wasDerivedFrom=sentence)
        if number % 5 == 0:
            result = node(f"result/{number}")
            value = f'"{90 + number / 10}"^^{iri("xsd:decimal")}'
            yield from said(result, kg_paper=paper, kg_metric=node("metric/0"), kg_value=value, kg_unit=literal("%"))
            yield from said(result, kg_dataset=node("dataset/0"), kg_method=node(f"method/{number % 2 * 4}"))
            yield from said(result, kg_condition=literal(HOSTILE)) if number % 2 else ()
            yield from said(result, prov_wasDerivedFrom=node(f"sentence/{number}-1"))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return from_lines(lines())


@pytest.fixture(scope="module")
def pages(graph: Graph) -> dict[str, str]:
    """A page of each report."""
    sheet = SHEET_FORMATS["html"]
    return {
        "cooccurrence": FORMATS["html"](cooccurrence(graph, within=("year",), min_margin=2)),
        "trends": sheet(trends(graph, kind="Method")),
        "novelty": sheet(novelty(graph)),
        "novelty by year": sheet(novelty(graph, summary=True)),
        "leaderboard": sheet(leaderboard(graph, "CIFAR-10")),
        "compare": sheet(compare(graph, "ResNet", "MixMatch")),
        "coverage": sheet(coverage(graph)),
        "coverage of venues": sheet(coverage(graph, what="venues")),
    }


@pytest.fixture
def page(chrome: Chrome, tmp_path: Path) -> Page:  # noqa: F811 - the fixture
    return Page(chrome, tmp_path / "page.html")


def complaints(page: Page, rules: str) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    found: list[str] = page.chrome.execute_async_script(
        f"axe.run(document, {rules}).then((r) => arguments[0](r.violations"
        ".map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 200))))"
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_is_accessible_and_asks_for_nothing(page: Page, pages: dict[str, str], scheme: str) -> None:
    found = []
    for name, text in pages.items():
        page.open(text, width=1280, scheme=scheme)
        page.js("[...document.querySelectorAll('details')].slice(0, 3).forEach((each) => { each.open = true })")
        if page.js("return [window.hacked, document.querySelectorAll('img, iframe, .list b, .legend b').length]") != [
            None,
            0,
        ]:
            found.append((name, "text of a paper became a part of the page"))
        ground = page.js("return getComputedStyle(document.body).backgroundColor")
        if (int(ground[4:-1].split(",")[0]) < 64) != (scheme == "dark"):
            found.append((name, f"the ground is {ground}"))
        if name in CHECKED:
            page.chrome.execute_script(AXE.read_text("utf-8"))
            rules = "{runOnly: ['color-contrast']}" if scheme == "dark" else "{resultTypes: ['violations']}"
            found += [(name, each) for each in complaints(page, rules)]
        for width in (1280, 360):
            size = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 500}
            page.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            if page.js("return document.documentElement.scrollWidth") > width:
                found.append((name, f"wider than {width} pixels"))
        found += [(name, url) for url in page.requests() if not url.startswith((page.path.as_uri(), "data:"))]
        found += [(name, each) for each in page.complaints()]
    assert found == []


def column(page: Page, at: int) -> list[str]:
    """What stands in a column of the rows that are shown."""
    script = (
        "return [...document.querySelectorAll('.list tbody tr:not(.more)')].filter((row) => !row.hidden)"
        ".map((row) => row.cells[arguments[0]].textContent)"
    )
    return list(page.js(script, at))


def head(page: Page, name: str) -> int:
    names = page.js("return [...document.querySelectorAll('.list thead th')].map((one) => one.textContent)")
    return list(names).index(name)


def test_rows_are_sorted_by_any_column(page: Page, pages: dict[str, str]) -> None:
    page.open(pages["cooccurrence"])
    papers = head(page, "Papers")
    before = column(page, papers)
    assert len(set(before)) > 2
    button = page.chrome.find_elements(By.CSS_SELECTOR, ".list thead button")[papers]
    button.click()
    assert column(page, papers) == sorted(before, key=int, reverse=True)
    button.send_keys(Keys.ENTER)
    assert column(page, papers) == sorted(before, key=int)
    assert page.js("return document.querySelector('[aria-sort=ascending]').textContent") == "Papers"
    page.chrome.find_elements(By.CSS_SELECTOR, ".list thead button")[0].click()
    names = column(page, 0)
    assert names == list(page.js("return [...arguments[0]].sort((a, b) => a.localeCompare(b))", names))
    assert page.js("return document.querySelectorAll('[aria-sort]:not([aria-sort=none])').length") == 1
    below = page.js(
        "return [...document.querySelectorAll('.list tbody tr.more')].every((row) => "
        "row.querySelectorAll('li').length === Number(row.previousElementSibling.cells[arguments[0]].textContent))",
        papers,
    )
    assert below is True


def test_empty_cells_come_last_either_way(page: Page, pages: dict[str, str]) -> None:
    page.open(pages["leaderboard"])
    button = page.chrome.find_elements(By.CSS_SELECTOR, ".list thead button")[head(page, "Condition")]
    for _ in range(2):
        button.click()
        found = column(page, head(page, "Condition"))
        assert found == sorted(found, key=lambda cell: cell == "")
        assert {cell == "" for cell in found} == {True, False}


def test_rows_are_filtered_by_name(page: Page, pages: dict[str, str]) -> None:
    page.open(pages["cooccurrence"])
    whole = len(column(page, 0))
    field = page.chrome.find_element(By.ID, "search")
    field.send_keys("cifar RES")
    assert list(zip(column(page, 0), column(page, 1), strict=True)) == [("CIFAR-10", "ResNet")]
    assert page.text("#shown") == f"1 of {whole} rows"
    shown = "return [...document.querySelectorAll('.list tr.more')].filter((row) => row.checkVisibility()).length"
    assert page.js(shown) == 1
    field.send_keys(Keys.CONTROL, "a", Keys.NULL, "nothing is called so")
    assert column(page, 0) == []
    assert page.text("#shown") == f"0 of {whole} rows"


def test_a_cell_of_the_heat_map_opens_its_papers_and_their_sentences(page: Page, pages: dict[str, str]) -> None:
    page.open(pages["cooccurrence"], height=400)
    page.chrome.find_element(By.ID, "search").send_keys("nothing is called so")
    cells = page.chrome.find_elements(By.CSS_SELECTOR, ".heat a")
    cell = next(each for each in cells if "ImageNet and " in (each.get_attribute("title") or ""))
    number, title = cell.text.rstrip("•"), cell.get_attribute("title")
    cell.send_keys(Keys.ENTER)
    page.wait(lambda: page.js("return document.querySelector('.chosen + .more details')?.open"))
    row = page.chrome.find_element(By.CSS_SELECTOR, ".list .chosen")
    a, b, papers = (row.find_elements(By.CSS_SELECTOR, "th, td")[at].text for at in range(3))
    assert (papers, title.startswith(f"{a} and {b}: {papers} papers") if title else None) == (number, True)
    listed = page.chrome.find_elements(By.CSS_SELECTOR, ".chosen + .more li")
    assert len(listed) == int(papers)
    for each in listed:
        quotes = [quote.text for quote in each.find_elements(By.CSS_SELECTOR, "blockquote")]
        assert len(quotes) == 2
        assert all(quote.startswith("Sentence ") for quote in quotes)
    top = page.js("return document.querySelector('.chosen').getBoundingClientRect().top")
    assert 0 <= top < 400
    links = page.chrome.find_elements(By.CSS_SELECTOR, ".list .more a")
    assert {str(link.get_attribute("href"))[:20] for link in links} == {"https://example.org/"}


def test_a_page_says_where_not_all_papers_are_listed(page: Page, graph: Graph) -> None:
    page.open(FORMATS["html"](cooccurrence(graph, listed=2, top=1)))
    papers = int(column(page, head(page, "Papers"))[0])
    assert papers > 2
    assert page.text("summary") == f"{papers} papers, the newest 2 of them listed"
    assert page.js("return document.querySelectorAll('.more li').length") == 2
    assert "at most 2 papers are listed" in page.text("footer")


def test_a_chart_has_a_line_and_a_key_for_each_name(page: Page, pages: dict[str, str]) -> None:
    page.open(pages["trends"])
    assert page.js("return document.querySelectorAll('.chart polyline').length") == len(METHODS)
    assert page.js("return document.querySelectorAll('.chart circle').length") == len(METHODS)
    assert page.js("return document.querySelectorAll('.legend li').length") == len(METHODS)
    dashes = page.js(
        "return [...document.querySelectorAll('.chart polyline')].map((line) => getComputedStyle(line).strokeDasharray)"
    )
    assert len(set(dashes)) == len(METHODS)
    assert json.dumps(page.complaints()) == "[]"
