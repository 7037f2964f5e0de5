"""Messages out: sent, changed, taken away. What Telegram answers is an id, "later", or "never".

A chat that Telegram throttles is left alone until it may be written to again, and then written to
by one at a time; no other chat waits for it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.chat import DeliveryError
from bot.logs import log
from bot.platforms.telegram.api import (
    Api,
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    seconds,
    was_lost,
)
from bot.platforms.telegram.pieces import plain
from bot.platforms.telegram.render import Message

NARROW = 60.0  # seconds after being throttled in which a chat gets one message at a time
LONGEST = 15.0  # seconds between tries where there is no network
AGAIN = 0.5  # seconds before what may have got through is sent once more
_NO_PREVIEW = '{"is_disabled": true}'  # as it goes out: it is the same in each call
LENIENT = "allow_sending_without_reply"  # which servers of one's own may not know
_MARKUP = ("parse entit", "entity", "entities", "find end", "start tag", "http url")
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Sender:
    """Writes to chats. `gone` hears of chats that closed to us, `moved` of those that moved."""

    def __init__(
        self,
        api: Api,
        gone: Callable[[int], Awaitable[None]],
        moved: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._api = api
        self._gone = gone
        self._moved = moved
        self._until: dict[int, float] = {}  # when a throttled chat may be written to
        self._gates: dict[int, asyncio.Lock] = {}
        self._homes: dict[int, int] = {}  # where groups have moved to
        self._failures = 0  # of the network, in a row

    def home(self, chat: int) -> int:
        """The id that a chat has now."""
        return self._homes.get(chat, chat)

    def is_throttled(self, chat: int) -> bool:
        """Whether Telegram wants nothing sent to a chat now."""
        return self._until.get(chat, 0.0) > time.monotonic()

    def settle(self, old: int, new: int) -> None:
        """Remember where a group has moved to."""
        self._homes[old] = new

    async def send(
        self,
        chat: int,
        topic: int | None,
        message: Message,
        reply_to: str = "",
        silent: bool = False,
        strict: bool = False,
    ) -> str:
        """Send a message; its id. A `strict` one only where what it replies to still stands."""
        home = self.home(chat)
        reply = None
        if reply_to and home == chat:  # in a new place the numbers mean other messages
            reply = {"message_id": int(reply_to), LENIENT: not strict}
        values = {
            "message_thread_id": topic,
            "reply_parameters": reply,
            "disable_notification": silent or None,
        }
        sent = await self._write("sendMessage", home, message, values)
        return str(sent["message_id"])

    async def change(
        self, chat: int, topic: int | None, message: Message, number: str, asking: str = ""
    ) -> str:
        """Put a message in the place of another; a new one where that is gone, to the question."""
        try:
            await self._write(
                "editMessageText", self.home(chat), message, {"message_id": int(number)}
            )
        except BadRequest as error:
            words = str(error).lower()
            if "not modified" in words:
                return number
            if any(gone in words for gone in _GONE):
                return await self.send(chat, topic, message, asking)
            raise DeliveryError(str(chat), _reason(error), permanent=True) from None
        return number

    async def remove(self, chat: int, number: str, instead: str) -> None:
        """Delete a message; where that is too late, leave one line of it."""
        here = {"chat_id": self.home(chat), "message_id": int(number)}
        try:
            await self._api.call("deleteMessage", **here)
        except BadRequest as error:
            if "not found" not in str(error).lower():
                await self.change(chat, None, Message(instead, plain(instead), []), number)
        except TelegramError as error:
            raise await self._failure(error, chat) from None

    async def _write(self, method: str, chat: int, message: Message, values: dict[str, Any]) -> Any:
        """Call a method with a message: as HTML, as plain text where Telegram cannot read that."""
        shown = {
            **values,
            "text": message.html,
            "parse_mode": "HTML",
            "link_preview_options": _NO_PREVIEW,
            "reply_markup": {"inline_keyboard": message.keyboard} if message.keyboard else None,
        }
        try:
            return await self._paced(method, chat, shown)
        except BadRequest as error:
            words = str(error).lower()
            if any(part in words for part in _MARKUP):
                log.warning("markup", method=method)
                return await self._plainly(method, chat, shown, message)
            if "repl" in words and (values.get("reply_parameters") or {}).get(LENIENT):
                return await self._write(
                    method, chat, message, {**values, "reply_parameters": None}
                )
            if method == "editMessageText":
                raise
            raise DeliveryError(str(chat), _reason(error), permanent=True) from None

    async def _plainly(
        self, method: str, chat: int, shown: dict[str, Any], message: Message
    ) -> Any:
        shown = {**shown, "text": message.plain, "parse_mode": None}
        try:
            return await self._paced(method, chat, shown)
        except BadRequest as error:
            raise DeliveryError(str(chat), _reason(error), permanent=True) from None

    async def _paced(self, method: str, chat: int, values: dict[str, Any]) -> Any:
        """Call a method that counts against a chat's limits."""
        if chat not in self._until:
            return await self._tried(method, chat, values)
        async with self._gates.setdefault(chat, asyncio.Lock()):
            wait = self._until.get(chat, 0.0) - time.monotonic()
            if wait > 0:
                raise DeliveryError(str(chat), "too many messages", after=wait)
            if wait < -NARROW:
                self._until.pop(chat, None)
            return await self._tried(method, chat, values)

    async def _tried(self, method: str, chat: int, values: dict[str, Any]) -> Any:
        """Call a method; once more where its answer was lost, or where the chat has moved."""
        for last in (False, True):
            try:
                done = await self._api.call(method, chat_id=chat, **values)
                self._failures = 0
                return done
            except ChatMigrated as error:
                if last:
                    raise DeliveryError(str(chat), "the chat has moved twice") from None
                self.settle(chat, error.new_chat_id)
                await self._moved(chat, error.new_chat_id)
                chat = error.new_chat_id
                values = {**values, "reply_parameters": None}
            except BadRequest:
                raise
            except TelegramError as error:
                if last or not was_lost(error):
                    raise await self._failure(error, chat) from None
                await asyncio.sleep(AGAIN)
        raise AssertionError  # the loop returns or raises

    async def _failure(self, error: TelegramError, chat: int) -> DeliveryError:
        """What a refusal means for the message: later, or never."""
        name = str(chat)
        match error:
            case RetryAfter():
                wait = seconds(error)
                self._until[chat] = time.monotonic() + wait
                log.info("throttled", channel=f"telegram:{chat}", seconds=wait)
                return DeliveryError(name, "too many messages", after=wait)
            case Forbidden():
                await self._gone(chat)
                return DeliveryError(name, _reason(error), permanent=True)
            case NetworkError() if was_lost(error):
                return DeliveryError(name, "the answer was lost")
            case NetworkError():
                self._failures += 1
                wait = min(AGAIN * 2 ** min(self._failures, 6), LONGEST)
                return DeliveryError(name, "not reached", after=wait)
            case _:
                return DeliveryError(name, type(error).__name__)


def _reason(error: TelegramError) -> str:
    """What Telegram says, up to where it may quote somebody."""
    return re.split(r"[:'\"]", str(error).lower())[0][:80]
