"""Papers are read alike by one process and by several."""

from __future__ import annotations

from itertools import chain, repeat

from kg import pipeline
from tests.marked import abstracts
from tests.papers import paper


def test_many_processes_find_what_one_finds_in_the_same_order() -> None:
    rows = list(chain.from_iterable(repeat(abstracts(), 8)))
    papers = [paper(f"{row['title']} {number}", row["abstract"]) for number, row in enumerate(rows)]
    alone, together = (list(pipeline.named(papers, "default", jobs)) for jobs in (1, 2))
    assert [found for found, _ in alone] == papers
    assert alone == together
