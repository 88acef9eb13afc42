"""One plain record a paper: all that was read from it, ready to be written as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.graph.papers import OFFSET_UNIT

if TYPE_CHECKING:
    from kg.model import Claim, Entity, Evidence, Listing, Mention, Paper, Reading, Result

__all__ = ["record"]

Record = dict[str, Any]

_LONGEST: Final = 40


def record(reading: Reading) -> Record:
    """Return what was read from one paper as plain values: strings, numbers, lists and dictionaries.

    What the paper denies ("unlike X") stands under "negated" and not under "claims", so that nobody
    counts it by mistake. "page" is there only if the paper came from a listing.
    """
    paper = reading.paper
    listing = paper.source.listing
    return {
        "id": paper.id,
        "ids": [f"{scheme}:{value}" for scheme, value in paper.ids],
        "title": paper.title,
        "abstract": paper.abstract,
        "metadata": _metadata(paper),
        **({"page": _page(listing)} if listing else {}),
        "mentions": [_mention(mention, entity) for mention, entity in reading.linked],
        "claims": [_claim(claim) for claim in reading.claims if claim.polarity != "negated"],
        "negated": [_claim(claim) for claim in reading.claims if claim.polarity == "negated"],
        "results": [_result(result) for result in reading.results],
    }


def _metadata(paper: Paper) -> Record:
    address: dict[str, str] = {}
    for role, url in paper.urls:
        address.setdefault(role, url)
    identifiers = dict(reversed(paper.ids))
    more = {"keywords": list(paper.declared.keywords), "repositories": list(paper.declared.repositories)}
    stated = {"venue": paper.venue, **more}
    return {
        "title": paper.title,
        "authors": list(paper.authors) or (["Anonymous"] if paper.anonymous else []),
        "authors_anonymous": paper.anonymous,
        "abstract": paper.abstract,
        "published": paper.published,
        "url": address.get("url"),
        "pdf": address.get("pdf"),
        "pwc": address.get("pwc"),
        "tasks": list(paper.declared.tasks),
        "repo": paper.declared.repository,
        "framework": paper.declared.framework,
        "openreview_id": identifiers.get("openreview"),
        **{key: value for key, value in stated.items() if value},
    }


def _page(listing: Listing) -> Record:
    return {
        "group": listing.group,
        "group_index": listing.group_index,
        "date_text": listing.date_text,
        "date": listing.date,
        "reading_text": listing.reading_text,
        "word_count": listing.word_count,
        "read_minutes": listing.read_minutes,
        "teaser": listing.teaser,
        "teaser_truncated": listing.teaser_truncated,
        "footer": listing.footer,
        "n_papers": listing.papers,
        "paper_slugs": list(listing.slugs),
        "offset_unit": OFFSET_UNIT,
        "chars": listing.characters,
    }


def _mention(mention: Mention, entity: Entity) -> Record:
    return {
        "field": mention.text.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.surface,
        "type": mention.kind,
        "canonical": entity.label,
        "iri": entity.iri,
        "confidence": mention.confidence,
        "extractor": mention.extractor,
    }


def _claim(claim: Claim) -> Record:
    optional = {
        "role": claim.role,
        "subject": claim.subject,
        "polarity": claim.polarity if claim.polarity != "positive" else None,
        "variant": claim.variant,
        "declared": claim.declared or None,
        "evidence": _evidence(claim.sentence),
        "mention": _evidence(claim.mention),
        "also": [_evidence(sentence) for sentence in claim.also] or None,
    }
    return {
        "predicate": claim.predicate,
        "type": claim.entity.kind,
        "label": claim.entity.label,
        "aliases": list(claim.entity.aliases),
        "iri": claim.entity.iri,
        "confidence": claim.confidence,
        "extractor": claim.extractor,
        **_given(optional),
    }


def _result(result: Result) -> Record:
    return {
        "dataset": _label(result.dataset),
        "metric": result.called or result.metric.label,
        **_given({"metric_canonical": result.metric.label if result.called else None}),
        "metric_variant": result.variant,
        "value": _number(result.value),
        **_given({"value_upper": _number(result.upper) if result.upper else None}),
        "comparator": result.comparator,
        "unit": result.unit,
        "condition": result.condition,
        "method": _label(result.method),
        "backbone": _label(result.backbone),
        "is_baseline": result.baseline,
        **_given({"delta": result.delta or None}),
        "task": _label(result.task),
        "confidence": result.confidence,
        "extractor": result.extractor,
        **_given({"declared": result.declared or None}),
        "evidence": _evidence(result.evidence),
        "span": _evidence(result.span),
    }


def _evidence(evidence: Evidence | None) -> Record | None:
    if evidence is None:
        return None
    return {"field": evidence.text.field, "start": evidence.start, "end": evidence.end, "text": evidence.quote}


def _label(entity: Entity | None) -> str | None:
    return entity.label if entity else None


def _given(values: Record) -> Record:
    return {key: value for key, value in values.items() if value is not None}


def _number(text: str) -> int | float | str:
    """Return a decimal as the number it is; as text if it is longer than any number that a paper measures.

    >>> _number("93.73"), _number("16")
    (93.73, 16)
    """
    if len(text) > _LONGEST:
        return text
    if text.lstrip("-").isdecimal():
        return int(text)
    return float(text)
