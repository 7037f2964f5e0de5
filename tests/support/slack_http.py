"""Events over HTTP: signed requests, what Slack counts as an ack, and requests nobody signed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_delivery import Delivery
from slack_world import Json

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    """What the app answered."""

    status: int
    body: str
    headers: dict[str, str]


def sign(secret: str, timestamp: str, body: str) -> str:
    """The v0 signature of a request."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: str, payload: Json) -> tuple[str, str]:
    """A payload as the body of a request, with its content type."""
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    fields = {"payload": json.dumps(payload)} if kind == "interactive" else payload
    return urlencode(fields), FORM


@dataclass
class Posts:
    """The transport that posts deliveries to the app's address."""

    url: str
    secret: str
    replies: list[Reply] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None

    async def post(
        self,
        body: str,
        *,
        kind: str = "application/json",
        timestamp: str | None = None,
        signature: str | None = None,
        headers: dict[str, str] | None = None,
        signed: bool = True,
    ) -> Reply:
        """Post a body as Slack would; timestamp and signature may be wrong on demand."""
        at = str(int(time.time())) if timestamp is None else timestamp
        sent = {"Content-Type": kind, **(headers or {})}
        if signed:
            sent["X-Slack-Request-Timestamp"] = at
            sent["X-Slack-Signature"] = signature or sign(self.secret, at, body)
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url, data=body.encode(), headers=sent) as answer:
            reply = Reply(answer.status, await answer.text(), dict(answer.headers))
        self.replies.append(reply)
        return reply

    async def verify(self, challenge: str = "the-challenge") -> Reply:
        """Ask the app to prove that the address is its own."""
        body = {"token": "verification", "challenge": challenge, "type": "url_verification"}
        return await self.post(json.dumps(body))

    async def attempt(self, delivery: Delivery, number: int, patience: float) -> str:
        """Post a delivery; acked is what is answered with 200 in time."""
        event = delivery.kind == "events_api"
        body, kind = encode(delivery.kind, delivery.payload)
        headers = {}
        if number:
            headers = {
                "X-Slack-Retry-Num": str(number),
                "X-Slack-Retry-Reason": delivery.failures[-1],
            }
        try:
            async with asyncio.timeout(patience):
                reply = await self.post(body, kind=kind, headers=headers)
        except TimeoutError:
            return "http_timeout" if event else "operation_timeout"
        except aiohttp.ClientError:
            return "connection_failed" if event else "dispatch_failed"
        if not 200 <= reply.status < 300:
            wanted = reply.headers.get("x-slack-no-retry") or reply.headers.get("X-Slack-No-Retry")
            return "no_retry" if wanted == "1" else ("http_error" if event else "dispatch_failed")
        delivery.response = read(reply)
        return ""

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


def read(reply: Reply) -> Any:
    """The answer in an ack: JSON, or a command's words."""
    if not reply.body:
        return None
    try:
        return json.loads(reply.body)
    except ValueError:
        return {"text": reply.body}
