"""What papers say, where a build keeps it by paper.

A store looks up every term by itself, which takes a tenth of a millisecond for a graph of millions: to quote thousands
of papers, their triples are read as the build wrote them. Where they are not there any more, the store is asked.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from kg.report.strings import Strings
    from kg.store import Value

__all__ = ["FILE", "Bodies", "MovedError", "Triple", "unescaped", "value_of"]

#: In the directory of a graph.
FILE: Final = "cache/blocks"
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-F]{4})|(.))", re.DOTALL)
_SIGNS: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_SPACES: Final = (PREFIXES["rdf"], PREFIXES["prov"], PREFIXES["kg"])

#: Subject, local name of the predicate, and object, as N-Triples has them.
Triple = tuple[str, str, str]


class MovedError(LookupError):
    """The file does not hold the triples of a paper where they were."""


@dataclass(frozen=True, slots=True)
class Bodies:
    """Where in a file the triples of each paper are, compressed; papers are in the order of the matrices."""

    path: Path
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    def said(self, papers: Iterable[int], iris: Strings, names: Iterable[str]) -> Iterator[tuple[str, list[Triple]]]:
        """Give for each of some papers its IRI, and its triples whose predicates have these local names.

        Raises MovedError.
        """
        wanted = {f"<{space}{name}>": name for name in names for space in _SPACES}
        try:
            with self.path.open("rb") as file:
                for paper in papers:
                    file.seek(int(self.starts[paper]))
                    text = zlib.decompress(file.read(int(self.sizes[paper]))).decode()
                    iri = iris[paper]
                    if not text.startswith(f"<{iri}> ") and f"\n<{iri}> " not in text:
                        raise MovedError(str(self.path))
                    rows = (line.split(" ", 2) for line in text.split("\n"))
                    yield iri, [(row[0], wanted[row[1]], row[2][:-2]) for row in rows if row[1:] and row[1] in wanted]
        except (OSError, zlib.error, UnicodeDecodeError) as error:
            raise MovedError(str(self.path)) from error


def unescaped(text: str) -> str:
    r"""Read the text between the quotes of a literal of N-Triples, as `kg.terms.literal` writes it.

    >>> unescaped(r"the \"best\"\u0007\nmodel")
    'the "best"\x07\nmodel'
    """
    return _ESCAPE.sub(_plain, text) if "\\" in text else text


def value_of(term: str) -> Value:
    """Read a term of N-Triples as the store would give it: an IRI, a number, a truth value, or text.

    >>> value_of("<a:b>"), value_of('"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'), value_of('"0.5"')
    ('a:b', Decimal('0.5'), '0.5')
    """
    if term.startswith("<"):
        return term[1:-1]
    end = term.rindex('"')
    text, datatype = unescaped(term[1:end]), term[end + 1 :].removeprefix("^^<").removesuffix(">")
    if datatype == f"{PREFIXES['xsd']}boolean":
        return text == "true"
    return Decimal(text) if datatype == f"{PREFIXES['xsd']}decimal" else text


def _plain(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _SIGNS.get(match[2], match[2])
