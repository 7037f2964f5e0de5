"""What waits for a word while it is worked on: a pressed button shows a clock, an asker is shown
"typing…" where the answer takes longer than a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from bot.model import Edit, Event, Press, Question
from bot.platforms.telegram.api import Api, TelegramError
from bot.platforms.telegram.intake import chat_of
from bot.platforms.telegram.sending import Sender

SLOW = 1.0  # seconds of work before "typing…" is shown
SHOWN = 4.5  # seconds; Telegram takes it away after five
Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Queries:
    """The clocks on buttons, and who is shown "typing…"."""

    def __init__(self, api: Api, sender: Sender, spawn: Spawn) -> None:
        self._api = api
        self._sender = sender
        self._spawn = spawn
        self._waiting: dict[str, str] = {}  # an event's key to its callback query
        self._typing: set[str] = set()  # channels

    def wait(self, key: str, query: str) -> None:
        """A button was pressed; it gets a word before its event is done."""
        self._waiting[key] = query

    def watch(self, events: Sequence[Event], tasks: Sequence[asyncio.Task[None]]) -> None:
        """Watch the work on events; what came twice is not worked on, its clock is stopped."""
        worked = {task.get_name(): task for task in tasks}
        loop = asyncio.get_running_loop()
        for event in events:
            task = worked.get(event.key)
            if task is None:
                self.stop(event.key)
            elif isinstance(event, Question | Edit | Press):
                timer = loop.call_later(SLOW, self._is_slow, event, task)
                task.add_done_callback(partial(self._done, event.key, timer))

    def stop(self, key: str) -> None:
        """Take the clock off a button without a word."""
        if query := self._waiting.pop(key, None):
            self._spawn(self.answer(query))

    async def tell(self, key: str, text: str, alert: bool) -> bool:
        """Take the clock off with a word; whether it was shown."""
        query = self._waiting.pop(key, None)
        if query is None:
            return False
        try:
            await self._api.call(
                "answerCallbackQuery", callback_query_id=query, text=text, show_alert=alert
            )
        except TelegramError:
            return False
        return True

    async def answer(self, query: str, text: str | None = None) -> None:
        """Answer a callback query, whether or not anybody still waits."""
        try:
            await self._api.call(
                "answerCallbackQuery",
                callback_query_id=query,
                text=text,
                show_alert=bool(text) or None,
            )
        except TelegramError:  # too late: the clock is gone by itself
            return

    def _done(self, key: str, timer: asyncio.TimerHandle, _: asyncio.Task[None]) -> None:
        timer.cancel()
        self.stop(key)

    def _is_slow(self, event: Event, task: asyncio.Task[None]) -> None:
        if event.channel.id not in self._typing and not task.done():
            self._typing.add(event.channel.id)
            self._spawn(self._type(event.channel.id, task))

    async def _type(self, channel: str, task: asyncio.Task[None]) -> None:
        chat, topic = chat_of(channel)
        try:
            while not task.done():
                if not self._sender.is_throttled(chat):
                    await self._api.call(
                        "sendChatAction",
                        chat_id=self._sender.home(chat),
                        message_thread_id=topic,
                        action="typing",
                    )
                await asyncio.wait([task], timeout=SHOWN)
        except TelegramError:
            return
        finally:
            self._typing.discard(channel)
