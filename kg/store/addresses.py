"""Addresses of SPARQL servers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from kg.errors import GraphError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["checked", "is_url", "shown"]

_SHOWN: Final = 200


def is_url(graph: str | Path) -> bool:
    """Tell whether a graph is on a server.

    >>> is_url("http://localhost:8890/sparql"), is_url("papers.kg")
    (True, False)
    """
    return "://" in str(graph)


def shown(url: str) -> str:
    """An address for a person: on one line, of sane length, without what stands before an @."""
    try:
        parts = urlsplit(url)
        plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        plain = url.rpartition("@")[2]
    line = " ".join(plain.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def checked(url: str) -> str:
    """An address that can be asked, without a fragment. Raises GraphError if it is none, or holds a password."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, whole = urlsplit(""), False
    if not whole or re.search(r"[\x00-\x20\x7f]", url):
        raise GraphError(f"{shown(url)} is no address of a server: name one such as http://localhost:8890/sparql")
    if parts.username is not None:
        raise GraphError(f"{shown(url)}: credentials do not belong in an address: set KG_USER and KG_PASSWORD")
    return urlunsplit(parts._replace(fragment=""))
