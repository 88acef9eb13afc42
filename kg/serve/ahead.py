"""The files of a graph, read ahead: on a cold disk each look-up in a store waits, and a page makes hundreds of them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["chosen", "read_ahead"]

#: What pages read, the smaller first.
_PARTS: Final = ("search.sqlite", "store", "cache/blocks")


def read_ahead(graph: str) -> None:
    """Ask the system, in the background, to hold the files of a graph's directory; a hint, where there is such a thing.

    At most half of the memory that nothing uses is asked for.
    """
    if hasattr(os, "posix_fadvise"):
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        Thread(target=_ask, args=(list(chosen(Path(graph), free // 2)),), daemon=True).start()


def chosen(directory: Path, most: int) -> Iterator[Path]:
    """Give the files that pages read, as long as they have `most` bytes together at most."""
    for part in _PARTS:
        place = directory / part
        with suppress(OSError):
            for path in sorted(place.iterdir()) if place.is_dir() else [place]:
                most -= path.stat().st_size
                if most < 0:
                    return
                yield path


def _ask(paths: list[Path]) -> None:
    for path in paths:
        with suppress(OSError), path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
