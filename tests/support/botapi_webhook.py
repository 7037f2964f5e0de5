"""Webhooks: set, shown, and fed with updates until each is taken."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from botapi_checks import Params
from botapi_errors import bad
from botapi_model import Shape
from botapi_updates import Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """What setWebhook said, and the sending. Updates of one chat go one after another."""

    def __init__(
        self, updates: Updates, now: Callable[[], float], perform: Callable[[str, Params], Any]
    ) -> None:
        self.updates, self.now, self.perform = updates, now, perform
        self.secret, self.most, self.error, self.error_date = "", 40, "", 0
        self.retry_seconds, self.plain_http = 0.05, True  # a self-hosted server may use http
        self.through = ""  # where a public address leads on this machine: "http://127.0.0.1:8080"
        self.posts: list[tuple[int, int]] = []  # update id, status (0: no answer)
        self._busy: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def set(self, params: Params) -> str:
        """setWebhook; Telegram's words on it."""
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return self.delete(params)
        if not re.match(r"https://." if not self.plain_http else r"https?://.", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if re.search(r"[^A-Za-z0-9_-]", secret):
            raise bad("secret token contains unallowed characters")
        self._settle(params)
        self.secret, self.most = secret, params.number("max_connections", 40)
        self.error, self.error_date = "", 0
        known, self.updates.webhook = self.updates.webhook == url, url
        self.updates.wake("terminated by setWebhook request")
        self.kick()
        return "Webhook is already set" if known else "Webhook was set"

    def delete(self, params: Params) -> str:
        """deleteWebhook: updates wait for getUpdates from now on; Telegram's words on it."""
        self._settle(params)
        known, self.updates.webhook = bool(self.updates.webhook), ""
        return "Webhook was deleted" if known else "Webhook is already deleted"

    def _settle(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self.updates.clear()
        allowed = params.value("allowed_updates")
        if isinstance(allowed, list):
            self.updates.allowed = allowed or None

    def shape(self) -> Shape:
        """A WebhookInfo of the Bot API."""
        body: Shape = {
            "url": self.updates.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if self.updates.webhook:
            body |= {"max_connections": self.most, "ip_address": "127.0.0.1"}
        if self.error:
            body |= {"last_error_date": self.error_date, "last_error_message": self.error}
        if self.updates.allowed:
            body["allowed_updates"] = self.updates.allowed
        return body

    def kick(self) -> None:
        """Start sending what may be sent now; to be called in the server's loop."""
        if not self.updates.webhook:
            return
        for update in list(self.updates.pending):
            if len(self._busy) >= self.most:
                return
            if update.key not in self._busy:
                self._busy.add(update.key)
                task = asyncio.get_running_loop().create_task(self._send(update))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _send(self, update: Update) -> None:
        url = self.updates.webhook
        while self.updates.webhook == url and update in self.updates.pending:
            update.fetched += 1
            if await self._post(update):
                self.updates.forget(update)
                break
            await asyncio.sleep(self.retry_seconds)
        self._busy.discard(update.key)
        self.kick()

    async def _post(self, update: Update) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60))
        target = self._target()
        if target is None:
            self._failed("Connection failed: the test server calls no other machine")
            self.posts.append((update.id, 0))
            return False
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        body = json.dumps(update.shape)
        try:
            async with self._session.post(
                target, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status, text = answer.status, await answer.text()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            status, text = 0, ""
            self._failed(f"Connection failed: {type(error).__name__}")
        self.posts.append((update.id, status))
        if 200 <= status < 300:
            self._call(text)
            return True
        if status:
            self._failed(f"Wrong response from the webhook: {status}")
        return False

    def _target(self) -> str | None:
        """The webhook's address on this machine; None where it leads to another."""
        parts = urlsplit(self.updates.webhook)
        if self.through:
            return f"{self.through}{parts.path}{f'?{parts.query}' if parts.query else ''}"
        return self.updates.webhook if parts.hostname in ("127.0.0.1", "localhost") else None

    def _failed(self, text: str) -> None:
        self.error, self.error_date = text, int(self.now())

    def _call(self, text: str) -> None:
        """Do what the answer asks for: a webhook may answer with a call."""
        try:
            body = json.loads(text)
        except ValueError:
            return
        if isinstance(body, dict) and isinstance(body.get("method"), str):
            self.perform(body.pop("method"), Params(body))

    async def close(self) -> None:
        """End all sending."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._busy.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None
