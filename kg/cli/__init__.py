"""The command `kg`: words become calls. Nothing else in the package prints."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.cli.app import cli

__all__ = ["cli", "main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command that the command line names, and exit; whoever stops it while it loads sees no traceback.

    Matrices are multiplied by one thread: papers are shared among processes instead, and the number of processors
    changes no digit of a confidence.
    """
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    try:
        from kg.cli.app import cli  # noqa: PLC0415 - loading takes long enough to be interrupted
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    cli(prog_name="kg")


def __getattr__(name: str) -> object:
    """Give `cli`, which is loaded when it is asked for."""
    if name != "cli":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg.cli.app import cli  # noqa: PLC0415 - as above

    return cli
