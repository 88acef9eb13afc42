"""Memory that a build has done with."""

from __future__ import annotations

import ctypes
import gc

__all__ = ["give_back"]


def give_back() -> None:
    """Give the operating system what is free, garbage in circles too; glibc keeps it otherwise.

    Other C libraries are left to what they do by themselves.
    """
    gc.collect()
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return
    trim(0)
