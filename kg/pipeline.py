"""The rooms joined: files become papers, papers become readings, readings become a graph."""

from __future__ import annotations

from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kg.asserted import LEAST
from kg.claims import corpus
from kg.claims.stated import stated
from kg.engine import build as directories
from kg.engine.chunks import marked
from kg.engine.listings import collected, papers
from kg.engine.pool import Pool
from kg.engine.watch import Summary, counted, nobody
from kg.engine.work import Options
from kg.errors import GraphError
from kg.extract import DEFAULT
from kg.extract.given import given
from kg.graph import triples
from kg.ground.entities import declared, ground
from kg.ground.papers import merge
from kg.ontology import schema
from kg.store import kept, prepare, write
from kg.store.corrections import load_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.engine.pool import Workers
    from kg.engine.watch import Watch
    from kg.engine.work import Engine
    from kg.graph import SourceCount
    from kg.ground.corrections import Correction
    from kg.model import Mention, Paper, Reading, Rejected

__all__ = ["Summary", "build", "extract", "named", "papers"]


def extract(
    papers: Iterable[Paper], *, model: str = DEFAULT, jobs: int = 1, mentions: Literal["model", "gold"] = "model"
) -> Iterator[Reading]:
    """What each paper says, on its own: no other paper changes it. `jobs` processes share the work.

    An annotated paper says what its annotation says; with "gold" only its mentions are the annotator's, and what
    follows from them is ours.
    """
    found = ((paper, given(paper)) for paper in papers) if mentions == "gold" else named(papers, model, jobs)
    for paper, marks in found:
        as_stated = paper.annotation is not None and mentions == "model"
        yield stated(paper) if as_stated else corpus.reading(paper, ground(marks), declared(paper))


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
    engine: Engine = "local",
    scheduler: str | None = None,
    corrections: Path | None = None,
    remove: Sequence[Path] = (),
    watch: Watch = nobody,
) -> Summary:
    """Read files of papers into a graph; a directory that holds a graph gets them added.

    A directory reads a file once, and building A, then B, gives the graph of A and B together. Nothing is written if no
    file gives a paper. The corrections that are kept with the graph are applied, and before them those of the file
    `corrections`, of which a directory keeps a copy for its later builds. `remove` names sources that go, each by its
    file or the first digits of its digest, with all that only they said. `watch` is told what goes on.

    With the engine "dask" the workers of the Dask scheduler at an address read the papers; without an address, `jobs`
    workers that are started here. Raises GraphError if the graph cannot be written, CorrectionError if the corrections
    are at fault, and KgError if the workers cannot do it.
    """
    place = Path(graph)
    if not paths and (fresh or not place.is_dir()):
        raise GraphError(f"{graph} keeps no papers to build anew: name the files of papers")
    correct = load_all(graph, corrections)
    prepare(graph, fresh=fresh)
    options = Options(model, min_confidence, jobs, engine, scheduler)
    if place.is_dir():
        return directories.build(
            paths,
            place,
            options,
            format=format,
            columns=columns,
            fresh=fresh,
            corrections=corrections,
            remove=remove,
            watch=watch,
        )
    if remove:
        raise GraphError(f"{graph} is written whole: leave the source out, and add --fresh")
    return _whole(paths, graph, options, correct, format=format, columns=columns, fresh=fresh, watch=watch)


def _whole(
    paths: Sequence[Path],
    graph: str,
    options: Options,
    correct: Sequence[Correction],
    *,
    format: str,  # noqa: A002 - as above
    columns: Mapping[str, str] | None,
    fresh: bool,
    watch: Watch,
) -> Summary:
    """Write an RDF file, with all papers in memory."""
    origins, failed = collected(paths, format, columns, watch)
    merged = merge(paper for origin in origins.values() for paper in origin.papers)
    with options.workers() as workers:
        alone = (corpus.alone(*each) for each in _named(merged.papers, options.model, workers))

        def draw(placed: Iterable[corpus.Placed]) -> Iterator[Reading]:
            return (said for chunk in workers.chunks(_drawn, placed) for _, said in chunk)

        found = corpus.read(alone, correct, draw)
    readings, counts = found.readings, counted(origins, merged.merged)
    rejects = [*failed, *(reject for sha256 in sorted(origins) for reject in origins[sha256].rejects)]
    written = 0
    if readings:
        lines = triples(
            readings,
            sources=counts,
            options=options.told(correct),
            min_confidence=options.min_confidence,
            corrected=found.corrected.vocabulary() if correct else None,
            replaced=found.replaced,
            notes=found.notes,
        )
        written = write(graph, chain(schema(), lines), fresh=fresh)
    place = Path(graph)
    kept.save_rejects(place.with_name(f"{place.name}.rejects.jsonl"), rejects)
    return _summary(readings, counts, rejects, written, found.idle)


def named(papers: Iterable[Paper], model: str, jobs: int) -> Iterator[tuple[Paper, list[Mention]]]:
    """The papers with their mentions, in their order. Raises KgError if a process ends by itself."""
    with Pool.of(jobs) as pool:
        yield from _named(papers, model, pool)


def _named(papers: Iterable[Paper], model: str, workers: Workers) -> Iterator[tuple[Paper, list[Mention]]]:
    return chain.from_iterable(workers.chunks(partial(_marked, model=model), papers))


def _marked(papers: Sequence[Paper], model: str) -> list[list[Mention]]:
    return [marked(paper, model) for paper in papers]


def _drawn(some: Sequence[corpus.Placed]) -> list[Reading]:
    return [corpus.reading(*each) for each in some]


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
