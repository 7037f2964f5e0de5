"""The workspaces that we are in, and by which token: one that was set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aiohttp.web import AbstractRouteDef
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.platforms.slack.calls import METHODS, Calls

SCOPES = frozenset(scope for scopes in METHODS.values() for scope in scopes) | {
    "app_mentions:read",
    "channels:read",
    "commands",
    "groups:read",
}
OF_APP = {"connections:write"}  # of the app token, not of a bot's


class Workspaces(Protocol):
    """Which workspaces there are, and what belongs to installing."""

    async def introduce(self, calls: Calls) -> None:
        """Make sure that Slack knows us. RefusedError where it does not."""
        ...

    async def token(self, team: str) -> str | None:
        """The bot token for a workspace; None where we are not installed."""
        ...

    async def find(self, enterprise: str, team: str) -> tuple[str, str, str] | None:
        """Token, bot id and bot user of a workspace."""
        ...

    async def met(self, enterprise: str, team: str) -> None:
        """A workspace told us something, as one of an organisation or by itself."""
        ...

    async def ended(self, enterprise: str, team: str) -> None:
        """We were thrown out of a workspace, or our token was taken back."""
        ...

    def routes(self, calls: Calls) -> Sequence[AbstractRouteDef]:
        """Where one installs us."""
        ...

    def flow(self, client: AsyncWebClient) -> AsyncOAuthFlow | None:
        """bolt's flow of installing."""
        ...


class One:
    """The one workspace, or organisation, of a bot token that was set."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._bot = ""
        self._user = ""

    async def introduce(self, calls: Calls) -> None:
        """Ask Slack who we are; say which scopes are missing."""
        told = await calls.by(self._token, "auth.test", "auth.test")
        self._bot, self._user = str(told.get("bot_id", "")), str(told.get("user_id", ""))
        log.info("slack", team=told.get("team_id"), bot=self._user)

    async def token(self, team: str) -> str | None:
        """The one."""
        del team
        return self._token

    async def find(self, enterprise: str, team: str) -> tuple[str, str, str] | None:
        """The one, whichever workspace of the organisation asks."""
        del enterprise, team
        return self._token, self._bot, self._user

    async def met(self, enterprise: str, team: str) -> None:
        """One token serves them all."""

    async def ended(self, enterprise: str, team: str) -> None:
        """The operator must set another token."""
        log.error("slack", refused="token_revoked", team=team, enterprise=enterprise)

    def routes(self, calls: Calls) -> Sequence[AbstractRouteDef]:
        """None: it is installed already."""
        del calls
        return ()

    def flow(self, client: AsyncWebClient) -> AsyncOAuthFlow | None:
        """None."""
        del client
        return None
