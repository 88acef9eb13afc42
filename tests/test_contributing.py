"""What docs/contributing.md adds to the package works when it is added."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "contributing.md").read_text("utf-8")
FILES: Final = re.compile(r"^`(kg/\S+\.py)`\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
DIFFS: Final = re.compile(r"^```diff\n--- a/(\S+)\n\+\+\+ b/\1\n(.*?)^```", re.MULTILINE | re.DOTALL)
LONGEST: Final = 50
LIBRARY: Final = """\
%0 Conference Paper
%T ReadTwice: Reading Twice for Question Answering
%A Ada Example
%A Ben Example
%D 2022
%X We propose ReadTwice and evaluate it on HotpotQA and CIFAR-10.

%0 Journal Article
%A Nobody
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with all that the page adds."""
    root = tmp_path_factory.mktemp("contributed")
    shutil.copytree(ROOT / "kg", root / "kg", ignore=shutil.ignore_patterns("__pycache__", "models"))
    (root / "kg" / "models").symlink_to(ROOT / "kg" / "models")
    (root / "ontologies").symlink_to(ROOT / "ontologies")
    for name, text in FILES.findall(PAGE):
        (root / name).write_text(text, "utf-8")
    for name, diff in DIFFS.findall(PAGE):
        text = (root / name).read_text("utf-8")
        for hunk in diff.split("@@\n")[1:]:
            text = applied(text, hunk)
        (root / name).write_text(text, "utf-8")
    return root


def applied(text: str, hunk: str) -> str:
    """A text with the lines that a hunk adds, where it has its context."""
    lines = hunk.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    assert text.count(before) == 1, f"the package has no such lines, or has them twice:\n{before}"
    return text.replace(before, "".join(f"{line[1:]}\n" for line in lines))


def kg(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = "from kg.cli import main; main()"
    where = {**os.environ, "PYTHONPATH": str(package)}
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=where, cwd=package, capture_output=True, text=True, check=False
    )


def test_what_is_added_is_short() -> None:
    added = FILES.findall(PAGE)
    assert [name for name, _ in added] == ["kg/sources/endnote.py", "kg/report/spread.py"]
    assert all(len(text.splitlines()) <= LONGEST for _, text in added)


def test_the_reader_reads_and_the_report_counts(package: Path) -> None:
    (package / "library.enw").write_text(LIBRARY, "utf-8")
    built = kg(package, "build", "library.enw", "--graph", "library.kg")
    assert "2 papers read, 1 accepted, 0 merged, 1 rejected" in built.stdout + built.stderr
    (rejected,) = map(json.loads, (package / "library.kg" / "rejects.jsonl").read_text("utf-8").splitlines())
    assert rejected["line"] == LIBRARY.splitlines().index("%0 Journal Article") + 1
    counted = kg(package, "report", "spread", "library.kg", "--output", "csv")
    assert counted.stdout.splitlines() == ["named,papers", "0,0", "1,0", "2,1"], counted.stderr
