"""What the results of each step depend on beside the paper: code, vocabulary, models."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from importlib import metadata, resources
from typing import TYPE_CHECKING, Final

from kg import __version__, ontology
from kg.engine.pool import THREADS
from kg.extract import DEFAULT
from kg.extract.network import digest as digest_of_model
from kg.terms import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

__all__ = ["counting", "drawing", "finding", "grounding", "machine", "reading"]

_BASE: Final = ("annotation.py", "declared.py", "model.py", "ontology.py")
_READING: Final = (*_BASE, "sources")
_FINDING: Final = (
    *(*_BASE, "extract", "engine/chunks.py"),
    *(f"claims/{name}" for name in ("measured.py", "measured.tsv", "numbers.py", "signs.py")),
)
_GROUNDING: Final = (*_FINDING, "ground", "claims", "terms.py", "vocab.py")
_DRAWING: Final = (*_GROUNDING, "graph", "models/claims.json", "models/claims.npz")
_COUNTING: Final = (*_GROUNDING, "graph", "engine")
_WORKING: Final = ("engine/chunks.py", "engine/cluster.py", "engine/digests.py", "pipeline.py")
_LIBRARIES: Final = ("numpy", "spacy", "distributed")


def reading() -> str:
    """Stand for what turns a file into papers."""
    return _code(_READING)


def finding(model: str) -> str:
    """Stand for what finds mentions."""
    return digest(model, digest_of_model(model), ontology.digest(), _code(_FINDING))


def grounding(model: str) -> str:
    """Stand for what tells the entities of a paper."""
    return digest(finding(model), ontology.digest_of_all(), _code(_GROUNDING))


def drawing(model: str) -> str:
    """Stand for what draws claims and results and writes them."""
    return digest(grounding(model), _code(_DRAWING))


def counting() -> str:
    """Stand for what counts names and merges records."""
    return digest(reading(), _code(_COUNTING))


def machine(model: str) -> dict[str, str]:
    """What machines that share work must have in common, by name; "code" stands for code, models and vocabulary.

    Among it is how many threads multiply matrices, which changes the last digits of confidences.
    """
    found = {"kg": __version__, "Python": "{}.{}".format(*sys.version_info)}
    for library in _LIBRARIES if model == DEFAULT else (*_LIBRARIES, "onnxruntime"):
        found[library] = _version(library)
    found |= {name: os.environ.get(name, "unset") for name in THREADS}
    return found | {"code": digest(drawing(model), _code(_WORKING))}


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "missing"


@cache
def _code(places: Sequence[str]) -> str:
    found = hashlib.sha256()
    for place in places:
        for name, path in sorted(_files(resources.files("kg").joinpath(place), place)):
            found.update(f"{name}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def _files(path: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    if path.is_file():
        yield name, path
    elif path.is_dir() and not name.endswith("__pycache__"):
        for each in path.iterdir():
            yield from _files(each, f"{name}/{each.name}")
