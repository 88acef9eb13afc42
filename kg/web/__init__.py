"""What pages share: our style, and what they take from the npm registry, unmodified.

vendor.sh copies the latter as package-lock.json has it; vendor/VERSIONS.tsv says what it is and under which licence.
"""

from __future__ import annotations

from importlib.resources import files

__all__ = ["style", "vendored"]


def style() -> str:
    """The style sheet of all pages."""
    return files(__package__).joinpath("style.css").read_text("utf-8")


def vendored(name: str) -> str:
    """A file of vendor/, such as "sigma.js"."""
    return files(__package__).joinpath("vendor", name).read_text("utf-8")
