"""SPARQL servers for tests: one of our own in this process, and a Virtuoso where there is one."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE, LINES = "application/sparql-results+json", "application/n-triples"
INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
MaxSortedTopRows = 1000
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = .
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 1000
"""


class Endpoint:
    """A small SPARQL server of our own; `seen` are its requests as (method, path, headers)."""

    def __init__(self, url: str) -> None:
        self.url, self.store = url, ox.Store()
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.most = 0
        self.refuses_after = -1
        self.password = ""
        self.token = ""

    def count(self, graph: str | None = None) -> int:
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, name))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: Endpoint

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.endpoint.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        parts = urlsplit(self.path)
        values = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        if self.headers.get("Content-Type") == "application/x-www-form-urlencoded":
            values |= {k: v[0] for k, v in parse_qs(body.decode()).items()}
        way = getattr(self, "at_" + parts.path.strip("/").replace("-", "_"), None)
        if way is None:
            self.answer(404, "text/plain", b"no such place")
        elif self.allowed():
            way(values, body)

    do_POST = do_PUT = do_GET  # noqa: N815 - names of the standard library

    def allowed(self) -> bool:
        said, known = self.headers.get("Authorization", ""), self.endpoint
        wanted = f"Bearer {known.token}" if known.token else ""
        if known.password:
            wanted = "Basic " + base64.b64encode(f"anna:{known.password}".encode()).decode()
        if wanted in ("", said):
            return True
        self.answer(401, "text/plain", b"who are you?", WWW_Authenticate='Basic realm="x"')
        return False

    def at_sparql(self, values: dict[str, str], _: bytes) -> None:
        found = self.endpoint.store.query(values["query"])
        if isinstance(found, ox.QueryTriples):
            self.answer(200, LINES, ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"")
        elif isinstance(found, ox.QuerySolutions) and self.endpoint.most:
            names = [name.value for name in found.variables]
            kept = [dict(zip(names, row, strict=True)) for row in found][: self.endpoint.most]
            rows = [{k: {"type": "uri", "value": v.value} for k, v in row.items() if v} for row in kept]
            if names == ["kg_rows"]:
                rows = [{"kg_rows": {"type": "typed-literal", "value": row["kg_rows"].value}} for row in kept]
            self.answer(200, TABLE, json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode())
        else:
            self.answer(200, TABLE, found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    def at_update(self, values: dict[str, str], _: bytes) -> None:
        if self.full():
            self.endpoint.store.update(values["update"])
            self.answer(204, "text/plain", b"")

    def at_store(self, values: dict[str, str], body: bytes) -> None:
        name = ox.NamedNode(values["graph"]) if "graph" in values else ox.DefaultGraph()
        if self.full():
            if self.command == "PUT":
                self.endpoint.store.clear_graph(name)
            self.endpoint.store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
            self.answer(204, "text/plain", b"")

    def full(self) -> bool:
        if self.endpoint.refuses_after == 0:
            self.answer(500, "text/html", b"<html><head><title>t</title></head><h1>disk is\nfull</h1>")
            return False
        self.endpoint.refuses_after -= 1
        return True

    def at_html(self, *_: Any) -> None:
        self.answer(200, "text/html", b"<h1>Welcome</h1>")

    def at_broken(self, *_: Any) -> None:
        self.answer(200, TABLE, b'{"head": {"vars": ["x"')

    def at_odd(self, *_: Any) -> None:
        self.answer(200, TABLE, b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": 3}]}}')

    def at_forbidden(self, *_: Any) -> None:
        self.answer(403, "text/plain", b"no")

    def at_fails(self, *_: Any) -> None:
        self.answer(500, "text/plain", b"\nLine 1: out of \x1b[31mmemory\nmore")

    def at_elsewhere(self, *_: Any) -> None:
        self.answer(302, "text/plain", b"", Location="https://u:p@example.org/sparql")

    def at_early(self, *_: Any) -> None:
        empty = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
        self.answer(200, TABLE, empty, X_SQL_State="S1TAT")

    def at_busy(self, values: dict[str, str], body: bytes) -> None:
        if len(self.endpoint.seen) < 3:
            self.answer(503, "text/plain", b"later", Retry_After="0")
        else:
            self.at_sparql(values, body)

    def at_large(self, *_: Any) -> None:
        self.answer(200, TABLE, b" " * 5000)


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Our own endpoint on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Bound", (Handler,), {"endpoint": endpoint})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """A Virtuoso with a new database; gives its address. It gives and sorts 1,000 rows at most."""
    program = shutil.which("virtuoso-t")
    assert program
    web = free_port()
    (folder / "virtuoso.ini").write_text(INI.format(port=free_port(), web=web))
    with subprocess.Popen(
        [program, "+configfile", "virtuoso.ini", "+foreground"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            for _ in range(240):
                try:
                    with urlopen(f"http://127.0.0.1:{web}/sparql?query=ASK%7B%7D", timeout=5) as reply:
                        reply.read()
                    break
                except OSError:
                    assert process.poll() is None, (folder / "virtuoso.log").read_text("utf-8", "replace")[-2000:]
                    time.sleep(0.5)
            yield f"http://127.0.0.1:{web}"
        finally:
            process.kill()
