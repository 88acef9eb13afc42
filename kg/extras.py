"""How a library that is not always needed comes to where this package is."""

from __future__ import annotations

import json
import shlex
from importlib import metadata
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["install"]

_NAME: Final = "ml-literature-kg"


def install(extra: str) -> str:
    """Give the command that installs an extra, from the directory that this package was installed from, or by name.

    An installer notes that directory (PEP 610). A package from an index, or one that is not installed, has none.
    """
    try:
        origin = json.loads(metadata.distribution(_NAME).read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    place = urlsplit(origin.get("url", ""))
    if "dir_info" not in origin or place.scheme != "file":
        return f"pip install {shlex.quote(f'{_NAME}[{extra}]')}"
    flag = "-e " if origin["dir_info"].get("editable") else ""
    return f"pip install {flag}{shlex.quote(f'{unquote(place.path)}[{extra}]')}"
