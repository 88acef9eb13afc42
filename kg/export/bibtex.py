"""Papers as entries of BibTeX, for LaTeX and for reference managers."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from kg.export.facts import papers_alone, text, texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from kg.export.facts import Facts
    from kg.store import Graph

__all__ = ["bibtex"]

_BRACES: Final = re.compile(r"[{}]")
_LATEX: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}  # fmt: skip
_SPECIAL: Final = re.compile(r"[\\~^&%$#_]")
_ADDRESS: Final = re.compile(r"[\s{}\\\"<>^`|\x00-\x1f\x7f]")
_STOP: Final = frozenset(["a", "an", "and", "at", "for", "from", "in", "is", "of", "on", "the", "to", "with"])
_WORD: Final = re.compile(r"[a-z0-9]+")
#: The mark between the names of authors; a name that holds it stands in braces.
_AND: Final = re.compile(r"\sand\s|,", re.IGNORECASE)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def bibtex(graph: Graph, papers: Collection[str] | None = None) -> Iterator[str]:
    """Give the entries of these papers, or of all, in the order of their IRIs.

    A paper with a venue is an `@inproceedings`, any other one a `@misc`, as the graph does not know journals from
    proceedings. Keys are the first author's last word, the year and the first word of the title that means something; a
    letter tells those apart that are alike. Text is in UTF-8, and signs that TeX obeys are escaped.
    """
    used: dict[str, int] = {}
    for _, facts in papers_alone(graph, papers):
        yield _entry(_key(facts, used), facts)


def _entry(key: str, facts: Facts) -> str:
    venue, year = text(facts, "kg:venue"), text(facts, "kg:year")
    issued = text(facts, "dcterms:issued") or ""
    month = re.fullmatch(r"[0-9]{4}-([0-9]{2})(?:-[0-9]{2})?", issued)
    ids = dict(reversed([name.partition(":")[::2] for name in texts(facts, "dcterms:identifier")]))
    title = _tex(text(facts, "dcterms:title") or "")
    fields = {
        "title": f"{{{title}}}",  # in braces of its own: no style changes its case
        "author": " and ".join(_author(name) for name in _authors(facts)),
        "booktitle": _tex(venue or ""),
        "year": year or "",
        "month": str(int(month[1])) if month else "",
        "doi": _address(ids.get("doi", "")),
        "eprint": _address(ids.get("arxiv", "")),
        "archiveprefix": "arXiv" if ids.get("arxiv") else "",
        "url": _address(text(facts, "schema:url") or text(facts, "kg:pdf") or ""),
        "keywords": _tex(", ".join(texts(facts, "kg:keyword"))),
        "abstract": _tex(text(facts, "dcterms:abstract") or ""),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value.strip("{} "))
    return f"@{'inproceedings' if venue else 'misc'}{{{key},\n{body}\n}}\n\n"


def _authors(facts: Facts) -> list[str]:
    return [name for name in (text(facts, "kg:authorNames") or "").split("; ") if name.strip()]


def _author(name: str) -> str:
    r"""Write a name that BibTeX takes for one; one that it would take for several, or turn around, is protected.

    >>> _author("Ines Okafor"), _author("Barnes and Noble")
    ('Ines Okafor', '{Barnes and Noble}')
    """
    written = _tex(name)
    return f"{{{written}}}" if _AND.search(written) else written


def _key(facts: Facts, used: dict[str, int]) -> str:
    authors = _authors(facts)
    first = _plain(authors[0].split()[-1]) if authors else ""
    words = _WORD.findall(_plain(text(facts, "dcterms:title") or ""))
    word = next((word for word in words if word not in _STOP), "")
    key = "".join(_WORD.findall(first)) + (text(facts, "kg:year") or "") + word
    key = key[:60] or "paper"
    used[key] = used.get(key, -1) + 1
    return key + _letters(used[key])


def _letters(number: int) -> str:
    """Count in letters, beginning with none.

    >>> [_letters(number) for number in (0, 1, 25, 26, 27)]
    ['', 'b', 'z', '-26', '-27']
    """
    if not number:
        return ""
    return _LETTERS[number] if number < len(_LETTERS) else f"-{number}"


def _plain(words: str) -> str:
    """Reduce words to letters without accents."""
    folded = unicodedata.normalize("NFKD", words).casefold()
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _tex(words: str) -> str:
    """Put words on one line, without braces, which might not be in pairs, and with no sign that TeX obeys."""
    line = " ".join(_BRACES.sub("", words).split())
    visible = "".join("\ufffd" if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in line)
    return _SPECIAL.sub(lambda sign: _LATEX[sign[0]], visible)


def _address(address: str) -> str:
    """Write an address or an identifier as it is, without what would end the field."""
    return _ADDRESS.sub("", address)
