"""Some processes that answer queries at the same time; what is too much for them is refused, and not piled up."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.errors import GraphError
from kg.serve.kept import Kept, key
from kg.serve.worker import Answer, Worker, version

if TYPE_CHECKING:
    from kg.serve.limits import Limits
    from kg.serve.worker import Call, Question, Update

__all__ = ["Pool"]


class Pool:
    """`size` processes; each has a thread of the server that waits for it. What was asked before is known still."""

    def __init__(self, graph: str, size: int, limits: Limits, *, prepared: bool = False) -> None:
        self._graph, self._kept = graph, Kept()
        self._workers = [Worker(graph, limits, prepared=prepared) for _ in range(size)]
        self._limits = limits
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._waiting = 0
        self._threads = ThreadPoolExecutor(size)
        self._tasks: set[asyncio.Task[Answer]] = set()

    def start(self) -> None:
        """Start all processes, the first alone: what it keeps, the others find. Raises GraphError if one cannot."""
        self._workers[0].start()
        for _ in self._threads.map(Worker.start, self._workers[1:]):
            pass
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def started(self) -> None:
        """Start the processes while who asks waits in line; the first who asks one that cannot start is told why."""
        loop = asyncio.get_running_loop()
        for worker in self._workers:
            with suppress(GraphError, RuntimeError):
                await loop.run_in_executor(self._threads, worker.start)
            self._idle.put_nowait(worker)

    async def ask(self, question: Question | Update | Call) -> Answer:
        """Answer a question when its turn comes; who waits too long is told so, and who gives up ends the query."""
        name, of = key(question), version(self._graph)
        if name is None or of is None:
            return await self._turn(question)
        known = self._kept.get(of, name)
        if known is None:
            known = await self._turn(question)
            self._kept.put(of, name, known)
        return known

    async def _turn(self, question: Question | Update | Call) -> Answer:
        if self._idle.empty() and self._waiting >= self._limits.waiting:
            return Answer.line("busy", "too many queries are waiting: ask again later")
        self._waiting += 1
        try:
            worker = await asyncio.wait_for(self._idle.get(), self._limits.seconds)
        except TimeoutError:
            return Answer.line("busy", "other queries take all the time: ask again later")
        finally:
            self._waiting -= 1
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._asked(worker, question, answered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await answered
        except asyncio.CancelledError:
            if not task.done():
                worker.give_up()
            raise

    async def _asked(
        self, worker: Worker, question: Question | Update | Call, answered: asyncio.Future[Answer]
    ) -> Answer:
        """Ask one process, and start another in its place if it was killed; a task that always ends."""
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._threads, worker.ask, question)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the process is replaced
            worker.give_up()
            answer = Answer.line("broken", f"{type(error).__name__}: {error}")
        if not answered.done():
            answered.set_result(answer)
        if not worker.runs:
            with suppress(
                GraphError, RuntimeError
            ):  # with the next question it is tried again; or the server is stopping
                await loop.run_in_executor(self._threads, worker.start)
        self._idle.put_nowait(worker)
        return answer

    def close(self) -> None:
        """End all processes, whatever they do."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
