"""A real server gives the answers of the directory: Virtuoso, where it is installed, with limits of 1,000 rows."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kg.cli.app import cli
from kg.model import KINDS
from kg.queries import NAMED
from kg.queries.cards import card
from kg.render import network
from kg.store import open_graph, push, write
from tests.readings import lines
from tests.servers import virtuoso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.virtuoso,
    pytest.mark.skipif(shutil.which("virtuoso-t") is None, reason="no Virtuoso: install virtuoso-opensource-7-bin"),
]

NAME = "https://example.org/papers"
SAID = {
    "dataset": "CIFAR-10", "also": "ImageNet", "method": "MixMatch", "task": "semi-supervised learning",
    "paper": "openreview:HklkeR4KPB", "name": "match", "entity": "Method:MixMatch", "year": "2020", "papers": "1",
    "venue": "ICLR", "other": "ACL", "below": "0.99", "since": "2019", "limit": "500",
}  # fmt: skip


def more(number: int) -> Iterator[str]:
    """The same readings under other names of papers: a graph larger than the server's limits; of our own making."""
    kinds = ("/paper/", "/claim/", "/sentence/", "/result/", '"openreview:')
    for copy in range(number):
        for line in lines():
            for kind in kinds if copy else ():
                line = line.replace(kind, f"{kind}{copy}-")  # noqa: PLW2901 - the same line under other names
            yield line


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("virtuoso")
    graph = folder / "papers.kg"
    write(graph, more(40))
    with pytest.MonkeyPatch.context() as patch, virtuoso(folder) as server:
        patch.setenv("NO_PROXY", "*")
        patch.setenv("KG_USER", "dba")
        patch.setenv("KG_PASSWORD", "dba")
        for _ in push.push(graph, f"{server}/sparql-graph-crud-auth", name=NAME):
            pass
        yield str(graph), f"{server}/sparql?default-graph-uri={NAME}"


def printed(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit):
        cli.main(list(words), "kg")
    found = capfd.readouterr()
    assert found.out, found.err
    return found.out


def test_all_triples_are_there(places: tuple[str, str]) -> None:
    local, remote = map(open_graph, places)
    found = list(local.lines())
    assert len(found) > 5000
    assert list(remote.lines()) == found


@pytest.mark.parametrize("name", NAMED)
def test_every_named_query_gives_the_same(places: tuple[str, str], name: str, capfd: Any) -> None:
    settings = [word for each in NAMED[name].parameters for word in ("--set", f"{each.name}={SAID[each.name]}")]
    local, remote = (printed(capfd, "query", place, "--name", name, *settings, "-o", "json") for place in places)
    assert json.loads(remote) == json.loads(local)


def test_cards_are_the_same(places: tuple[str, str]) -> None:
    local, remote = map(open_graph, places)
    for name in ("CIFAR-10", "MixMatch", "accuracy", "semi-supervised learning"):
        assert card(remote, name) == card(local, name)


@pytest.mark.parametrize(
    "words",
    [
        ("stats", ""),
        ("show", "", "CIFAR-10"),
        ("report", "cooccurrence", "", "--papers"),
        ("report", "cooccurrence", "", "-o", "csv"),
        ("query", "", "CONSTRUCT { ?e skos:prefLabel ?l } WHERE { ?e skos:prefLabel ?l }"),
    ],
)
def test_commands_print_the_same(places: tuple[str, str], words: tuple[str, ...], capfd: Any) -> None:
    local, remote = (printed(capfd, *(word or place for word in words)) for place in places)
    assert remote == local


def test_pictures_are_the_same(places: tuple[str, str]) -> None:
    drawn = [network(open_graph(each), top=150, kinds=KINDS, focus=None, depth=1, min_papers=1) for each in places]
    assert drawn[0] == drawn[1]


def test_updates_work_too(places: tuple[str, str], tmp_path: Path) -> None:
    path, other = tmp_path / "x.nt", "https://example.org/other"
    write(path, lines())
    server = places[1].partition("/sparql?")[0]
    for _ in range(2):
        for _ in push.push(path, f"{server}/sparql-auth", name=other, fresh=True):
            pass
    assert list(open_graph(f"{server}/sparql?default-graph-uri={other}").lines()) == list(open_graph(path).lines())
