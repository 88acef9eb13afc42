"""Updates: the store by itself, and a server that takes them from who shows its token. Our own graphs."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import GraphError, QueryError
from kg.store import open_graph, update, write
from tests.test_serve import ROWS, lines, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.test_serve import Server

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")

TOKEN = "a-secret-of-some-length"
INSERT = 'INSERT DATA { <https://w3id.org/ml-kg/dataset/mnist> skos:altLabel "M" }'
ASK = 'ASK { <https://w3id.org/ml-kg/dataset/mnist> skos:altLabel "M" }'
TITLES = "SELECT ?title { ?paper a fabio:ResearchPaper ; dcterms:title ?title }"
NETWORK = [
    "LOAD <http://127.0.0.1/x>",
    "load<http://127.0.0.1/x>",
    "INSERT DATA { <a:b> <a:c> 1 } ; LOAD SILENT <http://127.0.0.1/x>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    write(tmp_path / "g.kg", ['<https://w3id.org/ml-kg/dataset/mnist> <a:b> "LOAD and SERVICE" .'])
    return tmp_path / "g.kg"


def test_readers_keep_what_they_have_open(graph: Path) -> None:
    before = open_graph(graph)
    update(graph, INSERT)
    assert len(list(before.lines())) == 1
    assert len(list(open_graph(graph).lines())) == 2


@pytest.mark.parametrize("text", [*NETWORK, "INSERT DATA {", "SELECT * { ?s ?p ?o }", "\ud800"])
def test_what_is_wrong_or_would_use_the_network_changes_nothing(graph: Path, text: str) -> None:
    with pytest.raises(QueryError, match=r"update|query line") as raised:
        update(graph, text)
    assert "\n" not in str(raised.value)
    assert len(list(open_graph(graph).lines())) == 1


def test_words_in_strings_are_no_commands(graph: Path) -> None:
    update(graph, 'INSERT DATA { <a:s> <a:load> "LOAD <x>" , "SERVICE" } # LOAD <y>')
    assert len(list(open_graph(graph).lines())) == 3


def test_only_a_directory_is_changed(tmp_path: Path) -> None:
    write(tmp_path / "g.nt", ["<a:s> <a:p> <a:o> ."])
    with pytest.raises(GraphError, match="directory"):
        update(tmp_path / "g.nt", INSERT)


def test_the_next_build_writes_what_papers_say(tmp_path: Path) -> None:
    runner = CliRunner()
    listing, place = tmp_path / "papers.jsonl", tmp_path / "g.kg"
    listing.write_text(json.dumps({"title": "We study CIFAR-10", "abstract": "We use ResNet on CIFAR-10."}), "utf-8")
    assert runner.invoke(cli, ["build", str(listing), "--graph", str(place)]).exit_code == 0
    before = list(open_graph(place).lines())
    update(place, "DELETE WHERE { ?paper dcterms:title ?title } ; INSERT DATA { <a:s> <a:p> <a:o> }")
    assert open_graph(place).select(TITLES) == []
    assert runner.invoke(cli, ["build", str(listing), "--graph", str(place)]).exit_code == 0
    assert list(open_graph(place).lines()) == before


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("written") / "small.kg"
    write(place, lines())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "KG_TOKEN", TOKEN)
        with serving(place, "--writable") as found:
            yield found


def posted(server: Server, text: str, token: str | None = TOKEN, *, form: bool = False) -> int:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if form:
        return server.client.post("/sparql", data={"update": text}, headers=headers).status_code
    headers["Content-Type"] = "application/sparql-update"
    return server.client.post("/sparql", content=text, headers=headers).status_code


@pytest.mark.parametrize("form", [False, True], ids=["body", "form"])
def test_the_token_decides(server: Server, *, form: bool) -> None:
    for token in (None, "wrong", TOKEN + "x", TOKEN[:-1]):
        assert posted(server, INSERT, token, form=form) == 401
    assert b"false" in server.ask(ASK).content
    assert posted(server, INSERT, form=form) == 204
    assert b"true" in server.ask(ASK).content
    assert posted(server, INSERT.replace("INSERT", "DELETE"), form=form) == 204
    assert b"false" in server.ask(ASK).content


@pytest.mark.parametrize("text", [*NETWORK, "INSERT DATA {"])
def test_a_wrong_update_is_told(server: Server, text: str) -> None:
    assert posted(server, text) == 400
    assert b"MNIST" in server.ask(ROWS).content


def test_what_an_update_is_not(server: Server) -> None:
    assert server.client.get("/sparql", params={"update": INSERT}).status_code == 400
    both = {"query": ROWS, "update": INSERT}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert server.client.post("/sparql", data=both, headers=headers).status_code == 400
    using = {"update": INSERT, "using-graph-uri": "http://x/"}
    assert server.client.post("/sparql", data=using, headers=headers).status_code == 400
    assert b"SPARQL11Update" in server.client.get("/sparql", headers={"Accept": "text/turtle"}).content


def test_a_graph_is_pushed_to_our_own_server(server: Server, tmp_path: Path) -> None:
    write(tmp_path / "more.kg", (f'<https://w3id.org/ml-kg/task/{n}> <a:pushed> "{n}" .' for n in range(1500)))
    pushed = CliRunner().invoke(
        cli, ["push", str(tmp_path / "more.kg"), "--to", f"{server.url}/sparql"], env={"KG_TOKEN": TOKEN}
    )
    assert pushed.exit_code == 0, pushed.output
    count = "SELECT (COUNT(*) AS ?n) { ?s <a:pushed> ?o }"
    assert server.ask(count, "text/csv").text.split() == ["n", "1500"]


@pytest.mark.parametrize("token", ["", "short", "with blanks in it, though long"])
def test_writing_needs_a_secret(graph: Path, token: str) -> None:
    told = CliRunner().invoke(cli, ["serve", str(graph), "--writable"], env={"KG_TOKEN": token})
    assert told.exit_code == 1
    assert "KG_TOKEN" in told.output
    assert "Traceback" not in told.output


def test_an_rdf_file_is_not_written(tmp_path: Path) -> None:
    write(tmp_path / "g.nt", ["<a:s> <a:p> <a:o> ."])
    told = CliRunner().invoke(cli, ["serve", str(tmp_path / "g.nt"), "--writable"], env={"KG_TOKEN": TOKEN})
    assert told.exit_code == 1
    assert "only read" in told.output
