"""What a release says of itself is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import yaml

import kg

ROOT: Final = Path(__file__).parents[1]
LICENCES: Final = (ROOT / "docs" / "licences.md").read_text("utf-8")


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == project["version"] == kg.__version__
    assert citation["license"] == project["license"]


def test_every_library_of_others_that_is_shipped_is_listed_with_its_version_and_licence() -> None:
    vendor = ROOT / "kg" / "web" / "vendor"
    rows = [line.split("\t") for line in (vendor / "VERSIONS.tsv").read_text("utf-8").splitlines()]
    known = {file for file, *_ in rows} | {f"{file}.LICENSE" for file, *_ in rows} | {"VERSIONS.tsv"}
    assert {path.name for path in vendor.iterdir()} == known
    for file, name, version, licence in rows:
        (row,) = (line for line in LICENCES.splitlines() if f"`{file}`" in line or f"/{file}`" in line)
        assert f"{name} {version}" in row
        assert licence in row


def test_every_library_of_the_core_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[<>=;\[ ]", each)[0].lower() for each in project["dependencies"]}
    text = " ".join(LICENCES.lower().split())
    assert [name for name in sorted(names) if f"{name} (" not in text] == []
