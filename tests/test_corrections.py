"""Corrections by people: as a file, on entities and claims, and through the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from click.testing import CliRunner

from kg.claims import corpus
from kg.cli import cli
from kg.errors import CorrectionError
from kg.extract.texts import text_of
from kg.ground.corrections import Correction, check, line, parse
from kg.ground.entities import ground
from kg.model import KINDS, Kind, Mention, Reading
from kg.store import corrections as file
from kg.store import open_graph
from tests.papers import paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

    from kg.claims.corpus import Corpus

PAPERS = Path(__file__).parents[1] / "examples" / "papers.jsonl"

ABSTRACT = "We use a wobbly network (WN) and Foobar. Our approach, BarNet, is evaluated on CIFAR10 data and MNIST."
NAMES: tuple[tuple[str, Kind], ...] = (
    ("wobbly network", "Method"),
    ("WN", "Method"),
    ("Foobar", "Method"),
    ("Our approach", "Method"),
    ("BarNet", "Method"),
    ("CIFAR10 data", "Dataset"),
    ("MNIST", "Dataset"),
)


def run(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], input=stdin)


def corrections(text: str) -> list[Correction]:
    """Corrections written with a bar where a file has a tab."""
    return parse(text.replace("|", "\t"), "c.tsv")


def corrected(text: str, tasks: tuple[str, ...] = ()) -> Corpus:
    """A corpus of one paper with hand-made mentions, after corrections."""
    one = paper("A Study", ABSTRACT, tasks=tasks)
    body = text_of(one, "abstract")
    marked = []
    for name, kind in NAMES:
        start = ABSTRACT.index(name if name != "WN" else "(WN") + (name == "WN")
        marked.append(Mention(body, start, start + len(name), name, kind, 0.9, "tagger"))
    return corpus.read([corpus.alone(one, marked)], corrections(text))


def named(found: Corpus) -> dict[str, tuple[str, str]]:
    """The kind and label of the entity of each name in the text."""
    (reading,) = found.readings
    return {mention.surface: (entity.kind, entity.label) for mention, entity in reading.linked}


def said(found: Corpus) -> dict[tuple[str, str], float]:
    (reading,) = found.readings
    return {(claim.predicate, claim.entity.label): claim.confidence for claim in reading.claims}


@pytest.mark.parametrize(
    "text",
    [
        "merge|Dataset|CIFAR10 data|CIFAR-10|why",
        "reject|Method|our approach|no name",
        "reject|key:1|uses|Method|Foobar|not so",
        "accept|key:1|uses|Method|Foobar|table 2",
    ],
)
def test_a_line_is_read_as_it_is_written(text: str) -> None:
    (found,) = corrections(f"# a comment\n\n{text}\n")
    assert line(found) == text.replace("|", "\t")
    assert found.where == "c.tsv:3"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("join|Task|A|B|why", "c.tsv:2: no action 'join': use one of merge, split, rename, retype, reject, accept"),
        ("merge|Task|A|B", "c.tsv:2: merge needs KIND NAME OTHER REASON, parted by tabs"),
        ("merge|Task|A||why", "c.tsv:2: merge needs KIND NAME OTHER REASON, parted by tabs"),
        (
            "reject|Task",
            "c.tsv:2: reject needs KIND NAME REASON or PAPER PREDICATE KIND NAME REASON, parted by tabs",
        ),
        ("rename|task|A|B|why", "c.tsv:2: no kind 'task': use one of Method, Dataset, Task, Metric"),
        ("retype|Task|A|Idea|why", "c.tsv:2: no kind 'Idea': use one of Method, Dataset, Task, Metric"),
        ("accept|p:1|likes|Task|A|why", "c.tsv:2: no predicate 'likes': use one of proposes, uses, "),
        ("accept|p:1|uses|Task|A|why", "c.tsv:2: uses leads to no Task"),
    ],
)
def test_a_line_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(CorrectionError) as raised:
        corrections(f"# corrections\n{text}\n")
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("merge|Task|A|B|x", "merge|Task|B|A|y"),
        ("merge|Task|A|B|x\nmerge|Task|B|C|x", "merge|Task|C|A|y"),
        ("merge|Task|A|B|x", "merge|Task|A|C|y"),
        ("merge|Task|A|B|x", "split|Task|A|B|y"),
        ("rename|Task|A|B|x", "rename|Task|a|C|y"),
        ("retype|Task|A|Method|x", "retype|Task|A|Metric|y"),
        ("reject|p:1|uses|Method|A|x", "accept|p:1|uses|Method|A|y"),
        ("reject|Method|A|x", "accept|p:1|uses|Method|A|y"),
    ],
)
def test_contradictions(one: str, other: str) -> None:
    lines = f"{one}\n{other}".split("\n")
    with pytest.raises(CorrectionError, match=rf"^c\.tsv:{len(lines)}: “.*” contradicts “.*” \(c\.tsv:\d\): keep one"):
        check(corrections("\n".join(lines)))


def test_what_contradicts_nothing() -> None:
    check(corrections("merge|Task|A|B|x\nmerge|Method|B|A|x\nreject|p:1|uses|Method|A|x\naccept|p:2|uses|Method|A|x"))


def test_merge() -> None:
    found = corrected("merge|Method|Foobar|BarNet|the same")
    assert named(found)["Foobar"] == ("Method", "BarNet")
    (entity,) = {entity for _, entity in found.readings[0].linked if entity.label == "BarNet"}
    assert entity.aliases == ("Foobar",)
    assert found.corrected.replaced == {"https://w3id.org/ml-kg/method/foobar": "https://w3id.org/ml-kg/method/barnet"}
    assert found.corrected.notes == {entity.iri: ["'Foobar' merged into it by correction: the same"]}
    assert "Foobar" not in {label for _, label in said(found)}


def test_merges_in_a_row_lead_to_the_last() -> None:
    found = corrected("merge|Method|Foobar|BarNet|x\nmerge|Method|BarNet|wobbly network|x")
    assert {label for _, label in (named(found)[name] for name in ("Foobar", "BarNet", "WN"))} == {"wobbly network"}
    assert set(found.corrected.replaced.values()) == {"https://w3id.org/ml-kg/method/wobblynetwork"}


def test_merge_into_what_only_the_vocabulary_has() -> None:
    found = corrected("merge|Dataset|MNIST|ImageNet|x")
    assert named(found)["MNIST"] == ("Dataset", "ImageNet")
    assert "MNIST" not in {entity.label for entity in found.corrected.vocabulary()}


def test_split() -> None:
    assert named(corrected(""))["WN"] == ("Method", "wobbly network")
    found = corrected("split|Method|WN|wobbly network|another thing")
    assert named(found)["WN"] == ("Method", "WN")
    entities = {entity.label: entity for _, entity in found.readings[0].linked}
    assert entities["wobbly network"].aliases == ()
    assert entities["WN"].iri != entities["wobbly network"].iri


def test_rename_keeps_the_address_even_of_a_curated_entity() -> None:
    before, after = corrected(""), corrected("rename|Dataset|MNIST|Digits|x")
    assert named(after)["MNIST"] == ("Dataset", "Digits")
    addresses = [
        next(entity.iri for mention, entity in each.readings[0].linked if mention.surface == "MNIST")
        for each in (before, after)
    ]
    assert addresses[0] == addresses[1]
    (curated,) = [entity for entity in after.corrected.vocabulary() if entity.iri == addresses[0]]
    assert (curated.label, "MNIST" in curated.aliases) == ("Digits", True)


def test_retype_changes_what_is_said() -> None:
    found = corrected("retype|Method|Foobar|Task|x")
    assert named(found)["Foobar"] == ("Task", "Foobar")
    assert {mention.kind for mention, entity in found.readings[0].linked if entity.label == "Foobar"} == {"Task"}
    assert {predicate for predicate, label in said(found) if label == "Foobar"} <= {"addresses", "mentions"}
    assert found.corrected.replaced["https://w3id.org/ml-kg/method/foobar"].endswith("/task/foobar")


def test_reject_a_name() -> None:
    found = corrected("reject|Method|our approach|no name\nreject|Method|WN|no name either")
    assert "Our approach" not in named(found)
    assert "WN" not in named(found)
    assert named(found)["wobbly network"] == ("Method", "wobbly network")
    assert not {label for _, label in said(found)} & {"Our approach", "our approach", "WN"}


def test_a_declared_task_is_corrected_too() -> None:
    assert ("addresses", "foo sorting") in said(corrected("", tasks=("Foo Sorting",)))
    found = corrected("rename|Task|foo sorting|sorting of foos|x", tasks=("Foo Sorting",))
    assert ("addresses", "sorting of foos") in said(found)
    assert not [
        label for _, label in said(corrected("reject|Task|Foo Sorting|x", tasks=("Foo Sorting",))) if "oo s" in label
    ]


def test_reject_a_claim_leaves_a_mention() -> None:
    before = said(corrected(""))
    predicates = [predicate for predicate, label in before if label == "MNIST"]
    assert predicates == ["evaluatesOn"]
    after = said(corrected("reject|key:1|evaluatesOn|Dataset|MNIST|x"))
    assert [predicate for predicate, label in after if label == "MNIST"] == ["mentions"]


def test_accept_a_claim() -> None:
    found = corrected("accept|key:1|comparesWith|Method|Foobar|x\naccept|key:1|addresses|Task|evaluated|x")
    (reading,) = found.readings
    claims = {(claim.predicate, claim.entity.label): claim for claim in reading.claims}
    claim, word = claims["comparesWith", "Foobar"], claims["addresses", "evaluated"]
    assert (claim.confidence, claim.extractor) == (1.0, "correction")
    assert claim.sentence is not None
    assert claim.sentence.quote == ABSTRACT.partition(". ")[0] + "."
    assert word.mention is not None
    assert word.mention.quote == "evaluated"
    assert found.idle == []


def test_accept_what_no_text_says() -> None:
    (reading,) = corrected("accept|key:1|evaluatesOn|Dataset|SVHN|table 2").readings
    (claim,) = [claim for claim in reading.claims if claim.entity.label == "SVHN"]
    assert (claim.declared, claim.sentence) == (True, None)


@pytest.mark.parametrize(
    "text",
    [
        "merge|Method|Nothing|BarNet|x",
        "split|Method|Foobar|BarNet|x",
        "split|Method|BarNet|BarNet|x",
        "rename|Task|BarNet|B|x",
        "retype|Task|BarNet|Method|x",
        "reject|Method|MNIST|x",
        "reject|key:1|proposes|Dataset|MNIST|x",
        "accept|key:2|uses|Dataset|MNIST|x",
    ],
)
def test_what_finds_nothing_changes_nothing_and_is_told(text: str) -> None:
    found = corrected(text)
    assert [line(each) for each in found.idle] == [text.replace("|", "\t")]
    assert found.readings == corrected("").readings


def test_the_file_keeps_comments_and_order(tmp_path: Path) -> None:
    graph = tmp_path / "x.ttl"
    place = file.corrections_file(graph)
    assert place == tmp_path / "x.ttl.corrections.tsv"
    one, two = corrections("merge|Task|A|B|x\nreject|Task|C|y")
    assert (file.add(graph, one), file.add(graph, two), file.add(graph, one)) == (1, 2, 1)
    place.write_text("# mine\n" + place.read_text("utf-8"), "utf-8")
    assert file.remove(graph, 1) == one
    assert file.load(place) == [two]
    assert place.read_text("utf-8").startswith("# mine\n# Corrections")
    with pytest.raises(CorrectionError, match=r"^no correction 2: there is 1: kg fix .* list shows them$"):
        file.remove(graph, 2)


@pytest.fixture(scope="module")
def shared_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of the example records, for tests that only read it."""
    place = tmp_path_factory.mktemp("fix") / "g.kg"
    result = run("build", PAPERS, "--graph", place)
    assert result.exit_code == 0, result.stderr
    return place


def label_of(graph: Path, kind: Kind) -> str:
    rows = open_graph(graph).select(f"SELECT ?n {{ ?e a kg:{kind} ; skos:prefLabel ?n }} ORDER BY ?n")
    return str(rows[0]["n"])


def test_refused_where_the_graph_has_nothing_of_the_name(shared_graph: Path) -> None:
    result = run("fix", shared_graph, "rename", "method", "Nothing Like It", "X", "--reason", "x")
    assert result.exit_code == 1
    assert "no Method is called 'Nothing Like It'" in result.stderr
    assert "nothing was written (--force writes it anyway)" in result.stderr
    assert not file.corrections_file(shared_graph).exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("merge", "method", "A", "B"), "Error: Missing option '--reason'."),
        (("reject", "method", "--reason", "x"), "Error: Give KIND NAME, or PAPER PREDICATE KIND NAME."),
        (("accept", "p", "likes", "method", "A", "--reason", "x"), "Error: 'likes' is no predicate: choose from "),
        (("accept", "p", "uses", "task", "A", "--reason", "x"), "Error: uses leads to no Task."),
        (("rename", "method", "A", "B", "--reason", " "), "Error: rename needs KIND NAME OTHER REASON"),
        (("reject", "idea", "A", "--reason", "x"), "Error: Invalid value: 'idea' is not one of 'method'"),
    ],
)
def test_a_wrong_command_line(shared_graph: Path, words: tuple[str, ...], message: str) -> None:
    result = run("fix", shared_graph, *words)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(message)


def test_fix_build_show_undo(tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    assert run("build", PAPERS, "--graph", graph).exit_code == 0
    before = list(open_graph(graph).lines())
    old = label_of(graph, "Method")
    fixed = run("fix", graph, "rename", "method", old, "New\tName", "--reason", "said\nso")
    assert fixed.stdout == f"rename · Method · {old} · New Name · said so\n"
    assert f"kg build --graph {graph} applies it" in fixed.stderr
    assert list(open_graph(graph).lines()) == before
    assert run("build", "--graph", graph).exit_code == 0
    shown = run("show", graph, "New Name").stdout
    assert f"renamed from '{old}' by correction: said so" in shown
    assert run("validate", graph).exit_code == 0
    refused = run("fix", graph, "rename", "method", "New Name", "Other", "--reason", "x")
    assert refused.exit_code == 0, refused.stderr  # another name than before: no contradiction
    assert "2 corrections in" in run("fix", graph, "list").stderr
    assert run("fix", graph, "undo", 2).stdout.startswith("rename · Method · New Name · Other")
    assert run("fix", graph, "undo", 1).exit_code == 0
    assert run("build", "--graph", graph).exit_code == 0
    assert list(open_graph(graph).lines()) == before


def test_the_same_corrections_give_the_same_graph(tmp_path: Path) -> None:
    shared = tmp_path / "shared.tsv"
    shared.write_text("rename\tDataset\tMNIST\tDigits\tx\nretype\tMethod\tNothing\tTask\tx\n", "utf-8")
    first = run("build", PAPERS, "--graph", tmp_path / "a.nt", "--corrections", shared)
    assert f"Warning: {shared}:2: there was nothing to retype: Nothing" in first.stderr
    assert run("build", PAPERS, "--graph", tmp_path / "b.kg", "--corrections", shared).exit_code == 0
    assert run("build", "--graph", tmp_path / "b.kg").exit_code == 0  # with its copy of the shared ones
    lines = (tmp_path / "a.nt").read_text("utf-8").splitlines()
    assert sorted(lines) == list(open_graph(tmp_path / "b.kg").lines())
    assert [each for each in lines if " corrections=" in each]


def test_corrections_of_an_rdf_file_stand_beside_it(tmp_path: Path) -> None:
    graph = tmp_path / "x.nt"
    assert run("build", PAPERS, "--graph", graph).exit_code == 0
    name = label_of(graph, "Method")
    fixed = run("fix", graph, "reject", "method", name, "--reason", "no name")
    assert f"correction 1 in {graph}.corrections.tsv" in fixed.stderr
    assert run("build", PAPERS, "--graph", graph, "--fresh").exit_code == 0
    assert label_of(graph, "Method") != name


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--graph", "{}/new.kg"), "{}/new.kg keeps no papers to build anew: name the files of papers"),
        (("--graph", "{}/new.ttl"), "{}/new.ttl keeps no papers to build anew: name the files of papers"),
        ((str(PAPERS), "--graph", "{}/g.kg", "--corrections", "{}/no.tsv"), "{}/no.tsv: no such file: check the name"),
        (
            (str(PAPERS), "--graph", "{}/g.kg", "--corrections", "{}/bad.tsv"),
            "{}/bad.tsv:1: no action 'nonsense': use one of merge, split, rename, retype, reject, accept",
        ),
    ],
)
def test_builds_that_cannot_be(tmp_path: Path, words: Sequence[str], message: str) -> None:
    (tmp_path / "bad.tsv").write_text("nonsense\n", "utf-8")
    result = run("build", *(word.format(tmp_path) for word in words))
    assert (result.exit_code, result.stderr) == (1, f"Error: {message.format(tmp_path)}\n")
    assert not (tmp_path / "new.kg").exists()


def test_review_writes_what_is_decided(tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    assert run("build", PAPERS, "--graph", graph).exit_code == 0
    result = run("review", graph, "--predicate", "uses", "--limit", 3, stdin="a\nwhat\nr\n")
    assert result.exit_code == 0, result.stderr
    assert "2 of 3 decided; kg build --graph" in result.stderr
    assert "'what' is none of a, r, s and q" in result.stderr
    first, second = file.load(file.corrections_file(graph))
    assert (first.action, second.action, first.predicate, first.reason) == (
        "accept",
        "reject",
        "uses",
        "read in kg review",
    )
    assert "»" in result.stdout
    assert "[1/3] uses · Method · " + first.name in result.stdout
    again = run("review", graph, "--predicate", "uses", "--limit", 1, stdin="q\n").stdout
    assert first.name not in again.partition(" · confidence")[0]
    assert run("build", "--graph", graph).exit_code == 0
    assert run("validate", graph).exit_code == 0
    assert "there was nothing" not in run("build", "--graph", graph).stderr


def test_what_was_decided_before_an_interrupt_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = tmp_path / "g.kg"
    assert run("build", PAPERS, "--graph", graph).exit_code == 0
    answers = iter(["accept"])

    def answer() -> str:
        for word in answers:
            return word
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.cli.review._answer", answer)
    assert run("review", graph).exit_code != 0
    assert len(file.load(file.corrections_file(graph))) == 1


def test_an_update_applies_the_corrections_to_old_and_new_papers(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"title": "On Digits", "abstract": "We evaluate on MNIST."}\n', "utf-8")
    for name, builds in (("a.kg", [[PAPERS], [other]]), ("b.kg", [[other, PAPERS]])):
        run("build", *builds[0], "--graph", tmp_path / name)
        file.add(tmp_path / name, Correction("rename", "Dataset", "MNIST", "all say so", "Digits"))
        for paths in builds:
            assert run("build", *paths, "--graph", tmp_path / name).exit_code == 0
    first, second = (list(open_graph(tmp_path / name).lines()) for name in ("a.kg", "b.kg"))
    assert first == second
    assert '"Digits"' in "\n".join(first)


def test_review_asks_first_about_what_is_nearest_to_the_threshold(shared_graph: Path) -> None:
    shown = run("review", shared_graph, "--predicate", "uses", stdin="s\n" * 20).stdout
    confidences = [float(part.split("\n")[0]) for part in shown.split("confidence ")[1:]]
    assert len(confidences) > 2
    assert confidences == sorted(confidences, key=lambda value: abs(value - 0.75))


@pytest.mark.parametrize("kind", KINDS)
def test_review_of_one_kind(shared_graph: Path, kind: Kind) -> None:
    shown = run("review", shared_graph, "--kind", kind.lower(), stdin="s\n" * 20).stdout
    others: set[Literal["Method", "Dataset", "Task", "Metric"]] = {*KINDS} - {kind}
    assert not [other for other in others if f" · {other} · " in shown or f"the {other} " in shown]


def test_names_that_were_merged_are_asked_about(tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_text(
        '{"title": "A study", "abstract": "We propose zorp attention networks (ZAN) for image classification. '
        'Our ZAN beats ResNet on ImageNet."}\n',
        "utf-8",
    )
    graph = tmp_path / "g.kg"
    assert run("build", source, "--graph", graph).exit_code == 0
    shown = run("review", graph, "--kind", "method", stdin="r\n" * 9)
    assert "is 'ZAN' the Method 'zorp attention network'?" in shown.stdout
    splits = [each for each in file.load(file.corrections_file(graph)) if each.action == "split"]
    assert [(each.name, each.other) for each in splits] == [("ZAN", "zorp attention network")]
    assert run("build", "--graph", graph).exit_code == 0
    rows = open_graph(graph).select("SELECT ?n { ?e a kg:Method ; skos:prefLabel ?n } ORDER BY ?n")
    assert "ZAN" in [row["n"] for row in rows]


def test_ground_is_as_before_without_corrections() -> None:
    found = corrected("")
    one = paper("A Study", ABSTRACT)
    (reading,) = found.readings
    assert isinstance(reading, Reading)
    assert [entity.iri for _, entity in ground([mention for mention, _ in reading.linked])] == [
        entity.iri for _, entity in reading.linked
    ]
    assert reading.paper == one
