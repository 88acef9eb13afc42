"""What a build tells while it works, and what it has done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.graph import SourceCount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.engine.chunks import Facts
    from kg.ground.corrections import Correction
    from kg.model import Rejected
    from kg.store.kept import Origin

__all__ = ["Summary", "Watch", "counted", "nobody", "summed"]

Watch = Callable[[str, int, int | None, int], None]
"""Is told what is being done, how many papers are done, of how many if that is known, and the rejects so far."""


def nobody(what: str, done: int, total: int | None, rejects: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did: papers read = accepted + merged + rejected, over all files that the graph is made of.

    `idle` are the corrections that found nothing to correct; `unchanged` says that the graph was as it is before.
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
    unchanged: bool = False


def summed(
    counts: Sequence[SourceCount],
    rejects: Sequence[Rejected],
    facts: Sequence[Facts],
    lines: int,
    idle: Sequence[Correction] = (),
) -> Summary:
    """What a build did, given what papers say and the number of triples that are of no paper alone."""
    return Summary(
        read=sum(count.read for count in counts),
        accepted=sum(count.accepted for count in counts),
        merged=sum(count.merged for count in counts),
        rejected=sum(count.rejected for count in counts),
        rejects=tuple(rejects),
        mentions=sum(each.mentions for each in facts),
        claims=sum(each.claims for each in facts),
        results=sum(each.results for each in facts),
        entities=len({iri for each in facts for iri in each.claimed}),
        triples=lines + sum(each.lines for each in facts),
        idle=tuple(idle),
    )


def counted(origins: Mapping[str, Origin], merged: Mapping[str, int]) -> list[SourceCount]:
    """What became of the records of each source."""
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
