"""Which papers may say something else because what they name is another thing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.claims.entering import SPEEDS
from kg.engine.counting import sign
from kg.engine.ledger import text
from kg.engine.tally import home
from kg.extract.tokens import compact
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.engine.ledger import Ledger
    from kg.model import Entity

__all__ = ["papers"]

_METRIC = KINDS.index("Metric")


def papers(ledger: Ledger, final: Mapping[str, Entity]) -> set[int]:
    """The numbers of the papers of the ledger that name what changed, given what IRIs have become.

    Label, kind and IRI enter into what any paper says, the other names of a metric into what those say that have a
    name of a metric which ends like it (`kg/claims/entering.py`), and all of an entity into what annotations say.
    """
    united: dict[str, set[str] | None] = {}
    for tally in ledger.touched.values():
        united |= tally.changed()
    before = ledger.told("final")
    now = {iri: entity.iri for iri, entity in final.items()}
    other = {iri for iri in before.keys() | now.keys() if before.get(iri) != now.get(iri)}
    other |= {iri for iri, change in united.items() if change is None}
    other |= {iri for iri, target in now.items() if united.get(target, set()) is None}
    if ledger.rows("SELECT n FROM total WHERE name = ? AND n > 0", b"annotated"):
        other |= united.keys()
    found = _naming(ledger, map(sign, other))
    for iri, aliases in united.items():
        if aliases and home(iri)[1] == _METRIC:
            found |= _ending(ledger, {iri, *(each for each, target in now.items() if target == iri)}, aliases, now)
    return found


def _naming(ledger: Ledger, tokens: Iterable[int]) -> set[int]:
    rows = ledger.many("SELECT paper FROM naming WHERE token IN ({})", set(tokens))
    return {paper for (paper,) in rows}


def _ending(ledger: Ledger, iris: set[str], aliases: set[str], now: Mapping[str, str]) -> set[int]:
    """The papers that name a metric, and call any metric by what ends like one of these names."""
    bearing = _naming(ledger, map(sign, iris))
    ends = {(len(alias), compact(alias)) for alias in aliases}
    if any(_ends(speed, ends) for speed in SPEEDS):
        return bearing
    named = (text(name) for (name,) in ledger.rows("SELECT name FROM surface"))
    tokens = {sign("Metric", name) for name in named if _ends(name, ends)}
    tokens |= {sign(iri) for iri, target in now.items() if home(target)[1] == _METRIC != home(iri)[1]}
    return bearing & _naming(ledger, tokens)


def _ends(name: str, ends: set[tuple[int, str]]) -> bool:
    return any(size <= len(name) and compact(name[-size:]) == end for size, end in ends)
