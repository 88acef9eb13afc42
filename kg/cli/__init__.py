"""The command `kg`: words become calls. Nothing else in the package prints."""

from kg.cli.app import cli, main

__all__ = ["cli", "main"]
