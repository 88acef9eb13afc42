"""Running a notebook of examples/: `python -m tests.notebook examples/tour.ipynb` writes what it gives into it."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

__all__ = ["execute", "outputs"]


def execute(path: Path) -> Any:
    """The notebook with what its cells give when they are run in its directory, with nothing in it that changes."""
    import nbformat  # noqa: PLC0415 - only where notebooks are run
    from nbclient import NotebookClient  # noqa: PLC0415 - as above

    notebook = nbformat.read(path, as_version=4)
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(
        made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    made.metadata = notebook.metadata
    for cell in made.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html", "")
            if html:  # what pandas writes in HTML depends on its version
                del output.data["text/html" if "dataframe" in html else "text/plain"]
    return made


def outputs(notebook: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """The cells with what they give."""
    return [
        (cell.source, [dict(output.get("data", {"text": output.get("text")})) for output in cell.get("outputs", ())])
        for cell in notebook.cells
    ]


if __name__ == "__main__":
    import nbformat

    for name in sys.argv[1:]:
        nbformat.write(execute(Path(name)), name)
