"""The store: what is written is what is read, whatever happens in between."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Dataset

from kg.errors import GraphError, QueryError
from kg.store import GRAPH_FORMATS, TABLE_FORMATS, from_lines, open_graph, prepare, write
from kg.store import directory as directories
from kg.terms import literal

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = '<https://w3id.org/ml-kg/dataset/mnist> <http://www.w3.org/2004/02/skos/core#prefLabel> "MNIST" .'
TWO = '<https://w3id.org/ml-kg/dataset/c-10> <http://www.w3.org/2004/02/skos/core#prefLabel> "CIFAR-10" .'
FILES = ("x.ttl", "x.nt", "x.nq", "x.trig", "x.jsonld", "x.TTL", "x.ttl.gz", "x.nt.gz", "x.jsonld.gz")
PLACES = ("x", "x.kg", "new/parents/x", *FILES)
HOSTILE = (
    'quotes " and \\ and """ and \\u0041',
    "lines\nof\r\nall\u2028sorts\u2029\x85\x0b\x0c end",
    "\x00\x01\x08\x1f\x7f control",
    "</script><b>&amp;",
    "right \u202eto left\u202c, 𝔸, \ufffe, \uffff, e\u0301",
    "?x } ; DROP ALL # <http://x> @en ^^xsd:integer .",
    " leading and trailing ",
    "",
    "w" * 100_000,
)


def lines_of(*texts: str) -> list[str]:
    """One triple a text."""
    title = "<http://purl.org/dc/terms/title>"
    return [f"<https://w3id.org/ml-kg/paper/p{number}> {title} {literal(text)} ." for number, text in enumerate(texts)]


def names(folder: Path) -> list[str]:
    """What a directory holds."""
    return sorted(file.name for file in folder.iterdir())


def test_prefixes_are_known() -> None:
    assert from_lines([ONE]).select("SELECT ?x { ?x skos:prefLabel ?name }") == [
        {"x": "https://w3id.org/ml-kg/dataset/mnist"}
    ]


@pytest.mark.parametrize("name", PLACES)
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    assert write(tmp_path / name, [TWO, ONE, TWO]) == 2
    assert list(open_graph(tmp_path / name).lines()) == sorted([ONE, TWO])


@pytest.mark.parametrize("name", ["x", *FILES])
def test_hostile_text_survives(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, lines_of(*HOSTILE))
    graph = open_graph(tmp_path / name)
    assert sorted(str(row["t"]) for row in graph.select("SELECT ?t { ?p dcterms:title ?t }")) == sorted(HOSTILE)
    assert list(graph.lines()) == sorted(lines_of(*HOSTILE))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize(
    ("name", "form"),
    [("x.ttl", "turtle"), ("x.nt", "nt"), ("x.nq", "nquads"), ("x.trig", "trig"), ("x.jsonld", "json-ld")],
)
def test_rdflib_sees_what_was_written(tmp_path: Path, name: str, form: str) -> None:
    write(tmp_path / name, lines_of(*HOSTILE))
    parsed = Dataset(default_union=True)
    parsed.parse(data=(tmp_path / name).read_bytes(), format=form)
    assert {(str(s), str(o)) for s, _, o in parsed.triples((None, None, None))} == {
        (f"https://w3id.org/ml-kg/paper/p{number}", text) for number, text in enumerate(HOSTILE)
    }


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
@example(["\r", "\x1e", "\\"])
def test_any_text_survives(texts: list[str]) -> None:
    lines = sorted(set(lines_of(*texts)))
    assert list(from_lines(lines).lines()) == lines
    assert not any(len(line.splitlines()) > 1 for line in lines)


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_the_same_bytes_for_the_same_triples(tmp_path: Path, name: str) -> None:
    lines = lines_of(*"abcdefghijklmnop")
    write(tmp_path / name, lines)
    first = (tmp_path / name).read_bytes()
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path / "elsewhere" / name, [*lines[::-1], *lines])
    assert (tmp_path / "elsewhere" / name).read_bytes() == first
    assert names(tmp_path) == sorted([name, "elsewhere"])


def test_a_file_declares_only_the_prefixes_that_it_uses(tmp_path: Path) -> None:
    write(tmp_path / "x.ttl", [ONE])
    text = (tmp_path / "x.ttl").read_text("utf-8")
    assert sorted(line.split()[1] for line in text.splitlines() if line.startswith("@prefix")) == ["dataset:", "skos:"]


def test_numbers_have_one_form_wherever_they_are_kept(tmp_path: Path) -> None:
    value = '<http://a> <https://w3id.org/ml-kg/ontology#value> "{}"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    made = [value.format("93.730"), value.format("93.73")]
    assert [write(tmp_path / name, made) for name in ("x", "x.ttl", "x.nt")] == [1, 1, 1]
    assert len({tuple(open_graph(tmp_path / name).lines()) for name in ("x", "x.ttl", "x.nt")}) == 1


# Directories.


def test_an_update_replaces_the_store_and_leaves_other_files(tmp_path: Path) -> None:
    graph = tmp_path / "x"
    write(graph, [ONE])
    (graph / "papers.jsonl").write_text("{}\n", "utf-8")
    before = open_graph(graph)
    write(graph, [TWO])
    assert list(open_graph(graph).lines()) == [TWO]
    assert list(before.lines()) == [ONE]
    assert names(graph) == [".lock", "kg.json", "papers.jsonl", "store"]
    assert json.loads((graph / "kg.json").read_text("utf-8")) == {"store": 2}


def test_many_read_at_once(tmp_path: Path) -> None:
    write(tmp_path / "x", [ONE])
    assert [list(graph.lines()) for graph in [open_graph(tmp_path / "x") for _ in range(5)]] == [[ONE]] * 5


def test_reading_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "x", [ONE])
    before = sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    list(open_graph(tmp_path / "x").lines())
    assert sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_an_empty_graph_is_a_graph(tmp_path: Path) -> None:
    assert [write(tmp_path / name, []) for name in PLACES] == [0] * len(PLACES)
    assert [list(open_graph(tmp_path / name).lines()) for name in PLACES] == [[]] * len(PLACES)


@pytest.mark.parametrize("crash", [1, 2])
def test_a_crash_between_the_renames_leaves_a_whole_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: int
) -> None:
    graph = tmp_path / "x"
    write(graph, [ONE])
    rename, calls = Path.rename, Counter[str]()

    def fail(path: Path, target: Path) -> Path:
        calls["renames"] += 1
        if calls["renames"] == crash:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(KeyboardInterrupt):
        write(graph, [TWO])
    monkeypatch.undo()
    assert list(open_graph(graph).lines()) == [ONE]
    write(graph, [ONE, TWO])
    assert list(open_graph(graph).lines()) == sorted([ONE, TWO])
    assert names(graph) == [".lock", "kg.json", "store"]


def test_a_crash_before_the_old_one_is_deleted_leaves_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = tmp_path / "x"
    write(graph, [ONE])
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    write(graph, [TWO])
    monkeypatch.undo()
    assert (graph / "store.old").exists()
    assert list(open_graph(graph).lines()) == [TWO]
    write(graph, [ONE])
    assert list(open_graph(graph).lines()) == [ONE]
    assert not (graph / "store.old").exists()


def test_lines_that_are_no_triples_leave_the_old_graph(tmp_path: Path) -> None:
    for name in ("x", "x.ttl"):
        write(tmp_path / name, [ONE])
        for broken in ("nonsense", '<http://a> <http://b> "\ud800" .'):
            with pytest.raises(GraphError, match="not N-Triples"):
                write(tmp_path / name, [TWO, broken], fresh=True)
        assert list(open_graph(tmp_path / name).lines()) == [ONE]
    assert names(tmp_path) == ["x", "x.ttl"]


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "x", [ONE])
    with (
        directories.locked(tmp_path / "x" / ".lock"),
        pytest.raises(GraphError, match=r"x: another kg is writing here: wait until that has ended$"),
    ):
        write(tmp_path / "x", [TWO])
    assert list(open_graph(tmp_path / "x").lines()) == [ONE]


def test_a_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write(tmp_path / "x.ttl", [ONE])
    wanted = (
        f"{tmp_path}/x.ttl exists; an RDF file is written whole: "
        "add --fresh to replace it, or build into a directory to update it"
    )
    for refuse in (lambda: write(tmp_path / "x.ttl", [TWO]), lambda: prepare(tmp_path / "x.ttl")):
        with pytest.raises(GraphError) as error:
            refuse()
        assert str(error.value) == wanted
    assert write(tmp_path / "x.ttl", [TWO], fresh=True) == 1
    assert list(open_graph(tmp_path / "x.ttl").lines()) == [TWO]


def test_a_store_of_another_format_is_left_alone_unless_built_anew(tmp_path: Path) -> None:
    write(tmp_path / "x", [ONE])
    (tmp_path / "x" / "kg.json").write_text('{"store": 1}', "utf-8")
    for refused in (open_graph, lambda graph: write(graph, [TWO])):
        with pytest.raises(GraphError, match="x has store format 1, and this kg knows format 2: use the kg that made"):
            refused(tmp_path / "x")
    write(tmp_path / "x", [TWO], fresh=True)
    assert list(open_graph(tmp_path / "x").lines()) == [TWO]


def _other(path: Path) -> None:
    path.mkdir()
    (path / "thesis.tex").write_text("years of work", "utf-8")


def _half(path: Path) -> None:
    prepare(path)


def _damaged(path: Path) -> None:
    write(path, [ONE])
    for file in (path / "store").glob("MANIFEST*"):
        file.write_bytes(b"nonsense")


OPENED: list[tuple[str, Callable[[Path], object] | None, str]] = [
    ("x", None, "{}: no such graph: make one with kg build"),
    ("x.ttl", None, "{}: no such graph: make one with kg build"),
    ("x.txt", None, "{}: a graph is a directory (a name without a suffix, or .kg) or an RDF file (.ttl"),
    ("x.ttl.bz2", None, "{}: a graph is a directory"),
    ("x", lambda path: path.write_text("a"), "{} is a file, not a graph: name a directory, or an RDF file (.ttl .nt"),
    ("x", _other, "{} is not a kg graph: it holds no kg.json; make one with kg build"),
    ("x", _half, "{} holds no graph yet: the build did not end; run kg build again"),
    ("x", _damaged, "{}: the store is damaged: build it again ("),
    ("x.nt", lambda path: path.write_text(f"{ONE}\n<http://a> <b> .\n"), "{}, line 2: Parser error at line 2 between"),
    ("x.ttl", lambda path: path.write_text('@prefix x: <http://x/> .\nx:a x:b "c'), "{}, line 2: Parser error"),
    ("x.ttl", lambda path: path.write_bytes(b'<http://a> <http://b> "\xff" .'), "{}, line 1: Parser error at line 1"),
    ("x.jsonld", lambda path: path.write_text('{"@context": "http://127.0.0.1:9/c"}'), "{}: No LoadDocumentCallback"),
    ("x.ttl.gz", lambda path: path.write_text(ONE), "{}: not a whole gzip file ("),
    ("x.nt.gz", lambda path: path.write_bytes(gzip.compress(ONE.encode())[:-9]), "{}: not a whole gzip file ("),
    ("x\0.ttl", None, "'"),
    ("n" * 300 + ".ttl", None, "{} cannot be read: File name too long"),
]


@pytest.mark.parametrize(("name", "make", "message"), OPENED)
def test_what_cannot_be_opened(tmp_path: Path, name: str, make: Callable[[Path], object] | None, message: str) -> None:
    if make:
        make(tmp_path / name)
    with pytest.raises(GraphError) as error:
        open_graph(tmp_path / name)
    assert str(error.value).startswith(message.format(tmp_path / name))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("use", [lambda graph: write(graph, [ONE]), prepare])
def test_a_graph_on_a_server_is_not_built(use: Callable[[str], object]) -> None:
    with pytest.raises(GraphError, match=r"^http://127\.0\.0\.1/sparql: a graph on a server is only read"):
        use("http://127.0.0.1/sparql")


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("x", _other, "{} is not empty and not a kg graph: name a new directory"),
        ("x", lambda path: path.write_text("a"), "{} is a file, not a graph: name a directory, or an RDF file"),
        ("x.txt", None, "{}: a graph is a directory"),
        ("f/x", lambda path: path.parent.write_text("a"), "{} cannot be written: "),
        ("f/x.ttl", lambda path: path.parent.write_text("a"), "{} cannot be written: "),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, make: Callable[[Path], object] | None, message: str) -> None:
    if make:
        make(tmp_path / name)
    with pytest.raises(GraphError) as error:
        write(tmp_path / name, [ONE], fresh=True)
    assert str(error.value).startswith(message.format(tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_place(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for name in ("x", "x.ttl"):
        with pytest.raises(GraphError, match=f"{name} cannot be written: Permission denied"):
            write(tmp_path / name, [ONE])


def test_named_graphs_are_seen_as_one(tmp_path: Path) -> None:
    (tmp_path / "x.trig").write_text('<http://g> { <http://a> rdfs:label "b" } '.replace("rdfs:label", "<http://l>"))
    graph = open_graph(tmp_path / "x.trig")
    assert graph.select("SELECT ?o { ?s ?p ?o }") == [{"o": "b"}]
    assert list(graph.lines()) == ['<http://a> <http://l> "b" .']


# Questions.


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("2020", 2020),
        ("93.73", Decimal("93.73")),
        ("1e3", 1000.0),
        ("true", True),
        ('"2020-01-01"^^xsd:date', "2020-01-01"),
        ('"2020"^^xsd:gYear', "2020"),
        ('"7"^^xsd:nonNegativeInteger', 7),
        ('"many"^^xsd:integer', "many"),
        ('"maybe"^^xsd:boolean', "maybe"),
        ('"' + "9" * 5000 + '"^^xsd:integer', "9" * 5000),
        ('"deux"@fr', "deux"),
        ("kg:uses", "https://w3id.org/ml-kg/ontology#uses"),
        ("UNDEF", None),
    ],
)
def test_values_are_plain(term: str, value: object) -> None:
    [row] = from_lines([]).select(f"SELECT ?x {{ VALUES ?x {{ {term} }} }}")
    assert row == {"x": value}
    assert type(row["x"]) is type(value)


def test_columns_keep_their_order() -> None:
    [row] = from_lines([ONE]).select("SELECT ?z ?name ?a { ?z skos:prefLabel ?name }")
    assert list(row) == ["z", "name", "a"]


def test_a_prefix_of_the_users_own_wins() -> None:
    graph = from_lines([ONE])
    assert graph.select("PREFIX kg: <http://www.w3.org/2004/02/skos/core#> SELECT ?n { ?x kg:prefLabel ?n }") == [
        {"n": "MNIST"}
    ]


@pytest.mark.parametrize(
    ("sparql", "kind"),
    [
        ("SELECT * { ?s ?p ?o }", "select"),
        ("\ufeffselect * { ?s ?p ?o }", "select"),
        ("PREFIX select: <http://x/> ASK {}", "ask"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "construct"),
        ("# select\nDESCRIBE dataset:mnist", "construct"),
    ],
)
def test_kinds(sparql: str, kind: str) -> None:
    assert from_lines([]).kind(sparql) == kind


SELECT = "SELECT ?name { ?x skos:prefLabel ?name }"
LABELLED = '<https://w3id.org/ml-kg/dataset/mnist> <http://www.w3.org/2000/01/rdf-schema#label> "MNIST"'
PREFIXED = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dataset: <https://w3id.org/ml-kg/dataset/> .
"""
CONTROL = "the answer holds a control character, which XML cannot carry: ask for another format"
CONSTRUCT = "CONSTRUCT { ?x rdfs:label ?name } WHERE { ?x skos:prefLabel ?name }"


@pytest.mark.parametrize(
    ("sparql", "form", "answer"),
    [
        (SELECT, "csv", "name\r\nMNIST\r\n"),
        (SELECT, "tsv", '?name\n"MNIST"\n'),
        ("ASK {}", "csv", "true"),
        ("ASK {}", "json", '{"head":{},"boolean":true}'),
        (CONSTRUCT, "n-triples", f"{LABELLED} .\n"),
        (CONSTRUCT, "turtle", f'{PREFIXED}dataset:mnist rdfs:label "MNIST" .\n'),
    ],
)  # fmt: skip
def test_answers(sparql: str, form: str, answer: str) -> None:
    assert from_lines([ONE]).answer(sparql, format=form).decode() == answer


@pytest.mark.parametrize("form", [*TABLE_FORMATS, *GRAPH_FORMATS])
def test_every_format_answers(form: str) -> None:
    sparql = SELECT if form in TABLE_FORMATS else CONSTRUCT
    assert b"MNIST" in from_lines([ONE]).answer(sparql, format=form)


def test_triples_come_in_order_and_once(tmp_path: Path) -> None:
    made = [from_lines(lines).answer(CONSTRUCT, format="turtle") for lines in ([ONE, TWO], [TWO, ONE, TWO])]
    assert made[0] == made[1]
    write(tmp_path / "x", [TWO, ONE])
    assert open_graph(tmp_path / "x").answer(CONSTRUCT, format="turtle") == made[0]


@pytest.mark.parametrize(
    ("sparql", "form", "message"),
    [
        (SELECT, "turtle", "turtle does not fit a SELECT or ASK query: choose one of csv, tsv, json, xml"),
        (CONSTRUCT, "csv", f"csv does not fit a CONSTRUCT or DESCRIBE query: choose one of {', '.join(GRAPH_FORMATS)}"),
        (SELECT, "xls", "no format 'xls': for a SELECT or ASK query choose one of csv, tsv, json, xml"),
        ('SELECT ("\\u0000" AS ?x) {}', "xml", CONTROL),
        ('CONSTRUCT { kg:a kg:b "\\u0001" } {}', "rdfxml", CONTROL),
    ],
)  # fmt: skip
def test_formats_that_do_not_fit(sparql: str, form: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        from_lines([ONE]).answer(sparql, format=form)
    assert str(error.value) == message


def test_rows_come_from_select_only() -> None:
    with pytest.raises(QueryError, match="rows come from a SELECT query, and this is ASK"):
        from_lines([]).select("ASK {}")


CHANGES = "would change the graph, and kg only reads: ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
NETWORK = "SERVICE would use the network, and kg does not"
OBJECT = "expected a variable, '(', '.', a name, '[', a string or a number"
VALUES = "the VALUES clause rows should have exactly the same number of values as there are variables"
WRONG = [
    ("", 1, 1, "the query ends too early"),
    ("# nothing\n", 1, 10, "the query ends too early"),
    ("selec * {}", 1, 1, "unexpected 'selec': expected SELECT, ASK, CONSTRUCT or DESCRIBE"),
    ("SELECT * {\n  ?s ?p }", 2, 9, f"unexpected '}}': {OBJECT}"),
    ("SELECT * {\r\n  ?s ?p ~}", 2, 9, f"unexpected '~': {OBJECT}"),
    ("SELECT * {\n\n ?s x:p ?o }", 3, 5, "the prefix x: is not declared: say PREFIX x: <…> first"),
    ("ASK { ?s service:p ?o }", 1, 10, "the prefix service: is not declared: say PREFIX service: <…> first"),
    ("SELECT * { ?s ?p <foo> }", 1, 18, "<foo> is not an absolute IRI"),
    ("SELECT * { ?s ?p ?o", 1, 20, "the query ends too early: expected ',', '.', ';', '{' or '}'"),
    ("SELECT * { ?s ?p ?o }}", 1, 22, "unexpected '}'"),
    ("SELECT * WHERE ?s ?p ?o", 1, 16, "unexpected '?s': expected '{'"),
    ('SELECT * { ?s ?p "abc }', 1, 18, 'the string "abc does not end'),
    ('SELECT "abc" {}', 1, 8, "unexpected '\"abc\"'"),
    ("SELECT * { ?s ?p ?o } LIMIT ten", 1, 29, "unexpected 'ten': expected a number"),
    ("SELECT " + "x" * 50 + " {}", 1, 8, f"unexpected '{'x' * 29}…'"),
    ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", 1, 35, "the SELECT contains a variable that is unbound"),
    ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 30, "duplicated variable name in SELECT"),
    ("ASK { VALUES (?a ?b) {(1)} }", 1, 26, f"{VALUES}: To set a value to undefined use UNDEF"),
    ("SELECT ?é { ?é ?p 'é' . ?s }", 1, 28, "unexpected '}': expected a variable, '(' or a name"),
    ('ASK { ?s ?p """a\nb""" .\n ?s }', 3, 5, "unexpected '}': expected a variable, '(' or a name"),
    ("SELECT * { ?s ?p ?o } # }\n }", 2, 2, "unexpected '}'"),
    ("SELECT * { ?s ?p '\ud800' }", 1, 19, "half a surrogate pair is no character"),
    ("SELECT (" + "(" * 100_000 + "1", 1, 108, "more than 100 brackets inside one another"),
    ("SELECT * " + "{" * 100_000, 1, 110, "more than 100 brackets inside one another"),
    ("INSERT DATA { <http://a> <http://b> 1 }", 1, 1, f"INSERT {CHANGES}"),
    ("PREFIX x: <http://x/>\nDELETE WHERE { ?s ?p ?o }", 2, 1, f"DELETE {CHANGES}"),
    ("drop all", 1, 1, f"DROP {CHANGES}"),
    ("LOAD <http://127.0.0.1:9/>", 1, 1, f"LOAD {CHANGES}"),
    ("SELECT * { ?s ?p ?o } ; DROP ALL", 1, 23, "unexpected ';'"),
    ("SELECT * {\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 2, 2, NETWORK),
    ("ASK { service SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", 1, 7, NETWORK),
    ("ASK { ?s ?p 1SERVICEkg:x{?s ?p ?o}}", 1, 13, NETWORK),
]


@pytest.mark.parametrize(("sparql", "line", "column", "message"), WRONG, ids=[case[0][:30] for case in WRONG])
def test_wrong_queries(sparql: str, line: int, column: int, message: str) -> None:
    graph = from_lines([ONE])
    for refused in (graph.select, graph.kind, lambda text: graph.answer(text, format="csv")):
        with pytest.raises(QueryError) as error:
            refused(sparql)
        assert str(error.value) == f"query line {line}, column {column}: {message}"


def test_unknown_functions() -> None:
    for sparql in ("SELECT * { ?x ?y ?z FILTER(kg:f(1)) }", "ASK { ?x ?y ?z FILTER(kg:f(1)) }"):
        with pytest.raises(QueryError, match=r"^query: The custom function <.*#f> is not supported: kg adds"):
            from_lines([ONE]).answer(sparql, format="csv")


def test_the_word_service_is_free_elsewhere() -> None:
    sparql = "PREFIX service: <http://s/> SELECT ?service { VALUES ?service { 'service' service:service } } # SERVICE"
    assert [row["service"] for row in from_lines([]).select(sparql)] == ["service", "http://s/service"]


@settings(max_examples=100)
@given(st.text(st.sampled_from("{}()<>?$:;.,'\"\\#^@_-+*/|! \n\rasSELECTserviceWHERE1é"), max_size=60))
def test_no_text_is_more_than_wrong(sparql: str) -> None:
    graph = from_lines([ONE])
    said = ""
    try:
        graph.select(sparql)
    except QueryError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1
