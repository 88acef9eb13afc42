"""What is asked of a service."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["Query"]


@dataclass(frozen=True, slots=True)
class Query:
    """Words in the language of the service, a venue by its name for it, days (YYYY-MM-DD, both included), a limit."""

    service: str
    words: str | None = None
    venue: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None

    def told(self) -> dict[str, str | int]:
        """What was given, as plain values."""
        return {name: value for name, value in asdict(self).items() if value is not None}
