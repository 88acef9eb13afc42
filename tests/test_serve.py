"""A real server on a free loopback port, asked by httpx and by clients that no one here wrote. Our own graph."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from kg.cli import cli
from kg.extras import install
from kg.serve.ahead import chosen, read_ahead
from kg.store import write

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's reader of JSON-LD

RUN = "from kg.cli import main\nif __name__ == '__main__':\n    main()\n"
BASE = "https://w3id.org/ml-kg/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
KG = f"{BASE}ontology#"
TITLE = "http://purl.org/dc/terms/title"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \u202eevil"
ROWS = "SELECT ?label { <https://w3id.org/ml-kg/dataset/mnist> skos:prefLabel ?label }"
TRIPLES = "CONSTRUCT { ?s skos:prefLabel ?o } WHERE { ?s skos:prefLabel ?o }"
#: Some 10^13 rows to count.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SECONDS = 1.5
#: Where .ci/run installs it; elsewhere it may stand on the path.
COMUNICA = Path(__file__).parents[1] / ".venv" / "comunica" / "node_modules" / ".bin"
ROW_TYPES = {
    "application/sparql-results+json": b'"MNIST"',
    "application/sparql-results+xml": b"<literal>MNIST</literal>",
    "text/csv": b"label\r\nMNIST\r\n",
    "text/tab-separated-values": b'?label\n"MNIST"\n',
}
GRAPH_TYPES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


def lines() -> Iterator[str]:
    mnist, paper, evil = f"<{BASE}dataset/mnist>", f"<{BASE}paper/doi:10.1/x%3Cy>", f"<{BASE}dataset/evil>"
    yield f"{mnist} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Dataset> ."
    yield f'{mnist} <{SKOS}prefLabel> "MNIST" .'
    yield f"{paper} <{KG}evaluatesOn> {mnist} ."
    yield f'{paper} <{TITLE}> "A paper" .'
    yield f"{evil} <{SKOS}prefLabel> {json.dumps(HOSTILE)} ."
    yield f"{evil} <{SKOS}closeMatch> <javascript:alert(1)> ."
    yield f"{evil} <{SKOS}closeMatch> <{BASE}/example.org/x> ."
    yield f'{evil} <{TITLE}> "{"<b>" * 400_000}" .'
    for number in range(1100):
        yield f"<{BASE}paper/{number}> <{KG}uses> <{BASE}method/common> ."
    for one, two in product(range(30), repeat=2):
        yield f"<{BASE}task/{one}> <{SKOS}related> <{BASE}task/{two}> ."


class Server:
    """A running `kg serve`."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url
        self.client = httpx.Client(base_url=url, timeout=30)

    def ask(self, query: str, accept: str | None = None, **headers: str) -> httpx.Response:
        return self.client.get(
            "/sparql", params={"query": query}, headers=headers | ({"Accept": accept} if accept else {})
        )

    def document(self, path: str, accept: str) -> httpx.Response:
        return self.client.get(path, headers={"Accept": accept})

    def stop(self, number: signal.Signals = signal.SIGTERM, *, group: bool = False) -> tuple[int, list[str]]:
        """The exit code, and what was told; a terminal and a supervisor signal the whole group."""
        (os.killpg if group else os.kill)(self.process.pid, number)
        _, told = self.process.communicate(timeout=20)
        return self.process.returncode, told.splitlines()

    def has_left_processes(self) -> bool:
        for _ in range(50):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.1)
        return True


@contextmanager
def serving(graph: Path, *options: str) -> Iterator[Server]:
    words = [sys.executable, "-c", RUN, "serve", str(graph), "--port", "0", *options]
    process = subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, start_new_session=True, env=os.environ | {"NO_COLOR": "1"}
    )
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        while first.startswith("Reading "):  # on a machine that does other work
            first = process.stderr.readline()
        assert first.startswith("Serving "), first + process.stderr.read()
        server = Server(process, first.split(" at ")[1].split()[0].rstrip("/"))
        with server.client:
            yield server
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("served") / "small.kg"
    write(found, lines())
    return found


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    with serving(
        place, "--timeout", str(SECONDS), "--max-answer", "1", "--max-request", "4", "--memory", "512"
    ) as found:
        yield found


@pytest.mark.parametrize("kind", ROW_TYPES)
def test_rows(server: Server, kind: str) -> None:
    answer = server.ask(ROWS, kind)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert ROW_TYPES[kind] in answer.content
    assert b"true" in server.ask("ASK { ?s ?p ?o }", kind).content


def test_the_dataset_of_a_request(server: Server) -> None:
    """There is one graph here, and it has no name: other graphs are empty, whatever the query says."""
    for values in ({"default-graph-uri": "http://example.org/"}, {"named-graph-uri": "http://example.org/"}):
        answer = server.client.get("/sparql", params={"query": "ASK { ?s ?p ?o }", **values})
        assert (answer.status_code, b"false" in answer.content) == (200, True)


@pytest.mark.parametrize("kind", GRAPH_TYPES)
def test_triples(server: Server, kind: str) -> None:
    query = (
        f"CONSTRUCT {{ ?s skos:prefLabel ?o }} WHERE {{ VALUES ?s {{ <{BASE}dataset/mnist> }} ?s skos:prefLabel ?o }}"
    )
    for answer in (server.ask(query, kind), server.document("/dataset/mnist", kind)):
        assert answer.headers["content-type"].partition(";")[0] == kind
        found = Graph().parse(data=answer.content, format=GRAPH_TYPES[kind])
        assert "MNIST" in {str(each) for each in found.objects()}


def test_the_three_forms_of_a_query(server: Server) -> None:
    got = server.ask(ROWS)
    form = server.client.post("/sparql", data={"query": ROWS})
    body = server.client.post(
        "/sparql", content=ROWS, headers={"Content-Type": "application/sparql-query; charset=utf-8"}
    )
    assert got.json() == form.json() == body.json()
    assert [each["label"]["value"] for each in got.json()["results"]["bindings"]] == ["MNIST"]
    assert server.client.head("/sparql", params={"query": ROWS}).content == b""


@pytest.mark.parametrize(
    ("method", "request_", "status", "words"),
    [
        ("GET", {"params": {"query": "SELECT * { ?s ?p }"}}, 400, "query line 1, column 18"),
        ("GET", {"params": {"query": "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"}}, 400, "SERVICE"),
        ("GET", {"params": {"query": "LOAD <http://localhost:1/>"}}, 400, "LOAD would change the graph"),
        ("GET", {"params": {"query": "ASK {}", "default-graph-uri": "no iri"}}, 400, "no IRI"),
        ("GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400, "one query"),
        ("GET", {"params": {"format": "json"}}, 400, "one query"),
        ("GET", {"url": "/sparql?query=%ff"}, 400, "UTF-8"),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 403, "only read"),
        ("POST", {"content": b"CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}, 403, "only read"),
        ("POST", {"content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}, 400, "UTF-8"),
        ("POST", {"content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415, "text/plain"),
        ("POST", {"data": {"query": "#" * 5000}}, 413, "larger than 4096 bytes"),
        ("GET", {"params": {"query": ROWS}, "headers": {"Accept": "image/png"}}, 406, "Accept"),
        ("GET", {"params": {"query": ROWS}, "headers": {"Accept": "text/turtle"}}, 406, "the answer is rows"),
        ("GET", {"params": {"query": TRIPLES}, "headers": {"Accept": "text/csv"}}, 406, "the answer is triples"),
        ("GET", {"params": {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}}, 400, "larger than 1 MB"),
        ("PUT", {}, 405, "Method Not Allowed"),
    ],
)
def test_what_is_wrong_is_one_line(
    server: Server, method: str, request_: dict[str, Any], status: int, words: str
) -> None:
    answer = server.client.request(method, **({"url": "/sparql"} | request_))
    assert answer.status_code == status
    assert words.lower() in answer.text.lower()
    assert len(answer.text.strip().splitlines()) == 1
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_long_query_is_stopped_and_stops_no_other(server: Server) -> None:
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as threads:
        endless = threads.submit(server.ask, ENDLESS)
        while not endless.done():
            assert server.ask(ROWS).status_code == 200
            assert server.document("/dataset/mnist", "text/turtle").status_code == 200
            time.sleep(0.1)
    assert SECONDS <= time.monotonic() - begun < SECONDS + 2
    assert (endless.result().status_code, "was stopped" in endless.result().text) == (500, True)
    assert [server.ask(ROWS).status_code for _ in range(4)] == [200] * 4


def test_more_queries_than_may_wait_are_refused(place: Path) -> None:
    with (
        serving(place, "--queries", "1", "--waiting", "1", "--timeout", "1") as server,
        ThreadPoolExecutor(4) as threads,
    ):
        answers = [each.result() for each in [threads.submit(server.ask, ENDLESS) for _ in range(4)]]
        statuses = [each.status_code for each in answers]
        assert statuses.count(503) >= 2
        assert 500 in statuses
        assert {each.headers.get("retry-after") for each in answers if each.status_code == 503} == {"5"}
        assert server.client.get("/health").json()["status"] == "ok"
        code, told = server.stop(signal.SIGINT, group=True)
        assert code == 0
        assert ENDLESS not in "".join(told)  # the log tells queries only to who wants them


def test_a_hostile_host_is_not_repeated(server: Server) -> None:
    assert "a>b" not in server.client.get("/sparql", headers={"Host": "a>b"}).text


def test_cors_and_description(server: Server) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert server.client.options("/sparql", headers=asked).headers["access-control-allow-origin"] == "*"
    assert server.ask(ROWS, Origin="https://example.org").headers["access-control-allow-origin"] == "*"
    for kind, form in GRAPH_TYPES.items():
        found = Graph().parse(data=server.document("/sparql", kind).content, format=form)
        assert f"{server.url}/sparql" in {str(each) for each in found.objects()}
    assert "<textarea" in server.document("/sparql", "text/html").text


def test_linked_data(server: Server) -> None:
    page = server.document("/dataset/mnist", "text/html,application/xml;q=0.9,*/*;q=0.8")
    assert page.headers["content-type"].startswith("text/html")
    assert "<title>MNIST</title>" in page.text
    assert "href='/paper/doi:10.1/x%3Cy'><bdi>A paper</bdi>" in page.text
    assert "A paper" in server.document("/paper/doi:10.1/x%3Cy", "text/turtle").text
    assert "kg:evaluatesOn" in server.document("/ontology", "text/html").text
    assert len(Graph().parse(data=server.document("/ontology", "text/turtle").text)) > 100
    assert server.document("/dataset/none", "text/html").status_code == 404
    assert server.document("/dataset/mnist", "image/png").status_code == 406
    assert server.document("/%00%0a<>%zz", "text/html").status_code == 404


def test_what_is_cut_says_so(server: Server) -> None:
    answer = server.document("/method/common", "application/n-triples")
    assert len(answer.text.splitlines()) == 1000
    more = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert len(server.client.get(more).json()["results"]["bindings"]) == 1100
    assert "These are 1000 of" in server.document("/method/common", "text/html").text


def test_hostile_text_is_inert(server: Server) -> None:
    page = server.document("/dataset/evil", "text/html")
    assert len(page.content) < 20_000
    for harm in ("<script", "<img", "\u202e", "href='javascript", "href='//", "<b>"):
        assert harm not in page.text
    assert "&lt;script&gt;" in page.text
    assert "the first 2000 of 1200000 characters" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what older rdflibs use of pyparsing
def test_rdflib_is_a_client(server: Server) -> None:
    for method in ("GET", "POST", "POST_FORM"):
        graph = Graph(SPARQLStore(f"{server.url}/sparql", method=method))
        rows = list(graph.query(f"SELECT ?o {{ <{BASE}dataset/mnist> <{SKOS}prefLabel> ?o }}"))
        assert [str(row[0]) for row in rows] == ["MNIST"]  # type: ignore[index]


def test_sparqlwrapper_is_a_client(server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    client.setQuery(ROWS)
    for method, form in product((wrapper.GET, wrapper.POST), (wrapper.JSON, wrapper.XML, wrapper.CSV, wrapper.TSV)):
        client.setMethod(method)
        client.setReturnFormat(form)
        found = client.query().convert()
        assert "MNIST" in (found.toxml() if form == wrapper.XML else str(found))
    client.setQuery(TRIPLES)
    for form in (wrapper.TURTLE, wrapper.RDFXML, wrapper.N3):
        client.setReturnFormat(form)
        assert client.query().convert()


def test_comunica_is_a_client(server: Server) -> None:
    program = shutil.which("comunica-sparql") or shutil.which("comunica-sparql", path=str(COMUNICA))
    if program is None:
        pytest.skip("no comunica here: npm install --prefix .venv/comunica @comunica/query-sparql")

    def asked(query: str, kind: str) -> str:
        words = [program, f"sparql@{server.url}/sparql", query, "-t", kind]
        return subprocess.run(words, check=True, capture_output=True, text=True, timeout=120).stdout

    labels = f"SELECT ?o {{ <{BASE}dataset/mnist> a <{KG}Dataset> ; <{SKOS}prefLabel> ?o }}"
    found = json.loads(asked(labels, "application/sparql-results+json"))
    assert [row["o"]["value"] for row in found["results"]["bindings"]] == ["MNIST"]
    assert asked(f'ASK {{ ?s <{SKOS}prefLabel> "MNIST" }}', "simple").strip() == "true"
    renamed = f"CONSTRUCT {{ ?s <{SKOS}hiddenLabel> ?o }} WHERE {{ ?s <{SKOS}prefLabel> ?o }}"
    assert f'<{BASE}dataset/mnist> <{SKOS}hiddenLabel> "MNIST" .' in asked(renamed, "application/n-triples")


def test_what_was_asked_before_is_known_still(server: Server) -> None:
    """Even while all processes are busy."""
    rows = server.ask(ROWS)
    with ThreadPoolExecutor(2) as threads:
        busy = [threads.submit(server.ask, ENDLESS) for _ in range(2)]
        time.sleep(SECONDS / 4)
        assert server.ask(ROWS).content == rows.content
        assert not any(each.done() for each in busy)
    chance = [server.ask("SELECT (RAND() AS ?n) {}").text for _ in range(2)]
    assert chance[0] != chance[1]


def test_the_only_process_is_replaced(tmp_path: Path) -> None:
    """Whatever ends it, and whenever the file that it has loaded is written anew."""
    greedy = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f), STR(?i))) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    file = tmp_path / "small.nt"
    write(file, lines())
    with serving(file, "--memory", "16", "--queries", "1", "--timeout", "30") as server:
        with pytest.raises(httpx.ReadTimeout):
            server.client.get("/sparql", params={"query": ENDLESS}, timeout=0.3)
        begun = time.monotonic()
        assert "MNIST" in server.ask(ROWS).text
        assert time.monotonic() - begun < 15
        if sys.platform.startswith("linux"):
            answer = server.ask(greedy)
            assert (answer.status_code, "more than 16 MB" in answer.text) == (500, True)
        write(file, [f'<{BASE}dataset/mnist> <{SKOS}prefLabel> "newer" .'], fresh=True)
        assert "newer" in server.ask(ROWS).text
        assert "newer" in server.document("/dataset/mnist", "text/turtle").text
        code, told = server.stop(group=True)
        assert [json.loads(line)["status"] for line in told][:2] == [499, 200]
        assert (code, server.has_left_processes()) == (0, False)


def test_it_stops_when_what_runs_is_done(place: Path) -> None:
    with serving(place, "--timeout", "1.5", "--verbose") as server, ThreadPoolExecutor(1) as threads:
        running = threads.submit(server.ask, ENDLESS)
        server.client.get("/health?secret")
        time.sleep(0.3)
        code, told = server.stop()
        assert running.result().status_code == 500  # an answer, and no broken connection
    assert code == 0
    log = [json.loads(line) for line in told]
    assert [(each["method"], each["path"], each["status"]) for each in log] == [
        ("GET", "/health", 200),
        ("GET", "/sparql", 500),
    ]
    assert log[1]["query"] == ENDLESS
    assert log[1]["ms"] > 1000
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/health")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.kg"], "missing.kg: no such graph"),
        (["https://example.org/sparql"], "is served already"),
        (["{place}", "--port", "{port}"], "address already in use: try another --port"),
        (["{place}", "--host", "no.such.host.invalid"], "try another --port, or --host 127.0.0.1"),
        (["{place}", "--host", "192.0.2.1"], "cannot assign requested address"),
    ],
)
def test_what_cannot_be_served_is_one_line(place: Path, words: list[str], message: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        filled = [word.format(place=place, port=taken.getsockname()[1]) for word in words]
        ended = CliRunner().invoke(cli, ["serve", *filled])
    assert ended.exit_code == 1
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_what_is_not_installed_is_one_line(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.cli.serve.find_spec", lambda _: None)
    ended = CliRunner().invoke(cli, ["serve", str(place)])
    assert (ended.exit_code, ended.stderr) == (
        1,
        f"Error: kg serve needs two more libraries: {install('serve')}\n",
    )


def test_files_are_read_ahead_as_far_as_memory_goes(tmp_path: Path) -> None:
    for name, size in (("search.sqlite", 10), ("store/000001.sst", 20), ("store/000002.sst", 30), ("reports.npz", 5)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(size))
    assert [path.name for path in chosen(tmp_path, 60)] == ["search.sqlite", "000001.sst", "000002.sst"]
    assert [path.name for path in chosen(tmp_path, 40)] == ["search.sqlite", "000001.sst"]
    assert list(chosen(tmp_path / "papers.ttl", 40)) == []
    read_ahead(str(tmp_path / "papers.ttl"))
