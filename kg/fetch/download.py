"""A download that can be stopped anywhere and goes on from there: what has come, and a small file that says how far.

Beside FILE are `FILE.part`, what has come, and `FILE.cursor`, which query it answers, where the next page begins and
how many bytes are whole; what lies behind these is cut off. When all is there, FILE takes its name in one step.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from kg.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.fetch.client import Client
    from kg.fetch.query import Query
    from kg.fetch.services import Page, Service

__all__ = ["Outcome", "download"]

_PARTIAL: Final = 206
_UNSATISFIABLE: Final = 416


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records (or bytes, of a whole file) a file holds, and whether it was complete before."""

    count: int
    before: bool = False


@dataclass(slots=True)
class _Cursor:
    """How far a download of a query is: `place` is where the next page begins, "" at the start."""

    query: dict[str, str | int]
    place: str = ""
    size: int = 0
    count: int = 0
    tag: str | None = None
    complete: bool = False


def download(
    service: Service,
    query: Query,
    path: Path,
    client: Client,
    *,
    url: str | None = None,
    fresh: bool = False,
    told: Callable[[int, int | None], None] = lambda _count, _total: None,
) -> Outcome:
    """Download what answers a query into a file, or the rest of it; `told` hears how many of how many have come.

    `url` is another address of the service, such as a mirror; `fresh` forgets what was there. Raises `FetchError`
    where the query cannot be asked, the service fails, or the file is there and not of this query.
    """
    service.check(query)
    cursor = _begun(path, query, fresh=fresh, paged=service.page is not None)
    if cursor.complete:
        return Outcome(cursor.count, before=True)
    address = url or service.url
    if service.page is None:
        name = service.file(query) if service.file else ""
        _file(f"{address.rstrip('/')}/{quote(name, safe='')}", path, cursor, client, told)
    else:
        _pages(partial(service.page, client, address, query), query, path, cursor, told)
    _beside(path, "part").replace(path)
    cursor.complete = True
    _keep(path, cursor)
    return Outcome(cursor.count)


def _begun(path: Path, query: Query, *, fresh: bool, paged: bool) -> _Cursor:
    """How far the download is; with `fresh`, and without a file, not begun."""
    cursor, asked = _kept(path), query.told()
    if fresh or (cursor is None and not path.exists()):
        _beside(path, "cursor").unlink(missing_ok=True)
        _beside(path, "part").unlink(missing_ok=True)
        begun = _Cursor(asked)
        if path.exists():
            _keep(path, begun)  # the file is one of ours to replace, even if nothing comes this time
        return begun
    if cursor is None:
        raise FetchError(f"{path}: exists, and was not downloaded by kg: name another file, or use --fresh")
    if cursor.query != asked:
        what = " ".join(f"{name}={value}" for name, value in cursor.query.items())
        raise FetchError(f"{path}: is of another query ({what}): name another file, or use --fresh")
    part = _beside(path, "part")
    if cursor.complete and path.exists():
        return cursor
    if cursor.complete or not part.exists() or part.stat().st_size < cursor.size:
        return _Cursor(asked)  # somebody took the file away
    if paged:
        os.truncate(part, cursor.size)
    return cursor


def _pages(
    page_at: Callable[[str], Page], query: Query, path: Path, cursor: _Cursor, told: Callable[[int, int | None], None]
) -> None:
    """Page after page, each kept before the next is asked for, as JSON Lines."""
    with _beside(path, "part").open("ab" if cursor.size else "wb") as file:
        while query.limit is None or cursor.count < query.limit:
            page = page_at(cursor.place)
            records = page.records if query.limit is None else page.records[: query.limit - cursor.count]
            for record in records:
                file.write(json.dumps(record, ensure_ascii=True, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            cursor.size, cursor.count = file.tell(), cursor.count + len(records)
            told(cursor.count, page.total)
            if page.following is None:
                break
            cursor.place = page.following
            _keep(path, cursor)
    if not cursor.count:
        _beside(path, "part").unlink()
        _beside(path, "cursor").unlink(missing_ok=True)
        raise FetchError(f"{query.service} has no papers that answer this: check the query")


def _file(url: str, path: Path, cursor: _Cursor, client: Client, told: Callable[[int, int | None], None]) -> None:
    """A whole file; what was cut is asked for from there, unless it has changed since."""
    part = _beside(path, "part")

    def rest() -> None:
        size = part.stat().st_size if part.exists() and cursor.tag else 0
        headers = {"Accept-Encoding": "identity"}
        if size and cursor.tag:
            headers |= {"Range": f"bytes={size}-", "If-Range": cursor.tag}
        with client.answer(url, headers=headers) as response:
            if response.status_code == _UNSATISFIABLE:
                cursor.tag = None
                raise ValueError("what is left of it is nothing")
            size = size if response.status_code == _PARTIAL else 0
            cursor.tag = response.headers.get("ETag")
            _keep(path, cursor)
            with part.open("r+b" if size else "wb") as file:
                file.seek(size)
                for block in response.iter_raw():
                    file.write(block)
                    told(file.tell(), None)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        cursor.size = cursor.count = part.stat().st_size

    client.patiently(url, rest)


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")


def _kept(path: Path) -> _Cursor | None:
    place = _beside(path, "cursor")
    try:
        row: Any = json.loads(place.read_text("utf-8"))
        return _Cursor(**row)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise FetchError(f"{place}: is damaged: use --fresh") from error


def _keep(path: Path, cursor: _Cursor) -> None:
    waiting = _beside(path, "cursor.new")
    with waiting.open("w", encoding="utf-8") as file:
        json.dump(asdict(cursor), file, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(_beside(path, "cursor"))
