"""slack_bolt's AsyncApp as the gate: who sends, for whom, and whether it is signed. What passes is
handed on and written down before Slack is told "received".

bolt answers before a listener has run, unless `process_before_response` is set; with it, a listener
that fails is a 500, and Slack sends the event again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import fault, log
from bot.platforms.slack import names
from bot.platforms.slack.calls import LIBRARY
from bot.platforms.slack.intake import EVENTS, key_of
from bot.platforms.slack.payloads import enterprise_of, team_of

Json = Mapping[str, Any]

# What comes of a payload of a kind, written down; what is to be said with the ack.
Took = Callable[[str, Json], Awaitable[None]]
# The bot of a workspace: token, bot id, bot user; None where we are not installed.
Find = Callable[[str, str], Awaitable[tuple[str, str, str] | None]]

PANE = ("assistant_thread_started", "assistant_thread_context_changed")  # the agent pane's events
DIGITS = 12  # of a time in seconds; bolt fails at what is none, and the log would tell of each
UNWRITTEN = "unwritten"  # in bolt's context: it is not in the inbox
ENDINGS = ("app_uninstalled", "tokens_revoked")
LIMITED = "app_rate_limited"
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
# No text, no JSON, none that ends, no gzip though it says so.
UNREADABLE = (*MALFORMED, RecursionError, web.RequestPayloadError)


class _Authorize(AsyncAuthorize):
    """Whose token a payload is answered by: known to us, so Slack is not asked each time."""

    def __init__(self, find: Find) -> None:
        self._find = find

    async def __call__(self, **given: Any) -> AuthorizeResult | None:
        enterprise, team = given.get("enterprise_id"), given.get("team_id")
        try:
            found = await self._find(enterprise or "", team or "")
        except Exception:  # the database is away
            given["context"][UNWRITTEN] = True
            raise
        if found is None:
            return None
        token, bot, user = found
        return AuthorizeResult(
            enterprise_id=enterprise,
            team_id=team,
            bot_token=token,
            bot_id=bot,
            bot_user_id=user,
        )


class Gate:
    """One bolt app for both transports."""

    def __init__(
        self,
        client: AsyncWebClient,
        secret: str | None,
        find: Find,
        took: Took,
        flow: AsyncOAuthFlow | None = None,
    ) -> None:
        self._took = took
        self._find = find
        self.app = AsyncApp(
            name="mlinfra",
            logger=LIBRARY,
            signing_secret=secret or "",
            client=client,
            authorize=_Authorize(find),  # type: ignore[arg-type]  # it takes one
            oauth_flow=flow,
            process_before_response=True,
            request_verification_enabled=True,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self._listen()

    def _listen(self) -> None:
        async def happened(body: dict[str, Any], context: Any) -> None:
            await self._written("event", body, context)

        async def acted(ack: Any, body: dict[str, Any], context: Any) -> None:
            await self._written("press", body, context)
            await ack()

        async def commanded(ack: Any, body: dict[str, Any], context: Any) -> None:
            await self._written("command", body, context)
            await ack()

        async def found(ack: Any, body: dict[str, Any], context: Any) -> None:
            await self._written("shortcut", body, context)
            await ack()

        async def other(ack: Any) -> None:
            await ack()

        for kind in (*EVENTS, *PANE, *ENDINGS):
            self.app.event(kind)(happened)
        self.app.action(re.compile(".*"))(acted)
        self.app.command(names.COMMAND)(commanded)
        self.app.shortcut(names.SHORTCUT)(found)
        self.app.event(re.compile(".*"))(other)  # told to us by a manifest of another version
        self.app.view(re.compile(".*"))(other)

    async def _written(self, kind: str, body: Json, context: Any) -> None:
        try:
            await self._took(kind, body)
        except Exception:
            context[UNWRITTEN] = True
            raise

    async def hear(self, payload: Json) -> tuple[bool, Json | None]:
        """What an envelope of Socket Mode holds: whether it is taken, and what goes with that."""
        taken = await self._heard(payload)
        if taken is not None:
            return taken, None
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=dict(payload))
            answer = await self.app.async_dispatch(request)
        except Exception as error:  # malformed: it would fail each time it comes again
            log.error("slack malformed", **fault(error))
            return True, None
        if answer.status != 200:  # it comes again, unless it would be as malformed then
            return UNWRITTEN not in request.context, None
        body = answer.body
        return True, json.loads(body) if body and body.startswith("{") else None

    async def _heard(self, payload: Json) -> bool | None:
        """Whether what somebody said is written down; None where bolt is to look at it.

        bolt would look whether we are in the workspace and whether it is our own, and hand it on:
        no more than is done here, and a line is not signed. It took 65 us of a mention's 880.
        """
        try:
            said = payload.get("type") == "event_callback" and key_of(payload)
            enterprise, team = enterprise_of(payload), team_of(payload)
        except MALFORMED:
            return None
        if not said or payload["event"].get("bot_id"):
            return None
        try:
            found = await self._find(enterprise, team)
            if found is None or payload["event"]["user"] == found[2]:
                return None
            await self._took("event", payload)
        except Exception as error:  # it comes again
            log.error("slack unwritten", **fault(error))
            return False
        return True

    async def post(self, request: web.Request) -> web.Response:
        """A request of HTTP, signed by Slack or refused."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (
            stamp.isascii() and stamp.isdigit() and len(stamp) <= DIGITS and signature.isascii()
        ):
            return web.Response(status=401, text='{"error": "invalid request"}')
        try:
            text = (await request.read()).decode()  # as Slack signs it, whatever charset is named
            headers: Any = dict(request.headers)
            given = AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        except UNREADABLE:
            return web.Response(status=400)
        answer = await self.app.async_dispatch(given)
        if answer.status == 404 and given.body.get("type") == LIMITED:  # signed, and no event
            await self._took(LIMITED, given.body)
            return web.Response()
        if answer.status == 500 and UNWRITTEN not in given.context:  # malformed, as ever
            return web.Response(status=400)
        return await to_aiohttp_response(answer)
