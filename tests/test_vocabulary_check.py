"""`kg vocabulary check`: each thing that can be wrong with a vocabulary is told, and ours has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg.cli.app import cli
from kg.errors import OntologyError
from kg.learn.decisions import read
from kg.learn.lint import check
from kg.ontology import VOCABULARIES, ambiguous, folder

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/ml-kg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://example.org/> .
"""


def entity(iri: str, label: str, more: str = "", *, kind: str = "Task", source: str = 'dcterms:source "kg"') -> str:
    parts = [f":{iri} a kg:{kind}, skos:Concept", f'skos:prefLabel "{label}"', more, source]
    return " ; ".join(part for part in parts if part) + " .\n"


def made(place: Path, *tasks: str, **others: str) -> Path:
    """A folder with these tasks and, by the file's name without its ending, other texts."""
    for name in VOCABULARIES.values():
        (place / name).write_text(HEAD, "utf-8")
    (place / "tasks.ttl").write_text(HEAD + "".join(tasks), "utf-8")
    for name, text in others.items():
        ending = "ttl" if f"{name}.ttl" in VOCABULARIES.values() else "tsv"
        (place / f"{name}.{ending}").write_text(HEAD * (ending == "ttl") + text, "utf-8")
    return place


def test_our_own_vocabulary_has_no_problem() -> None:
    verdict = check(folder())
    assert verdict.problems == ()
    assert verdict.entities > 6000


@pytest.mark.parametrize(
    ("tasks", "problem"),
    [
        (
            [entity("a", "parsing"), entity("b", "Parsing")],
            "tasks.ttl: Parsing: label 'Parsing' is label of parsing <https://example.org/a> too",
        ),
        (
            [entity("a", "parsing", 'skos:altLabel "AP"'), entity("b", "tagging", 'skos:altLabel "A-P"')],
            "tasks.ttl: tagging: alias 'A-P' is alias of parsing <https://example.org/a> too",
        ),
        (
            [entity("a", "parsing"), entity("b", "tagging", 'skos:altLabel "parsing"')],
            "tasks.ttl: tagging: alias 'parsing' is label of parsing <https://example.org/a> too",
        ),
        (
            [entity("a", "parsing", 'skos:altLabel "Parsing"')],
            "tasks.ttl: parsing: alias 'Parsing' differs from 'parsing' in nothing but spelling",
        ),
        (
            [entity("a", "parsing", "skos:broader :b")],
            "tasks.ttl: parsing: broader https://example.org/b does not exist",
        ),
        ([entity("a", "parsing", "skos:broader :a")], "tasks.ttl: parsing: is broader than itself"),
        (
            [entity("a", "x y", "skos:broader :b"), entity("b", "y", "skos:broader :c"), entity("c", "z y")],
            None,
        ),
        ([entity("a", "parsing", source="")], "tasks.ttl: parsing: no source"),
        ([entity("a", " parsing")], "tasks.ttl:  parsing: empty or padded name ' parsing'"),
        ([entity("a", "")], "tasks.ttl: <https://example.org/a>: empty or padded name ''"),
        ([entity("a", "par\\u0007sing")], "tasks.ttl: par\x07sing: control character in 'par\\x07sing'"),
        ([entity("a", "parsing", 'skos:prefLabel "tagging"')], "tasks.ttl: parsing: 2 labels, not one"),
    ],
)
def test_a_problem_of_entities(tmp_path: Path, tasks: list[str], problem: str | None) -> None:
    verdict = check(made(tmp_path, *tasks))
    assert verdict.problems == (() if problem is None else (problem,))
    assert verdict.entities == len(tasks)


def test_a_cycle_is_told_of_each_in_it(tmp_path: Path) -> None:
    ring = [
        entity("a", "x", "skos:broader :b"),
        entity("b", "y", "skos:broader :c"),
        entity("c", "z", "skos:broader :a"),
    ]
    assert check(made(tmp_path, *ring, entity("d", "w", "skos:broader :a"))).problems == (
        "tasks.ttl: x: is broader than itself",
        "tasks.ttl: y: is broader than itself",
        "tasks.ttl: z: is broader than itself",
    )


def test_broader_is_of_the_same_kind(tmp_path: Path) -> None:
    place = made(tmp_path, entity("a", "parsing", "skos:broader :b"), methods=entity("b", "parser", kind="Method"))
    assert check(place).problems == ("tasks.ttl: parsing: broader https://example.org/b is a Method",)


def test_two_kinds_may_share_a_name(tmp_path: Path) -> None:
    place = made(tmp_path, entity("a", "active learning"), methods=entity("b", "active learning", kind="Method"))
    assert check(place).problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("AP\tTask\tparsing\t5\ttree\nAP\tTask\ttagging\t5\tword\n", None),
        (
            "AP\tTask\tparsing\t5\ttree\nAP\tMetric\taverage precision\t5\tbox\n",
            "ambiguous.tsv: AP: no Metric is labelled 'average precision'",
        ),
        ("AP\tTask\tparsing\t5\ttree\n", "ambiguous.tsv: AP: has one sense only"),
        ("AP\tTask\tparsing\t5\ttree\nAP\tTask\ttagging\t5\t\n", "ambiguous.tsv: AP: no word tells 'tagging'"),
    ],
)
def test_a_problem_of_ambiguous_names(tmp_path: Path, text: str, problem: str | None) -> None:
    place = made(tmp_path, entity("a", "parsing"), entity("b", "tagging"), ambiguous=text)
    assert check(place).problems == (() if problem is None else (problem,))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("merge\tTask\tparsing\tAP\ndrop\tMethod\tAP\t\n", None),
        (
            "merge\tTask\tparsing\tAP\ndrop\tTask\tx\tAP\n",
            "decisions.tsv:1: AP: merge contradicts drop in decisions.tsv:2",
        ),
        (
            "merge\tTask\tparsing\tAP\nmerge\tTask\ttagging\tAP\n",
            "decisions.tsv:2: AP: belongs to 'parsing' in decisions.tsv:1",
        ),
    ],
)
def test_decisions_that_contradict_each_other(tmp_path: Path, text: str, problem: str | None) -> None:
    assert check(made(tmp_path, decisions=text)).problems == (() if problem is None else (problem,))


@pytest.mark.parametrize("line", ["keep\tTask\tparsing", "drop\tThing\tparsing", "drop\tTask", "iri\tTask\tparsing\t"])
def test_a_line_that_is_no_decision(tmp_path: Path, line: str) -> None:
    (tmp_path / "decisions.tsv").write_text(f"# decisions\n\n{line}\n", "utf-8")
    with pytest.raises(OntologyError, match=r"decisions\.tsv:3: "):
        read(tmp_path)


def test_ambiguous_names_have_their_senses() -> None:
    names = {each.name: each for each in ambiguous()}
    senses = names["LDA"].senses
    assert [(sense.kind, sense.label) for sense in senses] == [
        ("Method", "latent Dirichlet allocation"),
        ("Method", "linear discriminant analysis"),
    ]
    assert "topic" in senses[0].words
    assert all(sum(s.share for s in each.senses) == pytest.approx(1) for each in names.values())
    assert all(each.senses[0].share == max(s.share for s in each.senses) for each in names.values())


@pytest.mark.parametrize("line", ["AP\tTask\tparsing\t5", "AP\tThing\tparsing\t5\ttree", "AP\tTask\tparsing\t0\ttree"])
def test_a_line_that_is_no_sense(tmp_path: Path, line: str) -> None:
    (tmp_path / "ambiguous.tsv").write_text(line + "\n", "utf-8")
    with pytest.raises(OntologyError, match=r"ambiguous\.tsv:1: "):
        ambiguous(tmp_path)


def test_the_command_says_how_many_it_looked_at(tmp_path: Path) -> None:
    good = CliRunner().invoke(cli, ["vocabulary", "check", str(made(tmp_path, entity("a", "parsing")))])
    assert (good.exit_code, good.stdout) == (0, "no problems in 1 entities\n")


def test_the_command_fails_on_a_problem(tmp_path: Path) -> None:
    place = made(tmp_path, entity("a", "parsing", "skos:broader :b"))
    bad = CliRunner().invoke(cli, ["vocabulary", "check", str(place)])
    assert bad.exit_code == 1
    assert bad.stdout == "tasks.ttl: parsing: broader https://example.org/b does not exist\n"


def test_a_folder_without_a_vocabulary(tmp_path: Path) -> None:
    bad = CliRunner().invoke(cli, ["vocabulary", "check", str(tmp_path)])
    assert bad.exit_code == 1
    assert bad.stderr.startswith("Error: ")
    assert "datasets.ttl: No such file" in bad.stderr
