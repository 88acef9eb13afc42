"""`kg train`: the shipped models, made anew from annotated papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.console import say
from kg.cli.options import Command
from kg.errors import KgError
from kg.extras import install

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["train"]

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("annotated", nargs=-1, required=True, type=_PATH)
@click.option("--dev", type=_PATH, help="Annotated papers that are scored after each epoch and never trained on.")
@click.option(
    "--config",
    type=_PATH,
    default=Path(__file__).parents[1] / "learn" / "default.toml",
    help="The configuration, as default.toml and accurate.toml in kg/learn are.",
)
@click.option("--output", "-o", type=_PATH, required=True, help="The folder for the model, its log and its checkpoint.")
@click.option("--fresh", is_flag=True, help="Begin anew, and do not go on from the checkpoint in the folder.")
@click.option("--most", type=click.IntRange(min=1), help="Train on so many papers at most, for a learning curve.")
@click.option("--threads", type=click.IntRange(min=1), help="How many threads compute; all processors unless set.")
def train(
    *,
    annotated: Sequence[Path],
    dev: Path | None,
    config: Path,
    output: Path,
    fresh: bool,
    most: int | None,
    threads: int | None,
) -> None:
    r"""Train a model on annotated papers.

    ANNOTATED has one JSON object a line: title, abstract, mentions. Training that was stopped goes on from its
    checkpoint. Needs the extra `train`; uses a GPU where there is one.

    \b
    Example:
      kg train train.jsonl --dev dev.jsonl --output models
    """
    try:
        from kg.learn import train as learn  # noqa: PLC0415 - heavy, and an extra
    except ImportError as error:
        raise KgError(f"{error.name} is not installed: {install('train')}") from error
    if threads:
        learn.use_threads(threads)
    options = learn.Options(annotated, dev, output, fresh=fresh, most=most)
    learn.train(learn.configuration(config), options, say)
    say(f"the model is in {output}: copy its files into kg/models to ship it")
