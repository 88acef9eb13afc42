"""The probability of a span is the share of all tag sequences that hold it, counted one by one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.decode import TAGS, Chain, Span, allowed, spans, tags
from kg.extract.evidence import Weighed, weigh
from kg.model import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = -1e4


def chain(seed: int) -> Chain:
    numbers = np.random.default_rng(seed)
    steps = numbers.standard_normal((len(TAGS), len(TAGS)))
    for i, before in enumerate(TAGS):
        for j, after in enumerate(TAGS):
            if not allowed(before, after):
                steps[i, j] = NEVER
    first, last = numbers.standard_normal(len(TAGS)), numbers.standard_normal(len(TAGS))
    first[[tag[0] in "IE" for tag in TAGS]] = NEVER
    last[[tag[0] in "BI" for tag in TAGS]] = NEVER
    return Chain(steps, first, last)


def counted(scores: NDArray[np.float64], chain: Chain) -> dict[tuple[int, int, str], float]:
    found: dict[tuple[int, int, str], float] = {}
    total = 0.0
    for path in itertools.product(range(len(TAGS)), repeat=len(scores)):
        score = chain.first[path[0]] + chain.last[path[-1]] + sum(scores[i, tag] for i, tag in enumerate(path))
        score += sum(chain.steps[a, b] for a, b in itertools.pairwise(path))
        weight = float(np.exp(score))
        total += weight
        for name in names(path) if weight else ():
            found[name] = found.get(name, 0.0) + weight
    return {name: weight / total for name, weight in found.items()}


def names(path: tuple[int, ...]) -> list[tuple[int, int, str]]:
    found, begin = [], 0
    for i, tag in enumerate(TAGS[number] for number in path):
        if tag[0] in "BS":
            begin = i
        if tag[0] in "ES":
            found.append((begin, i, tag[2:]))
    return found


@pytest.mark.parametrize("units", [1, 2, 3])
def test_probabilities_are_those_of_all_paths(units: int) -> None:
    scores = np.random.default_rng(units).standard_normal((units, len(TAGS))) * 2
    expected = counted(scores, chain(7))
    found = {(span.first, span.last, span.kind): span.probability for span in spans(scores, chain(7))}
    likely = {name: share for name, share in expected.items() if share >= 0.051}
    assert likely.keys() <= found.keys()
    for name, probability in found.items():
        assert probability == pytest.approx(expected[name], abs=1e-9)


def test_a_network_may_know_fewer_kinds() -> None:
    kinds = KINDS[1:2]
    assert tags(kinds) == ("O", "B-Dataset", "I-Dataset", "E-Dataset", "S-Dataset")
    none = np.zeros(len(tags(kinds)))
    scores = np.array([[0.0, 9, 0, 0, 0], [0, 0, 0, 9, 0]])
    (found,) = (span for span in spans(scores, Chain(np.zeros((5, 5)), none, none), kinds) if span.probability > 0.9)
    assert found[1:] == (0, 1, "Dataset")


def test_scores_beyond_the_reach_of_exp_do_no_harm() -> None:
    scores = np.full((50, len(TAGS)), -500.0)
    scores[:, TAGS.index("S-Task")] = 900.0
    assert [span.probability for span in spans(scores, chain(1))] == pytest.approx([1.0] * 50)


SPANS = st.builds(
    lambda probability, first, size, kind: Weighed(Span(probability, first, first + size, kind), probability, ()),
    st.floats(0, 1),
    st.integers(0, 20),
    st.integers(0, 4),
    st.sampled_from(KINDS),
)


@given(st.lists(SPANS), st.floats(0, 1))
def test_what_is_chosen_is_sure_and_apart(found: list[Weighed], least: float) -> None:
    chosen = weigh(found, least)
    assert all(each.confidence >= least for each in chosen)
    assert all(a.span.last < b.span.first for a, b in itertools.pairwise(chosen))
    left = [each for each in found if each.confidence >= least and each not in chosen]
    for each in left:
        places = set(range(each.span.first, each.span.last + 1))
        assert any(
            places & set(range(c.span.first, c.span.last + 1)) and c.confidence >= each.confidence for c in chosen
        )
