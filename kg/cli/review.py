"""`kg review`: the least certain of a graph, one after the other, for a person to decide."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

from kg.cli.console import lines, say, visible, waiting
from kg.cli.options import KIND, Command, graph_argument, kind_of
from kg.errors import CorrectionError
from kg.ground.corrections import Correction
from kg.model import PREDICATES
from kg.queries.review import doubts
from kg.store import corrections as file
from kg.store import open_graph

if TYPE_CHECKING:
    from kg.queries.review import Doubt

__all__ = ["review"]

_ANSWERS: Final = {"a": "accept", "r": "reject", "s": "skip", "q": "quit"}
_ENDS: Final = ("", "\x04", "\x1a")
_REASON: Final = "read in kg review"


@click.command(cls=Command)
@graph_argument
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Ask about so many at most.")
@click.option("--predicate", type=click.Choice(PREDICATES), help="Only claims with this predicate.")
@click.option("--kind", type=KIND, help="Only what is about entities of this kind.")
@click.option("--reason", default=_REASON, show_default=True, help="The reason that is kept with each decision.")
def review(*, graph: str, limit: int, predicate: str | None, kind: str | None, reason: str) -> None:
    r"""Walk through what is least certain in a graph, and decide.

    Shows claims whose confidence is nearest to the one from which the graph asserts them, and names that were taken
    for one entity, each with its sentence. Answer a (accept), r (reject), s (skip) or q (quit). Each decision is a
    correction, as kg fix writes them, and is kept at once.

    \b
    Example:
      kg review papers.kg --limit 10 --predicate uses
    """
    with waiting("looking for what is uncertain"):
        known = {_key(each) for each in file.load_all(graph)}
        open_ones = (
            each
            for each in doubts(
                open_graph(graph),
                most=limit + len(known),
                predicate=predicate,
                kind=kind_of(kind) if kind else None,
            )
            if not {_key(_correction(each, answer, reason)) for answer in ("accept", "reject")} & known
        )
        asked = list(islice(open_ones, limit))
    decided = _walk(graph, asked, reason)
    then = f"; kg build --graph {graph} applies them" if decided else ""
    say(f"{decided} of {len(asked)} decided{then}")


def _walk(graph: str, asked: list[Doubt], reason: str) -> int:
    """Ask about each, and write what is decided; gives the number of decisions."""
    decided = 0
    for number, doubt in enumerate(asked, start=1):
        lines(*_told(doubt, f"{number}/{len(asked)}"))
        answer = _answer()
        if answer == "quit":
            break
        if answer != "skip":
            try:
                file.add(graph, _correction(doubt, answer, reason))
                decided += 1
            except CorrectionError as error:
                say(f"not written: {error}")
    return decided


def _told(doubt: Doubt, place: str) -> list[str]:
    year = f" ({doubt.year})" if doubt.year else ""
    if doubt.predicate:
        head = f"[{place}] {doubt.predicate} · {doubt.kind} · {doubt.label} · confidence {doubt.confidence}"
    else:
        head = f"[{place}] is {doubt.name!r} the {doubt.kind} {doubt.label!r}?"
    return [head, f"  {doubt.title}{year}", f"  “{_marked(doubt)}”"]


def _marked(doubt: Doubt) -> str:
    """The sentence with the name made visible."""
    if doubt.span is None:
        return doubt.quote
    start, end = doubt.span
    return f"{doubt.quote[:start]}»{doubt.quote[start:end]}«{doubt.quote[end:]}"


def _answer() -> str:
    """What the person decides: a key at a terminal, else a line of standard input, whose end is to quit."""
    while True:
        click.echo("accept, reject, skip, quit [a/r/s/q]? ", nl=False)
        word = click.getchar(echo=True) if sys.stdin.isatty() else sys.stdin.readline()
        click.echo("")
        if word in _ENDS:
            return "quit"
        answer = _ANSWERS.get(word.strip()[:1].lower())
        if answer:
            return answer
        say(f"{visible(word.strip())!r} is none of a, r, s and q")


def _correction(doubt: Doubt, answer: str, reason: str) -> Correction:
    """The correction that a decision is: names are one entity by a merge, and two by a split."""
    if doubt.predicate:
        return Correction(answer, doubt.kind, doubt.label, reason, paper=doubt.paper, predicate=doubt.predicate)
    return Correction("merge" if answer == "accept" else "split", doubt.kind, doubt.name, reason, doubt.label)


def _key(each: Correction) -> tuple[str, ...]:
    return each.action, each.kind, each.name, each.other, each.paper, each.predicate
