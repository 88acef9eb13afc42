"""How long reports take, cold and warm, against the same counts by SPARQL and by pandas.

    python benchmarks/report.py papers.kg

Cold is without reports.npz, warm with it, both in a process that has loaded kg. SPARQL and pandas count the papers of
every dataset and method; the counts are compared, and any difference is an error.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kg.model import PREDICATES
from kg.report import cooccurrence, coverage, novelty, trends
from kg.report.cache import FILE, load
from kg.store import open_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.report.matrices import Matrices
    from kg.store import Graph

COUNT = """
SELECT ?a ?b (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
  VALUES ?p {{ {predicates} }} VALUES ?q {{ {predicates} }}
  ?a a kg:Dataset . ?paper ?p ?a . ?paper ?q ?b . ?b a kg:Method .
}} GROUP BY ?a ?b"""


def by_sparql(graph: Graph) -> dict[tuple[str, str], int]:
    predicates = " ".join(f"kg:{name}" for name in PREDICATES)
    rows = graph.select(COUNT.format(predicates=predicates))
    return {(str(row["a"]), str(row["b"])): int(str(row["papers"])) for row in rows}


def by_pandas(matrices: Matrices) -> dict[tuple[str, str], int]:
    links = pd.DataFrame({"paper": matrices.link_paper, "entity": matrices.link_entity})
    kinds = pd.Series(matrices.kinds)[links["entity"].to_numpy()].to_numpy()
    datasets, methods = links[kinds == 1], links[kinds == 0]
    counts = datasets.merge(methods, on="paper").groupby(["entity_x", "entity_y"]).size()
    names = list(matrices.entities)
    return {(names[a], names[b]): int(count) for (a, b), count in counts.items()}


def timed(what: str, work: Callable[[], object], against: float | None = None) -> tuple[float, object]:
    start = time.perf_counter()
    made = work()
    took = time.perf_counter() - start
    ratio = f"   {took / against:.1f} times the warm report" if against else ""
    print(f"{what:45}{took:9.3f} s{ratio}", flush=True)
    return took, made


def main(place: Path) -> None:
    (place / FILE).unlink(missing_ok=True)
    timed("cooccurrence, top 50, cold", lambda: cooccurrence(place, top=50))
    warm, _ = timed("cooccurrence, top 50, warm", lambda: cooccurrence(place, top=50))
    _, whole = timed("cooccurrence, all pairs, warm", lambda: cooccurrence(place, quotes=False))
    for name, work in (
        ("cooccurrence, method x method, top 50", lambda: cooccurrence(place, rows="Method", columns="Method", top=50)),
        ("cooccurrence, within year, top 50", lambda: cooccurrence(place, rows="Task", within=("year",), top=50)),
        ("trends, ten methods", lambda: trends(place, kind="Method")),
        ("novelty, methods", lambda: novelty(place)),
        ("coverage, tasks", lambda: coverage(place)),
    ):
        timed(name, work)
    graph, matrices = open_graph(place), load(open_graph(place))
    _, sparql = timed("dataset x method by SPARQL", lambda: by_sparql(graph), warm)
    _, pandas = timed("dataset x method by pandas, from arrays", lambda: by_pandas(matrices), warm)
    ours = {(pair.a_iri, pair.b_iri): pair.count for pair in whole.pairs}  # type: ignore[attr-defined]
    if not ours == sparql == pandas:
        sys.exit("the counts differ")
    print(f"{len(matrices.papers)} papers, {matrices.link_paper.size} links, {len(ours)} pairs: the same by all three")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
