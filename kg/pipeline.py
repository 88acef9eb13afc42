"""The rooms joined: files become papers, papers become readings, readings become a graph."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Literal, TypeVar

from kg import sources
from kg.asserted import LEAST
from kg.claims import corpus, measured
from kg.claims.stated import stated
from kg.errors import GraphError, KgError, SourceError
from kg.extract import DEFAULT
from kg.extract import mentions as find
from kg.extract.given import given
from kg.extract.network import digest as digest_of
from kg.extract.texts import text_of
from kg.graph import SourceCount, triples
from kg.ground.corrections import digest as digest_of_all
from kg.ground.entities import declared, ground
from kg.ground.papers import merge
from kg.model import FIELDS, Mention, Paper, Reading, Rejected
from kg.ontology import schema
from kg.sources.files import digest
from kg.store import kept, prepare, write
from kg.store.corrections import keep_shared, load_all
from kg.store.kept import Kept, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.ground.corrections import Correction

__all__ = ["Summary", "build", "extract", "named", "papers"]

_CHUNK = 64

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did: papers read = accepted + merged + rejected, over all files that the graph is made of.

    `idle` are the corrections that found nothing to correct.
    """

    read: int
    accepted: int
    merged: int
    rejected: int
    rejects: tuple[Rejected, ...]
    mentions: int
    claims: int
    results: int
    entities: int
    triples: int
    idle: tuple[Correction, ...] = ()


def papers(
    paths: Sequence[Path],
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    columns: Mapping[str, str] | None = None,
) -> Iterator[Paper | Rejected]:
    """The papers of all files; a file that cannot be read at all is one `Rejected` with line 0."""
    for path in paths:
        try:
            yield from sources.read(path, format=format, columns=columns)
        except SourceError as error:
            yield Rejected(str(path), 0, str(error).removeprefix(f"{path}: "))


def extract(
    papers: Iterable[Paper], *, model: str = DEFAULT, jobs: int = 1, mentions: Literal["model", "gold"] = "model"
) -> Iterator[Reading]:
    """What each paper says, on its own: no other paper changes it. `jobs` processes share the work.

    An annotated paper says what its annotation says; with "gold" only its mentions are the annotator's, and what
    follows from them is ours.
    """
    found = ((paper, given(paper)) for paper in papers) if mentions == "gold" else named(papers, model, jobs)
    for paper, marked in found:
        as_stated = paper.annotation is not None and mentions == "model"
        yield stated(paper) if as_stated else corpus.reading(paper, ground(marked), declared(paper))


def build(
    paths: Sequence[Path],
    graph: str,
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    columns: Mapping[str, str] | None = None,
    fresh: bool = False,
    min_confidence: float = LEAST,
    model: str = DEFAULT,
    jobs: int = 1,
    corrections: Path | None = None,
) -> Summary:
    """Read files of papers into a graph; a directory that holds a graph gets them added.

    A file that was read before is read anew, so that building A, then B, gives the graph of A and B together. Nothing
    is written if no file gives a paper. The corrections that are kept with the graph are applied, and before them
    those of the file `corrections`, of which a directory keeps a copy for its later builds.

    Raises GraphError if the graph cannot be written, and CorrectionError if the corrections are at fault.
    """
    place = Path(graph)
    if not paths and (fresh or not place.is_dir()):
        raise GraphError(f"{graph} keeps no papers to build anew: name the files of papers")
    correct = load_all(graph, corrections)
    prepare(graph, fresh=fresh)
    origins = kept.load(place) if place.is_dir() and not fresh else {}
    if not paths and not origins:
        raise GraphError(f"{graph} keeps no papers to build anew: name the files of papers")
    failed = _read(paths, origins, format, columns)
    merged = merge(paper for origin in origins.values() for paper in origin.papers)
    accepted = sorted(merged.papers, key=lambda paper: paper.id)
    alone = (corpus.alone(*each) for each in named(accepted, model, jobs))
    found = corpus.read(alone, correct, lambda placed: (drawn for _, drawn in _shared(_drawn, placed, jobs)))
    readings = found.readings
    counts = _counts(origins, merged.merged)
    rejects = [*failed, *(reject for sha256 in sorted(origins) for reject in origins[sha256].rejects)]
    written = 0
    if readings:
        if place.is_dir():
            kept.save(place, origins)
            if corrections is not None:
                keep_shared(place, corrections)
        options = f"min-confidence={min_confidence} model={model} {digest_of(model)}"
        lines = triples(
            readings,
            sources=counts,
            options=f"{options} corrections={digest_of_all(correct)}" if correct else options,
            min_confidence=min_confidence,
            corrected=found.corrected.vocabulary() if correct else None,
            replaced=found.replaced,
            notes=found.notes,
        )
        written = write(graph, chain(schema(), lines), fresh=fresh)
    if not place.is_dir():
        kept.save_rejects(place.with_name(f"{place.name}.rejects.jsonl"), rejects)
    summary = _summary(readings, counts, rejects, written, found.idle)
    if place.is_dir():
        kept.log(place, paths, {"read": summary.read, "accepted": summary.accepted, "triples": written})
    return summary


def _read(paths: Sequence[Path], origins: Kept, form: str, columns: Mapping[str, str] | None) -> list[Rejected]:
    """Put what the files hold into `origins`; gives the files that cannot be read."""
    failed = []
    for path in paths:
        found = list(papers([path], format=form, columns=columns))
        whole = [item for item in found if isinstance(item, Rejected) and item.line == 0]
        if whole:
            failed += whole
        good = [item for item in found if isinstance(item, Paper)]
        rejects = [item for item in found if isinstance(item, Rejected) and item.line]
        if good or rejects:
            name = good[0].source.format if good else sources.detect(path) if form == "auto" else form
            origins[digest(path)] = Origin(name, good, rejects)
    return failed


def named(papers: Iterable[Paper], model: str, jobs: int) -> Iterator[tuple[Paper, list[Mention]]]:
    """The papers with their mentions, in their order. Raises KgError if a process ends by itself."""
    return _shared(partial(_marked, model=model), papers, jobs)


def _shared(work: Callable[[T], U], items: Iterable[T], jobs: int) -> Iterator[tuple[T, U]]:
    """Each item with what `work` makes of it, in their order; few items are not worth another process."""
    chunks = _chunks(items)
    first, second = next(chunks, []), next(chunks, [])
    if jobs == 1 or not second:
        yield from ((item, work(item)) for item in chain(first, second, chain.from_iterable(chunks)))
        return
    with _processes(jobs) as pool:
        waiting: deque[tuple[list[T], Future[list[U]]]] = deque()
        for chunk in chain((first, second), chunks):
            waiting.append((chunk, pool.submit(_of_chunk, work, chunk)))
            if len(waiting) > 2 * jobs:
                yield from _finished(*waiting.popleft())
        while waiting:
            yield from _finished(*waiting.popleft())


@contextmanager
def _processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that begin nothing more once their work is given up; an interrupt is ours to hear, not theirs."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=signal, initargs=(SIGINT, SIG_IGN))
    try:
        yield pool
    except BrokenProcessPool as error:
        raise KgError("a process that read papers ended by itself, perhaps for want of memory: try --jobs 1") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _of_chunk(work: Callable[[T], U], items: Sequence[T]) -> list[U]:
    return [work(item) for item in items]


def _marked(paper: Paper, model: str) -> list[Mention]:
    """The mentions that the extractors find and, in their order, the metrics that only a number speaks for."""
    if paper.annotation is not None:
        return []
    found = find(paper, model)
    more = measured([text_of(paper, field) for field in FIELDS], found)
    return sorted([*found, *more], key=lambda mention: (FIELDS.index(mention.text.field), mention.start))


def _drawn(each: corpus.Placed) -> Reading:
    return corpus.reading(*each)


def _finished(items: list[T], found: Future[list[U]]) -> Iterator[tuple[T, U]]:
    return zip(items, found.result(), strict=True)


def _counts(origins: Kept, merged: Mapping[str, int]) -> list[SourceCount]:
    return [
        SourceCount(
            sha256=sha256,
            format=origin.format,
            read=len(origin.papers) + len(origin.rejects),
            accepted=len(origin.papers) - merged.get(sha256, 0),
            merged=merged.get(sha256, 0),
            rejected=len(origin.rejects),
        )
        for sha256, origin in sorted(origins.items())
    ]


def _summary(
    readings: Sequence[Reading],
    counts: Sequence[SourceCount],
    rejects: Sequence[Rejected],
    written: int,
    idle: Sequence[Correction],
) -> Summary:
    entities = {claim.entity.iri for reading in readings for claim in reading.claims}
    return Summary(
        read=sum(count.read for count in counts),
        accepted=sum(count.accepted for count in counts),
        merged=sum(count.merged for count in counts),
        rejected=sum(count.rejected for count in counts),
        rejects=tuple(rejects),
        mentions=sum(len(reading.linked) for reading in readings),
        claims=sum(len(reading.claims) for reading in readings),
        results=sum(len(reading.results) for reading in readings),
        entities=len(entities),
        triples=written,
        idle=tuple(idle),
    )
