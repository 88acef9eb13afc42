"""A graph on a server: asked as a local one is, and every failure is one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import GraphError, QueryError
from kg.queries.cards import card, stats
from kg.store import from_lines, open_graph, protocol
from kg.store.pages import Page, prefixed
from tests.readings import lines
from tests.servers import Endpoint, free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = "SELECT ?s ?p WHERE { ?s ?p ?o }"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    for name in ("KG_USER", "KG_PASSWORD", "KG_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as endpoint:
        endpoint.store.load("\n".join(lines()).encode(), format=ox.RdfFormat.N_TRIPLES)
        yield endpoint


def asked(server: Endpoint, place: str, query: str = ROWS) -> list[dict[str, object]]:
    return open_graph(f"{server.url}/{place}").select(query)  # type: ignore[return-value]


def test_a_server_answers_as_a_local_graph_does(server: Endpoint) -> None:
    local, remote = from_lines(lines()), open_graph(f"{server.url}/sparql")
    assert list(remote.lines()) == list(local.lines())
    assert stats(remote) == stats(local)
    assert card(remote, "CIFAR-10") == card(local, "CIFAR-10")
    for query in ("SELECT ?s ?o { ?s kg:confidence ?o } ORDER BY ?s", "ASK { ?s a kg:Claim }"):
        assert remote.answer(query, format="csv") == local.answer(query, format="csv")
    made = "CONSTRUCT { ?s skos:prefLabel ?o } WHERE { ?s skos:prefLabel ?o }"
    assert remote.answer(made, format="turtle") == local.answer(made, format="turtle")


def test_short_questions_are_got_and_long_ones_are_posted(server: Endpoint) -> None:
    asked(server, "sparql?default-graph-uri=", ROWS)
    asked(server, "sparql", ROWS + "#" * 3000)
    assert [method for method, _, _ in server.seen] == ["GET", "POST"]
    assert "default-graph-uri=&query=" in server.seen[0][1]


def test_our_own_parser_refuses_before_anything_is_sent(server: Endpoint) -> None:
    for query in ("SELECT ?s { ?s ?p }", "DROP ALL", "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }"):
        with pytest.raises(QueryError, match="query line 1"):
            asked(server, "sparql", query)
    assert server.seen == []


@pytest.mark.parametrize("order", ["", "ORDER BY DESC(?o)", "ORDER BY ?s LIMIT 777"])
def test_what_a_limit_of_the_server_keeps_back_is_fetched(server: Endpoint, order: str) -> None:
    server.store.extend(many())
    query = f"SELECT ?s ?o WHERE {{ ?s <http://a/p> ?o }} {order}"
    whole = asked(server, "sparql", query)
    assert len(whole) == (777 if "LIMIT" in order else 2050)
    server.most = 100
    part = asked(server, "sparql", query)
    assert sorted(map(str, part)) == sorted(map(str, whole))
    if "DESC" in order:
        assert [row["o"] for row in part] == [row["o"] for row in whole]


def many() -> list[ox.Quad]:
    node = [ox.NamedNode(f"http://a/{number:04}") for number in range(2050)]
    return [ox.Quad(each, ox.NamedNode("http://a/p"), node[place // 7]) for place, each in enumerate(node)]


def test_a_page_keeps_the_order_of_the_query() -> None:
    page = Page("PREFIX a: <http://a/>\nSELECT ?x { ?x a a:B } ORDER BY DESC(?x)", ["x"])
    assert page.text(10, 20, nested=False) == (
        "PREFIX a: <http://a/>\nSELECT ?x { ?x a a:B } \nORDER BY  DESC(?x) ?x\nLIMIT 10 OFFSET 20"
    )


def test_a_prefix_of_the_users_own_is_left_alone() -> None:
    assert prefixed("PREFIX kg: <http://a/> SELECT * { ?x kg:y 1 }") == "PREFIX kg: <http://a/> SELECT * { ?x kg:y 1 }"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere", "nothing is there (404)"),
        ("forbidden", "wants credentials (403)"),
        ("fails", "answers 500: Line 1: out of \x1b[31mmemory"),
        ("elsewhere", "redirects to https://example.org/sparql"),
        ("html", "gives no SPARQL results (text/html)"),
        ("broken", "the answer is broken JSON"),
        ("odd", "gives no SPARQL results"),
        ("early", "gave up before the end (S1TAT)"),
        ("large", "the answer is larger than"),
    ],
)
def test_failures_are_one_line(server: Endpoint, monkeypatch: pytest.MonkeyPatch, place: str, told: str) -> None:
    monkeypatch.setattr(protocol, "MOST", 4000)
    with pytest.raises(GraphError) as caught:
        asked(server, place)
    assert told in str(caught.value)
    assert f"{server.url}/{place}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(server.seen) == 1, "what will not change is not tried again"


def test_a_busy_server_is_asked_again(server: Endpoint) -> None:
    assert asked(server, "busy", "SELECT ?s { ?s a kg:Result } LIMIT 1")
    assert len(server.seen) == 3


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_PAUSES", (0.0,))
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(GraphError, match=r"cannot be reached: .*is the server running\?"):
        open_graph(f"http://127.0.0.1:{free_port()}/sparql").select(ROWS)


@pytest.mark.parametrize("url", ["ftp://a/b", "http://", "http://a b/", "http://[x/", "http://u:secret@h/sparql"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(GraphError) as caught:
        open_graph(url)
    assert "secret" not in str(caught.value)


def test_credentials_are_sent_when_asked_for(server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    server.password = "hush"
    with pytest.raises(GraphError, match="wants credentials"):
        asked(server, "sparql")
    monkeypatch.setenv("KG_USER", "anna")
    monkeypatch.setenv("KG_PASSWORD", "hush")
    server.seen.clear()
    graph = open_graph(f"{server.url}/sparql")
    assert graph.select(ROWS)
    assert graph.select(ROWS)
    assert ["authorization" in headers for _, _, headers in server.seen] == [False, True, True]
    monkeypatch.setenv("KG_PASSWORD", "wrong-hush")
    with pytest.raises(GraphError, match="wants other credentials") as caught:
        asked(server, "sparql")
    assert "hush" not in str(caught.value)


def test_a_token_is_sent(server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    server.token = "t0ken"
    monkeypatch.setenv("KG_TOKEN", "t0ken")
    assert asked(server, "sparql")
