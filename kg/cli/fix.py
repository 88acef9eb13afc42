"""`kg fix`: corrections by people, kept in a small file that every later build applies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.cli.console import lines, say, table, warn
from kg.cli.options import KIND, Group, graph_argument, kind_of
from kg.errors import CorrectionError
from kg.ground.corrections import Correction, line, parse
from kg.model import PREDICATES
from kg.queries.corrections import checked
from kg.store import corrections as file
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fix"]

_Command = TypeVar("_Command", bound="Callable[..., Any]")
_OF_CLAIM: Final = 4


def correction_options(command: _Command) -> _Command:
    """Add what every correction needs."""
    for option in (
        click.option("--force", is_flag=True, help="Write it even if the graph has nothing of that name."),
        click.option("--reason", required=True, metavar="TEXT", help="Why; kept with the correction, and shown."),
    ):
        command = option(command)
    return command


@click.group(cls=Group)
@graph_argument
@click.pass_context
def fix(context: click.Context, *, graph: str) -> None:
    r"""Correct a graph, for all its later builds.

    Corrections stand in a text file, one a line: corrections.tsv in the directory of the graph, or
    NAME.corrections.tsv beside an RDF file. They take effect when the graph is built again.

    \b
    Example:
      kg fix papers.kg merge dataset "CIFAR10 dataset" CIFAR-10 --reason "the same images"
      kg fix papers.kg list
      kg build --graph papers.kg
    """
    context.obj = graph


@fix.command()
@click.argument("kind", type=KIND)
@click.argument("name")
@click.argument("into")
@correction_options
@click.pass_obj
def merge(graph: str, *, kind: str, name: str, into: str, reason: str, force: bool) -> None:
    r"""Make one entity another name of a second one.

    \b
    Example:
      kg fix papers.kg merge dataset "CIFAR10 dataset" CIFAR-10 --reason "the same images"
    """
    _add(graph, _made("merge", kind_of(kind), name, into, reason), force=force)


@fix.command()
@click.argument("kind", type=KIND)
@click.argument("name")
@click.argument("entity")
@correction_options
@click.pass_obj
def split(graph: str, *, kind: str, name: str, entity: str, reason: str, force: bool) -> None:
    r"""Make a name of an entity an entity of its own.

    \b
    Example:
      kg fix papers.kg split method ResNet-18 ResNet --reason "one size of many"
    """
    _add(graph, _made("split", kind_of(kind), name, entity, reason), force=force)


@fix.command()
@click.argument("kind", type=KIND)
@click.argument("name")
@click.argument("label")
@correction_options
@click.pass_obj
def rename(graph: str, *, kind: str, name: str, label: str, reason: str, force: bool) -> None:
    r"""Call an entity something else; its address stays.

    \b
    Example:
      kg fix papers.kg rename task QA "question answering" --reason "as all say"
    """
    _add(graph, _made("rename", kind_of(kind), name, label, reason), force=force)


@fix.command()
@click.argument("kind", type=KIND)
@click.argument("name")
@click.argument("new_kind", type=KIND)
@correction_options
@click.pass_obj
def retype(graph: str, *, kind: str, name: str, new_kind: str, reason: str, force: bool) -> None:
    r"""Say that an entity is of another kind.

    \b
    Example:
      kg fix papers.kg retype method generalization task --reason "it is what is studied"
    """
    _add(graph, _made("retype", kind_of(kind), name, kind_of(new_kind), reason), force=force)


@fix.command()
@click.argument("words", nargs=-1, required=True, metavar="[PAPER PREDICATE] KIND NAME")
@correction_options
@click.pass_obj
def reject(graph: str, *, words: tuple[str, ...], reason: str, force: bool) -> None:
    r"""Say that nothing is called so, or that a paper does not say so.

    PAPER is an identifier or a title. A name that is rejected is no entity of that kind anywhere.

    \b
    Example:
      kg fix papers.kg reject method "our approach" --reason "no name"
      kg fix papers.kg reject arxiv:1905.02249 uses dataset MNIST --reason "only the related work does"
    """
    if len(words) == _OF_CLAIM:
        _add(graph, _of_claim("reject", words, reason), force=force)
    elif len(words) == _OF_CLAIM - 2:
        _add(graph, _made("reject", _kind(words[0]), words[1], "", reason), force=force)
    else:
        raise click.UsageError("Give KIND NAME, or PAPER PREDICATE KIND NAME.")


@fix.command()
@click.argument("words", nargs=_OF_CLAIM, metavar="PAPER PREDICATE KIND NAME")
@correction_options
@click.pass_obj
def accept(graph: str, *, words: tuple[str, ...], reason: str, force: bool) -> None:
    r"""Say that a paper does say so, for certain.

    PAPER is an identifier or a title.

    \b
    Example:
      kg fix papers.kg accept arxiv:1905.02249 evaluatesOn dataset SVHN --reason "table 2"
    """
    _add(graph, _of_claim("accept", words, reason), force=force)


@fix.command("list")
@click.pass_obj
def list_command(graph: str) -> None:
    r"""List the corrections of a graph, with their numbers.

    \b
    Example:
      kg fix papers.kg list
    """
    found = file.load(file.corrections_file(graph))
    rows = [(str(number), *_columns(each)) for number, each in enumerate(found, start=1)]
    table(("", "action", "what", "reason"), rows, numbers=[0])
    say(f"{len(found)} {'correction' if len(found) == 1 else 'corrections'} in {file.corrections_file(graph)}")


@fix.command()
@click.argument("number", type=click.IntRange(min=1))
@click.pass_obj
def undo(graph: str, *, number: int) -> None:
    r"""Take a correction back, by its number in the list.

    \b
    Example:
      kg fix papers.kg undo 3
    """
    gone = file.remove(graph, number)
    lines(_shown(gone))
    say(f"taken back; {_to_apply(graph)}")


def _add(graph: str, correction: Correction, *, force: bool) -> None:
    """Write a correction if the graph has what it names."""
    correction, complaint = checked(open_graph(graph), correction)
    if complaint and not force:
        raise CorrectionError(f"{complaint}; nothing was written (--force writes it anyway)")
    if complaint:
        warn(complaint)
    number = file.add(graph, correction)
    lines(_shown(correction))
    say(f"correction {number} in {file.corrections_file(graph)}; {_to_apply(graph)}")


def _to_apply(graph: str) -> str:
    if Path(graph).is_dir():
        return f"kg build --graph {graph} applies it"
    return f"kg build SOURCE... --graph {graph} --fresh applies it"


def _made(action: str, kind: str, name: str, other: str, reason: str) -> Correction:
    return _sound(Correction(action, kind, name, reason, other))


def _of_claim(action: str, words: tuple[str, ...], reason: str) -> Correction:
    paper, predicate, kind, name = words
    if predicate not in PREDICATES:
        raise click.UsageError(f"{predicate!r} is no predicate: choose from {', '.join(PREDICATES)}.")
    return _sound(Correction(action, _kind(kind), name, reason, paper=paper, predicate=predicate))


def _sound(correction: Correction) -> Correction:
    """The correction as it will be read back: no tabs, nothing blank, a predicate that fits the kind."""
    try:
        return replace(parse(line(correction), "")[0], where="")
    except CorrectionError as error:
        raise click.UsageError(f"{str(error).removeprefix(':1: ')}.") from error


def _kind(word: str) -> str:
    return kind_of(KIND.convert(word, None, click.get_current_context(silent=True)))


def _shown(each: Correction) -> str:
    return " · ".join(line(each).split("\t"))


def _columns(each: Correction) -> tuple[str, str, str]:
    action, *what, reason = line(each).split("\t")
    return action, " · ".join(what), reason
