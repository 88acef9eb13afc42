"""Asking a web service politely: who asks, not too often, again after a while if it fails, and longer each time."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, TypeVar

import httpx

from kg import __version__
from kg.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Client"]

_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FOR_THE_CALLER: Final = frozenset({416})
_TRIES: Final = 6
_LONGEST_WAIT: Final = 60.0  # seconds that we wait of our own accord
_PATIENCE: Final = 600.0  # seconds that a service may ask us to wait
_TIMEOUT: Final = 60.0
_LARGEST: Final = 1 << 26  # bytes of an answer
_SHOWN: Final = 200

T = TypeVar("T")


class Client:
    """Asks a service, `interval` seconds apart at least; `contact` is where its people may write to us."""

    def __init__(
        self,
        interval: float,
        *,
        contact: str | None = None,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        agent = f"kg/{__version__} (ml-literature-kg{f'; mailto:{contact}' if contact else ''})"
        self._http = httpx.Client(
            headers={**(headers or {}), "User-Agent": agent}, timeout=_TIMEOUT, follow_redirects=True
        )
        self._interval = interval
        self._sleep = sleep
        self._next = 0.0

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, url: str, parameters: Mapping[str, str], check: Callable[[bytes], object]) -> bytes:
        """The body of an answer that `check` finds good: it raises ValueError where it is to be asked for again.

        Raises `FetchError` where the service refuses, or fails again and again.
        """

        def whole() -> bytes:
            with self.answer(url, parameters) as response:
                body = bytearray()
                for block in response.iter_bytes():
                    body += block
                    if len(body) > _LARGEST:
                        raise FetchError(f"{_host(url)}: an answer of more than {_LARGEST >> 20} MiB: ask for less")
            check(bytes(body))
            return bytes(body)

        return self.patiently(url, whole)

    @contextmanager
    def answer(
        self, url: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[httpx.Response]:
        """An answer that goes well, whose body is still to come. It is for one try only: see `patiently`."""
        self._wait()
        try:
            with self._http.stream("GET", url, params=parameters or None, headers=headers) as response:
                if response.status_code in _PASSING:
                    raise _PassingError(f"it says {response.status_code}", _asked(response.headers.get("Retry-After")))
                if response.status_code >= httpx.codes.BAD_REQUEST and response.status_code not in _FOR_THE_CALLER:
                    response.read()
                    told = " ".join(response.text.split())[:_SHOWN]
                    raise FetchError(f"{_host(url)} refuses with {response.status_code} ({told}): check the query")
                yield response
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _PassingError(" ".join(str(error).split())[:_SHOWN] or type(error).__name__) from error
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise FetchError(f"{_host(url)}: {error}: check the address") from error

    def patiently(self, url: str, work: Callable[[], T]) -> T:
        """What `work` gives, tried again after a while where it fails in passing."""
        why = ""
        for number in range(_TRIES):
            try:
                return work()
            except _PassingError as error:
                why = str(error)
                wait = min(2.0**number, _LONGEST_WAIT) if error.wait is None else error.wait
            except ValueError as error:
                why, wait = f"its answer is damaged ({error})", min(2.0**number, _LONGEST_WAIT)
            if wait > _PATIENCE:
                raise FetchError(f"{_host(url)} asks to wait for {wait:.0f} seconds: run again then, and it goes on")
            if number + 1 < _TRIES:
                self._sleep(wait)
        raise FetchError(f"{_host(url)} failed {_TRIES} times, at last because {why}: run again, and it goes on")

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._interval


class _PassingError(Exception):
    """A failure that may pass; `wait` are the seconds that the service asks for."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def _asked(header: str | None) -> float | None:
    """The seconds of a Retry-After, which may be a date."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _host(url: str) -> str:
    return url.split("?", 1)[0]
