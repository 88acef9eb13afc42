"""LaTeX in titles, names and abstracts as the text that it stands for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pylatexenc.latex2text import LatexNodes2Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["formula", "plain"]

_MARKUP: Final = re.compile(r"[\\{}~$]|--|``|''")
_MATH: Final = re.compile(r"((?<!\\)\$\$?[^$]{1,2000}(?<!\\)\$\$?|\\\(.{1,2000}?\\\))", re.DOTALL)
_UNSAFE: Final = re.compile(r"(?<!\\)([%&#])")
_NAMES: Final = re.compile(r"\\((?:La)?TeX)(?![A-Za-z])\s*(?:\{\})?")
_LINK: Final = re.compile(r"\\href\s*\{[^{}]*\}|\\url(?=\s*\{)")
_CITED: Final = re.compile(r"\\cite[a-z]*\*?\s*(?:\[[^\[\]]*\]\s*){0,2}\{[^{}]*\}")
_FUNCTION: Final = re.compile(r"(\\(?:log|exp|sin|cos|tan|tanh|max|min|sup|inf|arg|argmax|argmin|lim|det|Pr))\s+")
_OPEN_MACRO: Final = re.compile(r"\\(?:[A-Za-z]|[^A-Za-z\s\\{}$%&#_,;:!/ -])\Z")
_LEFT: Final = re.compile(r"\\[A-Za-z]+\*?|\\(.)|[{}\\]", re.DOTALL)
_SIGNS: Final = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "), ("{", ""), ("}", ""))
_LONGEST: Final = 1 << 14  # of a stretch that is worth an understanding


def plain(text: str) -> str:
    r"""A text without its markup: accents and signs as characters, braces gone, blanks as one space; formulas as is.

    >>> plain(r"Erd\H{o}s--R\'enyi {GPU}s at 50% cost, \emph{very  fast}, in $O(n^{2})$"), plain("as it stands")
    ('Erdős–Rényi GPUs at 50% cost, very fast, in $O(n^{2})$', 'as it stands')
    """
    if not _MARKUP.search(text):
        return " ".join(text.split())
    named = _CITED.sub("", _LINK.sub("", _NAMES.sub(r"\1", text)))
    parts = _MATH.split(named)
    return " ".join("".join(part if at % 2 else _prose(part) for at, part in enumerate(parts)).split())


def formula(text: str) -> str:
    r"""A formula as text, as far as characters can say it.

    >>> formula(r"O(n^2 \log \beta)")
    'O(n^2 log β)'
    """
    return " ".join((_decoded(_FUNCTION.sub(r"\1{} ", text.strip())) if "\\" in text else text).split())


def _prose(text: str) -> str:
    found = "".join(_decoded(group) if "\\" in group else _signs(group) for group in _groups(text))
    lead = " " if text[:1].isspace() else ""
    return f"{lead}{found}"


def _groups(text: str) -> Iterator[str]:
    """The words with what follows them; those within one brace, or that a macro ties to the next, together."""
    group, depth = "", 0
    for word in re.findall(r"\S+\s*", text):
        group += word
        depth = max(0, depth + word.count("{") - word.count("}"))
        if depth == 0 and not _OPEN_MACRO.search(word.rstrip()):
            yield group
            group = ""
    if group:
        yield group


def _signs(text: str) -> str:
    for written, meant in _SIGNS:
        text = text.replace(written, meant)
    return text


@lru_cache(maxsize=4096)
def _decoded(text: str) -> str:
    """What a stretch stands for; without its commands where it is no sound LaTeX."""
    end = " " if text[-1:].isspace() else ""
    if len(text) > _LONGEST:
        return _bare(text)
    try:
        return f"{_converter().latex_to_text(_UNSAFE.sub(_escaped, text)).strip()}{end}"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _bare(text)


def _bare(text: str) -> str:
    return _LEFT.sub(lambda found: found[1] or "", text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[1]}"


@lru_cache(maxsize=1)
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False, keep_comments=False)
