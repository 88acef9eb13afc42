"""What only a source says of a paper: claims and results without a sentence, certain as far as the source is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.ground.declared import names, parts
from kg.model import FITS, KINDS, Claim, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.ground.declared import Name
    from kg.model import DeclaredResult, Entity, Paper, Predicate

__all__ = ["EXTRACTOR", "results", "with_declared"]

#: What found a claim or a result that a source declares.
EXTRACTOR: Final = "declared"


def with_declared(paper: Paper, said: Sequence[Claim], entities: Sequence[Entity | None]) -> Iterator[Claim]:
    """The claims, those that the source declares marked so or added; an entity that the text names stays as it is.

    `entities` are those of the paper's declared `names`, in their order; None is one that a correction took away.
    """
    missing: dict[tuple[Predicate, str], tuple[Entity, Name]] = {}
    for name, entity in zip(names(paper), entities, strict=True):
        if name.predicate and entity and entity.kind in FITS.get(name.predicate, KINDS):
            missing.setdefault((name.predicate, entity.iri), (entity, name))
    wanted = {iri: predicate for predicate, iri in reversed(missing)}
    for claim in said:
        iri = claim.entity.iri
        predicate = wanted.get(iri) if claim.predicate == "mentions" else claim.predicate
        if claim.polarity == "positive" and predicate and (predicate, iri) in missing:
            del missing[predicate, iri]
            yield replace(claim, predicate=predicate, confidence=1.0, declared=True, extractor=EXTRACTOR)
        else:
            yield claim
    named = {claim.entity.iri: claim.entity for claim in said}
    for (predicate, iri), (entity, name) in missing.items():
        origin = None if name.source == paper.source.sha256 else name.source
        found = named.get(iri, entity)
        yield Claim(paper.id, predicate, found, 1.0, EXTRACTOR, declared=True, origin=origin)


def results(paper: Paper, entities: Sequence[Entity | None]) -> Iterator[Result]:
    """The results that the source declares; one whose metric a correction took away is none."""
    found = dict(zip(names(paper), entities, strict=True))
    for declared in paper.declared.results if paper.annotation is None else ():
        result = _result(paper, declared, found)
        if result is not None:
            yield result


def _result(paper: Paper, declared: DeclaredResult, found: Mapping[Name, Entity | None]) -> Result | None:
    fills = {field: _of_kind(found.get(name), name) for field, name in parts(declared)}
    metric = fills["metric"]
    if metric is None:
        return None
    return Result(
        paper=paper.id,
        metric=metric,
        value=declared.value,
        comparator="=",
        unit=declared.unit,
        confidence=1.0,
        extractor=EXTRACTOR,
        dataset=fills.get("dataset"),
        method=fills.get("method"),
        task=fills.get("task"),
        origin=declared.source,
    )


def _of_kind(entity: Entity | None, name: Name) -> Entity | None:
    return entity if entity and entity.kind == name.kind else None
