"""The numbers that a paper reports: what was measured, on what, by which method, under what condition."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kg.claims.numbers import plain
from kg.claims.result_pairs import CONFIDENCE, Name, pairs
from kg.claims.result_scope import clauses, condition, entities, holder, nearest
from kg.claims.sights import spans
from kg.extract.tokens import compact
from kg.ground.labels import plainest
from kg.model import Evidence, Result
from kg.ontology import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.claims.numbers import Quantity
    from kg.claims.result_pairs import Pair
    from kg.claims.result_scope import Clause
    from kg.model import Claim, Entity, Mention, Paper, Text

__all__ = ["results"]

_VARIANT = re.compile(
    r"\b(?P<word>median|mean|average|averaged|macro|micro|weighted|overall|maximum|minimum|worst-case|best|final)[\s-]{1,3}$",
    re.IGNORECASE,
)
_OVERALL = re.compile(
    r"(?:averaged?|overall|median|absolute)\s(?!precision|recall$|returns?$|loss$|rates?$|scores?$|displacement)(?=\w)",
    re.IGNORECASE,
)
_SCORE = re.compile(r"(?P<name>(?!\S*F\S?1|f\S?1)\S.*?)[\s-]scores?", re.IGNORECASE)
_TOP = re.compile(r"top[- ]?\d{1,2}", re.IGNORECASE)
_FASTER = re.compile(r"\d\s{0,3}(?:×|[xX]|times|-?fold)\s{1,3}(?P<word>faster|quicker)\b(?! than real)")
_SPEED = re.compile(r"(?:.*\s)?(?:speed-?ups?|speeds?|acceleration)$", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"[~<>]?\d[\d.,]*\s?(?:\\?%)?\s{1,3}(?=\D)")
_CHANGE = re.compile(
    r"\b(?:improv|increas|reduc|boost|rais|decreas|lower|drop|accelerat|enhanc|cut|lift|ris|grow|gain|bring|push|fell|fall|went)\w*"
)
_GAIN = re.compile(
    r"\b(?:gains?|improvements?|increases?|reductions?|decreases?|boosts?|higher|lower|better|fewer|less|faster|shorter|"
    r"smaller|larger|reduced|improved|more than|savings?)\b(?! than)"
)
_FILL = (
    r"(?:(?:up|about|around|over|more|at|to|than|nearly|least|almost|a|an|margin|factor|of|average|only|approximately|"
    r"roughly)\s{1,3}){0,5}"
)
_RISE = re.compile(
    rf"\b(?:by|(?:gains?|improvements?|increases?|reductions?|decreases?|boosts?|speed-?ups?|savings?)(?:\s{{1,3}}in\s[^.;:,()]{{1,30}})?"
    rf"(?:\s{{1,3}}(?:of|by|ranging|up to))?)\s{{1,3}}{_FILL}(?:from\s)?[~<>≥≤+]?\s{{0,3}}$"
)
_GAIN_NAME = re.compile(
    r"\b(?:drops?|loss|reductions?|savings?|gains?|improvements?|speed-?ups?|decreases?|increases?|degradations?)$"
)
_LOOK, _TWO = 60, 2
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class _Scene:
    """A sentence with its names, and what the paper proposes."""

    paper: str
    text: Text
    plain: str
    start: int
    end: int
    names: tuple[Name, ...]
    own: tuple[Entity, ...]
    called: Mapping[str, str]
    before: Entity | None


def results(
    paper: Paper, texts: Sequence[Text], linked: Sequence[tuple[Mention, Entity]], claims: Sequence[Claim]
) -> tuple[Result, ...]:
    """The results of a paper: explicit numbers on a metric that the same clause names, in the order of the text.

    The method is what the paper proposes, unless the clause names another; what the clause leaves open stays open,
    except that a dataset holds for all coordinated clauses of its sentence, and a paper's only one for the next.
    """
    own = _proposed(linked, claims)
    metrics = {compact(entity.label): entity for _, entity in linked if entity.kind == "Metric"}
    called = _called(linked, metrics)
    only = len({entity.iri for _, entity in linked if entity.kind == "Dataset"}) == 1
    found: list[Result] = []
    fast = next(((m, e) for m, e in linked if m.kind == "Metric" and _SPEED.match(m.surface)), None)
    for text in dict.fromkeys(texts):
        flat, at, before = plain(text.text), 0, None
        every = [*_names(text, linked, metrics), *_faster(flat, fast)]
        names = sorted(every, key=lambda name: (name.start, -name.end))
        for start, end in spans(text.text):
            inside: list[Name] = []
            while at < len(names) and names[at].start < end:
                if names[at].end <= end and (not inside or names[at].follows(inside[-1])):
                    inside.append(names[at])
                at += 1
            if inside:
                found += _of_sentence(_Scene(paper.id, text, flat, start, end, tuple(inside), own, called, before))
            data = [name.entity for name in inside if name.mention.kind == "Dataset"]
            before = data[-1] if data and only else None
    return tuple(dict.fromkeys(found))


def _called(linked: Sequence[tuple[Mention, Entity]], metrics: Mapping[str, Entity]) -> Mapping[str, str]:
    """What the paper calls its metrics, by their IRIs: "FID" where it never says "Fréchet inception distance"."""
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    for mention, entity in linked:
        if mention.kind == "Metric" and (words := _bare(mention.surface)):
            surfaces[entity.iri][words] += 1
            if len(words) < len(mention.surface) and (base := _base(words, metrics)):
                surfaces[base.iri][words] += 1
    return {iri: plainest(found) for iri, found in surfaces.items()}


def _bare(surface: str) -> str:
    """The name without a number before it and words that say how it was summed up, "FID" for "FID score"."""
    for pattern in (_NUMBER_FIRST, _OVERALL):
        if found := pattern.match(surface):
            surface = surface[found.end() :]
    if (scored := _SCORE.fullmatch(surface)) and compact(scored["name"]) in _vocabulary():
        surface = scored["name"]
    return f"{surface} accuracy" if _TOP.fullmatch(surface) else surface.strip()


def _names(text: Text, linked: Sequence[tuple[Mention, Entity]], metrics: Mapping[str, Entity]) -> Iterator[Name]:
    for mention, entity in linked:
        if mention.text != text or not 0 <= mention.start < mention.end <= len(text.text):
            continue
        if mention.kind == "Metric":
            yield _metric(text.text, mention, entity, metrics)
        else:
            yield Name(mention.start, mention.end, mention, entity)


def _faster(flat: str, fast: tuple[Mention, Entity] | None) -> Iterator[Name]:
    """The word of "4 times faster", as the name of the speed that the paper measures."""
    if fast:
        for found in _FASTER.finditer(flat):
            yield Name(found.start("word"), found.end("word"), *fast)


def _metric(text: str, mention: Mention, entity: Entity, metrics: Mapping[str, Entity]) -> Name:
    """A metric without the number and variant that its mention begins with ("93.7% accuracy", "median accuracy")."""
    start, home = mention.start, entity
    number = _NUMBER_FIRST.match(text, start, mention.end)
    if number and _NUMBER_FIRST.match(entity.label):
        start = number.end()
        home = _base(text[start : mention.end], metrics) or entity
    words = text[start : mention.end].split(maxsplit=1)
    if len(words) > 1 and _VARIANT.search(f"{words[0]} ") and compact(home.label) == compact(" ".join(words)):
        base = None if compact(home.label) in _vocabulary() else _base(words[1], metrics)
        home = base or home
    return Name(start, mention.end, mention, home)


def _base(name: str, metrics: Mapping[str, Entity]) -> Entity | None:
    return metrics.get(compact(name)) or _vocabulary().get(compact(name))


@cache
def _vocabulary() -> Mapping[str, Entity]:
    return {
        compact(name): entity
        for entity in reversed(vocabulary())
        if entity.kind == "Metric"
        for name in (*entity.aliases, entity.label)
    }


def _proposed(linked: Sequence[tuple[Mention, Entity]], claims: Sequence[Claim]) -> tuple[Entity, ...]:
    """The methods that the paper proposes, its main one first: named in the title, then surest, then first."""
    title = {entity.iri for mention, entity in linked if mention.text.field == "title"}
    made = [
        claim
        for claim in claims
        if claim.predicate == "proposes" and claim.entity.kind == "Method" and claim.confidence >= _SURE
    ]
    made.sort(key=lambda claim: (claim.entity.iri not in title, -claim.confidence))
    return tuple(dict.fromkeys(claim.entity for claim in made))


def _of_sentence(scene: _Scene) -> Iterator[Result]:
    found = pairs(scene.plain, scene.start, scene.end, scene.names)
    if not found:
        return
    parts = clauses(scene.plain, scene.start, scene.end, found)
    opening = condition(scene.plain, replace(parts[0], last=parts[0].end), found)
    spread = _spread(scene, parts)
    for index, part in enumerate(parts):
        data = entities(scene.plain, part, scene.names, "Dataset") or nearest(scene.plain, part, scene.names, "Dataset")
        data = data or list(filter(None, [scene.before]))
        tasks = entities(scene.plain, part, scene.names, "Task")
        terms = condition(scene.plain, part, found) or (opening if index and not part.bracketed else None)
        for pair in part.pairs:
            for result in _rows(scene, part, pair):
                for dataset in _or_none(spread[index : index + 1] or _few(_at(data, pair))):
                    for task in _or_none(_at(tasks, pair)[:1]):
                        yield replace(result, dataset=dataset, task=task, condition=terms)


def _spread(scene: _Scene, parts: Sequence[Clause]) -> Sequence[Entity]:
    """The datasets of the last clause if there is one for each clause: "3.8 FID and 2.5 FID on A and B"."""
    last = entities(scene.plain, parts[-1], scene.names, "Dataset")
    alone = not any(entities(scene.plain, part, scene.names, "Dataset") for part in parts[:-1])
    return last if alone and len(last) == len(parts) > 1 and all(len(part.pairs) == 1 for part in parts) else ()


def _at(listed: Sequence[Entity], pair: Pair) -> Sequence[Entity]:
    """Of what a clause lists, the entry that belongs to a number: the one at its place if there are as many numbers."""
    return (
        listed[pair.place : pair.place + 1] if pair.count == len(listed) else listed if pair.count == 1 else listed[:0]
    )


def _few(datasets: Sequence[Entity]) -> Sequence[Entity]:
    """The datasets that one number holds for, each: of two it does, of more it sums up."""
    return datasets if len(datasets) <= _TWO else ()


def _or_none(entities: Sequence[Entity]) -> Sequence[Entity | None]:
    """The entities, or the one row of a table that names none."""
    return entities or (None,)


def _rows(scene: _Scene, clause: Clause, pair: Pair) -> Iterator[Result]:
    """The rows of one number, without dataset and condition: one for each model that bears it."""
    held = holder(scene.plain, clause, pair, scene.names, scene.own)
    delta = not pair.quantity.steps and _is_delta(scene, pair)
    method = next(iter(scene.own), None) if delta and held.rival else held.method
    foreign = held.rival or (method is not None and bool(scene.own) and method not in scene.own)
    backbones = [entity for entity in _at(held.bearers, pair) if entity not in scene.own and entity != method]
    label = pair.metric.entity.label
    called = scene.called.get(pair.metric.entity.iri, label)
    for quantity, before in _steps(scene, pair.quantity):
        row = Result(
            paper=scene.paper,
            metric=pair.metric.entity,
            value=quantity.value,
            comparator=quantity.comparator,
            unit=quantity.unit,
            confidence=CONFIDENCE[pair.rule],
            extractor="results",
            evidence=Evidence(scene.text, scene.start, scene.end),
            span=Evidence(scene.text, clause.start, clause.end),
            method=None if before else method,
            variant=_variant(scene.text.text, pair.metric),
            upper=quantity.upper,
            delta=delta,
            baseline=before or (foreign and not delta),
            called=called if compact(called) != compact(label) else None,
        )
        for backbone in _or_none(backbones):
            yield replace(row, backbone=backbone)


def _steps(scene: _Scene, quantity: Quantity) -> Iterator[tuple[Quantity, bool]]:
    """A range, or the two numbers of a change ("from 71.2 to 75.8", "41% to 37%"), each with whether it is the old."""
    if quantity.upper is not None:
        words = scene.plain[max(scene.start, quantity.start - 3 * _LOOK) : quantity.start].lower()
        arrow = re.search(r"[→>]", scene.plain[quantity.start : quantity.end])
        told = _CHANGE.search(words) and not re.search(r"\b(?:rang|var)\w{1,5}\sfrom\s", words[-20:])
        if quantity.falls or (quantity.steps and (arrow or told)):
            yield replace(quantity, upper=None, comparator="="), True
            yield replace(quantity, value=quantity.upper, upper=None, comparator="="), False
            return
    yield replace(quantity, steps=False), False


def _is_delta(scene: _Scene, pair: Pair) -> bool:
    """Whether the number is a difference: signed, "by 2.3", or with a word of gain outside of the metric's name."""
    number, metric = pair.quantity, pair.metric
    before = scene.plain[max(scene.start, number.start - _LOOK) : number.start].lower()
    between = scene.plain[min(number.end, metric.end) : max(number.start, metric.start)].lower()
    after = scene.plain[max(number.end, metric.end) : max(number.end, metric.end) + 20].lower()
    if _GAIN_NAME.search(metric.entity.label.lower()) and not number.signed:
        return False
    return number.signed or bool(
        _RISE.search(before)
        or (not pair.shared and _GAIN.search(between))
        or re.match(r"\s(?:points?\s)?(?:gains?|improvements?|increases?|reductions?|decreases?|boosts?)\b", after)
    )


def _variant(text: str, metric: Name) -> str | None:
    """Which variant of the metric it is: "median" of "median accuracy"."""
    surface = text[metric.start : metric.end]
    label = metric.entity.label
    for name in (label, *metric.entity.aliases):
        head = surface[: len(surface) - len(name)].rstrip(" -")
        if head and compact(surface[len(head) :]) == compact(name):
            return head
    found = _VARIANT.search(text, max(0, metric.start - _LOOK), metric.start)
    return found["word"] if found else None
