"""The texts of a paper that are read."""

from __future__ import annotations

import hashlib

from kg.model import Field, Paper, Text

__all__ = ["text_of"]


def text_of(paper: Paper, field: Field) -> Text:
    """The version of a paper's title or abstract at hand."""
    text = paper.title if field == "title" else paper.abstract
    return Text(paper.id, field, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), text)
