"""Whether mentions that stand for one thing were linked to one entity, and others not: B-cubed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.learn.annotated import normal
from kg.learn.matching import mentions
from kg.learn.scores import Agreement

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from kg.learn.annotated import Row

__all__ = ["Linked", "agreement", "b_cubed", "grounding", "linked"]

Linked = tuple["Hashable", "Hashable"]
"""What a mention stands for, by annotation and by our link."""


def grounding(papers: Iterable[tuple[Sequence[Row], Sequence[Row]]]) -> dict[str, Agreement]:
    """Compare the clusters of annotated mentions that were found with ours, given both mentions of each paper.

    Under "paper" every paper has its own clusters, and all papers are one sum; under "corpus" a cluster goes
    through all papers.
    """
    found = [linked(gold, said) for gold, said in papers]
    within = sum((agreement(pairs) for pairs in found), Agreement())
    return {"paper": within, "corpus": agreement([pair for pairs in found for pair in pairs])}


def linked(gold: Sequence[Row], said: Sequence[Row]) -> list[Linked]:
    """The two clusters of each mention of a paper whose span and kind were found.

    A gold cluster is kind and canonical name, one of ours the entity: its IRI, or its name and kind where
    predictions give none. A mention for which either side names nothing is left out.
    """
    pairs = [pair for _, outcome in mentions(gold, said) for pair in outcome.right]
    return [
        ((theirs["type"], normal(theirs["canonical"])), mine.get("iri") or (mine["type"], normal(mine["canonical"])))
        for theirs, mine in pairs
        if theirs.get("canonical") and (mine.get("iri") or mine.get("canonical"))
    ]


def agreement(pairs: Sequence[Linked]) -> Agreement:
    """Sum the B-cubed shares of items, given the gold cluster and ours of each."""
    shares = b_cubed(pairs)
    return Agreement(
        items=len(pairs),
        pure=sum(precision for precision, _ in shares),
        whole=sum(recall for _, recall in shares),
        gold=len({gold for gold, _ in pairs}),
        predicted=len({ours for _, ours in pairs}),
    )


def b_cubed(pairs: Sequence[Linked]) -> list[tuple[float, float]]:
    """The precision and recall of each item, given its gold cluster and ours.

    Bagga and Baldwin, "Algorithms for Scoring Coreference Chains", 1998. For an item whose gold cluster is G and
    whose cluster in our grouping is C: precision |G ∩ C| / |C|, recall |G ∩ C| / |G|; the measure is the mean over
    items, each with the same weight. Unlike there, only items that both sides have are compared, so that finding
    mentions is not scored twice.

    >>> b_cubed([("net", 1), ("net", 1), ("net", 2)])
    [(1.0, 0.6666666666666666), (1.0, 0.6666666666666666), (1.0, 0.3333333333333333)]
    >>> b_cubed([("net", 1), ("loss", 1)])
    [(0.5, 1.0), (0.5, 1.0)]
    """
    both, gold, ours = Counter(pairs), Counter(g for g, _ in pairs), Counter(o for _, o in pairs)
    return [(both[pair] / ours[pair[1]], both[pair] / gold[pair[0]]) for pair in pairs]
