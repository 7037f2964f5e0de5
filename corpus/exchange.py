"""One request and its answer: what it may take, what it says about the page, how it can fail."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx

from corpus.errors import Refused
from corpus.model import Page

_LONGEST_MARK = 500  # characters of an ETag: a longer one is not kept
_BROKEN = "what it answers is not HTTP, or breaks off"


class Status(Exception):  # noqa: N818  # it says what came
    """The site answered, with something else than the page."""

    def __init__(self, status: int, retry_after: float | None) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after


class Budget:
    """The seconds that a page may still take on the network."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._clock: asyncio.Timeout | None = None

    @asynccontextmanager
    async def spending(self) -> AsyncIterator[None]:
        """Count what happens inside; TimeoutError once nothing is left."""
        start = time.monotonic()
        try:
            async with asyncio.timeout(self._left) as self._clock:
                yield
        finally:
            self._left -= time.monotonic() - start

    async def pausing(self, wait: Awaitable[object]) -> None:
        """Wait for something of ours: it costs the page no time."""
        assert self._clock is not None
        start, until = time.monotonic(), self._clock.when() or 0.0
        self._clock.reschedule(None)
        await wait
        waited = time.monotonic() - start
        self._left += waited
        self._clock.reschedule(until + waited)


@contextmanager
def named() -> Iterator[None]:
    """Turn what the libraries raise about the world into Refused."""
    try:
        yield
    except (TimeoutError, httpx.TimeoutException):
        raise Refused("timeout", "it takes too long") from None
    except (httpx.ConnectError, httpx.ProxyError) as error:
        if _is_of_tls(error):
            raise Refused("tls", "its certificate is not believed, or TLS fails") from None
        raise Refused("connect", "nobody answers there") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError, EOFError):
        raise Refused("protocol", _BROKEN) from None


def conditions(known: Page | None) -> dict[str, str]:
    """The headers by which a page that has not changed need not come again."""
    if known is None:
        return {}
    named = (("If-None-Match", known.etag), ("If-Modified-Since", known.modified))
    return {name: mark for name, mark in named if mark}


def marks(headers: httpx.Headers) -> tuple[str | None, str | None]:
    """By what a page can be asked for again: its ETag and Last-Modified."""
    etag, modified = headers.get("etag"), headers.get("last-modified")
    return _kept(etag), _kept(modified)


def _kept(mark: str | None) -> str | None:
    sound = mark is not None and len(mark) <= _LONGEST_MARK and mark.isprintable()
    return mark if sound else None


def content_type(header: str) -> tuple[str, str | None]:
    """The type and the charset of a Content-Type."""
    kind, *parameters = header.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return kind.strip().lower(), value.strip()[:40]
    return kind.strip().lower(), None


def _is_of_tls(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, ssl.SSLError):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
