"""What a person decided comes out of the curation as it was decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.learn.curate import Evidence, curate, write
from kg.learn.decisions import Decisions, read
from kg.model import KINDS
from kg.ontology import VOCABULARIES

if TYPE_CHECKING:
    from pathlib import Path

RAW: list[tuple[str, str, str, tuple[str, ...], str]] = [
    ("pwc_tasks", "Task", "object detection", (), "https://linkedpaperswithcode.com/task/object-detection"),
    ("pwc_tasks", "Task", "3D object detection", (), "https://linkedpaperswithcode.com/task/3d-detection"),
    ("pwc_tasks", "Task", "object detecton", (), ""),
    ("pwc_tasks", "Task", "belief state tracking", (), ""),
    ("pwc_tasks", "Task", "state tracking", (), ""),
    ("pwc_methods", "Method", "active learning", (), ""),
    ("pwc_tasks", "Task", "active learning", (), ""),
]


def curated(place: Path, decisions: str, raw: list[tuple[str, str, str, tuple[str, ...], str]]) -> dict[str, str]:
    """The four files that come of some decisions and a raw list."""
    (place / "decisions.tsv").write_text(decisions, "utf-8")
    made = Decisions.of(read(place))
    write(curate(raw, [], Evidence({}, {}, Counter()), made), place, made)
    return {kind: (place / VOCABULARIES[kind]).read_text("utf-8") for kind in KINDS}


def test_exact_where_the_identifier_says_the_same(tmp_path: Path) -> None:
    tasks = curated(tmp_path, "", RAW)["Task"]
    assert "skos:exactMatch <https://linkedpaperswithcode.com/task/object-detection>" in tasks
    assert "skos:closeMatch <https://linkedpaperswithcode.com/task/3d-detection>" in tasks
    assert "skos:broader <https://w3id.org/ml-kg/task/object-detection>" in tasks


def test_close_takes_an_exact_match_back(tmp_path: Path) -> None:
    tasks = curated(tmp_path, "close\tTask\tobject detection\n", RAW)["Task"]
    assert "skos:closeMatch <https://linkedpaperswithcode.com/task/object-detection>" in tasks


def test_a_slip_is_mended_and_the_iri_stays(tmp_path: Path) -> None:
    tasks = curated(tmp_path, "rename\tTask\tobject spotting\tobject detecton\n", RAW)["Task"]
    assert (
        '<https://w3id.org/ml-kg/task/object-detecton> a kg:Task, skos:Concept ;\n  skos:prefLabel "object spotting"'
        in tasks
    )
    assert "altLabel" not in tasks


def test_what_is_broader_is_decided(tmp_path: Path) -> None:
    tasks = curated(
        tmp_path, "broader\tTask\tbelief state tracking\nbroader\tTask\tstate tracking\tobject detection\n", RAW
    )
    assert tasks["Task"].count("skos:broader") == 2
    assert "broader <https://w3id.org/ml-kg/task/state-tracking>" not in tasks["Task"]


def test_merge_and_drop(tmp_path: Path) -> None:
    tasks = curated(tmp_path, "merge\tTask\tobject detection\tOD|object detecton\ndrop\tTask\tstate tracking\t\n", RAW)
    assert 'skos:altLabel "OD", "object detecton"' in tasks["Task"]
    assert '"state tracking"' not in tasks["Task"]


def test_a_name_is_in_a_second_kind_by_decision_only(tmp_path: Path) -> None:
    assert '"active learning"' not in curated(tmp_path, "", RAW)["Task"]
    both = curated(tmp_path, "add\tTask\tactive learning\t\nadd\tMethod\tactive learning\t\n", RAW)
    assert all('"active learning"' in both[kind] for kind in ("Task", "Method"))


def test_only_what_was_found_outside_the_annotated_papers_is_ours(tmp_path: Path) -> None:
    tasks = curated(tmp_path, "add\tTask\tpolyp counting\t\nmerge\tTask\tstate tracking\tST\n", RAW)["Task"]
    assert tasks.count('dcterms:source "kg"') == 1
    assert 'dcterms:source "pwc_tasks"' in tasks
