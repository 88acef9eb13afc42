"""The two steps of reading papers, each piece of work done once and kept by all that it depends on."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kg.engine import chunks, digests
from kg.engine.chunks import Unread
from kg.engine.cluster import Cluster
from kg.engine.plan import key
from kg.engine.pool import Pool
from kg.extract.network import digest as digest_of_model
from kg.graph import usual
from kg.ground.corrections import digest as digest_of_all
from kg.ground.declared import names as declared_names
from kg.store.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from kg.claims.decided import Names
    from kg.engine.plan import Plan
    from kg.engine.pool import Workers
    from kg.ground.corrections import Correction
    from kg.model import Paper

__all__ = ["Caches", "Engine", "Options", "Work"]

_CLAIMS: Final = "claims"  # what most claims come from, unless most papers are annotated
_STATED: Final = "annotated"


Engine = Literal["local", "dask"]
"""Who does the work: processes of this machine, or a Dask cluster."""


class Options(NamedTuple):
    """How papers are read and drawn, and by whom: the scheduler is Dask's, by its address."""

    model: str
    min_confidence: float
    jobs: int = 1
    engine: Engine = "local"
    scheduler: str | None = None

    def workers(self) -> AbstractContextManager[Workers]:
        """Who shares the work. Raises KgError where they cannot be had, or end by themselves."""
        if self.engine == "dask":
            return Cluster.of(self.scheduler, self.jobs, self.model)
        return Pool.of(self.jobs)

    def told(self, corrections: Sequence[Correction]) -> str:
        """The options as the graph tells them."""
        told = f"min-confidence={self.min_confidence} model={self.model} {digest_of_model(self.model)}"
        return f"{told} corrections={digest_of_all(corrections)}" if corrections else told


class Caches(NamedTuple):
    """Mentions by text, what they name, and what papers say."""

    marks: Cache
    names: Cache
    blocks: Cache

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Caches]:
        """Open what a folder keeps. Raises OSError."""
        same: dict[Any, Any] = {}
        folder.mkdir(exist_ok=True)
        with ExitStack() as files:

            def opened(name: str, read: Callable[..., Any]) -> Cache:
                return files.enter_context(Cache.open(folder / name, read, same))

            marks = files.enter_context(Cache.open(folder / "mentions"))
            yield cls(marks, opened("names", chunks.names_of), opened("blocks", chunks.facts_of))


class Work:
    """The two steps of reading papers, of which only what no cache has is done. `found` and `keys` are its keys."""

    def __init__(
        self,
        papers: Sequence[Paper],
        options: Options,
        caches: Caches,
        workers: Workers,
        watch: Callable[[str, int, int | None], None],
    ) -> None:
        self._papers, self._options = papers, options
        self._caches, self._workers = caches, workers
        self._watch = watch
        finding, grounding = digests.finding(options.model), digests.grounding(options.model)
        self.found, self.keys = list[str](), list[str]()
        for paper in papers:
            texts = (paper.title, paper.abstract, *map(repr, declared_names(paper)), repr(paper.annotation or ""))
            self.found.append(key(finding, *texts))
            self.keys.append(key(grounding, *texts))

    def read(self) -> list[Names]:
        """What each paper names."""
        marks, names, _ = self._caches
        last = {each: at for at, each in enumerate(self.keys)}
        todo = sorted(at for each, at in last.items() if each not in names or self.found[at] not in marks)
        unread = (
            Unread(self._papers[at], marks.body(self.found[at]) if self.found[at] in marks else None) for at in todo
        )
        done = 0
        for chunk in self._workers.chunks(partial(chunks.read, model=self._options.model), unread):
            here = todo[done : done + len(chunk)]
            new = {
                self.found[at]: read.marks for at, (each, read) in zip(here, chunk, strict=True) if each.marks is None
            }
            if new:
                marks.add(dict.fromkeys(new), new)
            rows = {self.keys[at]: read for at, (_, read) in zip(here, chunk, strict=True)}
            names.add({each: row.names for each, row in rows.items()}, {each: row.links for each, row in rows.items()})
            done += len(chunk)
            self._watch("finding names", done, len(todo))
        return [names.facts(each) for each in self.keys]

    def draw(
        self, plan: Plan, drawing: str, extractor: str | None, *, settled: bool = False
    ) -> tuple[list[str], str | None]:
        """What each paper says, by its key, and the extractor that most claims come from, if that is not settled."""
        _, _, blocks = self._caches
        stated = sum(paper.annotation is not None for paper in self._papers)
        wanted = extractor or (_STATED if 2 * stated > len(self._papers) else _CLAIMS)
        while True:
            signatures = plan.signatures(drawing, str(self._options.min_confidence), wanted)
            self._draw(plan, signatures, wanted)
            if settled:
                return signatures, wanted
            found = usual(blocks.facts(each).extractors for each in signatures)
            if found in (wanted, None):  # without claims it enters nothing
                return signatures, found
            wanted = found or wanted

    def _draw(self, plan: Plan, signatures: Sequence[str], extractor: str) -> None:
        marks, names, blocks = self._caches
        todo = [at for at, each in enumerate(signatures) if each not in blocks]
        undrawn = (plan.undrawn(at, marks, names, self.found[at]) for at in todo)
        draw = partial(chunks.draw, min_confidence=self._options.min_confidence, extractor=extractor)
        done = 0
        for chunk in self._workers.chunks(draw, undrawn):
            here = [signatures[at] for at in todo[done : done + len(chunk)]]
            drawn = dict(zip(here, (each for _, each in chunk), strict=True))
            facts = {each: said.facts for each, said in drawn.items()}
            blocks.add(facts, {each: said.body for each, said in drawn.items()})
            done += len(chunk)
            self._watch("reading what papers say", done, len(todo))
