"""How a request to the Web API is read, and how one is made to fail."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from aiohttp import web
from slack_world import Json


@dataclass
class Fault:
    """A way a method fails, so many times."""

    times: int
    error: str = ""
    status: int = 200
    retry_after: int = 0
    drop: str = ""  # "before" or "after" the effect: the connection is cut
    delay: float = 0.0
    channel: str = ""  # only calls for this channel
    more: Json | None = None


async def arguments(request: web.Request) -> Json:
    """The arguments of a call, from its address and its body: a form, or JSON."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        found.update(body if isinstance(body, dict) else {})
    elif request.method == "POST":
        found.update({name: str(value) for name, value in (await request.post()).items()})
    return found


def credentials(header: str, args: Json) -> str:
    """The token of a call; a Basic header gives the app's id and secret instead."""
    if header.startswith("Basic "):
        name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
        args |= {"client_id": name, "client_secret": secret}
        return ""
    text = header.removeprefix("Bearer ") or str(args.get("token") or "")
    if text:
        args["token"] = text
    return text


def cut(request: web.Request) -> web.Response:
    """Drop the connection: the app does not learn what became of its call."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
