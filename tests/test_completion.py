"""What the shell is told when a word is completed (docs/commands.md)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete, get_completion_class

from kg.cli import cli
from kg.model import KINDS
from kg.queries import NAMED


def completed(line: str) -> list[tuple[str, str]]:
    *words, last = line.split(" ")
    found = ShellComplete(cli, {}, "kg", "_KG_COMPLETE").get_completions(words[1:], last)
    return [(each.type, each.value) for each in found]


def test_commands_options_and_choices_are_completed() -> None:
    assert completed("kg rep") == [("plain", "report")]
    assert completed("kg report coo") == [("plain", "cooccurrence")]
    assert ("plain", "--min-papers") in completed("kg report cooccurrence x.kg --min")
    assert completed("kg show x.kg BERT --kind ") == [("plain", kind.lower()) for kind in KINDS]
    assert completed("kg export x.kg --format parq") == [("plain", "parquet")]


@pytest.mark.parametrize(
    "line", ["kg stats nan", "kg query nan", "kg report trends nan", "kg build nan", "kg build x --graph nan"]
)
def test_files_and_graphs_are_completed_by_the_shell(line: str) -> None:
    assert completed(line) == [("file", "nan")]


def test_named_queries_and_their_parameters_are_completed() -> None:
    assert completed("kg query x.kg --name evaluated") == [("plain", "evaluated-on")]
    assert completed("kg query x.kg --name ") == [("plain", name) for name in NAMED]
    assert completed("kg query x.kg --name evaluated-on --set d") == [("plain", "dataset=")]
    assert completed("kg query x.kg --set d") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    assert get_completion_class(shell) is not None
    told = asked({"_KG_COMPLETE": f"{shell}_source"})
    assert "_KG_COMPLETE=" in told
    assert "kg" in told


def test_the_command_itself_completes() -> None:
    assert (
        asked({"_KG_COMPLETE": "bash_complete", "COMP_WORDS": "kg report nov", "COMP_CWORD": "2"}) == "plain,novelty\n"
    )


def asked(environment: dict[str, str]) -> str:
    code = "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    return done.stdout
