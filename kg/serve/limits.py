"""What one who asks may use of the server."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that a request may take, and how many queries, and pages, run at a time."""

    seconds: float = 30.0
    answer: int = 64 * _MB
    request: int = _MB
    memory: int = 2048 * _MB
    queries: int = 2
    pages: int = 2
    waiting: int = 16
    stopping: int = 10
