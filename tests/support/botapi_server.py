"""A server on 127.0.0.1 that speaks the Bot API and refuses what Telegram refuses.

    async with BotApi() as server:
        bot = Bot(server.token, base_url=server.base_url)
        chat = server.private(server.user("Ann"))
        question = chat.say("数据并行")
        ...  # the bot under test answers
        await server.until(lambda: chat.answers_to(question))

Or, for a bot in another thread or process, `with BotApi.in_thread() as server`, and `server.wait`.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import botapi_answers
import botapi_menus
import botapi_methods
from aiohttp import web
from botapi_checks import Params
from botapi_errors import Refused, flooded
from botapi_faults import PROXY_JSON, PROXY_PAGE, Fault
from botapi_methods import Method
from botapi_watch import Call, Watch
from botapi_webhook import Webhook

METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for table in (botapi_methods.METHODS, botapi_answers.METHODS, botapi_menus.METHODS)
    for name, method in table.items()
}
_POLLING = ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")
_NAMES = {name.lower(): name for name in _POLLING} | {
    low: name for low, (name, _) in METHODS.items()
}
_COUNTED = {"sendMessage", "editMessageText"}  # what Telegram's limits count
_PATH = re.compile(r"/bot(\d+:[\w-]+)/(\w+)/?")


class BotApi(Watch):
    """The server, and the world behind it."""

    def __init__(self, **world: Any) -> None:
        super().__init__(**world)
        self.webhook = Webhook(self.updates, self.now, self.perform)
        self.changes.append(self.webhook.kick)
        self.port = 0
        self._runner: web.ServerRunner | None = None

    # Start and end

    async def __aenter__(self) -> BotApi:
        self.run_here()
        await self.listen()
        return self

    async def __aexit__(self, *error: object) -> None:
        self.faults.clear()
        await self.webhook.close()
        await self.silence()

    async def listen(self) -> None:
        """Take connections; after `silence` on the same port as before."""
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None, keepalive_timeout=75), shutdown_timeout=0.2
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def silence(self) -> None:
        """Take no connection and end those there are, as where there is no network."""
        self.updates.wake("time")
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @classmethod
    @contextmanager
    def in_thread(cls, **world: Any) -> Iterator[BotApi]:
        """A server in a thread of its own, for tests that are not asynchronous."""
        server, ready, end = cls(**world), threading.Event(), []

        async def serve() -> None:
            async with server:
                done = asyncio.Event()
                end.append(done)
                ready.set()
                await done.wait()

        thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
        thread.start()
        assert ready.wait(10), "the server did not start"
        try:
            yield server
        finally:
            server.loop.call_soon_threadsafe(end[0].set)
            thread.join(10)

    @property
    def url(self) -> str:
        """The root: what TELEGRAM_API_BASE_URL is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What the SDK takes as base_url."""
        return f"{self.url}/bot"

    # Answering

    def perform(self, name: str, params: Params) -> Any:
        """Do one call of a method that answers at once; Refused where Telegram refuses."""
        found = METHODS.get(name.lower())
        if found is None:
            raise Refused(404, "Not Found")
        with self.lock:
            if found[0] in _COUNTED:
                self.flood.check(params.text("chat_id"), self.now())
            return found[1](self, params)

    async def _method(self, name: str, params: Params) -> tuple[Any, str]:
        """The result of any method, and the description beside it."""
        match name:
            case "getUpdates":
                allowed = params.value("allowed_updates")
                if isinstance(allowed, list):
                    self.updates.allowed = allowed or None
                limit = min(max(params.number("limit", 100), 1), 100)
                offset, timeout = params.number("offset"), params.number("timeout")
                return await self.updates.poll(offset, limit, timeout), ""
            case "setWebhook":
                return True, self.webhook.set(params)
            case "deleteWebhook":
                return True, self.webhook.delete(params)
            case "getWebhookInfo":
                return self.webhook.shape(), ""
        return self.perform(name, params), ""

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        found = _PATH.fullmatch(request.path)
        if found is None:
            return _answer(404, Refused(404, "Not Found").shape())
        if found.group(1) != self.token:
            return _answer(401, Refused(401, "Unauthorized").shape())
        name = _NAMES.get(found.group(2).lower(), found.group(2))
        values = await _values(request)
        call = Call(name, values, time.perf_counter())
        self.heard(call)
        fault = self.faults.take(name, values)
        try:
            if fault is not None:
                return await self._broken(request, call, fault)
            return await self._respond(call)
        finally:
            call.seconds = time.perf_counter() - call.at
            self.changed()

    async def _respond(self, call: Call) -> web.Response:
        try:
            result, description = await self._method(call.method, Params(call.params))
        except Refused as refusal:
            call.code, call.answer = refusal.code, refusal.description
            return _answer(refusal.code, refusal.shape())
        call.code, call.answer = 200, result
        body = {"ok": True, "result": result}
        return _answer(200, body | ({"description": description} if description else {}))

    async def _broken(self, request: web.BaseRequest, call: Call, fault: Fault) -> web.Response:
        """Answer as a fault says: first its effect, if it has one, then what is seen of it."""
        answer = await self._respond(call) if fault.after else None
        self.changed()
        await fault.wait()
        match fault.how.removesuffix("-after"):
            case "delay" | "hold":
                return answer or await self._respond(call)
            case "drop" | "drop-before":
                if request.transport is not None:
                    request.transport.abort()
                call.code = call.code or 599
                return web.Response(status=500)
            case "502" | "400-page" | "401-page" | "403-page" | "404-page" as page:
                status = int(page[:3])
                call.code = call.code or status
                return web.Response(status=status, body=PROXY_PAGE, content_type="text/html")
            case "200-json" | "401-json" as told:
                status = int(told[:3])
                call.code = call.code or status
                return web.Response(status=status, body=PROXY_JSON, content_type="application/json")
            case "flood":
                refusal = flooded(int(fault.seconds))
            case "refuse":
                refusal = fault.refusal or Refused(400, "Bad Request")
            case _:
                refusal = Refused(500, "Internal Server Error")
        call.code, call.answer = refusal.code, refusal.description
        return _answer(refusal.code, refusal.shape())


def _answer(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json"
    )


async def _values(request: web.BaseRequest) -> dict[str, Any]:
    """The parameters of a call: of the address, a form, JSON or multipart."""
    values: dict[str, Any] = dict(parse_qsl(request.query_string, keep_blank_values=True))
    kind = request.content_type
    if request.method != "POST":
        return values
    if kind == "multipart/form-data":
        return values | dict(await request.post())
    body = (await request.read()).decode()
    if kind == "application/json":
        return values | (json.loads(body) if body else {})
    return values | dict(parse_qsl(body, keep_blank_values=True))
