"""Names found by a trained network, weighed with what the vocabulary, acronym definitions and patterns find."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg.extract.decode import Span, spans
from kg.extract.evidence import Weighed, confidence, features, weigh
from kg.extract.features import row
from kg.extract.names import is_written, lexicon
from kg.extract.network import load
from kg.extract.tokens import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg.extract.features import Row, Unit
    from kg.extract.network import Network
    from kg.model import Kind

    Floats = NDArray[np.float32]

__all__ = ["MODELS", "candidates", "parts", "read", "weighed"]

#: The shipped models, the one that is meant unless another is named first.
MODELS: Final = ("default", "accurate")

_LONGEST_ROW = 600
_UNLIKELY, _KNOWN = 0.02, 0.9


def read(units: Sequence[Unit], model: str = MODELS[0], declared: Iterable[str] = ()) -> list[Weighed]:
    """The names in a paper's units, in text order, none meeting another.

    A name has one kind in a paper (guidelines §2): the one that its places speak for together, or Task if the source
    declares it so and the vocabulary does not know it as an algorithm (guidelines T4). Between dataset and method the
    vocabulary has a vote: YOLO-v2 is no dataset, whatever is measured "in YOLO-v2".
    """
    network = load(model)
    found = [
        _shifted(each, begin)
        for begin, part in _rows(units)
        for each in weigh(weighed(part, network, model), network.config["least"])
    ]
    kinds = _kinds(units, found) | {name: "Task" for task in declared if not _is_algorithm(name := compact(task))}
    return [each._replace(span=each.span._replace(kind=kinds[_name(units, each)])) for each in found]


def candidates(seen: Row, network: Network, context: Floats | None = None) -> list[Span]:
    """All spans that may be names, with their probabilities; `context` are the encoder's vectors, if any.

    What the vocabulary or a pattern finds is among them even where the network all but rules it out, and instead of
    what the network finds if the vocabulary has a kind for it that the network does not know.
    """
    known = [(span.first, span.last, span.kind) for span in seen.known if span.written]
    taught = network.kinds
    told = {(first, last) for first, last, kind in known if kind not in taught}
    found = [
        span
        for span in _voted(seen, network, context)
        if (span.first, span.last) not in told and _can_be_name(seen.units[span.first : span.last + 1])
    ]
    have = {(span.first, span.last, span.kind) for span in found}
    called: list[tuple[int, int, Kind]] = [(first, last, "Method") for first, last in seen.called]
    return found + [Span(_UNLIKELY, *place) for place in dict.fromkeys([*known, *called]) if place not in have]


def _voted(seen: Row, network: Network, context: Floats | None) -> list[Span]:
    """The spans of a network and of those that vote with it, each with the mean of their probabilities."""
    voters = [load(name) for name in network.config.get("voters", ())]
    rows = [seen if voter.kinds == network.kinds else row(seen.units, kinds=voter.kinds) for voter in voters]
    scores = [network.scores(seen, context), *(voter.scores(each) for voter, each in zip(voters, rows, strict=True))]
    votes = [spans(each, voter.chain(), voter.kinds) for each, voter in zip(scores, [network, *voters], strict=True)]
    sums: dict[tuple[int, int, Kind], float] = defaultdict(float)
    for span in chain.from_iterable(votes):
        sums[span.first, span.last, span.kind] += span.probability
    return [Span(total / len(votes), *place) for place, total in sums.items()]


def parts(seen: Row) -> Mapping[str, frozenset[tuple[int, int, str]]]:
    """The spans (first unit, last unit, kind or "") that the other parts find; the vocabulary alone tells a kind."""
    return {
        "vocabulary": frozenset((span.first, span.last, span.kind) for span in seen.known if span.written),
        "acronym": frozenset((first, last, "") for _, first, last in seen.acronyms),
        "contribution": frozenset((first, last, "") for first, last in seen.called),
    }


def _shifted(each: Weighed, by: int) -> Weighed:
    """The same span in a row that is part of a longer one."""
    return each._replace(span=each.span._replace(first=each.span.first + by, last=each.span.last + by))


def weighed(units: Sequence[Unit], network: Network, model: str) -> Iterator[Weighed]:
    """All possible names in a row with how sure they are, overlapping ones too."""
    taught = network.kinds
    seen, vectors = row(units, kinds=taught), None
    if network.config["context"]:
        from kg.extract.context import context  # noqa: PLC0415 - of the extra, for this model only

        vectors = context(units, model)
    found, others = candidates(seen, network, vectors), parts(seen)
    for span, evidence in zip(found, features(found, units, others, taught), strict=True):
        agreeing = [
            name
            for name, places in others.items()
            if {(span.first, span.last, kind) for kind in (span.kind, "")} & places
        ]
        finders = [*(["tagger"] if span.probability > _UNLIKELY else []), *agreeing]
        sure = confidence(evidence, network.config["calibration"]) if span.kind in taught else _KNOWN
        yield Weighed(span, sure, tuple(finders))


def _can_be_name(units: Sequence[Unit]) -> bool:
    """Whether units hold a letter and stand in one text."""
    return units[0].text is units[-1].text and any(char.isalpha() for unit in units for char in unit.surface)


def _rows(units: Sequence[Unit]) -> Iterator[tuple[int, Sequence[Unit]]]:
    """A paper in one row, or one of great length in several, cut after a full stop where there is one."""
    begin = 0
    while begin < len(units):
        end = min(begin + _LONGEST_ROW, len(units))
        if end < len(units):
            stops = [i for i in range(end - _LONGEST_ROW // 2, end) if units[i].surface in ".!?"]
            end = stops[-1] + 1 if stops else end
        yield begin, units[begin:end]
        begin = end


def _name(units: Sequence[Unit], each: Weighed) -> str:
    return compact(_surface(units, each))


def _surface(units: Sequence[Unit], each: Weighed) -> str:
    first, last = units[each.span.first], units[each.span.last]
    return first.text.text[first.start : last.end]


def _kinds(units: Sequence[Unit], found: Sequence[Weighed]) -> dict[str, Kind]:
    votes: dict[str, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    for each in found:
        name = _name(units, each)
        votes[name][each.span.kind] += each.confidence
        entry = lexicon().get(name)
        if entry and {entry.kind, each.span.kind} == {"Dataset", "Method"} and is_written(_surface(units, each), entry):
            votes[name][entry.kind] += _KNOWN
    return {name: max(sorted(count), key=count.__getitem__) for name, count in votes.items()}


def _is_algorithm(name: str) -> bool:
    entry = lexicon().get(name)
    return entry is not None and entry.algorithm
