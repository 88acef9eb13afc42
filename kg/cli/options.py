"""Arguments and options that several commands share."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from kg.cli.console import QUIET, VERBOSE
from kg.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KIND", "SOURCES", "Command", "Form", "Group", "files", "graph_argument", "kind_of", "pairs"]

#: A kind of entity, in any case.
KIND: Final = click.Choice([kind.lower() for kind in KINDS], case_sensitive=False)

_SUFFIX: Final = re.compile(r"\.([A-Za-z]\w*)(?:\.gz)?$")
_FORMS: Final = {
    "md": "markdown",
    "tex": "latex",
    "ttl": "turtle",
    "nt": "n-triples",
    "jsonld": "json-ld",
    "txt": "table",
}

#: Paths that are looked at by the rooms that read them: their errors say more.
SOURCES: Final = click.Path(path_type=Path)


def files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a word that may name a file or a directory."""
    return [CompletionItem(incomplete, type="file")]


graph_argument = click.argument("graph", shell_complete=files)


class Form(click.Choice[str]):
    """The form of an answer on standard output. Who names a file instead is told how to write it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the form; fail with a hint if the value is the name of a file."""
        suffix = _SUFFIX.search(str(value))
        if value in self.choices or suffix is None:
            return super().convert(value, param, ctx)
        form = _FORMS.get(suffix[1].lower(), suffix[1].lower())
        words = f"-o names a form here, and {value!r} looks like a file"
        known = f"write -o {form} > {shlex.quote(str(value))}" if form in self.choices else ""
        return self.fail(f"{words}: {known or 'give one of ' + ', '.join(self.choices)}", param, ctx)


def kind_of(word: str) -> str:
    """Return the kind that a word names.

    >>> kind_of("dataset")
    'Dataset'
    """
    return word.capitalize()


class Command(click.Command):
    """A command that knows --quiet and --verbose, and whose docstring may be raw."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        super().__init__(name, **_talking(attributes))


class Group(click.Group):
    """A group of such commands."""

    command_class = Command

    def __init__(self, name: str | None = None, **attributes: Any) -> None:
        super().__init__(name, **_talking(attributes))


def pairs(_: click.Context, parameter: click.Parameter, value: tuple[str, ...] | str | None) -> dict[str, str]:
    """Read `key=value` pairs: an option that is given many times, or one text with commas between them."""
    found: dict[str, str] = {}
    for item in value.split(",") if isinstance(value, str) else value or ():
        key, sign, text = item.partition("=")
        if not (sign and key.strip() and text.strip()):
            raise click.BadParameter(f"{item!r} is not of the form {parameter.metavar}")
        if key.strip() in found:
            raise click.BadParameter(f"{key.strip()!r} is given twice")
        found[key.strip()] = text.strip()
    return found


def _talking(attributes: dict[str, Any]) -> dict[str, Any]:
    """Add the options that stand before or after the name of a command; make click's mark of a raw one."""
    options = (
        ("--quiet", QUIET, "Print nothing but data and errors."),
        ("--verbose", VERBOSE, "Tell more, and show where a bug is."),
    )
    talk = [
        click.Option([name], is_flag=True, expose_value=False, callback=_remember(key), help=words)
        for name, key, words in options
    ]
    text = inspect.cleandoc(attributes.get("help") or "").replace("\\b\n", "\b\n")
    return attributes | {"help": text, "params": [*(attributes.get("params") or ()), *talk]}


def _remember(key: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def remember(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
        if value:
            context.meta[key] = True

    return remember
