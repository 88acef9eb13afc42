"""`kg show` and `kg stats`: one entity, and all of them."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from kg.cli.console import complain, lines, table, write_json
from kg.cli.options import KIND, Command, Form, graph_argument, kind_of
from kg.queries import cards
from kg.report import NOTE
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.queries.cards import Card, Reported, Said, Stats

__all__ = ["show", "stats"]

_SIGNS: Final = {"=": "", "range": ""}


@click.command(cls=Command)
@graph_argument
@click.argument("name")
@click.option("--kind", type=KIND, help="Which one is meant, where one name is borne by several.")
def show(*, graph: str, name: str, kind: str | None) -> None:
    r"""Show what a graph says of one entity, with quotes.

    \b
    Example:
      kg show papers.kg CIFAR-10
      kg show papers.kg "reinforcement learning" --kind task
    """
    card = cards.card(open_graph(graph), name, kind_of(kind) if kind else None)
    lines(*_head(card), *_papers(card.papers), *_results(card.results))
    if card.neighbours:
        lines("", "Named together with")
        rows = [(found.label, found.kind, str(found.papers)) for found in card.neighbours]
        table(("Entity", "Kind", "Papers"), rows, numbers=[2])
    lines("", NOTE)


@click.command(cls=Command)
@graph_argument
@click.option("-o", "--output", type=Form(["table", "json"]), default="table", show_default=True)
@click.pass_context
def stats(context: click.Context, *, graph: str, output: str) -> None:
    r"""Count what is in a graph.

    Ends with 1 if papers that were read are not accounted for.

    \b
    Example:
      kg stats papers.kg
    """
    found = cards.stats(open_graph(graph))
    if output == "json":
        write_json(
            asdict(found) | {"entities": dict(found.entities), "reconciles": found.reconciles},
            indent=2,
        )
    else:
        _stats(found)
    if not found.reconciles:
        complain(f"{graph}: the papers read are not those accepted, merged and rejected: build it again with --fresh")
        context.exit(1)


def _stats(found: Stats) -> None:
    read, accepted, merged, rejected = (
        sum(getattr(source, name) for source in found.sources) for name in ("read", "accepted", "merged", "rejected")
    )
    lines(
        f"{read} papers read, {accepted} accepted, {merged} merged, {rejected} rejected; sources: {len(found.sources)}",
        f"{found.papers} papers, {found.results} results, {found.sentences} sentences, {found.triples} triples",
        f"{found.with_dataset} papers name a dataset ({found.dataset_share:.0%}). {NOTE}",
        "",
    )
    table(("kind", "entities"), [(kind, str(count)) for kind, count in found.entities], numbers=[1])
    lines("")
    columns = ("claims", "asserted", "unasserted", "negated", "declared")
    rows = [(claim.predicate, *(str(getattr(claim, column)) for column in columns)) for claim in found.claims]
    table(("predicate", *columns), rows, numbers=range(1, 6))
    counts = ("read", "accepted", "merged", "rejected")
    files = [(each.sha256[:12], each.format, *(str(getattr(each, name)) for name in counts)) for each in found.sources]
    if files:
        lines("")
        table(("source (SHA-256)", "format", *counts), files, numbers=range(2, 6))
    lines(*_worth(found))


def _worth(found: Stats) -> Iterator[str]:
    """Say what asserted claims are worth, where that was measured."""
    if found.measured is None:
        return
    row = found.measured
    which = "such claims" if row.confidence == found.min_confidence else f"the claims from {row.confidence} on"
    yield ""
    yield (
        f"asserted from confidence {found.min_confidence}: on {row.papers} annotated papers {row.precision:.1f}% of "
        f"{which} are right, and {row.recall:.0f}% of what papers say is among them"
    )


def _head(card: Card) -> Iterator[str]:
    yield f"{card.label} ({card.kind})"
    yield card.iri
    known = [name for name in card.aliases if name in card.curated]
    other = [name for name in card.aliases if name not in card.curated]
    for what, names in (
        ("also, by the vocabulary", known),
        ("also", other),
        ("broader", card.broader),
        ("narrower", card.narrower),
    ):
        if names:
            yield f"{what}: {', '.join(names)}"
    yield from (f"{what}: {address}" for what, address in card.links)
    yield from card.notes
    years = ", ".join(f"{year}: {papers}" for year, papers in card.years)
    papers = f"{card.paper_count} {'paper' if card.paper_count == 1 else 'papers'}"
    withheld = f"; {card.withheld} uncertain or negated claims not shown" if card.withheld else ""
    yield f"{papers}{f' ({years})' if years else ''}{withheld}"


def _papers(said: Iterable[Said]) -> Iterator[str]:
    for predicate, found in groupby(sorted(said, key=lambda each: each.predicate), key=lambda each: each.predicate):
        yield from ("", predicate)
        for each in found:
            yield f"  {_cited(each)}"
            if each.quote:
                yield f"    “{each.quote}”"


def _results(results: Iterable[Reported]) -> Iterator[str]:
    for number, each in enumerate(results):
        if not number:
            yield from ("", "results")
        yield f"  {_told(each)}"
        yield f"    {_cited(each)}"
        if each.quote:
            yield f"    “{each.quote}”"


def _told(result: Reported) -> str:
    """Say a result in words.

    >>> from kg.queries.cards import Reported
    >>> rest = dict(paper="", title="", year=None, quote=None, url=None)
    >>> _told(Reported("accuracy", 5, 16, "%", "range", "MNIST", "GAN", "at night", True, True, **rest))
    'accuracy (change) 5 to 16 % on MNIST, of GAN as baseline, at night'
    """
    sign = _SIGNS.get(result.comparator or "=", f"{result.comparator} ")
    upper = f" to {result.upper}" if result.upper is not None else ""
    parts = [
        f"{result.metric}{' (change)' if result.delta else ''} {sign}{result.value}{upper} {result.unit or ''}".rstrip()
        + (f" on {result.dataset}" if result.dataset else ""),
        f"of {result.method}{' as baseline' if result.baseline else ''}" if result.method else "",
        result.condition or "",
    ]
    return ", ".join(filter(None, parts))


def _cited(paper: Said | Reported) -> str:
    year = f" ({paper.year})" if paper.year else ""
    return f"{paper.title}{year} {paper.url or ''}".rstrip()
