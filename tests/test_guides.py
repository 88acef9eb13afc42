"""The tour and the how-tos cannot lie: their commands are run, and what they print is compared."""

from __future__ import annotations

import re
import shlex
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "docs" / "tour.md", *sorted((ROOT / "docs" / "howto").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_commands_print_what_a_guide_says(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    blocks = CONSOLE.findall(guide.read_text("utf-8"))
    assert blocks, "it shows no command"
    for block in blocks:
        parts = COMMAND.split(block)[1:]
        for command, wanted in zip(parts[::2], parts[1::2], strict=True):
            program, *words = shlex.split(command.replace("\\\n", " "))
            assert program == "kg"
            result = CliRunner().invoke(cli, words, prog_name="kg")
            assert result.exit_code == 0, f"{command}: {result.output}"
            told, expected = f"{result.output.strip()}\n", f"{wanted.strip()}\n"
            if not OutputChecker().check_output(expected, told, ELLIPSIS):
                assert told == expected, command
