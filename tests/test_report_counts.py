"""The matrices against SPARQL on graphs that are drawn, and what is kept beside a graph."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from kg.model import KINDS, PREDICATES
from kg.report import cache, cooccurrence, novelty, stratified, trends
from kg.report.amended import Changes, amended
from kg.report.conditional import log_p_conditional
from kg.report.counts import count
from kg.report.matrices import PaperRow, Said, made, read
from kg.report.parts import wilson
from kg.report.strata import mantel_haenszel
from kg.store import from_lines, open_graph, prepare, write
from kg.terms import literal
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from kg.store import Graph

BASE = "https://w3id.org/ml-kg/"
DATA = Path(__file__).parent / "data" / "report.ttl"

TOGETHER = """
SELECT ?a ?b (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
  VALUES ?p {{ {predicates} }} VALUES ?q {{ {predicates} }}
  ?paper ?p ?a . ?a a kg:{rows} . ?paper ?q ?b . ?b a kg:{columns} . ?paper kg:year ?year
  FILTER({condition}) FILTER(?year >= {first})
}} GROUP BY ?a ?b"""


@st.composite
def graphs(draw: st.DrawFn) -> list[str]:
    """Some papers of some years that say something of some entities."""
    lines = []
    for kind in KINDS:
        for number in range(4):
            entity = f"<{BASE}{kind.lower()}/{number}>"
            lines.append(f"{entity} <{PREFIXES['rdf']}type> <{PREFIXES['kg']}{kind}> .")
            lines.append(f'{entity} <{PREFIXES["skos"]}prefLabel> "{kind} {number}" .')
    for number in range(draw(st.integers(0, 12))):
        paper = f"<{BASE}paper/t:{number}>"
        year = draw(st.integers(2018, 2024))
        lines.append(f"{paper} <{PREFIXES['rdf']}type> <{PREFIXES['fabio']}ResearchPaper> .")
        lines.append(f'{paper} <{PREFIXES["kg"]}year> "{year}"^^<{PREFIXES["xsd"]}integer> .')
        for _ in range(draw(st.integers(0, 7))):
            said, kind = draw(st.sampled_from(PREDICATES)), draw(st.sampled_from(KINDS))
            lines.append(f"{paper} <{PREFIXES['kg']}{said}> <{BASE}{kind.lower()}/{draw(st.integers(0, 3))}> .")
    return lines


@settings(max_examples=40)
@given(
    graphs(),
    st.sampled_from([("Dataset", "Method"), ("Method", "Method"), ("Task", "Metric")]),
    st.sets(st.sampled_from(PREDICATES), max_size=3),
    st.integers(2018, 2021),
)
def test_counts_are_those_of_sparql(lines: list[str], kinds: tuple[str, str], said: set[str], first: int) -> None:
    graph = from_lines(lines)
    rows, columns = kinds
    found = cooccurrence(graph, rows=rows, columns=columns, years=(first, None), predicates=dict.fromkeys(kinds, said))
    predicates = " ".join(f"kg:{name}" for name in sorted(said or PREDICATES))
    condition = "STR(?a) < STR(?b)" if rows == columns else "true"
    question = TOGETHER.format(predicates=predicates, rows=rows, columns=columns, condition=condition, first=first)
    wanted = {(row["a"], row["b"]): row["papers"] for row in graph.select(question)}
    assert {(pair.a_iri, pair.b_iri): pair.count for pair in found.pairs} == wanted


@settings(max_examples=40)
@given(graphs(), st.sampled_from(KINDS), st.integers(2018, 2020))
def test_what_is_new_is_what_the_definition_says(lines: list[str], kind: str, first: int) -> None:
    said = [tuple(line[:-2].split(" ", 2)) for line in lines]
    years = {paper: int(value[1:5]) for paper, name, value in said if name.endswith("#year>")}
    of_kind = [(paper, name, thing) for paper, name, thing in said if f"/{kind.lower()}/" in thing and paper in years]
    named = {(paper, thing) for paper, _, thing in of_kind}
    proposed = {(paper, thing) for paper, name, thing in of_kind if name.endswith("#proposes>")}
    whole = max(years.values(), default=0) - 1  # papers of the newest year may still come
    wanted = {}
    for thing in sorted({thing for _, thing in named}):
        by = sorted((years[paper], paper) for paper, each in proposed if each == thing)
        if by and by[0][0] >= first:
            ages = [years[paper] - by[0][0] for paper, each in named if each == thing and paper != by[0][1]]
            since = [age for age in ages if age >= 0]
            soon = sum(age <= 3 for age in since) if by[0][0] + 3 <= whole else None
            wanted[f"{kind} {thing[-2]}"] = (
                by[0][0],
                len(by),
                len(since),
                soon,
                float(np.median(since)) if since else None,
                len(ages) - len(since),
            )
    sheet = novelty(from_lines(lines), kind=kind, years=(first, None))
    assert {row[0]: (*row[2:6], *row[7:]) for row in sheet.rows} == wanted
    summary = novelty(from_lines(lines), kind=kind, years=(first, None), summary=True)
    assert sum(int(str(row[2])) for row in summary.rows) == len(wanted)
    assert sum(int(str(row[4])) for row in summary.rows) == sum(row[2] > 0 for row in wanted.values())


def test_there_is_room_for_fifteen_predicates() -> None:
    assert len(PREDICATES) <= 15
    papers = [PaperRow(f"paper/{number}", "", "", "", 2020, "") for number in range(2)]
    entities = [(f"method/{number}", 0, f"m{number}") for number in range(2)]
    said = [("paper/0", "method/0", 0x7FFF), ("paper/1", "method/1", 0x4001)]
    whole = made(papers, entities, said)
    grown = amended(made(papers[:1], entities[:1], said[:1]), Changes((), papers[1:], (), entities[1:], said[1:]))
    for found in (whole, grown):
        links = (found.link_paper.tolist(), found.link_entity.tolist(), found.link_said.tolist())
        assert links == ([0, 1], [0, 1], [0x7FFF, 0x4001])
        assert found.link_said.dtype == Said


def family(papers: int, together: int) -> Graph:
    """Ten papers with A, ten with B, and some with both, of more; all name a method and a dataset."""
    lines = []
    for kind, name in (("Dataset", "a"), ("Dataset", "z"), ("Method", "b"), ("Method", "y")):
        lines.append(f"<{BASE}{kind.lower()}/{name}> <{PREFIXES['rdf']}type> <{PREFIXES['kg']}{kind}> .")
    for number in range(papers):
        paper = f"<{BASE}paper/t:{number}>"
        dataset = "a" if number < 10 else "z"
        method = "b" if 10 - together <= number < 20 - together else "y"
        lines.append(f"{paper} <{PREFIXES['kg']}evaluatesOn> <{BASE}dataset/{dataset}> .")
        lines.append(f"{paper} <{PREFIXES['kg']}uses> <{BASE}method/{method}> .")
    return from_lines(lines)


def test_the_family_of_tests_is_fixed_before_pairs_are_chosen() -> None:
    graph = family(60, 8)
    whole = cooccurrence(graph)
    assert (whole.meta.tested, whole.papers) == (4, 60)
    for options in ({"top": 1}, {"around": f"{BASE}dataset/a"}, {"sort": "q"}, {"min_papers": 5}):
        some = cooccurrence(graph, **options)
        assert (some.meta.tested, some.meta.significant) == (4, whole.meta.significant)
        assert {pair.q for pair in some.pairs} <= {pair.q for pair in whole.pairs}
    assert cooccurrence(graph, min_margin=11).meta.tested == 1
    best = next(pair for pair in whole.pairs if pair.a_iri.endswith("/a") and pair.b_iri.endswith("/b"))
    assert best.q == pytest.approx(4 * (best.p or 0) / 2, rel=1e-9) or best.q == pytest.approx(4 * (best.p or 0))


def test_a_pair_that_one_paper_names_is_among_the_tests_and_never_called() -> None:
    report = cooccurrence(family(60, 1))
    alone = next(pair for pair in report.pairs if pair.count == 1)
    assert (report.meta.tested, alone.q) == (4, None)
    assert alone.p is not None


def test_all_papers_as_universe_double_the_lift() -> None:
    lines = list(open_graph(DATA).lines())
    graph = from_lines(lines)
    both, all_ = (cooccurrence(graph, universe=universe) for universe in ("both", "all"))
    assert (both.papers, all_.papers) == (4, 5)
    assert all_.pairs[0].lift == pytest.approx((both.pairs[0].lift or 0) * 5 / 4)


def test_venues_and_years_are_sides_too() -> None:
    report = cooccurrence(open_graph(DATA), rows="Year", columns="Dataset")
    assert [(pair.a, pair.b, pair.count) for pair in report.pairs][:2] == [
        ("2020", "CIFAR-10", 2),
        ("2019", "CIFAR-10", 1),
    ]
    assert report.meta.partial == 2021


@given(st.text(min_size=1), st.sampled_from(["", "^^<http://www.w3.org/2001/XMLSchema#anyURI>"]))
def test_titles_and_labels_are_read_verbatim(text: str, datatype: str) -> None:
    paper = f"<{BASE}paper/t:1>"
    graph = from_lines(
        [
            f"{paper} <{PREFIXES['rdf']}type> <{PREFIXES['fabio']}ResearchPaper> .",
            f"{paper} <{PREFIXES['dcterms']}title> {literal(text)} .",
            f"{paper} <{PREFIXES['schema']}url> {literal(text)}{datatype} .",
        ]
    )
    matrices = read(graph)
    [row] = graph.select("SELECT ?title { ?paper dcterms:title ?title }")
    assert (matrices.titles[0], matrices.urls[0]) == (row["title"], row["title"])


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_pairs_within_strata_are_analysed_as_each_alone(seed: int, same: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    monkeypatch.setattr(stratified, "_SLICE", 20)  # a few pairs at once
    draw = np.random.default_rng(seed)
    left, right = (sparse.csr_array((draw.random((80, width)) < 0.3).astype(np.int32)) for width in (5, 7))
    right = left if same else right
    number = draw.integers(-1, 6, 80)
    counts = count(left, right, np.ones(80, dtype=np.bool_), same=same, all_=True)
    chosen = draw.permutation(counts.both.size)[: counts.both.size - 1]
    found = stratified.stratified(counts, chosen, number, 6)
    for at, cell in enumerate(chosen.tolist()):
        one, other = (
            np.asarray(side.todense())[:, place[cell]] for side, place in ((left, counts.i), (right, counts.j))
        )
        tables = np.array(
            [
                [(one * other)[here].sum(), one[here].sum(), other[here].sum(), here.sum()]
                for here in (number == stratum for stratum in range(6))
            ],
            dtype=np.float64,
        )
        both, a, b, n = tables.T[:, None]
        alone = mantel_haenszel(both, a, b, n)._replace(log_p=log_p_conditional(both, a, b, n))
        for values, wanted in zip(found, alone, strict=True):
            assert values[at] == pytest.approx(wanted[0], rel=1e-9, nan_ok=True)


# What is kept.


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    place = tmp_path / "g.kg"
    prepare(place, fresh=True)
    write(place, open_graph(DATA).lines())
    return place


def test_matrices_are_kept_and_read_back(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cooccurrence(directory)
    assert (directory / cache.FILE).exists()
    monkeypatch.setattr(cache, "read", lambda _: pytest.fail("read again"))
    assert cooccurrence(directory) == first


def test_what_is_kept_can_be_read_by_who_reads_the_graph(directory: Path) -> None:
    cooccurrence(directory)
    assert (directory / cache.FILE).stat().st_mode == (directory / "kg.json").stat().st_mode


def test_matrices_are_read_anew_when_the_store_changes(directory: Path) -> None:
    assert cooccurrence(directory).papers == 4
    write(directory, from_lines([]).lines())
    assert cooccurrence(directory).papers == 0


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", None])
def test_a_damaged_or_unwritable_file_is_done_without(directory: Path, damage: bytes | None) -> None:
    first = cooccurrence(directory)
    kept = directory / cache.FILE
    kept.unlink()
    if damage is None:
        kept.mkdir()
    else:
        kept.write_bytes(damage)
    assert cooccurrence(directory) == first
    assert not [file.name for file in directory.iterdir() if file.name.startswith(f".{cache.FILE}")]
    if damage is None:
        shutil.rmtree(kept)


def test_the_same_graph_gives_the_same_matrices(directory: Path) -> None:
    kept, again = cache.load(open_graph(directory)), read(open_graph(DATA))
    assert list(kept.labels) == list(again.labels)
    assert np.array_equal(kept.link_entity, again.link_entity)


# Frames, and intervals.


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames(library: str) -> None:
    pytest.importorskip(library)
    report = cooccurrence(open_graph(DATA))
    frame = getattr(report, f"to_{library}")()
    assert list(frame["count"]) == [pair.count for pair in report.pairs]
    assert list(frame["lift"]) == [pair.lift for pair in report.pairs]
    years = getattr(trends(open_graph(DATA), ["CIFAR-10"]), f"to_{library}")()
    assert list(years["papers"]) == [1, 2, 0]
    assert "<table" in report._repr_html_()


@given(st.integers(0, 300), st.integers(1, 300))
def test_intervals_are_those_of_wilson(hits: int, more: int) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    low, high = wilson(np.array([hits]), np.array([hits + more]))
    wanted = proportion.proportion_confint(hits, hits + more, method="wilson")
    assert (low[0], high[0]) == pytest.approx(wanted, abs=1e-12)
