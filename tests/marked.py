"""Texts in which names are marked: "[CIFAR-10|D] is small"."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

KINDS: Final = {"M": "Method", "D": "Dataset", "T": "Task", "C": "Metric"}
MARK: Final = re.compile(r"\[([^\]|]+)\|([MDTC])\]")
ABSTRACTS: Final = Path(__file__).parent / "data" / "abstracts.txt"


def unmarked(field: str, marked: str) -> tuple[str, list[dict[str, Any]]]:
    """A text without its marks, and the mentions that they make."""
    text, mentions, end = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[end : mark.start()]
        mentions.append({"field": field, "start": len(text), "end": len(text) + len(mark[1]), "type": KINDS[mark[2]]})
        text += mark[1]
        end = mark.end()
    return text + marked[end:], mentions


def abstracts() -> list[dict[str, Any]]:
    """The annotated papers of our own writing."""
    lines = [line for line in ABSTRACTS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = []
    for title_line, abstract_line in zip(lines[::2], lines[1::2], strict=True):
        title, first = unmarked("title", title_line)
        abstract, second = unmarked("abstract", abstract_line)
        found.append({"title": title, "abstract": abstract, "mentions": first + second, "entities": [], "results": []})
    return found
