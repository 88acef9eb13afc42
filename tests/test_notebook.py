"""The notebook of examples/ shows what it gives when it is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.notebook import execute, outputs

TOUR = Path(__file__).parents[1] / "examples" / "tour.ipynb"


@pytest.mark.filterwarnings("ignore")  # of the libraries that run notebooks
def test_the_tour_gives_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(TOUR.parents[1]))
    shown = nbformat.read(TOUR, as_version=4)
    assert outputs(execute(TOUR)) == outputs(shown)


def test_the_tour_is_small_and_whole() -> None:
    text = TOUR.read_text("utf-8")
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(text) < 60_000
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert sum(bool(cell["outputs"]) for cell in code) >= 6
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]
