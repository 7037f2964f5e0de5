"""Updates in: written down as events, or done at once where nothing of it must be kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from bot import phrases
from bot.chat import Take
from bot.current import InForce
from bot.logs import fault, log
from bot.model import Channel, Event, Left, Moved
from bot.phrases import tell
from bot.platforms.telegram import inline, intake
from bot.platforms.telegram.api import Api, ChatMigrated, TelegramError
from bot.platforms.telegram.beside import Beside
from bot.platforms.telegram.circle import Circle
from bot.platforms.telegram.intake import Asked, Dead, Pressed, Tap
from bot.platforms.telegram.keyboard import pressed_menu, turned
from bot.platforms.telegram.queries import Queries
from bot.platforms.telegram.said import Catalog, Json, Me
from bot.platforms.telegram.sending import Sender
from corpus.database import DatabaseError

PATIENCE = 1.0  # seconds for what somebody chose


# The language that somebody set for themselves; empty where they set none.
Chosen = Callable[[str], Awaitable[str]]


async def nothing_chosen(person: str) -> str:
    """Nobody's language is known."""
    del person
    return ""


class Receiver:
    """Takes updates for one bot, once it knows who it is and who takes them."""

    def __init__(
        self, api: Api, circle: Circle, current: InForce, beside: Beside, chosen: Chosen
    ) -> None:
        self._chosen = chosen
        self._api = api
        self._circle = circle
        self._current = current
        self._beside = beside
        self._me = Me(0, "")
        self._take: Take | None = None
        self.sender = Sender(api, self._gone, self._has_moved)
        self.queries = Queries(api, self.sender, beside)

    def open(self, me: Me, take: Take) -> None:
        """Begin."""
        self._me, self._take = me, take

    async def receive(self, updates: Sequence[Json]) -> None:
        """Write a batch of updates down, and begin on it."""
        events = [event for update in updates if (event := self._read(update))]
        events.sort(key=lambda event: not isinstance(event, Moved))  # before what is asked there
        await self._taken(events)

    async def _taken(self, events: Sequence[Event]) -> None:
        if events and self._take is not None:
            self.queries.watch(events, await self._take(events))

    def _read(self, update: Json) -> Event | None:
        """The event of an update; what is none is done here."""
        try:
            if not self._circle.serves(update):
                self._turn_away(update)
                return None
            catalog = Catalog(self._is_entry, self._current.finds)
            found = intake.read(update, self._me, time.time(), catalog)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            log.warning("unread", **fault(error))
            return None
        match found:
            case Tap():
                self._beside(self._turn(found))
            case Asked():
                self._beside(self._answer_inline(found))
            case Dead():
                words = tell(phrases.TOO_OLD, found.spoken or "en")
                self._beside(self.queries.answer(found.id, words))
            case Pressed():
                self.queries.wait(found.press.key, found.query)
                return found.press
            case Moved():
                self._follow(found)
                return found
            case _:
                return found
        return None

    def _is_entry(self, name: str) -> bool:
        return any(entry.id == name for entry in self._current.retriever.entries)

    async def _turn(self, tap: Tap) -> None:
        """Open or close the menu under an answer."""
        keyboard = turned(tap.data, tap.keyboard)
        if keyboard is None:
            script = pressed_menu(tap.data) or tap.spoken or "en"
            await self.queries.answer(tap.id, tell(phrases.TOO_OLD, script))
            return
        self._beside(self.queries.answer(tap.id))
        try:
            await self._api.call(
                "editMessageReplyMarkup",
                chat_id=self.sender.home(tap.chat),
                message_id=tap.message,
                reply_markup={"inline_keyboard": keyboard},
            )
        except TelegramError as error:  # open already, or gone
            log.info("menu", error=type(error).__name__)

    async def _answer_inline(self, asked: Asked) -> None:
        try:
            language = await self._language(f"telegram:{asked.person}")
            given = inline.answer(asked, self._current.retriever, language)
            await self._api.call("answerInlineQuery", **given)
        except TelegramError as error:  # who typed on has been asked anew
            log.info("inline", error=type(error).__name__)

    async def _language(self, person: str) -> str:
        """What somebody chose, if that is to be had at once: inline nobody waits for a database."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._chosen(person)
        except (TimeoutError, DatabaseError) as error:
            log.info("inline", **fault(error))
            return ""

    def _turn_away(self, update: Json) -> None:
        """Say once in a chat outside of the circle that it is outside, and leave it."""
        if query := update.get("inline_query"):
            self._beside(self._refuse_inline(str(query["id"])))
            return
        if query := update.get("callback_query"):
            self._beside(self.queries.answer(str(query["id"])))
        found = intake.place(update)
        if found is None or intake.is_absent(update) or not self._circle.is_first(found[0]):
            return
        spoken = intake.spoken(intake.actor(update)) or "en"
        self._beside(self._part(update, *found, tell(phrases.PRIVATE_BOT, spoken)))

    async def _refuse_inline(self, query: str) -> None:
        try:
            await self._api.call("answerInlineQuery", **inline.closed(query))
        except TelegramError as error:
            log.info("inline", error=type(error).__name__)

    async def look_for_moved(self) -> None:
        """Follow the groups inside that moved while we were away, or without telling."""
        for old in self._circle.groups():
            try:
                await self._api.call("sendChatAction", chat_id=old, action="typing")
            except ChatMigrated as error:
                await self._has_moved(old, error.new_chat_id)
            except TelegramError as error:
                log.info("looking", error=type(error).__name__)

    async def _part(self, update: Json, chat: int, kind: str, words: str) -> None:
        """Leave a chat, unless it is one from inside that has moved."""
        if kind == "supergroup":
            await self.look_for_moved()
        if self._circle.serves(update):
            await self.receive([update])
        else:
            await self._leave(chat, kind, words)

    async def _leave(self, chat: int, kind: str, words: str) -> None:
        log.info("turned away", channel=f"telegram:{chat}")
        try:
            if kind != "channel":
                await self._api.call("sendMessage", chat_id=chat, text=words)
        except TelegramError as error:
            log.info("leaving", error=type(error).__name__)
        if kind == "private":
            return
        try:
            await self._api.call("leaveChat", chat_id=chat)
        except TelegramError as error:
            log.info("leaving", error=type(error).__name__)
        self._circle.forget(chat)

    def _follow(self, moved: Moved) -> None:
        """Remember where a group has gone, before its events are worked on."""
        (old, _), (new, _) = intake.chat_of(moved.channel.id), intake.chat_of(moved.to.id)
        self.sender.settle(old, new)
        self._circle.move(old, new)

    async def _gone(self, chat: int) -> None:
        """A chat has thrown the bot out, as a send to it shows."""
        now = time.time()
        key = f"telegram:{self._me.id}:gone:{chat}:{now}"
        self._beside(self._taken([Left(key, Channel(f"telegram:{chat}", chat < 0), now)]))

    async def _has_moved(self, old: int, new: int) -> None:
        """A chat has moved, as a send to it shows."""
        moved = intake.moved(self._me, old, new, time.time())
        self._follow(moved)
        await self._taken([moved])  # before anything that is said there
