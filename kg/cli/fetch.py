"""`kg fetch`: listings of papers from the services that offer them."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

import click

from kg.cli.console import is_verbose, say, waiting
from kg.cli.options import SOURCES, Command
from kg.fetch import SERVICES, Client, Query, download
from kg.sources.dates import iso

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["fetch"]

_ADDRESS: Final = re.compile(r"[!-?A-~]+@[!-?A-~]+")
_NAME: Final = re.compile(r"[\w][\w./:-]*(?: [\w./:&-]+)*")


def _day(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A day as YYYY-MM-DD, whole."""
    if value is not None and (iso(value) != value or len(value) != len("2020-01-01")):
        raise click.BadParameter(f"{value!r} is not a day as YYYY-MM-DD", param=parameter)
    return value


def _venue(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _NAME.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not the name of a venue", param=parameter)
    return value


def _contact(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _ADDRESS.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not an address of mail", param=parameter)
    return value


@click.command(cls=Command)
@click.argument("service", type=click.Choice(sorted(SERVICES)))
@click.option("-o", "--output", "path", required=True, metavar="FILE", type=SOURCES, help="The file to write.")
@click.option("--query", "words", metavar="WORDS", help="What to look for, in the language of the service.")
@click.option(
    "--venue",
    metavar="NAME",
    callback=_venue,
    help="Where the papers appeared, by the service's name for it: ICLR.cc/2024/Conference, 2020.acl, S4306420609.",
)
@click.option("--from", "since", metavar="DAY", callback=_day, help="The first day of publication, YYYY-MM-DD.")
@click.option("--until", metavar="DAY", callback=_day, help="The last day of publication, YYYY-MM-DD.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many papers.")
@click.option(
    "--contact",
    envvar="KG_CONTACT",
    metavar="EMAIL",
    callback=_contact,
    help="Where the service's people may write to you; KG_CONTACT unless given.",
)
@click.option("--url", metavar="URL", help="Another address of the service, such as a mirror.")
@click.option("--fresh", is_flag=True, help="Forget what was downloaded into this file before.")
def fetch(
    *,
    service: str,
    path: Path,
    words: str | None,
    venue: str | None,
    since: str | None,
    until: str | None,
    limit: int | None,
    contact: str | None,
    url: str | None,
    fresh: bool,
) -> None:
    r"""Download listings of papers into a file that kg build reads.

    What was stopped goes on when the same command is run again; what is complete is not asked for again. Keys are
    taken from OPENALEX_API_KEY and S2_API_KEY.

    \b
    Example:
      kg fetch arxiv --query "cat:cs.CL" --from 2024-01-01 --until 2024-01-31 -o january.jsonl
      kg fetch openreview --venue ICLR.cc/2024/Conference -o iclr2024.jsonl
      kg fetch openalex --query "knowledge distillation" --limit 500 --contact me@example.org -o distillation.jsonl
      kg fetch acl --venue 2020.acl -o acl2020.xml
    """
    chosen = SERVICES[service]
    query = Query(service, words=words, venue=venue, since=since, until=until, limit=limit)
    client = Client(chosen.interval, contact=contact, headers=chosen.headers())

    def told(count: int, total: int | None) -> None:
        if is_verbose():
            say(f"{count} of {total if total is not None else 'unknown'}")

    with closing(client), waiting(f"asking {service}"):
        outcome = download(chosen, query, path, client, url=url, fresh=fresh, told=told)
    what = "papers" if chosen.page else "bytes"
    say(f"{path} {'is complete' if outcome.before else 'has come'}: {outcome.count} {what}")
