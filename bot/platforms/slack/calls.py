"""Calls of the Web API: which, by whose token, how patiently; and why Slack refuses one.

slack_sdk's client makes a connection for each call, waits for nothing when told to, and repeats a
post whose answer was lost, which makes two of it. So calls are made on connections of ours, with a
patience of ours; slack_sdk's client is bolt's, for what belongs to installing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from ssl import SSLContext
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.pace import Pace

Json = dict[str, Any]

# Every method that is called, with the scopes of which it takes one; a test holds the manifests
# against it. What needs no scope has none.
METHODS: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": ("connections:write",),
    "assistant.threads.setStatus": ("assistant:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("im:history", "mpim:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "users.conversations": ("channels:read", "groups:read"),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
READS = (
    *("conversations.history", "conversations.info", "conversations.replies"),
    *("users.conversations", "users.info"),
)
ONCE = ("chat.postMessage", "chat.postEphemeral", "views.open")  # twice is one too many
SAID = ("chat.postMessage", "chat.postEphemeral")  # may have been done where Slack failed
TRIES = 4  # of what may be repeated
LIMITED = 50  # waits for one call that Slack tells to wait
SECONDS = 10.0  # for an answer
BACK_OFF = 0.5
JSON = {"Content-Type": "application/json; charset=utf-8"}
# Without a level of its own slack_sdk writes every call out, for a log that nobody keeps; and what
# it warns of it may quote.
LIBRARY = logging.getLogger("slack")
LIBRARY.setLevel(logging.ERROR)
TRANSIENT = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
# What Slack says of a token that it does not take, or takes no more.
TAKEN_BACK = ("account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked")
PASSING = (500, 502, 503, 504)
UNSENT = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError)  # no connection to Slack


class RefusedError(Exception):
    """Slack's word for why not; `needed` is the scope that is missing."""

    def __init__(self, code: str, method: str = "", needed: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.method = method
        self.needed = needed

    @property
    def reason(self) -> str:
        """The word, with what is missing."""
        scope = f": {self.needed}" if self.needed else ""
        return f"{self.code}{scope} ({self.method})" if self.method else self.code


class LostError(Exception):
    """No answer came: it may have been done, or not."""


class LimitedError(Exception):
    """Slack tells to wait so many seconds; nothing was done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.seconds = seconds


class Calls:
    """The Web API for the workspaces that we are in."""

    def __init__(
        self,
        api: str,
        token_of: Callable[[str], Awaitable[str | None]],
        proxy: Callable[[str], str | None] = lambda _: None,
        ssl: SSLContext | None = None,
    ) -> None:
        self._api = api
        self._token_of = token_of
        self._proxy_of = proxy
        self._proxy = proxy(api)
        self._ssl = ssl
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}
        self._pace = Pace()
        self.rejected = False  # whether Slack did not take our token when it was last shown

    @property
    def session(self) -> aiohttp.ClientSession:
        """Our connections; made in the loop that uses them."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=0)
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session

    def client(self, token: str | None) -> AsyncWebClient:
        """slack_sdk's client of a token, on our connections."""
        key = token or ""
        found = self._clients.get(key)
        if found is None or found.session is not self.session:
            found = AsyncWebClient(
                token,
                self._api,
                ssl=self._ssl,
                session=self.session,
                retry_handlers=[],
                logger=LIBRARY,
            )
            found.proxy = self._proxy  # it reads HTTP_PROXY by itself, and no NO_PROXY
            self._clients[key] = found
        return found

    async def call(
        self, team: str, method: str, place: str = "", patient: bool = True, **arguments: Any
    ) -> Json:
        """Call a method in a workspace. RefusedError where it was not done, LostError where that is
        not known. What is said to a `place` has its turn there; who is not patient gets a
        LimitedError instead of waiting for it.
        """
        token = await self._token_of(team)
        if token is None:
            raise RefusedError("not_installed", method)
        turn = f"{team}:{place or method}"
        try:
            told = await self.by(token, method, turn, patient, **arguments)
        except RefusedError as error:
            self.rejected = error.code in TAKEN_BACK
            raise
        self.rejected = False
        return told

    async def by(
        self, token: str | None, method: str, turn: str, patient: bool = True, **arguments: Any
    ) -> Json:
        """Call a method by a token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self._api + method

        async def once() -> Json:
            if method in READS:
                given = {name: str(value) for name, value in arguments.items()}
                asked = self.session.get(
                    url, params=given, headers=headers, proxy=self._proxy, ssl=self._ssl or True
                )
            else:
                asked = self.session.post(
                    url,
                    data=json.dumps(arguments, ensure_ascii=False).encode(errors="replace"),
                    headers={**headers, **JSON},
                    proxy=self._proxy,
                    ssl=self._ssl or True,
                )
            async with asked as answer:
                return await _read(answer)

        return await self._patiently(once, method, turn, patient)

    async def respond(self, url: str, **body: Any) -> None:
        """Post to a response_url: five times in half an hour."""

        async def once() -> Json:
            sent = self.session.post(
                url, json=body, proxy=self._proxy_of(url), ssl=self._ssl or True
            )
            async with sent as answer:
                if answer.status == 200:
                    return {}
                again = answer.status == 429 or answer.status in PASSING
                error = "" if again else "expired_url"
                raise _NotOkError(answer.status, answer.headers, {"error": error})

        await self._patiently(once, "response_url", url)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def _patiently(
        self, once: Callable[[], Awaitable[Json]], method: str, turn: str, patient: bool = True
    ) -> Json:
        failures = waits = 0
        cause: Exception
        while True:
            await self._turn(turn, patient)
            try:
                return await once()
            except _NotOkError as error:
                if self._is_limited(error, turn) and waits < LIMITED:
                    waits += 1
                    continue
                if not _is_passing(error):
                    raise _refused(error, method) from None
                if method in SAID:
                    raise LostError(method) from error
                cause = error
            except (aiohttp.ClientError, TimeoutError) as error:
                if method in ONCE and not isinstance(error, UNSENT):
                    raise LostError(method) from error
                cause = error
            failures += 1
            if failures >= TRIES:
                raise LostError(method) from cause
            await asyncio.sleep(BACK_OFF * 2**failures)

    async def _turn(self, name: str, patient: bool) -> None:
        while wait := self._pace.turn(name):
            if not patient:
                raise LimitedError(wait)
            await asyncio.sleep(wait)

    def _is_limited(self, error: _NotOkError, turn: str) -> bool:
        wait = _wait(error)
        if wait is not None:
            self._pace.limited(turn, wait)
        return wait is not None


class _NotOkError(Exception):
    """An answer that is no yes."""

    def __init__(self, status: int, headers: Mapping[str, str], told: Json) -> None:
        super().__init__(status)
        self.status = status
        self.code = str(told.get("error") or "")
        self.needed = str(told.get("needed") or "")
        self.wait = headers.get("Retry-After", "")


async def _read(answer: aiohttp.ClientResponse) -> Json:
    try:
        told = json.loads(await answer.read())
    except ValueError:
        told = {}
    if answer.status == 200 and isinstance(told, dict) and told.get("ok"):
        return told
    raise _NotOkError(answer.status, answer.headers, told if isinstance(told, dict) else {})


def _wait(error: _NotOkError) -> float | None:
    """Seconds that Slack tells to wait; None where it does not."""
    if error.status != 429 and error.code not in ("ratelimited", "rate_limited"):
        return None
    return float(error.wait) if error.wait.isascii() and error.wait.isdigit() else 1.0


def _is_passing(error: _NotOkError) -> bool:
    return error.status in PASSING or error.code in TRANSIENT


def _refused(error: _NotOkError, method: str) -> RefusedError:
    return RefusedError(error.code or f"status {error.status}", method, error.needed)
