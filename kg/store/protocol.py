"""Talking to a SPARQL server over HTTP: credentials, time limits, retries; whatever fails becomes one line."""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from weakref import finalize

import httpx

from kg import __version__
from kg.errors import GraphError
from kg.store.addresses import checked, shown

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

__all__ = ["MOST", "Reply", "Server"]

#: The largest answer that is read, in bytes: what is larger would fill the memory.
MOST: Final = 1 << 30

_CONNECT, _ANSWER = 10.0, 600.0  # seconds
_PAUSES: Final = (0.5, 2.0)
_LONGEST_PAUSE: Final = 30.0
_BUSY: Final = frozenset({429, 502, 503, 504})
_FORBIDDEN: Final = 403
_OF_CREDENTIALS: Final = frozenset({401, _FORBIDDEN})
_NOT_FOUND: Final = 404
_SHOWN: Final = 200
_TAGS: Final = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class Reply(NamedTuple):
    """What a server answered: the status, the headers by lower-case name, and the text."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def reason(self) -> str:
        """The first line of the text, without markup, at sane length."""
        text = _TAGS.sub(" ", self.body[: 1 << 16].decode("utf-8", "replace"))
        line = next((" ".join(part.split()) for part in text.splitlines() if part.strip()), "")
        return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


class Server:
    """One address of a server. Its errors are GraphErrors that name the address, and never a password.

    Credentials come from the environment: KG_TOKEN, or KG_USER and KG_PASSWORD. They are sent to no other address:
    a redirect is an error.
    """

    def __init__(self, url: str) -> None:
        """Check an address, which may have a query string; nothing is sent yet."""
        self.url = checked(url)
        headers = {"User-Agent": f"kg/{__version__}"}
        if token := os.environ.get("KG_TOKEN"):
            headers["Authorization"] = f"Bearer {_ascii('KG_TOKEN', token)}"
        self._client = httpx.Client(
            headers=headers, auth=_login(), timeout=httpx.Timeout(_ANSWER, connect=_CONNECT), follow_redirects=False
        )
        self._end = finalize(self, self._client.close)

    def close(self) -> None:
        """Hang up."""
        self._end()

    def get(self, values: Mapping[str, str], accept: str) -> Reply:
        """Ask with the values in the address; tried again where the server is busy or does not answer."""
        return self._sent("GET", self.address(values), {"Accept": accept}, None, again=True)

    def post(self, values: Mapping[str, str], accept: str, *, again: bool) -> Reply:
        """Ask with the values as a form; tried again only if that does no harm."""
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self._sent("POST", self.url, headers, urlencode(values).encode(), again=again)

    def send(self, method: str, values: Mapping[str, str], body: bytes, kind: str, *, again: bool) -> Reply:
        """Send a body of some media type, with the values in the address."""
        return self._sent(method, self.address(values), {"Content-Type": kind, "Accept": "*/*"}, body, again=again)

    def address(self, values: Mapping[str, str]) -> str:
        """The address with values in its query string, beside those that it has."""
        parts = urlsplit(self.url)
        pairs = [*parse_qsl(parts.query, keep_blank_values=True), *values.items()]
        return urlunsplit(parts._replace(query=urlencode(pairs)))

    def _sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, again: bool) -> Reply:
        for pause in (*_PAUSES, None) if again else (None,):
            try:
                with self._told():
                    reply = self._once(method, url, headers, body)
            except _Unreached as error:
                if pause is None:
                    raise GraphError(str(error)) from error
                time.sleep(pause)
                continue
            if pause is None or reply.status not in _BUSY:
                return self._good(reply)
            time.sleep(_asked_pause(reply, pause))
        raise AssertionError

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        with self._client.stream(method, url, headers=dict(headers), content=body) as answer:
            parts, size = [], 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > MOST:
                    raise GraphError(f"{shown(self.url)}: the answer is larger than {MOST >> 20} MB: ask for less")
                parts.append(part)
            return Reply(answer.status_code, dict(answer.headers), b"".join(parts))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except httpx.ConnectTimeout as error:
            raise _Unreached(f"{shown(self.url)}: no connection within {_CONNECT:.0f} seconds") from error
        except httpx.TimeoutException as error:
            raise GraphError(f"{shown(self.url)}: no answer within {_ANSWER:.0f} seconds: ask for less") from error
        except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            reason = " ".join(str(error).split()) or "the server hung up"
            raise _Unreached(f"{shown(self.url)} cannot be reached: {reason}: is the server running?") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GraphError(f"{shown(self.url)}: {' '.join(str(error).split())[:_SHOWN]}") from error

    def _good(self, reply: Reply) -> Reply:
        if 200 <= reply.status < 300:  # noqa: PLR2004 - HTTP's success
            return reply
        where, status = shown(self.url), reply.status
        if 300 <= status < 400:  # noqa: PLR2004 - HTTP's redirects
            target = shown(reply.headers.get("location", "elsewhere"))
            raise GraphError(f"{where} redirects to {target}: name that address, if you trust it")
        if status in _OF_CREDENTIALS:
            known = "KG_TOKEN, or KG_USER and KG_PASSWORD"
            what = "wants other credentials" if _has_credentials() else "wants credentials"
            ours = ", and start a kg serve with --writable" if status == _FORBIDDEN else ""
            raise GraphError(f"{where} {what} ({status}): set {known} in the environment{ours}")
        if status == _NOT_FOUND:
            raise GraphError(f"{where}: nothing is there (404): name the server's SPARQL endpoint, such as …/sparql")
        raise GraphError(f"{where} answers {status}: {reply.reason or 'no reason given'}")


class _Unreached(Exception):  # noqa: N818 - what may be tried again, within this file
    """The server could not be reached, or hung up."""


class _Login(httpx.Auth):
    """Basic or Digest, as the server asks; nothing is sent before it asks."""

    def __init__(self, user: str, password: str) -> None:
        self._ways = {"digest": httpx.DigestAuth(user, password), "basic": httpx.BasicAuth(user, password)}
        self._found: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Answer a challenge; later requests go the same way at once."""
        if self._found is None:
            response = yield request
            asked = {part.split()[0].lower() for part in response.headers.get_list("www-authenticate") if part.split()}
            self._found = next((way for name, way in self._ways.items() if name in asked), None)
            if self._found is None:
                return
        yield from self._found.auth_flow(request)


def _login() -> httpx.Auth | None:
    user = os.environ.get("KG_USER")
    if not user or os.environ.get("KG_TOKEN"):
        return None
    return _Login(user, os.environ.get("KG_PASSWORD", ""))


def _has_credentials() -> bool:
    return bool(os.environ.get("KG_TOKEN") or os.environ.get("KG_USER"))


def _ascii(name: str, value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise GraphError(f"{name} holds a character that no header can: set it anew")
    return value


def _asked_pause(reply: Reply, usual: float) -> float:
    asked = reply.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_PAUSE) if re.fullmatch(r"[0-9]{1,6}", asked) else usual
