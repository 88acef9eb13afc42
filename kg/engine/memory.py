"""Memory that a build has done with."""

from __future__ import annotations

import ctypes
import gc

__all__ = ["give_back"]


def give_back() -> None:
    """Give the operating system what is free; glibc keeps it otherwise, up to the largest that was needed.

    Other C libraries are left to what they do by themselves.
    """
    gc.collect()
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return
    trim(0)
