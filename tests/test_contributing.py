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
SECTIONS: Final = dict(part.split("\n", 1) for part in PAGE.split("\n## ")[1:])
FILES: Final = re.compile(r"^`(\S+)`\n\n```(?:python|turtle)\n(.*?)^```", re.MULTILINE | re.DOTALL)
DIFFS: Final = re.compile(r"^```diff\n--- a/(\S+)\n\+\+\+ b/\1\n(.*?)^```", re.MULTILINE | re.DOTALL)
MOST: Final = 50
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


def changed(page: str) -> dict[str, str]:
    """The files that a page, or a part of it, adds or changes."""
    texts = dict(FILES.findall(page))
    for name, diff in DIFFS.findall(page):
        text = texts.get(name) or (ROOT / name).read_text("utf-8")
        for hunk in diff.split("@@\n")[1:]:
            text = applied(text, hunk)
        texts[name] = text
    return texts


def applied(text: str, hunk: str) -> str:
    """A text with what a hunk changes, where it has its context."""
    lines = hunk.splitlines()
    before, after = ("".join(f"{line[1:]}\n" for line in lines if not line.startswith(sign)) for sign in "+-")
    assert text.count(before) == 1, f"the package has no such lines, or has them twice:\n{before}"
    return text.replace(before, after)


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    where = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, *words], env=where, cwd=root, capture_output=True, text=True, check=False)


def kg(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(root, "-c", "from kg.cli import main; main()", *words)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with all that the page adds; its models are those of the package."""
    root = tmp_path_factory.mktemp("contributed")
    shutil.copytree(ROOT / "kg", root / "kg", ignore=shutil.ignore_patterns("models"))
    (root / "kg" / "models").symlink_to(ROOT / "kg" / "models")
    shutil.copytree(ROOT / "ontologies", root / "ontologies")
    (root / "docs").mkdir()
    (root / "tests").mkdir()
    (root / "tests" / "data").symlink_to(ROOT / "tests" / "data")
    for name, text in changed(PAGE).items():
        (root / name).write_text(text, "utf-8")
    done = run(root, "-m", "kg.ontology_page")
    assert done.returncode == 0, done.stderr
    return root


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_added_is_short_and_has_its_test(section: str) -> None:
    files, diffs = FILES.findall(SECTIONS[section]), DIFFS.findall(SECTIONS[section])
    lines = [line for name, text in files if not name.startswith("tests/") for line in text.splitlines()]
    lines += [line[1:] for _, diff in diffs for line in diff.splitlines() if line.startswith(("+", "-"))]
    assert 0 < len([line for line in lines if line.strip()]) < MOST
    (test,) = (text for name, text in files if name.startswith("tests/"))
    assert len(test.splitlines()) < MOST


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_stands_alone(section: str) -> None:
    assert changed(SECTIONS[section])


def test_the_tests_of_the_page_pass(package: Path) -> None:
    done = run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--override-ini", "addopts=", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(SECTIONS)} passed" in done.stdout


def test_the_reader_reads_and_the_report_counts(package: Path) -> None:
    (package / "library.enw").write_text(LIBRARY, "utf-8")
    built = kg(package, "build", "library.enw", "--graph", "library.kg")
    assert "2 papers read, 1 accepted, 0 merged, 1 rejected" in built.stdout + built.stderr
    (rejected,) = map(json.loads, (package / "library.kg" / "rejects.jsonl").read_text("utf-8").splitlines())
    assert rejected["line"] == LIBRARY.splitlines().index("%0 Journal Article") + 1
    counted = kg(package, "report", "spread", "library.kg", "--output", "csv")
    assert counted.stdout.splitlines() == ["named,papers", "0,0", "1,0", "2,1"], counted.stderr
