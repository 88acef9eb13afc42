"""The identifiers of a paper: their schemes, how they are written, which is the strongest."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "SCHEMES",
    "from_address",
    "hashed",
    "identifiers",
    "implied",
    "normal",
    "normalised",
    "paper_id",
    "strength",
]

SCHEMES: Final = ("doi", "arxiv", "openreview", "acl", "pmlr", "pwc", "key")
"""From the strongest to the weakest."""

_FORMS: Final = {
    "doi": re.compile(r"10\.\d{4,9}/\S+", re.ASCII),
    "arxiv": re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.ASCII),
    "openreview": re.compile(r"[\w-]+", re.ASCII),
    "acl": re.compile(r"([A-Za-z]\d{2}-\d{4,5}|\d{4}\.[\w-]+\.\d+)(?:v\d+)?", re.ASCII),
    "pmlr": re.compile(r"[rv]\d+/[\w-]+", re.ASCII),
    "pwc": re.compile(r"[\w.-]+", re.ASCII),
}
_ADDRESSES: Final = {
    "doi": re.compile(r"(?:dx\.)?doi\.org/(.+)"),
    "arxiv": re.compile(r"(?:\w+\.)?arxiv\.org/(?:abs|pdf|html)/(.+?)(?:\.pdf)?"),
    "openreview": re.compile(r"openreview\.net/(?:forum|pdf)\?(?:.*&)?id=([^&]+)(?:&.*)?"),
    "acl": re.compile(r"(?:aclanthology\.org|aclweb\.org/anthology)/(.+?)(?:\.pdf|\.bib)?"),
    "pmlr": re.compile(r"proceedings\.mlr\.press/([rv]\d+/[\w-]+)(?:\.html|/.*)?", re.ASCII),
    "pwc": re.compile(r"(?:\w+\.)?paperswithcode\.com/paper/([^/]+)(?:/.*)?"),
}
_LABEL: Final = re.compile(r"\A(?:doi|arxiv)\s*:\s*", re.IGNORECASE)
_LONGEST: Final = 200  # what is longer is no identifier, whatever it is


@lru_cache(1 << 17)
def normal(title: str) -> str:
    """A title without what two sources write differently: NFKC, case folded, letters and digits only.

    >>> normal("Deep  Nets: a (re-)View")
    'deepnetsareview'
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    return "".join(filter(str.isalnum, folded))


def normalised(scheme: str, value: str) -> str | None:
    """An identifier as it is compared, or None where it is none of its scheme.

    Versions of a paper are one paper; DOIs know no case.

    >>> normalised("arxiv", "arXiv:2001.00001v2"), normalised("doi", "10.1145/ABC"), normalised("arxiv", "n/a")
    ('2001.00001', '10.1145/abc', None)
    """
    value = value.strip()
    if scheme == "key":
        return value or None
    found = _FORMS[scheme].fullmatch(_LABEL.sub("", value, count=1)) if len(value) <= _LONGEST else None
    if found is None:
        return None
    plain = found[1] if found.lastindex else found[0]
    if scheme == "acl":
        return plain.upper() if plain[0].isalpha() else plain
    return plain.lower() if scheme == "doi" else plain


def from_address(address: str) -> tuple[tuple[str, str], ...]:
    """The identifiers that a web address holds; none where it is not an address that we know.

    >>> from_address("https://openreview.net/forum?id=HklkeR4KPB")
    (('openreview', 'HklkeR4KPB'),)
    >>> from_address("https://example.org/paper.pdf")
    ()
    """
    try:
        parts = urlsplit(address.strip() if "://" in address else f"//{address.strip()}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # such as an unclosed bracket
        return ()
    place = f"{host}/{unquote(parts.path).strip('/')}"
    for scheme, form in _ADDRESSES.items():
        found = form.fullmatch(place) or form.fullmatch(f"{place}?{parts.query}")
        value = normalised(scheme, found[1]) if found else None
        if value:
            return implied(scheme, value)
    return ()


def implied(scheme: str, value: str) -> tuple[tuple[str, str], ...]:
    """An identifier and those that it spells out: arXiv and the ACL Anthology put theirs into their DOIs.

    >>> implied("doi", "10.48550/arxiv.2001.00001")
    (('doi', '10.48550/arxiv.2001.00001'), ('arxiv', '2001.00001'))
    """
    prefixes = {"10.48550/arxiv.": "arxiv", "10.18653/v1/": "acl"} if scheme == "doi" else {}
    for prefix, other in prefixes.items():
        inner = normalised(other, value.removeprefix(prefix)) if value.startswith(prefix) else None
        if inner:
            return (scheme, value), (other, inner)
    return ((scheme, value),)


def identifiers(named: Iterable[tuple[str, str]], addresses: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """All identifiers that a source gives, by name or within an address, sorted.

    >>> identifiers([("key", "7")], ["https://arxiv.org/abs/2001.00001v3"])
    (('arxiv', '2001.00001'), ('key', '7'))
    """
    found = {pair for address in addresses for pair in from_address(address)}
    for scheme, value in filter(all, named):
        plain = normalised(scheme, value)
        found.update(implied(scheme, plain) if plain else from_address(value))
    return tuple(sorted(found))


def paper_id(ids: Iterable[tuple[str, str]], title: str, year: int | None) -> str:
    """The strongest identifier as "scheme:value"; a hash of normalised title and year where there is none.

    >>> paper_id([("key", "a7"), ("pwc", "remixmatch")], "ReMixMatch", 2020)
    'pwc:remixmatch'
    >>> paper_id([], "ReMixMatch", 2020) == paper_id([], "Remixmatch.", 2020)
    True
    """
    strongest = min(ids, key=strength, default=None)
    if strongest is not None:
        return ":".join(strongest)
    return hashed(normal(title) or title, "" if year is None else str(year))


def strength(pair: tuple[str, str]) -> tuple[int, str]:
    """The order of identifiers, the strongest first."""
    return SCHEMES.index(pair[0]), pair[1]


def hashed(*parts: str) -> str:
    """A name made of the content: "hash:" and 16 hexadecimal digits."""
    return "hash:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
