"""One process that answers queries, and may be killed while it does: Oxigraph cannot stop a query.

A process opens the graph by itself, read only, and opens it again once it was written to.
"""

from __future__ import annotations

import json
import os
import resource
import signal
from contextlib import suppress
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kg.errors import GraphError, KgError, QueryError
from kg.store import open_graph, stamp, update

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    from kg.serve.limits import Limits
    from kg.store import Dataset, Graph

__all__ = ["Answer", "Call", "Missing", "Question", "Update", "Worker", "version"]

Outcome = Literal["answer", "wrong", "unacceptable", "broken", "stopped", "busy", "missing"]

#: A process whose server has died ends by itself so many seconds after the time of its query.
_GRACE: Final = 5
_START: Final = 600.0  # seconds: a large RDF file is read whole


class Question(NamedTuple):
    """A query, and the formats in which rows and triples may come back; None is for a kind that is not wanted."""

    sparql: str
    rows: str | None
    triples: str | None
    dataset: Dataset | None = None


class Update(NamedTuple):
    """A change of the graph."""

    sparql: str


class Call(NamedTuple):
    """A view of kg.serve.views by its name, or another one, with its arguments; the answer is JSON."""

    view: str | Callable[..., dict[str, Any]]
    arguments: dict[str, Any]


class Missing(QueryError):  # noqa: N818 - an answer, as Refusal is one
    """What a view is asked for is not in the graph."""


class Answer(NamedTuple):
    """How a question ended: the answer and its format, or one line of what was wrong."""

    outcome: Outcome
    body: bytes
    format: str = ""

    @classmethod
    def line(cls, outcome: Outcome, text: str) -> Answer:
        """An answer that says why there is none."""
        return cls(outcome, " ".join(text.split()).encode("utf-8", "replace"))


class Worker:
    """A process, seen from the server; its methods block, and one thread at a time may ask."""

    def __init__(self, graph: str, limits: Limits, *, prepared: bool = False) -> None:
        """Name the graph; a process that is `prepared` has read what views need before it takes questions."""
        self._graph, self._limits, self._prepared = graph, limits, prepared
        self._process: ForkServerProcess | None = None
        self._connection: Connection | None = None
        self._changing = Lock()
        self._closed = self._given_up = False

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        process = self._process
        return process is not None and not self._given_up and process.is_alive()

    def start(self) -> None:
        """Start the process, and wait until it has opened the graph. Raises GraphError."""
        self.kill()
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__, "kg.serve.views"])
        with self._changing:
            if self._closed:
                raise GraphError("the server is stopping")
            self._given_up = False
            connection, theirs = context.Pipe()
            self._process = context.Process(
                target=_work, args=(theirs, self._graph, self._limits, self._prepared), daemon=True
            )
            self._process.start()
            self._connection = connection
            theirs.close()
        try:
            opened = connection.recv() if connection.poll(_START) else "it takes too long to open"
        except (EOFError, OSError):
            opened = "the process that opens it ended by itself, perhaps for want of memory"
        if opened:
            self.kill()
            raise GraphError(opened)

    def ask(self, question: Question | Update | Call) -> Answer:
        """Ask; a process that takes too long is killed."""
        try:
            if not self.runs:
                self.start()
            assert self._connection is not None
            self._connection.send(question)
            if self._connection.poll(self._limits.seconds):
                answer: Answer = self._connection.recv()
                return answer
        except GraphError as error:
            return Answer.line("broken", str(error))
        except (EOFError, OSError):
            self.kill()
            most = self._limits.memory >> 20
            return Answer.line("broken", f"the query ended its process: it may need more than {most} MB: ask for less")
        self.kill()
        return Answer.line("stopped", f"the query was stopped after {self._limits.seconds:g} seconds: ask for less")

    def give_up(self) -> None:
        """End what the process does; at once, and from any thread: the one that waits for it is told."""
        process = self._process
        self._given_up = True
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self.kill()

    def kill(self) -> None:
        """End the process, whatever it does."""
        with self._changing:
            if self._process is not None:
                self._process.kill()
                self._process.join()
            if self._connection is not None:
                self._connection.close()
            self._process = self._connection = None


def _work(connection: Connection, graph: str, limits: Limits, prepared: bool) -> None:  # noqa: FBT001 - of a process
    """Open the graph and answer until the server hangs up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the server lets us finish
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)  # what an allocator says before it gives up; the server says it in its own words
    with suppress(EOFError, OSError):
        try:
            of, opened = version(graph), _opened(graph, prepared=prepared)
        except KgError as error:
            connection.send(str(error))
            return
        connection.send("")
        _bound_memory(limits.memory)
        while True:
            question = connection.recv()
            signal.alarm(ceil(limits.seconds) + _GRACE)
            if version(graph) != of:
                _bound_memory(None)
                with suppress(KgError):  # half of a build is no graph: the one that is open answers
                    of, opened = version(graph), _opened(graph, prepared=prepared)
                _bound_memory(limits.memory)
            if isinstance(question, Update):
                connection.send(_updated(graph, question))
            else:
                connection.send(_answer(opened, question, limits.answer))
            signal.alarm(0)


def _opened(graph: str, *, prepared: bool) -> Graph:
    opened = open_graph(graph)
    if prepared:
        from kg.serve import views  # noqa: PLC0415 - it imports this module

        views.prepare(opened)
    return opened


def _viewed(graph: Graph, call: Call, most: int) -> Answer:
    from kg.serve import views  # noqa: PLC0415 - it imports this module

    view = views.VIEWS[call.view] if isinstance(call.view, str) else call.view
    body = json.dumps(view(graph, **call.arguments), ensure_ascii=False).encode("utf-8", "replace")
    if len(body) > most:
        return Answer.line("wrong", f"the answer is larger than {most >> 20} MB: ask for less")
    return Answer("answer", body, "json")


def _answer(graph: Graph, question: Question | Call, most: int) -> Answer:  # noqa: PLR0911 - one for each end
    try:
        if isinstance(question, Call):
            return _viewed(graph, question, most)
        kind = graph.kind(question.sparql)
        form = question.triples if kind == "construct" else question.rows
        if form is None:
            what = "triples" if kind == "construct" else "rows, or yes or no"
            return Answer.line("unacceptable", f"the answer is {what}, and Accept names no format for that")
        return Answer("answer", graph.answer(question.sparql, format=form, most=most, dataset=question.dataset), form)
    except Missing as error:
        return Answer.line("missing", str(error))
    except QueryError as error:
        return Answer.line("wrong", str(error))
    except KgError as error:
        return Answer.line("broken", str(error))
    except Exception as error:  # noqa: BLE001 - the process goes on
        return Answer.line("broken", f"{type(error).__name__}: {error}")


def _updated(graph: str, change: Update) -> Answer:
    try:
        update(graph, change.sparql)
    except QueryError as error:
        return Answer.line("wrong", str(error))
    except KgError as error:
        return Answer.line("broken", str(error))
    except Exception as error:  # noqa: BLE001 - the process goes on
        return Answer.line("broken", f"{type(error).__name__}: {error}")
    return Answer("answer", b"")


def version(graph: str) -> object:
    """What changes when the graph is written to."""
    path = Path(graph)
    if path.is_dir():
        return stamp(path)
    with suppress(OSError):
        facts = path.stat()
        return facts.st_mtime_ns, facts.st_size
    return None


def _bound_memory(extra: int | None) -> None:
    """Let the process have so many bytes more than now, or all, where the system can tell what it has."""
    with suppress(OSError, ValueError, StopIteration):
        if extra is None:
            most = resource.RLIM_INFINITY
        else:
            status = Path("/proc/self/status").read_text("ascii")
            most = extra + next(int(row.split()[1]) << 10 for row in status.splitlines() if row.startswith("VmData:"))
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))
