"""A Slack on 127.0.0.1 for tests and benchmarks: Web API, Socket Mode, signed HTTP events.

    async with SlackServer.running() as slack:
        alice = slack.add_user("alice")
        general = slack.add_channel("general", alice)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        … start the app, `await slack.sockets.connected()` …
        asked = slack.say(alice, general, "@mlinfra what is vLLM?")
        await slack.until(lambda: slack.replies(asked))

What people do is a method of the server and returns at once; what follows is awaited by `until`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import slack_answers
import slack_api_chat
import slack_api_read
import slack_api_views
from aiohttp import web
from slack_calls import Call
from slack_delivery import Courier
from slack_http import Posts
from slack_methods import METHODS, run
from slack_reading import Reading
from slack_requests import Fault, arguments, credentials, cut
from slack_world import Json, Team, Token, User

APIS = (slack_api_chat, slack_api_read, slack_api_views)  # their methods are in METHODS now


class SlackServer(Reading):
    """The server; see the module's example."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: Posts | None = None
        self.courier = Courier(self.sockets, lambda d: slack_answers.answered(self, d))
        self.team = self.add_team()
        self.app_token = "xapp-1-test"
        self.tokens[self.app_token] = Token(self.app_token, "app", None, {"connections:write"})
        self.channel_gap = 0.0  # seconds between messages to one channel; 1.0 as Slack; 0: no limit
        self.faults: dict[str, list[Fault]] = {}
        self.installer: tuple[User, Team] | None = None  # who allows at /oauth/v2/authorize
        self._posted: dict[str, float] = {}
        self._runner: web.AppRunner | None = None

    @classmethod
    @asynccontextmanager
    async def running(cls, port: int = 0) -> AsyncIterator[SlackServer]:
        """A server that runs while the block does."""
        server = cls()
        await server.start(port)
        try:
            yield server
        finally:
            await server.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on a free port unless one is given."""
        app = web.Application(client_max_size=4_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/response/{team}/{hook}", self._response)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close everything."""
        await self.courier.close()
        await self.sockets.close()
        if self.posts is not None:
            await self.posts.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def deliver_to(self, url: str) -> Posts:
        """Send events by HTTP to an address from now on, instead of Socket Mode."""
        self.posts = Posts(url, self.signing_secret)
        self.courier.transport = self.posts
        return self.posts

    @property
    def base_url(self) -> str:
        """What a client is given as base_url."""
        return f"{self.base}/api/"

    @property
    def bot(self) -> User:
        """Our bot in the first workspace."""
        assert self.team.bot
        return self.team.bot

    @property
    def bot_token(self) -> str:
        """Its token."""
        assert self.team.token
        return self.team.token.text

    # --- the network's side

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        args = await arguments(request)
        text = credentials(request.headers.get("Authorization", ""), args)
        call = Call(name, args, self.tokens.get(text), dict(request.headers))
        self.calls.append(call)
        fault = self._fault(call)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.drop == "before":
            return cut(request)
        call.reply, call.status, wait = self._answer(call, fault)
        call.took = time.monotonic() - call.at
        if fault is not None and fault.drop == "after":
            return cut(request)
        headers = {"x-oauth-scopes": ",".join(sorted(call.token.scopes))} if call.token else {}
        if name in METHODS and METHODS[name][0]:
            headers["x-accepted-oauth-scopes"] = ",".join(METHODS[name][0])
        if wait:
            headers["Retry-After"] = str(wait)
        return web.json_response(call.reply, status=call.status, headers=headers)

    def _answer(self, call: Call, fault: Fault | None) -> tuple[Json, int, int]:
        if fault is not None and (fault.error or fault.status != 200):
            if fault.drop == "done":
                run(self, call)
            error = fault.error or ("ratelimited" if fault.status == 429 else "internal_error")
            told = {"ok": False, "error": error, **(fault.more or {})}
            return told, fault.status, fault.retry_after
        wait = self._wait(call)
        if wait:
            return {"ok": False, "error": "ratelimited"}, 429, wait
        return run(self, call), 200, 0

    def _wait(self, call: Call) -> int:
        """Whole seconds to wait where the channel has just had a message."""
        if not self.channel_gap or call.method not in ("chat.postMessage", "chat.postEphemeral"):
            return 0
        channel, now = str(call.args.get("channel")), time.monotonic()
        if now < self._posted.get(channel, 0.0) + self.channel_gap:
            return max(1, round(self.channel_gap))
        self._posted[channel] = now
        return 0

    def _fault(self, call: Call) -> Fault | None:
        for fault in self.faults.get(call.method, []):
            if fault.times and fault.channel in ("", call.args.get("channel")):
                fault.times -= 1
                return fault
        return None

    def fail(
        self,
        name: str,
        error: str = "",
        *,
        times: int = 1,
        status: int = 200,
        retry_after: int = 0,
        drop: str = "",
        delay: float = 0.0,
        channel: str = "",
        **more: Any,
    ) -> Fault:
        """Make the next calls of a method fail: an error, a status, a cut line, or only late. What
        is to `drop` is the line "before" its effect or "after" it, or the yes to what is "done".
        """
        fault = Fault(times, error, status, retry_after, drop, delay, channel, more)
        self.faults.setdefault(name, []).append(fault)
        return fault

    async def _response(self, request: web.Request) -> web.StreamResponse:
        call = Call("response_url", await arguments(request), None, dict(request.headers))
        self.calls.append(call)
        fault = self._fault(call)
        if fault is not None and fault.drop:
            return cut(request)
        if fault is not None and fault.status != 200:
            call.status = fault.status
        else:
            call.status, call.reply = slack_answers.respond(self, call, request.match_info["hook"])
        return web.json_response(call.reply, status=call.status)

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        """The page where a person allows the installation: allowed at once by the installer."""
        query = request.query
        where = query.get("redirect_uri", "")
        if query.get("client_id") != self.client_id or self.installer is None:
            return web.Response(status=400, text="invalid_client_id")
        scopes = {scope for scope in query.get("scope", "").split(",") if scope}
        code = self.code_for(*self.installer, where, scopes)
        answer = urlencode({"code": code, "state": query.get("state", "")})
        raise web.HTTPFound(f"{where}?{answer}")
