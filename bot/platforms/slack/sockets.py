"""Socket Mode: several lines, each told "received" only for what is written down.

slack_sdk's own client closes a line before it opens the next, and loses what stood between; it also
answers on whichever line is newest. Here a line that is told to go is read to its end while another
is open already, and each envelope is answered on its own line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from ssl import SSLContext
from typing import Any

import aiohttp

from bot.errors import SettingsError
from bot.logs import fault, log
from bot.platforms.slack.calls import Calls, LostError, RefusedError

Json = Mapping[str, Any]

# An envelope, taken: whether to say so to Slack, and what to say with it.
Hear = Callable[[str, Json], Awaitable[tuple[bool, Json | None]]]

LINES = 2
PING = 4.0  # seconds; a dead line is known by half as much again
LONGEST_WAIT = 30.0  # seconds between tries while Slack is away
GRACE = 20.0  # seconds that a line which was told to go may stay
ENDING = 3.0  # seconds for what is being written down when we stop
AWAY = (LostError, aiohttp.ClientError, TimeoutError, OSError)
REJECTED = (
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
)


class Sockets:
    """The lines of one app."""

    def __init__(
        self,
        calls: Calls,
        token: str,
        hear: Hear,
        proxy: Callable[[str], str | None],
        ssl: SSLContext | None = None,
        count: int = LINES,
    ) -> None:
        self._calls = calls
        self._token = token
        self._hear = hear
        self._proxy = proxy
        self._ssl = ssl
        self._count = count
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def ready(self) -> bool:
        """Whether Slack has greeted us on a line that stays."""
        return any(line.greeted and not line.leaving.is_set() for line in self._lines)

    async def run(self) -> None:
        """Keep the lines open until cancelled. SettingsError where the app token is rejected."""
        first = await self._opened(first=True)
        others = (self._keep(None) for _ in range(self._count - 1))
        async with asyncio.TaskGroup() as group:
            for keeping in (self._keep(first), *others):
                group.create_task(keeping)

    async def stop(self) -> None:
        """Hear nothing more; what was heard is written down and answered, then the lines close."""
        self._stopping = True
        hearing = [task for line in self._lines for task in line.hearing]
        if hearing:
            await asyncio.wait(hearing, timeout=ENDING)
        await asyncio.gather(*(line.socket.close() for line in self._lines), return_exceptions=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, line: _Line | None) -> None:
        """One line after the other, the next before the last is gone."""
        while not self._stopping:
            line = line or await self._opened()
            task = asyncio.create_task(self._read(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await line.leaving.wait()
            if line.crowded:
                await asyncio.sleep(LONGEST_WAIT)
            line = None

    async def _opened(self, first: bool = False) -> _Line:
        """A new line, however long it takes; the first one is refused in words."""
        wait = 0.25
        while True:
            try:
                return await self._open()
            except RefusedError as error:
                if first and error.code in REJECTED:
                    raise SettingsError(
                        [f"SLACK_APP_TOKEN was rejected by Slack: {error.reason}"]
                    ) from None
                log.error("slack", refused=error.reason)
            except (*AWAY, KeyError, ValueError) as error:  # or it answers what is no address
                log.warning("slack away", **fault(error))
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _open(self) -> _Line:
        told = await self._calls.by(self._token, "apps.connections.open", "app")
        url = str(told["url"])
        socket = await self._calls.session.ws_connect(
            url,
            heartbeat=PING,
            proxy=self._proxy(url),
            ssl=self._ssl or True,
            max_msg_size=0,
        )
        line = _Line(socket)
        self._lines.add(line)
        return line

    async def _read(self, line: _Line) -> None:
        """Hear what comes on a line until it closes."""
        try:
            async for message in line.socket:
                if message.type is aiohttp.WSMsgType.TEXT and not self._stopping:
                    self._heard(line, message.data)
        except (aiohttp.ClientError, OSError) as error:
            log.warning("slack line", **fault(error))
        finally:
            line.leaving.set()
            self._lines.discard(line)
            await line.socket.close()

    def _heard(self, line: _Line, text: str) -> None:
        try:
            envelope = json.loads(text)
            kind = envelope["type"]
        except (ValueError, KeyError, TypeError, RecursionError):
            log.warning("slack malformed", length=len(text))
            return
        if kind == "hello":
            line.greeted = True
        elif kind == "disconnect":
            line.crowded = envelope.get("reason") == "too_many_websockets"
            line.leaving.set()
            asyncio.get_running_loop().call_later(GRACE, line.end)
        elif "envelope_id" in envelope:
            task = asyncio.create_task(self._answer(line, kind, envelope))
            line.hearing.add(task)
            task.add_done_callback(line.hearing.discard)

    async def _answer(self, line: _Line, kind: str, envelope: Json) -> None:
        taken, payload = await self._hear(kind, envelope.get("payload") or {})
        if not taken:
            return  # Slack sends it again
        said = {"envelope_id": envelope["envelope_id"]}
        if payload is not None:
            said["payload"] = payload
        # Where the line is gone, Slack sends it again, and the inbox knows it.
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            await line.socket.send_str(json.dumps(said))


class _Line:
    """A socket, whether it is to go, and what is being written down of it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.greeted = False
        self.crowded = False
        self.leaving = asyncio.Event()
        self.hearing: set[asyncio.Task[None]] = set()

    def end(self) -> None:
        """Close it, if it is still open."""
        if not self.socket.closed:
            self.closing = asyncio.ensure_future(self.socket.close())
