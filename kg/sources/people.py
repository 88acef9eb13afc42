"""The names of authors: split, recognised as nobody, compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["family", "is_anonymous", "listed", "split", "straight"]

_NOBODY: Final = frozenset({"anonymous", "anonymous author", "anonymous authors"})
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd"})
_AND: Final = re.compile(r" and | & ")


def listed(text: str) -> tuple[str, ...]:
    """The names of a list with commas; "Jr." and its like stay with the name before.

    >>> listed("Ada Lovelace, Martin Luther King, Jr., Alan Turing")
    ('Ada Lovelace', 'Martin Luther King, Jr.', 'Alan Turing')
    """
    names: list[str] = []
    for part in (" ".join(part.split()) for part in text.split(",")):
        if names and _plain(part) in _SUFFIXES:
            names[-1] += f", {part}"
        elif part:
            names.append(part)
    return tuple(names)


def split(text: str) -> tuple[str, ...]:
    """The names of a list with ";" or " and "; with commas too, where each part is a whole name.

    >>> split("Lovelace, Ada and Turing, Alan"), split("Ada Lovelace, Alan Turing and Grace Hopper")
    (('Lovelace, Ada', 'Turing, Alan'), ('Ada Lovelace', 'Alan Turing', 'Grace Hopper'))
    """
    if ";" in text:
        parts = text.split(";")
    else:
        parts = [name for part in _AND.split(" ".join(text.split())) for name in _commas(part)]
    return tuple(name for name in (" ".join(part.split()) for part in parts) if name)


def _commas(part: str) -> tuple[str, ...]:
    names = listed(part)
    return names if all(" " in name for name in names) else (part.strip().strip(","),)


def straight(parts: Sequence[str]) -> str:
    """A name with its given name first, from the parts between its commas: family, given, or with a suffix.

    >>> straight(["Lovelace", "Ada"]), straight(["King", "Jr.", "Martin Luther"]), straight(["OpenAI"])
    ('Ada Lovelace', 'Martin Luther King, Jr.', 'OpenAI')
    """
    match [part.strip() for part in parts]:
        case [name, suffix] if _plain(suffix) in _SUFFIXES:
            return f"{name}, {suffix}"
        case [last, given]:
            return f"{given} {last}".strip()
        case [last, given, suffix] if _plain(suffix) in _SUFFIXES:
            return f"{given} {last}, {suffix}"
        case [last, suffix, given]:
            return f"{given} {last}, {suffix}".strip()
        case others:
            return ", ".join(others)


def is_anonymous(authors: tuple[str, ...]) -> bool:
    """Whether the authors are only the placeholder of a double-blind review."""
    return bool(authors) and all(" ".join(name.split()).casefold() in _NOBODY for name in authors)


def family(name: str) -> str:
    """The family name as it is compared: the last word of it, without accents and case.

    >>> family("Laurens van der Maaten") == family("van der Maaten, Laurens") == "maaten"
    True
    >>> family("Müller, K.-R."), family("Martin Luther King, Jr.")
    ('muller', 'king')
    """
    parts = [part for part in name.split(",") if _plain(part) not in _SUFFIXES]
    words = [_plain(word) for word in (parts[0] if parts else name).split()]
    words = [word for word in words if word and word not in _SUFFIXES]
    whole = [word for word in words if len(word) > 1 or not word.isascii()]  # not the initial of "Turing A"
    return (whole or words or [_plain(name)])[-1]


@lru_cache(1 << 16)
def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, decomposed))
