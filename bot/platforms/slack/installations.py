"""Many workspaces, each installed by OAuth: slack_sdk's stores, on our database.

Their statements are slack_sdk's, made in a thread; the tables are ours to migrate.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from aiohttp.web import AbstractRouteDef
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.logs import log
from bot.outcome import Setting
from bot.platforms.slack.calls import LIBRARY, Calls
from bot.platforms.slack.secret import Keeper
from bot.platforms.slack.workspaces import OF_APP, SCOPES
from bot.settings import Slack as Set
from bot.store import settings
from corpus.database import Database, metadata

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
STATE = 600  # seconds that an installation may take
KEPT = 60.0  # seconds that we go by what another process may have changed
HIDDEN = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token")

bots = SQLAlchemyInstallationStore.build_bots_table(metadata, "slack_bots")
installations = SQLAlchemyInstallationStore.build_installations_table(
    metadata, "slack_installations"
)
states = SQLAlchemyOAuthStateStore.build_oauth_states_table(metadata, "slack_oauth_states")

Found = tuple[str, str, str]


class Many:
    """The workspaces that installed us."""

    def __init__(self, part: Set, database: Database, public_url: str | None) -> None:
        self._set = part
        self._database = database
        self._keeper = Keeper(part.token_key)
        self._store = _Installed(part.client_id or "", database, self._keeper)
        self._redirect = f"{public_url.rstrip('/')}{REDIRECT}" if public_url else None
        self._known: dict[tuple[str, str], tuple[float, Found | None]] = {}
        self._homes: dict[str, str] = {}  # workspace -> its organisation
        self._left: set[str] = set()  # workspaces that had us by themselves
        self._flow: AsyncOAuthFlow | None = None

    async def introduce(self, calls: Calls) -> None:
        """Each workspace has a token of its own: there is nobody to ask yet."""
        del calls
        log.info("slack", install=INSTALL)

    async def token(self, team: str) -> str | None:
        """The bot token for a workspace, by its own installation or by its organisation's."""
        found = await self.find(await self._home(team), team)
        return found[0] if found else None

    async def find(self, enterprise: str, team: str) -> Found | None:
        """Token, bot id and bot user."""
        until, found = self._known.get((enterprise, team), (0.0, None))
        if until < time.monotonic():
            found = await self._ask(enterprise, team)
            self._known[enterprise, team] = (time.monotonic() + KEPT, found)
        return found

    async def met(self, enterprise: str, team: str) -> None:
        """Remember whose a workspace is: its channels do not say."""
        if enterprise and team and self._homes.get(team) != enterprise:
            await self._remember(team, enterprise)

    async def ended(self, enterprise: str, team: str) -> None:
        """Forget the tokens of a workspace; of an organisation where that installed us, and not
        where a workspace of it had us by itself besides.
        """
        org = enterprise or None
        if team:
            if await self._store.async_find_bot(enterprise_id=org, team_id=team):
                self._left.add(team)  # it is told twice, once of each of its events
            await self._store.async_delete_all(enterprise_id=org, team_id=team)
        if org and team not in self._left:
            await self._store.async_delete_all(enterprise_id=org, team_id=None)
        self._known.clear()
        log.info("slack", uninstalled=team or enterprise)

    def routes(self, calls: Calls) -> Sequence[AbstractRouteDef]:
        """Where one installs us, and comes back from Slack."""
        del calls
        return (web.get(INSTALL, self._install), web.get(REDIRECT, self._redirected))

    def flow(self, client: AsyncWebClient) -> AsyncOAuthFlow | None:
        """bolt's flow, given everything: it would look for what is missing in the environment."""
        states_store: Any = _States(self._database)
        self._flow = AsyncOAuthFlow(
            client=client,
            logger=LIBRARY,
            settings=AsyncOAuthSettings(
                client_id=self._set.client_id,
                client_secret=self._set.client_secret,
                scopes=sorted(SCOPES - OF_APP),
                user_scopes=[],
                redirect_uri=self._redirect,
                install_path=INSTALL,
                redirect_uri_path=REDIRECT,
                authorization_url=f"{self._set.api.removesuffix('api/')}oauth/v2/authorize",
                installation_store=self._store,
                installation_store_bot_only=True,
                state_store=states_store,
                state_expiration_seconds=STATE,
                logger=LIBRARY,
            ),
        )
        return self._flow

    async def _install(self, request: web.Request) -> web.StreamResponse:
        if self._flow is None:
            return web.Response(status=503)
        answer = await self._flow.handle_installation(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async def _redirected(self, request: web.Request) -> web.StreamResponse:
        if self._flow is None:
            return web.Response(status=503)
        answer = await self._flow.handle_callback(await to_bolt_request(request))
        self._known.clear()
        self._left.clear()
        return await to_aiohttp_response(answer)

    async def _ask(self, enterprise: str, team: str) -> Found | None:
        """A workspace's own installation, else its organisation's."""
        ways: list[tuple[str | None, str | None]] = [(enterprise or None, team)] if team else []
        ways += [(enterprise, None)] if enterprise else []
        for org, where in ways:
            bot = await self._store.async_find_bot(
                enterprise_id=org, team_id=where, is_enterprise_install=where is None
            )
            if bot is not None and bot.bot_token:
                return bot.bot_token, bot.bot_id, bot.bot_user_id
        return None

    async def _home(self, team: str) -> str:
        """The organisation of a workspace, as it was met in an event or installed."""
        if team not in self._homes:
            told = select(bots.c.enterprise_id).where(bots.c.team_id == team)
            owner = _owner(team)
            self._homes[team] = await self._database.read(
                lambda connection: (
                    settings.of(connection, [owner])[owner].get("enterprise")
                    or connection.execute(told.limit(1)).scalar()
                    or ""
                )
            )
        return self._homes[team]

    async def _remember(self, team: str, enterprise: str) -> None:
        setting = Setting(_owner(team), "enterprise", enterprise)
        await self._database.write(lambda connection: settings.keep(connection, setting))
        self._homes[team] = enterprise


def _owner(team: str) -> str:
    return f"slack:{team}"


class _Installed(AsyncInstallationStore):
    """slack_sdk's store, its tokens hidden at rest."""

    def __init__(self, client: str, database: Database, keeper: Keeper) -> None:
        self._keeper = keeper
        self._database = database
        self._store = SQLAlchemyInstallationStore(client, database.engine, logger=LIBRARY)

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation."""
        hidden = copy.copy(installation)
        for name in HIDDEN:
            setattr(hidden, name, self._keeper.hide(getattr(hidden, name)))
        await self._database.apart(lambda: self._store.save(hidden))
        log.info("slack", installed=installation.team_id or installation.enterprise_id)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The newest bot of a workspace, or of an organisation."""
        found = await self._database.apart(
            lambda: self._store.find_bot(
                enterprise_id=enterprise_id,
                team_id=team_id,
                is_enterprise_install=is_enterprise_install,
            )
        )
        if found is not None:
            found.bot_token = self._keeper.show(found.bot_token) or ""
            if not found.bot_token:
                log.error("slack", refused="SLACK_TOKEN_KEY is not the one of the installation")
        return found

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a bot."""
        await self._database.apart(
            lambda: self._store.delete_bot(enterprise_id=enterprise_id, team_id=team_id)
        )

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget an installation."""
        await self._database.apart(
            lambda: self._store.delete_installation(
                enterprise_id=enterprise_id, team_id=team_id, user_id=user_id
            )
        )


class _States(AsyncOAuthStateStore):
    """Which installations have begun."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = SQLAlchemyOAuthStateStore(STATE, database.engine, logger=LIBRARY)

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """A new one."""
        return await self._database.apart(self._store.issue)

    async def async_consume(self, state: str) -> bool:
        """Whether it had begun, and is not over; once."""
        return bool(state) and await self._database.apart(lambda: self._store.consume(state))
