"""Words of papers, made fit to be shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["clip", "line", "web_address", "where"]

LONGEST_QUOTE: Final = 2000
LONGEST_LINE: Final = 300
_JOINTS: Final = re.compile(r"[\s\-‐‑–—_/]+")


def where(quote: str, names: Iterable[str]) -> tuple[int, int]:
    """Find the longest of some names in a sentence, whatever its case, hyphens or plural.

    >>> where("Two Q-Networks.", ["network", "q network"])
    (4, 14)
    """
    for name in sorted(names, key=lambda name: (-len(name), name)):
        words = (re.escape(word) for word in _JOINTS.split(name) if word)
        match = re.search(rf"(?<!\w){_JOINTS.pattern.join(words)}(?:e?s)?(?!\w)", quote, re.IGNORECASE)
        if match and match[0]:
            return match.span()
    return 0, 0


def line(words: str) -> str:
    r"""Put words on one line of sane length: white space and control characters become single spaces.

    >>> line("Adam \n  is\x00 fast")
    'Adam is fast'
    """
    short = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", words[: 4 * LONGEST_LINE]).split())
    return short if len(short) <= LONGEST_LINE else short[: LONGEST_LINE - 1].rstrip() + "…"


def clip(quote: str, start: int, end: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Keep a stretch of sane length around the name; control characters become spaces, one for one."""
    first = 0 if end <= LONGEST_QUOTE else max(0, start - LONGEST_QUOTE // 4)
    last = min(len(quote), first + LONGEST_QUOTE)
    before, after = "…" * (first > 0), "…" * (last < len(quote))
    words = before + re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", quote[first:last]) + after
    shift = len(before) - first
    stop = min(end, last) + shift
    return words, ((start + shift, stop),) if start + shift < stop else ()


def web_address(value: object) -> str | None:
    """Let a web address through, and nothing else that a link could run."""
    words = str(value or "")
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    return words if parts.scheme in {"http", "https"} and parts.netloc and not re.search(r"[\s<>\"]", words) else None
