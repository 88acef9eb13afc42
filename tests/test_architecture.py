"""Data flows one way, and each foreign library has its owner: read from the sources, whatever is imported where."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kg"
LONGEST = 300

FLOORS = {
    "annotation": 0,
    "asserted": 0,
    "declared": 0,
    "errors": 0,
    "extras": 0,
    "model": 0,
    "ontology": 0,
    "ontology_page": 1,
    "terms": 0,
    "vocab": 0,
    "web": 0,
    "extract": 1,
    "sources": 1,
    "fetch": 2,
    "ground": 2,
    "claims": 3,
    "graph": 4,
    "store": 5,
    "queries": 6,
    "report": 6,
    "validate": 6,
    "export": 7,
    "render": 7,
    "serve": 8,
    "agent": 9,
    "engine": 9,
    "learn": 9,
    "pipeline": 10,
    "api": 11,
    "cli": 11,
}

OWNERS = {
    "backports": {"sources"},
    "click": {"cli"},
    "compression": {"sources"},
    "dask": {"engine"},
    "distributed": {"engine"},
    "httpx": {"fetch", "store"},
    "jsonschema": {"agent"},
    "lxml": {"sources"},
    "markdown_it": {"sources"},
    "matplotlib": {"report"},
    "mcp": {"agent"},
    "mcp_types": {"agent"},
    "networkx": {"export", "render"},
    "numpy": {"claims", "export", "extract", "learn", "render", "report"},
    "onnxruntime": {"extract", "learn"},
    "pybtex": {"sources"},
    "pylatexenc": {"sources"},
    "pyarrow": {"export", "sources"},
    "pyoxigraph": {"ontology", "store"},
    "pyvis": {"render"},
    "rdflib": {"api", "ontology", "ontology_page", "validate", "vocab"},
    "rich": {"cli"},
    "safetensors": {"learn"},
    "scipy": {"learn", "render", "report"},
    "spacy": {"extract"},
    "starlette": {"serve"},
    "torch": {"learn"},
    "uvicorn": {"serve"},
    "yaml": {"sources"},
}

#: A directory of somebody's machine, written out.
LOCAL = re.compile(r"(?<![\w.:/~*}-])/(?:home|Users|root|work|tmp|var|opt|mnt|private)/\w")


class Import(NamedTuple):
    """What a module imports: a name of ours in full, or a foreign library."""

    module: str
    line: int
    target: str


def name_of(path: Path, package: Path = PACKAGE) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The room of a module of ours; "" for the package itself, which may name any room."""
    return [*module.split("."), ""][1]


def imports(source: str, module: str, *, is_package: bool) -> Iterator[Import]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = anchor(module, node.level, is_package=is_package)
            origin = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:
                yield Import(module, node.lineno, f"{origin}.{alias.name}" if origin == "kg" else origin)


def anchor(module: str, level: int, *, is_package: bool) -> str:
    """The package that the dots of a relative import lead to."""
    if level == 0:
        return ""
    parts = module.split(".")
    return ".".join(parts[: len(parts) - level + is_package])


def violations(found: Iterable[Import]) -> Iterator[str]:
    for module, line, target in found:
        here, library = room(module), target.split(".")[0]
        if library == "kg":
            broken = floors(here, room(target))
        elif library in sys.stdlib_module_names:
            broken = None
        elif library not in OWNERS:
            broken = f"{library} has no owner"
        else:
            broken = (
                f"{library} belongs to {', '.join(sorted(OWNERS[library]))}" if here not in OWNERS[library] else None
            )
        if broken:
            yield f"{module}, line {line}: {broken}"


def floors(here: str, there: str) -> str | None:
    """What is wrong with one room importing another; the package itself is open to all."""
    for name in (here, there):
        if name and name not in FLOORS and name != "__version__":
            return f"{name} is on no floor"
    if here == there or not here or there in ("", "__version__"):
        return None
    if FLOORS[here] == FLOORS[there] == 0 or FLOORS[here] > FLOORS[there]:
        return None
    return f"{here} (floor {FLOORS[here]}) must not import {there} (floor {FLOORS[there]})"


def written_files() -> Iterator[Path]:
    """All texts that people write: sources, tests, documents, ontologies and the files that drive them."""
    for folder in ("kg", "tests", "benchmarks", "docs", "ontologies", ".ci"):
        yield from sorted(
            path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md", ".rq", ".ttl", ""}
        )
    yield from (ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml"))


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in MODULES}


def test_floors_and_owners() -> None:
    found = [
        each
        for path in MODULES
        for each in imports(path.read_text("utf-8"), name_of(path), is_package=path.name == "__init__.py")
    ]
    assert len(found) > len(MODULES)
    assert list(violations(found)) == []


@pytest.mark.parametrize(
    ("module", "source", "broken"),
    [
        ("kg.graph", "from kg.store import write", "graph (floor 4) must not import store (floor 5)"),
        ("kg.graph.papers", "from kg import store", "graph (floor 4) must not import store (floor 5)"),
        ("kg.graph.papers", "from .. import store", "graph (floor 4) must not import store (floor 5)"),
        ("kg.graph.papers", "from ..store import write", "graph (floor 4) must not import store (floor 5)"),
        ("kg.graph.papers", "def f():\n    import kg.store", "graph (floor 4) must not import store (floor 5)"),
        ("kg.graph", "if TYPE_CHECKING:\n    import kg.cli", "graph (floor 4) must not import cli (floor 11)"),
        ("kg.queries.cards", "import kg.report", "queries (floor 6) must not import report (floor 6)"),
        ("kg.store.files", "import rdflib.term", "rdflib belongs to api, ontology, ontology_page, validate, vocab"),
        (
            "kg.store.files",
            "from rdflib import Graph",
            "rdflib belongs to api, ontology, ontology_page, validate, vocab",
        ),
        ("kg.store.files", "import pandas as pd", "pandas has no owner"),
        ("kg.store.files", "import numpy as np", "numpy belongs to claims, export, extract, learn, render, report"),
        ("kg.cellar", "import kg.errors", "cellar is on no floor"),
        ("kg.cli.app", "import kg.attic", "attic is on no floor"),
        ("kg.graph.papers", "from .lines import about\nfrom . import sources", None),
        ("kg.store", "import json, pyoxigraph\nfrom kg.errors import GraphError\nfrom kg import __version__", None),
        ("kg.ontology", "from kg.vocab import names", None),
        ("kg", "from kg.pipeline import build", None),
    ],
)
def test_the_rule_itself(module: str, source: str, broken: str | None) -> None:
    found = imports(source, module, is_package=module.count(".") < 2)
    assert [each.split(": ", 1)[1] for each in violations(found)] == ([broken] if broken else [])


def test_only_the_command_line_prints(trees: dict[Path, ast.Module]) -> None:
    calls = [
        f"{name_of(path)}, line {node.lineno}"
        for path, tree in trees.items()
        if room(name_of(path)) != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []


def test_every_module_says_what_it_is(trees: dict[Path, ast.Module]) -> None:
    silent = [name_of(path) for path, tree in trees.items() if not ast.get_docstring(tree)]
    assert silent == []


def test_every_module_says_what_it_offers(trees: dict[Path, ast.Module]) -> None:
    lacking = [name_of(path) for path, tree in trees.items() if needs_all(path, tree) and not has_all(tree)]
    assert lacking == []


def needs_all(path: Path, tree: ast.Module) -> bool:
    """A program has nothing to offer, nor has a package that is only its docstring or version."""
    if path.name == "__main__.py":
        return False
    return path.name != "__init__.py" or any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)


def has_all(tree: ast.Module) -> bool:
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)


def test_files_are_short() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_path_of_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in written_files()
        if path.is_file()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if LOCAL.search(line)
    ]
    assert found == []
