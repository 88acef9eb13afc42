"""The services that `kg fetch` asks, played on loopback with answers written for these tests, from specifications."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Parameters = dict[str, str]


@dataclass
class Answer:
    """What is sent: a body, cut before its end if `cut` says after how many bytes."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Asked:
    """What came: the path, the parameters, and the headers in small letters."""

    path: str
    parameters: Parameters
    headers: dict[str, str]


@dataclass
class Playing:
    """A service that plays: its address, what it was asked, and failures that come before its next answers."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    failures: list[Answer] = field(default_factory=list)


@contextmanager
def playing(answer: Callable[[Asked], Answer]) -> Iterator[Playing]:
    """Serve what `answer` gives until the end of the block."""
    state = Playing()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked = Asked(parts.path, parameters, {name.lower(): value for name, value in self.headers.items()})
            state.asked.append(asked)
            given = state.failures.pop(0) if state.failures else answer(asked)
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body[: given.cut])
            if given.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server has
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def as_json(value: Any) -> Answer:
    return Answer(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def openalex(works: int, size: int = 3) -> Callable[[Asked], Answer]:
    """OpenAlex with so many works, and pages of that size whatever is asked for."""

    def answer(asked: Asked) -> Answer:
        start = 0 if asked.parameters["cursor"] == "*" else int(asked.parameters["cursor"])
        end = min(start + size, works)
        return as_json(
            {
                "meta": {"count": works, "next_cursor": str(end) if end < works else None},
                "results": [
                    {"id": f"https://openalex.org/W{n}", "title": f"The Title of Work {n}", "authorships": []}
                    for n in range(start, end)
                ],
            }
        )

    return answer


def semantic_scholar(papers: int, size: int = 2) -> Callable[[Asked], Answer]:
    """Semantic Scholar's bulk search with so many papers."""

    def answer(asked: Asked) -> Answer:
        start = int(asked.parameters.get("token", "0"))
        end = min(start + size, papers)
        data = [{"paperId": f"{n:040}", "title": f"The Title of Paper {n}"} for n in range(start, end)]
        return as_json({"total": papers, "data": data, **({"token": str(end)} if end < papers else {"token": None})})

    return answer


def openreview(notes: int, size: int = 1000) -> Callable[[Asked], Answer]:
    """OpenReview with so many submissions."""

    def answer(asked: Asked) -> Answer:
        after = asked.parameters.get("after", "")
        ids = [f"note{n:05}" for n in range(notes)]
        page = [name for name in ids if name > after][: min(size, int(asked.parameters["limit"]))]
        content = {"title": {"value": "A Title of a Note"}, "abstract": {"value": "We count."}}
        return as_json({"notes": [{"id": name, "forum": name, "content": content} for name in page], "count": notes})

    return answer


_ENTRY = """<entry><id>http://arxiv.org/abs/2101.{n:05}v1</id><updated>2021-02-01T00:00:00Z</updated>
<published>2021-01-02T00:00:00Z</published><title>The Title of
  Paper {n}</title><summary>  We
count.
</summary><author><name>Ada Lovelace</name></author><category term="cs.LG"/></entry>"""


def arxiv(entries: int, size: int = 2) -> Callable[[Asked], Answer]:
    """ArXiv with so many papers, and pages of that size whatever is asked for."""

    def answer(asked: Asked) -> Answer:
        start = int(asked.parameters["start"])
        inner = "".join(_ENTRY.format(n=n) for n in range(start, min(start + size, entries)))
        total = f'<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">{entries}</o:totalResults>'
        return Answer(f'<feed xmlns="http://www.w3.org/2005/Atom">{total}{inner}</feed>'.encode())

    return answer


def whole_file(content: bytes, tag: str = '"one"') -> Callable[[Asked], Answer]:
    """A server of one file that knows ranges."""

    def answer(asked: Asked) -> Answer:
        wanted = asked.headers.get("range")
        if wanted is None or asked.headers.get("if-range") != tag:
            return Answer(content, headers={"ETag": tag})
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(content):
            return Answer(status=416)
        return Answer(content[start:], 206, {"ETag": tag})

    return answer
