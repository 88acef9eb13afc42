"""Which records are one paper."""

from dataclasses import replace
from itertools import permutations

import pytest

from kg.ground.papers import merge
from kg.model import Paper, Source
from tests.papers import paper

ADA, BEN, CY, DEE = "Ada Ames", "Ben Boyd", "Cy Cole", "Dee Dunn"


def record(title: str, year: int | None, *authors: str, abstract: str = "", line: int = 1) -> Paper:
    found = paper(title, abstract, id=f"key:{line}")
    return replace(
        found,
        source=Source("0" * 64, "jsonl", line),
        authors=authors,
        published=str(year) if year else None,
    )


def groups(*records: Paper) -> list[int]:
    """How many papers each order of the records gives: always the same number."""
    numbered = [replace(each, source=Source("0" * 64, "jsonl", line)) for line, each in enumerate(records)]
    return sorted({len(merge(order).papers) for order in permutations(numbered)})


TITLE = "Counting Zebras by Stripes"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record(TITLE, 2019, ADA, BEN), record("Counting zebras by stripes.", 2020, ADA)),
        (record(TITLE, 2016, ADA, BEN, CY), record(TITLE, 2020, BEN, ADA)),
        (record(TITLE, 2016, ADA), record(TITLE, None, "Anonymous")),
        (record(f"{TITLE} (Extended Abstract)", 2020, ADA), record(TITLE, 2019, ADA)),
        (record(r"Counting $\beta$-Zebras Again", 2020, ADA), record("Counting β-Zebras Again", 2020, ADA)),
        (record("Zebra Counting", 2019, ADA, BEN), record("Zebra counting", 2021, ADA, BEN)),
    ],
)
def test_one_paper(one: Paper, other: Paper) -> None:
    assert groups(one, other) == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record(TITLE, 2019, ADA, BEN), record(TITLE, 2019, CY, DEE)),
        (record(TITLE, 2012, ADA), record(TITLE, 2019, ADA)),
        (record(TITLE, 2016, ADA, BEN, CY), record(TITLE, 2019, ADA, DEE, "Eli East")),
        (record("Zebra Counting", 2019, ADA), record("Zebra Counting", 2019, CY)),
        (record("Zebra Counting", 2019), record("Zebra Counting", 2019)),
        (record("Preface", 2019, ADA), record("Preface", 2019, ADA)),
        (record("Stripes of 2019 Zebras", 2019, ADA), record("Stripes of 2020 Zebras", 2020, ADA)),
    ],
)
def test_two_papers(one: Paper, other: Paper) -> None:
    assert groups(replace(one, abstract="One."), replace(other, abstract="Other.")) == [2]


def test_versions_over_many_years_are_one_whatever_their_order() -> None:
    every = [record(TITLE, year, ADA, BEN) for year in (2010, 2015, 2020)]
    assert groups(*every) == [1]
    assert groups(*every, record(TITLE, 2030, ADA, BEN)) == [2]


def test_the_texts_of_other_versions_are_kept() -> None:
    short = record(TITLE, 2019, ADA, abstract="We count zebras.", line=1)
    long = record(f"{TITLE} (Extended Abstract)", 2020, ADA, abstract="We count zebras, and their stripes.", line=2)
    alike = record(TITLE.upper(), 2020, ADA, abstract="We count zebras", line=3)
    for order in permutations((short, long, alike)):
        (found,) = merge(order).papers
        assert found.title == long.title
        assert found.versions == ((TITLE, "We count zebras."),)
    (alone,) = merge([short]).papers
    assert alone.versions == ()
