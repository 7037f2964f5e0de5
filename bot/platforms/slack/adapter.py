"""Slack as a platform: events in, replies out. It decides nothing but how Slack wants it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from ssl import SSLContext
from typing import Any

from aiohttp import web
from aiohttp.web import AbstractRouteDef

from bot import phrases
from bot.chat import Take
from bot.errors import SettingsError
from bot.logs import fault, log
from bot.model import Channel, Edit, Event, Manner, Press, Question, Reply
from bot.phrases import tell
from bot.platforms.slack import intake, names, pane, payloads, places, pointed, views
from bot.platforms.slack.app import LIMITED, MALFORMED, PANE, Gate
from bot.platforms.slack.busy import Busy
from bot.platforms.slack.calls import Calls, LimitedError, LostError, RefusedError
from bot.platforms.slack.giving import ALONE, Giver
from bot.platforms.slack.people import People
from bot.platforms.slack.refusals import delivery
from bot.platforms.slack.render import render
from bot.platforms.slack.sockets import REJECTED, Sockets
from bot.platforms.slack.workspaces import Workspaces
from bot.settings import Slack as Set
from corpus.language import Script
from corpus.record import replace

EVENTS = "/slack/events"
REMEMBERED = 2000  # menus and messages seen by one alone
TRY_AGAIN = 5.0  # seconds, while Slack is away at the start


class Slack:
    """One app of Slack, in one workspace or in many."""

    name = "slack"

    def __init__(
        self,
        settings: Set,
        workspaces: Workspaces,
        proxy: Callable[[str], str | None] = lambda _: None,
        ssl: SSLContext | None = None,
        tell: Callable[[str, str], Awaitable[None]] | None = None,
        finds: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._finds = finds  # whether words by themselves find a work
        self._tell = tell  # the operator
        self._set = settings
        self._workspaces = workspaces
        self._proxy = proxy
        self._ssl = ssl
        self._calls = Calls(settings.api, workspaces.token, proxy, ssl)
        self._people = People(self._calls)
        self._busy = Busy(self._calls)
        self._giver = Giver(self._calls, lambda asked: self._soon(self._busy.forget(asked)))
        self._gate: Gate | None = None
        self._sockets: Sockets | None = None
        self._take: Take | None = None
        self._stopping = False
        self._stopped = asyncio.Event()
        self._known = False  # that Slack takes our token
        self._spots: OrderedDict[tuple[str, str], Mapping[str, str]] = OrderedDict()
        self._taking: OrderedDict[str, asyncio.Future[bool]] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether events come in and can be answered; of many workspaces one may be lost."""
        if not self._known or (self._set.bot_token and self._calls.rejected):
            return False
        if self._set.app_token:
            return self._sockets is not None and self._sockets.ready
        return not self._stopping

    def routes(self) -> Sequence[AbstractRouteDef]:
        """Where Slack posts events, and where workspaces install us."""
        own = () if self._set.app_token else (web.post(EVENTS, self._posted),)
        return (*own, *self._workspaces.routes(self._calls))

    async def open(self, take: Take) -> None:
        """Be able to post. SettingsError where Slack rejects a token."""
        self._take = take
        await self._introduce()

    async def run(self, take: Take) -> None:
        """Take events in until `stop`. SettingsError where Slack rejects a token."""
        await self.open(take)
        client = self._calls.client(None)
        flow = self._workspaces.flow(client)
        self._gate = Gate(client, self._set.signing_secret, self._workspaces.find, self._took, flow)
        if self._set.app_token is None:
            await self._stopped.wait()
            return
        self._sockets = Sockets(
            self._calls, self._set.app_token, self._heard, self._proxy, self._ssl
        )
        try:
            await self._sockets.run()
        except* SettingsError as group:
            raise group.exceptions[0] from None

    async def stop(self) -> None:
        """Take no more events in; what was heard is written down before it is acked."""
        self._stopping = True
        self._stopped.set()
        if self._sockets is not None:
            await self._sockets.stop()

    async def close(self) -> None:
        """Let go, when everything is answered."""
        try:
            if self._tasks:
                await asyncio.wait(list(self._tasks), timeout=1)
            await self._busy.close()
        finally:
            await self._calls.close()

    async def give(self, event: Event, reply: Reply, manner: Manner, answer: str = "") -> str:
        """Give the reply to an event."""
        return await self._giver.give(event, reply, manner, answer)

    async def post(self, channel: Channel, reply: Reply) -> str:
        """Say something that nobody asked for."""
        try:
            return await self._giver.post(channel.id, render(reply))
        except (RefusedError, LostError, LimitedError) as error:
            raise delivery(channel.id, error) from None

    async def remove(self, channel: Channel, message: str) -> None:
        """Take a message away, and say so in the menu that it was done from."""
        if not message or message.startswith(ALONE):
            return
        spot = self._spots.get((channel.id, message), {})
        if "ephemeral" in spot and "hook" in spot:
            try:
                await self._calls.respond(spot["hook"], delete_original=True)
            except (RefusedError, LostError) as error:
                log.info("slack hook", refused=str(error))
        else:
            await self._giver.remove(channel.id, message)
        if "view" in spot:
            script: Script = "zh-Hans" if spot.get("script", "en") != "en" else "en"
            shown = views.sentence(tell(phrases.REMOVED, script), script)
            await self._giver.show(channel.id, spot["view"], shown)

    async def find(self, name: str) -> Channel | None:
        """A channel by its id or name, where we may post."""
        return await places.find(self._calls, name)

    async def is_admin(self, channel: Channel, person: str) -> bool:
        """Whether somebody rules the workspace; guests and strangers do not."""
        team, _ = names.parts(channel.id)
        _, user = names.parts(person)
        return (await self._people.of(team, user, fresh=True)).admin

    async def _introduce(self) -> None:
        """Make sure that Slack takes our token, however long Slack is away."""
        while True:
            try:
                await self._workspaces.introduce(self._calls)
                self._known = True
                return
            except RefusedError as error:
                if error.code in REJECTED:
                    raise SettingsError(
                        [f"SLACK_BOT_TOKEN was rejected by Slack: {error.reason}"]
                    ) from None
                log.error("slack", refused=error.reason)
            except LostError as error:
                log.warning("slack away", **fault(error))
            await asyncio.sleep(TRY_AGAIN)

    async def _posted(self, request: web.Request) -> web.StreamResponse:
        if self._gate is None or self._stopping:
            return web.Response(status=503)
        return await self._gate.post(request)

    async def _heard(self, kind: str, body: Mapping[str, Any]) -> tuple[bool, Any]:
        """An envelope of a line, past the gate; what is known already does not go through it."""
        if kind == "events_api" and await self._is_known(body):
            return True, None
        return await self._gate.hear(body) if self._gate else (False, None)

    async def _is_known(self, body: Mapping[str, Any]) -> bool:
        """Whether it is our own message, or the second of the two events that a mention is."""
        try:
            taking = self._taking.get(intake.key_of(body))
            if taking is None:
                return intake.is_own(body)
        except MALFORMED:
            return False
        return await taking

    async def _took(self, kind: str, body: Mapping[str, Any]) -> None:
        """A payload that passed the gate: written down when this returns."""
        if self._stopping or self._take is None:
            raise ConnectionError("stopping")
        if kind == LIMITED:
            self._soon(self._limited(body))
            return
        try:
            team, enterprise = payloads.team_of(body), payloads.enterprise_of(body)
            if payloads.ends(body):
                await self._workspaces.ended(enterprise, team)
                self._calls.rejected = True  # one's token was taken back, until it is taken again
                return
            await self._workspaces.met(enterprise, team)
            event = self._event(kind, body)
        except MALFORMED as error:  # it would be no better when it comes again
            log.warning("slack malformed", **fault(error))
            return
        if event is not None:
            spoken = await self._people.spoken(event)
            await self._written(spoken, self._take, payloads.ours(body))

    async def _written(self, event: Event, take: Take, us: str) -> None:
        """Write an event down, a question but once however often it is told."""
        if isinstance(event, Edit):
            asked = await pointed.read(self._calls, event.question, self._finds, us)
            event = replace(event, question=asked)
        if not isinstance(event, Question):
            await take([event])
            return
        taking = self._taking.get(event.key)
        if taking is not None and await taking:
            return
        taking = self._taking[event.key] = asyncio.get_running_loop().create_future()
        _shorten(self._taking)
        self._giver.ours.add(event.key)
        try:
            work = await take([await pointed.read(self._calls, event, self._finds, us)])
        except BaseException:
            taking.set_result(False)
            self._taking.pop(event.key, None)  # gone where its second event failed first
            raise
        taking.set_result(True)
        if not work:  # answered already
            self._giver.ours.discard(event.key)
        for task in work:
            task.add_done_callback(lambda _: self._giver.ours.discard(event.key))
        self._busy.watch(event, work)

    async def _limited(self, body: Mapping[str, Any]) -> None:
        """Slack holds events back for a minute, for there are too many."""
        log.warning("slack limited", team=body.get("team_id"), at=body.get("minute_rate_limited"))
        if self._tell:
            await self._tell(f"slack: {LIMITED}, so Slack holds questions back", LIMITED)

    def _event(self, kind: str, body: Mapping[str, Any]) -> Event | None:
        if kind == "command":
            return intake.command(body)
        if kind == "shortcut":
            return intake.shortcut(body)
        if kind == "press":
            return self._pressed(body)
        happened = body["event"]
        if happened["type"] in PANE:
            self._soon(pane.suggest(self._calls, self._people, body))
            return None
        return intake.event(body)

    def _pressed(self, body: Mapping[str, Any]) -> Event | None:
        said = payloads.told(body["actions"][0])
        if not said.line:
            return None
        if said.line == "menu" and payloads.script_of(said):
            opened = views.menu(said, payloads.spot_of(body))
            team = payloads.team_of(body)
            self._soon(self._giver.open(team, str(body.get("trigger_id")), opened))
            return None
        event = intake.press(body)
        if isinstance(event, Press) and event.via:
            self._spots[event.channel.id, event.message] = names.ways(event.via)
            _shorten(self._spots)
        return event

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the ack."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            log.error("slack", **fault(error))


def _shorten(memory: OrderedDict[Any, Any]) -> None:
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
