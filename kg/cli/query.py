"""`kg query`: SPARQL, written out or by name."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from kg.cli.console import lines, raw, say, table, warn
from kg.cli.options import Command, Form, files, pairs
from kg.errors import QueryError
from kg.queries import NAMED, fill
from kg.queries.missed import missed
from kg.queries.reason import widened
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.queries import Parameter
    from kg.store import Graph

__all__ = ["query"]

_ROWS: Final = ("csv", "tsv", "json", "xml")
_TRIPLES: Final = ("turtle", "n-triples", "json-ld")
_NUMBERS: Final = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("decimal", "double", "float", "integer")}


def _names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name, help=NAMED[name].question) for name in NAMED if name.startswith(incomplete)]


def _keys(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    asked = NAMED.get(context.params.get("name") or "")
    return [f"{each.name}=" for each in asked.parameters if each.name.startswith(incomplete)] if asked else []


@click.command(cls=Command)
@click.argument("graph", required=False, shell_complete=files)
@click.argument("sparql", required=False)
@click.option(
    "--file",
    "file",
    metavar="FILE",
    shell_complete=files,
    help="Read the query from a file; - is standard input.",
)
@click.option(
    "--name",
    metavar="NAME",
    shell_complete=_names,
    help="Ask one of the named queries; --list shows them.",
)
@click.option(
    "--set",
    "values",
    metavar="KEY=VALUE",
    multiple=True,
    callback=pairs,
    shell_complete=_keys,
    help="Fill in a parameter of a named query, such as dataset=CIFAR-10.",
)
@click.option(
    "--reason",
    is_flag=True,
    help="Answer with what follows, too: from sub-classes and sub-properties, and for what is broader.",
)
@click.option("--list", "lists", is_flag=True, help="List the named queries and what they answer.")
@click.option(
    "-o",
    "--output",
    type=Form(["table", *_ROWS, *_TRIPLES]),
    help="The form of the answer; a table unless given, Turtle for CONSTRUCT and DESCRIBE.",
)
def query(
    *,
    graph: str | None,
    sparql: str | None,
    file: str | None,
    name: str | None,
    values: Mapping[str, str],
    reason: bool,
    lists: bool,
    output: str | None,
) -> None:
    r"""Ask a graph with SPARQL, or with a named query.

    The prefixes of the graph (kg, dcterms, skos, schema, prov ...) need no declaration. With --reason the papers on a
    task are also those on its narrower tasks, and what a paper mentions is also what it uses or proposes.

    \b
    Example:
      kg query --list
      kg query papers.kg --name evaluated-on --set dataset=CIFAR-10
      kg query papers.kg "SELECT ?title { ?paper a fabio:ResearchPaper ; dcterms:title ?title }" -o csv
      kg query papers.kg "SELECT ?paper { ?paper kg:addresses ?x . ?x skos:prefLabel 'question answering' }" --reason
    """
    if lists:
        _list()
        return
    if graph is None:
        raise click.UsageError("Missing argument 'GRAPH'.")
    if sum(way is not None for way in (sparql, file, name)) != 1:
        raise click.UsageError("Give one query: SPARQL, --file FILE or --name NAME.")
    if values and name is None:
        raise click.UsageError("--set fills in a named query: give --name as well.")
    opened = open_graph(graph)
    text = sparql if sparql is not None else _read(file) if file is not None else fill(opened, str(name), values)
    answered = _answer(opened, _widened(opened, text) if reason else text, output)
    if name is not None and not answered:
        for words in missed(opened, name, values):
            warn(words)


def _widened(graph: Graph, text: str) -> str:
    """Let a query reason, and say where it does."""
    graph.kind(text)  # what is wrong is told at its place
    wide, properties = widened(text)
    graph.kind(wide)
    say(f"Reasoning about {', '.join(properties)}" if properties else "There is nothing to reason about in this query")
    return wide


def _list() -> None:
    rows = [(name, named.question, ", ".join(map(_parameter, named.parameters))) for name, named in NAMED.items()]
    table(("name", "question", "parameters"), rows)


def _parameter(parameter: Parameter) -> str:
    """Show what a parameter may be set to; one with a default may be left out."""
    shown = f"{parameter.name}={parameter.quoted}"
    return shown if parameter.default is None else f"[{shown}]"


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text("utf-8")
    except OSError as error:
        raise QueryError(f"{file}: {error.strerror}: name a file with one SPARQL query") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{file}: not UTF-8 (byte {error.start}): save it as UTF-8") from error


def _answer(graph: Graph, text: str, output: str | None) -> bool:
    """Print an answer, and tell whether there is something in it."""
    kind = graph.kind(text)
    fitting = _TRIPLES if kind == "construct" else ("table", *_ROWS)
    form = output or fitting[0]
    if form not in fitting:
        question = {"construct": "CONSTRUCT or DESCRIBE", "ask": "ASK", "select": "SELECT"}[kind]
        raise click.UsageError(f"--output {form} is not for a {question} query: choose from {', '.join(fitting)}.")
    if form == "table":
        return _table(json.loads(graph.answer(text, format="json")))
    answer = graph.answer(text, format=form)
    raw(answer)
    return kind != "select" or not _empty(answer, form)


def _empty(answer: bytes, form: str) -> bool:
    """Whether an answer of SELECT has no rows."""
    if form in {"csv", "tsv"}:
        return answer.count(b"\n") == 1
    return (b'"bindings":[]' if form == "json" else b"<results></results>") in answer


def _table(answer: dict[str, Any]) -> bool:
    """Print an answer that was given in SPARQL's JSON format; tell whether there is any."""
    if "boolean" in answer:
        lines(str(answer["boolean"]).lower())
        return True
    names = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    numbers = [place for place, name in enumerate(names) if _all_numbers(name, rows)]
    table(names, [[row[name]["value"] if name in row else "" for name in names] for row in rows], numbers=numbers)
    say(f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}")
    return bool(rows)


def _all_numbers(name: str, rows: list[dict[str, Any]]) -> bool:
    return all(row[name].get("datatype") in _NUMBERS for row in rows if name in row)
