"""README.md cannot lie: its commands are run, in its order, and what they print is compared."""

from __future__ import annotations

import re
import shlex
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg import pipeline
from kg.asserted import RESULTS
from kg.cli import cli
from kg.export.records import record
from kg.learn.evaluate import evaluate
from kg.model import Paper

if TYPE_CHECKING:
    from kg.learn.scores import Score

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GOLD = ROOT.parent / "shared" / "gold"
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)
SCORES = re.compile(r"^\| (?:\*\*(\w+)\*\*|(\w+): (\w+)) \| (.+) \|$", re.MULTILINE)


def examples() -> list[tuple[str, str]]:
    """The commands that README.md shows, and what it says that they print."""
    found: list[tuple[str, str]] = []
    for block in CONSOLE.findall(README):
        parts = COMMAND.split(block)[1:]
        commands = [command.replace("\\\n", " ") for command in parts[::2]]
        found += zip(commands, (f"{text.strip()}\n" for text in parts[1::2]), strict=True)
    return found


def test_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for command, wanted in examples():
        program, *words = shlex.split(command)
        assert program == "kg"
        result = CliRunner().invoke(cli, words, prog_name="kg")
        assert result.exit_code == wanted.startswith("Error:"), command
        told = f"{result.output.strip()}\n"
        if not OutputChecker().check_output(wanted, told, ELLIPSIS):
            assert told == wanted, command


def test_the_demo_is_what_the_makefile_runs() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("$(PAGE)", "examples/paper-group-nanr-96.txt")
    demo = re.findall(r"^\t\$\(KG\) (.*)$", makefile, re.MULTILINE)
    assert [command for command, _ in examples()][: len(demo)] == [f"kg {words}" for words in demo]


@pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated papers are not beside the checkout")
def test_scores() -> None:
    page, dev = (scores(GOLD / name) for name in ("seed/seed.jsonl", "ml-abstracts/dev.jsonl"))
    rows = SCORES.findall(README)
    assert rows
    for measure, some, group, shown in rows:
        key = (measure or some, group or "all")
        a, b = page[key], dev[key]
        shares = (f"{share:.1f}" for share in (b.precision, b.recall, b.f1))
        assert shown.split(" | ") == [f"{a.f1:.1f}", str(a.gold), *shares, str(b.gold)], key


def test_reports_of_numbers_say_what_results_are_worth_as_here() -> None:
    (shown,) = (row for measure, _, _, row in SCORES.findall(README) if measure == "results")
    shares = (f"{share:.1f}" for share in (RESULTS.precision, RESULTS.recall, RESULTS.f1))
    assert shown.split(" | ")[2:] == [*shares, str(RESULTS.annotated)]


def scores(gold: Path) -> dict[tuple[str, str], Score]:
    """What kg evaluate says, by measure and group."""
    papers = [paper for paper in pipeline.papers([gold], format="jsonl") if isinstance(paper, Paper)]
    found = evaluate(gold, [record(reading) for reading in pipeline.extract(papers)])
    return {
        (measure, group): score
        for measure in ("mentions", "entities", "claims", "results")
        for group, score in getattr(found, measure).items()
    }
