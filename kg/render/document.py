"""A page in one file: its policy names each script by its digest and allows no address at all."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["document", "own"]


def document(template: str, *, title: str, scripts: Sequence[str], **parts: str) -> str:
    """Fill a template of this folder; `title` is plain text, the parts are HTML already."""
    digests = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return Template(own(template)).substitute(
        parts,
        title=escape(title).encode("utf-8", "replace").decode(),
        policy=f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data:",
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def own(name: str) -> str:
    """A file of this folder, with the ends of lines that browsers hash."""
    return files(__package__).joinpath(name).read_text("utf-8").replace("\r\n", "\n")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
