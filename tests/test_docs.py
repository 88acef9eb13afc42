"""What is written about the program is so: every command is documented, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from kg.cli.app import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDES = "".join(
    path.read_text("utf-8")
    for path in (
        README,
        *(
            ROOT / "docs" / f"{name}.md"
            for name in ("agents", "corrections", "exports", "reports", "servers", "serving", "sources")
        ),
    )
)
CHANGELOG = ROOT / "CHANGELOG.md"
DOCUMENTS = sorted([README, CHANGELOG, *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands with their full names, those of the groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*words, name)), command
        if isinstance(command, click.Group):
            arguments = [each.make_metavar(context) for each in command.params if isinstance(each, click.Argument)]
            yield from commands(command, (*words, name, *arguments))


@pytest.mark.parametrize(("name", "command"), [pytest.param(*each, id=each[0]) for each in commands(cli)])
def test_commands_are_documented(name: str, command: click.Command) -> None:
    assert command.help, f"kg {name} has no help"
    before, mark, example = command.help.partition("\b\nExample:\n")
    assert before, "the help says nothing before its example"
    assert mark, "the help has no example"
    called = re.escape(f"kg {name}").replace("GRAPH", r"\S+")
    assert re.search(rf"^ +{called}\b", example, re.MULTILINE), "the example shows another command"
    assert re.search(rf"\b{called}\b", GUIDES), "neither README.md nor a guide in docs names it"


@pytest.mark.parametrize(("name", "command"), [pytest.param(*each, id=each[0]) for each in commands(cli)])
def test_every_option_says_what_it_does(name: str, command: click.Command) -> None:
    silent = [
        each.opts[-1]
        for each in command.params
        if isinstance(each, click.Option) and not each.help and not isinstance(each.type, click.Choice)
    ]
    assert silent == [], f"kg {name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_their_help_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert (command.help or "").split("\n", 1)[0] == COMMANDS[name][1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = FENCE.sub("", document.read_text("utf-8"))
    targets = [inline or named for inline, named in LINK.findall(text)]
    files = [target.split("#")[0] for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:|#", target)]
    assert [target for target in files if not (document.parent / target).exists()] == []


def test_links_within_a_document() -> None:
    for document in DOCUMENTS:
        text = FENCE.sub("", document.read_text("utf-8"))
        anchors = {slug(title) for title in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)}
        wanted = re.findall(r"\]\(#([^)]+)\)", text)
        assert [anchor for anchor in wanted if anchor not in anchors] == [], document.name


def slug(title: str) -> str:
    """The anchor that a heading gets on GitHub."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_changelog_has_a_section_for_what_is_new() -> None:
    assert re.search(r"^## \[?(?:Unreleased|\d+\.\d+)", CHANGELOG.read_text("utf-8"), re.MULTILINE | re.IGNORECASE)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    for part in ("Apache License", "Version 2.0, January 2004", "9. Accepting Warranty", "APPENDIX: How to apply"):
        assert part in text
