"""Options that the reports share: which papers, and what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import click

from kg.cli.options import kind_of
from kg.model import PREDICATES
from kg.report.matrices import SIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["SIDE", "filters", "said", "years"]

#: What the rows or columns of a report may be.
SIDE: Final = click.Choice([side.lower() for side in SIDES], case_sensitive=False)
_YEARS: Final = re.compile(r"([0-9]{4})?(:)?([0-9]{4})?")


def years(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int | None, int | None]:
    """Read 2020, 2018:2024, 2018: or :2024."""
    match = _YEARS.fullmatch(value or ":")
    if match is None or not (match[1] or match[2]):
        raise click.BadParameter(f"{value!r} is not of the form 2020, 2018:2024, 2018: or :2024")
    first, last = (int(year) if year else None for year in (match[1], match[3]))
    return first, last if match[2] else first


def said(_: click.Context, __: click.Parameter, value: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read dataset=evaluatesOn and method=proposes,uses."""
    found: dict[str, tuple[str, ...]] = {}
    for item in value:
        kind, _sign, names = item.partition("=")
        chosen = tuple(name.strip() for name in names.split(",") if name.strip())
        if kind_of(kind.strip()) not in SIDES or not chosen:
            raise click.BadParameter(f"{item!r} is not of the form KIND=PREDICATE,PREDICATE")
        for name in chosen:
            if name not in PREDICATES:
                raise click.BadParameter(f"no predicate {name!r}: choose from {', '.join(PREDICATES)}")
        found[kind_of(kind.strip())] = chosen
    return found


def filters(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose papers."""
    for option in (
        click.option(
            "--as-of", metavar="YEAR", type=click.IntRange(1000, 9999),
            help="The year the papers were gathered in: it is incomplete. The newest of the graph unless given.",
        ),
        click.option("--venue", "venues", metavar="NAME", multiple=True, help="Only papers of these venues."),
        click.option("--years", metavar="FROM:TO", callback=years, help="Only papers of these years, both included."),
    ):  # fmt: skip
        command = option(command)
    return command
