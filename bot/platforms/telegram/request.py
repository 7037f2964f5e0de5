"""The SDK's calls over aiohttp: a third of what httpx costs a message, whose pool looks through all
its connections at every call. The errors are the SDK's.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from typing import Any, TypeVar

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

T = TypeVar("T")

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Of a form: what means something in it, then what a reader may trip over. All else means itself.
_CODES = (
    *((b"%", b"%25"), (b"&", b"%26"), (b"=", b"%3D"), (b"+", b"%2B"), (b" ", b"+")),
    *((b";", b"%3B"), (b"\n", b"%0A"), (b"\r", b"%0D")),
)
_FOREIGN = re.compile(rb"[\x80-\xff]+")
# No connection to Telegram: a proxy's no is one too.
UNSENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)
KEPT = 75.0  # seconds that an idle connection is kept; Telegram closes them later


def encoded(values: Mapping[str, Any]) -> bytes:
    """Values as a form, with no more codes than it needs. urllib goes byte by byte, which took a
    tenth of an answer's time.
    """
    return b"&".join([b"%b=%b" % (name.encode(), _quoted(of)) for name, of in values.items()])


def _quoted(value: Any) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    found = text.encode("utf-8", "replace")
    for sign, code in _CODES:
        found = found.replace(sign, code)
    return found if found.isascii() else _FOREIGN.sub(_escaped, found)


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"%" + found[0].hex("%").encode()


class UnsentError(NetworkError):
    """A call that never left: it had no effect."""


class _Strict(BaseRequest):
    """Takes for the Bot API's only what looks like it: what stands in between speaks JSON too, and
    its "401" says nothing of our token.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """An answer of the Bot API, a refusal too."""
        try:
            told = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise TelegramError("Invalid server response")
        if "result" in told if told.get("ok") is True else told.get("ok") is False:
            return told
        raise TelegramError("Invalid server response")


class HttpxRequest(_Strict, HTTPXRequest):
    """Connections by httpx, which speaks SOCKS."""


class AiohttpRequest(_Strict):
    """Connections of one kind of call, through a proxy where there is one."""

    def __init__(
        self, connections: int, patience: float, proxy: str | None, context: ssl.SSLContext
    ) -> None:
        self._connections = connections
        self._patience = patience
        self._proxy = proxy
        self._context = context
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer is waited for, where a call does not say."""
        return self._patience

    async def initialize(self) -> None:
        """Take up the session; connections are made when they are needed."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(
                limit=self._connections, ssl=self._context, keepalive_timeout=KEPT
            )
            self._session = aiohttp.ClientSession(connector=connector, trust_env=False)

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call: the status and the body of its answer."""
        if self._session is None:
            raise RuntimeError("not initialized")
        wait = self._patience if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=None, sock_read=wait, sock_connect=5.0)
        form = encoded(request_data.parameters) if request_data else None
        try:
            async with self._session.request(
                method,
                url,
                data=form,
                headers=_FORM if form else None,
                timeout=timeout,
                proxy=self._proxy,
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        except UNSENT as error:
            raise UnsentError(type(error).__name__) from error
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
