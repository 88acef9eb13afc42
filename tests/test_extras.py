"""What to type where an extra is missing, by how the package came here."""

from __future__ import annotations

import json
from importlib import metadata
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from kg.extras import install

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        (None, "pip install 'ml-literature-kg[mcp]'"),
        ({"url": "file:///srv/my%20kg", "dir_info": {}}, "pip install '/srv/my kg[mcp]'"),
        ({"url": "file:///srv/kg", "dir_info": {"editable": True}}, "pip install -e '/srv/kg[mcp]'"),
        ({"url": "file:///srv/kg.whl", "archive_info": {}}, "pip install 'ml-literature-kg[mcp]'"),
        ({"url": "https://example.org/kg.git", "vcs_info": {}}, "pip install 'ml-literature-kg[mcp]'"),
    ],
)
def test_where_the_extra_comes_from(
    origin: Mapping[str, object] | None, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = None if origin is None else json.dumps(origin)
    monkeypatch.setattr(metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: text))
    assert install("mcp") == command


def test_a_package_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "distribution", missing)
    assert install("serve") == "pip install 'ml-literature-kg[serve]'"
