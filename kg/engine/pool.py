"""Processes that share work in chunks."""

from __future__ import annotations

import gc
import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["CHUNK", "THREADS", "Pool", "Workers", "in_chunks"]

#: How many papers are one piece of work.
CHUNK: Final = 64

#: What keeps libraries from starting a thread for each processor in each process.
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

T = TypeVar("T")
U = TypeVar("U")

#: Allocations before each kind of search for circles.
_COLLECTED: Final = (200_000, 20, 50)


class Workers(Protocol):
    """Who shares work: processes here, or a cluster."""

    def chunks(self, work: Callable[[list[T]], list[U]], items: Iterable[T]) -> Iterator[list[tuple[T, U]]]:
        """The items of each chunk with what `work` makes of them, in their order."""


class Pool:
    """`jobs` processes, which are started when there is more than one chunk of work, and then stay."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._processes: ProcessPoolExecutor | None = None

    @classmethod
    @contextmanager
    def of(cls, jobs: int) -> Iterator[Pool]:
        """Processes that begin nothing more once their work is given up.

        Raises KgError if a process ends by itself.
        """
        pool = cls(jobs)
        try:
            yield pool
        except BrokenProcessPool as error:
            raise KgError(
                "a process that read papers ended by itself, perhaps for want of memory: try --jobs 1"
            ) from error
        finally:
            if pool._processes is not None:
                pool._processes.shutdown(cancel_futures=True)

    def chunks(self, work: Callable[[list[T]], list[U]], items: Iterable[T]) -> Iterator[list[tuple[T, U]]]:
        """The items of each chunk with what `work` makes of them, in their order."""
        every = in_chunks(items)
        first, second = next(every, []), next(every, [])
        if self._jobs == 1 or not second:
            for chunk in filter(None, chain((first, second), every)):
                yield list(zip(chunk, work(chunk), strict=True))
            return
        processes = self._started()
        waiting: deque[tuple[list[T], Future[list[U]]]] = deque()
        for chunk in chain((first, second), every):
            waiting.append((chunk, processes.submit(work, chunk)))
            if len(waiting) > 2 * self._jobs:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())

    def _started(self) -> ProcessPoolExecutor:
        """The processes."""
        if self._processes is None:
            for name in THREADS:
                os.environ.setdefault(name, "1")
            context = get_context("spawn")
            self._processes = ProcessPoolExecutor(self._jobs, context, initializer=_begin)
        return self._processes


def in_chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in pieces of work, none of them empty."""
    rest = iter(items)
    return iter(lambda: list(islice(rest, CHUNK)), [])


def _begin() -> None:
    """Leave interrupts to the process that started this one, and end when it has ended, however that was.

    Chunks make many records and few circles of them: those are looked for rarely.
    """
    signal(SIGINT, SIG_IGN)
    gc.set_threshold(*_COLLECTED)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _finished(items: list[T], found: Future[list[U]]) -> list[tuple[T, U]]:
    return list(zip(items, found.result(), strict=True))
