"""That an answer is on its way: shown where it takes over a second, and always taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from bot.model import Question
from bot.platforms.slack import names
from bot.platforms.slack.calls import Calls, LostError, RefusedError

AFTER = 1.0  # seconds of work
MOST = 8  # signs at once: under a burst they would take the place of answers
SIGN = "eyes"
STATUS = "is looking in the catalog…"
DONE = ("no_reaction", "already_reacted", "message_not_found", "not_reacted")


class Busy:
    """Signs on questions: the agent pane's status, else 👀 on the message."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._standing: dict[str, tuple[Question, asyncio.Task[bool]]] = {}

    def watch(self, question: Question, work: Collection[asyncio.Task[None]]) -> None:
        """Show a sign while the work on a question takes long."""
        if not question.message or not question.addressed:
            return
        for task in work:
            loop = asyncio.get_running_loop()
            later = loop.call_later(AFTER, self._begin, question, task)
            task.add_done_callback(lambda _, later=later: later.cancel())  # type: ignore[misc]

    def _begin(self, question: Question, work: asyncio.Task[None]) -> None:
        if work.done() or len(self._standing) >= MOST:
            return
        self._standing[question.key] = question, asyncio.create_task(self._show(question))
        work.add_done_callback(lambda _: self._end(question))

    def _end(self, question: Question) -> None:
        _, shown = self._standing.get(question.key, (question, None))
        if shown is not None:
            task = asyncio.create_task(self._clear(question, shown))
            self._standing[question.key] = question, task

    async def close(self) -> None:
        """Take the rest away, of what the next process will answer too."""
        for question, _ in list(self._standing.values()):
            self._end(question)
        if tasks := [task for _, task in self._standing.values()]:
            await asyncio.wait(tasks, timeout=2)

    async def forget(self, question: Question) -> None:
        """Take away what a process before us showed, which was killed."""
        await self._react(question, "reactions.remove")

    async def _show(self, question: Question) -> bool:
        """Whether it is a status: that of a thread of a direct message."""
        pane = not question.channel.shared and question.thread
        if pane and await self._status(question, STATUS):
            return True
        await self._react(question, "reactions.add")
        return False

    async def _clear(self, question: Question, shown: asyncio.Task[bool]) -> bool:
        try:
            if await shown:
                await self._status(question, "")
            else:
                await self._react(question, "reactions.remove")
        finally:
            self._standing.pop(question.key, None)
        return False

    async def _status(self, question: Question, status: str) -> bool:
        team, place = names.parts(question.channel.id)
        method = "assistant.threads.setStatus"
        given: dict[str, Any] = {"channel_id": place, "thread_ts": question.thread}
        try:
            await self._calls.call(team, method, status=status, **given)
        except (RefusedError, LostError):  # the workspace has no agent pane
            return False
        return True

    async def _react(self, question: Question, method: str) -> None:
        team, place = names.parts(question.channel.id)
        try:
            await self._calls.call(
                team, method, channel=place, timestamp=question.message, name=SIGN
            )
        except (RefusedError, LostError):
            return
