"""How good the claims are: by predicate, by confidence, with our mentions and with those of the annotators.

    python benchmarks/claims.py DEV.jsonl [--write]

For each: entities, claims by predicate, results and grounding with 95% bootstrap intervals (1,000 resamples of
papers); then what claims from a confidence on are worth (those that a graph asserts), and the reliability of
confidences. Grounding is B-cubed; "names alone" is what it would be if every name were an entity of its own.
--write puts what the shipped default model's claims are worth into kg/claims/asserted.tsv, for kg stats.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import kg.claims
from kg import pipeline
from kg.export.records import record
from kg.learn import matching
from kg.learn.calibration import reliability
from kg.learn.clusters import agreement, b_cubed, linked
from kg.learn.evaluate import paired, score
from kg.learn.scores import Agreement, Score, total
from kg.model import PREDICATES, Declared, Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.learn.annotated import Row
    from kg.learn.evaluate import Pair

Mentions = Literal["model", "gold"]

SAMPLES = 1000
SHOWN = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
WRITTEN = tuple(step / 20 for step in range(20))
EDGES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
TABLE = Path(kg.claims.__path__[0]) / "asserted.tsv"
HEAD = """\
# predicate; confidence; of the claims from it on: how many are right, how many there are; of the annotators: how many
# there are; papers
# Written by benchmarks/claims.py --write with the shipped default model.
"""


def records(gold: Path, mentions: Mentions) -> Iterator[dict[str, Any]]:
    """What kg evaluate compares: titles and abstracts are read, and not what is declared beside them."""
    found = pipeline.papers([gold], format="annotated" if mentions == "gold" else "jsonl")
    papers = (replace(paper, declared=Declared()) for paper in found if isinstance(paper, Paper))
    for reading in pipeline.extract(papers, mentions=mentions):
        yield record(reading)


def both(pairs: Sequence[Pair]) -> list[tuple[Row, Row]]:
    return [(gold, said or {"mentions": [], "claims": [], "results": []}) for gold, said in pairs]


def counts(pairs: Sequence[Pair]) -> Mapping[tuple[str, str], list[Score]]:
    """The scores of each paper, by measure and group."""
    alone = [score([pair]) for pair in pairs]
    whole = score(pairs)
    return {
        (measure, group): [getattr(paper, measure).get(group, Score()) for paper in alone]
        for measure in ("entities", "claims", "results")
        for group in sorted(getattr(whole, measure), key=lambda group: (group == "all", group))
        if (measure, group) != ("results", "all")
    }


def agreements(pairs: Sequence[Pair]) -> Mapping[tuple[str, str], list[Agreement]]:
    """The shares of each paper; over the corpus its mentions are compared with those of all papers."""
    rows = both(pairs)
    ours = [linked(gold["mentions"], said["mentions"]) for gold, said in rows]
    names = [linked(gold["mentions"], [by_name(each) for each in said["mentions"]]) for gold, said in rows]
    found: dict[tuple[str, str], list[Agreement]] = {}
    for suffix, clusters in (("", ours), (", names alone", names)):
        shares = iter(b_cubed([pair for paper in clusters for pair in paper]))
        mine = [[next(shares) for _ in paper] for paper in clusters]
        found["grounding", f"paper{suffix}"] = [agreement(paper) for paper in clusters]
        found["grounding", f"corpus{suffix}"] = [
            Agreement(len(paper), sum(pure for pure, _ in paper), sum(whole for _, whole in paper)) for paper in mine
        ]
    return found


def by_name(mention: Row) -> Row:
    return mention | {"iri": None, "canonical": mention["text"]}


def shares(parts: Any) -> Any:
    """Precision, recall and F1 in per cent, of sums of right, wrong and missed, or of items, pure and whole."""
    precision, recall = parts[..., 0] / np.maximum(parts[..., 1], 1e-9), parts[..., 2] / np.maximum(parts[..., 3], 1e-9)
    return 100 * np.stack([precision, recall, 2 * precision * recall / np.maximum(precision + recall, 1e-9)], -1)


def plain(one: Score | Agreement) -> tuple[float, float, float, float]:
    """What is divided by what: for precision, for recall."""
    if isinstance(one, Score):
        return one.right, one.predicted, one.right, one.gold
    return one.pure, one.items, one.whole, one.items


def show(name: str, papers: Sequence[Score | Agreement]) -> None:
    parts = np.array([plain(one) for one in papers], float)
    draws = np.random.default_rng(1).multinomial(len(parts), np.full(len(parts), 1 / len(parts)), SAMPLES)
    low, high = np.quantile(shares(draws @ parts), (0.025, 0.975), axis=0)
    cells = [
        f"{letter} {value:5.1f} [{a:5.1f}, {b:5.1f}]"
        for letter, value, a, b in zip(("P", "R", "F1"), shares(parts.sum(0)), low, high, strict=True)
    ]
    print(f"  {name:32} {'  '.join(cells)}  of {parts[:, 3].sum():.0f}")


def asserted(pairs: Sequence[Pair], least: float, predicate: str = "all") -> list[Score]:
    """Per paper, the score of the claims from a confidence on, of one predicate or of all."""
    return [
        total(
            (name, Score(len(found.right), len(found.wrong), len(found.missed)))
            for name, found in matching.claims(
                gold["entities"], [claim for claim in said["claims"] if claim["confidence"] >= least]
            )
        ).get(predicate, Score())
        for gold, said in both(pairs)
    ]


def verdicts(pairs: Sequence[Pair]) -> Iterator[tuple[str, float, bool]]:
    """Each claim that counts: predicate, confidence, and whether it is right."""
    for gold, said in both(pairs):
        for predicate, found in matching.claims(gold["entities"], said["claims"]):
            yield from ((predicate, row["confidence"], True) for _, row in found.right)
            yield from ((predicate, row["confidence"], False) for row in found.wrong)


def report(pairs: Sequence[Pair]) -> None:
    groups: dict[tuple[str, str], Sequence[Score | Agreement]] = {**counts(pairs), **agreements(pairs)}
    for (measure, group), papers in groups.items():
        show(f"{measure} {group}", papers)
    print("  claims from a confidence on")
    for least in SHOWN:
        show(f"  {least}", asserted(pairs, least))
    said = list(verdicts(pairs))
    print("  confidence of claims, share that is right, how many")
    for mean, share, number in reliability([(sure, right) for _, sure, right in said], EDGES):
        print(f"    {mean:.2f}  {share:.2f}  {number}")
    print("  mean confidence by predicate, share that is right, how many")
    by_predicate = defaultdict[str, list[tuple[float, bool]]](list)
    for predicate, sure, right in said:
        by_predicate[predicate].append((sure, right))
    for predicate, found in sorted(by_predicate.items()):
        [(mean, share, number)] = reliability(found, (0.0, 1.0))
        print(f"    {predicate:14} {mean:.2f}  {share:.2f}  {number}")


def write(pairs: Sequence[Pair], path: Path = TABLE) -> None:
    rows = []
    for predicate in PREDICATES:
        for least in WRITTEN if predicate != "mentions" else ():
            found = sum(asserted(pairs, least, predicate), Score())
            counts = (found.right, found.predicted, found.gold, len(pairs))
            rows.append("\t".join(map(str, (predicate, least, *counts))) + "\n")
    path.write_text(HEAD + "".join(rows), "utf-8")


def main(gold: str, *flags: str) -> None:
    for mentions, title in (("model", "our own mentions"), ("gold", "the annotators' mentions")):
        pairs = paired(Path(gold), records(Path(gold), "gold" if mentions == "gold" else "model"))
        print(f"{title}, {len(pairs)} papers")
        report(pairs)
        if mentions == "model" and "--write" in flags:
            write(pairs)
            print(f"written to {TABLE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
