"""Telegram connected: updates in, replies out. It decides nothing but where a thing is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp.web import AbstractRouteDef

from bot import answering, phrases
from bot.chat import DeliveryError, Take
from bot.current import InForce
from bot.errors import RevokedError, SettingsError
from bot.logs import log
from bot.model import Answer, Channel, Digest, Edit, Event, Manner, Notice, Press, Question, Reply
from bot.platforms.telegram import menus, topics
from bot.platforms.telegram.api import Api, InvalidToken, TelegramError, told_of
from bot.platforms.telegram.beside import Beside
from bot.platforms.telegram.circle import Circle
from bot.platforms.telegram.intake import ASIDE, chat_of
from bot.platforms.telegram.polling import FIRST, LONGEST, Polling
from bot.platforms.telegram.receiving import Chosen, Receiver, nothing_chosen
from bot.platforms.telegram.render import alert, render
from bot.platforms.telegram.said import Me
from bot.platforms.telegram.standing import Standings
from bot.platforms.telegram.webhook import Webhook, secret_of
from bot.rendered import Rendered
from bot.settings import Telegram as Settings

REJECTED = "TELEGRAM_BOT_TOKEN was rejected by {api}: copy it anew from @BotFather"
REST = 1.5  # seconds at the end for what is under way beside the replies


class Telegram:
    """One bot on Telegram. `inside`: chats that a private instance serves besides those set;
    `chosen`: the language that a person set.
    """

    name = "telegram"

    def __init__(
        self,
        settings: Settings,
        current: InForce,
        environ: Mapping[str, str],
        inside: Sequence[int] = (),
        chosen: Chosen = nothing_chosen,
    ) -> None:
        self._settings = settings
        self._current = current
        self._beside = Beside()
        self._api = Api(settings.token, settings.api, environ)
        self._standings = Standings(self._api)
        circle = Circle([*settings.allowed, *inside] if settings.allowed else ())
        self._receiver = Receiver(self._api, circle, current, self._beside, chosen)
        self._sender, self._queries = self._receiver.sender, self._receiver.queries
        self._polling = Polling(self._api, self._receiver.receive)
        self._rendered = Rendered(render)
        self._taking: asyncio.Task[None] | None = None
        self._stopped = False
        self._webhook: Webhook | None = None
        if settings.webhook:
            secret = settings.webhook_secret or secret_of(settings.token)
            self._webhook = Webhook(self._api, settings.webhook, secret, self._receiver.receive)

    @property
    def ready(self) -> bool:
        """Whether updates come in."""
        return self._webhook.ready if self._webhook else self._polling.ready

    def routes(self) -> Sequence[AbstractRouteDef]:
        """The webhook's path, where there is a webhook."""
        return [self._webhook.route()] if self._webhook else []

    async def open(self, take: Take) -> None:
        """Be able to post. SettingsError where Telegram rejects the token."""
        try:
            await self._introduce(take)
        except InvalidToken:
            raise SettingsError([REJECTED.format(api=self._settings.api)]) from None

    async def run(self, take: Take) -> None:
        """Take updates in. SettingsError where Telegram rejects the token, now or later."""
        self._taking = asyncio.create_task(self._run(take))
        try:
            await self._taking
        except asyncio.CancelledError:
            if not self._stopped:
                raise

    async def _run(self, take: Take) -> None:
        await self.open(take)
        await self._receiver.look_for_moved()
        try:
            self._beside(menus.put(self._api, answering.coverage(self._current.retriever.entries)))
            if self._webhook:
                await self._webhook.run()
            else:
                await self._unhook()
                await self._polling.run()
        except InvalidToken:
            raise RevokedError([REJECTED.format(api=self._settings.api)]) from None

    async def _unhook(self) -> None:
        """Take a webhook away; where that fails, polling is told of one, and tries again."""
        try:
            await self._api.call("deleteWebhook", drop_pending_updates=False)
        except InvalidToken:
            await self._api.check()
        except TelegramError as error:
            log.warning("connecting", error=type(error).__name__)

    async def _introduce(self, take: Take) -> None:
        await self._api.open()
        told = await self._me()
        self._receiver.open(Me(int(told["id"]), str(told.get("username", ""))), take)
        log.info("telegram", bot=told.get("username"), webhook=bool(self._webhook))

    async def stop(self) -> None:
        """Take no more in: a batch that came is written down, the webhook says "later"."""
        self._stopped, self._polling.ready = True, False
        if self._webhook:
            self._webhook.stop()
        if self._taking:
            self._taking.cancel()

    async def close(self) -> None:
        """End what is under way beside the replies, and let go of the connections."""
        try:
            await self._beside.end(REST)
        finally:
            await self._api.close_connections()

    async def give(self, event: Event, reply: Reply, manner: Manner, answer: str = "") -> str:
        """Give the reply to an event; the message's id, empty where only the presser saw it."""
        chat, topic = chat_of(event.channel.id)
        if isinstance(event, Press):
            if await self._whispered(event, reply, manner):
                return ""
            self._queries.stop(event.key)
        message, asking = self._rendered.of(reply), _asking(event)
        try:
            if manner == "edit" and answer:
                return await self._sender.change(chat, topic, message, answer, asking)
            return await self._sender.send(chat, topic, message, asking)
        except DeliveryError as error:
            return await topics.give(self._sender, chat, event, reply, asking, error)

    async def post(self, channel: Channel, reply: Reply) -> str:
        """Say something that nobody asked for."""
        chat, topic = chat_of(channel.id)
        silent = isinstance(reply, Digest)  # nobody is rung for what waits till it is read
        return await self._sender.send(chat, topic, render(reply), silent=silent)

    async def remove(self, channel: Channel, message: str) -> None:
        """Take a message away; after 48 hours Telegram lets us only empty it."""
        instead = f"{phrases.REMOVED.zh} {phrases.REMOVED.en}"
        await self._sender.remove(chat_of(channel.id)[0], message, instead)

    async def find(self, name: str) -> Channel | None:
        """A chat by its id or @name; a channel only where we may post."""
        return await self._standings.find(name.removeprefix("telegram:"))

    async def is_admin(self, channel: Channel, person: str) -> bool:
        """Whether somebody runs a chat."""
        chat = self._sender.home(chat_of(channel.id)[0])
        return await self._standings.is_admin(chat, int(person.partition(":")[2] or 0))

    async def _whispered(self, event: Press, reply: Reply, manner: Manner) -> bool:
        """Whether a reply was for the presser alone, and is done with."""
        if event.via != ASIDE and not (manner == "private" and isinstance(reply, Answer | Notice)):
            return False
        if isinstance(reply, Answer) and not event.channel.shared:
            return False
        thanks = event.line in ("good", "bad")
        shown = await self._queries.tell(event.key, alert(reply), alert=not thanks)
        return shown or event.channel.shared  # in a group a press of long ago is let go

    async def _me(self) -> Any:
        """Who we are: asked until it is answered, and said why it is not."""
        wait = FIRST
        while True:
            try:
                return await self._api.call("getMe")
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("connecting", **told_of(error), again_in=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST)


def _asking(event: Event) -> str:
    """The message that a reply stands beside."""
    match event:
        case Question() | Press():
            return event.message
        case Edit():
            return event.question.message
        case _:
            return ""
