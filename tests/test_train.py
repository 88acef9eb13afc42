"""Training on abstracts of our own writing: it can be stopped, and what it ships reads as what was trained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.marked import abstracts

pytest.importorskip("torch", reason="the extra train is not installed")

from kg.errors import KgError, SourceError
from kg.extract.decode import TAGS
from kg.learn import train as learn
from kg.learn.crf import Chain
from kg.learn.examples import batch_of, example, spellings_of, unknown_names
from kg.learn.network import Tagger

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = {"width": 16, "epochs": 3, "patience": 9, "warm_up": 2, "aside": 3}
CONFIG = Path(learn.__file__).with_name("default.toml")


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in abstracts()), "utf-8")
    return path


def config(**more: object) -> dict[str, Any]:
    return {**learn.configuration(CONFIG), **SMALL, **more}


def test_training_that_was_stopped_goes_on_as_if_it_had_not_been(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = learn.train(config(), learn.Options([papers], papers, tmp_path / "whole"), quiet)

    def stop(state: Any, folder: Path, save: Callable[[Any, Path], None] = learn._save) -> None:
        save(state, folder)
        if state.epoch == 2:
            raise KeyboardInterrupt

    options = learn.Options([papers], papers, tmp_path / "halves")
    with monkeypatch.context() as patch:
        patch.setattr(learn, "_save", stop)
        with pytest.raises(KeyboardInterrupt):
            learn.train(config(), options, quiet)
    halves = learn.train(config(), options, quiet)
    assert whole.config == halves.config
    assert all(np.array_equal(whole.weights[name], halves.weights[name]) for name in whole.weights)
    epochs = [json.loads(line)["epoch"] for line in (tmp_path / "halves" / "log.jsonl").read_text("utf-8").splitlines()]
    assert epochs == [1, 2, 3]
    with pytest.raises(KgError, match="made with another configuration"):
        learn.train(config(width=8), options, quiet)
    with pytest.raises(KgError, match="or other papers"):
        learn.train(config(), learn.Options([papers, papers], papers, tmp_path / "halves"), quiet)


def test_the_shipped_network_scores_as_the_trained_one() -> None:
    examples = [example(row) for row in abstracts()[:2]]
    spellings = {each: number for number, each in enumerate(spellings_of(examples, 50), start=1)}
    tagger = Tagger(config(), examples[0].vectors.shape[1], len(spellings)).eval()
    trained = tagger(batch_of(examples, spellings, "cpu")).detach().numpy()
    for number, each in enumerate(examples):
        shipped = learn.Reader(tagger, spellings).network.scores(each.row)
        assert shipped == pytest.approx(trained[number, : len(shipped)], abs=0.01)


def test_the_loss_is_that_of_all_paths_less_the_allowed_ones() -> None:
    import torch  # noqa: PLC0415 - of the extra

    torch.manual_seed(0)
    chain = Chain()
    for each in chain.parameters():
        torch.nn.init.normal_(each, 0, 0.3)
    scores = torch.randn(2, 6, len(chain.first), dtype=torch.float64, requires_grad=True)
    may, mask = torch.ones_like(scores), torch.ones(2, 6)
    may[:, 2, 1:], mask[1, 4:] = 0, 0
    chain.double()
    assert torch.autograd.gradcheck(lambda s: chain.loss(s, may, mask), scores, atol=1e-5)
    assert chain.loss(scores, torch.ones_like(scores), mask).item() == pytest.approx(0, abs=1e-6)


def test_an_optional_name_is_left_open() -> None:
    row = {"title": "A", "abstract": "We use BERT.", "mentions": [
        {"field": "abstract", "start": 7, "end": 11, "type": "Method", "optional": True},
    ]}  # fmt: skip
    assert example(row).may.sum(axis=1).tolist() == [1, 1, 1, len(TAGS), 1]


def test_a_name_that_only_this_paper_and_one_more_mark_is_unknown_in_it() -> None:
    mention = {"field": "title", "start": 0, "end": 9, "type": "Dataset"}
    rows = [{"title": f"50 Salads {number}", "abstract": "", "mentions": [mention]} for number in range(3)]
    assert "50salad" in unknown_names(rows[:2])(rows[0])
    assert "50salad" not in unknown_names(rows)(rows[0])
    assert "50salad" not in unknown_names(rows[:2])({"mentions": []})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", 'paper 1 has no "title"'),
        ('{"title": "A"}', 'paper 1 has no "abstract"'),
        ('{"title": "A", "abstract": "B", "mentions": [{}]}', "paper 1: an item of"),
        (
            '{"title": "A", "abstract": "B", "mentions": [{"field": "title", "start": 0, "end": 1, "type": "X"}]}',
            "no kind",
        ),
        ("[]", "not a JSON object"),
        ("", "empty"),
    ],
)
def test_what_is_no_annotated_paper_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=told):
        learn.train(config(), learn.Options([path], None, tmp_path / "out"), quiet)
