"""The build of a graph directory, in which only what is new, and what that changes, is read and written.

What is decided over all papers is decided again at each build, from what each names. What took long stands in `cache/`
by the digest of all that it depends on (`kg/engine/work.py`), so that a build that is killed loses none of it. The
graph itself changes at the very end, in one moment.
"""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg import __version__, ontology, sources
from kg.engine import digests, reports, state
from kg.engine.addition import Build, added
from kg.engine.listings import Listings
from kg.engine.plan import Plan, key
from kg.engine.remembered import Remembered
from kg.engine.state import State
from kg.engine.watch import Summary, counted, nobody, summed
from kg.engine.work import Caches, Work
from kg.errors import GraphError
from kg.graph import SourceCount, of_corpus
from kg.ground.corrections import line as told_of
from kg.ground.papers import merge
from kg.ontology import schema
from kg.store import directory as store
from kg.store import kept
from kg.store.corrections import keep_shared, load_all
from kg.store.write import prepare, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.engine.chunks import Facts
    from kg.engine.watch import Watch
    from kg.engine.work import Options
    from kg.ground.corrections import Correction

__all__ = ["build"]

_CACHE: Final = "cache"


def build(
    paths: Sequence[Path],
    directory: Path,
    options: Options,
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    columns: Mapping[str, str] | None = None,
    fresh: bool = False,
    corrections: Path | None = None,
    remove: Sequence[Path] = (),
    watch: Watch = nobody,
) -> Summary:
    """Bring a graph directory to what its sources, with some more and without some, say.

    Raises GraphError if it cannot be written, and CorrectionError if the corrections are at fault.
    """
    correct = load_all(str(directory), corrections)
    prepare(str(directory), fresh=fresh)
    try:
        with store.locked(directory / store.LOCK), _uncollected():
            store.recover(directory)
            before = None if fresh else state.load(directory)
            listings = Listings(directory, before.sources if before else (), watch, fresh=fresh)
            for source in remove:
                listings.remove(source)
            failed = [reject for path in sources.expand(paths).paths for reject in listings.add(path, format, columns)]
            if remove and not listings.names:
                raise GraphError(f"{directory} would be left without papers: delete it instead")
            if remove and failed:
                raise GraphError(f"{failed[0].source}: {failed[0].reason}; nothing was removed")
            if not listings.names and not paths:
                raise GraphError(f"{directory} keeps no papers to build anew: name the files of papers")
            summary = _build(directory, listings, correct, options, before, watch=watch, shared=corrections)
            if not summary.unchanged:
                told = {"read": summary.read, "accepted": summary.accepted, "triples": summary.triples}
                with suppress(OSError):
                    kept.log(directory, paths, told)
            return replace(summary, rejects=(*failed, *summary.rejects))
    except OSError as error:
        raise unwritable(directory, error) from error


def _build(
    directory: Path,
    listings: Listings,
    correct: Sequence[Correction],
    options: Options,
    before: State | None,
    *,
    watch: Watch,
    shared: Path | None,
) -> Summary:
    drawing = digests.drawing(options.model)
    inputs = key(__version__, drawing, options.told(correct), *listings.names)
    if before is not None and before.inputs == inputs and not store.changed(directory):
        if shared is not None:
            keep_shared(directory, shared)
        return _unchanged(directory, before, correct)
    of = Build(key(__version__, drawing, digests.counting(), options.told(correct)), inputs, drawing)
    folder = directory / _CACHE
    if before is not None and not correct and not store.changed(directory):
        made = added(directory, folder, listings, options, before=before, build=of, watch=watch)
        if made is not None:
            if shared is not None:
                keep_shared(directory, shared)
            return made
    return _anew(directory, listings, correct, options, before=before, of=of, watch=watch, shared=shared)


def _anew(
    directory: Path,
    listings: Listings,
    correct: Sequence[Correction],
    options: Options,
    *,
    before: State | None,
    of: Build,
    watch: Watch,
    shared: Path | None,
) -> Summary:
    """Decide everything over all papers."""
    cache = directory / _CACHE
    origins = listings.load()
    watch("comparing papers", 0, None, 0)
    merged = merge(paper for origin in origins.values() for paper in origin.papers)
    papers, counts = merged.papers, counted(origins, merged.merged)
    rejects = tuple(reject for sha256 in sorted(origins) for reject in origins[sha256].rejects)
    if not papers:
        return summed(counts, rejects, [], 0)
    cache.mkdir(exist_ok=True)
    remembered = None if correct else Remembered(origins, listings.names, papers, counts)
    with ExitStack() as open_files:
        caches = open_files.enter_context(Caches.opened(cache))
        workers = open_files.enter_context(options.workers())
        del origins, merged
        work = Work(papers, options, caches, workers, lambda what, done, total: watch(what, done, total, len(rejects)))
        names = work.read()
        watch("deciding over all papers", 0, None, len(rejects))
        plan = Plan(papers, names, work.keys, correct)
        blocks, extractor = work.draw(plan, of.drawing, before.extractor if before else None)
        facts = [caches.blocks.facts(block) for block in blocks]
        idle = [*plan.decided.corrected.idle, *_idle(plan, facts), *plan.idle]
        watch("writing the graph", 0, None, len(rejects))
        corpus = chain(
            schema(),
            {row for each in facts for row in each.people},
            _of_corpus(plan, facts, counts, options.told(correct), extractor, corrected=bool(correct)),
        )
        lines = {line.encode() for line in corpus}
        summary = summed(counts, rejects, facts, len(lines), idle)
        totals = {name: getattr(summary, name) for name in _COUNTS}
        now = State(of.inputs, listings.names, totals, [told_of(each) for each in idle], blocks, extractor)
        if shared is not None:
            keep_shared(directory, shared)
        kept.save_rejects(directory, rejects)
        counts_of_reports = reports.tables(papers, facts, lines)
        used = work.found, work.keys, blocks
        if remembered is not None:
            remembered.decided(plan.decided)
        del work, plan, papers, names, facts, corpus  # loading the store needs the memory
        caches.names.forget()
        caches.blocks.forget()
        told = options.told(())

        def remember() -> None:
            if remembered is not None:
                remembered.write(cache, caches, used, of=(of.form, of.inputs), told=told, extractor=extractor)

        state.commit(directory, before, now, lines, caches.blocks, meanwhile=remember)
        with suppress(OSError):  # the graph is there, and what is left over does no harm
            kept.drop(directory, listings.names)
            for each, keys in zip(caches, used, strict=True):
                each.keep(set(keys))
            reports.keep(directory, counts_of_reports, [caches.blocks.place(block) for block in blocks])
            Remembered.keep(cache, written=remembered is not None)
    return summary


def _of_corpus(
    plan: Plan,
    facts: Sequence[Facts],
    counts: Sequence[SourceCount],
    options: str,
    extractor: str | None,
    *,
    corrected: bool,
) -> Iterator[str]:
    decided = plan.decided
    pages = ((paper.source.listing, paper.source.sha256) for paper in plan.papers)
    return of_corpus(
        sources=counts,
        options=options,
        vocabulary=ontology.digest(),
        listings=dict.fromkeys((page, sha256) for page, sha256 in pages if page is not None),
        usual_extractor=extractor,
        extractors={name for each in facts for name in (*each.extractors, *each.counters)},
        named={iri for each in facts for iri in (*each.claimed, *each.measured)},
        entities={*plan.entities(), *(entity for each in facts for entity in each.records)},
        curated=decided.corrected.vocabulary() if corrected else ontology.vocabulary(),
        replaced=decided.replaced,
        notes=decided.notes,
    )


def _idle(plan: Plan, facts: Sequence[Facts]) -> Iterator[Correction]:
    for at, each in enumerate(facts):
        for number in each.idle:
            yield plan.decisions(at)[number]


_COUNTS: Final = ("read", "accepted", "merged", "rejected", "mentions", "claims", "results", "entities", "triples")


def _unchanged(directory: Path, before: State, correct: Sequence[Correction]) -> Summary:
    idle = tuple(each for each in correct if told_of(each) in before.idle)
    return Summary(**before.counts, rejects=tuple(kept.rejects(directory)), idle=idle, unchanged=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the search for garbage in circles, of which there is little, among millions of records."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()
