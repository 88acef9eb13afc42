"""Every export is read back by a reader that is not ours, with hostile texts among the papers."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from kg import pipeline
from kg.errors import GraphError, QueryError
from kg.export import formats
from kg.export.formats import DIRECTORIES, FORMATS, NETWORKS, Shape, export, form_of
from kg.export.neo4j import _cell as neo4j_cell
from kg.export.networks import network
from kg.export.nx import to_networkx
from kg.export.sheets import _cell as inert_cell
from kg.export.tables import TABLES
from kg.model import PREDICATES, Paper
from kg.queries.listed import Selection, listed
from kg.report import cooccurrence
from kg.report.delimited import record
from kg.store import dump as dumps
from kg.store import from_lines, open_graph
from kg.store.dump import DUMPS
from kg.terms import literal
from tests.servers import serving
from tests.test_cli import error, run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import Graph

ROOT = Path(__file__).parents[1]
BASE = "https://w3id.org/ml-kg/"
SMALL = ROOT / "tests" / "data" / "report.ttl"
READERS = {
    "turtle": "turtle", "n-triples": "nt", "n-quads": "nquads", "trig": "trig", "json-ld": "json-ld", "rdfxml": "xml",
}  # fmt: skip
RAPPER = {"turtle": "turtle", "n-triples": "ntriples", "n-quads": "nquads", "trig": "trig", "rdfxml": "rdfxml"}
EVIL = '=HYPERLINK("x") \x00\x01\x1b[31m\x85 \u2028 </data>]]> & {open % $x_1^2$ \\input{/etc} ~ \ufffe 🎲'
#: Written for these tests: texts that mean harm to whoever reads a file of them.
HOSTILE = [
    {
        "id": "evil-1",
        "title": EVIL,
        "abstract": f"+1 We evaluate BERT on CIFAR-10.\r\nWe use BERT ({EVIL}). On CIFAR-10 it reaches 91.5% accuracy.",
        "authors": ["Barnes and Noble", "@evil; drop", "Łukasz O'Neil {"],
        "year": 2021,
        "venue": "-Conf & Co",
        "url": "https://example.org/a_b?c=%7B&d=#e",
        "keywords": ["=1+1", "a;b"],
    },
    {
        "id": "evil-2",
        "title": "\ud800 half a pair: BERT on CIFAR-10",
        "abstract": "We use BERT on MNIST.",
        "year": 2019,
    },
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    place = tmp_path_factory.mktemp("exported")
    evil = place / "evil.jsonl"
    evil.write_text("".join(f"{json.dumps(paper)}\n" for paper in HOSTILE), "utf-8")
    summary = pipeline.build([ROOT / "examples" / "papers.jsonl", evil], str(place / "g.kg"))
    assert summary.accepted == 5
    return open_graph(place / "g.kg")


@pytest.fixture(scope="module")
def small() -> Graph:
    return open_graph(SMALL)


def written(graph: Graph, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    export(graph, form, out, **options)
    return out.getvalue()


def triples(data: bytes, reader: str) -> set[tuple[Any, ...]]:
    made = rdflib.Dataset(default_union=True) if reader in {"nquads", "trig", "json-ld"} else rdflib.Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own use of its Dataset
        made.parse(data=data, format=reader)
        return set(made.triples((None, None, None)))


@pytest.mark.parametrize("form", DUMPS)
def test_rdf_reads_back(graph: Graph, form: str) -> None:
    data = written(graph, form)
    wanted = triples("\n".join(graph.lines()).encode(), "nt")
    assert len(wanted) == sum(1 for _ in graph.lines()) > 300
    found = triples(data, READERS[form])
    if form == "rdfxml":
        broken = {each for each in wanted if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", str(each[2]))}
        assert broken
        assert len(found) == len(wanted)
        assert wanted - found == broken
        assert all("\ufffd" in str(value) for *_, value in found - wanted)
    else:
        assert found == wanted


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper (raptor2-utils) is not installed")
@pytest.mark.parametrize("form", RAPPER)
def test_rapper_reads_as_many_triples(graph: Graph, form: str) -> None:
    lines = [line.replace("\\uFFFE", "") for line in graph.lines()]  # which it takes for no character at all
    data = written(from_lines(lines), form)
    told = subprocess.run(
        ["rapper", "-c", "-i", RAPPER[form], "-", "http://localhost/"], input=data, capture_output=True, check=False
    ).stderr.decode()
    assert "rror" not in told
    assert f"returned {len(lines)} triples" in told


@pytest.mark.parametrize("form", [*DUMPS, *NETWORKS, "bibtex"])
def test_the_same_graph_gives_the_same_bytes(graph: Graph, form: str) -> None:
    again = from_lines(reversed(list(graph.lines())))
    data = written(graph, form)
    assert data == written(again, form)
    assert len(data) > 300


@pytest.mark.parametrize("form", DIRECTORIES)
def test_the_same_graph_gives_the_same_files(graph: Graph, form: str, tmp_path: Path) -> None:
    again = from_lines(reversed(list(graph.lines())))
    for place, each in (("a", graph), ("b", again)):
        export(each, form, tmp_path / place)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(files) >= 4
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def test_a_graph_on_a_server_is_exported_as_a_local_one(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as server:
        server.store.load("\n".join(graph.lines()).encode(), format=ox.RdfFormat.N_TRIPLES)
        remote = open_graph(f"{server.url}/sparql")
        for form in ("n-triples", "gexf", "bibtex"):
            assert written(remote, form) == written(graph, form)


@pytest.mark.parametrize("form", DUMPS)
def test_a_graph_that_is_sorted_on_the_disk(small: Graph, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(small, form)
    monkeypatch.setattr(dumps, "_RUN", 7)
    assert written(small, form) == whole


def test_only_prefixes_that_are_used(small: Graph) -> None:
    head = [line.split()[1] for line in written(small, "turtle").decode().splitlines() if line.startswith("@prefix")]
    assert "kg:" in head
    assert "void:" not in head


def test_statements_of_named_graphs_are_written_once(tmp_path: Path) -> None:
    lines = ["<http://x/s> <http://x/p> <http://x/o> .", "<http://x/s> <http://x/p> <http://x/o> <http://x/g> ."]
    (tmp_path / "g.nq").write_text("\n".join(lines), "utf-8")
    assert written(open_graph(tmp_path / "g.nq"), "n-quads").decode() == lines[0] + "\n"


def pairs(made: Any) -> dict[frozenset[str], int]:
    return {frozenset((a, b)): int(data["weight"]) for a, b, data in made.edges(data=True)}


def read_network(data: bytes, form: str) -> Any:
    if form == "graphml":
        return nx.parse_graphml(data.decode())
    if form == "gexf":
        return nx.read_gexf(io.BytesIO(data), version="1.3")
    return nx.cytoscape_graph(json.loads(data))


@pytest.mark.parametrize("form", ["graphml", "gexf", "cytoscape"])
@pytest.mark.parametrize("view", ["cooccurrence", "statements"])
def test_networks_read_back(graph: Graph, form: str, view: Any) -> None:
    wanted = to_networkx(network(graph, view=view))
    found = read_network(written(graph, form, shape=Shape(view)), form)
    assert set(found.nodes) == set(wanted.nodes)
    assert found.is_directed() == wanted.is_directed()
    assert found.number_of_edges() == wanted.number_of_edges() > 10
    assert pairs(found) == pairs(wanted)
    kinds = {node: data["kind"] for node, data in wanted.nodes(data=True)}
    assert {node: data["kind"] for node, data in found.nodes(data=True)} == kinds
    if view == "statements":
        assert Counter(
            data["predicate" if form != "cytoscape" else "interaction"] for *_, data in found.edges(data=True)
        ) == Counter(data["predicate"] for *_, data in wanted.edges(data=True))


def test_the_network_counts_what_the_report_counts(small: Graph) -> None:
    made = to_networkx(network(small))
    counted = {frozenset((pair.a_iri, pair.b_iri)): pair.count for pair in cooccurrence(small).pairs}
    found = {
        ends: weight
        for ends, weight in pairs(made).items()
        if {made.nodes[end]["kind"] for end in ends} == {"Dataset", "Method"}
    }
    assert found == counted
    cifar, mix = (f"{BASE}{name}" for name in ("dataset/cifar-10", "method/mixmatch"))
    assert made.edges[cifar, mix] == {"weight": 2, "years": {2019: 1, 2020: 1}}
    assert made.nodes[cifar] == {
        "label": "CIFAR-10", "kind": "Dataset", "papers": 3, "years": {2019: 1, 2020: 2},
    }  # fmt: skip


def test_statements_are_the_plain_triples(small: Graph) -> None:
    made = to_networkx(network(small, view="statements"))
    said = " ".join(f"kg:{predicate}" for predicate in PREDICATES)
    rows = small.select(f"SELECT ?s ?p ?o {{ VALUES ?p {{ {said} }} ?s ?p ?o . ?s a fabio:ResearchPaper }}")
    wanted = {(row["s"], row["o"], str(row["p"]).rpartition("#")[2]) for row in rows}
    assert {(a, b, data["predicate"]) for a, b, data in made.edges(data=True)} == wanted


def test_gexf_tells_the_years(small: Graph) -> None:
    found = nx.read_gexf(io.BytesIO(written(small, "gexf")), version="1.3")
    cifar = found.nodes[f"{BASE}dataset/cifar-10"]
    assert (cifar["start"], cifar["end"], cifar["total"]) == (2019, 2020, 3)
    assert cifar["papers"] == [(1, 2019, 2019), (2, 2020, 2020)]
    alone = found.nodes[f"{BASE}metric/accuracy"]
    assert (alone["start"], alone["end"]) == (2020, 2020)


def test_vosviewer_links_are_the_pairs(small: Graph) -> None:
    data = json.loads(written(small, "vosviewer"))["network"]
    items = {item["id"]: item for item in data["items"]}
    assert sorted(items) == list(range(1, len(items) + 1))
    links = {
        frozenset((items[link["source_id"]]["url"], items[link["target_id"]]["url"])): link["strength"]
        for link in data["links"]
    }
    assert links == pairs(to_networkx(network(small)))
    assert items[1]["scores"] == {"Mean year": 2019.67}
    stated = json.loads(written(small, "vosviewer", shape=Shape("statements")))["network"]
    ends = [(link["source_id"], link["target_id"]) for link in stated["links"]]
    assert len(ends) == len(set(ends)) > 10


def test_what_a_network_is_cut_to(small: Graph) -> None:
    def labels(**options: Any) -> list[str]:
        return sorted(node.label for node in network(small, **options).nodes)

    assert labels(kinds=["Dataset"]) == ["CIFAR-10", "ImageNet", "SVHN"]
    assert labels(top=2) == ["CIFAR-10", "ResNet"]
    assert labels(min_papers=2) == ["CIFAR-10", "MixMatch", "ResNet"]
    assert labels(papers=[f"{BASE}paper/t:2"]) == ["CIFAR-10", "MixMatch", "SVHN"]
    assert not network(small, papers=[]).nodes
    for wrong in ({"view": "x"}, {"kinds": ["Paper"]}):
        with pytest.raises(QueryError, match="choose one of"):
            network(small, **wrong)


def test_parquet_reads_back(graph: Graph, tmp_path: Path) -> None:
    told = export(graph, "parquet", tmp_path / "tables")
    tables = {name: pq.read_table(tmp_path / "tables" / f"{name}.parquet").to_pylist() for name in TABLES}
    assert told == ", ".join(f"{len(tables[name])} {name}" for name in TABLES)
    count = "SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {} }}"
    for name, pattern in (
        ("papers", "?x a fabio:ResearchPaper"),
        ("entities", "?x a ?kind VALUES ?kind { kg:Method kg:Dataset kg:Task kg:Metric }"),
        ("results", "?x a kg:Result"),
    ):
        assert [{"n": len(tables[name])}] == graph.select(count.format(pattern)), name
    claims = tables["claims"]
    assert {row["claim"] for row in claims} - {None} == {
        str(row["x"]) for row in graph.select("SELECT ?x {?x a kg:Claim}")
    }
    said = " ".join(f"kg:{predicate}" for predicate in PREDICATES)
    plain = graph.select(f"SELECT ?s ?p ?o {{ VALUES ?p {{ {said} }} ?s ?p ?o . ?s a fabio:ResearchPaper }}")
    assert {(row["paper"], row["predicate"], row["entity"]) for row in claims if row["asserted"]} == {
        (row["s"], str(row["p"]).rpartition("#")[2], row["o"]) for row in plain
    }
    evil = next(row for row in tables["papers"] if row["identifiers"] == ["key:evil-1"])
    assert (evil["title"], evil["abstract"]) == (HOSTILE[0]["title"], HOSTILE[0]["abstract"])
    quoted = [row for row in claims if row["quote"] and row["start"] is not None and row["paper"] == evil["paper"]]
    assert quoted
    assert all(evil[row["field"]][row["start"] : row["end"]] in row["quote"] for row in quoted)
    assert any(row["value"] == 91.5 and row["unit"] == "%" for row in tables["results"])


def test_tables_of_a_graph_without_claims(small: Graph, tmp_path: Path) -> None:
    export(small, "parquet", tmp_path / "t")
    rows = pq.read_table(tmp_path / "t" / "claims.parquet").to_pylist()
    paper = [
        (row["predicate"], row["entity"], row["claim"], row["asserted"]) for row in rows if row["paper"].endswith("t:4")
    ]
    assert paper == [
        ("uses", f"{BASE}method/resnet", None, True),
        ("mentions", f"{BASE}dataset/cifar-10", None, True),
    ]
    negated = [row["claim"] for row in rows if row["negated"]]
    assert negated == [f"{BASE}claim/9"]
    entities = pq.read_table(tmp_path / "t" / "entities.parquet").to_pylist()
    cifar = next(row for row in entities if row["label"] == "CIFAR-10")
    assert (cifar["papers"], cifar["first_year"], cifar["last_year"], cifar["aliases"]) == (3, 2019, 2020, ["CIFAR10"])


def cells(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def test_csv_reads_back_and_is_inert(graph: Graph, tmp_path: Path) -> None:
    export(graph, "csv", tmp_path / "c")
    export(graph, "parquet", tmp_path / "p")
    for name in TABLES:
        rows = cells(tmp_path / "c" / f"{name}.csv")
        wanted = pq.read_table(tmp_path / "p" / f"{name}.parquet").to_pylist()
        assert len(rows) == len(wanted)
        texts = [cell for row in rows for cell in row.values()]
        assert not [cell for cell in texts if cell.lstrip()[:1] in set("=+@") or re.match(r"\s*-\D", cell)]
        key = next(iter(rows[0]))
        assert [row[key] for row in rows] == [row[key] or "" for row in wanted]
    evil = next(row for row in cells(tmp_path / "c" / "papers.csv") if "evil-1" in row["paper"])
    assert evil["title"].startswith("'=HYPERLINK")
    assert evil["keywords"] == "'=1+1 | a;b"
    assert "\r\nWe use BERT" in evil["abstract"]


def test_neo4j_links_nodes_that_are_there(graph: Graph, tmp_path: Path) -> None:
    export(graph, "neo4j", tmp_path / "n")
    files = {path.stem: cells(path) for path in (tmp_path / "n").iterdir()}
    nodes = [row["iri:ID"] for name in ("papers", "entities", "results") for row in files[name]]
    assert len(nodes) == len(set(nodes)) > 20
    links = [*files["statements"], *files["links"]]
    assert {row[end] for row in links for end in (":START_ID", ":END_ID")} <= set(nodes)
    said = " ".join(f"kg:{predicate}" for predicate in PREDICATES)
    plain = graph.select(f"SELECT ?s ?p ?o {{ VALUES ?p {{ {said} }} ?s ?p ?o . ?s a fabio:ResearchPaper }}")
    assert len(files["statements"]) == len(plain)
    assert {row[":TYPE"] for row in files["statements"]} <= {
        "PROPOSES", "USES", "EVALUATES_ON", "ADDRESSES", "COMPARES_WITH", "OUTPERFORMS", "MEASURES", "MENTIONS",
    }  # fmt: skip
    assert {"REPORTS", "OF_METRIC", "ON_DATASET"} <= {row[":TYPE"] for row in files["links"]}
    assert {row[":LABEL"] for row in files["entities"]} >= {"Entity;Method", "Entity;Dataset"}
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "n").iterdir())
    assert not re.search("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\x85\u2028\u2029]", text)
    evil = next(row for row in files["papers"] if "evil-1" in row["iri:ID"])
    assert evil["title"].startswith("=HYPERLINK"), "data for a program is not changed"
    assert evil["keywords:string[]"] == "=1+1;a,b"


def test_bibtex_is_read_by_pybtex(graph: Graph) -> None:
    text = written(graph, "bibtex").decode()
    found = parse_string(text, "bibtex").entries
    assert len(found) == 5
    [entry] = [entry for entry in found.values() if "HYPERLINK" in entry.fields["title"]]
    title = LatexNodes2Text().latex_to_text(entry.fields["title"])
    hidden = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", re.sub(r"[{}]", "", EVIL))
    assert title.replace("ˆ", "^").split() == hidden.split()
    assert str(entry.persons["author"][0]) == "{Barnes and Noble}"
    assert len(entry.persons["author"]) == 4  # the graph joins names by semicolons, and one holds one
    assert (entry.type, entry.fields["year"], entry.fields["booktitle"]) == ("inproceedings", "2021", r"-Conf \& Co")
    assert entry.fields["url"] == "https://example.org/a_b?c=%7B&d=#e"
    twice = found["duarte2022reading"]
    assert twice.fields["title"] == "{Reading Twice: Iterative Retrieval for Multi-hop Question Answering}"
    assert [" ".join(person.last_names) for person in twice.persons["author"]] == ["Duarte", "Abebe", "Novak"]


def test_bibtex_is_read_by_bibtexparser(graph: Graph) -> None:
    bibtexparser = pytest.importorskip("bibtexparser")
    found = bibtexparser.loads(written(graph, "bibtex").decode()).entries
    assert len(found) == 5
    assert {entry["ENTRYTYPE"] for entry in found} == {"inproceedings", "misc"}


def test_bibtex_is_read_by_kg(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_bytes(written(graph, "bibtex"))
    papers = [paper for paper in pipeline.papers([tmp_path / "x.bib"]) if isinstance(paper, Paper)]
    wanted = {str(row["t"]) for row in graph.select("SELECT ?t { ?p a fabio:ResearchPaper ; dcterms:title ?t }")}
    plain = {title for title in wanted if "HYPERLINK" not in title}
    assert len(plain) == len(papers) - 1 >= 4
    assert plain <= {paper.title for paper in papers}


def test_keys_of_references_differ() -> None:
    papers = [f"<{BASE}paper/x:{number:02}>" for number in range(30)]
    lines = [f"{paper} <{rdflib.RDF.type}> <http://purl.org/spar/fabio/ResearchPaper> ." for paper in papers]
    lines += [f'{paper} <{rdflib.DCTERMS.title}> "On the Same" .' for paper in papers]
    found = parse_string(written(from_lines(lines), "bibtex").decode(), "bibtex").entries
    assert len(found) == 30
    assert list(found)[:3] == ["same", "sameb", "samec"]


@settings(max_examples=25)
@given(words=st.text(min_size=1))
@example(words="\r\n")
@example(words="{\\")
@example(words='"@')
def test_whatever_a_text_holds(words: str) -> None:
    paper, thing = f"<{BASE}paper/x>", f"<{BASE}dataset/x>"
    said = {str(rdflib.DCTERMS.title): words, f"{BASE}ontology#venue": words, f"{BASE}ontology#authorNames": words}
    lines = [f"{paper} <{name}> {literal(text)} ." for name, text in said.items()]
    lines += [
        f"{paper} <{rdflib.RDF.type}> <http://purl.org/spar/fabio/ResearchPaper> .",
        f"{paper} <{BASE}ontology#uses> {thing} .",
        f"{thing} <{rdflib.RDF.type}> <{BASE}ontology#Dataset> .",
        f"{thing} <{rdflib.SKOS.prefLabel}> {literal(words)} .",
    ]
    graph = from_lines(lines)
    for form in ("turtle", "trig", "json-ld"):
        assert triples(written(graph, form), READERS[form]) == triples(written(graph, "n-triples"), "nt"), form
    fit = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", words)
    values = [value for *_, value in triples(written(graph, "rdfxml"), "xml")]
    assert [str(value) for value in values if isinstance(value, rdflib.Literal)] == [fit] * 4
    for form in ("graphml", "gexf", "cytoscape"):
        assert len(read_network(written(graph, form, shape=Shape("statements")), form)) == 2
    assert len(json.loads(written(graph, "vosviewer"))["network"]["items"]) == 1
    assert len(parse_string(written(graph, "bibtex").decode(), "bibtex").entries) == 1
    for cell in (inert_cell(words), neo4j_cell(words)):
        assert next(csv.reader(io.StringIO(record([cell, "x"], ","), newline=""), strict=True)) == [cell, "x"]


@pytest.mark.parametrize(
    ("selection", "papers"),
    [
        (Selection(), [3, 1, 4, 2, 5]),
        (Selection(entities=("CIFAR10",)), [1, 4, 2]),
        (Selection(entities=("cifar 10",), predicates=("evaluatesOn",)), [1, 2]),
        (Selection(entities=("CIFAR-10", "SVHN")), [2]),
        (Selection(predicates=("addresses",)), [3, 1]),
        (Selection(years=(2020, None)), [3, 1, 4]),
        (Selection(years=(None, 2019)), [2]),
        (Selection(text="networks THEORY"), [5]),
        (Selection(text='"'), []),
    ],
)
def test_selections(small: Graph, selection: Selection, papers: list[int]) -> None:
    found = [int(each.iri.rpartition(":")[2]) for each in listed(small, selection)]
    assert sorted(found) == sorted(papers)
    years = [each.year or 0 for each in listed(small, selection)]
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(entities=("CIFAR-1",)), "did you mean CIFAR-10"),
        (Selection(predicates=("evaluateOn",)), "did you mean evaluatesOn"),
        (Selection(years=(2021, 2019)), "write 2019:2021"),
        (Selection(venues=("NeurIPS",)), "no venue is called 'NeurIPS'"),
    ],
)
def test_a_selection_of_what_there_is_not(small: Graph, selection: Selection, message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        listed(small, selection)


def test_a_venue_is_suggested(graph: Graph) -> None:
    assert len(listed(graph, Selection(venues=("demo conference",)))) == 1
    with pytest.raises(QueryError, match="try Demo Conference"):
        listed(graph, Selection(venues=("Demo Conferense",)))


def test_tables_of_a_selection(graph: Graph, tmp_path: Path) -> None:
    chosen = [each.iri for each in listed(graph, Selection(entities=("HotpotQA",)))]
    export(graph, "parquet", tmp_path / "t", papers=chosen)
    tables = {name: pq.read_table(tmp_path / "t" / f"{name}.parquet").to_pylist() for name in TABLES}
    assert [row["paper"] for row in tables["papers"]] == chosen
    assert {row["paper"] for row in tables["claims"]} == set(chosen)
    labels = {row["label"] for row in tables["entities"]}
    assert "HotpotQA" in labels
    assert "CIFAR-10" not in labels


def test_a_file_stays_if_the_export_fails(small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "x.bib"
    place.write_text("before", "utf-8")

    def broken(*_: object) -> Iterable[str]:
        yield "half"
        raise GraphError("it broke")

    monkeypatch.setattr(formats, "bibtex", broken)
    with pytest.raises(GraphError, match="it broke"):
        export(small, "bibtex", place)
    assert [path.name for path in tmp_path.iterdir()] == ["x.bib"]
    assert place.read_text("utf-8") == "before"


def test_a_directory_of_something_else_is_left_alone(small: Graph, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    for place, message in ((tmp_path, "holds other files"), (tmp_path / "mine.txt", "is a file")):
        with pytest.raises(GraphError, match=message):
            export(small, "csv", place)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_suffix_tells_the_format() -> None:
    assert [form_of(Path(f"x.{name}")) for name in ("ttl", "nt.gz", "GEXF", "bib", "txt")] == [
        "turtle", "n-triples", "gexf", "bibtex", None,
    ]  # fmt: skip


def test_the_command_writes_files_and_streams(tmp_path: Path) -> None:
    packed = run("export", SMALL, "-o", tmp_path / "x.nt.gz")
    assert (packed.exit_code, packed.stdout) == (0, "")
    assert "triples written to" in packed.stderr
    stream = run("export", SMALL, "--format", "n-triples")
    assert [*open_graph(tmp_path / "x.nt.gz").lines()] == stream.stdout.splitlines()
    chosen = run("export", SMALL, "--format", "bibtex", "--entity", "CIFAR-10", "--years", "2020")
    assert chosen.stdout.count("@misc{") == 2
    drawn = run("export", SMALL, "--format", "graphml", "--kind", "dataset", "--network", "cooccurrence")
    assert set(nx.parse_graphml(drawn.stdout).nodes) == {
        f"{BASE}dataset/{name}" for name in ("cifar-10", "svhn", "imagenet")
    }


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("export {}", 2, f"Error: Say what to write: give --format, one of {', '.join(FORMATS)}."),
        (
            "export {} -o x.gml",
            2,
            f"Error: x.gml is no name of any form. Say what to write: give --format, one of {', '.join(FORMATS)}.",
        ),
        ("export {} --format csv", 2, "Error: csv is several files: name a directory for them with --output."),
        (
            "export {} --format turtle --top 3",
            2,
            "Error: --network, --kind, --top and --min-papers are for networks, and turtle is none.",
        ),
        (
            "export {} --format turtle --years 2020",
            1,
            "Error: turtle is the whole graph: for a part of it, ask a CONSTRUCT query",
        ),
        ("export absent.kg --format turtle", 1, "Error: absent.kg: no such graph: make one with kg build"),
    ],
)
def test_a_wrong_command_is_one_line(line: str, code: int, message: str) -> None:
    result = run(*line.format(SMALL).split())
    assert (result.exit_code, error(result)) == (code, message)


def test_every_format_has_a_test_and_a_line_in_the_guide() -> None:
    guide = (ROOT / "docs" / "exports.md").read_text("utf-8")
    assert [form for form in FORMATS if f"`{form}`" not in guide] == []
