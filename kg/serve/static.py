"""Style sheets and scripts, under addresses that change with their content, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from kg import web
from kg.serve.replies import NOT_FOUND, Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["address", "static"]

_VENDORED: Final = frozenset({"graphology.js", "sigma.js", "yasqe.css", "yasqe.js"})
_OURS: Final = frozenset({"editor.css", "editor.js", "explorer.css", "explorer.js", "network.js", "parts.js"})
#: Where a debugger would look for the source, which is not here.
_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_TYPES: Final = {"css": "text/css", "js": "text/javascript"}


async def static(request: Request) -> Response:
    """Give a file; raises Refusal for a name that there is not."""
    name = request.path_params["name"]
    if name not in _VENDORED | _OURS | {"style.css"}:
        raise Refusal(NOT_FOUND, "there is no such file")
    known = request.query_params.get("v") == _digest(name)
    return Response(
        _text(name),
        media_type=_TYPES[name.rpartition(".")[2]],
        headers={"Cache-Control": "public, max-age=31536000, immutable" if known else "no-cache"},
    )


def address(name: str) -> str:
    """The address of a file as it is now."""
    return f"/static/{name}?v={_digest(name)}"


@cache
def _text(name: str) -> str:
    if name == "style.css":
        return web.style()
    if name in _OURS:
        return files(__package__).joinpath(name).read_text("utf-8")
    return _MAP.sub("", web.vendored(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_text(name).encode()).hexdigest()[:12]
