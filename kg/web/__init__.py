"""What pages share: our style, and what they take from the npm registry, unmodified.

vendor.sh copies the latter as package-lock.json has it; vendor/VERSIONS.tsv says what it is and under which licence.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files

__all__ = ["colours", "safe_json", "style", "vendored"]


def style() -> str:
    """The style sheet of all pages."""
    return files(__package__).joinpath("style.css").read_text("utf-8")


def colours(kind: str) -> tuple[str, str]:
    """The colours of a kind of entity in that style sheet: on a light and on a dark ground.

    >>> colours("Method")
    ('#0072b2', '#56b4e9')
    """
    light, dark = re.findall(rf"--{kind.lower()}: (#[0-9a-f]{{6}});", style())
    return light, dark


def vendored(name: str) -> str:
    """A file of vendor/, such as "sigma.js"."""
    return files(__package__).joinpath("vendor", name).read_text("utf-8")


def safe_json(data: object) -> str:
    """JSON that no HTML parser can take for markup."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
