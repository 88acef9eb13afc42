"""What reports count, kept beside the store by who knows it already: nothing is read from the store for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.graph.papers import ELSEWHERE, paper_iri
from kg.model import KINDS
from kg.terms import issued
from kg.vocab import KG, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.engine.chunks import Facts
    from kg.model import Paper
    from kg.report.matrices import Matrices, PaperRow

__all__ = ["Tables", "amended", "keep", "kept", "tables"]

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LABEL: Final = f"> <{names.SKOS.prefLabel}> ".encode()
_KIND: Final = f"> <{names.RDF.type}> <{KG.Method}".removesuffix("Method").encode()
_KINDS: Final = {f"<{KG[kind]}>": number for number, kind in enumerate(KINDS)}


class Tables(NamedTuple):
    """The matrices of a graph, and the IRIs of its papers in the order of the build."""

    matrices: Matrices
    papers: list[str]


def tables(papers: Sequence[Paper], facts: Sequence[Facts], corpus: Iterable[bytes]) -> Tables:
    """Make the matrices of the graph of these papers, and of these triples that are of no paper alone."""
    from kg.report import matrices  # noqa: PLC0415 - scipy, which a build does without until it ends

    iris = [paper_iri(paper.id)[1:-1] for paper in papers]
    said = (
        (iri, entity, ord(sign))
        for iri, each in zip(iris, facts, strict=True)
        for entity, sign in zip(each.named, each.said, strict=True)
    )
    rows = (_row(matrices.PaperRow, iri, paper) for iri, paper in zip(iris, papers, strict=True))
    return Tables(matrices.made(rows, _entities(corpus), said), iris)


def kept(directory: Path) -> Matrices | None:
    """The matrices of the graph; None if they are not kept."""
    from kg.report import cache  # noqa: PLC0415 - as above

    return cache.kept(directory)


def amended(
    old: Matrices,
    gone: Sequence[str],
    papers: Sequence[tuple[Paper, Facts]],
    corpus: tuple[set[bytes], set[bytes]],
    every: Sequence[str],
) -> Tables:
    """Make the matrices of a graph from those that it had, and the tables of all its papers, `every` by id.

    `gone` are the ids of papers that are none any more, `papers` those of which something else is said now, with what
    that is. `corpus` are the triples of entities that go or come, and all of those that are told now.
    """
    from kg.report.amended import Changes, amended  # noqa: PLC0415 - as above
    from kg.report.matrices import PaperRow  # noqa: PLC0415 - as above

    changed, lines = corpus
    subjects = {line.partition(b" ")[0] for line in changed}
    rows = [_row(PaperRow, paper_iri(paper.id)[1:-1], paper) for paper, _ in papers]
    left = [paper_iri(name)[1:-1] for name in gone]
    changes = Changes(
        gone=[*left, *(row.iri for row in rows)],
        papers=rows,
        changed=[subject.decode()[1:-1] for subject in subjects],
        entities=list(_entities(line for line in lines if line.partition(b" ")[0] in subjects)),
        said=[
            (row.iri, entity, ord(sign))
            for row, (_, each) in zip(rows, papers, strict=True)
            for entity, sign in zip(each.named, each.said, strict=True)
        ],
    )
    return Tables(amended(old, changes), [paper_iri(name)[1:-1] for name in every])


def keep(directory: Path, made: Tables, places: Sequence[tuple[int, int]]) -> None:
    """Keep them beside the store that was just written.

    `places` say of each paper where in the cache what it says begins, and how long that is. Raises OSError: then the
    first report reads the store.
    """
    from kg.report import cache  # noqa: PLC0415 - as above

    ranked = sorted(range(len(places)), key=made.papers.__getitem__)
    cache.keep(directory, made.matrices, [places[at] for at in ranked])


def _row(make: type[PaperRow], iri: str, record: Paper) -> PaperRow:
    """What `kg.graph.paper` says of a paper, as far as reports tell it."""
    date = issued(record.published) if record.published else ""
    urls = [url for role, url in record.urls if url and role not in ELSEWHERE]
    texts = (record.title, min(urls, default=""), record.published or "")
    title, url, published = (_SURROGATE.sub("\ufffd", text) for text in texts)
    year = int(date[1:5]) if "^^" in date else 0
    return make(iri, title, url, published, year, _SURROGATE.sub("\ufffd", record.venue or ""))


def _entities(corpus: Iterable[bytes]) -> Iterator[tuple[str, int, str]]:
    """The entities that these triples describe: IRI, number of the kind, label; of several the first."""
    from kg.report.bodies import unescaped  # noqa: PLC0415 - as above

    kinds: dict[str, int] = {}
    labels: dict[str, str] = {}
    for line in corpus:
        if _LABEL in line:
            subject, _, value = line.decode().split(" ", 2)
            label = unescaped(value[1 : value.rindex('"')])
            labels[subject] = min(label, labels.get(subject, label))
        elif _KIND in line:
            subject, _, value = line.decode().split(" ", 2)
            number = _KINDS.get(value.removesuffix(" ."))
            if number is not None:
                kinds[subject] = min(number, kinds.get(subject, number))
    for subject, number in kinds.items():
        iri = subject[1:-1]
        yield iri, number, labels.get(subject, iri)
