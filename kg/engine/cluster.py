"""Workers of a Dask cluster, on this machine or on many, that share work in chunks.

What a worker is to do travels as bytes, which it reads only if it has the code, the models and the libraries of this
machine. So neither the scheduler nor a worker of another version makes anything of our records.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
import warnings
from collections import deque
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from subprocess import DEVNULL, Popen
from tempfile import TemporaryDirectory
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kg.engine import digests
from kg.engine.pool import THREADS, in_chunks
from kg.errors import KgError
from kg.extras import install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from distributed import Client, Future

__all__ = ["Cluster"]

_REACH: Final = 10.0  # seconds to wait for a scheduler
_PATIENCE: Final = 60.0  # seconds to wait for a first worker, and for another when all are lost
_LOOK: Final = 5.0  # seconds between looks whether workers are left
_LEAST: Final = 64  # chunks under way, so that a cluster that grows with its work has reason to
_AHEAD: Final = 4  # chunks under way for each worker of a larger cluster
_GLANCE: Final = 0.1  # seconds between looks whether a worker has started
_LOOPBACK: Final = "127.0.0.1"
_RETRIES: Final = 2
_SILENT: Final = logging.CRITICAL + 1
_LOGGERS: Final = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")

T = TypeVar("T")
U = TypeVar("U")
Machine = dict[str, str]

_one_at_a_time = Lock()


class Cluster:
    """The workers of a Dask scheduler."""

    def __init__(self, client: Client, model: str) -> None:
        self._client, self._model = client, model
        self._address: str = client.scheduler.address
        self._here: Machine = digests.machine(model) | dict.fromkeys(THREADS, "1")

    @classmethod
    @contextmanager
    def of(cls, scheduler: str | None, jobs: int, model: str) -> Iterator[Cluster]:
        """The workers of the scheduler at an address, or `jobs` processes that are started here, on loopback only.

        Raises KgError if it cannot be reached, has no workers, or one of them has another version of what we have.
        """
        with ExitStack() as opened:
            opened.enter_context(_quiet())
            address = opened.enter_context(_started(jobs)) if scheduler is None else scheduler
            cluster = cls(opened.enter_context(_connected(address)), model)
            cluster._check()
            yield cluster

    def chunks(self, work: Callable[[list[T]], list[U]], items: Iterable[T]) -> Iterator[list[tuple[T, U]]]:
        """The items of each chunk with what `work` makes of them, in their order.

        A chunk of a worker that is lost is given to another. Raises KgError if that cannot go on.
        """
        waiting: deque[tuple[list[T], Future]] = deque()
        for chunk in in_chunks(items):
            waiting.append((chunk, self._submit(work, chunk)))
            if len(waiting) > max(_LEAST, _AHEAD * self._workers()):
                yield self._finished(*waiting.popleft())
        while waiting:
            yield self._finished(*waiting.popleft())

    def _submit(self, work: Callable[[list[T]], list[U]], chunk: list[T]) -> Future:
        packed = pickle.dumps((work, chunk), pickle.HIGHEST_PROTOCOL)
        with self._lost():
            return self._client.submit(_done, packed, self._model, self._here, pure=False, retries=_RETRIES)

    def _finished(self, chunk: list[T], future: Future) -> list[tuple[T, Any]]:
        with self._lost():
            self._await(future)
            address, there, packed = future.result()
        if there != self._here:
            raise _refused(address, there, self._here)
        return list(zip(chunk, pickle.loads(packed), strict=True))  # noqa: S301 - by our own code, as just seen

    def _await(self, future: Future) -> None:
        """Wait as long as there are workers, or may be soon."""
        from distributed import wait  # noqa: PLC0415 - an extra

        patience = _PATIENCE
        while not future.done():
            try:
                wait(future, timeout=_LOOK)
            except TimeoutError:
                patience = _PATIENCE if self._workers() else patience - _LOOK
                if patience <= 0:
                    raise KgError(
                        f"{self._address}: all workers are lost: start others, and build again: it goes on from here"
                    ) from None

    def _workers(self) -> int:
        return len(self._client.nthreads())

    def _check(self) -> None:
        """Ask each worker what it is."""
        with self._lost():
            try:
                self._client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError as error:
                told = f"start some with: dask worker {self._address} --nthreads 1"
                raise KgError(f"{self._address}: the scheduler has no workers: {told}") from error
            found = self._client.run(digests.machine, self._model, on_error="return")
        for address, there in sorted(found.items()):
            if isinstance(there, OSError):  # it has just gone
                continue
            if isinstance(there, Exception):
                raise _unlike(address, there) from there
            if there != self._here:
                raise _refused(address, there, self._here)

    @contextmanager
    def _lost(self) -> Iterator[None]:
        """Tell in one line what happens between us and the cluster."""
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        try:
            yield
        except KilledWorker as error:
            told = "perhaps for want of memory: give workers more, or start fewer"
            raise KgError(f"{self._address}: one chunk of papers ended several workers, {told}") from error
        except (CancelledError, OSError) as error:
            told = "start it and its workers, and build again: it goes on from here"
            raise KgError(f"{self._address}: the scheduler is lost: {told}") from error
        except (ImportError, AttributeError) as error:
            raise _unlike(self._address, error) from error


def _done(packed: bytes, model: str, wanted: Mapping[str, str]) -> tuple[str, Machine, bytes]:
    """Do a piece of work on a worker that has what the asking machine has; give its address and what it has."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    address, here = get_worker().address, digests.machine(model)
    if here != wanted:
        return address, here, b""
    with _one_at_a_time:
        work, items = pickle.loads(packed)  # noqa: S301 - a worker does what it is sent: docs/cluster.md says so
        return address, here, pickle.dumps(work(items), pickle.HIGHEST_PROTOCOL)


@contextmanager
def _started(jobs: int) -> Iterator[str]:
    """The address of a scheduler in this process, with workers that end with it, on loopback only; no file is left."""
    from dask import config  # noqa: PLC0415 - an extra
    from distributed import LocalCluster  # noqa: PLC0415 - same

    with TemporaryDirectory(prefix="kg-") as folder, config.set({"temporary-directory": folder}), ExitStack() as opened:
        scheduler = opened.enter_context(LocalCluster(n_workers=0, host=_LOOPBACK, dashboard_address=None))
        workers = [opened.enter_context(_worker(scheduler.scheduler_address, folder)) for _ in range(jobs)]
        while not scheduler.scheduler.workers:
            if all(each.poll() is not None for each in workers):
                raise KgError("the workers of the local cluster do not start: try --engine local")
            sleep(_GLANCE)
        yield scheduler.scheduler_address


@contextmanager
def _worker(address: str, folder: str) -> Iterator[Popen[bytes]]:
    """A worker that interrupts do not reach: it has nothing to keep, and ends at once when we do."""
    words = [address, "--host", _LOOPBACK, "--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
    words += ["--death-timeout", "60"]  # if we are killed before it has found us
    words += ["--no-dashboard", "--dashboard-address", f"{_LOOPBACK}:0"]  # what tells of health, too
    given = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "DASK_TEMPORARY_DIRECTORY": folder}
    process = Popen(  # noqa: S603 - this Python, and Dask
        [sys.executable, "-m", "dask", "worker", *words],
        env=os.environ | dict.fromkeys(THREADS, "1") | given,
        stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    from distributed import Client  # noqa: PLC0415 - an extra

    try:
        client = Client(address, timeout=_REACH)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        told = "start one with: dask scheduler, and name the address that it prints"
        raise KgError(f"{address}: no Dask scheduler answers: {_reason(error)}: {told}") from error
    with client:
        yield client


@contextmanager
def _quiet() -> Iterator[None]:
    """Load Dask, and leave it to us to say what goes wrong."""
    try:
        import distributed  # noqa: F401, PLC0415 - an extra, which sets levels as it is loaded
    except ImportError as error:
        raise KgError(f"--engine dask needs Dask's scheduler: {install('cluster')}") from error
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(?:dask|distributed)\b.*")
        for logger in loggers:
            logger.setLevel(_SILENT)
        try:
            yield
        except KeyboardInterrupt:
            before = [_SILENT] * len(loggers)  # what was stopped in the middle would tell it at the very end
            raise
        finally:
            for logger, level in zip(loggers, before, strict=True):
                logger.setLevel(level)


def _refused(address: str, there: Mapping[str, str], here: Mapping[str, str]) -> KgError:
    other = next(name for name in here if there.get(name) != here[name])
    if other == "code":
        told = (
            f"the code or the models of kg {there['kg']} there are not those of this machine: install the same on both"
        )
    else:
        told = f"{other} is {there.get(other, 'unknown')} there, and must be {here[other]} as on this machine"
    return KgError(f"the worker {address} would read papers otherwise: {told}")


def _unlike(address: str, error: Exception) -> KgError:
    told = "install the same version of kg on the scheduler, on all workers and on this machine"
    return KgError(f"{address} cannot run our code: {_reason(error)}: {told}")


def _reason(error: Exception) -> str:
    return str(error).split("\n", 1)[0].strip().rstrip(".") or type(error).__name__
