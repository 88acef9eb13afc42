from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import kg.store
from kg.cli import cli
from kg.cli.console import table, visible
from kg.errors import GraphError
from kg.report.matrices import SIDES

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "examples" / "paper-group-nanr-96.txt"

TITLES = "SELECT ?title { ?paper a fabio:ResearchPaper ; dcterms:title ?title } ORDER BY ?title"
LATIN = b"\n".join(PAGE.read_bytes().splitlines()[:40]) + b"\nCaf\xe9\n"
HOSTILE = "[red]bold[/red] \x1b[31m \u202eevil :smile:"


def run(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], input=stdin)


def error(result: Result) -> str:
    """The last line of the talk: the error, when there is one."""
    assert "Traceback" not in result.stderr
    return result.stderr.strip().rsplit("\n", 1)[-1]


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the example page."""
    place = tmp_path_factory.mktemp("graph") / "nanr.kg"
    result = run("build", PAGE, "--graph", place)
    assert result.exit_code == 0, result.stderr
    return place


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph whose one label means harm."""
    place = tmp_path_factory.mktemp("hostile") / "hostile.nt"
    label = json.dumps(HOSTILE).replace("\\u001b", "\\u001B")
    skos = "http://www.w3.org/2004/02/skos/core#prefLabel"
    place.write_text(f"<https://w3id.org/ml-kg/dataset/x> <{skos}> {label} .\n", "utf-8")
    return place


def test_an_unknown_option_ends_with_2() -> None:
    result = run("--frobnicate")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(r"Error: No such option:? '?--frobnicate'?\.?", error(result))  # click 8.2 and later ones


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("frobnicate", "Error: No such command 'frobnicate'."),
        ("build", "Error: Missing option '--graph'."),
        ("extract", "Error: Missing argument 'SOURCE...'."),
        ("build x.txt", "Error: Missing option '--graph'."),
        (
            "build x.txt --graph g --map title",
            "Error: Invalid value for '--map': 'title' is not of the form NAME=COLUMN",
        ),
        ("build x.txt --graph g --map title=A,title=B", "Error: Invalid value for '--map': 'title' is given twice"),
        (
            "build x.txt --graph g --min-confidence 2",
            "Error: Invalid value for '--min-confidence': 2.0 is not in the range 0<=x<=1.",
        ),
        ("query", "Error: Missing argument 'GRAPH'."),
        ("query g", "Error: Give one query: SPARQL, --file FILE or --name NAME."),
        ("query g ASK{} --name x", "Error: Give one query: SPARQL, --file FILE or --name NAME."),
        ("query g ASK{} --set a=b", "Error: --set fills in a named query: give --name as well."),
        ("query g --name x --set a", "Error: Invalid value for '--set': 'a' is not of the form KEY=VALUE"),
        (
            "report cooccurrence g --rows paper",
            (
                "Error: Invalid value for '--rows': 'paper' is not one of "
                f"{', '.join(repr(side.lower()) for side in SIDES)}."
            ),
        ),
        (
            "report cooccurrence g --years 20",
            "Error: Invalid value for '--years': '20' is not of the form 2020, 2018:2024, 2018: or :2024",
        ),
        (
            "report cooccurrence g --predicate dataset",
            "Error: Invalid value for '--predicate': 'dataset' is not of the form KIND=PREDICATE,PREDICATE",
        ),
        ("report cooccurrence g --top 0", "Error: Invalid value for '--top': 0 is not in the range x>=1."),
        ("render g", "Error: Missing option '-o' / '--output'."),
        ("show g", "Error: Missing argument 'NAME'."),
    ],
)
def test_a_wrong_command_line_ends_with_2(line: str, message: str) -> None:
    result = run(*line.split())
    assert (result.exit_code, error(result), result.stdout) == (2, message, "")


@pytest.mark.parametrize("command", ["query {} ASK{{}}", "stats {}", "show {} X", "validate {}", "render {} -o x.html"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.kg", "{}: no such graph: make one with kg build"),
        ("absent.ttl", "{}: no such graph: make one with kg build"),
        ("folder", "{} is not a kg graph: it holds no kg.json; make one with kg build"),
        ("broken.nt", "{}, line 1: "),
    ],
)
def test_no_graph_ends_with_1(tmp_path: Path, command: str, name: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.nt").write_text("<a> <b>\n", "utf-8")
    place = tmp_path / name
    result = run(*command.format(place).split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert error(result).startswith("Error: " + message.format(place))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.txt", None, "Error: {}: no such file: check the name"),
        ("empty.txt", b"", "Error: {}: is empty: check how it was saved"),
        (
            "latin.txt",
            LATIN,
            "Error: {}: line 41: byte 0xe9 is not UTF-8: save it as UTF-8",
        ),
        ("bad.jsonl", b'{"title": \n', "Error: none of 1 record could be read as a paper"),
    ],
)
@pytest.mark.parametrize("command", ["build {} --graph {}/g.kg", "extract {}"])
def test_bad_sources_end_with_1(tmp_path: Path, command: str, name: str, content: bytes | None, message: str) -> None:
    place = tmp_path / name
    if content is not None:
        place.write_bytes(content)
    form = ["--format", "jsonl"] if place.suffix == ".jsonl" else []
    result = run(*command.format(place, tmp_path).split(), *form)
    assert (result.exit_code, error(result), result.stdout) == (1, message.format(place), "")


def test_a_directory_is_no_source(tmp_path: Path) -> None:
    result = run("extract", tmp_path)
    assert (result.exit_code, error(result)) == (
        1,
        f"Error: {tmp_path}: is a directory without files: name files of papers",
    )


def test_what_is_passed_over_in_a_directory_is_said(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "A study of nothing"}\n')
    (tmp_path / "README.md").write_text("About these")
    (tmp_path / ".cache").write_text("{}")
    result = run("extract", tmp_path)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    said = f"2 files passed over, hidden or about the others: {tmp_path / '.cache'}, {tmp_path / 'README.md'}\n"
    assert result.stderr.startswith(said)
    (tmp_path / "prose.txt").write_text("Dear all, this is prose.")
    result = run("extract", tmp_path)
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 1)
    assert f"Error: {tmp_path / 'prose.txt'}: its format is not recognised" in result.stderr


def test_what_is_good_is_kept(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    good = {"title": "A study of CIFAR-10", "abstract": "We evaluate on CIFAR-10.", "year": 2020}
    papers.write_text(f"{json.dumps(good)}\nnot JSON\n", "utf-8")
    result = run("build", papers, tmp_path / "absent.csv", "--graph", tmp_path / "g.kg")
    assert result.exit_code == 1  # a whole file failed
    assert f"Error: {tmp_path / 'absent.csv'}: no such file" in result.stderr
    assert f"Warning: {papers}:2: " in result.stderr
    assert error(result).startswith("2 papers read, 1 accepted, 0 merged, 1 rejected; ")
    assert run("build", papers, "--graph", tmp_path / "h.kg").exit_code == 0  # a record is only worth a warning
    assert run("query", tmp_path / "g.kg", TITLES, "-o", "csv").stdout.split() == [
        "title",
        "A",
        "study",
        "of",
        "CIFAR-10",
    ]


def test_many_rejects_are_not_all_told(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    papers.write_text('{"title": "A study", "abstract": "Of nets."}\n' + "x\n" * 30, "utf-8")
    result = run("extract", papers, "--format", "jsonl")
    assert result.stderr.count("Warning: ") == 21
    assert "Warning: and 10 more\n" in result.stderr


def test_build_tells_what_it_did(tmp_path: Path) -> None:
    result = run("build", PAGE, "--graph", tmp_path / "g.ttl")
    assert result.stdout == ""
    assert result.stderr.startswith("15 papers read, 15 accepted, 0 merged, 0 rejected; ")
    assert result.stderr.endswith(f" triples in {tmp_path / 'g.ttl'}\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("--quiet", "build"), ("build", "--quiet")])
def test_quiet(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(*words, PAGE, "--graph", tmp_path / "g.nt")
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", "")
    loud = run(*words, tmp_path / "absent", "--graph", tmp_path / "h.nt")
    assert loud.stderr == f"Error: {tmp_path / 'absent'}: no such file: check the name\n"


def test_extract_prints_a_record_a_line() -> None:
    result = run("extract", PAGE)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert (len(rows), result.stderr) == (15, "15 papers read, 0 rejected\n")
    for row in rows:
        for mention in row["mentions"]:
            assert row[mention["field"]][mention["start"] : mention["end"]] == mention["text"]


def test_extract_prints_one_line_whatever_a_reader_takes_for_its_end(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    row = {"title": "A\x85B", "abstract": "C\u2028D\u2029E"}
    papers.write_text(json.dumps(row) + "\n", "utf-8")
    (line,) = run("extract", papers).stdout.splitlines()
    assert row.items() <= json.loads(line).items()


def test_query_prints_a_table(graph: Path) -> None:
    result = run("query", graph, TITLES)
    assert (result.exit_code, result.stderr) == (0, "15 rows\n")
    first, rule, *rows = result.stdout.splitlines()
    assert (first, set(rule), len(rows)) == ("title", {"─"}, 15)
    assert (
        rows[0] == "BinaryDuo: Reducing Gradient Mismatch in Binary Activation Network by Coupling Binary Activations"
    )


def test_rows_too_long_for_a_line_are_blocks(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = run("query", graph, "--name", "evaluated-on", "--set", "dataset=HotpotQA").stdout
    assert text.splitlines()[:2] == [
        "method       Transformer-XH",
        "title        Transformer-XH: Multi-hop question answering with eXtra Hop attention",
    ]
    assert "quote        This leads to a simpler multi-hop QA system which outperforms previous" in text
    assert text.endswith("\nurl          https://openreview.net/forum?id=r1eIiCNYwS\n")


def test_a_narrow_table_leaves_out_what_it_can_spare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ("convolutional neural network", "426", "166", "7.5e-75")
    for width, left in (("80", ["Method", "Papers", "Expected", "q"]), ("40", ["Method", "Papers", "q"])):
        monkeypatch.setenv("COLUMNS", width)
        table(("Method", "Papers", "Expected", "q"), [row], numbers=[1, 2, 3], spare=[2])
        out, told = capsys.readouterr()
        assert out.split("\n")[0].split() == left
        assert ("Without Expected" in told) is ("Expected" not in left)
        assert "neural " in out


def test_a_table_without_rows_has_its_header(graph: Path) -> None:
    result = run("query", graph, "SELECT ?a ?b { ?a kg:year 1066 ; ?b 1 }")
    assert (result.stdout.splitlines()[0].split(), result.stderr) == (["a", "b"], "0 rows\n")


@pytest.mark.parametrize(
    ("question", "answer"), [("ASK { ?p kg:year 2020 }", "true\n"), ("ASK { ?p kg:year 1066 }", "false\n")]
)
def test_ask(graph: Path, question: str, answer: str) -> None:
    assert run("query", graph, question).stdout == answer


@pytest.mark.parametrize(
    ("output", "begins"),
    [
        ("csv", "papers\r\n15"),
        ("tsv", "?papers\n15"),
        ("json", '{"head":{"vars":["papers"]}'),
        ("xml", "<?xml"),
    ],
)
def test_query_outputs(graph: Path, output: str, begins: str) -> None:
    question = "SELECT (COUNT(?paper) AS ?papers) { ?paper a fabio:ResearchPaper }"
    result = CliRunner().invoke(cli, ["query", str(graph), question, "--output", output])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes.decode().startswith(begins)


@pytest.mark.parametrize(
    ("output", "holds"), [(None, "dcterms:title"), ("n-triples", "dc/terms/title>"), ("json-ld", "@id")]
)
def test_construct(graph: Path, output: str | None, holds: str) -> None:
    question = "CONSTRUCT { ?paper dcterms:title ?title } WHERE { ?paper dcterms:title ?title }"
    result = run("query", graph, question, *(["-o", output] if output else []))
    assert result.exit_code == 0
    assert holds in result.stdout


@pytest.mark.parametrize(
    ("question", "output", "code", "message"),
    [
        (
            "ASK {}",
            "turtle",
            2,
            "Error: --output turtle is not for a ASK query: choose from table, csv, tsv, json, xml.",
        ),
        (
            "DESCRIBE <x:y>",
            "csv",
            2,
            "Error: --output csv is not for a CONSTRUCT or DESCRIBE query: choose from turtle, ",
        ),
        ("SELECT * { ?s ?p }", "csv", 1, "Error: "),
        ("DELETE WHERE { ?s ?p ?o }", "csv", 1, "Error: "),
    ],
)
def test_wrong_queries(graph: Path, question: str, output: str, code: int, message: str) -> None:
    result = run("query", graph, question, "-o", output)
    assert (result.exit_code, result.stdout) == (code, "")
    assert error(result).startswith(message)


def test_a_wrong_query_says_where(graph: Path) -> None:
    assert "line 2, column" in error(run("query", graph, "SELECT *\n{ ?s ?p }"))


def test_query_from_a_file(graph: Path, tmp_path: Path) -> None:
    file = tmp_path / "titles.rq"
    file.write_text(TITLES, "utf-8")
    assert run("query", graph, "--file", file).stdout == run("query", graph, TITLES).stdout
    assert run("query", graph, "--file", "-", stdin=TITLES).stdout == run("query", graph, TITLES).stdout
    result = run("query", graph, "--file", tmp_path / "absent.rq")
    expected = f"Error: {tmp_path / 'absent.rq'}: No such file or directory: name a file with one SPARQL query"
    assert (result.exit_code, error(result)) == (1, expected)


def test_named_queries(graph: Path) -> None:
    listed = run("query", "--list")
    assert listed.exit_code == 0
    assert "evaluated-on" in listed.stdout
    result = run("query", graph, "--name", "evaluated-on", "--set", "dataset=CIFAR-10", "-o", "json")
    assert len({row["title"]["value"] for row in json.loads(result.stdout)["results"]["bindings"]}) == 4
    assert run("query", graph, "--name", "evaluated-on", "--set", "dataset=CIFAR-11").exit_code == 1
    assert run("query", graph, "--name", "no-such-query").exit_code == 1


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("metrics-at-venue", "venue=ICRL", "the graph names no venue"),
        ("dataset-by-name", "name=CIFARR", "no dataset of this graph is called 'CIFARR': the nearest are CIFAR"),
    ],
)
@pytest.mark.parametrize("output", ["table", "csv", "tsv", "json", "xml"])
def test_a_named_query_says_what_it_was_told_and_nobody_is_called(
    graph: Path, name: str, value: str, told: str, output: str
) -> None:
    result = run("query", graph, "--name", name, "--set", value, "-o", output)
    assert result.exit_code == 0
    assert f"Warning: {told}" in result.stderr
    found = run("query", graph, "--name", "dataset-by-name", "--set", "name=cifar-10", "-o", output)
    assert "Warning" not in found.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("report leaderboard {} CIFAR-10 -o a.html", "'a.html' looks like a file: write -o html > a.html"),
        ("report cooccurrence {} -o a.md", "'a.md' looks like a file: write -o markdown > a.md"),
        ("query {} -o a.docx", "'a.docx' looks like a file: give one of table, csv, "),
        ("query {} -o docx", "'docx' is not one of 'table', 'csv', "),
    ],
)
def test_a_file_for_a_form(graph: Path, words: str, told: str) -> None:
    result = run(*words.format(graph).split())
    assert result.exit_code == 2
    assert told in error(result)


@pytest.mark.parametrize("width", [60, 100])
def test_a_leaderboard_fits_the_terminal(graph: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = run("report", "leaderboard", graph, "CIFAR-10").stdout.splitlines()
    *numbers, empty, footer = shown
    assert (empty, footer[:12]) == ("", "15 of 15 pap")
    assert max(map(len, numbers)) <= width
    assert numbers[0].split() == ["Metric", "Method", "Value", "Year", "Note", "Condition"]
    quotes = [line for line in numbers if line.startswith("  “")]
    assert len(quotes) == 3
    assert "84.92% with" in quotes[2]


def test_report(graph: Path) -> None:
    result = run("report", "cooccurrence", graph, "--rows", "dataset", "--columns", "METHOD", "--papers")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Dataset ")
    assert "\n    “For example, on CIFAR-10 with 250 labeled examples we reach 93.73% accuracy" in result.stdout
    assert result.stdout.endswith("Titles and abstracts only: absence means nothing.\n")


@pytest.mark.parametrize("output", ["csv", "tsv", "json", "markdown", "html", "latex", "gexf", "vosviewer"])
def test_report_outputs(graph: Path, output: str) -> None:
    result = run("report", "cooccurrence", graph, "--output", output, "--around", "CIFAR-10")
    assert result.exit_code == 0
    assert "ReMixMatch" in result.stdout
    assert "HotpotQA" not in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("cooccurrence {} --rows year --columns dataset", "2020"),
        ("trends {} CIFAR-10", "CIFAR-10"),
        ("trends {} --kind dataset --top 2", "HotpotQA"),
        ("trends {}", "any metric"),
        ("novelty {}", "ReMixMatch"),
        ("novelty {} --summary", "Introduced"),
        ("leaderboard {} CIFAR-10", "93.7"),
        ("compare {} CIFAR-10 ImageNet", "Both: 1, "),
        ("coverage {}", "Task"),
        ("coverage {} --what datasets", "HotpotQA"),
        ("coverage {} --what venues", "Venue"),
    ],
)
def test_every_report_prints(graph: Path, words: str, said: str) -> None:
    result = run("report", *words.format(graph).split())
    assert (result.exit_code, result.stderr) == (0, "")
    assert said in result.stdout
    assert result.stdout.endswith("Titles and abstracts only: absence means nothing.\n")


def test_an_empty_selection_says_which_filter_emptied_it(graph: Path) -> None:
    result = run("report", "cooccurrence", graph, "--years", "1950:1960")
    assert (result.exit_code, result.stderr) == (
        0,
        "Warning: nothing is left: --years 1950:1960 left no paper: its papers are of 2020 to 2020\n",
    )
    assert run("report", "trends", graph, "CIFAR10").exit_code == 0
    assert (
        error(run("report", "trends", graph, "CIFAR-11"))
        == "Error: no entity is called 'CIFAR-11': try CIFAR-10, CIFAR"
    )
    assert error(run("report", "cooccurrence", graph, "--venue", "ICRL")).startswith("Error: no venue is called 'ICRL'")


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_pictures(graph: Path, form: str) -> None:
    pytest.importorskip("matplotlib", reason="pictures are an extra")
    signs = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for words in (["cooccurrence", graph], ["trends", graph, "CIFAR-10"]):
        result = run("report", *words, "--output", form)
        assert (result.exit_code, result.stdout_bytes[:4]) == (0, signs[form][:4])
        assert run("report", *words, "--output", form).stdout_bytes == result.stdout_bytes


def test_show_and_stats(graph: Path) -> None:
    card = run("show", graph, "cifar 10")
    assert (card.exit_code, card.stderr) == (0, "")
    assert card.stdout.startswith("CIFAR-10")
    assert "93.73% accuracy" in card.stdout
    numbers = run("show", graph, "MixMatch").stdout.partition("\nresults\n")[2]
    assert "“For example, on CIFAR-10 with 250 labeled examples" in numbers
    unknown = run("show", graph, "CIFAR-1O")
    assert unknown.exit_code == 1
    assert "CIFAR-10" in error(unknown)
    stats = run("stats", graph, "--output", "json")
    counts = json.loads(stats.stdout)
    assert (counts["papers"], counts["min_confidence"], counts["measured"]["confidence"]) == (15, 0.75, 0.75)
    worth = r"asserted from confidence 0\.75: on \d+ annotated papers [\d.]+% of such claims are right, and \d+% of "
    told = run("stats", graph).stdout
    assert re.search(worth, told)
    (source,) = counts["sources"]
    assert re.search(rf"(?m)^{source['sha256'][:12]} +listing-text +15 +15 +0 +0$", told)  # what --remove takes


def test_render(graph: Path, tmp_path: Path) -> None:
    page = tmp_path / "new" / "nanr.html"
    result = run("render", graph, "-o", page, "--kind", "dataset", "--kind", "method")
    assert result.exit_code == 0
    assert "ReMixMatch" in page.read_text("utf-8")
    assert run("render", graph, "-o", tmp_path).exit_code == 1
    empty = run("render", graph, "-o", page, "--min-papers", "99")
    warning = "Warning: nothing to draw: allow more kinds, or entities that fewer papers name\n"
    assert empty.exit_code == 0
    assert re.fullmatch(
        rf"{warning}0 of \d+ entities that 15 papers assert drawn in {re.escape(str(page))}\n", empty.stderr
    )


def test_validate(graph: Path, tmp_path: Path) -> None:
    result = run("validate", graph)
    assert (result.exit_code, result.stdout) == (0, f"{graph} conforms\n")
    broken = tmp_path / "broken.nt"
    text = run("query", graph, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "-o", "n-triples").stdout
    broken.write_text(
        "".join(line for line in text.splitlines(keepends=True) if "dc/terms/title>" not in line), "utf-8"
    )
    result = run("validate", broken)
    assert (result.exit_code, "conforms" in result.stdout) == (1, False)
    assert result.stdout.count("\n") >= 15


def test_evaluate(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    row: dict[str, Any] = {
        "title": "A",
        "abstract": "We evaluate on CIFAR-10.",
        "mentions": [{"field": "abstract", "start": 15, "end": 23, "type": "Dataset", "canonical": "CIFAR-10"}],
        "entities": [{"canonical": "CIFAR-10", "type": "Dataset", "relations": ["evaluatesOn"], "aliases": []}],
        "results": [],
    }
    gold.write_text(json.dumps(row), "utf-8")
    scores = json.loads(run("evaluate", gold, "--json").stdout)
    assert (scores["papers"], scores["found"]) == (1, 1)
    assert scores["mentions"]["Dataset"]["f1"] == 100.0
    assert scores["grounding"]["corpus"] == {"p": 100.0, "r": 100.0, "f1": 100.0, "gold": 1, "predicted": 1}
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text('{"title": "B"}\n', "utf-8")
    table = run("evaluate", gold, "--predicted", predicted)
    assert table.stdout.startswith("0 of 1 papers found\n")
    assert "mentions Dataset 0.00 0.00 0.00 1 0" in " ".join(table.stdout.split())
    page = tmp_path / "new" / "errors.html"
    listed = run("evaluate", gold, "--predicted", predicted, "--errors", page)
    assert f"3 mistakes listed in {page}" in " ".join(listed.stderr.split())
    assert page.read_text("utf-8").count('"verdict":"miss"') == 3
    absent = run("evaluate", tmp_path / "absent.jsonl")
    assert (absent.exit_code, "No such file" in error(absent)) == (1, True)


def test_hostile_text_is_printed_and_not_obeyed(hostile: Path) -> None:
    result = run("query", hostile, "SELECT ?name { ?x skos:prefLabel ?name }")
    assert "[red]bold[/red] \\x1b[31m \\u202eevil :smile:" in result.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("naïve “quoted”", "naïve “quoted”"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x9b31m", "\\x9b31m"),
        ("\u2066\u2028\ud800", "\\u2066\\u2028\\ud800"),
        ("\u0928\u200d\u0926", "\u0928\u200d\u0926"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


class Broken:
    """What stands in for a room that fails."""

    def __init__(self, failure: BaseException) -> None:
        self.failure = failure

    def __call__(self, *_: object) -> object:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (GraphError("g: damaged\x1b"), 1, "Error: g: damaged\\x1b"),
        (
            ZeroDivisionError("by\nzero"),
            1,
            "Error: ZeroDivisionError: by\\nzero: this is a bug: run again with --verbose",
        ),
        (PermissionError(13, "Permission denied", "g"), 1, "Error: g: Permission denied"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_whatever_fails_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, message: str
) -> None:
    monkeypatch.setattr("kg.cli.query.open_graph", Broken(failure))
    result = run("query", "g", "ASK {}")
    assert (result.exit_code, result.stderr, result.stdout) == (code, f"{message}\n" if message else "", "")


def test_verbose_shows_where_a_bug_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.cli.query.open_graph", Broken(ZeroDivisionError()))
    result = run("query", "g", "ASK {}", "--verbose")
    assert "Traceback (most recent call last)" in result.stderr
    assert result.stderr.endswith("Error: ZeroDivisionError: this is a bug: please report it with the lines above\n")


def test_a_closed_pipe_ends_in_silence(tmp_path: Path) -> None:
    place = tmp_path / "many.nt"
    kg.store.write(place, (f'<x:{number}> <x:p> "{"x" * 100}" .' for number in range(5000)))
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "query",
        str(place),
        "SELECT * { ?s ?p ?o }",
        "-o",
        "csv",
    ]
    ends = os.pipe()
    os.close(ends[0])
    done = subprocess.run(command, stdout=ends[1], stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(ends[1])
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_needs_no_heavy_library() -> None:
    heavy = "{'spacy', 'rdflib', 'pyvis'} & {*sys.modules}"
    script = f"import sys, kg.cli; kg.cli.cli(['--help'], standalone_mode=False); print(sorted({heavy}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8", timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_colours_in_a_pipe(graph: Path) -> None:
    command = [sys.executable, "-c", "from kg.cli import main; main()", "query", str(graph), TITLES]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert b"\x1b" not in done.stdout + done.stderr
