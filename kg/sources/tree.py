"""The files that the names of sources stand for: files themselves, directories, patterns."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Found", "expand"]

_ABOUT: Final = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|changelog|changes|contributing|citation|authors|makefile|sha256sums|md5sums)"
    r"(?:[.-].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, each once, and those in directories that are passed over: hidden, or about the others."""

    paths: tuple[Path, ...]
    skipped: tuple[Path, ...]


def expand(names: Iterable[Path]) -> Found:
    """The files of directories, in the order of their names and all the way down, and those that fit patterns.

    A name that is there is taken to the letter, whatever signs are in it; one that leads to nothing stays as it is,
    for who reads it to complain. Links to directories are not followed.
    """
    paths, skipped = dict[Path, None](), dict[Path, None]()
    for name in names:
        for path in _matching(name):
            if not _is_directory(path):
                paths[path] = None
                continue
            walked = list(_walk(path))
            paths.update(dict.fromkeys(file for file in walked if not _is_passed_over(file, path)))
            skipped.update(dict.fromkeys(file for file in walked if _is_passed_over(file, path)))
            if not walked:
                paths[path] = None
    return Found(tuple(paths), tuple(path for path in skipped if path not in paths))


def _matching(name: Path) -> list[Path]:
    text = str(name)
    if not glob.has_magic(text) or _is_there(name):
        return [name]
    return [Path(found) for found in sorted(glob.glob(text, recursive=True))] or [name]  # noqa: PTH207 - `**` as shells


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a name with a NUL
        return True


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _walk(top: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(top):
        inner.sort()
        yield from (Path(folder, name) for name in sorted(names))


def _is_passed_over(path: Path, top: Path) -> bool:
    inner = path.relative_to(top).parts
    return any(part.startswith(".") for part in inner) or _ABOUT.fullmatch(path.name) is not None or not path.is_file()
