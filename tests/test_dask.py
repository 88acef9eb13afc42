"""A Dask cluster builds what one process builds, whatever becomes of its workers.

Schedulers and workers are real, and processes of their own. The abstracts are of our own writing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from kg import pipeline
from kg.cli.app import cli
from kg.engine import cluster, pool
from kg.errors import KgError
from kg.extras import install
from kg.store import open_graph
from tests.servers import free_port
from tests.test_engine import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LONG = 120  # seconds


@pytest.fixture(scope="module")
def dask() -> Any:
    return pytest.importorskip("distributed", reason="needs distributed: pip install 'ml-literature-kg[cluster]'")


@contextmanager
def process(folder: Path, *words: str, code: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """One of Dask's programs, with kg from a folder."""
    environment = os.environ | dict.fromkeys(pool.THREADS, "1") | {"PYTHONPATH": str(code)}
    command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    with (folder / "dask.log").open("ab") as log:
        started = subprocess.Popen(
            command, cwd=folder, env=environment | {"DASK_TEMPORARY_DIRECTORY": str(folder)}, stdout=log, stderr=log
        )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


@contextmanager
def worker(folder: Path, address: str, code: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of one thread, once the scheduler knows it."""
    before = known(address)
    words = ("worker", address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
    with process(folder, *words, code=code) as started:
        end = time.monotonic() + LONG
        while known(address) <= before:
            assert started.poll() is None, (folder / "dask.log").read_text("utf-8")
            assert time.monotonic() < end
            time.sleep(0.2)
        yield started


def known(address: str) -> int:
    from distributed import Client  # noqa: PLC0415 - may be absent

    with Client(address, set_as_default=False) as client:
        return len(client.nthreads())


@pytest.fixture
def scheduling(dask: Any, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a scheduler without workers, and its process."""
    told = tmp_path / "scheduler.json"
    with process(tmp_path, "scheduler", "--port", "0", "--scheduler-file", str(told)) as started:
        end = time.monotonic() + LONG
        while not (told.exists() and told.read_text("utf-8").endswith("}")):
            assert started.poll() is None, (tmp_path / "dask.log").read_text("utf-8")
            assert time.monotonic() < end
            time.sleep(0.1)
        yield json.loads(told.read_text("utf-8"))["address"], started


@pytest.fixture
def scheduler(scheduling: tuple[str, subprocess.Popen[bytes]]) -> str:
    return scheduling[0]


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Papers enough for twelve chunks."""
    monkeypatch.setattr(pool, "CHUNK", 2)
    return listing(tmp_path / "papers.jsonl", ((number, "") for number in range(24)))


def built(place: Path, source: Path, **options: Any) -> list[str]:
    pipeline.build([source], str(place), **options)
    return list(open_graph(place).lines())


def test_a_worker_that_is_killed_changes_nothing(tmp_path: Path, papers: Path, scheduler: str) -> None:
    killed: list[int] = []
    with worker(tmp_path, scheduler) as first, worker(tmp_path, scheduler):

        def watch(what: str, done: int, total: int | None, rejects: int) -> None:
            if what == "finding names" and total and 0 < done < total and not killed:
                assert known(scheduler) == 2
                first.send_signal(signal.SIGKILL)
                killed.append(first.wait())

        found = built(tmp_path / "dask", papers, engine="dask", scheduler=scheduler, watch=watch)
        assert known(scheduler) == 1
    assert killed == [-signal.SIGKILL]
    assert found == built(tmp_path / "local", papers)


def test_a_worker_with_other_code_is_refused(tmp_path: Path, papers: Path, scheduler: str) -> None:
    """One that joins in the middle, and one that is there from the beginning."""
    other = tmp_path / "other"
    shutil.copytree(ROOT / "kg", other / "kg", copy_function=os.symlink, ignore=shutil.ignore_patterns("__pycache__"))
    (other / "ontologies").symlink_to(ROOT / "ontologies")
    changed = other / "kg" / "claims" / "numbers.py"
    code = changed.read_text("utf-8")
    changed.unlink()
    changed.write_text(f"{code}\n# something else\n", "utf-8")
    refused = r"^the worker tcp://127\.0\.0\.1:\d+ would read papers otherwise: the code or the models of kg \S+ there "
    late: list[Any] = []
    with worker(tmp_path, scheduler):

        def watch(what: str, done: int, total: int | None, rejects: int) -> None:
            if what == "finding names" and not late:
                late.append(worker(tmp_path, scheduler, other))
                late[0].__enter__()

        try:
            with pytest.raises(KgError, match=refused):
                built(tmp_path / "g", papers, engine="dask", scheduler=scheduler, watch=watch)
            assert late
            with pytest.raises(KgError, match=refused):
                built(tmp_path / "h.nt", papers, engine="dask", scheduler=scheduler)
        finally:
            for each in late:
                each.__exit__(None, None, None)
    assert not (tmp_path / "h.nt").exists()


@pytest.mark.parametrize("lost", ["the scheduler is", "all workers are"])
def test_a_cluster_that_is_lost_is_told_and_the_next_build_goes_on(
    tmp_path: Path,
    papers: Path,
    scheduling: tuple[str, subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    lost: str,
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 2.0)
    monkeypatch.setattr(cluster, "_LOOK", 0.5)
    address, process = scheduling
    with worker(tmp_path, address) as only:

        def watch(what: str, done: int, total: int | None, rejects: int) -> None:
            if what == "finding names" and done < (total or 0):
                (process if "scheduler" in lost else only).kill()

        with pytest.raises(KgError, match=rf"^{address}: {lost} lost: start .*build again: it goes on from here$"):
            built(tmp_path / "g", papers, engine="dask", scheduler=address, watch=watch)
    kept = (tmp_path / "g" / "cache" / "mentions").stat().st_size
    assert kept > 100
    assert built(tmp_path / "g", papers) == built(tmp_path / "local", papers)


def test_a_scheduler_without_workers_is_told(
    tmp_path: Path, papers: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    with pytest.raises(KgError, match=rf"^{scheduler}: the scheduler has no workers: start some with: dask worker "):
        built(tmp_path / "g", papers, engine="dask", scheduler=scheduler)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "127.0.0.1:{port}", "tls://127.0.0.1:{port}", "odd://x"])
def test_a_scheduler_that_is_not_there_is_told(
    dask: Any, tmp_path: Path, papers: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(cluster, "_REACH", 0.5)
    named = address.format(port=free_port())
    with pytest.raises(
        KgError, match=rf"^{named}: no Dask scheduler answers: .+: start one with: dask sched.+$"
    ) as told:
        built(tmp_path / "g", papers, engine="dask", scheduler=named)
    assert "\n" not in str(told.value)


def test_a_local_cluster_listens_to_this_machine_only(
    dask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It builds what one process builds, and leaves no files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    psutil = pytest.importorskip("psutil")
    source = listing(tmp_path / "few.jsonl", ((number, "") for number in range(3)))
    seen: set[str] = set()

    def watch(what: str, done: int, total: int | None, rejects: int) -> None:
        if what == "finding names":
            family = [psutil.Process(), *psutil.Process().children(recursive=True)]
            found = [each for one in family for each in one.net_connections("inet") if each.status == "LISTEN"]
            seen.update(each.laddr.ip for each in found)
            assert list(temporary.iterdir())

    found = built(tmp_path / "dask", source, engine="dask", jobs=1, watch=watch)
    assert found == built(tmp_path / "local", source)
    assert "127.0.0.1" in seen
    assert seen <= {"127.0.0.1", "::1"}  # other tests' programs may listen on the latter
    assert list(temporary.iterdir()) == []


def test_what_is_missing_is_told(tmp_path: Path, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(KgError, match=rf"^--engine dask needs .*: {re.escape(install('cluster'))}$"):
        built(tmp_path / "g", papers, engine="dask")
    told = CliRunner().invoke(cli, ["build", str(papers), "--graph", str(tmp_path / "g"), "--scheduler", "tcp://h:1"])
    assert (told.exit_code, "add --engine dask" in told.stderr) == (2, True)
