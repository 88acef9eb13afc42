"""Copying a graph to a server: whole, once, and on from where it stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kg.errors import GraphError
from kg.store import from_lines, open_graph, push, write
from tests.readings import lines
from tests.servers import Endpoint, serving
from tests.test_store import HOSTILE, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Literal

NAME = "https://example.org/papers"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(push, "_BATCH", {"gsp": 40, "update": 40})
    with serving() as endpoint:
        yield endpoint


@pytest.fixture(params=["graph.kg", "graph.nt"])
def graph(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path: Path = tmp_path / request.param
    write(path, [*lines(), *lines_of(*HOSTILE)])
    return path


@pytest.mark.parametrize("place", ["store", "update"])
@pytest.mark.parametrize("name", [None, NAME])
def test_all_arrives(server: Endpoint, graph: Path, place: str, name: str | None) -> None:
    copy = push.push(graph, f"{server.url}/{place}", name=name)
    assert len(list(copy)) == len(copy) > 2
    assert server.count(name) == copy.triples == len(list(open_graph(graph).lines()))
    arrived = from_lines([f"{quad.triple} ." for quad in server.store])
    assert list(arrived.lines()) == list(open_graph(graph).lines())
    server.seen.clear()
    assert list(push.push(graph, f"{server.url}/{place}", name=name)) == []
    assert server.seen == []


@pytest.mark.parametrize("method", push.METHODS)
def test_the_next_run_goes_on(server: Endpoint, graph: Path, method: Literal["gsp", "update"]) -> None:
    to = f"{server.url}/{ {'gsp': 'store', 'update': 'update'}[method] }"
    server.refuses_after = 2
    with pytest.raises(GraphError, match="answers 500: disk is"):
        list(push.push(graph, to, method=method))
    assert server.count() == 80
    server.refuses_after = -1
    server.seen.clear()
    copy = push.push(graph, to, method=method)
    assert copy.sent == 80
    list(copy)
    assert server.count() == copy.triples
    assert len(server.seen) == -(-(copy.triples - 80) // 40)


@pytest.mark.parametrize("place", ["store", "update"])
def test_a_changed_graph_replaces_only_if_asked_to(server: Endpoint, tmp_path: Path, place: str) -> None:
    to, path = f"{server.url}/{place}", tmp_path / "x.nt"
    write(path, lines_of("one", "two"))
    list(push.push(path, to))
    write(path, lines_of("three"), fresh=True)
    with pytest.raises(GraphError, match=r"has changed since it was pushed .*add --fresh"):
        push.push(path, to)
    list(push.push(path, to, fresh=True))
    assert server.count() == 1


def test_what_cannot_be_pushed(server: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "b.ttl").write_text("[] <http://a/b> 1 .")
    write(tmp_path / "x.nt", lines_of("one"))
    with pytest.raises(GraphError, match="blank nodes"):
        push.push(tmp_path / "b.ttl", server.url)
    with pytest.raises(GraphError, match="a directory or an RDF file"):
        push.push("http://a/b", server.url)
    with pytest.raises(GraphError, match="not an IRI"):
        push.push(tmp_path / "x.nt", server.url, name="> } ; DROP ALL")
    (tmp_path / "x.nt.pushes.json").write_text("{")
    with pytest.raises(GraphError, match="delete it"):
        push.push(tmp_path / "x.nt", server.url)


def test_no_password_is_kept(server: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_TOKEN", "t0ken")
    write(tmp_path / "x.nt", lines_of("one"))
    list(push.push(tmp_path / "x.nt", f"{server.url}/store"))
    kept = (tmp_path / "x.nt.pushes.json").read_text()
    assert "t0ken" not in kept
    assert [each["sent"] for each in json.loads(kept).values()] == [1]
