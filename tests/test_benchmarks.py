"""The benchmark of the claims counts as `kg evaluate` does; that of the build goes on where it was stopped."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.asserted import LEAST, worth
from kg.claims.signs import rows
from kg.learn.evaluate import paired, score
from kg.learn.scores import Score
from tests.test_evaluate import claim, entity, mention, write

if TYPE_CHECKING:
    from kg.learn.evaluate import Pair


def benchmark(name: str) -> Any:
    spec = spec_from_file_location(name, Path(__file__).parents[1] / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def claims() -> Any:
    return benchmark("claims")


@pytest.fixture
def pairs(tmp_path: Path) -> list[Pair]:
    gold = [
        {
            "title": "A",
            "mentions": [mention(0, 1, canonical="MNIST"), mention(2, 3, canonical="MNIST")],
            "entities": [entity("MNIST", "Dataset", "evaluatesOn"), entity("GAN", "Method", "uses")],
        },
        {"title": "B", "entities": [entity("SVM", "Method", "uses")]},
    ]
    said = [
        {
            "title": "A",
            "mentions": [mention(0, 1, iri="x", text="MNIST"), mention(2, 3, iri="x", text="digits")],
            "claims": [
                claim("evaluatesOn", "Dataset", "MNIST") | {"confidence": 0.9},
                claim("uses", "Dataset", "MNIST") | {"confidence": 0.6},
                claim("uses", "Method", "GAN") | {"confidence": 0.75},
                claim("mentions", "Method", "net") | {"confidence": 0.99},
            ],
        }
    ]
    return paired(write(tmp_path / "gold.jsonl", gold), said)


@pytest.mark.parametrize(
    ("least", "found"), [(0.0, Score(2, 1, 1)), (0.75, Score(2, 0, 1)), (0.76, Score(1, 0, 2)), (1.0, Score(0, 0, 3))]
)
def test_claims_from_a_confidence_on(claims: Any, pairs: list[Pair], least: float, found: Score) -> None:
    assert sum(claims.asserted(pairs, least), Score()) == found


def test_papers_add_up_to_the_scores(claims: Any, pairs: list[Pair]) -> None:
    whole = score(pairs)
    for (measure, group), papers in claims.counts(pairs).items():
        assert sum(papers, Score()) == getattr(whole, measure)[group]
    found = claims.agreements(pairs)
    assert {len(papers) for papers in found.values()} == {2}
    assert [found["grounding", group][0].whole for group in ("corpus", "corpus, names alone")] == [2.0, 1.0]


def test_it_prints_intervals(claims: Any, pairs: list[Pair], capsys: pytest.CaptureFixture[str]) -> None:
    claims.report(pairs)
    printed = capsys.readouterr().out
    assert "  claims all                       P  66.7 [" in printed
    assert "    0.90  1.00  1\n" in printed


def test_it_writes_what_is_read(claims: Any, pairs: list[Pair], tmp_path: Path) -> None:
    claims.write(pairs, tmp_path / "asserted.tsv")
    lines = (tmp_path / "asserted.tsv").read_text("utf-8").splitlines()
    found = [line.split("\t") for line in lines if not line.startswith("#")]
    at = [row for row in found if row[1] == "0.75"]
    assert [sum(int(row[column]) for row in at) for column in (2, 3, 4)] == [2, 2, 3]
    assert {row[5] for row in found} == {"2"}
    assert [row[:2] for row in found] == [row[:2] for row in rows("asserted.tsv")]


def test_the_shipped_table_can_be_right() -> None:
    table = [worth(step / 20) for step in range(20)]
    assert [row.confidence for row in table if row] == [step / 20 for step in range(20)]
    recalls = [row.recall for row in table if row]
    assert recalls == sorted(recalls, reverse=True)
    assert all(row and 0 < row.precision <= 100 and row.papers for row in table)


def test_claims_are_asserted_from_the_lowest_confidence_at_which_85_of_100_are_right() -> None:
    table = [row for step in range(20) if (row := worth(step / 20)) is not None]
    assert min(row.confidence for row in table if row.precision >= 85) == LEAST


def test_the_build_is_measured_once_for_each_number_of_papers_and_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module, asked = benchmark("build"), list[tuple[int, int]]()

    def measure(_: Path, papers: int, jobs: int) -> dict[str, Any]:
        asked.append((papers, jobs))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return dict.fromkeys(module.COLUMNS, 1) | {"papers": papers, "jobs": jobs, "seconds": 2.5, "more": ""}

    source = tmp_path / "papers.jsonl"
    source.write_text("{}\n" * 30, "utf-8")
    monkeypatch.setattr(module, "measure", measure)
    given = ["build.py", str(source), "--sizes", "10", "40", "all", "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", given)
    with pytest.raises(KeyboardInterrupt):
        module.main()
    module.main()
    assert asked == [(10, 1), (10, 2), (30, 1), (30, 1), (30, 2)]
    assert len(capsys.readouterr().out.splitlines()) == 5, "the head and four builds"
    assert [row["seconds"] for row in module.measured(tmp_path / "out.csv")] == [2.5] * 4
