"""Copying a graph to a SPARQL server, in batches; what was sent is kept in a small file, so that the next run goes on.

By the Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/) or by SPARQL Update. A graph is a set
of triples without blank nodes here, so that sending a batch twice does no harm.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from kg.errors import GraphError
from kg.store.addresses import is_url, shown
from kg.store.open import open_graph
from kg.store.places import place
from kg.store.protocol import Server
from kg.terms import iri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.store.graph import Graph

__all__ = ["METHODS", "Push", "push"]

METHODS: Final = ("gsp", "update")
#: Triples a request: a server reads N-Triples in a stream, and an update as one text.
_BATCH: Final = {"gsp": 20_000, "update": 1_000}
_STATE: Final = "pushes.json"
_OF_UPDATES: Final = re.compile(r"(?:^|/)(?:update|query|sparql|sparql-auth|sparql-oauth)/?$", re.IGNORECASE)
_BLANK: Final = re.compile(r"_:|<[^>]*> <[^>]*> _:")


@dataclass(slots=True)
class _State:
    """How much of which graph a server has: `sent` triples of `triples`, `fresh` if what was there was to go."""

    digest: str
    triples: int
    sent: int
    fresh: bool


class Push:
    """A graph on its way to a server; going through it sends the rest, batch by batch."""

    def __init__(
        self, graph: Graph, server: Server, path: Path, state: _State, *, method: str, name: str | None
    ) -> None:
        """Keep what `push` found out; nothing is sent yet."""
        self._graph, self._server, self._name, self._path, self._state = graph, server, name, path, state
        self.method = method
        self.size = _BATCH[method]
        self._batches = -(-(state.triples - state.sent) // self.size)

    @property
    def triples(self) -> int:
        """All triples of the graph."""
        return self._state.triples

    @property
    def sent(self) -> int:
        """The triples that the server has."""
        return self._state.sent

    def __len__(self) -> int:
        """The number of batches that were left when this began."""
        return self._batches

    def __iter__(self) -> Iterator[int]:
        """Send the rest; gives the number of triples that the server has after each batch. Raises GraphError."""
        try:
            _save(self._path, self._key, self._state)
            lines = islice(self._graph.unsorted(), self._state.sent, None)
            while batch := list(islice(lines, self.size)):
                self._send(batch, first=self._state.sent == 0)
                self._state.sent += len(batch)
                _save(self._path, self._key, self._state)
                yield self._state.sent
        finally:
            self._server.close()

    @property
    def _key(self) -> str:
        return _key(self._server, self._name)

    def _send(self, batch: list[str], *, first: bool) -> None:
        text = "".join(f"{line}\n" for line in batch)
        replaces = first and self._state.fresh
        if self.method == "gsp":
            values = {"graph": self._name} if self._name else {"default": ""}
            verb = "PUT" if replaces else "POST"
            self._server.send(verb, values, text.encode(), "application/n-triples", again=True)
            return
        if replaces:
            self._update(f"CLEAR SILENT GRAPH <{self._name}>" if self._name else "CLEAR SILENT DEFAULT")
        self._update(
            f"INSERT DATA {{ GRAPH <{self._name}> {{\n{text}}} }}" if self._name else f"INSERT DATA {{\n{text}}}"
        )

    def _update(self, text: str) -> None:
        self._server.post({"update": text}, "*/*", again=True)


def push(
    graph: str | Path,
    to: str,
    *,
    method: Literal["gsp", "update"] | None = None,
    name: str | None = None,
    fresh: bool = False,
) -> Push:
    """Prepare to copy a graph to a server; going through the result sends it.

    What an earlier run sent of the same graph is not sent again; `fresh` starts over and replaces what the server has.
    `name` is the named graph there. Without a method, an address that ends in update, query, sparql or sparql-auth
    gets updates, and any other the Graph Store Protocol.

    Raises GraphError if the graph cannot be read or has blank nodes, or if another state of it was sent there before.
    """
    if is_url(graph):
        raise GraphError(f"{shown(str(graph))}: what is copied is a directory or an RDF file: name one")
    if name is not None:
        iri(name)
    server = Server(to)
    opened = open_graph(graph)
    digest, triples = _measured(opened, graph)
    path = _state_file(graph)
    known = _load(path).get(_key(server, name))
    if known is None or fresh:
        known = _State(digest, triples, 0, fresh)
    elif known.digest != digest:
        raise GraphError(
            f"{graph} has changed since it was pushed to {shown(to)}: add --fresh to replace what is there"
        )
    return Push(opened, server, path, known, method=method or _method(to), name=name)


def _method(to: str) -> Literal["gsp", "update"]:
    """Tell how a server is written to, by the end of its address.

    >>> _method("http://localhost:7878/store"), _method("http://localhost:3030/papers/update")
    ('gsp', 'update')
    """
    return "update" if _OF_UPDATES.search(urlsplit(to).path) else "gsp"


def _measured(graph: Graph, name: object) -> tuple[str, int]:
    """The digest of all triples, and their number."""
    digest, count = hashlib.sha256(), 0
    for line in graph.unsorted():
        if _BLANK.match(line):
            raise GraphError(f"{name} has blank nodes, which batches would take apart: name them first")
        digest.update(f"{line}\n".encode())
        count += 1
    return digest.hexdigest(), count


def _key(server: Server, name: str | None) -> str:
    return f"{server.url} {name}" if name else server.url


def _state_file(graph: str | Path) -> Path:
    path, form = place(graph)
    return path / _STATE if form is None else path.with_name(f"{path.name}.{_STATE}")


def _load(path: Path) -> dict[str, _State]:
    try:
        rows: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
        return {key: _State(**row) for key, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise GraphError(f"{path} cannot be read: delete it and push with --fresh") from error


def _save(path: Path, key: str, state: _State) -> None:
    states = {other: asdict(each) for other, each in _load(path).items()} | {key: asdict(state)}
    waiting = path.with_name(f".{path.name}")
    try:
        waiting.write_text(json.dumps(states, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n")
        waiting.replace(path)
    except OSError as error:
        raise GraphError(f"{path} cannot be written: {error.strerror or error}") from error
