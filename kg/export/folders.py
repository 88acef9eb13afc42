"""A directory of files that appears whole, or leaves what was there."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = ["folder"]


@contextmanager
def folder(place: Path, files: Collection[str]) -> Iterator[Path]:
    """Give a directory to write these files into; they take the place of those of an earlier export.

    Raises GraphError if there is something else, and OSError.
    """
    if place.exists() and not place.is_dir():
        raise GraphError(f"{place} is a file: name a directory for {', '.join(files)}")
    if place.is_dir() and {path.name for path in place.iterdir()} - set(files):
        raise GraphError(f"{place} holds other files: name a new directory for {', '.join(files)}")
    waiting = place.with_name(f".{place.name}.new")
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(parents=True)
    try:
        yield waiting
        place.mkdir(exist_ok=True)
        for name in files:
            (waiting / name).replace(place / name)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
