"""What pages share: our style, and what they take from the npm registry, unmodified.

vendor.sh copies the latter as package-lock.json has it; vendor/VERSIONS.tsv says what it is and under which licence.
"""

from __future__ import annotations

import json
from importlib.resources import files

__all__ = ["safe_json", "style", "vendored"]


def style() -> str:
    """The style sheet of all pages."""
    return files(__package__).joinpath("style.css").read_text("utf-8")


def vendored(name: str) -> str:
    """A file of vendor/, such as "sigma.js"."""
    return files(__package__).joinpath("vendor", name).read_text("utf-8")


def safe_json(data: object) -> str:
    """JSON that no HTML parser can take for markup."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
