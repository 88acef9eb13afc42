"""What comes from the npm registry is what the lock file says, with its licence; the style loads nothing."""

import json
import re
from pathlib import Path

import pytest

from kg.web import style, vendored

WEB = Path(__file__).parents[1] / "kg" / "web"
TESTS = Path(__file__).parent / "web"
LOCK = WEB / "package-lock.json"


def rows(folder: Path) -> list[list[str]]:
    return [line.split("\t") for line in (folder / "VERSIONS.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("folder", [WEB / "vendor", TESTS], ids=["pages", "tests"])
def test_all_that_is_vendored_has_its_version_and_licence(folder: Path) -> None:
    packages = json.loads(LOCK.read_text("utf-8"))["packages"]
    for name, package, version, licence in rows(folder):
        assert packages[f"node_modules/{package}"]["version"] == version, name
        assert packages[f"node_modules/{package}"]["license"] == licence, name
        assert (folder / f"{name}.LICENSE").read_text("utf-8").strip(), name
    known = {name for name, *_ in rows(folder)}
    there = {path.name.removesuffix(".LICENSE") for path in folder.iterdir()} - {"VERSIONS.tsv", "README.md"}
    assert there == known


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in LOCK.read_text("utf-8")


def test_the_style_loads_nothing() -> None:
    assert not re.search(r"url\(|@import", style())
    assert "graphology" in vendored("graphology.js")[:2000]
