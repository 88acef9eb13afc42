"""How long each report takes, and its numbers by SPARQL on Oxigraph and by pandas.

    python benchmarks/report.py papers.kg
    python benchmarks/report.py papers.kg --read   # how long the arrays take where the store must be read for them

The first time is that of the whole command in a new process; "warm" is the same answer again in a process that gave it
before, the arrays read anew. In brackets stands processor time, which other programs at work change less; the ratios
are of that. SPARQL asks the store that is open, pandas counts in frames made of the same arrays beforehand. The numbers
of all three are compared, and any difference is an error. --quick leaves SPARQL out.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from kg.model import KINDS, PREDICATES
from kg.report import compare, cooccurrence, coverage, leaderboard, novelty, trends
from kg.report.cache import load
from kg.report.matrices import read
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.store import Graph

Counts = dict[Any, int]
ANY = f"({'|'.join(f'kg:{name}' for name in PREDICATES)})"
COMMAND = "from kg.cli import main; main()"


class Frames(NamedTuple):
    """The arrays as frames: links (paper, entity, predicates as bits, kind), years of papers, names of entities."""

    links: pd.DataFrame
    years: pd.Series
    iris: list[str]
    places: dict[str, int]

    @classmethod
    def of(cls, graph: Graph) -> Frames:
        matrices = load(graph)
        links = pd.DataFrame(
            {"paper": matrices.link_paper, "entity": matrices.link_entity, "said": matrices.link_said}
        ).assign(kind=lambda each: matrices.kinds[each["entity"]])
        iris = list(matrices.entities)
        return cls(links, pd.Series(matrices.years), iris, {iri: place for place, iri in enumerate(iris)})

    def of_kind(self, kind: str) -> pd.DataFrame:
        return self.links[self.links["kind"] == KINDS.index(kind)]


class Task(NamedTuple):
    """A report: its command, its answer from Python, and its numbers three times."""

    name: str
    words: tuple[str, ...]
    answer: Callable[[Path], Any]
    ours: Callable[[Any], Counts]
    sparql: Callable[[Graph], Counts] | None = None
    pandas: Callable[[Frames], Counts] | None = None


def asked(question: str, *keys: str, count: str = "papers") -> Callable[[Graph], Counts]:
    def ask(graph: Graph) -> Counts:
        rows = graph.select(question)
        return {tuple(row[key] for key in keys): int(str(row[count])) for row in rows}

    return ask


def together(rows: str, columns: str) -> Callable[[Frames], Counts]:
    def count(frames: Frames) -> Counts:
        pairs = frames.of_kind(rows).merge(frames.of_kind(columns), on="paper")
        if rows == columns:
            pairs = pairs[pairs["entity_x"] < pairs["entity_y"]]
        counts = pairs.groupby(["entity_x", "entity_y"]).size()
        return {frozenset((frames.iris[a], frames.iris[b])): int(papers) for (a, b), papers in counts.items()}

    return count


def pairs(question: str) -> Callable[[Graph], Counts]:
    def ask(graph: Graph) -> Counts:
        return {frozenset((str(row["a"]), str(row["b"]))): int(str(row["papers"])) for row in graph.select(question)}

    return ask


def pairs_of(report: Any) -> Counts:
    return {frozenset((pair.a_iri, pair.b_iri)): pair.count for pair in report.pairs}


def column(sheet: Any, keys: tuple[str, ...], count: str) -> Counts:
    at = {each.key: place for place, each in enumerate(sheet.columns)}
    return {tuple(row[at[key]] for key in keys): row[at[count]] for row in sheet.rows if row[at[count]]}


def by_year(iri: str) -> Callable[[Frames], Counts]:
    def count(frames: Frames) -> Counts:
        papers = frames.links.loc[frames.links["entity"] == frames.places[iri], "paper"]
        years = frames.years[papers]
        return {(year,): int(number) for year, number in years[years > 0].value_counts().items()}

    return count


def introduced(frames: Frames) -> Counts:
    links = frames.of_kind("Method")
    links = links[links["said"] & 1 << PREDICATES.index("proposes") > 0]
    years = frames.years[links["paper"]].to_numpy()
    first = links.assign(year=years)[years > 0].groupby("entity")["year"].min()
    return {(year,): int(number) for year, number in first.value_counts().items()}


def first_years(graph: Graph) -> Counts:
    question = """SELECT ?entity (MIN(?y) AS ?year) WHERE {
        ?entity a kg:Method . ?paper kg:proposes ?entity ; kg:year ?y } GROUP BY ?entity"""
    years = pd.Series([int(str(row["year"])) for row in graph.select(question)])
    return {(year,): int(number) for year, number in years.value_counts().items()}


def lonely(frames: Frames) -> Counts:
    named = set(frames.of_kind("Dataset")["paper"])
    tasks = frames.of_kind("Task")
    counts = tasks.assign(beside=tasks["paper"].isin(named)).groupby("entity")["beside"].agg(["size", "sum"])
    return {("tasks",): int((counts["sum"] == 0).sum())}


def shared(a: str, b: str) -> Callable[[Frames], Counts]:
    def count(frames: Frames) -> Counts:
        one, other = (set(frames.links.loc[frames.links["entity"] == frames.places[each], "paper"]) for each in (a, b))
        return {("shared",): len(one & other), ("a",): len(one), ("b",): len(other)}

    return count


TOGETHER = """SELECT ?a ?b (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
    VALUES ?p {{ {predicates} }} VALUES ?q {{ {predicates} }}
    ?a a kg:Dataset . ?paper ?p ?a . ?paper ?q ?b . ?b a kg:Method . }} GROUP BY ?a ?b"""
SHARED = """SELECT ?what (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
    {{ ?paper {said} <{a}> BIND("a" AS ?what) }} UNION {{ ?paper {said} <{b}> BIND("b" AS ?what) }}
    UNION {{ ?paper {said} <{a}> , <{b}> BIND("shared" AS ?what) }} }} GROUP BY ?what"""
YEARS = (
    "SELECT ?year (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{ ?paper {said} <{a}> ; kg:year ?year }} GROUP BY ?year"
)
NUMBERS = """SELECT ("numbers" AS ?what) (COUNT(DISTINCT ?result) AS ?papers) WHERE {{
    ?result kg:dataset <{a}> ; kg:paper ?paper ; kg:metric ?metric ; kg:value ?value }}"""
NAMED = "SELECT (COUNT(DISTINCT ?task) AS ?tasks) WHERE {{ ?task a kg:Task . ?paper {said} ?task {more} }}"


def gaps(graph: Graph) -> Counts:
    named, beside = (
        int(str(graph.select(NAMED.format(said=ANY, more=more))[0]["tasks"]))
        for more in ("", f"; {ANY} ?dataset . ?dataset a kg:Dataset")
    )
    return {("tasks",): named - beside}


def tasks(datasets: Mapping[str, str]) -> list[Task]:
    """The reports; `datasets` are the IRIs of the two datasets in most papers, by label."""
    (a, iri), (b, other) = datasets.items()
    of = {"said": ANY, "a": iri, "b": other}
    every = TOGETHER.format(predicates=" ".join(f"kg:{name}" for name in PREDICATES))
    bare = partial(cooccurrence, quotes=False)
    return [
        Task("cooccurrence, 50 pairs", ("cooccurrence",), partial(bare, top=50), pairs_of),
        Task(
            "the same with all papers and quotes", ("cooccurrence", "--papers"), partial(cooccurrence, top=50), pairs_of
        ),
        Task(
            "cooccurrence as a page, 500 pairs",
            ("cooccurrence", "-o", "html"),
            partial(cooccurrence, top=500, listed=12),
            pairs_of,
        ),
        Task(
            "cooccurrence, all pairs, as CSV",
            ("cooccurrence", "-o", "csv"),
            bare,
            pairs_of,
            pairs(every),
            together("Dataset", "Method"),
        ),
        Task(
            "cooccurrence, method × method",
            ("cooccurrence", "--rows", "method"),
            partial(bare, rows="Method", columns="Method", top=50),
            pairs_of,
        ),
        Task(
            "cooccurrence within year",
            ("cooccurrence", "--within", "year"),
            partial(bare, within=("year",), top=50),
            pairs_of,
        ),
        Task(
            "cooccurrence within year,venue",
            ("cooccurrence", "--within", "year,venue"),
            partial(bare, within=("year", "venue"), top=50),
            pairs_of,
        ),
        Task(
            f"trends, {a}",
            ("trends", a, "--kind", "dataset"),
            partial(trends, names=[a], kind="Dataset"),
            lambda sheet: column(sheet, ("year",), "papers"),
            asked(YEARS.format(**of), "year"),
            by_year(iri),
        ),
        Task("novelty, 50 methods", ("novelty",), novelty, lambda sheet: column(sheet, ("name",), "papers_since")),
        Task(
            "novelty, methods by year",
            ("novelty", "--summary"),
            partial(novelty, summary=True),
            lambda sheet: column(sheet, ("year",), "introduced"),
            first_years,
            introduced,
        ),
        Task(
            f"leaderboard, {a}",
            ("leaderboard", a),
            partial(leaderboard, dataset=a),
            lambda sheet: {("numbers",): sheet.meta["found"]},
            asked(NUMBERS.format(**of), "what"),
        ),
        Task(
            f"compare, {a} and {b}",
            ("compare", a, b, "--kind", "dataset"),
            partial(compare, a=a, b=b, kind="Dataset"),
            lambda sheet: {
                ("shared",): len(sheet.meta["shared"]),
                **{(each,): sheet.meta[each]["papers"] for each in "ab"},
            },
            asked(SHARED.format(**of), "what"),
            shared(iri, other),
        ),
        Task(
            "coverage, tasks without a dataset",
            ("coverage",),
            coverage,
            lambda sheet: {("tasks",): sheet.meta["found"]},
            gaps,
            lonely,
        ),
    ]


def spent() -> float:
    """Seconds of processors that this process and those that it waited for have used."""
    own, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Do something; gives seconds, those of processors, and what it gave."""
    start, before = time.perf_counter(), spent()
    made = work()
    return time.perf_counter() - start, spent() - before, made


def command(words: tuple[str, ...], place: Path) -> None:
    line = [sys.executable, "-c", COMMAND, "report", words[0], str(place), *words[1:]]
    subprocess.run(line, check=True, capture_output=True)


def main(place: Path, *, quick: bool) -> None:
    graph = open_graph(place)
    frames = Frames.of(graph)
    counts = frames.of_kind("Dataset")["entity"].value_counts()
    labels = load(graph).labels
    largest = {labels[at]: frames.iris[at] for at in counts.index[:2].tolist()}
    print(
        "| report | command | warm | SPARQL | pandas | SPARQL / warm | pandas / warm |\n|---|--:|--:|--:|--:|--:|--:|"
    )
    for task in tasks(largest):
        whole, cpu, _ = timed(partial(command, task.words, place))
        task.answer(place)
        warm, used, found = timed(partial(task.answer, place))
        ours = task.ours(found)
        cells = [f"{whole:.2f} s ({cpu:.2f})", f"{warm:.2f} s ({used:.2f})"]
        ratios = []
        others = (
            None if quick or task.sparql is None else partial(task.sparql, graph),
            None if task.pandas is None else partial(task.pandas, frames),
        )
        for other in others:
            if other is None:
                cells.append("")
                ratios.append("")
                continue
            took, theirs_used, theirs = timed(other)
            if theirs != ours:
                sys.exit(f"{task.name}: the counts differ")
            cells.append(f"{took:.2f} s ({theirs_used:.2f})")
            ratios.append(f"{theirs_used / used:.2f}")
        print(f"| {task.name} | {' | '.join([*cells, *ratios])} |", flush=True)
    print(f"\n{len(load(graph).papers)} papers, {len(frames.links)} links: the same numbers by all three")


if __name__ == "__main__":
    if "--read" in sys.argv:
        print(f"reading the arrays from the store: {timed(lambda: read(open_graph(sys.argv[1])))[:2]} s")
    else:
        main(Path(sys.argv[1]), quick="--quick" in sys.argv)
